"""The build: which pages there are, what the host is told to send, and that a build that fails changes nothing."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from urllib.parse import urljoin

import pytest

from macros import build, rules, sheets, source
from macros.model import KINDS, LANGUAGES, Ref
from macros.render import VIEWS
from macros.site import PDFS

from . import dom
from .conftest import ROOT, copy_repository, quiet


def files_of(folder: Path) -> dict[str, bytes]:
    """Everything below a folder, by name."""
    return {str(file.relative_to(folder)): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


# ---------------------------------------------------------------------------------------------------- what is built


def test_every_entry_and_index_has_its_page_in_both_languages(site: Path, book: source.Playbook) -> None:
    below = ["index.html", "404.html"]
    below += [f"{kind}/index.html" for kind in KINDS]
    below += [f"{name}/index.html" for name in VIEWS]
    below += [f"{ref}/index.html" for ref in book.records]
    expected = {f"{language}/{name}" for language in LANGUAGES for name in below} | {"index.html", "404.html"}
    assert {str(file.relative_to(site)) for file in site.rglob("*.html")} == expected


def test_build_leaves_nothing_beside_the_site(site: Path, zensical_site: Path) -> None:
    assert [file.name for file in site.parent.iterdir()] == ["site"]
    names = {"data", "docs", "macros", "overrides", *(file.name for file in ROOT.glob("mkdocs*.yml"))}
    assert {file.name for file in zensical_site.parent.iterdir()} - names - {".cache"} == {"site"}


def test_root_sends_people_by_language_and_has_plain_links(pages: dict[str, dom.Element]) -> None:
    root = pages["index.html"]
    assert root.one("script")["src"] == "en/assets/start.js"
    assert {link["hreflang"]: link["href"] for link in root.all("a")} == {"en": "en/", "zh-Hans": "zh/"}
    assert root.one("html")["lang"] == "en"


@pytest.mark.parametrize("language", LANGUAGES)
def test_404_page_leads_home(language: str, pages: dict[str, dom.Element]) -> None:
    page = pages[f"{language}/404.html"]
    home = page.one("article").one("a")
    # The address of a 404 page is unknown, so its links start at the root.
    assert urljoin("/", home["href"]) == f"/{language}/"
    assert page.one("h1").text == {"en": "Page not found", "zh": "找不到这个页面"}[language]


def test_404_of_the_root_leads_to_both_languages(pages: dict[str, dom.Element]) -> None:
    page = pages["404.html"]
    assert [link["href"] for link in page.all("a")] == ["/en/", "/zh/"]
    assert not page.all("script"), "it stays where it is, so that the reader sees what happened"


def test_policy_allows_no_inline_script_or_style(site: Path) -> None:
    policy = re.search(r"^  Content-Security-Policy: (.*)$", (site / "_headers").read_text(encoding="utf-8"), re.M)
    assert policy, "there is a Content-Security-Policy"
    directives = {name: rest for name, _, rest in (part.strip().partition(" ") for part in policy[1].split(";"))}
    assert directives["default-src"] == "'none'"
    assert directives["script-src"].split() == ["'self'", "'wasm-unsafe-eval'"], "no hash: there is no inline script"
    assert directives["style-src"] == "'self'"
    assert "unsafe-inline" not in policy[1]
    assert "'unsafe-eval'" not in policy[1]
    assert "http" not in policy[1], "no other host"


def test_policy_names_the_hash_of_an_inline_script(tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text("<script>alert(1)</script><script src=x.js></script>", encoding="utf-8")
    # printf 'alert(1)' | openssl dgst -sha256 -binary | base64
    assert "'sha256-bhHHL3z2vDgxUt0W3dWQOrprscmda2Y5pLsLg4GF+pI='" in build.headers(tmp_path)


def test_site_can_be_built_twice_into_the_same_folder_and_elsewhere(repository: Path, tmp_path: Path) -> None:
    target = tmp_path / "elsewhere" / "deep" / "site"
    for _ in range(2):
        build.build(repository, target, "zensical", quiet)
    assert (target / "en/index.html").is_file()
    assert (target / "zh/index.html").is_file()
    assert [file.name for file in target.parent.iterdir()] == ["site"]


def test_404_pages_follow_the_address_of_the_site(repository: Path, tmp_path: Path) -> None:
    for language, name in build.CONFIGS.items():
        config = repository / name
        text = config.read_text(encoding="utf-8")
        config.write_text(re.sub(r"site_url: \S+", f"site_url: https://host.example/some/folder/{language}/", text))
    build.build(repository, tmp_path / "site", "mkdocs", quiet)
    for name, expected in {"404.html": "/some/folder/en/", "zh/404.html": "/some/folder/zh/"}.items():
        links = [link["href"] for link in dom.read(tmp_path / "site" / name).all("a")]
        assert expected in [urljoin("/", link) for link in links]
        assert all(link.startswith(("/some/folder/", "#")) for link in links), links


# ---------------------------------------------------------------------------------------------------- pages in docs/


def test_missing_pages_are_made(repository: Path, book: source.Playbook) -> None:
    ref = next(iter(book.records))
    (repository / f"docs/{ref}.md").unlink()
    shutil.rmtree(repository / "docs/glossary")
    copy = source.read(repository)
    made = build.make_pages(copy)
    assert sorted(made) == sorted(
        [f"{ref}.md", "glossary/index.md"] + [f"glossary/{record.id}.md" for record in book.of("glossary")]
    )
    assert (repository / f"docs/{ref}.md").read_text(encoding="utf-8") == rules.page_text(ref)
    assert rules.check(copy) == []
    assert build.make_pages(copy) == [], "a second time there is nothing to make"


def test_a_page_that_is_there_is_kept(repository: Path, book: source.Playbook) -> None:
    ref = next(iter(book.records))
    page = repository / f"docs/{ref}.md"
    page.write_text("A word of our own.\n\n" + rules.page_text(ref), encoding="utf-8")
    build.make_pages(source.read(repository))
    assert page.read_text(encoding="utf-8").startswith("A word of our own.")


# ---------------------------------------------------------------------------------------------------- builds that fail


def break_data(root: Path) -> None:
    file = next((root / "data/glossary").glob("*.yml"))
    file.write_text(file.read_text(encoding="utf-8") + "bogus: 1\n", encoding="utf-8")


def break_template(root: Path) -> None:
    (root / "macros/templates/entry.html.j2").write_text("{% if %}", encoding="utf-8")


def break_frame(root: Path) -> None:
    (root / "overrides/main.html").write_text("{% block %}", encoding="utf-8")


def break_page(root: Path) -> None:
    (root / "docs/index.md").write_text("{{ nobody_knows_this }}\n", encoding="utf-8")


def break_one_language(root: Path) -> None:
    (root / "mkdocs.zh.yml").write_text("INHERIT: nowhere.yml\n", encoding="utf-8")


BREAKS = {
    "data": (break_data, source.DataError, r"data/glossary/.*: bogus: no such field"),
    "template": (break_template, build.BuildError, r"could not build the site in en:\n(.|\n)*if"),
    "frame": (break_frame, build.BuildError, r"could not build the site in zh:\n(.|\n)*block"),
    "page": (break_page, build.BuildError, r"nobody_knows_this"),
    "one-language": (break_one_language, build.BuildError, r"could not build the site in zh:\n(.|\n)*nowhere\.yml"),
}


@pytest.mark.parametrize("engine", ["mkdocs", "zensical"])
@pytest.mark.parametrize("case", BREAKS)
def test_failing_build_leaves_the_last_good_site(case: str, engine: str, repository: Path) -> None:
    good = repository / "site"
    (good / "en").mkdir(parents=True)
    (good / "en/index.html").write_text("the last good page", encoding="utf-8")
    (good / "_headers").write_text("its headers", encoding="utf-8")
    before = files_of(good)
    break_, error, message = BREAKS[case]
    break_(repository)
    beside = {file.name for file in repository.iterdir()}
    with pytest.raises(error, match=message):
        build.build(repository, good, engine, quiet)
    assert files_of(good) == before
    assert {file.name for file in repository.iterdir()} - {".cache"} == beside


def test_failing_search_index_leaves_the_last_good_site(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    good = repository / "site"
    good.mkdir()
    (good / "index.html").write_text("the last good page", encoding="utf-8")

    def fail(aside: Path) -> None:
        raise build.BuildError("the search index could not be made")

    monkeypatch.setattr(build, "_index", fail)
    with pytest.raises(build.BuildError, match="search index"):
        build.build(repository, good, "mkdocs", quiet)
    assert files_of(good) == {"index.html": b"the last good page"}
    assert not (repository / ".site.new").exists()


def test_search_index_that_fails_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(build.BuildError, match=r"the search index could not be made:\n."):
        build._index(tmp_path / "nothing-here")


# ---------------------------------------------------------------------------------------------------- plain mkdocs


@pytest.mark.parametrize(("config", "language"), [([], "en"), (["-f", "mkdocs.zh.yml"], "zh")], ids=["en", "zh"])
def test_plain_mkdocs_builds_the_same(config: list[str], language: str, site: Path, tmp_path: Path) -> None:
    root = copy_repository(tmp_path / "repository")
    built = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", *config, "-d", str(tmp_path / "out")],
        cwd=root,
        env=os.environ | {PDFS: "1"},  # as the site it is compared with
        capture_output=True,
        text=True,
        check=False,
    )
    assert built.returncode == 0, built.stdout + built.stderr
    assert not re.search(r"^WARNING", built.stderr, re.M)
    ours = {name: text for name, text in files_of(site / language).items() if name.endswith(".html")}
    plain = {name: text for name, text in files_of(tmp_path / "out").items() if name.endswith(".html")}
    assert plain == ours


def test_pdfs_that_cannot_be_made_leave_the_site_as_it_was(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    good = repository / "site"
    good.mkdir()
    (good / "index.html").write_text("the last good one", encoding="utf-8")

    def missing() -> None:
        raise sheets.PrintError("install Pango")

    monkeypatch.setattr(sheets, "ready", missing)
    with pytest.raises(build.BuildError, match="install Pango"):
        build.build(repository, good, "mkdocs", quiet, pdfs=True)
    assert files_of(good) == {"index.html": b"the last good one"}


def test_broken_data_stops_plain_mkdocs_without_a_traceback(repository: Path, tmp_path: Path) -> None:
    break_data(repository)
    built = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "-d", str(tmp_path / "out")],
        cwd=repository,
        capture_output=True,
        text=True,
        check=False,
    )
    assert built.returncode
    assert "bogus: no such field" in built.stdout + built.stderr
    assert "Traceback" not in built.stdout + built.stderr


def test_page_of_an_entry_is_one_line() -> None:
    assert rules.page_text(Ref("plays", "demo")) == '{{ entry("plays/demo") }}\n'
