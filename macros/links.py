"""References both ways, and the one place that makes an address.

Every page lies at ``<kind>/<id>/`` below its language, an index at ``<kind>/``, the home page at the top. Addresses are
relative, so that the site works in any folder of any host.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from pydantic import BaseModel

from . import prose
from .model import KINDS, LANGUAGES, Prose, Ref, walk
from .source import Path_, Playbook, Problem, Record, did_you_mean


@dataclass(frozen=True)
class Link:
    """A reference from one entry to another: the field it stands in, and the language where it is in prose."""

    source: Ref
    target: Ref
    path: Path_
    language: str | None = None
    anchor: str | None = None


@dataclass
class Graph:
    """All references between entries, by where they come from and by where they lead."""

    out: dict[Ref, list[Link]] = field(default_factory=lambda: defaultdict(list))
    into: dict[Ref, list[Link]] = field(default_factory=lambda: defaultdict(list))


def graph(book: Playbook) -> Graph:
    """The references of a playbook, without those that lead nowhere (`dangling` names them) or never reach the site."""
    made = Graph()
    for record in book.records.values():
        for link in links(record):
            if link.target in book.records and not is_internal(record, link.path):
                made.out[link.source].append(link)
                made.into[link.target].append(link)
    return made


def links(record: Record) -> Iterator[Link]:
    """The references of one entry, in the order of its fields."""
    for path, value in walk(record.entry):
        if isinstance(value, Ref):
            yield Link(record.ref, value, path)
        elif isinstance(value, Prose):
            for language in LANGUAGES:
                for reference in prose.references(value[language]):
                    target = Ref(*reference.target.split("/"))
                    yield Link(record.ref, target, (*path, language), language, reference.anchor)


def is_internal(record: Record, path: Path_) -> bool:
    """Whether a field lies in a part of an entry that is marked `audience: internal`, which no page may show."""
    value: Any = record.entry
    for step in path:
        if getattr(value, "audience", None) == "internal":
            return True
        value = value[step] if isinstance(value, list | Prose) else getattr(value, step)
    return False


def dangling(book: Playbook) -> Iterator[Problem]:
    """Every reference leads to an entry, and to an anchor that is there."""
    broken = {file_of(file) for file in book.unreadable()}
    for record in book.readable():
        for link in links(record):
            # An entry that is there and cannot be read has been reported already.
            if link.target not in book.records and link.target not in broken:
                yield record.problem(link.path, missing(link.target, book))
            elif link.anchor is not None and link.target in book.records:
                known = anchors(book.records[link.target])
                if link.anchor not in known:
                    message = f"data/{link.target}.yml has no part with the id `{link.anchor}`"
                    yield record.problem(link.path, message + did_you_mean(link.anchor, known))


def file_of(name: str) -> Ref | None:
    """The entry that a file name stands for, if any: ``data/plays/demo.yml`` is plays/demo."""
    parts = name.removesuffix(".yml").split("/")
    return Ref(parts[1], parts[2]) if len(parts) == 3 else None


def missing(target: Ref, book: Playbook) -> str:
    """Why a reference leads nowhere, with what was probably meant."""
    if target.kind not in KINDS:
        return f"there is no kind `{target.kind}`" + did_you_mean(target.kind, KINDS)
    message = f"there is no data/{target}.yml"
    elsewhere = [str(ref) for ref in book.records if ref.id == target.id]
    if elsewhere:
        return f"{message}, but there is data/{elsewhere[0]}.yml"
    return message + did_you_mean(target.id, [record.id for record in book.of(target.kind)])


def anchors(record: Record) -> list[str]:
    """The ids that an author gave to parts of an entry; links may lead there."""
    found = [value.id for _, value in walk(record.entry) if isinstance(value, BaseModel) and hasattr(value, "id")]
    return list(map(str, found))


def address(target: Ref | str, anchor: str | None = None) -> str:
    """Where a page lies below its language: an entry, or the index of a kind; the home page is ``""``."""
    path = f"{target}/" if str(target) else ""
    return path + (f"#{anchor}" if anchor else "")


def relative(target: str, start: str) -> str:
    """The way from the page at `start` to `target`, both as `address` gives them; `target` may be a file too."""
    path, hash_, anchor = target.partition("#")
    here = start.split("/")[:-1]
    *there, file = path.split("/")
    while here and there and here[0] == there[0]:
        here, there = here[1:], there[1:]
    way = "".join(f"{step}/" for step in [*[".."] * len(here), *there])
    return (way + file or "./") + hash_ + anchor
