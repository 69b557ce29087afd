"""References both ways, and addresses that work in any folder of any host."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urljoin

import pytest

from macros import source
from macros.links import address, anchors, file_of, graph, relative
from macros.model import Ref

from .conftest import MINIATURE

PAGES = ["", "plays/", "glossary/", "plays/first-call/", "plays/last-call/", "glossary/lead/", "404/"]


@pytest.mark.parametrize(
    ("target", "start", "way"),
    [
        ("plays/first-call/", "plays/last-call/", "../first-call/"),
        ("plays/first-call/", "glossary/lead/", "../../plays/first-call/"),
        ("plays/first-call/", "plays/", "first-call/"),
        ("plays/first-call/", "", "plays/first-call/"),
        ("plays/", "plays/first-call/", "../"),
        ("", "plays/first-call/", "../../"),
        ("", "", "./"),
        ("plays/first-call/", "plays/first-call/", "./"),
        ("plays/first-call/#steps", "glossary/lead/", "../../plays/first-call/#steps"),
        ("plays/first-call/#steps", "plays/first-call/", "./#steps"),
        ("../print/en/pre-call-a4.pdf", "checklists/pre-call/", "../../../print/en/pre-call-a4.pdf"),
        ("../print/en/pre-call-a4.pdf", "checklists/", "../../print/en/pre-call-a4.pdf"),
        ("mark.svg", "", "mark.svg"),
    ],
)
def test_relative(target: str, start: str, way: str) -> None:
    assert relative(target, start) == way


@pytest.mark.parametrize(
    "base", ["https://example.com/en/", "https://example.com/a/b/zh/", "http://127.0.0.1:8000/en/"]
)
@pytest.mark.parametrize("start", PAGES)
@pytest.mark.parametrize("target", PAGES)
def test_a_browser_arrives_where_the_address_says(target: str, start: str, base: str) -> None:
    assert urljoin(base + start, relative(target, start)) == base + target


def test_address() -> None:
    assert address(Ref("plays", "first-call")) == "plays/first-call/"
    assert address(Ref("plays", "first-call"), "steps") == "plays/first-call/#steps"
    assert address("plays") == "plays/"
    assert address("") == ""


@pytest.fixture(scope="module")
def small() -> source.Playbook:
    return source.read(MINIATURE)


def test_every_link_is_known_from_both_ends(small: source.Playbook) -> None:
    both = graph(small)
    out = {link for found in both.out.values() for link in found}
    assert out == {link for found in both.into.values() for link in found}
    assert all(link in both.out[link.source] and link in both.into[link.target] for link in out)


def test_links_name_the_field_the_language_and_the_anchor(small: source.Playbook) -> None:
    found = [
        (str(link.source), ".".join(map(str, link.path)), link.language, link.anchor)
        for link in graph(small).into[Ref("products", "sample-kettle")]
    ]
    assert found == [
        ("plays/first-call", "needs.0.en", "en", "fast-boil"),
        ("plays/first-call", "needs.0.zh", "zh", "fast-boil"),
        ("paths/first-days", "role_play.setting.en", "en", None),
        ("paths/first-days", "role_play.setting.zh", "zh", None),
        ("quizzes/first-questions", "questions.4.rests_on.0", None, None),
        ("quizzes/first-questions", "questions.8.rests_on.0", None, None),
    ]


def test_links_of_typed_fields(small: source.Playbook) -> None:
    found = [(str(link.target), link.path) for link in graph(small).out[Ref("manager-functions", "plan-the-week")]]
    assert found == [
        ("plays/first-call", ("related", 0)),
        ("owners/sales-lead", ("owner",)),
        ("manager-objectives/reach-the-goal", ("objectives", 0)),
        ("manager-qualities/listen-first", ("qualities", 0)),
    ]


def test_links_that_lead_nowhere_are_no_part_of_the_graph(miniature: Path) -> None:
    (miniature / "data/plays/first-call.yml").unlink()
    both = graph(source.read(miniature))
    assert Ref("plays", "first-call") not in both.into
    assert both.into[Ref("owners", "sales-lead")]


def test_anchors_are_the_ids_that_authors_gave(small: source.Playbook) -> None:
    assert anchors(small.records[Ref("products", "sample-kettle")]) == ["fast-boil"]
    assert anchors(small.records[Ref("pages", "sales-manager")]) == ["the-job"]
    assert anchors(small.records[Ref("glossary", "lead")]) == []


def test_file_of() -> None:
    assert file_of("data/plays/demo.yml") == Ref("plays", "demo")
    assert file_of("data/facts.yml") is None
