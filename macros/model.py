"""What an entry is: one class per kind, each field with its description, and `KINDS`, the list of them all.

Nothing here reads a file, knows an address or a theme: a kind is a folder of `data/`, an entry is one file in it, and
the class says which fields the file may hold. Every text a reader sees is in both languages: `Words` and its
subclasses.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import product
from typing import Annotated, Any, ClassVar, Literal

from dateutil.relativedelta import relativedelta
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetJsonSchemaHandler,
    model_validator,
)
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from . import prose

LANGUAGES = ("en", "zh")
ID = r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$"
"""The pattern of every id, file name and anchor: lower-case words joined by hyphens."""

URL = r"^https?://[^\s<>\"']+$"
FACT_ID = r"^[A-Z]{1,2}[0-9]{1,2}(\.[a-z])?$"
PATTERNS = {
    ID: "lower-case words joined by hyphens",
    URL: "an address that starts with http:// or https://",
    FACT_ID: "the id of a fact, such as R1 or MQ1.a",
}
"""What a text that does not match is told to look like."""

HAN = re.compile(r"[\u3400-\u9fff]")
LATIN_WORD = re.compile(r"[A-Za-z]{2,}")


class Model(BaseModel):
    """The base of everything read from YAML: unknown fields are refused, values are not converted, nothing changes."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, use_attribute_docstrings=True)


# ---------------------------------------------------------------------------------------------------- text


def fault(message: str, *others: str, field: str | None = None) -> PydanticCustomError:
    """An error whose messages reach the author word for word (braces and all, hence the one placeholder).

    `field` is the part of the value that it is about, where the whole had to be looked at.
    """
    return PydanticCustomError("playbook", "{message}", {"message": message, "others": others, "field": field})


def faults_at(found: Iterable[tuple[tuple[str | int, ...], str]]) -> PydanticCustomError:
    """An error of several messages, each with the path of what it is about inside the value."""
    (place, message), *others = found
    return PydanticCustomError("playbook", "{message}", {"message": message, "others": others, "field": place})


def one_line(text: str) -> str:
    """Plain text on one line: no markup, shown as typed."""
    if "\n" in text.strip("\n"):
        raise fault("expected one line of plain text, found several; join them")
    if not text.strip():
        raise fault("the text is empty; write it or leave the field out")
    if "[[" in text:
        raise fault("this field takes no [[reference]]; write the words alone")
    return text.strip()


def prose_text(text: str) -> str:
    """Rich text: the Markdown subset of `prose.py`, checked, kept as typed."""
    if not text.strip():
        raise fault("the text is empty; write it or leave the field out")
    found = list(prose.faults(text))
    if found:
        raise fault(*found)
    return text.strip()


def one_paragraph(text: str) -> str:
    """Rich text that stands in one line of the page."""
    text = prose_text(text)
    if not prose.is_paragraph(text):
        raise fault("expected one paragraph, found several or a list; join them")
    return text


def spoken(text: str) -> str:
    """Words to say, without the quotation marks that the page adds."""
    text = one_line(text)
    if text[0] in "\"'“‘「" and text[-1] in "\"'”’」":
        raise fault("leave out the quotation marks around it; the page adds them")
    return text


class Words(Model):
    """A text in both languages. A plain string stands for a name that is the same in both."""

    en: str
    zh: str

    @model_validator(mode="before")
    @classmethod
    def _same_in_both(cls, value: Any) -> Any:
        if isinstance(value, str):
            if HAN.search(value):
                raise fault("no text for en; write `en:` and `zh:` under the field")
            if len(LATIN_WORD.findall(value)) > 3:
                raise fault("no text for zh; write `en:` and `zh:` under the field")
            return {"en": value, "zh": value}
        if isinstance(value, bool | int):
            raise fault(f"expected text, found {describe(value)}; put it in quotes")
        if not isinstance(value, dict):
            raise fault(f"expected text with `en:` and `zh:` under it, found {describe(value)}")
        return value

    @model_validator(mode="after")
    def _each_in_its_language(self) -> Words:
        if HAN.search(self.en):
            raise fault("the text for en holds Chinese characters; write it in English", field="en")
        if self.zh != self.en and len(LATIN_WORD.findall(self.zh)) > 3 and not HAN.search(self.zh):
            raise fault("the text for zh holds no Chinese; write it in Chinese", field="zh")
        return self

    def __getitem__(self, language: str) -> str:
        return self.en if language == "en" else self.zh

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        both = handler.resolve_ref_schema(handler(schema))
        name = {"type": "string", "description": "A name that is the same in both languages"}
        return {"anyOf": [{**both}, name], "description": (cls.__doc__ or "").split("\n")[0]}


class Line(Words):
    """One line of plain text, in both languages."""

    en: Annotated[str, Field(max_length=160), AfterValidator(one_line)]
    zh: Annotated[str, Field(max_length=160), AfterValidator(one_line)]


class Title(Line):
    """The name of the entry, in both languages, at most 70 characters."""

    en: Annotated[str, Field(max_length=70), AfterValidator(one_line)]
    zh: Annotated[str, Field(max_length=70), AfterValidator(one_line)]


