"""The packages for learning management systems: what is in them, and what they tell in the words of each version.

`tests/peers/test_scorm.py` plays them.
"""

from __future__ import annotations

import json
import re
import zipfile
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from macros import scorm, source
from macros.export import questions
from macros.model import LANGUAGES

from .conftest import MINIATURE

URL = "https://playbook.example/{}/"
QUIZ = "data/quizzes/first-questions.yml"
HOSTILE = """</script><img src=x onerror=alert(1)> & "q" 'a' ]]> {{ 7*7 }}"""
TYPES_12 = {"true-false", "choice", "fill-in", "matching", "performance", "sequencing", "likert", "numeric"}
TYPES_2004 = {*TYPES_12, "long-fill-in", "other"}
IDENTIFIER = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,254}")
FORMATS_12 = {
    "true-false": r"[tf]",
    "choice": r"[a-z](,[a-z])*",
    "sequencing": r"[a-z](,[a-z])*",
    "matching": r"[a-z]\.[a-z](,[a-z]\.[a-z])*",
    "numeric": r"-?\d+",
    "fill-in": r".{1,255}",
    "performance": r".{1,255}",
}
SHORT = r"[a-z][a-z0-9-]{0,249}"
FORMATS_2004 = {
    "true-false": r"true|false",
    "choice": rf"{SHORT}(\[,\]{SHORT})*",
    "sequencing": rf"{SHORT}(\[,\]{SHORT})*",
    "matching": rf"{SHORT}\[\.\]{SHORT}(\[,\]{SHORT}\[\.\]{SHORT})*",
    "numeric": r"(-?\d+)\[:\]\1",
    "fill-in": r"\{case_matters=false\}\{lang=(en|zh)\}(?!.*\[,\]).{1,250}",
    "other": r".{1,4000}",
}
each_language = pytest.mark.parametrize("language", LANGUAGES)
each_version = pytest.mark.parametrize("version", scorm.NAMES)


def packages(book: source.Playbook, language: str, version: str, folder: Path) -> dict[str, dict[str, bytes]]:
    """The files of each package of a version, by the name of the package."""
    assert book.problems == []
    read = {}
    for file in scorm.write(book, language, URL.format(language), folder):
        if file.name.endswith(f".{scorm.NAMES[version]}.zip"):
            with zipfile.ZipFile(file) as archive:
                read[file.name] = {name: archive.read(name) for name in archive.namelist()}
    return read


def course(files: dict[str, bytes]) -> dict[str, Any]:
    """What the page tells its script."""
    (found,) = re.findall(r"<script [^>]*data-course>(.*?)</script>", files["index.html"].decode())
    return json.loads(found)


@each_language
@each_version
def test_each_path_has_its_package(language: str, version: str, book: source.Playbook, tmp_path: Path) -> None:
    made = packages(book, language, version, tmp_path)
    assert set(made) == {f"{path.id}.{language}.{scorm.NAMES[version]}.zip" for path in book.of("paths")}


@each_language
@each_version
def test_manifest_lists_exactly_the_files(language: str, version: str, book: source.Playbook, tmp_path: Path) -> None:
    schema = {"1.2": "1.2", "2004": "2004 4th Edition"}
    kind = {"1.2": "scormtype", "2004": "scormType"}
    for files in packages(book, language, version, tmp_path).values():
        root = ET.fromstring(files["imsmanifest.xml"])  # noqa: S314
        main, adl = (f"{{{space}}}" for space in scorm.SPACES[version])
        assert root.tag == f"{main}manifest"
        assert [child.tag.removeprefix(main) for child in root] == ["metadata", "organizations", "resources"]
        assert root.findtext(f"{main}metadata/{main}schema") == "ADL SCORM"
        assert root.findtext(f"{main}metadata/{main}schemaversion") == schema[version]
        (resource,) = root.iter(f"{main}resource")
        assert resource.get(f"{adl}{kind[version]}") == "sco"
        assert resource.get("href") == "index.html"
        listed = [file.get("href") for file in resource.iter(f"{main}file")]
        assert sorted([*listed, "imsmanifest.xml"]) == sorted(files)
        (organization,) = root.iter(f"{main}organization")
        assert root.find(f"{main}organizations").get("default") == organization.get("identifier")
        (item,) = root.iter(f"{main}item")
        assert item.get("identifierref") == resource.get("identifier")
        names = [element.get("identifier") for element in root.iter() if element.get("identifier")]
        assert len(set(names)) == len(names)
        assert all(re.fullmatch(r"[A-Za-z_][\w.-]*", name, re.ASCII) for name in names)


@each_language
@each_version
def test_two_packages_are_the_same_bytes(language: str, version: str, tmp_path: Path) -> None:
    made = []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        files = scorm.write(source.read(MINIATURE), language, URL.format(language), tmp_path / name)
        made.append({file.name: file.read_bytes() for file in files})
    assert made[0] == made[1]
    assert len(made[0]) == 2


