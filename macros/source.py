"""Reads `data/` into entries and says everything that is wrong with a file, each fault with its line and field.

The YAML loader is strict: whole numbers, true, false and null are what they look like and everything else is text, so
`no`, `1.10` and dates stay as typed. What would lose or hide text is refused: duplicate keys, anchors, a comment behind
plain text, invisible characters.
"""

from __future__ import annotations

import difflib
import gc
import re
import types
import typing
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError, create_model
from pydantic_core import ErrorDetails

from .model import ID, KINDS, LANGUAGES, PATTERNS, Entry, Fact, Ref, Words, describe

MAX_BYTES = 1_000_000
MAX_DEPTH = 20
T = TypeVar("T", bound=BaseModel)
Path_ = tuple[str | int, ...]
"""The path of a field inside a file, e.g. ``("steps", 1, "why")``."""


@dataclass(frozen=True, order=True)
class Problem:
    """One fault: where it is and what to write instead."""

    file: str
    line: int
    field: str
    message: str

    def __str__(self) -> str:
        # One line that can be read, whatever the author's words hold that it quotes.
        field = self.field if len(self.field) < 100 else f"{self.field[:99]}…"
        where = f"{field}: " if field else ""
        message = re.sub(r"`([^`]{60})[^`]{20,}`", r"`\1…`", self.message)
        return "".join(c if c.isprintable() else " " for c in f"{self.file}:{self.line}: {where}{message}")


class DataError(Exception):
    """The data cannot be used; `problems` says why, all of it."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = problems
        count = f"{len(problems)} problem{'s' if len(problems) != 1 else ''} in the data"
        super().__init__("\n".join([count, *map(str, problems)]))


@dataclass(frozen=True)
class Record:
    """An entry, and where it was read from."""

    ref: Ref
    entry: Entry
    file: str
    text: str = field(repr=False)

    @property
    def kind(self) -> str:
        """The folder it lies in."""
        return self.ref.kind

    @property
    def id(self) -> str:
        """The name of its file."""
        return self.ref.id

    @cached_property
    def lines(self) -> dict[Path_, int]:
        """The line of each field; found only when something has to be said about one."""
        return lines(self.text)

    def problem(self, path: Path_, message: str) -> Problem:
        """A fault of this entry's field at `path`."""
        return located(self.file, self.lines, path, message)


