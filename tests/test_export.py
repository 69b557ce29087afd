"""What the exports share: absolute links, ids that stay, the same bytes every time; and the command that writes."""

from __future__ import annotations

import io
import re
import shutil
import zipfile
from pathlib import Path

import pytest

from macros import source
from macros.__main__ import main
from macros.export import FORMATS, Texts, identity, left_out, number, questions, zip_of
from macros.model import LANGUAGES, Line, Prose, walk

from .conftest import ROOT

URL = "https://playbook.example/"
each_format = pytest.mark.parametrize("name", FORMATS)
each_language = pytest.mark.parametrize("language", LANGUAGES)


@pytest.fixture
def playbook(miniature: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The miniature playbook with its configurations, and the command line called in its folder."""
    for config in ROOT.glob("mkdocs*.yml"):
        shutil.copy(config, miniature)
    monkeypatch.chdir(miniature)
    return miniature


# ---------------------------------------------------------------------------------------------------- texts


def both(text: str) -> Prose:
    return Prose(en=text, zh=f"{text} 字")


def test_reference_is_an_absolute_link(miniature: Path) -> None:
    texts = Texts(source.read(miniature), "en", f"{URL}en/")
    text = both("See [[plays/first-call]], [[glossary/lead|a <lead>]] or **[[plays/first-call#first-offer]]**.")
    assert texts.html(text) == (
        f'See <a href="{URL}en/plays/first-call/">First call</a>, '
        f'<a href="{URL}en/glossary/lead/">a &lt;lead&gt;</a> or '
        f'<strong><a href="{URL}en/plays/first-call/#first-offer">First call</a></strong>.'
    )
    assert texts.plain(text) == "See First call, a <lead> or First call."


@pytest.mark.parametrize(("language", "grade"), [("en", " (Unsupported)"), ("zh", "（没有依据）")])
def test_statistic_comes_with_its_grade(language: str, grade: str, miniature: Path) -> None:
    texts = Texts(source.read(miniature), language, f"{URL}{language}/")
    text = both("[[statistics/one-call-in-ten|so it is said]]")
    link = f'<a href="{URL}{language}/statistics/one-call-in-ten/">so it is said</a>'
    assert texts.html(text).startswith(link + grade)
    assert texts.plain(text).startswith(f"so it is said{grade}")


def test_plain_text_is_escaped(miniature: Path) -> None:
    texts = Texts(source.read(miniature), "en", URL)
    text = Line(en="<b> & [c](d)", zh="字")
    assert texts.html(text) == "&lt;b&gt; &amp; [c](d)"
    assert texts.plain(text) == "<b> & [c](d)"


@each_language
def test_no_link_of_a_question_is_relative(language: str, book: source.Playbook) -> None:
    texts = Texts(book, language, f"{URL}{language}/")
    found = [
        link
        for _, question in questions(book)
        for _, value in walk(question)
        if isinstance(value, Prose)
        for link in re.findall(r'href="([^"]*)"', texts.html(value))
    ]
    assert len(found) > 20
    assert [link for link in found if not re.match(r"https?://|mailto:", link)] == []


# ---------------------------------------------------------------------------------------------------- ids, bytes


def test_ids_are_those_of_every_export_before() -> None:
    """Another value would make every question a new one wherever it was imported."""
    assert str(identity("quizzes/first-questions/who-speaks")) == "85c46f09-7aa5-5ef4-aa44-cf6dad336d52"
    assert number("quizzes/first-questions/who-speaks") == 837_018_944_701


def test_ids_differ(book: source.Playbook) -> None:
    keys = [f"{record.id}/{question.id}/{language}" for record, question in questions(book) for language in LANGUAGES]
    assert len({number(key) for key in keys}) == len({identity(key) for key in keys}) == len(keys)
    assert all(2**39 <= number(key) < 2**40 for key in keys)


def test_zip_has_the_same_bytes_whatever_the_order() -> None:
    made = zip_of({"b/two.txt": "二".encode(), "a.txt": b"one" * 1000})
    assert made == zip_of({"a.txt": b"one" * 1000, "b/two.txt": "二".encode()})
    assert len(made) < 1000
    with zipfile.ZipFile(io.BytesIO(made)) as archive:
        assert archive.testzip() is None
        assert archive.namelist() == ["a.txt", "b/two.txt"]
        assert archive.read("b/two.txt").decode() == "二"
        for info in archive.infolist():
            assert info.date_time == (1980, 1, 1, 0, 0, 0)
            assert (info.create_system, info.external_attr >> 16) == (3, 0o100644)


@each_format
@each_language
def test_export_is_the_same_every_time(name: str, language: str, tmp_path: Path) -> None:
    made = []
    for folder in (tmp_path / "one", tmp_path / "two"):
        folder.mkdir()
        written = FORMATS[name].write(source.read(ROOT), language, f"{URL}{language}/", folder)
        made.append({str(file.relative_to(folder)): file.read_bytes() for file in written})
        assert set(made[-1]) == {str(file.relative_to(folder)) for file in folder.rglob("*") if file.is_file()}
    assert made[0]
    assert made[0] == made[1]


# ---------------------------------------------------------------------------------------------------- the command


@each_format
def test_command_writes_both_languages_and_says_so(
    name: str, playbook: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["export", name]) == 0
    said = capsys.readouterr().out.splitlines()
    written = [line.removeprefix("wrote ") for line in said if line.startswith("wrote ")]
    there = {file.relative_to(playbook).as_posix() for file in (playbook / "export").rglob("*") if file.is_file()}
    assert len(written) == len(set(written)) >= len(LANGUAGES)
    assert set(written) == there
    missing = left_out(source.read(playbook), FORMATS[name])
    assert [line for line in said if not line.startswith("wrote ")] == (
        [f"left out, for {name} has no {' or '.join(FORMATS[name].lacks)}: {', '.join(missing)}"] if missing else []
    )


def test_gift_says_which_questions_it_leaves_out(playbook: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["export", "gift", "--out", "elsewhere"])
    said = capsys.readouterr().out.splitlines()
    assert said == [
        "wrote elsewhere/first-questions.en.gift",
        "wrote elsewhere/first-questions.zh.gift",
        "left out, for gift has no scenario: first-questions/a-call",
    ]


def test_command_takes_the_address_from_the_configuration(playbook: Path) -> None:
    config = playbook / "mkdocs.zh.yml"
    config.write_text(re.sub(r"site_url: .*", f"site_url: {URL}there/zh/", config.read_text("utf-8")), "utf-8")
    main(["export", "gift"])
    text = (playbook / "export" / "first-questions.zh.gift").read_text("utf-8")
    assert f"{URL}there/zh/quizzes/first-questions/" in text


@each_format
def test_faults_are_named_and_nothing_is_written(name: str, playbook: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = playbook / "data" / "quizzes" / "first-questions.yml"
    file.write_text(file.read_text("utf-8").replace("minutes: 5", "minute: 5"), "utf-8")
    assert main(["export", name]) == 1
    assert capsys.readouterr().err.splitlines() == [
        "2 problems in the data",
        "data/quizzes/first-questions.yml:1: minutes: this field is missing; add it",
        "data/quizzes/first-questions.yml:11: minute: no such field; did you mean `minutes`?",
    ]
    assert not (playbook / "export").exists()


@pytest.mark.parametrize(
    ("name", "better"), [("gfit", "did you mean `gift`?"), ("pdf", f"choose one of: {', '.join(FORMATS)}")]
)
def test_unknown_format_is_one_line(name: str, better: str, playbook: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["export", name]) == 2
    assert capsys.readouterr().err == f"playbook: there is no format `{name}`; {better}\n"
    assert not (playbook / "export").exists()
