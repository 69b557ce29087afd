"""The QTI packages: what lies in them, and that each item is put together as QTI 3.0 has it.

No package registry holds the schema of QTI 3.0, so its order and names are asserted here; `tests/peers/test_qti.py`
plays the items.
"""

from __future__ import annotations

import json
import re
import zipfile
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from macros import qti, source
from macros.export import FORMATS, left_out
from macros.model import LANGUAGES

from .conftest import MINIATURE

URL = "https://playbook.example/{}/"
QUIZ = "data/quizzes/first-questions.yml"
HOSTILE = """</p><script>alert(1)</script> & "q" 'a' ]]> {{ 7*7 }} <!--"""
ORDER = [
    "qti-response-declaration",
    "qti-outcome-declaration",
    "qti-item-body",
    "qti-response-processing",
    "qti-modal-feedback",
]
INTERACTIONS = {
    "single": "qti-choice-interaction",
    "multiple": "qti-choice-interaction",
    "true-false": "qti-choice-interaction",
    "order": "qti-order-interaction",
    "match": "qti-match-interaction",
    "fill-in": "qti-text-entry-interaction",
    "numeric": "qti-text-entry-interaction",
}
CHOICES = ("qti-simple-choice", "qti-simple-associable-choice")
HTML = {"p", "ul", "ol", "li", "strong", "em", "code", "a"}
each_language = pytest.mark.parametrize("language", LANGUAGES)


def packages(book: source.Playbook, language: str, folder: Path) -> dict[str, dict[str, bytes]]:
    """The files of each package by the id of its quiz."""
    assert book.problems == []
    read = {}
    for file in qti.write(book, language, URL.format(language), folder):
        assert file.name.endswith(f".{language}.qti.zip")
        with zipfile.ZipFile(file) as archive:
            read[file.name.partition(".")[0]] = {name: archive.read(name) for name in archive.namelist()}
    return read


def parsed(text: bytes, space: str = qti.ITEM) -> ET.Element:
    """A document, its tags without their namespace, which has to be the one given."""
    root = ET.fromstring(text)  # noqa: S314
    for element in root.iter():
        assert element.tag.startswith(f"{{{space}}}")
        element.tag = element.tag.partition("}")[2]
    return root


@each_language
def test_each_quiz_has_its_package(language: str, book: source.Playbook, tmp_path: Path) -> None:
    assert set(packages(book, language, tmp_path)) == {quiz.id for quiz in book.of("quizzes") if qti.held(quiz)}


@each_language
def test_manifest_lists_exactly_the_files(language: str, book: source.Playbook, tmp_path: Path) -> None:
    for files in packages(book, language, tmp_path).values():
        root = parsed(files["imsmanifest.xml"], qti.PACKAGE)
        assert [child.tag for child in root] == ["metadata", "organizations", "resources"]
        assert (root.findtext("metadata/schema"), root.findtext("metadata/schemaversion")) == ("QTI Package", "3.0.0")
        test, *items = root.iter("resource")
        assert [file.get("href") for file in root.iter("file")] == [one.get("href") for one in (test, *items)]
        assert sorted(["imsmanifest.xml", *(one.get("href") for one in (test, *items))]) == sorted(files)
        assert test.get("type") == "imsqti_test_xmlv3p0"
        assert {one.get("type") for one in items} == {"imsqti_item_xmlv3p0"}
        needed = [one.get("identifierref") for one in test.iter("dependency")]
        assert needed == [one.get("identifier") for one in items]
        assert len(set(needed)) == len(needed)


@each_language
def test_test_asks_every_item(language: str, book: source.Playbook, tmp_path: Path) -> None:
    for quiz, files in packages(book, language, tmp_path).items():
        root = parsed(files["test.xml"])
        assert root.tag == "qti-assessment-test"
        order = ["qti-outcome-declaration", "qti-test-part", "qti-outcome-processing"]
        assert [child.tag for child in root] == order
        refs = {one.get("identifier"): one.get("href") for one in root.iter("qti-assessment-item-ref")}
        assert {f"{quiz}.{Path(name).stem}": name for name in files if name.startswith("items/")} == refs
        for name, href in refs.items():
            assert parsed(files[href]).get("identifier") == name


@each_language
def test_every_item_is_put_together_as_qti_has_it(language: str, book: source.Playbook, tmp_path: Path) -> None:
    made = packages(book, language, tmp_path)
    for quiz in book.of("quizzes"):
        for question in qti.held(quiz):
            root = parsed(made[quiz.id][f"items/{question.id}.xml"])
            tags = [child.tag for child in root]
            assert root.tag == "qti-assessment-item"
            assert list(dict.fromkeys(tags)) == ORDER
            assert tags == sorted(tags, key=ORDER.index)
            (interaction,) = [one for one in root.iter() if one.tag.endswith("-interaction")]
            assert interaction.tag == INTERACTIONS[question.type]
            assert interaction.get("response-identifier") == "RESPONSE"
            assert interaction.get("shuffle") == {"true-false": "false", "fill-in": None, "numeric": None}.get(
                question.type, "true"
            )
            (response,) = root.iter("qti-response-declaration")
            assert (response.get("cardinality"), response.get("base-type")) == qti.KINDS[question.type]
            right = [one.text for one in response.iter("qti-value")]
            assert right == qti.right_answer(question, language)
            choices = [one.get("identifier") for one in root.iter() if one.tag in CHOICES]
            assert len(set(choices)) == len(choices)
            if choices:
                assert {part for value in right for part in value.split()} <= set(choices)
            outcomes = [one.get("identifier") for one in root.iter("qti-outcome-declaration")]
            feedback = [one.get("outcome-identifier") for one in root.iter("qti-modal-feedback")]
            set_ = [one.get("identifier") for one in root.iter("qti-set-outcome-value")]
            assert set(feedback) | {"SCORE"} <= set(outcomes) == set(set_)
            own = {one.tag for one in root.iter() if not one.tag.startswith("qti-")}
            assert own <= HTML
            for link in root.iter("a"):
                assert set(link.keys()) == {"href"}
                assert re.match(r"https?://|mailto:", link.get("href"))