@dataclass
class Playbook:
    """Everything read from one `data/` folder."""

    root: Path
    records: dict[Ref, Record] = field(default_factory=dict)
    partial: list[Record] = field(default_factory=list)
    """What could be read of entries with faults, so that their other faults are found as well."""
    facts: list[Fact] = field(default_factory=list)
    fact_numbers: list[int] = field(default_factory=list)
    """The place of each fact in its file, from 0; a fact with a fault leaves a gap."""
    fact_lines: dict[Path_, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def of(self, kind: str) -> list[Record]:
        """The entries of a kind, in the order of their file names."""
        return [record for ref, record in self.records.items() if ref.kind == kind]

    def readable(self) -> list[Record]:
        """All entries, those with faults included as far as they could be read."""
        return [*self.records.values(), *self.partial]

    def unreadable(self) -> set[str]:
        """The files in which something is wrong; what they lack has been said already."""
        return {problem.file for problem in self.problems}


# ---------------------------------------------------------------------------------------------------- files


def read(root: Path) -> Playbook:
    """All entries below ``root/data``, with every problem found on the way; never raises for bad content."""
    # What is read stays: looking for garbage in it every 700 objects takes a twentieth of a build.
    gc.set_threshold(10_000)
    book = Playbook(root)
    data = root / "data"
    if not data.is_dir():
        book.problems.append(
            Problem("data", 1, "", "there is no such folder; the entries belong in data/<kind>/<id>.yml")
        )
        return book
    for folder in sorted(data.iterdir()):
        name = f"data/{folder.name}"
        if folder.name.startswith("."):
            continue
        if folder.name == "facts.yml" and folder.is_file():
            _read_facts(folder, book)
        elif folder.name not in KINDS or not folder.is_dir():
            what = "no such kind" if folder.is_dir() else "only facts.yml and the folders of kinds belong here"
            known = KINDS if folder.is_dir() else ["facts.yml"]
            book.problems.append(Problem(name, 1, "", what + did_you_mean(folder.name, known)))
    for kind in KINDS:
        for file in sorted((data / kind).glob("[!.]*")):
            _read_entry(file, kind, book)
    return book


def _read_entry(file: Path, kind: str, book: Playbook) -> None:
    name = f"data/{kind}/{file.name}"
    wrong = ""
    if file.is_dir():
        wrong = f"a folder; entries lie side by side in data/{kind}/"
    elif file.suffix != ".yml" or not re.fullmatch(ID, file.stem):
        wrong = "not a file name for an entry; use lower-case words joined by hyphens, ending in .yml"
    elif file.stem == "index":
        wrong = f"`index` is the page that lists data/{kind}/; choose another name"
    if wrong:
        book.problems.append(Problem(name, 1, "", wrong))
        return
    before = len(book.problems)
    text, value = load(file, name, book.problems)
    if text is None:
        return
    if not isinstance(value, dict):
        book.problems.append(Problem(name, 1, "", f"expected the fields of an entry, found {describe(value)}"))
        return
    entry = _build(KINDS[kind], value, name, text, book.problems)
    ref = Ref(kind, file.stem)
    # Text that YAML would have dropped makes the file unusable even where the rest of it is valid.
    if entry is not None and len(book.problems) == before:
        book.records[ref] = Record(ref, entry, name, text)
    elif (entry := entry or _partly(KINDS[kind], value)) is not None:
        book.partial.append(Record(ref, entry, name, text))


def _read_facts(file: Path, book: Playbook) -> None:
    text, value = load(file, "data/facts.yml", book.problems)
    if text is None:
        return
    if not isinstance(value, list):
        book.problems.append(Problem("data/facts.yml", 1, "", f"expected a list of facts, found {describe(value)}"))
        return
    book.fact_lines = lines(text)
    for index, item in enumerate(value):
        fact = _build(Fact, item, "data/facts.yml", text, book.problems, (index,))
        if fact is not None:
            book.facts.append(fact)
            book.fact_numbers.append(index)


def _build(cls: type[T], value: Any, name: str, text: str, problems: list[Problem], at: Path_ = ()) -> T | None:
    try:
        return cls.model_validate(value)
    except ValidationError as error:
        where = lines(text)
        faults = (fault for details in error.errors(include_url=False) for fault in _faults(cls, details, at))
        found = {located(name, where, *fault) for fault in faults}
        problems.extend(sorted(found))
        return None


def _partly(cls: type[Entry], value: dict[str, Any]) -> Entry | None:
    """An entry with faults as far as it can be read: its sound fields, and None for each of the others."""
    try:
        return _lenient(cls).model_validate(value)
    except ValidationError as error:
        faulty = {details["loc"][0] for details in error.errors() if details["loc"]}
    try:
        return _lenient(cls).model_validate({name: part for name, part in value.items() if name not in faulty})
    except ValidationError:
        return None


@cache
def _lenient(cls: type[Entry]) -> type[Entry]:
    fields: dict[str, Any] = {name: (field.annotation, None) for name, field in cls.model_fields.items()}
    return create_model(cls.__name__, __base__=cls, **fields)


# ---------------------------------------------------------------------------------------------------- YAML


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
    """The safe loader, in C where that is there, with only three kinds of value besides text."""

    yaml_implicit_resolvers: typing.ClassVar[dict[str, Any]] = {}


_TAG = "tag:yaml.org,2002:"
_TAGS = {yaml.ScalarNode: "str", yaml.SequenceNode: "seq", yaml.MappingNode: "map"}
_Loader.add_implicit_resolver(_TAG + "bool", re.compile(r"^(?:true|false)$"), list("tf"))
_INT = r"-?(?:0|[1-9][0-9]*)"
_Loader.add_implicit_resolver(_TAG + "int", re.compile(f"^{_INT}$"), list("-0123456789"))
_Loader.add_implicit_resolver(_TAG + "null", re.compile(r"^(?:|null|~)$"), ["n", "~", ""])

# C0 and C1 controls, soft hyphens, zero-width and bidirectional characters, byte-order marks, and what stands for
# characters that were lost.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\uffff]"
)
# What might be an anchor or an alias, and what opens a level: only a file with the one, or with more of the other than
# the C stack bears, is worth a first look event by event.
_ANCHOR = re.compile(r"(?:^|[\s:\[,{-])[&*][^\s*]", re.MULTILINE)
_OPENER = re.compile(r"[\[{]|[-?]\s")
_MANY = 500
_TOO_DEEP = f"nested over {MAX_DEPTH} levels deep; flatten it"
_OPENED = ("unexpected end of stream", "expected ',' or", "could not find expected ':'")
_QUOTES = "quotation marks that do not pair, here or just above; keep one pair around the whole text, “ ” inside it"
_BRACKET = "text cannot start with a bracket; put the text in quotes"
_SYNTAX = (
    ("mapping values are not allowed", "a colon and a space inside plain text; put the text in quotes"),
    ("found character '\\t'", "a tab; use spaces"),
    ("found unexpected end of stream", "a quotation mark that is never closed; close it"),
    ("found character that cannot start", "text cannot start with this character; put the text in quotes"),
    ("could not find expected ':'", "expected `field: text`; is a colon missing, or should the text be in quotes?"),
    ("did not find expected key", "expected a field here; check the indentation and the quotation marks"),
    ("did not find expected '-' indicator", "expected `- ` here; check the indentation"),
    ("did not find expected ',' or", "a bracket is not closed; close it, or put the text in quotes"),
    ("did not find expected node content", "expected a text here; put it in quotes"),
    ("did not find expected alphabetic", "text cannot start with `&` or `*`; put the text in quotes"),
    ("block sequence entries are not allowed", "a list cannot start on this line; start it on the next"),
    ("found unknown escape character", r"an unknown escape in a quoted text; write \\ for a backslash"),
    ("did not find expected <document start>", "expected one entry; is a line not indented as it should be?"),
    ("found a tab character", "a tab; use spaces"),
    ("too deep", _TOO_DEEP),
    ("found another document", "`---` starts a second entry here; keep one entry a file"),
)


