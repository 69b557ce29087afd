"""The exports, read by the programs that they are made for; `make peers` runs these tests."""
