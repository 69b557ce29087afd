"""The advertisement of the source text is nowhere in the repository, and the search for it finds what it should."""

from __future__ import annotations

import gzip
import hashlib
import json
from pathlib import Path

import pytest

from macros.model import walk

from .advertisement import PHRASES, Phrase, files_holding_it, holds, readings, repository_files
from .conftest import ROOT


def phrase(text: str) -> Phrase:
    return Phrase(text[0], len(text), hashlib.sha256(text.encode()).hexdigest())


BAIT = (phrase("免费领取水壶"), phrase("free kettle"))


def test_repository_is_free_of_it() -> None:
    files = repository_files(ROOT)
    assert ROOT / "tests" / "advertisement.py" in files
    assert files_holding_it(files) == []


def test_data_is_free_of_it(book) -> None:
    for record in book.records.values():
        for path, value in walk(record.entry):
            assert not isinstance(value, str) or not holds(value), f"{record.file}: {path}"
        assert not holds(record.text), record.file


@pytest.mark.parametrize(
    "content",
    [
        "先看这里免费领取水壶再说".encode(),
        b"Win a FREE\n  Kettle today",
        json.dumps({"a": "免费领取水壶"}).encode(),
        "<b>免费</b>领取&#27700;壶".encode(),
        "免费\u200b领取\u200b水壶".encode(),
        gzip.compress("免费领取水壶".encode()),
        b"\xff\xfe free kettle",
    ],
    ids=["inside-words", "capitals-and-line-end", "json", "html", "word-breaks", "packed", "not-text"],
)
def test_finds_a_phrase(content: bytes, tmp_path: Path) -> None:
    bait = tmp_path / "bait"
    bait.write_bytes(content)
    clean = tmp_path / "clean"
    clean.write_text("免费送水壶 free tea kettle", encoding="utf-8")
    assert files_holding_it([bait, clean], BAIT) == [bait]


def test_holds_no_phrase_itself() -> None:
    for text in readings((ROOT / "tests" / "advertisement.py").read_bytes()):
        assert not holds(text, PHRASES)
