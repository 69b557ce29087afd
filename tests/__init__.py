"""The tests: they mirror macros/, and add the content, the built site and the browser."""
