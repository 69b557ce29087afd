"""Text from YAML is text: whatever stands in any field reaches the reader as typed, or is refused with a message."""

from __future__ import annotations

import copy
import html
import json
import re
import shutil
from collections.abc import Iterator
from datetime import date
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, ClassVar

import pytest
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from markupsafe import Markup

from macros import render, rules, source
from macros.model import KINDS, LANGUAGES, Fact, Prose, Ref, Say, Source, WordList, Words, walk
from macros.render import Page, Site

from .conftest import MINIATURE

HOSTILE = {
    "script": "<script>alert(1)</script>",
    "expression": "{{ 7*7 }}",
    "statement": "{% raw %}",
    "comment": "{# gone #}",
    "link": "[x](javascript:alert(1))",
    "link-end": "](",
    "image": '"><img src=x onerror=alert(1)>',
    "apostrophe": "'",
    "single-quoted": "' onmouseover='alert(1)",
    "bar": "a | b",
    "back-tick": "`",
    "code": "`<b>`",
    "entity": "&amp; &lt;b&gt; &#123;",
    "brackets": "[[",
    "half-a-reference": "[[plays/first-call]",
    "backslash": "\\x <i>y</i>",
    "replacement": "$& $1 \\1 \\g<0>",
    "title-end": "</title></textarea></template>",
    "html-comment": "<!-- x",
    "attributes": "{onclick=alert(1) .x #y}",
    "heading": "# not a heading",
    "table": "| a | b |",
    "include": '--8<-- "mkdocs.yml"',
    "quote": "> not a quote",
    "place": '<div id="playbook"></div>',
    "address": "<https://example.com> https://example.com",
    "format": "{} {0} {title} %s %(x)s",
    "astral": "😀 é ‹›",
}
READS = {"code": "<b>"}
"""What rich text shows where that is not what was typed: its Markdown subset was meant."""
REFUSED = {
    ("link", Prose): "a link may lead to http://, https:// or mailto:, found `javascript:alert(1)`",
    ("apostrophe", Say): "leave out the quotation marks around it",
    ("brackets", Prose): "`[[` that starts no reference; write [[kind/id]]",
    ("brackets", object): "this field takes no [[reference]]; write the words alone",
    ("half-a-reference", Prose): "`[[` that starts no reference; write [[kind/id]]",
    ("half-a-reference", object): "this field takes no [[reference]]; write the words alone",
}
"""What may not be typed in which texts, and what the author is told; the first that fits counts."""

QUIZ = "data/quizzes/first-questions.yml"

each_hostile = pytest.mark.parametrize("name", HOSTILE)
each_kind = pytest.mark.parametrize("kind", KINDS)
each_language = pytest.mark.parametrize("language", LANGUAGES)

Path_ = tuple[str | int, ...]


JSON = "application/json"
ALONE = {"options", "items", "pairs"}
"""Lists whose texts must differ: the hostile text there has a number behind it."""


def texts_of(value: Any) -> str:
    """The texts in JSON, one behind the other."""
    if isinstance(value, dict | list):
        return "\0".join(texts_of(item) for item in (value.values() if isinstance(value, dict) else value))
    return str(value)


def typed(name: str, number: int) -> str:
    """What is typed into a field."""
    path = places()[number][1]
    alone = ALONE & set(map(str, path)) and path[-1] != "feedback"
    return f"{HOSTILE[name]} {number}" if alone else HOSTILE[name]


