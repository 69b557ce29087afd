"""The files of questions in GIFT, as text; that another program reads them is in tests/peers/test_gift.py."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from macros import gift, source
from macros.model import LANGUAGES

URL = "https://playbook.example/"


def blocks(book: source.Playbook, folder: Path, language: str = "en") -> dict[str, str]:
    """What stands between blank lines, by the key of the question; what is before the first question under ""."""
    made = [file.read_text("utf-8") for file in gift.write(book, language, f"{URL}{language}/", folder)]
    found = {}
    for block in "\n".join(made).split("\n\n"):
        named = re.search(r"^::(.*?)::", block, re.MULTILINE)
        found[named[1] if named else ""] = block.strip()
    return found


SIGNS = st.text(st.sampled_from("\\~=#{}:n\n字") | st.characters())


@given(SIGNS)
def test_what_is_escaped_comes_back(text: str) -> None:
    """By Moodle's rule: a backslash and one of these signs is the sign, and with an n the end of a line."""
    written = gift.escaped(text)
    assert "\n" not in written
    assert re.sub(r"\\[\\~=#{}:n]", "", written).translate(dict.fromkeys(map(ord, "~=#{}:"))) == re.sub(
        r"\\[\\~=#{}:n]", "", written
    )
    assert re.sub(r"\\([\\~=#{}:n])", lambda it: "\n" if it[1] == "n" else it[1], written) == text


def test_several_answers_have_weights(miniature: Path, tmp_path: Path) -> None:
    assert blocks(source.read(miniature), tmp_path)["first-questions/what-to-bring"] == (
        "// [id:first-questions/what-to-bring/en] [tag:seller-functions/call-back] [tag:apply] [tag:medium]\n"
        "::first-questions/what-to-bring::[html]<p>What do you bring to a call?</p>{\n"
        "~%50%[html]The last notes\n"
        "~%-100%[html]A bit of luck#[html]It helps and cannot be brought along.\n"
        "~%50%[html]A question#[html]A written one gets asked.\n"
        "####[html]<p>Both are on the list before a call.</p>"
        '<p>Read\\: <a href\\="https\\://playbook.example/en/seller-functions/call-back/">Call back</a>, '
        '<a href\\="https\\://playbook.example/en/checklists/before-a-call/">Before a call</a></p>\n'
        "}"
    )


@pytest.mark.parametrize(
    ("question", "lines"),
    [
        ("who-speaks", ["=[html]The caller", "~[html]Nobody at all#[html]It feels <strong>polite</strong>, and"]),
        ("patience-helps", ["{FALSE\n####[html]<p>Patience"]),
        ("in-order", ["=[html]Read the notes -> 1\n=[html]Call -> 2\n=[html]Write it down -> 3\n"]),
        ("who-does-what", ["=[html]Kettle -> Boils water\n=[html]Phone -> Rings\n"]),
        ("the-word", ["{\n=%100%[plain]lead\n=%100%[plain]sales lead\n####"]),
        ("the-sum", ["How many calls? (calls)</p>{#50\n####"]),
    ],
)
def test_each_type_is_written(question: str, lines: list[str], miniature: Path, tmp_path: Path) -> None:
    block = blocks(source.read(miniature), tmp_path)[f"first-questions/{question}"]
    assert [line for line in lines if line not in block] == []


def test_scenario_is_left_out_and_named(miniature: Path, tmp_path: Path) -> None:
    found = blocks(source.read(miniature), tmp_path)
    assert found[""] == (
        f"// {URL}en/quizzes/first-questions/\n// left out, for GIFT has no scenario: first-questions/a-call"
    )
    assert "first-questions/a-call" not in found


def test_retired_question_is_left_out(miniature: Path, tmp_path: Path) -> None:
    assert "Kettles are made of tin" not in "".join(blocks(source.read(miniature), tmp_path).values())


@pytest.mark.parametrize("language", LANGUAGES)
def test_only_notes_stand_behind_two_slashes(language: str, book: source.Playbook, tmp_path: Path) -> None:
    """A line that starts with them would be lost, and a blank line would end the question."""
    for key, block in blocks(book, tmp_path, language).items():
        notes = [line for line in block.split("\n") if line.lstrip().startswith("//")]
        assert all(re.match(r"// (?:\[id:|https://|left out, )", note) for note in notes), notes
        assert not key or (len(notes) == 1 and block.endswith("}")), block


def test_answer_that_is_typed_means_itself() -> None:
    assert gift.typed("a * b -> c") == r"a \* b c"
