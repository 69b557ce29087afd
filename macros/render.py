"""Turns entries into finished HTML: an entry and a language in, a page out; the markup is in `templates/`.

A template writes a field as it is, ``{{ entry.why }}``: plain text comes out escaped, rich text as its HTML, both in
the page's language. Nothing here knows an engine.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from html import escape
from importlib.resources import files
from pathlib import Path
from random import Random
from typing import Any

import segno
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from . import prose
from .links import Graph, Link, address, graph, relative
from .model import HAN, KINDS, LANGUAGES, Entry, Phase, Prose, Question, Ref, Source, Statistic, Task, Words
from .source import Playbook, Record
from .words import words

TEMPLATES = Path(__file__).with_name("templates")
BLANK = re.compile(r"\n\s*\n")
PAPERS = {"a4": "A4", "letter": "Letter"}
"""The papers that sheets are made for, by the name in their file's name: the name on the page, and in CSS."""
WIDGETS = {
    "checklists": "checklists",
    "quizzes": "quizzes",
    "paths": "paths",
    "review": "quizzes",
    "progress": "paths",
    "team": "paths",
    "home": "",
}
"""The pages that need a script besides those of every page, docs/assets/<name>.js, and the styles that go with it."""
VIEWS = ("review", "progress", "team")
"""The pages that show what a reader has done, each with a template of its name."""
NO_INDEX_SCRIPT = ("quizzes", "paths")
"""The kinds whose script is for their entries alone."""
MARK = "\ue000"
"""A private character that marks the place of a reference while its sentence is looked for."""
SENTENCE_END = re.compile(rf"(?<=[.!?]\s)(?={MARK}?[^a-z0-9{MARK}])|(?<=[。！？])(?![”’」』）])")


@dataclass(frozen=True)
class Page:
    """A finished page: its body, and what the theme needs for the head, all safe to write into HTML as it is.

    `kind` is the name of an entry's kind, for entries of two kinds may share a title; `widget` and `style` name the
    script and the styles in docs/assets/ that the page needs besides those of every page.
    """

    html: str
    heading: str
    description: str
    kind: str = ""
    widget: str = ""

    @property
    def style(self) -> str:
        """The name of the styles that go with the script."""
        return WIDGETS.get(self.widget, "")


@dataclass(frozen=True)
class Mention:
    """An entry that refers to this one: the sentence in which it does, or the field where it is a bare reference."""

    record: Record
    sentence: str | None
    field: str


@dataclass(frozen=True)
class Group:
    """The entries of a kind as the home page and an index list them."""

    kind: str
    icon: str
    records: list[Record]