class _Events(HTMLParser):
    """A page as the list of its tags, with their attributes, and of the text between them."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[Any, ...]] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        held = {name: value or "" for name, value in attrs}
        if "data-accept" in held:
            held["data-accept"] = texts_of(json.loads(held["data-accept"]))
        self.found.append(("<", tag, held))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        self.found.append((">", tag))

    def handle_data(self, data: str) -> None:
        if self.found and self.found[-1][:2] == ("<", "script") and self.found[-1][2].get("type") == JSON:
            self.found.append(("json", texts_of(json.loads(data))))
            return
        if self.found and self.found[-1][0] == "text":
            data = self.found.pop()[1] + data
        self.found.append(("text", data))

    def handle_comment(self, data: str) -> None:
        self.found.append(("comment", data))

    def handle_decl(self, decl: str) -> None:
        self.found.append(("declaration", decl))

    def handle_pi(self, data: str) -> None:
        self.found.append(("instruction", data))


# ---------------------------------------------------------------------------------------------------- hostile books


def values(root: Path) -> dict[str, Any]:
    """The plain values of every file below data/, by its name."""
    found = {}
    for file in sorted((root / "data").rglob("*.yml")):
        problems: list[source.Problem] = []
        found[str(file.relative_to(root))] = source.load(file, file.name, problems)[1]
        assert problems == []
    return found


@cache
def clean_values() -> dict[str, Any]:
    return values(MINIATURE)


def text_fields(entry: Any) -> Iterator[tuple[Path_, type[Words] | type[str]]]:
    """Every text of an entry: its path, and its class or `str` for a word of a list."""
    for path, value in walk(entry):
        if isinstance(value, Words):
            yield path, type(value)
        elif isinstance(value, WordList):
            for language in LANGUAGES:
                yield from (((*path, language, index), str) for index in range(len(value[language])))


def put(value: Any, path: Path_, text: str, cls: type) -> None:
    """Put a text in its place, the same in both languages."""
    for step in path[:-1]:
        value = value[step]
    value[path[-1]] = text if cls is str else dict.fromkeys(LANGUAGES, text)


def marker(number: int) -> str:
    """A harmless text that stands nowhere else."""
    return f"Zq{number}qZ"


@cache
def places() -> list[tuple[str, Path_, type]]:
    """Every text field of the miniature: its file, its path, its class."""
    book = source.read(MINIATURE)
    found: list[tuple[str, Path_, type]] = []
    for record in book.records.values():
        found += [(record.file, path, cls) for path, cls in text_fields(record.entry)]
    for number, fact in enumerate(book.facts):
        found += [("data/facts.yml", (number, *path), cls) for path, cls in text_fields(fact)]
    return found


def model_of(file: str) -> type:
    return Fact if file == "data/facts.yml" else KINDS[file.split("/")[1]]


@cache
def refusals(name: str) -> dict[int, str]:
    """The text fields, by number, that refuse a hostile text, each tried alone, with what they say."""
    clean = clean_values()
    said = {}
    for number, (file, path, cls) in enumerate(places()):
        changed = copy.deepcopy(clean[file])
        put(changed, path, HOSTILE[name], cls)
        # A fact is one item of its file.
        value, at = (changed[path[0]], path[1:]) if file == "data/facts.yml" else (changed, path)
        try:
            model_of(file).model_validate(value)
        except ValueError as error:
            (first, *_) = error.errors()  # type: ignore[attr-defined]
            # A question is looked at as a whole, and says itself what it is about.
            inside = first.get("ctx", {}).get("field") or ()
            assert (first["loc"] + (inside if isinstance(inside, tuple) else ()))[: len(at)] == at
            said[number] = first["msg"]
    return said


@cache
def book(name: str | None) -> source.Playbook:
    """The miniature with a hostile text in every field that takes it; with markers in the same fields for None."""
    with TemporaryDirectory() as folder:
        root = Path(shutil.copytree(MINIATURE, Path(folder) / "miniature"))
        changed = values(root)
        for number, (file, path, cls) in enumerate(places()):
            text = marker(number) if name is None or number in refusals(name) else typed(name, number)
            put(changed[file], path, text, cls)
        for file, value in changed.items():
            # JSON is YAML, and quotes everything.
            (root / file).write_text(json.dumps(value, ensure_ascii=False, indent=1), encoding="utf-8")
        made = source.read(root)
    assert [str(problem) for problem in made.problems] == []
    return made


class _Compiled(BytecodeCache):
    """Templates compiled once for all sites: the tests make a hundred of them, a build two."""

    kept: ClassVar[dict[str, bytes]] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self.kept:
            bucket.bytecode_from_string(self.kept[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self.kept[bucket.key] = bucket.bytecode_to_string()


def open_site(made: source.Playbook, language: str) -> Site:
    site = Site(
        made, language, "https://example.com/edit/", date(2026, 12, 1), url="https://playbook.example/en/", pdfs=True
    )
    site._env.bytecode_cache = _Compiled()
    return site


@cache
def sites(name: str | None, language: str) -> Site:
    return open_site(book(name), language)


def shown(name: str, number: int) -> str:
    """What a reader should see where the marker stands."""
    cls = places()[number][2]
    if number in refusals(name):
        return marker(number)
    return READS.get(name, HOSTILE[name]) if issubclass(cls, Prose) else typed(name, number)


def expected(events: list[tuple[Any, ...]], name: str) -> list[tuple[Any, ...]]:
    """The events of the page with markers, with the hostile text in their place."""

    def fill(text: str) -> str:
        return re.sub(r"Zq(\d+)qZ", lambda match: shown(name, int(match[1])), text)

    made: list[tuple[Any, ...]] = []
    for event in events:
        if event[0] == "<":
            made.append((*event[:2], {key: fill(value) for key, value in event[2].items()}))
        else:
            made.append((event[0], fill(event[1])))
    return made


@pytest.fixture(autouse=True)
def plain_icons(monkeypatch: pytest.MonkeyPatch) -> None:
    """No icons: they are the theme's, and as many tags as the rest of a page."""
    monkeypatch.setattr(render, "icon", lambda name: Markup(""))