@each_version
def test_everything_that_a_page_needs_is_in_the_package(version: str, book: source.Playbook, tmp_path: Path) -> None:
    for files in packages(book, "en", version, tmp_path).values():
        page = files["index.html"].decode()
        wanted = set(re.findall(r'<(?:script|link)[^>]* (?:src|href)="([^"]*)"', page))
        for name in (file for file in files if file.endswith(".js")):
            folder = name.rpartition("/")[0]
            for found in re.findall(r'from "\./([^"]*)"', files[name].decode()):
                wanted.add(f"{folder}/{found}".lstrip("/"))
        assert wanted == set(files) - {"index.html", "imsmanifest.xml"}
        assert "@import" not in "".join(files[name].decode() for name in files if name.endswith(".css"))


@each_language
@each_version
def test_page_asks_every_question_once(language: str, version: str, book: source.Playbook, tmp_path: Path) -> None:
    for path, files in zip(book.of("paths"), packages(book, language, version, tmp_path).values(), strict=True):
        taken = {quiz.id for quiz in scorm.quizzes(path, book)}
        keys = [f"{quiz.id}/{question.id}" for quiz, question in questions(book) if quiz.id in taken]
        page = files["index.html"].decode()
        forms = re.findall(r'<form [^>]* data-question="([^"]*)" data-of="([^"]*)"', page)
        assert sorted(f"{quiz}/{question}" for question, quiz in forms) == sorted(keys)
        assert sorted(course(files)["questions"]) == sorted(keys)
        ids = re.findall(r' id="([^"]*)"', page)
        assert len(set(ids)) == len(ids)
        targets = re.findall(r' href="#([^"]*)"', page)
        assert targets
        assert set(targets) <= set(ids)


@each_language
def test_links_lead_to_the_site(language: str, tmp_path: Path) -> None:
    (files,) = packages(source.read(MINIATURE), language, "1.2", tmp_path).values()
    page = files["index.html"].decode()
    links = [link for link in re.findall(r'<a href="([^"]*)"', page) if not link.startswith("#")]
    assert f"{URL.format(language)}plays/first-call/" in links
    assert [link for link in links if not link.startswith(URL.format(language))] == []
    assert '<base target="_blank">' in page
    assert not re.search(r"<[^>]* on[a-z]+=|<style|<[^>]* style=", page)


# ---------------------------------------------------------------------------------------------------- vocabulary


@each_language
@each_version
def test_what_a_system_is_told_is_legal(language: str, version: str, book: source.Playbook, tmp_path: Path) -> None:
    formats, types = {"1.2": (FORMATS_12, TYPES_12), "2004": (FORMATS_2004, TYPES_2004)}[version]
    for files in packages(book, language, version, tmp_path).values():
        asked = course(files)["questions"]
        assert len(asked) <= scorm.MOST_INTERACTIONS
        for key, one in asked.items():
            assert IDENTIFIER.fullmatch(one["id"]), key
            assert one["as"] in types
            assert one["right"], key
            assert len(one["right"]) <= scorm.MOST_PATTERNS
            for pattern in one["right"]:
                assert re.fullmatch(formats[one["as"]], pattern), (key, pattern)
            assert len(one["parts"]) <= 26 if version == "1.2" and one["as"] != "performance" else True
            assert len(one["parts"]) <= 36
            if version == "2004":
                words = re.fullmatch(rf"\{{lang={language}\}}([^{{].*)", one["text"])
                assert words
                assert len(words[1].encode("utf-16-le")) <= 2 * 250
        for part in ("id", "mark"):
            assert len({one[part] for one in asked.values()}) == len(asked)


@each_language
def test_answers_fit_the_room_of_the_old_version(language: str, book: source.Playbook, tmp_path: Path) -> None:
    """Without what is written by hand, which the script leaves out first where there is no room."""
    for files in packages(book, language, "1.2", tmp_path).values():
        longest = {one["mark"]: "1" + "x" * len(one["parts"]) for one in course(files)["questions"].values()}
        assert len(json.dumps({"round": 99, "answers": longest}, separators=(",", ":"))) < 4096


def test_right_answers_in_both_versions() -> None:
    book = source.read(MINIATURE)
    found = {
        question.id: [scorm.right_answers(question, version, "en") for version in ("1.2", "2004")]
        for _, question in questions(book)
    }
    assert found == {
        "who-speaks": [["a"], ["you"]],
        "what-to-bring": [["a,c"], ["notes[,]question"]],
        "patience-helps": [["f"], ["false"]],
        "in-order": [["a,b,c"], ["read[,]call[,]write"]],
        "who-does-what": [["a.a,b.b,c.c"], ["kettle[.]kettle[,]phone[.]phone[,]diary[.]diary"]],
        "the-word": [
            ["lead", "sales lead"],
            ["{case_matters=false}{lang=en}lead", "{case_matters=false}{lang=en}sales lead"],
        ],
        "the-sum": [["50"], ["50[:]50"]],
        "a-call": [["start 0:later 0:agreed"], ["start 0:later 0:agreed"]],
    }


