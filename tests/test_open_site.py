"""The playbook is opened once, again after an edit, and never while its data is wrong (macros/site.py)."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from macros import site, source
from macros.model import Ref
from macros.render import Site

EDIT = "https://example.com/edit/"
URL = "https://playbook.example/en/"
TERM = Ref("glossary", "lead")


class Clock:
    """Stands for the clock, so that no test waits and none depends on how fast a machine is."""

    now = 1000.0

    def monotonic(self) -> float:
        """The time, which passes only when a test says so."""
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """A clock of our own, and nothing opened yet."""
    made = Clock()
    monkeypatch.setattr(site, "time", made)
    monkeypatch.setattr(site, "_opened", {})
    return made


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """The folders that were read, in order."""
    seen: list[Path] = []
    read = source.read

    def counted(root: Path) -> source.Playbook:
        seen.append(root)
        return read(root)

    monkeypatch.setattr(source, "read", counted)
    return seen


def opened(root: Path, language: str = "en") -> Site:
    return site.open_site(root, language, EDIT, URL)


def edit(root: Path, old: str, new: str) -> None:
    """Change a text and the time of its file, as an editor does."""
    file = root / "data" / "glossary" / "lead.yml"
    stat = file.stat()
    file.write_text(file.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    os.utime(file, ns=(stat.st_atime_ns, stat.st_mtime_ns + 1_000_000))


def title(made: Site) -> str:
    return made.book.records[TERM].entry.title["en"]


def test_is_read_once_for_all_pages(miniature: Path, clock: Clock, reads: list[Path]) -> None:
    first = opened(miniature)
    for _ in range(5):
        clock.now += site.FRESH_FOR
        assert opened(miniature) is first
    assert reads == [miniature]
    assert (first.language, first.edit) == ("en", EDIT)


def test_files_are_not_looked_at_for_every_page(miniature: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    looks: list[Path] = []
    state = site.state
    monkeypatch.setattr(site, "state", lambda root: looks.append(root) or state(root))
    for _ in range(20):
        opened(miniature)
    assert len(looks) == 1
    clock.now += site.FRESH_FOR
    opened(miniature)
    assert len(looks) == 2


def test_languages_and_folders_are_apart(miniature: Path, clock: Clock, tmp_path: Path) -> None:
    english, chinese = opened(miniature), opened(miniature, "zh")
    assert english is not chinese
    assert english.words != chinese.words
    assert opened(miniature) is english
    with pytest.raises(source.DataError):
        opened(tmp_path / "nowhere")


def test_is_read_again_after_an_edit(miniature: Path, clock: Clock, reads: list[Path]) -> None:
    before = opened(miniature)
    edit(miniature, "en: Lead\n", "en: Read\n")
    clock.now += site.FRESH_FOR
    after = opened(miniature)
    assert (title(before), title(after)) == ("Lead", "Read")
    assert len(reads) == 2
    clock.now += site.FRESH_FOR
    assert opened(miniature) is after


def test_a_new_build_looks_at_once(miniature: Path, clock: Clock) -> None:
    """The edit that sets off a build may come right after the last look of the build before."""
    first, second = object(), object()
    before = site.open_site(miniature, "en", EDIT, URL, first)
    edit(miniature, "en: Lead\n", "en: Read\n")
    assert site.open_site(miniature, "en", EDIT, URL, first) is before
    assert title(site.open_site(miniature, "en", EDIT, URL, second)) == "Read"


def test_is_read_again_after_a_new_file(miniature: Path, clock: Clock) -> None:
    opened(miniature)
    text = (miniature / "data" / "glossary" / "lead.yml").read_text(encoding="utf-8")
    new = text.replace("en: Lead\n", "en: Deal\n").replace("zh: 线索\n", "zh: 单子\n")
    (miniature / "data" / "glossary" / "deal.yml").write_text(new, encoding="utf-8")
    (miniature / "docs" / "glossary" / "deal.md").write_text('{{ entry("glossary/deal") }}\n', encoding="utf-8")
    clock.now += site.FRESH_FOR
    assert Ref("glossary", "deal") in opened(miniature).book.records


def test_says_everything_that_is_wrong(miniature: Path, clock: Clock) -> None:
    edit(miniature, "en: Lead\n", "de: Lead\n")
    (miniature / "docs" / "plays" / "first-call.md").unlink()
    with pytest.raises(source.DataError) as raised:
        opened(miniature)
    assert {problem.file for problem in raised.value.problems} == {"data/glossary/lead.yml", "docs/plays/first-call.md"}


def test_is_open_again_once_it_is_mended(miniature: Path, clock: Clock) -> None:
    good = opened(miniature)
    edit(miniature, "en: Lead\n", "de: Lead\n")
    clock.now += site.FRESH_FOR
    # Every page of a broken playbook says so, not only the first.
    for _ in range(3):
        with pytest.raises(source.DataError):
            opened(miniature)
    edit(miniature, "de: Lead\n", "en: Reed\n")
    clock.now += site.FRESH_FOR
    mended = opened(miniature)
    assert mended is not good
    assert title(mended) == "Reed"


@pytest.mark.parametrize("change", ["text", "time", "new", "gone"])
def test_state_changes_with_any_file(change: str, miniature: Path) -> None:
    before = site.state(miniature)
    assert site.state(miniature) == before
    file = miniature / "data" / "facts.yml"
    match change:
        case "text":
            stat = file.stat()
            file.write_text(file.read_text(encoding="utf-8") + "# one more line\n", encoding="utf-8")
            os.utime(file, ns=(stat.st_atime_ns, stat.st_mtime_ns))
        case "time":
            os.utime(file, ns=(0, 1))
        case "new":
            file.with_name("more.yml").write_text("", encoding="utf-8")
        case "gone":
            file.unlink()
    assert site.state(miniature) != before
