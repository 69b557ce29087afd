"""MkDocs and Zensical make the same site of the same files, and an edit of the data is never served stale."""

from __future__ import annotations

import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from macros import build, source
from macros.model import LANGUAGES

from . import dom
from .conftest import LIMIT, free_port, quiet, until


@pytest.fixture(scope="module")
def zensical_pages(zensical_site: Path) -> dict[str, dom.Element]:
    """Every page of Zensical's site."""
    return dom.read_site(zensical_site)


def head(name: str, page: dom.Element) -> object:
    """Title, description, languages and files; the theme's stylesheet is each engine's own."""
    found = []
    for element in page.one("head"):
        addresses = {it: dom.target(name, element[it]) for it in ("href", "src") if it in element.attributes}
        if "/stylesheets/" not in str(addresses):
            found.append((element.tag, element.attributes | addresses, element.text))
    return page.one("html").attributes, found


def heading(name: str, page: dom.Element) -> object:
    """The heading of the first level."""
    return page.one("h1").text


def text(name: str, page: dom.Element) -> object:
    """What a reader sees in the text of the page."""
    return page.one("article").text


def links(name: str, page: dom.Element) -> object:
    """Where each link leads, its words, and whether it is marked as the current page."""
    # Zensical's template writes a link to skip to, in a place that our frame hides.
    ours = [link for link in page.all("a") if "md-skip" not in link.attributes.get("class", "")]
    return [(dom.target(name, link["href"]), link.text, link.attributes.get("aria-current")) for link in ours]


def frame(name: str, page: dom.Element) -> object:
    """The words of header, menu, footer and search."""
    parts = page.all("header") + page.all("nav", "pb-nav") + page.all("footer") + page.all("dialog")
    return [part.text for part in parts]


def test_same_set_of_pages(pages: dict[str, dom.Element], zensical_pages: dict[str, dom.Element]) -> None:
    assert set(zensical_pages) == set(pages)


@pytest.mark.parametrize("view", [head, heading, text, links, frame])
@pytest.mark.parametrize("language", LANGUAGES)
def test_same_pages(
    view: Callable[[str, dom.Element], object],
    language: str,
    pages: dict[str, dom.Element],
    zensical_pages: dict[str, dom.Element],
) -> None:
    compared = [name for name in pages if name.startswith(f"{language}/") and name in zensical_pages]
    assert len(compared) > 20
    for name in compared:
        assert view(name, zensical_pages[name]) == view(name, pages[name]), name


def test_same_headers(site: Path, zensical_site: Path) -> None:
    assert build.headers(zensical_site) == build.headers(site)


# ---------------------------------------------------------------------------------------------------- edits


def edit(root: Path, name: str, summary: str) -> None:
    """Give an entry another summary in both languages, in another second than the one of its last edit.

    Zensical 0.0.73 tells two versions of a file apart by the whole second of their time alone, so of two edits within
    one second it shows the first until the next; a person does not save so fast, a test does.
    """
    file = root / name
    last = int(file.stat().st_mtime)
    while int(time.time()) <= last:
        time.sleep(0.05)
    entry = yaml.load(file.read_text(encoding="utf-8"), yaml.BaseLoader)  # noqa: S506 - all text, dates included
    entry["summary"] = {"en": summary, "zh": f"改过：{summary}"}
    if "sample" in entry:
        entry["sample"] = entry["sample"] == "true"
    file.write_text(yaml.safe_dump(entry, allow_unicode=True), encoding="utf-8")


def test_edit_of_data_shows_in_the_next_build(repository: Path, book: source.Playbook) -> None:
    record = book.of("glossary")[0]
    for round_ in ("First words.", "Second words."):
        edit(repository, record.file, round_)
        build.build(repository, repository / "site", "zensical", quiet)
        for language, expected in {"en": round_, "zh": f"改过：{round_}"}.items():
            page = dom.read(repository / "site" / language / str(record.ref) / "index.html")
            assert page.one("p", "pb-lead").text == expected


def test_edit_of_data_shows_in_a_plain_zensical_build(repository: Path, book: source.Playbook) -> None:
    """Without `--clean` Zensical builds from its cache what it thinks is unchanged."""
    record = book.of("glossary")[0]
    mention = next(other for other in book.records.values() if record.ref in other.entry.related)
    for round_ in ("First words.", "Second words."):
        edit(repository, record.file, round_)
        for config, language in (("mkdocs.yml", "en"), ("mkdocs.zh.yml", "zh")):
            done = subprocess.run(
                [sys.executable, "-m", "zensical", "build", "--strict", "-f", config],
                cwd=repository,
                capture_output=True,
                text=True,
                check=False,
            )
            assert done.returncode == 0, done.stdout + done.stderr
            folder = repository / "site" / language
            expected = round_ if language == "en" else f"改过：{round_}"
            assert dom.read(folder / str(record.ref) / "index.html").one("p", "pb-lead").text == expected
            related = dom.read(folder / str(mention.ref) / "index.html").one("ul", "pb-cards").text
            assert expected in related, "the page that shows it as a card is not stale either"


@pytest.mark.parametrize("engine", ["mkdocs", "zensical"])
def test_edit_of_data_shows_where_the_engine_serves(
    engine: str, repository: Path, book: source.Playbook, tmp_path: Path
) -> None:
    """A process that goes on for hours looks at the data again when it has changed."""
    record, port = book.of("glossary")[0], free_port()
    command = [sys.executable, "-m", engine, "serve", "-f", "mkdocs.yml", "-a", f"127.0.0.1:{port}"]
    with (tmp_path / "said").open("w") as said:
        process = subprocess.Popen(command, cwd=repository, stdout=said, stderr=said)
    try:
        for summary in (record.entry.summary["en"], "First words.", "Second words."):
            if summary != record.entry.summary["en"]:
                edit(repository, record.file, summary)
            until(lambda summary=summary: shows(f"http://127.0.0.1:{port}/en/{record.ref}/", summary))
    finally:
        process.terminate()
        process.wait(LIMIT)


def shows(address: str, words: str) -> bool:
    """Whether a page holds these words by now."""
    try:
        with urllib.request.urlopen(address, timeout=LIMIT) as answer:
            return words in answer.read().decode()
    except OSError:  # It does not listen yet, or is just building the page.
        return False
