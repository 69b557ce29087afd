"""The words of the interface: both languages have all of them, and each one is used."""

from __future__ import annotations

import re
import typing
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from pydantic import BaseModel

from macros.model import KINDS, LANGUAGES, Checklist, Entry, Levels, Metric, Play, Rhythm, SellerFunction, Statistic
from macros.render import TEMPLATES, VIEWS
from macros.words import _pick, words

from .conftest import ROOT

HAN = re.compile(r"[\u3400-\u9fff]")
CODE = (ROOT / "macros" / "render.py").read_text(encoding="utf-8")
MARKUP = {file.relative_to(TEMPLATES): file.read_text(encoding="utf-8") for file in TEMPLATES.rglob("*.j2")}
SCRIPTS = sorted((ROOT / "docs" / "assets").glob("*.js"))
FRAME = {file.name: file.read_text(encoding="utf-8") for file in (ROOT / "overrides").rglob("*.html")}
COMMON_FIELDS = {"related", "sources"}
"""Fields of every entry that may hold a reference, so that "mentioned by" names them."""
MADE_FIELDS = {"kept_entries", "checklists", "quizzes"}
"""Headings of lists that are worked out and stand in no file."""


def leaves(tree: dict[str, Any], at: str = "") -> Iterator[tuple[str, str]]:
    """Every text of a language, by its dotted key."""
    for key, value in tree.items():
        if isinstance(value, dict):
            yield from leaves(value, f"{at}{key}.")
        else:
            yield f"{at}{key}", value


def choices(cls: type[BaseModel], field: str) -> set[str]:
    """The words a field may hold, also where it is a list of them."""
    kind = cls.model_fields[field].annotation
    return set(typing.get_args(typing.get_args(kind)[0] if typing.get_origin(kind) is list else kind))


TEXTS = {language: dict(leaves(words(language))) for language in LANGUAGES}
each_key = pytest.mark.parametrize("key", TEXTS["en"])


@pytest.mark.parametrize(
    ("tree", "message"),
    [
        ({"page": {"home": {"en": "Home"}}}, "words.yml: page.home: expected exactly en, zh, found en"),
        ({"page": {"home": {"en": "Home", "zh": "首页", "de": "Start"}}}, "words.yml: page.home: expected exactly"),
        ({"page": {"home": "Home"}}, "words.yml: page.home: expected a text for each of en, zh"),
    ],
    ids=["missing", "too-many", "no-language"],
)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_key_is_in_every_language(tree: Any, message: str, language: str) -> None:
    with pytest.raises(ValueError, match=re.escape(message)):
        _pick(tree, language, "")


@each_key
def test_text_is_in_its_language(key: str) -> None:
    english, chinese = TEXTS["en"][key], TEXTS["zh"][key]
    assert english
    assert not HAN.search(english)
    assert HAN.search(chinese) or not re.search(r"[A-Za-z0-9]", re.sub(r"\{\d?\}", "", chinese))
    assert not re.search(rf"{HAN.pattern}[,;:?!()]|[,;:?!()]{HAN.pattern}", chinese)
    assert sorted(re.findall(r"\{\d?\}", english)) == sorted(re.findall(r"\{\d?\}", chinese))


# ---------------------------------------------------------------------------------------------------- used, and there


def test_kinds_have_their_words() -> None:
    names = words("en")["kinds"]
    assert list(names) == list(KINDS)
    assert all(set(name) == {"many", "one", "lead"} for name in names.values())


def test_fields_have_their_labels() -> None:
    labels = set(words("en")["fields"])
    own = {kind: set(cls.model_fields) - set(Entry.model_fields) for kind, cls in KINDS.items()}
    assert {name for name in labels if "." not in name} == set().union(*own.values(), COMMON_FIELDS, MADE_FIELDS)
    special = [name.split(".") for name in labels if "." in name]
    assert [".".join(name) for name in special if name[1] not in own[name[0]]] == []


@pytest.mark.parametrize(
    ("group", "expected"),
    [
        ("grades", choices(Statistic, "grade")),
        ("grade_notes", choices(Statistic, "grade")),
        ("levels", set(Levels.model_fields)),
        ("stages", choices(SellerFunction, "stage")),
        ("every", choices(Checklist, "cadence") | choices(Rhythm, "every")),
        ("moments", choices(Checklist, "cadence")),
        ("modes", choices(Checklist, "mode")),
        ("units", choices(Metric, "unit")),
        ("better", choices(Metric, "better")),
        ("roles", choices(Play, "roles_involved")),
    ],
)
def test_choices_have_their_words(group: str, expected: set[str]) -> None:
    assert set(words("en")[group]) == expected


FREE = ("page", "search", "home", "sheet", "checklist", "quiz", "path", "review", "progress", "team")
"""The groups whose keys are named in templates one by one."""