def load(file: Path, name: str, problems: list[Problem]) -> tuple[str | None, Any]:
    """The text and the value of a YAML file; ``(None, None)`` and problems where it cannot be used."""
    try:
        if file.stat().st_size > MAX_BYTES:
            problems.append(Problem(name, 1, "", f"the file is over {MAX_BYTES:,} bytes; split it"))
            return None, None
        raw = file.read_bytes()
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        problems.append(Problem(name, line, "", "not UTF-8; save the file with the encoding UTF-8"))
        return None, None
    except OSError as error:
        problems.append(Problem(name, 1, "", f"cannot be read ({error.strerror})"))
        return None, None
    found = list(_characters(name, text))
    problems.extend(found)
    if found:
        # Read on as if it were mended, so that the file's other faults are known as well.
        text = unicodedata.normalize("NFC", _INVISIBLE.sub("", text))
    try:
        if _ANCHOR.search(text) or len(_OPENER.findall(text)) > _MANY:
            structure = list(_structure(name, text))
            problems.extend(structure)
            if structure:
                return None, None
        node = _compose(text)
        if node is not None:
            return text, _value(node, name, text.splitlines() if "#" in text else [], problems)
        problems.append(Problem(name, 1, "", "the file holds no entry; write it or delete the file"))
    except yaml.YAMLError as error:
        problem = _syntax(name, text, error)
        if problem.line not in {other.line for other in found}:
            problems.append(problem)
    except RecursionError:
        problems.append(Problem(name, 1, "", _TOO_DEEP))
    return None, None


def _compose(text: str) -> yaml.Node | None:
    loader = _Loader(text)
    try:
        return loader.get_single_node()
    finally:
        loader.dispose()