class Summary(Line):
    """One sentence that answers on its own, in both languages, at most 200 characters."""

    en: Annotated[str, Field(max_length=200), AfterValidator(one_line)]
    zh: Annotated[str, Field(max_length=200), AfterValidator(one_line)]


class Say(Line):
    """Words to say to somebody, in both languages, without quotation marks."""

    en: Annotated[str, Field(max_length=300), AfterValidator(spoken)]
    zh: Annotated[str, Field(max_length=300), AfterValidator(spoken)]


class Prose(Words):
    """Rich text in both languages: **bold**, *emphasis*, `code`, lists, links, and `[[kind/id]]` to another entry."""

    en: Annotated[str, Field(max_length=600), AfterValidator(prose_text)]
    zh: Annotated[str, Field(max_length=600), AfterValidator(prose_text)]


class ShortProse(Prose):
    """Rich text of one or two short sentences, in both languages, at most 220 characters."""

    en: Annotated[str, Field(max_length=220), AfterValidator(prose_text)]
    zh: Annotated[str, Field(max_length=220), AfterValidator(prose_text)]


class Ask(Prose):
    """A question in rich text: one paragraph, in both languages, at most 600 characters."""

    en: Annotated[str, Field(max_length=600), AfterValidator(one_paragraph)]
    zh: Annotated[str, Field(max_length=600), AfterValidator(one_paragraph)]


class LongProse(Prose):
    """Rich text of several paragraphs, in both languages."""

    en: Annotated[str, Field(max_length=6000), AfterValidator(prose_text)]
    zh: Annotated[str, Field(max_length=6000), AfterValidator(prose_text)]


class Worked(Prose):
    """A worked example, in both languages; its figures are made up to show the sum, so they need no statistic."""


class WordList(Model):
    """Lists of words, one per language; they need not be translations of each other."""

    en: list[Annotated[str, Field(max_length=80), AfterValidator(one_line)]] = []
    zh: list[Annotated[str, Field(max_length=80), AfterValidator(one_line)]] = []

    def __getitem__(self, language: str) -> list[str]:
        return self.en if language == "en" else self.zh


def describe(value: Any) -> str:
    """A value from YAML in the author's words, e.g. ``a list`` or ``the number 12``."""
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    if isinstance(value, int | float):
        return f"the number {value}"
    if isinstance(value, list):
        return "a list"
    if isinstance(value, dict):
        return "fields"
    return "text"


# ---------------------------------------------------------------------------------------------------- references, dates


@dataclass(frozen=True, slots=True)
class Ref:
    """A typed reference to another entry: the kind (a folder of `data/`) and the id (a file in it)."""

    kind: str
    id: str

    def __str__(self) -> str:
        return f"{self.kind}/{self.id}"


def ref(kind: str | None = None) -> Any:
    """A field type: the id of an entry of `kind`, or ``kind/id`` of any entry where no kind is given.

    Whether the entry exists is a rule across entries (`links.py`); here only the form is checked.
    """

    class Reference(Ref):
        @classmethod
        def __get_pydantic_core_schema__(cls, source: Any, handler: Any) -> CoreSchema:
            return core_schema.no_info_plain_validator_function(read)

        @classmethod
        def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
            return {"type": "string", "x-reference": kind or "*"}

    def read(value: Any) -> Ref:
        form = f"the id of an entry of data/{kind}/" if kind else "`kind/id` of an entry"
        if not isinstance(value, str):
            raise fault(f"expected {form}, found {describe(value)}")
        parts = [kind, value] if kind else value.split("/")
        if len(parts) != 2 or not all(re.fullmatch(ID, part) for part in parts):
            shorter = value.removeprefix(f"{kind}/") if kind else value
            better = f"; write `{shorter}`" if shorter != value and re.fullmatch(ID, shorter) else ""
            raise fault(f"expected {form}, found `{value}`{better}")
        return Ref(parts[0], parts[1])

    return Reference


def _date(value: Any) -> date:
    if isinstance(value, date):
        return value
    try:
        if not isinstance(value, str) or not re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
            raise ValueError
        day = date.fromisoformat(value)
        # A slip of the finger such as 0226 or 20266 is no date of ours, and 9999 + 1 year is none of the calendar's.
        if not 2000 <= day.year < 2100:
            raise ValueError
        return day
    except ValueError:
        shown = f"`{value}`" if isinstance(value, str) else describe(value)
        raise fault(f"expected a date of the calendar such as 2026-11-23, found {shown}") from None


Date = Annotated[date, BeforeValidator(_date)]


def _span(value: Any) -> str:
    if not isinstance(value, str) or not re.fullmatch(r"[1-9][0-9]? (day|week|month|year)s?", value):
        shown = f"`{value}`" if isinstance(value, str) else describe(value)
        raise fault(f"expected a span such as `12 months` or `6 weeks`, found {shown}")
    return value


Span = Annotated[str, BeforeValidator(_span)]


def add_span(start: date, span: str) -> date:
    """The day `span` after `start`; a month's end stays a month's end (31 January + 1 month = 28 February)."""
    count, unit = span.split()
    return start + relativedelta(**{unit.rstrip("s") + "s": int(count)})


