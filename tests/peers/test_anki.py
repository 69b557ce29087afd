"""The package of flashcards, imported by Anki itself: once, again, and after changes of the data."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from macros import anki, source
from macros.export import Texts, questions
from macros.model import LANGUAGES

URL = "https://playbook.example/"
QUIZ = "data/quizzes/first-questions.yml"
each_language = pytest.mark.parametrize("language", LANGUAGES)


@pytest.fixture
def collection(tmp_path: Path) -> Iterator[Any]:
    """An empty collection of Anki's."""
    try:
        from anki.collection import Collection
    except ModuleNotFoundError:
        pytest.fail("Anki's own package is not installed; `make peers` installs it")
    opened = Collection(str(tmp_path / "collection.anki2"))
    yield opened
    opened.close()


def imported(collection: Any, book: source.Playbook, folder: Path, language: str = "en") -> dict[str, int]:
    """What Anki says that it did with the export of a playbook, imported as its dialog suggests."""
    from anki.collection import ImportAnkiPackageOptions, ImportAnkiPackageRequest

    assert book.problems == []
    (file,) = anki.write(book, language, f"{URL}{language}/", folder)
    request = ImportAnkiPackageRequest(package_path=str(file), options=ImportAnkiPackageOptions())
    log = collection.import_anki_package(request).log
    assert log.found_notes == len(list(questions(book)))
    names = ("new", "updated", "duplicate", "conflicting", "first_field_match", "missing_notetype", "missing_deck")
    return {name: len(getattr(log, name)) for name in (*names, "empty_first_field") if len(getattr(log, name))}


def edited(root: Path, *changes: tuple[str, str]) -> source.Playbook:
    """The playbook with its quiz changed."""
    text = (root / QUIZ).read_text(encoding="utf-8")
    for old, new in changes:
        assert text.count(old) >= 1, old
        text = text.replace(old, new, 1)
    (root / QUIZ).write_text(text, encoding="utf-8")
    return source.read(root)


def note_of(collection: Any, words: str) -> Any:
    """The one note that holds the words."""
    (found,) = collection.find_notes(f'"{words}"')
    return collection.get_note(found)


def test_every_question_arrives_in_both_languages(collection: Any, book: source.Playbook, tmp_path: Path) -> None:
    asked = len(list(questions(book)))
    for language in LANGUAGES:
        assert imported(collection, book, tmp_path, language) == {"new": asked}
    assert collection.note_count() == collection.card_count() == asked * len(LANGUAGES)
    said, sound = collection.fix_integrity()
    assert sound, said
    assert "fixed" not in said.lower(), said


@each_language
def test_import_again_changes_nothing(language: str, collection: Any, book: source.Playbook, tmp_path: Path) -> None:
    imported(collection, book, tmp_path, language)
    before = collection.db.all("select * from notes"), collection.db.all("select * from cards")
    assert imported(collection, book, tmp_path, language) == {"duplicate": len(list(questions(book)))}
    assert (collection.db.all("select * from notes"), collection.db.all("select * from cards")) == before


@each_language
def test_each_quiz_is_a_deck(language: str, collection: Any, book: source.Playbook, tmp_path: Path) -> None:
    imported(collection, book, tmp_path, language)
    texts = Texts(book, language, URL)
    found = Counter(collection.decks.name(deck) for deck in collection.db.list("select did from cards"))
    expected = Counter(
        f"{texts.words['home']['title']}::{record.entry.title[language]}" for record, _ in questions(book)
    )
    assert found == expected


@each_language
def test_cards_show_question_and_answer(language: str, collection: Any, book: source.Playbook, tmp_path: Path) -> None:
    imported(collection, book, tmp_path, language)
    texts = Texts(book, language, f"{URL}{language}/")
    for record, question in questions(book):
        key = f"anki/{language}/{record.id}/{question.id}"
        (id_,) = collection.db.list("select id from notes where guid = ?", str(anki.identity(key)))
        note = collection.get_note(id_)
        (card,) = note.cards()
        shown = card.render_output()
        assert texts.html(question.prompt) in shown.question_text
        assert texts.html(question.why) in shown.answer_text
        assert texts.address(record.ref, question.id) in shown.answer_text
        for option in question.options:
            assert texts.html(option.text) in shown.question_text
            assert option.feedback is None or texts.html(option.feedback) in shown.answer_text
        assert sorted(note.tags) == sorted(anki.tags_of(record, question))


def test_changed_question_is_updated_and_keeps_its_schedule(collection: Any, miniature: Path, tmp_path: Path) -> None:
    before = source.read(miniature)
    asked = len(list(questions(before)))
    assert imported(collection, before, tmp_path) == {"new": asked}
    note = note_of(collection, "Nobody at all")
    (card,) = note.cards()
    card.start_timer()
    collection.sched.answerCard(card, 4)
    schedule = collection.db.all("select id, did, type, queue, due, ivl, factor, reps, data from cards")
    assert collection.get_card(card.id).reps == 1

    # A word alone is not enough: Anki asks whether it is later.
    book = edited(miniature, ("Nobody at all", "Nobody but the kettle"))
    assert imported(collection, book, tmp_path) == {"duplicate": asked}
    # A new revision of one question …
    book = edited(miniature, ("    skill: recall\n", "    skill: recall\n    revision: 2\n"))
    assert imported(collection, book, tmp_path) == {"updated": 1, "duplicate": asked - 1}
    assert note_of(collection, "Nobody but the kettle").id == note.id
    # … or a new check of the quiz is.
    book = edited(miniature, ("kettle\n", "teapot\n"), ("verified_on: 2026-11-01", "verified_on: 2026-11-02"))
    assert imported(collection, book, tmp_path) == {"updated": asked}
    assert note_of(collection, "Nobody but the teapot").id == note.id
    assert collection.db.all("select id, did, type, queue, due, ivl, factor, reps, data from cards") == schedule


def test_new_question_is_added(collection: Any, miniature: Path, tmp_path: Path) -> None:
    book = edited(miniature, ("    retired: true\n", ""))
    asked = len(list(questions(book)))
    book = edited(miniature, ("    skill: recall\nrelated", "    skill: recall\n    retired: true\nrelated"))
    assert imported(collection, book, tmp_path) == {"new": asked - 1}
    # It stands first, so every other one has another place.
    text = (miniature / QUIZ).read_text(encoding="utf-8")
    start = text.index("  - id: no-longer-asked")
    end = text.index("related:", start)
    moved = text[start:end].replace("    retired: true\n", "")
    text = (text[:start] + text[end:]).replace("questions:\n", f"questions:\n{moved}")
    (miniature / QUIZ).write_text(text, encoding="utf-8")
    assert imported(collection, source.read(miniature), tmp_path) == {"new": 1, "duplicate": asked - 1}


def test_retired_question_stays_with_whoever_has_it(collection: Any, miniature: Path, tmp_path: Path) -> None:
    before = source.read(miniature)
    asked = len(list(questions(before)))
    imported(collection, before, tmp_path)
    book = edited(miniature, ("    skill: recall\n", "    skill: recall\n    retired: true\n"))
    assert len(list(questions(book))) == asked - 1
    assert imported(collection, book, tmp_path) == {"duplicate": asked - 1}
    assert collection.note_count() == asked
    assert note_of(collection, "Nobody at all")
