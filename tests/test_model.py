"""What the model does beyond refusing: dates and spans, texts, walking through an entry, the list of kinds."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from pydantic import BaseModel, ValidationError

from macros import source
from macros.model import KINDS, LANGUAGES, Line, Prose, Ref, Say, Words, add_span, describe, walk

from .conftest import MINIATURE


@pytest.mark.parametrize(
    ("start", "span", "end"),
    [
        ("2026-11-23", "12 months", "2027-11-23"),
        ("2026-11-23", "1 year", "2027-11-23"),
        ("2026-11-23", "6 weeks", "2027-01-04"),
        ("2026-11-23", "1 day", "2026-11-24"),
        ("2026-01-31", "1 month", "2026-02-28"),
        ("2028-01-31", "1 month", "2028-02-29"),
        ("2026-08-31", "6 months", "2027-02-28"),
        ("2026-03-31", "1 month", "2026-04-30"),
        ("2028-02-29", "1 year", "2029-02-28"),
        ("2028-02-29", "4 years", "2032-02-29"),
        ("2026-12-31", "2 days", "2027-01-02"),
        ("2099-12-31", "99 years", "2198-12-31"),
    ],
)
def test_add_span(start: str, span: str, end: str) -> None:
    assert add_span(date.fromisoformat(start), span) == date.fromisoformat(end)


def test_an_entry_knows_until_when_it_holds() -> None:
    book = source.read(MINIATURE)
    assert book.records[Ref("plays", "first-call")].entry.verified_until == date(2027, 1, 4)


@pytest.mark.parametrize("text", ["KPI", "Customer Relationship Management", "3 ÷ 12 × 100", "ROI, CPL, LTV"])
def test_a_name_may_be_the_same_in_both_languages(text: str) -> None:
    line = Line.model_validate(text)
    assert (line["en"], line["zh"]) == (text, text)


@pytest.mark.parametrize(
    "value",
    [
        "线索",
        "A whole sentence in English",
        {"en": "线索", "zh": "线索"},
        {"en": "Lead", "zh": "A lead that nobody translated"},
        {"en": "Lead"},
        {"en": "Lead", "zh": ""},
        {"en": "Lead", "zh": " \n"},
        {"en": "Lead", "zh": "线索", "fr": "Piste"},
        {"en": 1, "zh": "一"},
        {"en": "two\nlines", "zh": "两行"},
        {"en": "a" * 161, "zh": "长"},
        ["Lead", "线索"],
        None,
        True,
        1.5,
    ],
)
def test_a_text_is_refused_unless_it_is_in_both_languages(value: object) -> None:
    with pytest.raises(ValidationError):
        Line.model_validate(value)


def test_white_space_around_a_text_is_left_out() -> None:
    assert Line.model_validate({"en": " Lead\n", "zh": "线索 "}) == Line(en="Lead", zh="线索")
    assert Prose.model_validate({"en": "a\n\nb\n", "zh": "甲"})["en"] == "a\n\nb"


@pytest.mark.parametrize("words", ['"Hello"', "“Hello”", "「你好」", "'Hello'"])
def test_words_to_say_carry_no_quotation_marks(words: str) -> None:
    with pytest.raises(ValidationError, match="leave out the quotation marks"):
        Say.model_validate({"en": "Hello", "zh": words} if "你" in words else {"en": words, "zh": "你好"})


def test_words_to_say_may_quote_somebody() -> None:
    assert Say.model_validate({"en": "You said “later”. When?", "zh": "您说“以后”，是什么时候？"})


def test_nothing_read_can_be_changed() -> None:
    line = Line(en="Lead", zh="线索")
    with pytest.raises(ValidationError, match="frozen"):
        line.en = "Other"


@pytest.mark.parametrize(
    ("value", "words"),
    [(None, "nothing"), (True, "`true`"), (3, "the number 3"), ([], "a list"), ({}, "fields"), ("x", "text")],
)
def test_describe(value: object, words: str) -> None:
    assert describe(value) == words


def test_walk_gives_every_part_with_its_path() -> None:
    entry = source.read(MINIATURE).records[Ref("seller-functions", "call-back")].entry
    found = dict(walk(entry))
    assert found[()] is entry
    assert found["steps", 0, "say", 0]["en"] == "You asked us something this morning."
    assert found["owner",] == Ref("owners", "sales-lead")
    # A text is one part: its languages are no parts of their own.
    assert isinstance(found["why",], Prose)
    assert ("why", "en") not in found


def models(cls: type[BaseModel], seen: set[type[BaseModel]]) -> set[type[BaseModel]]:
    """A class and all that its fields are made of."""
    if cls not in seen:
        seen.add(cls)
        for field in cls.model_fields.values():
            for part in (field.annotation, *getattr(field.annotation, "__args__", ())):
                if isinstance(part, type) and issubclass(part, BaseModel):
                    models(part, seen)
    return seen


@pytest.mark.parametrize("kind", KINDS)
def test_every_field_is_described(kind: str) -> None:
    """Editors, the schema and `playbook new` show the description of each field."""
    for cls in models(KINDS[kind], set()):
        assert cls.__doc__, cls
        for name, field in cls.model_fields.items():
            assert field.description or issubclass(cls, Words) or name in LANGUAGES, f"{cls.__name__}.{name}"


@pytest.mark.parametrize("kind", KINDS)
def test_the_miniature_has_one_entry_of_every_kind(kind: str) -> None:
    assert len(list((Path(MINIATURE) / "data" / kind).glob("*.yml"))) == 1