def _characters(name: str, text: str) -> Iterator[Problem]:
    """Characters that nobody can see, and text that only looks like other text."""
    if text.startswith("\ufeff"):
        yield Problem(name, 1, "", "the file starts with a byte-order mark; save it as UTF-8 without one")
        text = text[1:]
    for match in _INVISIBLE.finditer(text):
        line = text.count("\n", 0, match.start()) + 1
        yield Problem(name, line, "", _invisible(match[0]))
    if not unicodedata.is_normalized("NFC", text):
        for number, line in enumerate(text.split("\n"), 1):
            if not unicodedata.is_normalized("NFC", line):
                yield Problem(name, number, "", "accents typed as separate characters; save the text as Unicode NFC")
    for number, line in enumerate(text.split("\n"), 1):
        if "\t" in line and re.match(r" *\t", line):
            yield Problem(name, number, "", "a tab; use spaces")


def _structure(name: str, text: str) -> Iterator[Problem]:
    """Anchors, aliases and deep nesting, read event by event so that nothing is built from them.

    PyYAML's loader in C overruns the stack of the process where a file is nested some ten thousand levels deep.
    """
    depth = 0
    for event in yaml.parse(text, Loader=_Loader):
        line = event.start_mark.line + 1
        if isinstance(event, yaml.AliasEvent):
            yield Problem(name, line, "", f"`*{event.anchor}` is an alias, not text; put it in quotes")
        elif getattr(event, "anchor", None):
            yield Problem(name, line, "", f"`&{event.anchor}` is an anchor, not text; put it in quotes")
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > MAX_DEPTH:
                raise yaml.MarkedYAMLError(problem="too deep", problem_mark=event.start_mark)
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1


def _value(
    node: yaml.Node, name: str, source: list[str], problems: list[Problem], path: Path_ = (), indent: int = 0
) -> Any:
    """The plain value of a node: dict, list, str, int, bool or None; `indent` is the column of what holds it."""
    if len(path) > MAX_DEPTH:
        raise yaml.MarkedYAMLError(problem="too deep", problem_mark=node.start_mark)
    line, tag = node.start_mark.line + 1, node.tag.removeprefix(_TAG)
    if isinstance(node, yaml.ScalarNode):
        # A tag may claim what the text is not, such as `!!int ten`.
        match tag, node.value:
            case "int", text if re.fullmatch(_INT, text):
                return int(text) if len(text) < 19 else text
            case "bool", ("true" | "false") as text:
                return text == "true"
            case "null", ("" | "~" | "null"):
                return None
        if node.style == '"':  # The one style in which such characters may stand as escapes.
            for character in sorted({*_INVISIBLE.findall(node.value), *re.findall("\r", node.value)}):
                problems.append(Problem(name, line, dotted(path), _invisible(character)))
        lost = _comment(node, source, indent)
        if lost:
            message = f"`{lost[1]}` would be lost as a comment; put the text in quotes"
            problems.append(Problem(name, lost[0], dotted(path), message))
    if tag != _TAGS[type(node)]:
        shown = node.tag.replace(_TAG, "!!")
        message = f"`{shown}` is a tag, not text; put the text in quotes or remove the tag"
        problems.append(Problem(name, line, dotted(path), message))
    if isinstance(node, yaml.ScalarNode):
        return node.value
    if isinstance(node, yaml.SequenceNode):
        column = node.start_mark.column
        return [_value(item, name, source, problems, (*path, i), column) for i, item in enumerate(node.value)]
    found: dict[str, Any] = {}
    seen: dict[str, int] = {}
    for key, value in node.value:
        line = key.start_mark.line + 1
        if not isinstance(key, yaml.ScalarNode) or key.tag != _TAG + "str":
            what = f"`{key.value}`" if isinstance(key, yaml.ScalarNode) else "a list or fields in brackets"
            problems.append(Problem(name, line, dotted(path), f"the name of a field must be a word, found {what}"))
            continue
        if key.value in seen:
            message = f"this field stands twice, first in line {seen[key.value]}; keep one"
            problems.append(Problem(name, line, dotted((*path, key.value)), message))
        seen[key.value] = line
        found[key.value] = _value(value, name, source, problems, (*path, key.value), key.start_mark.column)
    return found