# ---------------------------------------------------------------------------------------------------- parts


class Source(Model):
    """Where a statement comes from: a seed fact, our own reasoning, or a published work."""

    seed: str | None = None
    """The id of a fact in data/facts.yml, such as MQ1.a."""
    house: Prose | None = None
    """Why we hold it, where it is our own practice."""
    title: Line | None = None
    """The name of a published work."""
    url: Annotated[str, Field(pattern=URL)] | None = None
    """The address of a published work; needs `title`."""

    @model_validator(mode="after")
    def _one_of(self) -> Source:
        if sum(part is not None for part in (self.seed, self.house, self.title)) != 1 or (self.url and not self.title):
            raise fault("expected one of `seed:`, `house:` or `title:` (with an optional `url:`)")
        return self


class Metric(Model):
    """A figure to watch: what it is called, how it is worked out, its unit and which way is better."""

    name: Line
    """What the figure is called."""
    formula: Line
    """How it is worked out, in words and signs."""
    unit: Literal["percent", "days", "hours", "count", "currency", "ratio", "score"]
    """What it is counted in."""
    better: Literal["up", "down", "steady"]
    """Which way is better."""


class Rhythm(Model):
    """Something done at a regular time."""

    every: Literal["day", "week", "month", "quarter", "year", "time-it-happens"]
    """How often."""
    do: Prose
    """What is done then."""


class Mistake(Model):
    """A mistake that people make, and what to do instead."""

    wrong: Prose
    """What people do."""
    instead: Prose
    """What to do instead."""


class Risk(Model):
    """What may go wrong, and the answer to it."""

    risk: Prose
    """What may go wrong."""
    response: Prose
    """What to do about it."""


class Step(Model):
    """One step: what to do and why."""

    do: Prose
    """What to do, starting with a verb."""
    why: Prose
    """Why it is worth doing."""
    who: Line | None = None
    """Who does it, where it is not the reader."""
    say: list[Say] = []
    """Words to say at this step."""


class Interview(Model):
    """A question for a job interview."""

    ask: Say
    """The question, word for word."""
    listen_for: Prose
    """What a good answer holds."""


class Levels(Model):
    """Observable behaviour at four levels."""

    learning: list[Prose] = Field(min_length=1)
    """Still learning: needs help."""
    capable: list[Prose] = Field(min_length=1)
    """Capable: does it reliably."""
    strong: list[Prose] = Field(min_length=1)
    """Strong: does it under pressure."""
    exemplary: list[Prose] = Field(min_length=1)
    """Exemplary: makes others better at it."""


class Persona(Model):
    """A kind of person who buys or uses the product."""

    name: Line
    """Who it is."""
    cares_about: Prose
    """What this person cares about."""


class Feature(Model):
    """A feature, its advantage and its benefit, the question that leads there and the proof."""

    id: Annotated[str, Field(pattern=ID)]
    """A name that never changes; links and quizzes point at it."""
    feature: Line
    """What it is."""
    advantage: Prose
    """What it does better."""
    benefit: Prose
    """What the customer gets from it."""
    question: Say
    """The question that leads the customer there."""
    proof: Prose
    """How it can be shown."""


class Difference(Model):
    """What differs from an alternative the customer may choose."""

    than: Line
    """The alternative."""
    ours: Prose
    """How we do it."""
    theirs: Prose
    """How they do it, fairly."""


class Answer(Model):
    """A question a customer asks, and the answer."""

    ask: Say
    """The customer's words."""
    answer: Prose
    """What to answer."""


class Price(Model):
    """What it costs, until when, and who may see it."""

    text: Prose
    """The price and what it covers."""
    valid_until: Date
    """The last day on which it may be quoted."""
    audience: Literal["public", "internal"]
    """`internal` keeps it off the site."""


class Section(Model):
    """A part of a prose page."""

    id: Annotated[str, Field(pattern=ID)]
    """The anchor of the heading; it never changes."""
    heading: Line
    """The heading."""
    body: LongProse
    """The text."""


Many = Field(min_length=1)


class ChecklistStep(Model):
    """One box to tick, and why it is there."""

    id: Annotated[str, Field(pattern=ID)]
    """A name that never changes; ticks are saved under it."""
    text: Line
    """What to do or to confirm, starting with a verb."""
    why: ShortProse
    """Why it is on the list, in one sentence."""
    owner: Line | None = None
    """Who does it, where it is not the person who ticks."""
    required: bool = True
    """`false` where the list is done without it."""
    since: Annotated[int, Field(ge=1)] = 1
    """The revision of the checklist that brought this step."""


# ---------------------------------------------------------------------------------------------------- questions


class Option(Model):
    """One answer to choose, and what is to be said to whoever chooses it."""

    id: Annotated[str, Field(pattern=ID)]
    """A name that never changes; answers are kept under it."""
    text: Line
    """The answer."""
    correct: bool = False
    """`true` where it is right."""
    feedback: ShortProse | None = None
    """Why it is tempting and wrong, or why it is right; a wrong answer needs it."""


