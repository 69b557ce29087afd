"""A new entry: the skeleton of every kind says what is empty, and is valid once that is filled in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from macros import rules, source
from macros.model import KINDS, Entry
from macros.new import skeleton

TODAY = date(2026, 11, 23)
EMPTY = re.compile(r"found nothing|found none|no text for")
"""What `check` says of a field that still has to be filled in."""
FILLED = {
    "en:": "en: Words {0}",
    "zh:": "zh: 文字 {0}",
    "id:": "id: part-{0}",
    "valid_until:": "valid_until: 2027-06-30",
    "minutes:": "minutes: 10",
    "serves: []": "serves: [plays/first-call]",
    "then: []": "then: [plays/first-call]",
    "rests_on: []": "rests_on: [plays/first-call]",
}

OPTIONS = re.compile(r"^    # options:\n((?:    #  .*\n)+)", re.MULTILINE)
OTHER_ANSWERS = re.compile(
    r"""^\ +\#\ (?:correct|items|pairs|number|scenes|read|tick|take):\n(?:\ +\#\ \ .*\n)*(?:\ {4}end:.*\n)?
      | ^\ {4}unit:\n\ {6}en:\n\ {6}zh:\n""",
    re.MULTILINE | re.VERBOSE,
)
"""What belongs to questions of other types than the first, and to tasks that are not done but read: of no use here."""
DAYS = {"from_day": 0, "day": 5, "to_day": 9}
"""Where a day lies within the ten days of its stage."""

each_kind = pytest.mark.parametrize("kind", KINDS)


def write(root: Path, kind: str, text: str) -> source.Playbook:
    (root / "data" / kind / "fresh.yml").write_text(text, encoding="utf-8")
    (root / "docs" / kind / "fresh.md").write_text(rules.page_text(source.Ref(kind, "fresh")), encoding="utf-8")
    return source.read(root)


def empty_fields(value: Any, at: str = "") -> Iterator[str]:
    """The fields in which nothing stands."""
    if isinstance(value, dict):
        for name, item in value.items():
            yield from empty_fields(item, f"{at}.{name}".lstrip("."))
    elif isinstance(value, list) and value:
        for index, item in enumerate(value):
            yield from empty_fields(item, f"{at}.{index}")
    elif value is None:
        yield at


def options(skeleton: re.Match[str]) -> str:
    """Three answers to choose from, the first of them right, from the one that is offered."""
    one = re.sub(r"^    # ", "    ", skeleton[1], flags=re.MULTILINE)
    return "    options:\n" + one.replace("correct: false", "correct: true") + one * 2


def fill(text: str) -> str:
    """Fill a skeleton in as a person would: each empty text, the first of the words offered, ids, dates."""
    lines = []
    text = OTHER_ANSWERS.sub("", text)
    text = OPTIONS.sub(options, text)
    stage = 0
    for number, line in enumerate(text.splitlines()):
        stage += line.endswith("from_day:")
        if day := re.search(r"(from_day|to_day|\bday):$", line):
            line += f" {stage * 10 + DAYS[day[1]]}"
        start, field = re.fullmatch(r"([ -]*)(.*)", line).groups()  # type: ignore[union-attr]
        if field in FILLED:
            line = start + FILLED[field].format(number)
        line = re.sub(r"^([ a-z_-]+): # one of: ([a-z-]+).*", r"\1: \2", line)
        line = re.sub(r"^([ a-z_-]+): \[\] # some of: ([a-z-]+).*", r"\1: [\2]", line)
        lines.append(line)
    return "\n".join(lines) + "\n"


@each_kind
def test_skeleton_is_strict_yaml_with_every_field(kind: str, miniature: Path) -> None:
    problems: list[source.Problem] = []
    file = miniature / "fresh.yml"
    text = skeleton(kind, "sales-lead", TODAY)
    file.write_text(text, encoding="utf-8")
    value = source.load(file, "fresh.yml", problems)[1]
    assert problems == []
    fields = KINDS[kind].model_fields
    assert {name for name, field in fields.items() if field.is_required()} <= set(value) <= set(fields)
    # What is not there to fill in is offered behind a `#`, so nobody has to know that it exists.
    assert [name for name in fields if not re.search(rf"^(?:# )?{name}:", text, re.MULTILINE)] == []


@each_kind
def test_skeleton_describes_every_field_in_order(kind: str) -> None:
    lines = skeleton(kind, "sales-lead", TODAY).splitlines()
    assert lines[0].startswith(f"# {(KINDS[kind].__doc__ or '').rstrip('.')}. Fill in what is empty")
    named = [line.removeprefix("# ").partition(":")[0] for line in lines if re.match(r"(?:# )?[a-z_]+:", line)]
    own = [name for name in KINDS[kind].model_fields if name not in Entry.model_fields]
    assert named == [
        "title",
        "summary",
        "aliases",
        *own,
        "related",
        "sources",
        "owner",
        "verified_on",
        "review_in",
        "sample",
    ]
    for name in named:
        place = next(number for number, line in enumerate(lines) if re.match(rf"(?:# )?{name}:", line))
        assert lines[place - 1] == f"# {KINDS[kind].model_fields[name].description}"


@each_kind
def test_check_names_what_is_empty_and_nothing_else(kind: str, miniature: Path) -> None:
    text = skeleton(kind, "sales-lead", TODAY)
    book = write(miniature, kind, text)
    problems = rules.check(book)
    assert {problem.file for problem in problems} == {f"data/{kind}/fresh.yml"}
    assert [str(problem) for problem in problems if not EMPTY.search(problem.message)] == []
    value = source.load(miniature / "data" / kind / "fresh.yml", "", [])[1]
    lists = {"roles_involved", "audience", "serves", "then"} & set(KINDS[kind].model_fields)
    inside = {"questions.0.rests_on"} if kind == "quizzes" else set()
    assert {problem.field for problem in problems} == {*empty_fields(value), *lists, *inside}
    # The line leads to the field.
    lines = text.splitlines()
    for problem in problems:
        assert problem.field.rpartition(".")[2] + ":" in lines[problem.line - 1]


@each_kind
def test_filled_in_it_is_valid(kind: str, miniature: Path) -> None:
    book = write(miniature, kind, fill(skeleton(kind, "sales-lead", TODAY)))
    assert [str(problem) for problem in rules.check(book)] == []
    entry = book.records[source.Ref(kind, "fresh")].entry
    assert entry.verified_on == TODAY
    assert str(entry.owner) == "owners/sales-lead"


@each_kind
def test_offered_fields_are_valid_too(kind: str, miniature: Path) -> None:
    """Somebody who takes the `#` away and fills in what stands behind it gets no surprise."""
    text = fill(skeleton(kind, "sales-lead", TODAY))
    text = re.sub(r"^( *)# year:$", r"\1year: 2026", text, flags=re.MULTILINE)
    text = re.sub(r"^( *)# url:$", r"\1url: https://example.com/work", text, flags=re.MULTILINE)
    assert not re.search(r"^ *# [a-z_]+:$", text, re.MULTILINE), "a field is offered that this test does not fill in"
    assert [str(problem) for problem in rules.check(write(miniature, kind, text))] == []