@pytest.mark.parametrize(
    ("quizzes", "expected"),
    [([(10, 80)], 80), ([(10, 80), (10, 90)], 85), ([(3, 100), (9, 60)], 70), ([(1, 80), (2, 85)], 83)],
)
def test_whoever_passes_every_quiz_passes_the_whole(
    quizzes: list[tuple[int, int]], expected: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Made:
        def __init__(self, count: int, points: int) -> None:
            self.entry = self
            self.asked, self.pass_mark = [None] * count, points

    assert scorm.mark([Made(*one) for one in quizzes]) == expected  # type: ignore[misc]


# ---------------------------------------------------------------------------------------------------- changed data


def changed(root: Path, *changes: tuple[str, str]) -> source.Playbook:
    """The miniature playbook with its quiz changed."""
    text = (root / QUIZ).read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new, 1)
    (root / QUIZ).write_text(text, encoding="utf-8")
    return source.read(root)


def told(book: source.Playbook, folder: Path, version: str = "2004") -> dict[str, Any]:
    (files,) = packages(book, "en", version, folder).values()
    return course(files)["questions"]


def test_retired_questions_are_left_out(miniature: Path, tmp_path: Path) -> None:
    before = told(source.read(miniature), tmp_path)
    assert "first-questions/no-longer-asked" not in before
    after = told(changed(miniature, ("    revision: 2\n", "    revision: 2\n    retired: true\n")), tmp_path)
    assert set(before) - set(after) == {"first-questions/patience-helps"}


def test_ids_stay_and_a_changed_question_is_asked_again(miniature: Path, tmp_path: Path) -> None:
    before = told(source.read(miniature), tmp_path)
    book = changed(
        miniature,
        ("en: Who speaks **first** on a call?", "en: Who begins?"),
        ("    revision: 2\n", "    revision: 3\n"),
        ("      - id: call\n", "      - id: phone\n"),
    )
    after = told(book, tmp_path)
    assert [one["id"] for one in after.values()] == [one["id"] for one in before.values()]
    again = {key for key in before if before[key]["mark"] != after[key]["mark"]}
    assert again == {"first-questions/patience-helps", "first-questions/in-order"}


def test_a_quiz_taken_twice_is_asked_once(miniature: Path, tmp_path: Path) -> None:
    file = miniature / "data/paths/first-days.yml"
    text = file.read_text(encoding="utf-8")
    text = text.replace("        tick: before-a-call\n", "        take: first-questions\n")
    file.write_text(text, encoding="utf-8")
    (files,) = packages(source.read(miniature), "en", "1.2", tmp_path).values()
    assert files["index.html"].count(b"<form ") == len(course(files)["questions"]) == 8


def test_a_path_without_quizzes_has_no_package(miniature: Path, tmp_path: Path) -> None:
    file = miniature / "data/paths/first-days.yml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("        take: first-questions\n", "        tick: before-a-call\n"), encoding="utf-8")
    assert scorm.write(source.read(miniature), "en", URL.format("en"), tmp_path) == []


@each_version
def test_text_is_text(version: str, miniature: Path, tmp_path: Path) -> None:
    text = json.dumps(HOSTILE)
    file = miniature / "data/paths/first-days.yml"
    path = file.read_text(encoding="utf-8").replace("en: The first days", f"en: {text}", 1)
    file.write_text(path, encoding="utf-8")
    book = changed(
        miniature,
        ("en: In which order?", f"en: {text}"),
        ("en: The caller", f"en: {text}"),
        ("en: [lead, sales lead]", f"en: [lead, {text}]"),
        ("en: Ten times five.", f"en: {text}"),
    )
    (files,) = packages(book, "en", version, tmp_path).values()
    title = "{http://www.imsglobal.org/xsd/imscp_v1p1}title"
    if version == "1.2":
        title = "{http://www.imsproject.org/xsd/imscp_rootv1p1p2}title"
    root = ET.fromstring(files["imsmanifest.xml"])  # noqa: S314
    assert [one.text for one in root.iter(title)] == [HOSTILE, HOSTILE]
    page = files["index.html"].decode()
    assert "<img" not in page
    assert page.count("<script") == page.count("</script>") == 4
    assert page.count("&lt;/script&gt;") >= 4
    right = course(files)["questions"]["first-questions/the-word"]["right"]
    assert right[1].endswith(HOSTILE)


def test_long_questions_are_cut_for_the_report(miniature: Path, tmp_path: Path) -> None:
    words = "😀" * 130
    book = changed(miniature, ("en: In which order?", f"en: {{braces}} {words}".replace("{", "'{") + "'"))
    (told_,) = [one for one in told(book, tmp_path).values() if one["id"].endswith("in-order")]
    assert told_["text"] == "{lang=en}braces} " + "😀" * 121