def _comment(node: yaml.ScalarNode, source: list[str], indent: int) -> tuple[int, str] | None:
    """The line and the words of a comment that the author may have meant as part of a plain text.

    It stands behind the text, or on the next line where that is set in like the rest of the text.
    """
    if node.style or not node.value or not source:
        return None
    line, column = node.end_mark.line, node.end_mark.column
    for number, rest in enumerate((source[line][column:], *source[line + 1 : line + 2]), line + 1):
        words = rest.lstrip(" ")
        if words.startswith("#") and (number == line + 1 or len(rest) - len(words) > indent):
            return number, words
        if words:
            return None
    return None


def _invisible(character: str) -> str:
    if character == "\ufffd":
        return "a character that was lost (U+FFFD); type it again"
    return f"an invisible character (U+{ord(character):04X}); delete it"


def _syntax(name: str, text: str, error: yaml.YAMLError) -> Problem:
    problem = getattr(error, "problem", None) or str(error)
    mark = getattr(error, "problem_mark", None)
    # What is never closed is worth knowing where it opens, not where the file ends.
    if any(words in problem for words in _OPENED) or mark is None:
        mark = getattr(error, "context_mark", None) or mark
    source = text.splitlines() or [""]
    number = min(mark.line + 1 if mark else 1, len(source))
    # A full-width colon swallows its line; the parser notices only afterwards.
    for candidate in (number, number - 1):
        if candidate and re.match(r"[\s-]*[a-z_]+：", source[candidate - 1]):
            return Problem(name, candidate, "", "a full-width colon `：` behind the field; write `: `")
    # A field without its colon becomes part of a text, which ends at the next colon.
    for candidate in (number, number - 1) if source[number - 1].count(": ") < 2 else ():
        bare = re.fullmatch(r"[\s-]*([a-z_]+)\s*", source[candidate - 1]) if candidate else None
        if bare and ("mapping values are not allowed" in problem or "expected ':'" in problem):
            return Problem(name, candidate, "", f"no colon behind the field; write `{bare[1]}:`")
    start = re.match(r"[\s-]*(?:[a-z_]+: +)?([\"'\[{])", source[number - 1])
    if start and "did not find expected key" in problem:
        message = _BRACKET if start[1] in "[{" else _QUOTES
    else:
        message = next((ours for theirs, ours in _SYNTAX if theirs in problem), f"not valid YAML ({problem})")
    return Problem(name, number, "", message)


# ---------------------------------------------------------------------------------------------------- lines and words


def lines(text: str) -> dict[Path_, int]:
    """The line (from 1) of every field of a YAML text, by its path; the whole is at ``()``."""
    found: dict[Path_, int] = {(): 1}

    def visit(node: yaml.Node, path: Path_) -> None:
        if isinstance(node, yaml.MappingNode):
            for key, value in node.value:
                if isinstance(key, yaml.ScalarNode):
                    found[(*path, key.value)] = key.start_mark.line + 1
                    visit(value, (*path, key.value))
        elif isinstance(node, yaml.SequenceNode):
            for index, item in enumerate(node.value):
                found[(*path, index)] = item.start_mark.line + 1
                visit(item, (*path, index))

    node = _compose(text)
    if node is not None:
        visit(node, ())
    return found


def located(name: str, where: dict[Path_, int], path: Path_, message: str) -> Problem:
    """A problem at `path`, or at the nearest field around it that the file really holds."""
    inside = path
    while inside not in where:
        inside = inside[:-1]
    # `en` and `zh` of a plain string have no line of their own: the field is meant.
    shown = inside if path[len(inside) :] in (("en",), ("zh",)) else path
    return Problem(name, where[inside], dotted(shown), message)


def dotted(path: Path_) -> str:
    """A path as people read it: ``steps.1.why``."""
    return ".".join(map(str, path))


def did_you_mean(word: str, known: typing.Iterable[str]) -> str:
    """``; did you mean `x`?`` where something known is close, else nothing."""
    close = difflib.get_close_matches(word, list(known), n=1, cutoff=0.6)
    return f"; did you mean `{close[0]}`?" if close else ""