class Item(Model):
    """One thing to be put in order."""

    id: Annotated[str, Field(pattern=ID)]
    """A name that never changes; answers are kept under it."""
    text: Line
    """What it is."""


class Pair(Model):
    """Two things that belong together."""

    id: Annotated[str, Field(pattern=ID)]
    """A name that never changes; answers are kept under it."""
    left: Line
    """What is asked about."""
    right: Line
    """What belongs to it; no two are the same."""


class Choice(Model):
    """Something to say or do in a scene, and the scene that it leads to."""

    text: Line
    """What is said or done."""
    to: Annotated[str, Field(pattern=ID)]
    """The id of the scene that follows."""


class Scene(Model):
    """A moment of a scenario: what happens, and what can be done; or how it ends."""

    id: Annotated[str, Field(pattern=ID)]
    """A name that never changes; links within the scenario point at it."""
    text: Prose
    """What happens; at an end, what came of it and why."""
    choices: list[Choice] = []
    """What can be done, two to four; none at an end."""
    end: Literal["good", "fair", "poor"] | None = None
    """How it ends; only a good end is a right answer."""


ANSWERS = {
    "single": "options",
    "multiple": "options",
    "true-false": "correct",
    "order": "items",
    "match": "pairs",
    "fill-in": "accept",
    "numeric": "number",
    "scenario": "scenes",
}
"""The types of question, and the field that holds the answer of each."""
SIZES = {"options": (3, 6), "items": (3, 7), "pairs": (3, 6), "scenes": (5, 30)}
"""How many an answer may hold, at least and at most."""
ALL_OF_THEM = re.compile(r"\b(?:all|none|both) of (?:the above|these|them)\b|以上[都皆全]|都(?:对|不对|正确)$", re.I)
"""Options that give themselves away, or mean something else once the options are shuffled."""


class Question(Model):
    """A question, its answer, and why that is the answer."""

    id: Annotated[str, Field(pattern=ID)]
    """A name that never changes; answers are kept under it."""
    type: Literal["single", "multiple", "true-false", "order", "match", "fill-in", "numeric", "scenario"]
    """How it is answered."""
    prompt: Ask
    """The question; of a scenario, the situation it starts from."""
    options: list[Option] = []
    """`single`, `multiple`: three to six answers to choose from."""
    correct: bool | None = None
    """`true-false`: whether the statement is true."""
    items: list[Item] = []
    """`order`: three to seven things, in the right order."""
    pairs: list[Pair] = []
    """`match`: three to six pairs."""
    accept: WordList = WordList()
    """`fill-in`: the answers that are right, in each language; capitals, width and punctuation do not matter."""
    number: int | None = None
    """`numeric`: the right number."""
    unit: Line | None = None
    """`numeric`: what the number counts."""
    scenes: list[Scene] = []
    """`scenario`: five to thirty moments; the first is where it starts."""
    why: Prose
    """Why this is the answer; everybody sees it, whatever they answered."""
    rests_on: list[ref()] = Many  # type: ignore[valid-type]
    """The entries that hold the answer; the first is the topic it counts for."""
    difficulty: Literal["easy", "medium", "hard"]
    """How hard it is for somebody who has read the entry."""
    skill: Literal["recall", "apply"]
    """`recall`: to know it; `apply`: to use it in a case."""
    revision: Annotated[int, Field(ge=1)] = 1
    """Raised when the answer changes: people who answered before are asked again."""
    retired: bool = False
    """`true` where it is no longer asked; the id stays taken."""

    @property
    def topic(self) -> Ref:
        """The entry that the answer counts for."""
        return self.rests_on[0]

    @model_validator(mode="after")
    def _answers_its_type(self) -> Question:
        own = ANSWERS.get(self.type)
        if own is None:  # read in spite of a fault in it
            return self
        held = {
            "options": bool(self.options),
            "correct": self.correct is not None,
            "items": bool(self.items),
            "pairs": bool(self.pairs),
            "accept": bool(self.accept and (self.accept.en or self.accept.zh)),
            "number": self.number is not None,
            "scenes": bool(self.scenes),
        }
        for name, there in held.items():
            if there and name != own:
                raise fault(f"a question of type `{self.type}` has no `{name}`; it is answered by `{own}`", field=name)
        if not held[own]:
            raise fault(f"a question of type `{self.type}` is answered by `{own}`; write it", field=own)
        if self.unit is not None and self.type != "numeric":
            raise fault("only a number has a unit; leave it out", field="unit")
        found = list(_faults_of_answer(self, own))
        if found:
            raise faults_at(found)
        return self


Fault = tuple[tuple[str | int, ...], str]
"""Where something is wrong inside a question, and what."""