def test_there_is_no_group_without_a_test() -> None:
    tested = {"grades", "grade_notes", "levels", "stages", "every", "units", "better", "roles", "kinds", "fields"}
    assert set(words("en")) == tested | {"moments", "modes", "views", "scripts", *FREE}


def test_views_have_their_words() -> None:
    assert words("en")["views"].keys() == set(VIEWS)
    assert all(set(view) == {"title", "lead"} for view in words("en")["views"].values())


SAID_BY = {"quiz": ("exam", "paper", "questions", "quizzes"), "path": ("paths",)}
"""The scripts that say a group of words, where it does not have their name."""


@pytest.mark.parametrize("key", [key for key in TEXTS["en"] if key.startswith("scripts.")])
def test_script_says_it(key: str) -> None:
    _, group, name = key.split(".")
    scripts = "\n".join(
        (ROOT / "docs" / "assets" / f"{script}.js").read_text(encoding="utf-8")
        for script in (*SAID_BY.get(group, (group,)), "store", "transfer")
    )
    looked_up = "`was_" in scripts if name.startswith("was_") else f'"{name}"' in scripts
    assert re.search(rf"\bwords\.{name}\b", scripts) or looked_up


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.stem)
def test_script_says_only_what_there_is(script: Path) -> None:
    known = {name for group in words("en")["scripts"].values() for name in group}
    said = set(re.findall(r"\bwords\.([a-z_]+)", script.read_text(encoding="utf-8")))
    assert script.stem in ("checklists", "search") or said <= known  # theirs stand in data attributes


@pytest.mark.parametrize("key", [key for key in TEXTS["en"] if key.partition(".")[0] in FREE])
def test_key_is_used(key: str) -> None:
    group, name, *inside = key.split(".")
    markup = "\n".join(MARKUP.values())
    for text in MARKUP.values():
        if said := re.search(r"\{% set say = w\.([a-z]+) %\}", text):
            markup += re.sub(r"\bsay\b", f"w.{said[1]}", text)
    last = (inside or [name])[-1]
    if inside and re.search(rf"\bw\.{group}\.{name}(?:\[| %)", markup):
        return  # One of several that belong together, such as the ends of a scenario.
    if re.search(rf"\bw\.{group}\[", markup) and re.search(rf'"{last.rpartition("_")[2]}"', markup):
        return  # Looked up by a name from a list in the template, such as w.quiz[name] and w.path["print_" ~ name].
    if group == "sheet" and name in ("name", "date", "customer"):  # The lines to write on: w.sheet[line].
        assert re.search(rf'for line in \(.*"{name}"', markup)
        return
    if group == "home" and name.removesuffix("_text") in words("en")["roles"]:
        # The three doors: w.home[role] and w.home[role ~ "_text"].
        assert re.search(rf'\("{name.removesuffix("_text")}", "pages/', markup)
        assert "w.home[role" in markup
        return
    assert re.search(rf"\bw\.{group}\.{name}\b", markup) or f'"{name}"' in CODE


@pytest.mark.parametrize("template", MARKUP, ids=str)
def test_template_uses_known_keys(template: Path) -> None:
    for dotted in re.findall(r"\bw\.([a-z_]+(?:\.[a-z_]+)*)", MARKUP[template]):
        place: Any = words("en")
        for part in dotted.split("."):
            # A method of the text, such as `w.page.overdue.format(…)`.
            if isinstance(place, str) and hasattr(place, part):
                break
            assert part in place, f"w.{dotted}"
            place = place[part]


def test_code_uses_known_keys() -> None:
    for group, name in re.findall(r'words\["([a-z_]+)"\](?:\["([a-z_]+)"\])?', CODE):
        assert group in words("en")
        assert not name or name in words("en")[group]


# ---------------------------------------------------------------------------------------------------- the frame


def frame_words(config: str) -> dict[str, str]:
    """`extra.words` of a configuration file."""
    return yaml.safe_load((ROOT / config).read_text(encoding="utf-8"))["extra"]["words"]


def test_frame_has_the_same_words_in_both_languages() -> None:
    english, chinese = frame_words("mkdocs.yml"), frame_words("mkdocs.zh.yml")
    assert list(english) == list(chinese)
    for key, text in english.items():
        assert sorted(re.findall(r"\{\d\}", text)) == sorted(re.findall(r"\{\d\}", chinese[key])), key
        if key != "other_language":  # names the other one
            assert not HAN.search(text), key
            assert HAN.search(chinese[key]), key


@pytest.mark.parametrize("key", frame_words("mkdocs.yml"))
def test_frame_word_is_used(key: str) -> None:
    assert any(re.search(rf"(?:\bw|extra\.words)\.{key}\b", text) for text in FRAME.values())


def test_frame_uses_known_words() -> None:
    for name, text in FRAME.items():
        code = " ".join(re.findall(r"\{[{%].*?[%}]\}", text))
        assert set(re.findall(r"(?:\bw|extra\.words)\.([a-z_]+)", code)) <= set(frame_words("mkdocs.yml")), name