@each_language
def test_right_order_is_not_given_away(language: str, book: source.Playbook, tmp_path: Path) -> None:
    """By the order in the file, for programs that shuffle nothing."""
    made = packages(book, language, tmp_path)
    for quiz in book.of("quizzes"):
        for question in qti.held(quiz):
            root = parsed(made[quiz.id][f"items/{question.id}.xml"])
            if question.type == "order":
                given = [one.get("identifier") for one in root.iter("qti-simple-choice")]
                assert given != [one.id for one in question.items]
            elif question.type == "match":
                sides = [[one.get("identifier") for one in side] for side in root.iter("qti-simple-match-set")]
                assert [one.partition(".")[0] for one in sides[0]] != [one.partition(".")[0] for one in sides[1]]


@each_language
def test_two_packages_are_the_same_bytes(language: str, tmp_path: Path) -> None:
    made = []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (file,) = qti.write(source.read(MINIATURE), language, URL.format(language), tmp_path / name)
        made.append(file.read_bytes())
    assert made[0] == made[1]


def test_scenarios_and_retired_questions_are_left_out(tmp_path: Path) -> None:
    book = source.read(MINIATURE)
    names = {Path(name).stem for name in packages(book, "en", tmp_path)["first-questions"] if name.startswith("items/")}
    quiz = book.of("quizzes")[0].entry
    assert {question.id for question in quiz.questions} - names == {"a-call", "no-longer-asked"}
    assert left_out(book, FORMATS["qti"]) == ["first-questions/a-call"]


def changed(root: Path, *changes: tuple[str, str]) -> source.Playbook:
    """The miniature playbook with its quiz changed."""
    text = (root / QUIZ).read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new, 1)
    (root / QUIZ).write_text(text, encoding="utf-8")
    return source.read(root)


def test_ids_come_from_the_data_alone(miniature: Path, tmp_path: Path) -> None:
    before = packages(source.read(miniature), "en", tmp_path)["first-questions"]
    book = changed(miniature, ("en: In which order?", "en: Which comes first?"), ("en: First questions", "en: Others"))
    after = packages(book, "en", tmp_path)["first-questions"]
    assert before["imsmanifest.xml"] == after["imsmanifest.xml"]
    differing = {name for name in before if before[name] != after[name]}
    assert differing == {"items/in-order.xml", "test.xml"}


def test_text_is_text(miniature: Path, tmp_path: Path) -> None:
    text = json.dumps(HOSTILE)
    book = changed(
        miniature,
        ("en: First questions", f"en: {text}"),
        ("en: In which order?", f"en: {text}"),
        ("en: The caller", f"en: {text}"),
        ("en: [lead, sales lead]", f"en: [lead, {text}]"),
        ("en: Ten times five.", f"en: {text}"),
        ("en: Ten calls a day, five days. How many calls?", f"en: {text}"),
        ("en: calls\n", f"en: {text}\n"),
        ("en: The customer does not know yet why you call.", f"en: {text}"),
    )
    files = packages(book, "en", tmp_path)["first-questions"]
    assert not any(b"<script" in file for file in files.values())
    assert parsed(files["test.xml"]).get("title") == HOSTILE
    item = parsed(files["items/in-order.xml"])
    assert item.get("title") == item.findtext(".//qti-prompt/p") == HOSTILE
    assert parsed(files["items/who-speaks.xml"]).findtext(".//qti-simple-choice[@identifier='you']") == HOSTILE
    (feedback,) = parsed(files["items/who-speaks.xml"]).iterfind(".//qti-modal-feedback[@identifier='customer']")
    assert "".join(feedback.itertext()) == HOSTILE
    keys = [one.get("map-key") for one in parsed(files["items/the-word.xml"]).iter("qti-map-entry")]
    assert keys == ["lead", HOSTILE]
    number = "".join(parsed(files["items/the-sum.xml"]).itertext())
    assert number.count(HOSTILE) == 3


def test_links_hold_an_address_alone(miniature: Path, tmp_path: Path) -> None:
    book = changed(miniature, ("en: Ten times five.", 'en: "[Ten](https://example.org/?a=1&b=2) times five."'))
    item = parsed(packages(book, "en", tmp_path)["first-questions"]["items/the-sum.xml"])
    links = [link.attrib for link in item.iter("a")]
    entry = {"href": f"{URL.format('en')}statistics/one-call-in-ten/"}
    assert links == [{"href": "https://example.org/?a=1&b=2"}, entry]
