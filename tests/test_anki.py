"""The package of flashcards: what is on the cards, and what of a note stays when the data changes.

What Anki makes of it is in tests/peers/test_anki.py.
"""

from __future__ import annotations

import json
import sqlite3
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from macros import anki, source
from macros.export import Texts, identity, questions
from macros.model import LANGUAGES

URL = "https://playbook.example/"
QUIZ = "data/quizzes/first-questions.yml"


def rows(book: source.Playbook, folder: Path, query: str, language: str = "en") -> list[tuple[Any, ...]]:
    """What a query finds in the package of a playbook."""
    (file,) = anki.write(book, language, f"{URL}{language}/", folder)
    with zipfile.ZipFile(file) as archive:
        assert archive.namelist() == ["collection.anki2", "media"]
        assert archive.read("media") == b"{}"
        database = sqlite3.connect(":memory:")
        database.deserialize(archive.read("collection.anki2"))
    return database.execute(query).fetchall()


@pytest.fixture
def sides(miniature: Path) -> Callable[[str], tuple[str, str]]:
    """The two sides of the card of a question of the miniature playbook, in English."""
    book = source.read(miniature)
    texts = Texts(book, "en", f"{URL}en/")
    by_id = {question.id: (record, question) for record, question in questions(book)}

    def of(id_: str) -> tuple[str, str]:
        record, question = by_id[id_]
        return anki.front_of(question, texts), anki.back_of(record, question, texts)

    return of


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_question_that_is_asked_has_a_note(language: str, book: source.Playbook, tmp_path: Path) -> None:
    query = "select guid, notes.mod, tags from notes join cards on nid = notes.id order by due"
    assert rows(book, tmp_path, query, language) == [
        (
            str(identity(f"anki/{language}/{record.id}/{question.id}")),
            anki.modified(record, question),
            f" {' '.join(anki.tags_of(record, question))} ",
        )
        for record, question in questions(book)
    ]


def test_retired_question_has_none(miniature: Path, tmp_path: Path) -> None:
    found = rows(source.read(miniature), tmp_path, "select flds from notes")
    assert len(found) == 8
    assert not any("Kettles are made of tin" in fields for (fields,) in found)


def test_ids_depend_on_neither_place_nor_text(miniature: Path, tmp_path: Path) -> None:
    query = "select guid, notes.id, mid, cards.id, did from notes join cards on nid = notes.id order by due"
    before = rows(source.read(miniature), tmp_path, query)
    text = (miniature / QUIZ).read_text("utf-8")
    start, second = text.index("  - id: who-speaks"), text.index("  - id: what-to-bring")
    end = text.index("related:")
    moved = text[:start] + text[second:end] + text[start:second].replace("Nobody at all", "Nobody") + text[end:]
    (miniature / QUIZ).write_text(moved, "utf-8")
    after = rows(source.read(miniature), tmp_path, query)
    assert after != before
    assert sorted(after) == sorted(before)


def test_languages_have_different_notes_of_one_type(miniature: Path, tmp_path: Path) -> None:
    book = source.read(miniature)
    english, chinese = (rows(book, tmp_path, "select guid, id from notes", language) for language in LANGUAGES)
    assert {value for row in english for value in row} & {value for row in chinese for value in row} == set()
    assert rows(book, tmp_path, "select models from col", "en") == rows(book, tmp_path, "select models from col", "zh")


def test_note_type_is_that_of_every_export_before(miniature: Path, tmp_path: Path) -> None:
    """With another id, or other names of fields or cards, Anki would update no note any more."""
    ((models,),) = rows(source.read(miniature), tmp_path, "select models from col")
    (model,) = json.loads(models).values()
    assert model["id"] == 587_298_112_710
    assert [field["name"] for field in model["flds"]] == ["Question", "Answer"]
    assert [template["name"] for template in model["tmpls"]] == ["Card 1"]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("verified_on: 2026-11-01", "verified_on: 2026-11-02"),
        ("    skill: recall\n", "    skill: recall\n    revision: 2\n"),
    ],
    ids=["a later check", "a new revision"],
)
def test_note_is_later_after(old: str, new: str, miniature: Path, tmp_path: Path) -> None:
    query = f"select mod from notes where guid = '{identity('anki/en/first-questions/who-speaks')}'"  # noqa: S608
    before = rows(source.read(miniature), tmp_path, query)
    text = (miniature / QUIZ).read_text("utf-8")
    (miniature / QUIZ).write_text(text.replace(old, new, 1), "utf-8")
    assert text.count(old) >= 1
    assert rows(source.read(miniature), tmp_path, query) > before


# ---------------------------------------------------------------------------------------------------- the two sides


def test_several_answers_are_announced(sides: Callable[[str], tuple[str, str]]) -> None:
    front, back = sides("what-to-bring")
    assert front == (
        '<p><b>What do you bring to a call?</b></p><p class="note">There may be several right answers.</p>'
        "<ul><li>The last notes</li><li>A bit of luck</li><li>A question</li></ul>"
    )
    assert back == (
        "<p><b>Right answer:</b> The last notes<br>A question</p>"
        "<ul><li><b>A bit of luck:</b> It helps and cannot be brought along.</li>"
        "<li><b>A question:</b> A written one gets asked.</li></ul>"
        "<p><b>Why:</b></p><p>Both are on the list before a call.</p>"
        f'<p class="read">Read: <a href="{URL}en/seller-functions/call-back/">Call back</a>, '
        f'<a href="{URL}en/checklists/before-a-call/">Before a call</a></p>'
        f'<p class="read"><a href="{URL}en/quizzes/first-questions/#what-to-bring">First questions</a></p>'
    )


@pytest.mark.parametrize(
    ("question", "asked", "answered"),
    [
        ("who-speaks", "Who speaks <strong>first</strong> on a call?", "<b>Right answer:</b> The caller<"),
        ("patience-helps", "<ul><li>True</li><li>False</li></ul>", "<b>Right answer:</b> False<"),
        ("in-order", "<li>Call</li>", "<ol><li>Read the notes</li><li>Call</li><li>Write it down</li></ol>"),
        ("who-does-what", "<ul><li>Kettle</li><li>Phone</li><li>Diary</li></ul>", "<li>Phone – Rings</li>"),
        ("the-word", "is a ____.", "<b>Right answer:</b> lead, sales lead<"),
        ("the-sum", "How many calls?</b> (calls)</p>", "<b>Right answer:</b> 50 calls<"),
        (
            "a-call",
            "Ana says “Not now.”</p><ul><li>When would suit you?</li><li>It takes one minute.</li></ul>",
            "<ol><li><p>Ana says “Not now.”</p><p>→ <b>When would suit you?</b></p></li>"
            "<li><p>“On Friday,” she says.</p><p>→ <b>Friday at ten, then.</b></p></li>"
            "<li><p>It is in the diary.</p></li></ol>",
        ),
    ],
)
def test_each_type_asks_and_answers(
    question: str, asked: str, answered: str, sides: Callable[[str], tuple[str, str]]
) -> None:
    front, back = sides(question)
    assert asked in front
    assert answered in back
    assert answered not in front


def test_order_and_pairs_do_not_stand_right_on_the_front(sides: Callable[[str], tuple[str, str]]) -> None:
    assert "<li>Read the notes</li><li>Call</li><li>Write it down</li>" not in sides("in-order")[0]
    assert "<li>Boils water</li><li>Rings</li><li>Holds the day</li>" not in sides("who-does-what")[0]
