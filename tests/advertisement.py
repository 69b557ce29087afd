"""Finds the advertisement that was injected into the source text, without holding a word of it."""

from __future__ import annotations

import gzip
import hashlib
import html
import re
import subprocess
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Phrase:
    """A phrase that must not appear: its first character, its length, and the SHA-256 of its UTF-8 bytes."""

    first: str
    length: int
    digest: str


PHRASES = (
    Phrase("\u6c42", 9, "109d6fa258286c85fcc3904fb7487838eacfb876d2a89f09c3b7d39cf7c048ff"),
    Phrase("\u6c42", 5, "414bc4e6d94c10fdc36089bcb23e4b5acc51adfec1dd743e1df31ff59c18c42b"),
    Phrase("j", 16, "5c744cc16eac12c78986d81057b9ad3652d1cf5417bda50705b153f7b838ea54"),
)
GZIP = b"\x1f\x8b"


def holds(text: str, phrases: Iterable[Phrase] = PHRASES) -> bool:
    """Whether a text holds one of the phrases, in capitals or not, over a line's end or not."""
    text = " ".join(text.lower().split())
    for phrase in phrases:
        start = text.find(phrase.first)
        while start >= 0:
            window = text[start : start + phrase.length]
            if hashlib.sha256(window.encode("utf-8", "replace")).hexdigest() == phrase.digest:
                return True
            start = text.find(phrase.first, start + 1)
    return False


def readings(content: bytes) -> Iterator[str]:
    """A file as the texts somebody may read in it: unpacked, and with the escapes of JSON and HTML undone."""
    if content.startswith(GZIP):  # Pagefind packs what it shows.
        content = gzip.decompress(content)
    text = content.decode("utf-8", "ignore")
    yield text
    if "\\u" in text:
        yield re.sub(r"\\u([0-9a-fA-F]{4})", lambda match: chr(int(match[1], 16)), text)
    if "&" in text or "%" in text:
        yield html.unescape(text)
    # Chinese that is set apart for word breaks reads on, and so do words inside markup.
    if "\u200b" in text or "<" in text:
        yield html.unescape(re.sub(r"<[^<>]*>|\u200b", "", text))


def files_holding_it(files: Iterable[Path], phrases: tuple[Phrase, ...] = PHRASES) -> list[Path]:
    """The files in which one of the phrases stands."""
    return [file for file in files if any(holds(text, phrases) for text in readings(file.read_bytes()))]


def repository_files(root: Path) -> list[Path]:
    """The files of the repository: those that git tracks, and new ones that it does not ignore."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=root, check=True, capture_output=True, text=True, encoding="utf-8").stdout
    # A file that was deleted and not yet committed is still listed.
    return [root / name for name in listed.split("\0") if name and (root / name).is_file()]
