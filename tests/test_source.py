"""Reading data/: whatever is done to a valid file, there is no traceback, and nothing typed is lost without a word."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from macros import rules, source
from macros.model import KINDS, Ref
from macros.render import Site

from .conftest import MINIATURE

FILES = sorted(str(file.relative_to(MINIATURE)) for file in (MINIATURE / "data").rglob("*.yml"))
TEXTS = {name: (MINIATURE / name).read_text(encoding="utf-8") for name in FILES}
LEAD = "data/glossary/lead.yml"
CALL = "data/plays/first-call.yml"

# The same examples on every run, however slow the machine.
steady = settings(
    derandomize=True,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@pytest.fixture(scope="module")
def playbook(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the miniature playbook that every example changes in one file and puts right again."""
    return Path(shutil.copytree(MINIATURE, tmp_path_factory.mktemp("source") / "miniature"))


def read(playbook: Path, name: str, content: bytes) -> tuple[source.Playbook, list[source.Problem]]:
    """The playbook with other content in one file, and all that is said about it."""
    file = playbook / name
    file.write_bytes(content)
    try:
        book = source.read(playbook)
        problems = rules.check(book)
    finally:
        file.write_text(TEXTS[name], encoding="utf-8")
    for problem in problems:
        assert "\n" not in str(problem)
        assert str(problem).isprintable()
    return book, problems


# ---------------------------------------------------------------------------------------------------- what was typed


def typed(text: str) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Every text in a YAML file with its path, as another reader sees it: PyYAML's own, in Python, without types."""

    def visit(node: yaml.Node, path: tuple[str | int, ...]) -> Iterator[tuple[tuple[str | int, ...], str]]:
        if isinstance(node, yaml.ScalarNode):
            yield path, node.value
        elif isinstance(node, yaml.SequenceNode):
            for index, item in enumerate(node.value):
                yield from visit(item, (*path, index))
        else:
            names = [key.value for key, _ in node.value]
            assert len(set(names)) == len(names), f"passed with a field twice: {names}"
            for key, value in node.value:
                yield from visit(value, (*path, key.value))

    return visit(yaml.compose(text, Loader=yaml.BaseLoader), ())


def read_at(value: Any, path: tuple[str | int, ...]) -> Any:
    """What the model holds at a path."""
    for step in path:
        value = value[step] if isinstance(step, int) else getattr(value, step)
    return value


def assert_kept(text: str, value: Any) -> None:
    """Every text of a file is in the model, at its place; only white space around it may be gone."""
    for path, words in typed(text):
        kept = read_at(value, path)
        if kept is None or isinstance(kept, bool):
            assert words in {None: ("", "~", "null"), True: ("true",), False: ("false",)}[kept], path
        elif isinstance(kept, Ref):
            assert words in (kept.id, str(kept)), path
        elif isinstance(kept, str | int | date):
            assert words.strip() == str(kept).strip(), path
        else:
            assert (kept.en, kept.zh) == (words.strip(), words.strip()), path
    # A comment behind a plain text is text to whoever typed it.
    for token in yaml.scan(text, Loader=yaml.BaseLoader):
        if isinstance(token, yaml.ScalarToken) and token.plain and token.end_mark.buffer is not None:
            rest = text[token.end_mark.index :].split("\n", 1)[0]
            assert not rest.lstrip().startswith("#") or token.value in ("true", "false", "null", "~"), rest


# ---------------------------------------------------------------------------------------------------- mutations

PIECES = st.sampled_from(
    [
        *"\"'#:-?*&!|>%@`,[]{}~=.0 \t\n\r\\/",
        *(
            "：",
            "“",
            "—",
            "\u00a0",
            "\u3000",
            "\u200b",
            "\u202e",
            "\ufeff",
            "\0",
            "\x1b",
            "\x85",
            "\u2028",
            "é",
            "e\u0301",
        ),
        *(
            ": ",
            " #",
            "- ",
            "\n- ",
            "\n  ",
            "\n    # ",
            "---\n",
            "...\n",
            "<<: ",
            "&a ",
            "*a",
            "!!str ",
            "!!null ",
            "!x ",
        ),
        *("null", "true", "no", "1.10", "010", "2026-02-30", "[[", "]]", "[[plays/first-call]]", "[x](y)", "**", "67%"),
        *(
            "[",
            "{",
            "[[[[",
            "{a: ",
            "- - - ",
            "? ",
            "|-\n",
            ">+2\n",
            "\\u0000",
            "\\x07",
            "<script>",
            "{{ 7*7 }}",
            "{% x %}",
        ),
    ]
) | st.text(max_size=3)