class Site:
    """A playbook in one language, ready to render any of its pages.

    `edit` is the address below which the repository's files can be edited, with a slash at its end; `today` decides
    which checks are overdue. `url` is the public address of the site in this language, which sheets of paper lead back
    to, with a slash at its end; `pdfs` says whether the site holds a PDF of each sheet to link to.
    """

    def __init__(
        self, book: Playbook, language: str, edit: str, today: date, *, url: str = "", pdfs: bool = False
    ) -> None:
        self.book = book
        self.language = language
        self.edit = edit
        self.today = today
        self.url = url
        self.words = words(language)
        self.graph: Graph = graph(book)
        self.facts = {fact.id: fact for fact in book.facts}
        self.groups = [Group(kind, cls.icon, book.of(kind)) for kind, cls in KINDS.items()]
        self._neighbours = {
            record.ref: neighbours
            for group in self.groups
            for record, *neighbours in zip(
                group.records, [None, *group.records], [*group.records[1:], None], strict=False
            )
        }
        self._here: str | None = ""
        self._sections: list[tuple[str, str]] = []
        self._env = Environment(
            loader=FileSystemLoader(TEMPLATES),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            finalize=self._text,
        )
        self._env.globals.update(
            w=self.words,
            groups=self.groups,
            language=language,
            other="zh" if language == "en" else "en",
            icon=icon,
            href=self.href,
            find=lambda ref: book.records[ref],
            section=self._section,
            label=self.label,
            day=self.day,
            source=self._source,
            kept_by=self.kept_by,
            search_words=self.search_words,
            pdf=lambda name, paper: relative(f"../print/{language}/{name}-{paper}.pdf", self._here),
            pdfs=pdfs,
            papers=PAPERS,
            checklists_for=self.checklists_for,
            leading_on=leading_on,
            quizzes_for=self.quizzes_for,
            topics_by_kind=self.topics_by_kind,
            outline=self.outline,
            questions_outline=self.questions_outline,
            shuffled=shuffled,
            way=shortest_way,
            scene_numbers=scene_numbers,
            web_address=lambda ref: url + address(ref),
            qr=qr,
            count=lambda n: self.words["page"]["entry" if n == 1 else "entries"].format(n),
        )
        self._env.filters.update(paragraphs=self._paragraphs, json=as_json, own_ids=own_ids)

    # -------------------------------------------------------------------------------------------- pages

    def entry(self, ref: Ref) -> Page:
        """The page of an entry."""
        record = self.book.records[ref]
        previous, following = self._neighbours[ref]
        self._here = address(ref)
        self._sections = []
        body = self._render(f"{ref.kind}.html.j2", entry=record.entry, record=record)
        page = self._page(
            "entry.html.j2",
            record.entry.title[self.language],
            record.entry.summary[self.language],
            record=record,
            entry=record.entry,
            body=Markup(body),
            sections=self._sections,
            mentions=self.mentions(ref),
            sources=[self._source(source) for source in record.entry.sources],
            owner=self.book.records[record.entry.owner],
            overdue=record.entry.verified_until < self.today,
            edit=f"{self.edit}{record.file}",
            previous=previous,
            next=following,
        )
        return replace(page, kind=inert(self.words["kinds"][ref.kind]["one"]), widget=widget(ref.kind))

    def sheets(self, refs: Iterable[Ref], paper: str) -> str:
        """A document of its own for printing: the sheet of each checklist, one per page; `paper` is of `PAPERS`."""
        self._here = ""
        records = [self.book.records[ref] for ref in refs]
        title = records[0].entry.title[self.language] if len(records) == 1 else self.words["home"]["title"]
        return self._render("sheets.html.j2", records=records, title=title, paper=paper)

    def package(self, template: str, **context: Any) -> str:
        """A document that leaves the site: its links are absolute."""
        self._here = None
        return self._render(template, **context)

    def index(self, kind: str) -> Page:
        """The page that lists the entries of a kind."""
        self._here = address(kind)
        own = f"{kind}.index.html.j2"
        template = own if (TEMPLATES / own).is_file() else "index.html.j2"
        kinds = self.words["kinds"][kind]
        page = self._page(template, kinds["many"], kinds["lead"], kind=kind, records=self.book.of(kind))
        return page if kind in NO_INDEX_SCRIPT else replace(page, widget=widget(kind))

    def view(self, name: str) -> Page:
        """A page that shows what a reader has done; `name` is of `VIEWS`."""
        self._here = address(name)
        text = self.words["views"][name]
        return replace(self._page(f"{name}.html.j2", text["title"], text["lead"]), widget=name)

    def home(self) -> Page:
        """The home page."""
        self._here = ""
        text = self.words["home"]
        page = self._page("home.html.j2", text["title"], text["lead"], plays=self.book.of("plays"))
        return replace(page, widget="home")

    def _page(self, template: str, heading: str, description: str, **context: Any) -> Page:
        return Page(self._render(template, **context), inert(heading), inert(description))

    def _render(self, template: str, **context: Any) -> str:
        return BLANK.sub("\n", self._env.get_template(template).render(**context)).strip()

    # -------------------------------------------------------------------------------------------- texts

    def _text(self, value: Any) -> Any:
        """What a template writes for a value of the model."""
        if not isinstance(value, Words):
            return value
        text = value[self.language]
        return Markup(prose.html(text, self._link)) if isinstance(value, Prose) else text

    def _paragraphs(self, value: Prose) -> Markup:
        return Markup(prose.html(value[self.language], self._link, paragraphs=True))

    def _link(self, reference: prose.Reference) -> str:
        target = self.book.records[Ref(*reference.target.split("/"))]
        text = reference.words or target.entry.title[self.language]
        html = f'<a href="{escape(self.href(target.ref, reference.anchor))}">{escape(text)}</a>'
        if isinstance(target.entry, Statistic):
            grade = target.entry.grade
            html += f' <span class="pb-grade pb-grade--{grade}">{escape(self.words["grades"][grade])}</span>'
        return html

    def href(self, target: Ref | str, anchor: str | None = None) -> str:
        """The address of an entry or an index, seen from the page that is being rendered."""
        if self._here is None:
            return self.url + address(target, anchor)
        return relative(address(target, anchor), self._here)

    def label(self, kind: str, field: str) -> str:
        """The heading of a field; a kind may have its own."""
        fields = self.words["fields"]
        return fields.get(f"{kind}.{field}") or fields[field]

    def _section(self, anchor: str, heading: str | Words) -> str:
        """Notes a section for the list "on this page" and gives its anchor."""
        anchor = anchor.replace("_", "-")
        self._sections.append((anchor, self._text(heading)))
        return anchor

    def day(self, value: date) -> str:
        """A date as it is written in the language: 23 November 2026, 2026 年 11 月 23 日."""
        if self.language == "zh":
            return f"{value.year} 年 {value.month} 月 {value.day} 日"
        return f"{value.day} {value:%B %Y}"

    def _source(self, source: Source) -> tuple[str, Any]:
        if source.seed is not None:
            return self.words["page"]["seed"].format(source.seed), self.facts[source.seed].words
        if source.house is not None:
            return self.words["page"]["house"], source.house
        title = escape(source.title[self.language]) if source.title else ""
        return "", Markup(f'<a href="{escape(source.url)}" rel="noopener">{title}</a>' if source.url else title)

    def search_words(self, entry: Entry) -> str:
        """What finds an entry besides its own text: title and aliases of the other language, and Chinese by character.

        Pagefind cuts Chinese into words, and cuts a page and a question differently; `search.js` therefore asks for
        the single characters too, which these answer.
        """
        other = next(language for language in LANGUAGES if language != self.language)
        names = {language: [entry.title[language], *entry.aliases[language]] for language in LANGUAGES}
        characters = dict.fromkeys(character for name in names["zh"] for character in name if HAN.match(character))
        return " ".join([*names[other], *characters])

    def kept_by(self, owner: Ref) -> list[Record]:
        """The entries that a role keeps true, the one that falls due first at the top."""
        kept = [record for record in self.book.records.values() if record.entry.owner == owner and record.ref != owner]
        return sorted(kept, key=lambda record: (record.entry.verified_until, record.file))

    def checklists_for(self, ref: Ref) -> list[Record]:
        """The checklists that serve an entry, in the order in which they lead on to each other."""
        serving = [link.source for link in self.graph.into[ref] if link.path[0] == "serves"]
        return leading_on(self.book.records[source] for source in dict.fromkeys(serving))

    # -------------------------------------------------------------------------------------------- questions, paths

    def quizzes_for(self, ref: Ref) -> list[tuple[Record, Question]]:
        """The quizzes that ask about an entry, each with the first of its questions that does."""
        found: list[tuple[Record, Question]] = []
        for record in self.book.of("quizzes"):
            asked = next((one for one in record.entry.asked if ref in one.rests_on), None)  # type: ignore[attr-defined]
            if asked is not None:
                found.append((record, asked))
        return found

    def topics_by_kind(self) -> list[tuple[str, list[Ref]]]:
        """The topics of all questions, by kind, in the order in which the site lists them."""
        topics = {
            question.topic
            for record in self.book.of("quizzes")
            for question in record.entry.asked  # type: ignore[attr-defined]
        }
        by_kind = [(kind, [record.ref for record in self.book.of(kind) if record.ref in topics]) for kind in KINDS]
        return [(kind, refs) for kind, refs in by_kind if refs]

    def outline(self, path: Record | None = None) -> dict[str, Any]:
        """What scripts need to know of quizzes, topics, checklists and paths, as JSON; with `path`, of that one alone.

        A question is ``[id, revision, place of its topic in "topics"]``, to be short: every one of them is there.
        """
        topics = [ref for _, refs in self.topics_by_kind() for ref in refs] if path is None else []
        kinds = self.words["kinds"]
        return {
            "topics": [{**self._named(ref), "ref": str(ref), "kind": kinds[ref.kind]["one"]} for ref in topics],
            "quizzes": self._quizzes(topics) if path is None else [],
            "checklists": [
                {
                    **self._named(record.ref),
                    "steps": [step.id for step in record.entry.steps if step.required],  # type: ignore[attr-defined]
                }
                for record in self.book.of("checklists")
            ],
            "paths": [self._path(record) for record in ([path] if path else self.book.of("paths"))],
        }

    def questions_outline(self) -> dict[str, Any]:
        """The outline of the questions alone, for a page that only counts them."""
        quizzes = [{"id": quiz["id"], "questions": quiz["questions"]} for quiz in self._quizzes([])]
        return {"topics": [], "quizzes": quizzes, "checklists": [], "paths": []}

    def _quizzes(self, topics: list[Ref]) -> list[dict[str, Any]]:
        places = {ref: place for place, ref in enumerate(topics)}
        return [
            {
                **self._named(record.ref),
                "mixed": record.entry.mixed,  # type: ignore[attr-defined]
                "questions": [
                    [one.id, one.revision, *([places[one.topic]] if topics else [])]
                    for one in record.entry.asked  # type: ignore[attr-defined]
                ],
            }
            for record in self.book.of("quizzes")
        ]

    def _named(self, ref: Ref) -> dict[str, str]:
        return {"id": ref.id, "title": self.book.records[ref].entry.title[self.language], "href": self.href(ref)}

    def _path(self, record: Record) -> dict[str, Any]:
        stages: list[Phase] = record.entry.stages  # type: ignore[attr-defined]
        return {
            **self._named(record.ref),
            "stages": [
                {
                    "id": stage.id,
                    "title": stage.title[self.language],
                    "from": stage.from_day,
                    "to": stage.to_day,
                    "confidence": stage.confidence[self.language],
                }
                for stage in stages
            ],
            "tasks": [{**self._task(task), "stage": stage.id} for stage in stages for task in stage.tasks],
        }

    def _task(self, task: Task) -> dict[str, Any]:
        for kind in ("read", "tick", "take"):
            target = getattr(task, kind)
            if target is not None:
                title = f"{self.words['path'][kind]} {self.book.records[target].entry.title[self.language]}"
                return {"id": task.id, "day": task.day, "kind": kind, "target": target.id, "count": 1, "title": title}
        return {"id": task.id, "day": task.day, "kind": "do", "count": task.count, "title": self._text(task.do)}

    # -------------------------------------------------------------------------------------------- mentions

    def mentions(self, ref: Ref) -> list[Mention]:
        """The entries that refer to `ref`, each once; a sentence says more than a field, so it is preferred."""
        found: dict[Ref, Link] = {}
        for link in self.graph.into[ref]:
            # Quizzes have a place of their own beside the text, and their sentences would give answers away.
            if link.source == ref or link.path[0] in ("owner", "questions"):
                continue
            if link.language not in (None, self.language):
                continue
            if link.source not in found or (found[link.source].language is None and link.language):
                found[link.source] = link
        return [self._mention(link) for link in found.values()]

    def _mention(self, link: Link) -> Mention:
        record = self.book.records[link.source]
        sentence = None
        if link.language is not None:
            value: Any = record.entry
            for step in link.path[:-1]:
                value = value[step] if isinstance(step, int) else getattr(value, step)
            sentence = sentence_around(value[self.language], str(link.target), self._name)
        return Mention(record, sentence, self.label(record.kind, str(link.path[0])))

    def _name(self, reference: prose.Reference) -> str:
        return reference.words or self.book.records[Ref(*reference.target.split("/"))].entry.title[self.language]