def _faults(cls: type[BaseModel], details: ErrorDetails, at: Path_) -> Iterator[tuple[Path_, str]]:
    """A validation error as the field it is about and words that say what to write instead; prose may hold several."""
    first = _fault(cls, details, at)
    for other in details.get("ctx", {}).get("others", ()):
        # Where the whole had to be looked at, each message has its own place.
        yield (first[0], other) if isinstance(other, str) else (at + details["loc"] + other[0], other[1])
    yield first


def _fault(cls: type[BaseModel], details: ErrorDetails, at: Path_) -> tuple[Path_, str]:
    path: Path_ = details["loc"]
    value = details["input"]
    context = details.get("ctx", {})
    last = path[-1] if path else ""
    shown = f"`{value}`" if isinstance(value, str) else describe(value)
    model = _model_at(cls, path)
    colon = re.match(r"([a-z_]+)[：:]", value) if isinstance(value, str) else None
    match details["type"]:
        case _ if colon and model and colon[1] in model.model_fields:
            message = f"found `{colon[0]}`; write `{colon[1]}: ` with a plain colon and a space behind it"
        case "playbook":
            message = context["message"]
            place = context["field"] or ()
            path += (place,) if isinstance(place, str) else place
        case "missing" if last in LANGUAGES:
            path, message = path[:-1], f"no text for {last}"
        case "missing":
            message = "this field is missing; add it"
        case "extra_forbidden":
            outer = _model_at(cls, path[:-1])
            names = list(outer.model_fields) if outer else []
            if outer is not None and issubclass(outer, Words):
                message = f"`{last}` is not a language of this playbook; use {' and '.join(LANGUAGES)}"
            else:
                known = f"; the fields here are {', '.join(names)}" if len(names) < 9 else ""
                message = "no such field" + (did_you_mean(str(last), names) or known)
        case "string_type":
            quotes = "; put it in quotes" if isinstance(value, bool | int) else "; write it or leave the field out"
            message = f"expected text, found {shown}{quotes if not isinstance(value, list | dict) else ''}"
        case "string_too_long":
            message = f"{len(value)} characters; at most {context['max_length']} fit"
        case "string_pattern_mismatch":
            message = f"expected {PATTERNS[context['pattern']]}, found {shown}"
        case "list_type":
            better = "; write it or leave the field out" if value is None else ""
            message = f"expected a list, each item behind `- `, found {describe(value)}{better}"
        case "too_short":
            least, found = context["min_length"], context["actual_length"]
            message = f"expected at least {'one item' if least == 1 else f'{least} items'}, found {found or 'none'}"
        case "model_type" | "model_attributes_type":
            names = [f"`{name}:`" for name in model.model_fields] if model else []
            message = f"expected {', '.join(names)} under it, found {describe(value)}"
        case "literal_error":
            known = [word.strip("'") for word in re.findall(r"'[^']*'", context["expected"])]
            message = f"expected one of {', '.join(known)}, found {shown}{did_you_mean(str(value), known)}"
        case "less_than_equal" | "greater_than_equal":
            bound = f"at most {context['le']}" if "le" in context else f"at least {context['ge']}"
            message = f"expected {bound}, found {value}"
        case "bool_type":
            message = f"expected true or false, found {shown}"
        case "int_type":
            message = f"expected a whole number, found {shown}"
        case _:
            message = details["msg"]
    return at + path, message


def _model_at(cls: Any, path: Path_) -> type[BaseModel] | None:
    """The model class that a path inside `cls` leads to."""
    if typing.get_origin(cls) in (typing.Union, types.UnionType):
        cls = next(arg for arg in typing.get_args(cls) if arg is not type(None))
    if typing.get_origin(cls) is typing.Annotated:
        cls = typing.get_args(cls)[0]
    if not path:
        return cls if isinstance(cls, type) and issubclass(cls, BaseModel) else None
    if typing.get_origin(cls) is list:
        return _model_at(typing.get_args(cls)[0], path[1:])
    if isinstance(cls, type) and issubclass(cls, BaseModel) and path[0] in cls.model_fields:
        return _model_at(cls.model_fields[str(path[0])].annotation, path[1:])
    return None
