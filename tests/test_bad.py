"""Bad input and the exact words it must be met with: each case of tests/bad/, and those that are no file to keep.

A case is a folder that holds only what differs from the miniature playbook, and `expected.txt` with every message.
"""

from __future__ import annotations

import shutil
import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest

from macros import rules, source

from .conftest import ROOT

CASES = sorted(folder.name for folder in (ROOT / "tests" / "bad").iterdir())
LEAD = "data/glossary/lead.yml"


def messages(playbook: Path) -> list[str]:
    return [str(problem) for problem in rules.check(source.read(playbook))]


@pytest.mark.parametrize("case", CASES)
def test_golden(miniature: Path, case: str) -> None:
    folder = ROOT / "tests" / "bad" / case
    shutil.copytree(folder, miniature, dirs_exist_ok=True, ignore=shutil.ignore_patterns("expected.txt"))
    assert messages(miniature) == (folder / "expected.txt").read_text(encoding="utf-8").splitlines()


def test_every_message_is_one_line() -> None:
    """An editor jumps to `file:line:`, so no line may lack it."""
    for case in CASES:
        for line in (ROOT / "tests" / "bad" / case / "expected.txt").read_text(encoding="utf-8").splitlines():
            file, number, message = line.split(":", 2)
            assert file.startswith(("data/", "docs/")), line
            assert int(number) > 0, line
            assert message.startswith(" "), line


def title(text: str) -> Callable[[str], bytes]:
    """A file whose English title is `text`."""
    return lambda entry: entry.replace("en: Lead", f"en: {text}", 1).encode()


def nested(opening: str, closing: str = "") -> Callable[[str], bytes]:
    """A file nested a thousand levels deep."""
    return lambda entry: ("title: " + opening * 1_000 + closing * 1_000 + "\n").encode()


