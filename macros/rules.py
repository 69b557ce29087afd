"""The rules that hold across entries: each a small function whose docstring is the rule."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

from pydantic import BaseModel

from .links import dangling, links, missing
from .model import KINDS, LANGUAGES, Prose, Quiz, Ref, Source, Statistic, Words, Worked, walk
from .source import Playbook, Problem, did_you_mean, dotted, located

PAGE_IDS = (
    *("top", "related", "mentioned-by", "sources", "its-checklists", "its-quizzes"),
    *("menu", "content", "playbook", "search", "search-words", "list-name", "list-others"),
    *("start-day", "completion", "on-paper", "result", "its-ask", "its-how", "its-calendar", "its-topic"),
)
"""The ids that every page has of its own (templates/entry.html.j2, overrides/main.html)."""

Rule = Callable[[Playbook], Iterator[Problem]]

NUMBER = re.compile(
    r"""\d+(?:[.,]\d+)?\s*(?:%|％|‰|percent\b|per\ cent\b|pct\b)        # 67%, 67 percent
      | [一二两三四五六七八九十百\d]+分之[一二两三四五六七八九十百零点\d]*   # 百分之六十七, 三分之二
      | \d+(?:\.\d+)?(?:x\b|\ times\ (?:as|more|less|higher|lower|faster|better|likelier))
      | (?:\d|[一二两三四五六七八九十百])+\s*倍                            # 3 倍, 三倍
      | \b\d+\ (?:in|out\ of|(?:out\ of|of|in)\ every)\ \d+\b          # 4 in 10
      | [一二两三四五六七八九]成(?!不变|立|为|本|交|功|员|单)                 # 六成
    """,
    re.VERBOSE | re.IGNORECASE,
)
"""What counts as a figure somebody might quote: a share, a multiple, so many out of so many."""

FIGURE = re.compile(r"[\d分倍成]")
"""Text without any of these holds no such figure and need not be looked through."""


def titles_are_unique(book: Playbook) -> Iterator[Problem]:
    """No two entries of a kind have the same title in a language."""
    for language in LANGUAGES:
        seen: dict[tuple[str, str], str] = {}
        for record in book.records.values():
            key = (record.kind, record.entry.title[language].casefold())
            if key in seen:
                path = ("title", language) if ("title", language) in record.lines else ("title",)
                yield record.problem(path, f"{seen[key]} has the same title; give each its own")
            seen.setdefault(key, record.file)


def does_not_lead_to_itself(book: Playbook) -> Iterator[Problem]:
    """No entry names itself as related."""
    for record in book.readable():
        for link in links(record):
            if link.target == record.ref and link.path != ("owner",):
                yield record.problem(link.path, "leads to the entry itself; remove it")


def ids_are_unique(book: Playbook) -> Iterator[Problem]:
    """No two parts of an entry have the same id, and none has one that every page uses itself."""
    for record in book.readable():
        taken = {name.replace("_", "-"): "the page" for name in [*PAGE_IDS, *type(record.entry).model_fields]}
        for path, value in walk(record.entry):
            if path and isinstance(value, BaseModel) and hasattr(value, "id"):
                if isinstance(record.entry, Quiz) and len(path) > 2:
                    continue  # What stands inside a question is no part of the page: `Question` looks after it.
                if value.id in taken:
                    message = f"`{value.id}` is taken by {taken[value.id]}; choose another id"
                    yield record.problem((*path, "id"), message)
                taken.setdefault(value.id, dotted(path))


def facts_are_known(book: Playbook) -> Iterator[Problem]:
    """Every `seed:` is the id of a fact in data/facts.yml."""
    if "data/facts.yml" in book.unreadable():
        return
    known = {fact.id for fact in book.facts}
    for record in book.readable():
        for path, value in walk(record.entry):
            if isinstance(value, Source) and value.seed is not None and value.seed not in known:
                message = f"there is no fact `{value.seed}` in data/facts.yml" + did_you_mean(value.seed, known)
                yield record.problem((*path, "seed"), message)


def facts_are_carried(book: Playbook) -> Iterator[Problem]:
    """Every fact is cited by the entry that is to carry it, once it is linked from `cited_by`, and has its own id."""
    unreadable = book.unreadable()
    seen: set[str] = set()
    for number, fact in zip(book.fact_numbers, book.facts, strict=True):
        if fact.id in seen:
            yield _in_facts(book, number, "id", f"`{fact.id}` stands twice; ids are never reused")
            continue
        seen.add(fact.id)
        for name, ref in (("entry", fact.entry), ("cited_by", fact.cited_by)):
            if ref is None or f"data/{ref}.yml" in unreadable:
                continue
            record = book.records.get(ref)
            if record is None:
                yield _in_facts(book, number, name, missing(ref, book))
            elif name == "entry" and fact.id not in {source.seed for source in record.entry.sources}:
                yield record.problem(("sources",), f"fact {fact.id} is missing; carry it and cite `seed: {fact.id}`")
            elif name == "cited_by" and fact.entry not in {link.target for link in links(record)}:
                yield record.problem((), f"does not link to {fact.entry}; fact {fact.id} says it does")


def _in_facts(book: Playbook, number: int, name: str, message: str) -> Problem:
    return located("data/facts.yml", book.fact_lines, (number, name), message)


def numbers_are_graded(book: Playbook) -> Iterator[Problem]:
    """A share or a multiple stands only beside [[statistics/…]], in a statistic itself or in a worked example."""
    for record in book.readable():
        if isinstance(record.entry, Statistic):
            continue
        for path, value in walk(record.entry):
            if not isinstance(value, Words) or isinstance(value, Worked):
                continue
            for language in LANGUAGES:
                match = FIGURE.search(value[language]) and NUMBER.search(value[language])
                if match and "[[statistics/" not in value[language]:
                    link = "link [[statistics/…]] beside it, or " if isinstance(value, Prose) else ""
                    message = f"`{match[0]}` has no grade; {link}say it without a number"
                    yield record.problem((*path, language), message)


def pages_and_entries_match(book: Playbook) -> Iterator[Problem]:
    """Every entry has its page in docs/, every kind its index, and no page is without its entry."""
    docs = book.root / "docs"
    unreadable = book.unreadable()
    for kind in KINDS:
        yield from _page(docs / kind / "index.md", f"docs/{kind}/index.md", "list its kind", index_text(kind))
        for page in sorted((docs / kind).glob("*.md")):
            name = f"data/{kind}/{page.stem}.yml"
            if page.stem != "index" and Ref(kind, page.stem) not in book.records and name not in unreadable:
                close = did_you_mean(page.stem, [record.id for record in book.of(kind)])
                message = f"there is no {name}; remove the page or add the entry{close}"
                yield Problem(f"docs/{kind}/{page.name}", 1, "", message)
    for record in book.records.values():
        page = docs / record.kind / f"{record.id}.md"
        yield from _page(page, f"docs/{record.ref}.md", "show its entry", page_text(record.ref))


def _page(page: Path, name: str, job: str, text: str) -> Iterator[Problem]:
    if not page.is_file():
        yield Problem(name, 1, "", "there is no such page; `playbook build` makes it")
    elif text.strip() not in page.read_text(encoding="utf-8", errors="replace"):
        yield Problem(name, 1, "", f"does not {job}; write the line {text.strip()}")


def page_text(ref: Ref) -> str:
    """What the page of an entry in docs/ holds: one line that calls the macro."""
    return f'{{{{ entry("{ref}") }}}}\n'


def index_text(kind: str) -> str:
    """What the index page of a kind in docs/ holds."""
    return f'{{{{ index("{kind}") }}}}\n'


RULES: list[Rule] = [
    dangling,
    does_not_lead_to_itself,
    titles_are_unique,
    ids_are_unique,
    facts_are_known,
    facts_are_carried,
    numbers_are_graded,
    pages_and_entries_match,
]


def check(book: Playbook) -> list[Problem]:
    """Everything that is wrong with a playbook: its files one by one, then across them; sorted by file and line."""
    found = set(book.problems)
    for rule in RULES:
        found.update(rule(book))
    return sorted(found)


def overdue(book: Playbook, today: date) -> list[Problem]:
    """Warnings: entries whose check no longer holds on `today`."""
    return [
        record.problem(
            ("verified_on",), f"verified until {record.entry.verified_until}; look it over and renew the date"
        )
        for record in book.records.values()
        if record.entry.verified_until < today
    ]