@st.composite
def mutated(draw: st.DrawFn, name: str | None = None) -> tuple[str, str]:
    """The name of a file of the miniature playbook, and its text after one to three slips."""
    name = name or draw(st.sampled_from(FILES))
    text = TEXTS[name]
    for _ in range(draw(st.integers(1, 3))):
        at = draw(st.integers(0, len(text)))
        end = min(len(text), at + draw(st.integers(1, 12)))
        rows = text.split("\n")
        row, other = draw(st.integers(0, len(rows) - 1)), draw(st.integers(0, len(rows) - 1))
        match draw(st.integers(0, 11)):
            case 0:
                text = text[:at] + text[end:]
            case 1:
                text = text[:end] + text[at:]
            case 2 | 3:
                text = text[:at] + draw(PIECES) + text[at:]
            case 4:
                text = text[:at] + draw(PIECES) + text[end:]
            case 5:
                text = text[:at]
            case 6:
                text = "\n".join(rows[:row] + rows[row + 1 :])
            case 7:
                text = "\n".join(rows[: row + 1] + rows[row:])
            case 8:
                rows[row], rows[other] = rows[other], rows[row]
                text = "\n".join(rows)
            case 9:
                # The values of two fields change places.
                (left, colon, value), (left2, colon2, value2) = rows[row].partition(":"), rows[other].partition(":")
                rows[row], rows[other] = left + colon + value2, left2 + colon2 + value
                text = "\n".join(rows)
            case 10:
                rows[row] = draw(st.sampled_from(["  ", " ", "- ", "# ", "\t"])) + rows[row]
                text = "\n".join(rows)
            case _:
                rows[row] = rows[row].rstrip() + draw(
                    st.sampled_from([" ", " #x", ":", ": x", "'", '"', " # x", "\n #x"])
                )
                text = "\n".join(rows)
    return name, text


@settings(steady, max_examples=1_000)
@given(mutated())
@example((LEAD, TEXTS[LEAD].replace("en: Lead", "en: Lead #1")))
@example((LEAD, TEXTS[LEAD].replace("en: Lead", "en: Lead\n    #1")))
@example((CALL, TEXTS[CALL].replace("    why:", "    who: !!null text\n    why:")))
@example((LEAD, TEXTS[LEAD] + "? [a]\n: b\n"))
def test_no_slip_loses_text_silently(playbook: Path, case: tuple[str, str]) -> None:
    name, text = case
    content = text.encode("utf-8", "surrogatepass")
    book, problems = read(playbook, name, content)
    if problems:
        return
    if name == "data/facts.yml":
        assert_kept(text, book.facts)
        return
    assert_kept(text, book.records[Ref(*name.removesuffix(".yml").split("/")[1:])].entry)


@settings(steady, max_examples=100)
@given(text=mutated(name=CALL), language=st.sampled_from(["en", "zh"]))
def test_what_is_let_through_has_a_page(playbook: Path, text: tuple[str, str], language: str) -> None:
    book, problems = read(playbook, text[0], text[1].encode("utf-8", "surrogatepass"))
    if not problems:
        site = Site(book, language, "https://example.com/", date(2026, 11, 23))
        assert site.entry(Ref("plays", "first-call")).html


@settings(steady, max_examples=100)
@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_any_bytes_are_read_without_a_traceback(playbook: Path, content: bytes) -> None:
    _, problems = read(playbook, LEAD, content)
    assert problems


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.dates() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5) | st.sampled_from(["en", "zh"]), inner)
    ),
    max_leaves=5,
)


@settings(steady, max_examples=250)
@given(kind=st.sampled_from(list(KINDS)), data=st.data())
def test_any_value_in_any_field_is_read_without_a_traceback(playbook: Path, kind: str, data: st.DataObject) -> None:
    name = next(name for name in FILES if name.startswith(f"data/{kind}/"))
    entry = yaml.safe_load(TEXTS[name])
    for field in data.draw(st.lists(st.sampled_from(list(KINDS[kind].model_fields)), min_size=1, max_size=3)):
        entry[field] = data.draw(VALUES)
    text = yaml.dump(entry, allow_unicode=True, sort_keys=False)
    book, problems = read(playbook, name, text.encode("utf-8", "surrogatepass"))
    if not problems:
        assert_kept(text, book.records[Ref(kind, name.split("/")[2].removesuffix(".yml"))].entry)


# ---------------------------------------------------------------------------------------------------- lines


def test_a_problem_names_the_line_of_its_field() -> None:
    text = "steps:\n  - do: a\n    why: b\n  -\n    do: c\nsay: [x,\n  y]\n"
    assert source.lines(text) == {
        (): 1,
        ("steps",): 1,
        ("steps", 0): 2,
        ("steps", 0, "do"): 2,
        ("steps", 0, "why"): 3,
        ("steps", 1): 5,
        ("steps", 1, "do"): 5,
        ("say",): 6,
        ("say", 0): 6,
        ("say", 1): 7,
    }


@pytest.mark.parametrize(
    ("path", "field", "line"),
    [
        (("title", "en"), "title.en", 3),
        (("title", "fr"), "title.fr", 2),
        (("owner", "zh"), "owner", 4),
        (("steps", 0, "do"), "steps.0.do", 1),
    ],
)
def test_a_missing_field_is_named_where_it_belongs(path: source.Path_, field: str, line: int) -> None:
    found = source.located("x.yml", source.lines("\ntitle:\n  en: a\nowner: b\n"), path, "!")
    assert (found.field, found.line) == (field, line)


def test_all_problems_of_one_playbook_are_sorted_and_named_once(miniature: Path) -> None:
    for name in (LEAD, CALL):
        (miniature / name).write_text(TEXTS[name].replace("owner: sales-lead", "owner: nobody"), encoding="utf-8")
    problems = rules.check(source.read(miniature))
    assert [(problem.file, problem.line) for problem in problems] == [(LEAD, 20), (CALL, 35)]


def test_a_data_error_says_how_many_and_each() -> None:
    problem = source.Problem("data/x.yml", 2, "title", "no text for zh")
    assert str(source.DataError([problem])) == "1 problem in the data\ndata/x.yml:2: title: no text for zh"
    assert str(source.DataError([problem, problem])).startswith("2 problems in the data\n")