def without(tags: set[str], events: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """The events without some tags, and the text that they parted in one piece."""
    made: list[tuple[Any, ...]] = []
    for event in events:
        if event[0] in "<>" and event[1] in tags:
            continue
        if event[0] == "text" and made and made[-1][0] == "text":
            event = ("text", made.pop()[1] + event[1])
        made.append(event)
    return made


def compare(clean: Page, hostile: Page, name: str) -> None:
    """The hostile page has the tags of the clean one and no other, and shows what was typed."""
    # A pair of back-ticks means code in rich text.
    meant = {"code"} if name == "code" else set()
    seen = without(meant, _Events(hostile.html).found)
    assert seen == without(meant, expected(_Events(clean.html).found, name))
    for event in seen:
        assert event[0] in ("<", ">", "text", "json"), "no comment, no declaration"
        if event[0] == "<":
            assert event[1] not in ("img", "iframe", "object", "style")
            assert event[1] != "script" or event[2]["type"] == JSON
            assert not [key for key in event[2] if key.startswith("on") or key == "style"]
            assert not event[2].get("href", "").lower().startswith(("javascript:", "data:"))
    # The head of the page: no engine finds anything to do in it, and it reads as typed.
    for text, marked in ((hostile.heading, clean.heading), (hostile.description, clean.description)):
        assert not re.search(r"[{}<>\"']", text)
        ((_, typed),) = expected([("text", marked)], name)
        assert html.unescape(text) == typed


# ---------------------------------------------------------------------------------------------------- pages


def test_every_kind_of_text_is_tried() -> None:
    files = {file for file, _, _ in places()}
    assert files == {f"data/{ref}.yml" for ref in source.read(MINIATURE).records} | {"data/facts.yml"}
    assert len(places()) >= 120
    assert {cls.__name__ for _, _, cls in places()} == {
        "Ask",
        "Title",
        "Summary",
        "Line",
        "Say",
        "Prose",
        "ShortProse",
        "LongProse",
        "Worked",
        "str",
    }


@each_language
@each_kind
@each_hostile
def test_page_shows_what_was_typed(name: str, kind: str, language: str) -> None:
    clean, hostile = sites(None, language), sites(name, language)
    (record,) = hostile.book.of(kind)
    compare(clean.entry(record.ref), hostile.entry(record.ref), name)


@each_language
@each_hostile
def test_lists_show_what_was_typed(name: str, language: str) -> None:
    clean, hostile = sites(None, language), sites(name, language)
    for kind in KINDS:
        compare(clean.index(kind), hostile.index(kind), name)
    for view in render.VIEWS:
        compare(clean.view(view), hostile.view(view), name)
    compare(clean.home(), hostile.home(), name)


def test_markers_show() -> None:
    """Nothing is compared with nothing: nearly every text of an entry is on its page."""
    site = sites(None, "en")
    text = "".join(site.entry(ref).html for ref in site.book.records) + "".join(site.index(kind).html for kind in KINDS)
    hidden = {marker(number) for number in range(len(places()))} - set(re.findall(r"Zq\d+qZ", text))
    # The internal price, words and answers in the other language, a question that is retired.
    names = {(places()[int(re.sub(r"\D", "", mark))][0], places()[int(re.sub(r"\D", "", mark))][1]) for mark in hidden}
    assert names == {
        ("data/products/sample-kettle.yml", ("price", "text")),
        ("data/glossary/lead.yml", ("avoid", "zh", 0)),
        *((QUIZ, ("questions", 5, "accept", "zh", place)) for place in (0, 1)),
        *((QUIZ, ("questions", 8, field)) for field in ("prompt", "why")),
    }


# ---------------------------------------------------------------------------------------------------- refusals


@each_hostile
def test_what_is_refused_says_so(name: str) -> None:
    for number, said in refusals(name).items():
        file, path, cls = places()[number]
        if "accept" in path and "signs alone are passed over" in said:
            assert not re.search(r"\w", HOSTILE[name])
            continue
        fits = (text for (hostile, base), text in REFUSED.items() if hostile == name and issubclass(cls, base))
        fragment = next(fits, None)
        assert fragment, f"{file}: {source.dotted(path)} refuses {HOSTILE[name]!r}: {said}"
        assert fragment in said


@pytest.mark.parametrize(("name", "cls"), REFUSED, ids=str)
def test_what_must_be_refused_is_refused_in_every_such_field(name: str, cls: type) -> None:
    wanted = {number for number, place in enumerate(places()) if issubclass(place[2], cls)}
    assert wanted
    assert set(refusals(name)) >= wanted


@each_hostile
def test_what_is_no_text_takes_no_text(name: str) -> None:
    """Ids, references, dates, addresses, choices: each refuses it, alone or by a rule across entries."""
    base = source.read(MINIATURE)
    tried = 0
    for record in base.records.values():
        clean = clean_values()[record.file]
        for path, value in plain_fields(clean):
            if not isinstance(value, str):
                continue
            changed = copy.deepcopy(clean)
            inside = changed
            for step in path[:-1]:
                inside = inside[step]
            inside[path[-1]] = HOSTILE[name]
            tried += 1
            try:
                entry = KINDS[record.kind].model_validate(changed)
            except ValueError:
                continue
            other = copy.copy(base)
            text = json.dumps(changed, ensure_ascii=False)
            other.records = {**base.records, record.ref: source.Record(record.ref, entry, record.file, text)}
            found = [problem for problem in rules.check(other) if problem.file == record.file]
            assert found, f"{record.file}: {source.dotted(path)} takes {HOSTILE[name]!r}"
    assert tried > 50


def plain_fields(value: Any, path: Path_ = ()) -> Iterator[tuple[Path_, Any]]:
    """Every value that is no text in two languages and no list of words, with its path."""
    if isinstance(value, dict):
        if set(value) & set(LANGUAGES):
            return
        for name, item in value.items():
            yield from plain_fields(item, (*path, name))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from plain_fields(item, (*path, index))
    # `name: KPI` is a name that is the same in both languages: a text, tried above.
    elif path[-1] not in ("name",):
        yield path, value


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        " https://example.com",
        'https://example.com/" onclick="x',
        "https://example.com/<b>",
        "data:text/html,x",
    ],
)
def test_address_of_a_work_is_one(address: str) -> None:
    with pytest.raises(ValueError, match="pattern"):
        Source.model_validate({"title": "A book", "url": address})