def _faults_of_answer(question: Question, own: str) -> Iterator[Fault]:
    answer: Any = getattr(question, own)
    if own in SIZES and not SIZES[own][0] <= len(answer) <= SIZES[own][1]:
        yield (own,), f"expected {SIZES[own][0]} to {SIZES[own][1]}, found {len(answer)}"
    if own == "accept":
        for language in LANGUAGES:
            if not answer[language]:
                yield (own,), f"no answer for {language}; write at least one"
            for place, text in enumerate(answer[language]):
                if not re.search(r"[^\W_]", text):
                    yield (own, language, place), "signs alone are passed over; an answer needs a letter or a figure"
    if own in SIZES:
        yield from _twice(own, ("id",), [part.id for part in answer])
    for name in {"options": ["text"], "items": ["text"], "pairs": ["left", "right"]}.get(own, []):
        for language in LANGUAGES:
            yield from _twice(own, (name, language), [getattr(part, name)[language] for part in answer])
    if own == "options":
        yield from _faults_of_options(question)
    elif own == "scenes":
        yield from _faults_of_scenes(answer)


def _faults_of_options(question: Question) -> Iterator[Fault]:
    right = [option.id for option in question.options if option.correct]
    if question.type == "single" and len(right) != 1:
        yield ("options",), f"`single` has one right answer, found {len(right)}"
    elif question.type == "multiple" and not 0 < len(right) < len(question.options):
        found = f"{len(right)} right of {len(question.options)}"
        yield ("options",), f"`multiple` has at least one right and one wrong answer, found {found}"
    for place, option in enumerate(question.options):
        if not option.correct and option.feedback is None:
            yield ("options", place), "a wrong answer needs `feedback:`; say why it is tempting and wrong"
        for language in LANGUAGES:
            if ALL_OF_THEM.search(option.text[language]):
                message = "this speaks of the other answers, which are shuffled; name what it means"
                yield ("options", place, "text", language), message


def _right_is(extreme: Callable[[list[int]], int], question: Question, language: str) -> bool:
    """Whether the right answer, and no other, is as long as the longest (`max`) or the shortest (`min`)."""
    lengths = [len(option.text[language]) for option in question.options]
    right = [option.correct for option in question.options].index(True)
    return lengths.count(lengths[right]) == 1 and lengths[right] == extreme(lengths)


def _twice(own: str, name: tuple[str, ...], values: list[str]) -> Iterator[Fault]:
    seen: set[str] = set()
    for place, value in enumerate(values):
        if value.casefold() in seen:
            yield (own, place, *name), f"`{value}` stands here twice; no two may be the same"
        seen.add(value.casefold())


def _faults_of_scenes(scenes: list[Scene]) -> Iterator[Fault]:
    """Every scene is reached from the first and comes to an end, and there is a good end and another."""
    after = {scene.id: [choice.to for choice in scene.choices] for scene in scenes}
    before: dict[str, list[str]] = {}
    for start, targets in after.items():
        for target in targets:
            before.setdefault(target, []).append(start)
    reached = _closure([scenes[0].id], after)
    ending = _closure([scene.id for scene in scenes if scene.end], before)
    for place, scene in enumerate(scenes):
        if scene.end and scene.choices:
            yield ("scenes", place), f"`{scene.id}` is an end and has choices; remove one of the two"
        elif not scene.end and not 2 <= len(scene.choices) <= 4:
            yield ("scenes", place), f"expected 2 to 4 choices or `end:`, found {len(scene.choices)}"
        for number, choice in enumerate(scene.choices):
            if choice.to not in after:
                yield ("scenes", place, "choices", number, "to"), f"there is no scene `{choice.to}`"
        if scene.id not in reached:
            yield ("scenes", place), f"`{scene.id}` is reached from nowhere; lead to it or remove it"
        elif scene.id not in ending:
            yield ("scenes", place), f"`{scene.id}` never comes to an end"
    ends = {scene.end for scene in scenes if scene.end}
    if "good" not in ends or len(ends) < 2:
        yield ("scenes",), "expected a good end and one that is not"


def _closure(start: list[str], after: dict[str, list[str]]) -> set[str]:
    """Everything that is reached from `start`, itself included."""
    found: set[str] = set()
    waiting = list(start)
    while waiting:
        one = waiting.pop()
        if one not in found:
            found.add(one)
            waiting += after.get(one, [])
    return found


# ---------------------------------------------------------------------------------------------------- parts of a path


class Task(Model):
    """One thing to read, tick off, pass or do, and by which day."""

    id: Annotated[str, Field(pattern=ID)]
    """A name that never changes; what is done is kept under it."""
    day: Annotated[int, Field(ge=1, le=366)]
    """The day by which it is done, counted from the start; the first day is 1."""
    read: ref() | None = None  # type: ignore[valid-type]
    """An entry to read, as `kind/id`."""
    tick: ref("checklists") | None = None  # type: ignore[valid-type]
    """A checklist to complete."""
    take: ref("quizzes") | None = None  # type: ignore[valid-type]
    """A quiz to pass as a test."""
    do: Line | None = None
    """Something else to do, starting with a verb."""
    count: Annotated[int, Field(ge=1, le=500)] = 1
    """`do`: how many times."""
    why: ShortProse
    """Why it is there, in one sentence."""

    @model_validator(mode="after")
    def _one_of(self) -> Task:
        if sum(part is not None for part in (self.read, self.tick, self.take, self.do)) != 1:
            raise fault("expected one of `read:`, `tick:`, `take:` or `do:`")
        if self.count > 1 and self.do is None:
            raise fault("only what is done has a count; leave it out", field="count")
        return self


