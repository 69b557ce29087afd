"""Opens the playbook for a build: read and checked once per process, again when a file of it has changed."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from . import rules, source
from .render import Site

FRESH_FOR = 1.0
"""Seconds of a build for which files are not looked at again: Zensical asks once per page, and a look costs a stat per
file. A new build always looks, however soon it comes after an edit.
"""

PDFS = "PLAYBOOK_PDFS"
"""The variable of the environment that is set while a site is built that will hold the PDFs (`build.py` sets it)."""

State = tuple[tuple[str, int, int], ...]


@dataclass
class _Opened:
    looked_at: float
    build: object
    state: State
    site: Site


_opened: dict[tuple[Path, str, str, str], _Opened] = {}


def state(root: Path) -> State:
    """What the data looks like from outside: name, time and size of every file; it changes when any file does."""
    files = sorted((root / "data").rglob("*.yml"))
    return tuple((str(file), (stat := file.stat()).st_mtime_ns, stat.st_size) for file in files)


def open_site(root: Path, language: str, edit: str, url: str, build: object = None) -> Site:
    """The playbook below `root` in a language; raises `source.DataError` with every problem where there is any.

    `edit` and `url` are the addresses that `Site` takes. `build` is whatever is one and the same object throughout a
    build, and another in the next.
    """
    key = (root, language, edit, url)
    opened = _opened.get(key)
    now = time.monotonic()
    if opened is not None and opened.build is build and now - opened.looked_at < FRESH_FOR:
        return opened.site
    seen = state(root)
    if opened is None or opened.state != seen:
        book = source.read(root)
        problems = rules.check(book)
        if problems:
            raise source.DataError(problems)
        opened = _opened[key] = _Opened(now, build, seen, _site(book, language, edit, url))
    opened.looked_at, opened.build = time.monotonic(), build
    return opened.site


def _site(book: source.Playbook, language: str, edit: str, url: str) -> Site:
    return Site(book, language, edit, date.today(), url=url, pdfs=PDFS in os.environ)