def sentence_around(text: str, target: str, name: Any) -> str:
    """The sentence of a rich text in which ``[[target]]`` stands, as plain words."""

    def marked(reference: prose.Reference) -> str:
        return (MARK if reference.target == target else "") + name(reference)

    block = next(block for block in prose.blocks(text, marked) if MARK in block)
    found = ""
    for piece in SENTENCE_END.split(block):
        # A quotation is part of the sentence around it, however many sentences it holds.
        quoted = found.count("“") > found.count("”")
        if MARK in found and not quoted:
            break
        found = found + piece if quoted else piece
    return found.replace(MARK, "").strip()


def leading_on(records: Iterable[Record]) -> list[Record]:
    """Checklists in the order of the work: each before those that its `then` leads on to, otherwise as given."""
    given = {record.ref: record for record in records}
    ordered: list[Record] = []
    seen: set[Ref] = set()

    def visit(record: Record) -> None:
        if record.ref in seen:
            return
        seen.add(record.ref)
        for following in reversed(record.entry.then):  # type: ignore[attr-defined]
            if following in given:
                visit(given[following])
        ordered.append(record)

    for record in reversed(given.values()):
        visit(record)
    return ordered[::-1]


def shuffled(seed: str, items: list[Any]) -> list[Any]:
    """Items in an order that is not theirs and the same every time, for pages without scripts and for paper."""
    mixed = items.copy()
    random = Random(seed)  # noqa: S311
    while mixed == items:
        random.shuffle(mixed)
    return mixed