class Phase(Model):
    """A part of a path: from which day to which, what it is to lead to, and what there is to do."""

    id: Annotated[str, Field(pattern=ID)]
    """A name that never changes; how sure somebody is is kept under it."""
    title: Line
    """What it is called, such as `Week 1`."""
    from_day: Annotated[int, Field(ge=1, le=366)]
    """Its first day, counted from the start; the first day is 1."""
    to_day: Annotated[int, Field(ge=1, le=366)]
    """Its last day."""
    aim: Prose
    """What somebody can do at its end."""
    confidence: Line
    """The question "how sure are you that …", asked before and after, answered from 1 to 5."""
    tasks: list[Task] = Many
    """What there is to read, tick off, pass and do, by day."""


class Criterion(Model):
    """Something to be seen in a role play."""

    id: Annotated[str, Field(pattern=ID)]
    """A name that never changes."""
    text: Line
    """What is judged."""
    look_for: ShortProse
    """What somebody who does it well is seen to do."""


class RolePlay(Model):
    """An observed role play, judged on a sheet that the manager signs."""

    title: Line
    """What it is called."""
    setting: Prose
    """Who plays whom, and what the situation is."""
    minutes: Annotated[int, Field(ge=5, le=120)]
    """How long it takes."""
    criteria: list[Criterion] = Field(min_length=4, max_length=8)
    """What is judged, at four levels each."""
    passed_when: Line
    """What it takes to pass."""


# ---------------------------------------------------------------------------------------------------- kinds


Role = Literal["seller", "manager", "owner"]


class Entry(Model):
    """What every entry holds, whatever its kind."""

    kind: ClassVar[str]
    icon: ClassVar[str]
    """A name in the theme's own set of icons."""
    roles: ClassVar[tuple[str, ...]] = ("seller", "manager")
    """Who the kind is for."""

    title: Title
    """What it is called; no two entries of a kind share a title."""
    summary: Summary
    """One sentence that answers on its own; cards and search results show it."""
    aliases: WordList = WordList()
    """Words a searcher may type: synonyms, jargon, short forms."""
    related: list[ref()] = []  # type: ignore[valid-type]
    """Entries worth reading next, as `kind/id`."""
    sources: list[Source] = Field(min_length=1)
    """Where it comes from: seed facts, our own reasoning, published works."""
    owner: ref("owners")  # type: ignore[valid-type]
    """Who keeps it true: a file of data/owners/."""
    verified_on: Date
    """The day on which somebody last checked that it is true."""
    review_in: Span
    """How long the check holds, such as `12 months`."""
    sample: bool = False
    """`true` where it stands for the company's own and is to be replaced."""

    @property
    def verified_until(self) -> date:
        """The last day on which the check holds: `verified_on` + `review_in`."""
        return add_span(self.verified_on, self.review_in)


class ManagerFunction(Entry):
    """Something a sales manager does."""

    kind = "manager-functions"
    icon = "material/account-tie"
    roles = ("manager",)
    why: Prose
    """Why it matters, in two or three sentences."""
    behaviours: list[Prose] = Many
    """What somebody watching would see."""
    cadence: list[Rhythm] = Many
    """When it is done."""
    metrics: list[Metric] = Many
    """Figures that show whether it works."""
    objectives: list[ref("manager-objectives")] = []  # type: ignore[valid-type]
    """The objectives it serves."""
    qualities: list[ref("manager-qualities")] = []  # type: ignore[valid-type]
    """The qualities it draws on."""
    coaching_questions: list[Say] = Many
    """Questions for a one-to-one, word for word."""
    anti_patterns: list[Mistake] = Many
    """Habits that look like it and are not."""


class ManagerObjective(Entry):
    """Something a sales manager is to achieve."""

    kind = "manager-objectives"
    icon = "material/bullseye-arrow"
    roles = ("manager",)
    statement: Prose
    """The objective in one or two sentences."""
    horizon: Line
    """By when it is judged."""
    kpis: list[Metric] = Many
    """The figures it is judged by."""
    leading_indicators: list[Prose] = Many
    """Early signs that it will be met or missed."""
    activities: list[Prose] = Many
    """What the manager does for it."""
    risks: list[Risk] = Many
    """What may stop it, and the answer."""


class Quality(Entry):
    """What a person is able to do, at four levels."""

    definition: Prose
    """What the quality is."""
    levels: Levels
    """Observable behaviour at four levels."""
    self_check: list[Prose] = Many
    """Questions to ask oneself."""
    interview_questions: list[Interview] = Many
    """Questions for hiring, with what to listen for."""
    develop: list[Prose] = Many
    """How to get better at it."""
    warning_signs: list[Prose] = Many
    """Signs that it is missing."""


class ManagerQuality(Quality):
    """A quality of a sales manager."""

    kind = "manager-qualities"
    icon = "material/compass-outline"
    roles = ("manager",)


