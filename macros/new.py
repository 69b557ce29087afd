"""Starts a new entry: a file with every field of its kind, what belongs there, and room for both languages."""

from __future__ import annotations

import types
import typing
from collections.abc import Iterator
from datetime import date
from typing import Any

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from .model import KINDS, LANGUAGES, Entry, Source, WordList, Words

HEAD = "# {one}. Fill in what is empty, delete what you do not need, then run `make check`.\n"


def skeleton(kind: str, owner: str, today: date) -> str:
    """The text of a new entry of a kind: its fields in order, each with its description, texts still empty."""
    lines = [HEAD.format(one=(KINDS[kind].__doc__ or "").split("\n")[0].rstrip("."))]
    own = [name for name in KINDS[kind].model_fields if name not in Entry.model_fields]
    common = list(Entry.model_fields)
    for name in [*common[:3], *own, *common[3:]]:
        field = KINDS[kind].model_fields[name]
        lines.append(f"# {field.description}")
        match name:
            case "owner":
                lines.append(f"owner: {owner}")
            case "verified_on":
                lines.append(f"verified_on: {today}")
            case "review_in":
                lines.append("review_in: 12 months")
            case "sources":
                lines += ["sources:", "  - house:", *_texts("      ")]
            case "sample":
                lines.append("sample: false")
            case _:
                lines += _field(name, field, "")
    return "\n".join(lines) + "\n"


def _field(name: str, field: FieldInfo, indent: str) -> Iterator[str]:
    kind = _bare(field.annotation)
    if typing.get_origin(kind) is list:
        item = _bare(typing.get_args(kind)[0])
        if typing.get_origin(item) is typing.Literal:
            yield f"{indent}{name}: [] # some of: {', '.join(typing.get_args(item))}"
            return
        if not isinstance(item, type) or not issubclass(item, BaseModel):
            yield f"{indent}{name}: []"
            return
        least = next((rule.min_length for rule in field.metadata if hasattr(rule, "min_length")), 1)
        # What may be left out, such as the answers of the other types of question, is offered behind a `#`.
        start = indent if field.is_required() or issubclass(item, Words) else f"{indent}# "
        yield f"{start}{name}:"
        for _ in range(least):
            first, *rest = _value(item, "    ")
            yield f"{start}  - {first.strip()}"
            yield from (f"{start}{line}" for line in rest)
    elif isinstance(kind, type) and issubclass(kind, BaseModel):
        yield f"{indent}{name}:"
        yield from _value(kind, indent + "  ")
    elif typing.get_origin(kind) is typing.Literal:
        yield f"{indent}{name}: # one of: {', '.join(typing.get_args(kind))}"
    elif isinstance(field.default, bool | int):
        yield f"{indent}{name}: {str(field.default).lower()}"
    elif field.is_required() or field.metadata:
        yield f"{indent}{name}:"
    else:
        yield f"{indent}# {name}:"


def _value(cls: type[BaseModel], indent: str) -> list[str]:
    if issubclass(cls, WordList):
        return [f"{indent}{language}: []" for language in LANGUAGES]
    if issubclass(cls, Words):
        return _texts(indent)
    if issubclass(cls, Source):  # It holds one of three; where a field asks for one, it is a published work.
        return [f"{indent}title:", *_texts(f"{indent}  "), f"{indent}# url:"]
    return [line for name, field in cls.model_fields.items() for line in _field(name, field, indent)]


def _texts(indent: str) -> list[str]:
    return [f"{indent}{language}:" for language in LANGUAGES]


def _bare(annotation: Any) -> Any:
    """An annotation without Annotated and without None."""
    if typing.get_origin(annotation) is typing.Annotated:
        return _bare(typing.get_args(annotation)[0])
    if typing.get_origin(annotation) in (typing.Union, types.UnionType):
        return _bare(next(arg for arg in typing.get_args(annotation) if arg is not type(None)))
    return annotation