def scene_numbers(question: Question) -> dict[str, int]:
    """The number of each scene of a scenario, by which it is played on paper."""
    return {scene.id: number for number, scene in enumerate(question.scenes, 1)}


def shortest_way(question: Question) -> list[int]:
    """The numbers of the scenes on the shortest way of a scenario to a good end."""
    numbers = scene_numbers(question)
    scenes = {scene.id: scene for scene in question.scenes}
    ways = [[question.scenes[0].id]]
    for way in ways:  # grows while it is walked: breadth first
        if scenes[way[-1]].end == "good":
            return [numbers[scene] for scene in way]
        ways += [[*way, choice.to] for choice in scenes[way[-1]].choices if choice.to not in way]
    raise ValueError(f"{question.id} has no good end")


def as_json(value: Any) -> Markup:
    """A value as JSON that can stand inside a script element."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return Markup(text.replace("<", "\\u003c").replace("&", "\\u0026").replace(">", "\\u003e"))


def own_ids(form: Markup, question: str, quiz: str) -> Markup:
    """A question's form for a document of several quizzes: its ids, and what points at them, begin with the quiz."""
    return Markup(re.sub(rf' (id="|href="#){re.escape(question)}(?=["-])', rf" \1{quiz}.{question}", str(form)))


def widget(kind: str) -> str:
    """The widget of a kind, which has its name; "" where its pages need no script of their own."""
    return kind if kind in WIDGETS else ""


@cache
def qr(text: str) -> Markup:
    """A QR code as inline SVG of black modules on white, four modules of quiet zone included."""
    return Markup(
        segno.make(text, error="m", micro=False).svg_inline(border=4, light="#fff", svgclass="pb-qr", omitsize=True)
    )


def inert(text: str) -> str:
    """Text as HTML in which no template engine finds anything to do, for the theme to write as it is."""
    return escape(text).replace("{", "&#123;").replace("}", "&#125;")


@cache
def icon(name: str) -> Markup:
    """An icon of the theme's own set as inline SVG that screen readers pass over, e.g. ``material/magnify``."""
    svg = files("material").joinpath("templates", ".icons", *f"{name}.svg".split("/")).read_text(encoding="utf-8")
    return Markup(svg.replace("<svg ", '<svg class="pb-icon" aria-hidden="true" focusable="false" ', 1))