class SellerFunction(Entry):
    """Something a sales representative does."""

    kind = "seller-functions"
    icon = "material/handshake-outline"
    roles = ("seller",)
    stage: Literal["prospect", "discover", "propose", "negotiate", "close", "grow"]
    """The stage of a sale in which it is mostly done."""
    why: Prose
    """Why it matters, in two or three sentences."""
    trigger: Prose
    """What sets it off."""
    steps: list[Step] = Many
    """How it is done."""
    exit: Prose
    """How one knows that it is done: something the buyer does."""
    questions: list[Say] = Many
    """Questions to ask the customer, word for word."""
    stop_when: list[Prose] = Many
    """Signs that it is time to stop."""
    metrics: list[Metric] = Many
    """Figures that show whether it works."""
    mistakes: list[Mistake] = Many
    """What people get wrong."""


class SellerQuality(Quality):
    """A quality of a sales representative."""

    kind = "seller-qualities"
    icon = "material/star-outline"
    roles = ("seller",)


class Product(Entry):
    """Something the company sells."""

    kind = "products"
    icon = "material/package-variant-closed"
    one_line: Line
    """The product in one line a customer understands."""
    personas: list[Persona] = Many
    """Who buys and uses it."""
    functions: list[Prose] = Many
    """What it does."""
    applications: list[Prose] = Many
    """What customers use it for."""
    not_for: list[Prose] = Many
    """When it is the wrong product."""
    features: list[Feature] = Many
    """Feature, advantage, benefit."""
    differences: list[Difference] = Many
    """Differences from what else the customer may choose."""
    questions: list[Answer] = Many
    """Questions that customers ask."""
    doubts: list[Answer] = Many
    """Doubts to settle."""
    price: Price | None = None
    """What it costs."""


class Play(Entry):
    """How to handle one moment of the work, step by step."""

    kind = "plays"
    icon = "material/strategy"
    moment: Prose
    """When to use it."""
    roles_involved: list[Role] = Many
    """Who runs it."""
    needs: list[Prose] = Many
    """What is needed before it starts."""
    steps: list[Step] = Many
    """What to do, in order, and why."""
    good: list[Prose] = Many
    """What good looks like."""
    script: list[Say] = []
    """Lines to say, word for word."""


class Statistic(Entry):
    """A number that people quote, with the grade of the evidence behind it."""

    kind = "statistics"
    icon = "material/chart-box-outline"
    claim: Prose
    """What is claimed."""
    number: Line
    """The number as it is quoted."""
    grade: Literal["supported", "weak", "unverified", "garbled", "unsupported"]
    """How good the evidence is."""
    why: Prose
    """Why it has this grade."""
    say_instead: list[Say] = Many
    """What to say instead."""
    population: Line | None = None
    """Who was asked or measured, where it is known."""
    method: Line | None = None
    """How, where it is known."""
    year: int | None = None
    """When, where it is known."""
    primary_source: Source | None = None
    """The first publication, where there is one."""

    @model_validator(mode="after")
    def _supported_by_something(self) -> Statistic:
        if self.grade == "supported" and self.primary_source is None:
            raise fault("`supported` needs `primary_source:`; add it or lower the grade", field="grade")
        return self


class Term(Entry):
    """A word of the trade, defined once."""

    kind = "glossary"
    icon = "material/book-alphabet"
    definition: Prose
    """What it means."""
    example: Worked | None = None
    """A worked example; its figures are made up."""
    avoid: WordList = WordList()
    """Words not to use for it."""


class Checklist(Entry):
    """Boxes to tick at one moment of the work, on screen or on one sheet of paper."""

    kind = "checklists"
    icon = "material/clipboard-check-outline"
    moment: Prose
    """When to use it."""
    role: Literal["seller", "manager"]
    """Who ticks it off."""
    cadence: Literal["day", "week", "month", "quarter", "year", "time-it-happens", "once"]
    """How often."""
    minutes: Annotated[int, Field(ge=1, le=480)]
    """How long it takes."""
    mode: Literal["do-confirm", "read-do"]
    """`do-confirm`: done from memory, then confirmed; `read-do`: read and done one by one."""
    steps: list[ChecklistStep] = Field(min_length=5)
    """The boxes, in order: 5 to 9 where done from memory, up to 15 where read and done."""
    sign_off: Line
    """Who signs the sheet."""
    serves: list[ref()] = Many  # type: ignore[valid-type]
    """The functions, plays and qualities that it serves; their pages lead back to it."""
    then: list[ref()] = Many  # type: ignore[valid-type]
    """What comes next when every box is ticked."""
    revision: Annotated[int, Field(ge=1)] = 1
    """Raised when steps come or go; a new step says `since` which revision it is there."""
    retired: list[Annotated[str, Field(pattern=ID)]] = []
    """Ids of steps that are no longer there; they are never used again."""

    @model_validator(mode="after")
    def _as_long_as_its_mode_allows(self) -> Checklist:
        most = 9 if self.mode == "do-confirm" else 15
        steps = self.steps or []  # none where the entry is read in spite of a fault in them
        if len(steps) > most:
            raise fault(f"`{self.mode}` takes 5 to {most} steps, found {len(steps)}", field="steps")
        for step in steps:
            if self.revision and step.since > self.revision:
                raise fault(
                    f"`{step.id}` is there since revision {step.since}, but this is {self.revision}; raise it",
                    field="revision",
                )
            if step.id in (self.retired or []):
                raise fault(f"`{step.id}` is retired; give the step another id", field="steps")
        return self