def test_address_shows_as_typed(tmp_path: Path) -> None:
    root = Path(shutil.copytree(MINIATURE, tmp_path / "miniature"))
    file = root / "data" / "plays" / "first-call.yml"
    typed = "https://example.com/{{7*7}}?a=1&amp;b=$&#x"
    text = re.sub(r"url: .*", f"url: '{typed}'", file.read_text(encoding="utf-8"))
    file.write_text(text, encoding="utf-8")
    page = open_site(source.read(root), "en").entry(Ref("plays", "first-call"))
    links = [event[2]["href"] for event in _Events(page.html).found if event[:2] == ("<", "a")]
    assert typed in links


# ---------------------------------------------------------------------------------------------------- mentions


@each_language
@pytest.mark.parametrize("name", [name for name in HOSTILE if name not in ("code", "brackets", "half-a-reference")])
def test_mention_shows_what_was_typed(name: str, language: str, tmp_path: Path) -> None:
    """The sentence around a reference, and the words of one, on the page that it leads to and on its own."""
    root = Path(shutil.copytree(MINIATURE, tmp_path / "miniature"))
    file = root / "data" / "plays" / "first-call.yml"
    value = source.load(file, "", [])[1]
    typed = HOSTILE[name]
    # The words of a reference end at the next bracket, and a bar starts them.
    words = "W" if re.search(r"[\[\]|]", typed) else typed
    after = "." if name == "link" else typed
    value["needs"] = [dict.fromkeys(LANGUAGES, f"see [[products/sample-kettle|{words}]] {after}")]
    file.write_text(json.dumps(value, ensure_ascii=False), encoding="utf-8")
    made = source.read(root)
    assert [str(problem) for problem in made.problems] == []
    site = open_site(made, language)
    for ref in (Ref("products", "sample-kettle"), Ref("plays", "first-call")):
        events = without({"a"}, _Events(site.entry(ref).html).found)
        assert ("text", f"see {words} {after}") in events