def megabyte(opening: str) -> Callable[[str], bytes]:
    """A file of a little less than the bytes allowed, each of them opening a level."""
    return lambda entry: (opening * (990_000 // len(opening))).encode()


def indented(entry: str) -> bytes:
    return "".join(f"{' ' * level}field:\n" for level in range(1_000)).encode()


DEEP = f"{LEAD}:1: nested over 20 levels deep; flatten it"
BUILT: dict[str, tuple[Callable[[str], bytes], list[str]]] = {
    "byte-order-mark": (
        lambda entry: b"\xef\xbb\xbf" + entry.encode(),
        [f"{LEAD}:1: the file starts with a byte-order mark; save it as UTF-8 without one"],
    ),
    "latin-1": (
        lambda entry: entry.replace("whom", "whöm").encode("latin-1", "replace"),
        [f"{LEAD}:5: not UTF-8; save the file with the encoding UTF-8"],
    ),
    "gbk": (
        lambda entry: entry.replace("÷", "/").replace("×", "*").encode("gbk"),
        [f"{LEAD}:3: not UTF-8; save the file with the encoding UTF-8"],
    ),
    "utf-16": (
        lambda entry: entry.encode("utf-16"),
        [f"{LEAD}:1: not UTF-8; save the file with the encoding UTF-8"],
    ),
    "nul": (title("Le\0ad"), [f"{LEAD}:2: an invisible character (U+0000); delete it"]),
    "only-nuls": (
        lambda entry: bytes(3),
        [
            f"{LEAD}:1: an invisible character (U+0000); delete it",
            f"{LEAD}:1: the file holds no entry; write it or delete the file",
        ],
    ),
    "escape-sequence": (title("\x1b[31mLead"), [f"{LEAD}:2: an invisible character (U+001B); delete it"]),
    "zero-width-space": (title("Le\u200bad"), [f"{LEAD}:2: an invisible character (U+200B); delete it"]),
    "soft-hyphen": (title("Le\xadad"), [f"{LEAD}:2: an invisible character (U+00AD); delete it"]),
    "right-to-left": (title("\u202edaeL"), [f"{LEAD}:2: an invisible character (U+202E); delete it"]),
    "line-separator": (title("Le\u2028ad"), [f"{LEAD}:2: an invisible character (U+2028); delete it"]),
    "replacement-character": (title("Le\ufffdad"), [f"{LEAD}:2: a character that was lost (U+FFFD); type it again"]),
    "not-nfc": (
        lambda entry: unicodedata.normalize("NFD", entry.replace("Lead", "Léad")).encode(),
        [f"{LEAD}:2: accents typed as separate characters; save the text as Unicode NFC"],
    ),
    # What is invisible does not hide what else is wrong.
    "invisible-and-more": (
        lambda entry: entry.replace("Lead", "Le\u200bad").replace("sales-lead", "sales-leed").encode(),
        [
            f"{LEAD}:2: an invisible character (U+200B); delete it",
            f"{LEAD}:20: owner: there is no data/owners/sales-leed.yml; did you mean `sales-lead`?",
        ],
    ),
    "ten-megabytes": (
        lambda entry: entry.encode() + b"# more\n" * 1_500_000,
        [f"{LEAD}:1: the file is over 1,000,000 bytes; split it"],
    ),
    "deep-brackets": (nested("[", "]"), [DEEP]),
    "deep-brackets-with-text": (nested("[a, ", "]"), [DEEP]),
    "deep-braces": (nested("{a: ", "}"), [DEEP]),
    "deep-dashes": (lambda entry: ("- " * 1_000).encode(), [DEEP]),
    "deep-questions": (lambda entry: ("? " * 1_000).encode(), [DEEP]),
    "deep-indentation": (indented, [f"{LEAD}:22: nested over 20 levels deep; flatten it"]),
    "just-too-deep": (
        lambda entry: ("title: " + "[" * 21 + "]" * 21 + "\n").encode(),
        [DEEP],
    ),
    "a-megabyte-of-brackets": (megabyte("["), [DEEP]),
    "a-megabyte-of-braces": (megabyte("{a: "), [DEEP]),
    "a-megabyte-of-dashes": (megabyte("- "), [DEEP]),
    "a-megabyte-of-questions": (megabyte("? - "), [DEEP]),
    "a-megabyte-of-brackets-in-lines": (megabyte("[\n"), [f"{LEAD}:21: nested over 20 levels deep; flatten it"]),
}


@pytest.mark.parametrize("case", BUILT)
def test_built(miniature: Path, case: str) -> None:
    write, expected = BUILT[case]
    file = miniature / LEAD
    file.write_bytes(write(file.read_text(encoding="utf-8")))
    assert messages(miniature) == expected


def test_message_stays_short(miniature: Path) -> None:
    """A message quotes what is wrong, not all of it, and no control character of it reaches the terminal."""
    file = miniature / LEAD
    entry = file.read_text(encoding="utf-8").replace("review_in: 12 months", f"review_in: {'soon ' * 900}")
    file.write_text(entry + f'? "{"x" * 120}\\e[31m"\n: y\n', encoding="utf-8")
    first, second = messages(miniature)
    assert first == (f"{LEAD}:22: review_in: expected a span such as `12 months` or `6 weeks`, found `{'soon ' * 12}…`")
    assert second == f"{LEAD}:23: {'x' * 99}…: no such field"


def test_kind_without_index(miniature: Path) -> None:
    (miniature / "docs/glossary/index.md").unlink()
    assert messages(miniature) == ["docs/glossary/index.md:1: there is no such page; `playbook build` makes it"]


def test_entry_that_is_a_folder(miniature: Path) -> None:
    (miniature / LEAD).unlink()
    (miniature / LEAD).mkdir()
    assert f"{LEAD}:1: a folder; entries lie side by side in data/glossary/" in messages(miniature)


def test_page_in_another_encoding(miniature: Path) -> None:
    (miniature / "docs/glossary/lead.md").write_bytes("线索".encode("gbk"))
    (said,) = messages(miniature)
    assert said == 'docs/glossary/lead.md:1: does not show its entry; write the line {{ entry("glossary/lead") }}'


def test_no_data(tmp_path: Path) -> None:
    (said, *_) = messages(tmp_path)
    assert said == "data:1: there is no such folder; the entries belong in data/<kind>/<id>.yml"


def test_no_facts(miniature: Path) -> None:
    (miniature / "data/facts.yml").unlink()
    assert [said.split(": ", 2)[2] for said in messages(miniature)] == [
        "there is no fact `F1` in data/facts.yml",
        "there is no fact `F2` in data/facts.yml",
    ]


def test_words_that_yaml_would_change_stay_as_typed(miniature: Path) -> None:
    """`no` is no switch, 1.10 no fraction, a date no timestamp: the model gets the text that was typed."""
    typed = [
        "no",
        "Yes",
        "on",
        "1.10",
        "12:30",
        "010",
        "0x1F",
        "1e3",
        "1_000",
        "2026-11-23",
        "Null",
        "TRUE",
        "=",
        ".inf",
    ]
    file = miniature / LEAD
    listed = "".join(f"    - {text}\n" for text in typed)
    file.write_text(file.read_text(encoding="utf-8") + f"aliases:\n  en:\n{listed}", encoding="utf-8")
    assert messages(miniature) == []
    record = source.read(miniature).records[source.Ref("glossary", "lead")]
    assert record.entry.aliases.en == typed