class Quiz(Entry):
    """Questions on a part of the work, to practise with or to be passed as a test."""

    kind = "quizzes"
    icon = "material/head-question-outline"
    audience: list[Role] = Many
    """Who it is for."""
    minutes: Annotated[int, Field(ge=1, le=120)]
    """How long it takes."""
    pass_mark: Annotated[int, Field(ge=50, le=100)] = 80
    """How many of a hundred have to be right to pass it as a test."""
    mixed: bool = False
    """`true` where its topics are easily confused: only such questions are mixed with each other in review."""
    questions: list[Question] = Field(min_length=1)
    """The questions."""

    @property
    def asked(self) -> list[Question]:
        """The questions that are not retired."""
        return [question for question in self.questions if not question.retired]

    @model_validator(mode="after")
    def _not_to_be_guessed(self) -> Quiz:
        """Something is asked, and the right answer is not given away by its length or by its place."""
        if self.questions and not self.asked:
            raise fault("every question is retired; ask at least one, or remove the quiz", field="questions")
        singles = [one for one in self.questions or [] if one.type == "single" and not one.retired]
        if len(singles) < 4:
            return self
        found = []
        for language, (word, extreme) in product(LANGUAGES, {"longest": max, "shortest": min}.items()):
            so = [one.id for one in singles if _right_is(extreme, one, language)]
            if len(so) * 2 > len(singles):
                found.append(
                    f"in {language} the right answer is the {word} in {len(so)} of {len(singles)} questions with one "
                    f"answer ({', '.join(so)}); change the length of some, or of wrong ones"
                )
        places = [[option.correct for option in one.options].index(True) + 1 for one in singles]
        for place in sorted(set(places)):
            if places.count(place) * 2 > len(singles):
                found.append(
                    f"the right answer is number {place} in {places.count(place)} of {len(singles)} questions with one "
                    "answer; move some"
                )
        if found:
            raise fault(*found, field="questions")
        return self


class LearningPath(Entry):
    """What a new person reads, ticks off, passes and does, day by day and week by week."""

    kind = "paths"
    icon = "material/map-marker-path"
    role: Literal["seller", "manager"]
    """Who walks it."""
    stages: list[Phase] = Field(min_length=2)
    """Its parts, in order."""
    role_play: RolePlay
    """What shows at its end that the work can be done."""

    @model_validator(mode="after")
    def _days_in_order(self) -> LearningPath:
        found: list[Fault] = []
        last = 0
        for place, stage in enumerate(self.stages or []):
            if not last < stage.from_day <= stage.to_day:
                days = f"from day {stage.from_day} to {stage.to_day}"
                found.append((("stages", place, "from_day"), f"{days} after day {last}; stages follow each other"))
            last = stage.to_day
            for number, task in enumerate(stage.tasks):
                if not stage.from_day <= task.day <= stage.to_day:
                    days = f"from day {stage.from_day} to {stage.to_day}"
                    message = f"day {task.day} is outside its stage, which goes {days}"
                    found.append((("stages", place, "tasks", number, "day"), message))
        if found:
            raise faults_at(found)
        return self


class Page(Entry):
    """Prose for a place of its own."""

    kind = "pages"
    icon = "material/file-document-outline"
    roles = ("seller", "manager", "owner")
    sections: list[Section] = Many
    """The text, in parts with a heading each."""


class Owner(Entry):
    """A role in the company that keeps entries true."""

    kind = "owners"
    icon = "material/account-check-outline"
    roles = ("owner",)
    duty: Prose
    """What this role keeps true, and how to reach it."""


KINDS: dict[str, type[Entry]] = {
    cls.kind: cls
    for cls in (
        ManagerFunction,
        ManagerObjective,
        ManagerQuality,
        SellerFunction,
        SellerQuality,
        Product,
        Play,
        Checklist,
        LearningPath,
        Quiz,
        Statistic,
        Term,
        Page,
        Owner,
    )
}
"""Every kind by its folder, in the order in which the site lists them."""


class Fact(Model):
    """A fact that the playbook must carry, and the entry that carries it."""

    id: Annotated[str, Field(pattern=FACT_ID)]
    """A stable number; an entry cites it as `seed: ID`."""
    entry: ref()  # type: ignore[valid-type]
    """The entry that must cite it."""
    cited_by: ref() | None = None  # type: ignore[valid-type]
    """Another entry that must link to that one."""
    words: Line
    """The fact in short."""


def walk(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[tuple[str | int, ...], Any]]:
    """Every value inside a model, depth first, with its path, e.g. ``(("steps", 0, "do"), Prose(...))``."""
    yield path, value
    if isinstance(value, BaseModel) and not isinstance(value, Words):
        for name in type(value).model_fields:
            yield from walk(getattr(value, name), (*path, name))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from walk(item, (*path, index))
