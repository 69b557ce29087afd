"""`playbook serve`: both languages answer, every edit shows by itself, a broken one shows what is wrong with it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Thread

import pytest
from playwright.sync_api import expect

from macros import source

from .conftest import LIMIT, Reader, copy_repository, free_port, until


class Served:
    """A running `playbook serve` and everything it has said."""

    def __init__(self, root: Path) -> None:
        self.port = free_port()
        self.address = f"http://127.0.0.1:{self.port}/"
        self.said = ""
        self.process = start(root, self.port)
        Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        for line in self.process.stdout:
            self.said += line

    def wait_for(self, words: str, after: int = 0) -> None:
        """Wait until it says this, after so many characters."""
        until(lambda: words in self.said[after:] or self.process.poll() is not None)
        assert words in self.said[after:], self.said

    def get(self, path: str) -> str:
        """The page at a path."""
        with urllib.request.urlopen(self.address + path, timeout=LIMIT) as answer:
            return answer.read().decode()

    def shows(self, path: str, words: str) -> bool:
        """Whether the page at a path holds these words by now."""
        return words in self.get(path)

    def stop(self) -> int:
        """Stop it as Ctrl-C does; gives the exit status."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
        return self.process.wait(LIMIT)


def start(root: Path, port: int) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "macros", "serve", "--port", str(port)],
        cwd=root,
        env=os.environ | {"PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
    )


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the repository that is being served."""
    return copy_repository(tmp_path_factory.mktemp("served") / "repository")


@pytest.fixture(scope="module")
def served(root: Path) -> Iterator[Served]:
    """The server, started once; every test leaves the repository as it was."""
    served = Served(root)
    served.wait_for("Ctrl-C stops")
    yield served
    served.stop()


@pytest.fixture
def record(book: source.Playbook) -> source.Record:
    """An entry to edit."""
    return book.of("glossary")[0]


@pytest.fixture
def edited(served: Served, root: Path) -> Iterator[Callable[[str, str, str], None]]:
    """Replaces text in a file; puts the files back afterwards and waits until the site is as it was."""
    before: dict[Path, str] = {}

    def edit(name: str, old: str, new: str) -> None:
        file = root / name
        text = file.read_text(encoding="utf-8")
        before.setdefault(file, text)
        assert old in text
        file.write_text(text.replace(old, new, 1), encoding="utf-8")

    yield edit
    said = len(served.said)
    for file, text in before.items():
        file.write_text(text, encoding="utf-8")
    served.wait_for("built in", said)


def test_says_what_it_does(served: Served) -> None:
    for words in ("checking the data", "building en and zh", "indexing", "built in", served.address, "/en/", "/zh/"):
        assert words in served.said


@pytest.mark.parametrize(
    ("path", "words"), [("", "销售手册"), ("en/", "Sales Playbook"), ("zh/", "销售手册"), ("en/plays/", "Plays")]
)
def test_answers(path: str, words: str, served: Served) -> None:
    assert words in served.get(path)


def test_unknown_address_gives_the_404_page(served: Served) -> None:
    with pytest.raises(urllib.error.HTTPError, match="404") as caught:
        served.get("en/nothing-here/")
    assert "Page not found" in caught.value.read().decode()


def test_taken_port_is_said_at_once(served: Served, root: Path) -> None:
    second = start(root, served.port)
    said, _ = second.communicate(timeout=LIMIT)
    assert second.returncode == 2
    assert f"cannot listen on 127.0.0.1:{served.port}" in said
    assert "building" not in said


def test_edit_of_data_shows_by_itself_in_both_languages(
    served: Served, record: source.Record, reader: Reader, edited: Callable[[str, str, str], None]
) -> None:
    open_pages = [reader.open(f"{language}/{record.ref}/", server=served.address) for language in ("en", "zh")]
    for page, language in zip(open_pages, ("en", "zh"), strict=True):
        expect(page.locator(".pb-lead")).to_have_text(record.entry.summary[language])
    edited(record.file, record.entry.summary["en"], "A summary that was just written.")
    edited(record.file, record.entry.summary["zh"], "刚刚写好的一句话。")
    for page, words in zip(open_pages, ("A summary that was just written.", "刚刚写好的一句话。"), strict=True):
        expect(page.locator(".pb-lead")).to_have_text(words, timeout=LIMIT * 1000)
    assert served.shows("zh/glossary/", record.entry.title["zh"])
    reader.close()


def test_broken_data_is_shown_and_mending_it_recovers(
    served: Served, root: Path, record: source.Record, reader: Reader, edited: Callable[[str, str, str], None]
) -> None:
    page = reader.open(f"en/{record.ref}/", server=served.address)
    said = len(served.said)
    edited(record.file, "\nsummary:", "\nbogus: 1\nsummary:")
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text(f"{record.file}:", timeout=LIMIT * 1000)
    expect(alert).to_contain_text("bogus: no such field")
    expect(page.locator("h1"), "the last good page is still there").to_have_text(record.entry.title["en"])
    assert served.shows(f"zh/{record.ref}/", "bogus: no such field")
    assert served.shows(f"zh/{record.ref}/", record.entry.summary["zh"])
    assert "bogus: no such field" in served.said[said:]
    assert "The last good site is still served" in served.said[said:]
    assert "Traceback" not in served.said
    edited(record.file, "\nbogus: 1\n", "\n")
    expect(alert).to_have_count(0, timeout=LIMIT * 1000)
    expect(page.locator("h1")).to_have_text(record.entry.title["en"])
    reader.close()


def test_broken_template_is_shown_and_the_last_good_page_stays(
    served: Served, edited: Callable[[str, str, str], None]
) -> None:
    edited("macros/templates/entry.html.j2", "{% import", "{% nonsense %}{% import")
    until(lambda: served.shows("zh/", 'role="alert"'))
    assert "nonsense" in served.get("zh/")
    assert "销售手册" in served.get("zh/")


def test_edits_of_words_settings_and_style_show_too(
    served: Served, record: source.Record, edited: Callable[[str, str, str], None]
) -> None:
    edited("macros/words.yml", "{en: Related, zh:", "{en: Read on, zh:")
    edited("mkdocs.zh.yml", "跳到正文", "直接看正文")
    edited("docs/assets/playbook.css", "/* The looks", "/* Fresh looks")
    until(lambda: served.shows(f"en/{record.ref}/", "Read on"))
    until(lambda: served.shows(f"zh/{record.ref}/", "直接看正文"))
    until(lambda: served.shows("en/assets/playbook.css", "/* Fresh looks"))


def test_new_entry_gets_its_pages(served: Served, root: Path, record: source.Record) -> None:
    said = len(served.said)
    text = (root / record.file).read_text(encoding="utf-8")
    for language in ("en", "zh"):
        title, twin = record.entry.title[language], {"en": "A twin", "zh": "孪生条目"}[language]
        text = text.replace(title, twin, 1)
    added = [root / "data/glossary/twin.yml", root / "docs/glossary/twin.md"]
    added[0].write_text(text, encoding="utf-8")
    served.wait_for("built in", said)
    until(lambda: served.shows("en/glossary/", "A twin"))
    assert served.shows("zh/glossary/twin/", "孪生条目")
    assert added[1].is_file(), "its page in docs/ was made"
    said = len(served.said)
    for file in added:
        file.unlink()
    served.wait_for("built in", said)
    until(lambda: not served.shows("en/glossary/", "A twin"))


def test_search_works(served: Served, record: source.Record, reader: Reader) -> None:
    page = reader.open("zh/plays/", server=served.address)
    page.keyboard.press("/")
    page.locator("dialog#search input").fill(record.entry.title["zh"])
    page.locator("[data-search-results] a", has_text=record.entry.title["zh"]).first.click()
    expect(page).to_have_url(f"{served.address}zh/{record.ref}/")
    expect(page.locator("h1")).to_have_text(record.entry.title["zh"])
    reader.close()


# Stops and starts come last: the server above goes on until its module is done.


def test_second_start_builds_nothing_and_ctrl_c_stops(root: Path, served: Served) -> None:
    until(lambda: served.shows("en/", "Sales Playbook"))
    second = Served(root)
    second.wait_for("Ctrl-C stops")
    assert "nothing has changed since the last build" in second.said
    assert "building" not in second.said
    assert "Sales Playbook" in second.get("en/")
    assert second.stop() == 0
    second.wait_for("stopped")
    assert "Traceback" not in second.said


def test_start_with_broken_data_shows_it_and_recovers(repository: Path, record: source.Record) -> None:
    file = repository / record.file
    text = file.read_text(encoding="utf-8")
    file.write_text(text + "bogus: 1\n", encoding="utf-8")
    served = Served(repository)
    try:
        served.wait_for("Ctrl-C stops")
        assert "bogus: no such field" in served.get("")
        file.write_text(text, encoding="utf-8")
        until(lambda: not served.shows("", "bogus"))
        assert record.entry.title["zh"] in served.get(f"zh/{record.ref}/")
    finally:
        assert served.stop() == 0
