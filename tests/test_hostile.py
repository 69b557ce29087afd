"""Text that looks like code reaches the reader as typed, in both engines: page, head, attributes and search alike."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from macros import build, source
from macros.model import LANGUAGES, Ref
from macros.words import words

from . import dom
from .conftest import Reader, copy_repository, hosted, quiet

TERM = Ref("glossary", "zz-hostile")
PLAY = Ref("plays", "zz-hostile")
TITLE = "<script>alert(1)</script> {{ 7*7 }} \"q\" 'a' | `b` &amp; <!--"
SUMMARY = '{% raw %} ](javascript:alert(1)) <img src=x onerror=alert(1)> {# c #} ${x} </title> \\x --8<-- "mkdocs.yml"'
ALIAS = '"><svg onload=alert(1)> {{ config }} </script>'
PROSE = '<script>alert(2)</script> {{ 7*7 }} {% raw %} <b onclick=x>bold</b> | "q" {onclick=x} <!-- `{{ c }} <i>`'
PLAIN = PROSE.replace("`", "")


def hostile(text: str) -> dict[str, str]:
    """A text in both languages; the Chinese one is told apart by its first word."""
    return {"en": text, "zh": f"恶意 {text}"}


@pytest.fixture(scope="module", params=["mkdocs", "zensical"])
def hostile_site(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site with two hostile entries, which others mention."""
    root = copy_repository(tmp_path_factory.mktemp("hostile") / "repository")
    book = source.read(root)
    for ref, changes in {
        TERM: {"definition": hostile(PROSE), "example": hostile(f"{PROSE} [[{PLAY}]]"), "avoid": {"en": [ALIAS]}},
        PLAY: {"moment": hostile(PROSE), "needs": [hostile(PROSE)], "script": [hostile(ALIAS)]},
    }.items():
        like = book.of(ref.kind)[0]
        entry = yaml.safe_load((root / like.file).read_text(encoding="utf-8"))
        entry |= {
            "title": hostile(TITLE),
            "summary": hostile(SUMMARY),
            "aliases": {"en": [ALIAS], "zh": [f"恶意{ALIAS}"]},
            "related": [str(TERM if ref == PLAY else PLAY)],
            "sources": [
                {"house": hostile(PROSE)},
                {"title": hostile(TITLE), "url": "https://example.org/?a=1&b={{2}}"},
            ],
            **changes,
        }
        for name in ("verified_on", "review_in"):
            entry[name] = str(entry[name])
        (root / f"data/{ref}.yml").write_text(yaml.safe_dump(entry, allow_unicode=True), encoding="utf-8")
    build.build(root, root / "site", request.param, quiet)
    return root / "site"


@pytest.fixture(params=LANGUAGES)
def language(request: pytest.FixtureRequest) -> str:
    """Each language in turn."""
    return request.param


@pytest.fixture
def typed(language: str) -> dict[str, str]:
    """The hostile texts in the language, blanks joined as a browser does."""
    texts = {"title": TITLE, "summary": SUMMARY, "prose": PLAIN, "alias": ALIAS}
    return {name: " ".join(hostile(text)[language].split()) for name, text in texts.items()}


def test_entry_page_shows_it_as_typed(hostile_site: Path, language: str, typed: dict[str, str]) -> None:
    page = dom.read(hostile_site / language / str(TERM) / "index.html")
    assert page.one("h1").text == typed["title"]
    assert page.one("p", "pb-lead").text == typed["summary"]
    assert typed["alias"].replace("恶意 ", "恶意") in page.one("p", "pb-also").text
    assert typed["prose"] in page.one("div", "pb-prose").text
    assert "{{ c }} <i>" in [code.text for code in page.one("div", "pb-prose").all("code")]
    assert page.one("ul", "pb-sources").text.count(typed["prose"]) == 1
    assert page.one("ul", "pb-sources").one("a")["href"] == "https://example.org/?a=1&b={{2}}"
    assert typed["title"] in page.one("ul", "pb-mentions").text
    assert page.one("ul", "pb-cards").one("li").text.startswith(f"{typed['title']} {typed['summary']}")


def test_head_holds_it_as_typed(hostile_site: Path, language: str, typed: dict[str, str]) -> None:
    page = dom.read(hostile_site / language / str(TERM) / "index.html")
    kind, name = words(language)["kinds"]["glossary"]["one"], words(language)["home"]["title"]
    assert page.one("title").text == f"{typed['title']} · {kind} · {name}"
    assert page.one("meta", content=typed["summary"]).attributes["name"] == "description"


def test_attribute_holds_it_as_typed(hostile_site: Path, language: str) -> None:
    other = "zh" if language == "en" else "en"
    page = dom.read(hostile_site / language / str(TERM) / "index.html")
    held = page.one("div", "pb-elsewhere")["data-words"]
    assert held.startswith(hostile(TITLE)[other])
    assert ALIAS in held


def test_other_pages_show_it_as_typed(hostile_site: Path, language: str, typed: dict[str, str]) -> None:
    for place in ("glossary", "plays"):
        index = dom.read(hostile_site / language / place / "index.html")
        assert typed["title"] in [link.text for link in index.one("article").all("a")]
    moments = dom.read(hostile_site / language / "index.html").one("ul", "pb-moments").text
    assert typed["title"] in moments
    assert typed["prose"] in moments


def test_nothing_becomes_code(hostile_site: Path) -> None:
    for name, page in dom.read_site(hostile_site).items():
        assert dom.active(page) == [], name
        assert "49" not in page.one("title").text, name


def test_search_result_shows_it_as_typed(
    hostile_site: Path, language: str, typed: dict[str, str], reader: Reader
) -> None:
    with hosted(hostile_site) as address:
        page = reader.open(f"{language}/", server=address)
        page.keyboard.press("/")
        page.fill("input[type=search]", "onerror")
        result = page.locator("[data-search-results] a", has_text=typed["title"]).first
        result.wait_for()
        assert " ".join(result.locator(".pb-result__title").inner_text().split()) == typed["title"]
        assert " ".join(result.locator(".pb-result__summary").inner_text().split()) == typed["summary"]
        result.click()
        assert " ".join(page.locator("h1").inner_text().split()) == typed["title"]
        reader.close()
