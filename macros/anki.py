"""Writes the quizzes as a package of flashcards for Anki: a deck per quiz, a note with one card per question.

The package is of the older form, a SQLite file in a ZIP file, which every Anki reads. When one is imported again, Anki
knows a note by its guid, and replaces its fields only where its time of modification is later; ids and schedule stay.
"""

from __future__ import annotations

import hashlib
import json
import re
import sqlite3
from collections.abc import Iterable
from datetime import UTC, datetime, time
from html import escape, unescape
from itertools import pairwise
from pathlib import Path
from typing import Any

from .export import Texts, identity, number, questions, zip_of
from .model import Question
from .render import shortest_way, shuffled
from .source import Playbook, Record

FIELDS = ("Question", "Answer")
"""Anki compares note types by the names of fields and cards: with other names, no note would be updated any more."""
CARD = "Card 1"
CSS_CHANGED = 1
"""Raised when `CSS` changes, so that Anki takes it over."""
CSS = """.card { max-width: 40em; margin: 0 auto; padding: 0 1em; font: 1.1em/1.5 system-ui, sans-serif; }
.note, .read { font-size: .85em; opacity: .8; }
"""
SCHEMA = """
CREATE TABLE col (id integer PRIMARY KEY, crt integer NOT NULL, mod integer NOT NULL, scm integer NOT NULL,
  ver integer NOT NULL, dty integer NOT NULL, usn integer NOT NULL, ls integer NOT NULL, conf text NOT NULL,
  models text NOT NULL, decks text NOT NULL, dconf text NOT NULL, tags text NOT NULL);
CREATE TABLE notes (id integer PRIMARY KEY, guid text NOT NULL, mid integer NOT NULL, mod integer NOT NULL,
  usn integer NOT NULL, tags text NOT NULL, flds text NOT NULL, sfld integer NOT NULL, csum integer NOT NULL,
  flags integer NOT NULL, data text NOT NULL);
CREATE TABLE cards (id integer PRIMARY KEY, nid integer NOT NULL, did integer NOT NULL, ord integer NOT NULL,
  mod integer NOT NULL, usn integer NOT NULL, type integer NOT NULL, queue integer NOT NULL, due integer NOT NULL,
  ivl integer NOT NULL, factor integer NOT NULL, reps integer NOT NULL, lapses integer NOT NULL,
  left integer NOT NULL, odue integer NOT NULL, odid integer NOT NULL, flags integer NOT NULL, data text NOT NULL);
CREATE TABLE revlog (id integer PRIMARY KEY, cid integer NOT NULL, usn integer NOT NULL, ease integer NOT NULL,
  ivl integer NOT NULL, lastIvl integer NOT NULL, factor integer NOT NULL, time integer NOT NULL,
  type integer NOT NULL);
CREATE TABLE graves (usn integer NOT NULL, oid integer NOT NULL, type integer NOT NULL);
CREATE INDEX ix_notes_usn ON notes (usn);
CREATE INDEX ix_cards_usn ON cards (usn);
CREATE INDEX ix_revlog_usn ON revlog (usn);
CREATE INDEX ix_cards_nid ON cards (nid);
CREATE INDEX ix_cards_sched ON cards (did, queue, due);
CREATE INDEX ix_revlog_cid ON revlog (cid);
CREATE INDEX ix_notes_csum ON notes (csum);
"""


def write(book: Playbook, language: str, url: str, folder: Path) -> list[Path]:
    """Write the package of a language, e.g. ``sales-playbook.en.apkg``; `url` is the public address of the site."""
    file = folder / f"sales-playbook.{language}.apkg"
    file.write_bytes(zip_of({"collection.anki2": collection(book, Texts(book, language, url)), "media": b"{}"}))
    return [file]


def collection(book: Playbook, texts: Texts) -> bytes:
    """The collection of cards, as the bytes of a SQLite file."""
    model = number("anki/note-type")
    decks = {record.ref: _deck(record, texts) for record in book.of("quizzes")}
    database = sqlite3.connect(":memory:")
    database.executescript(SCHEMA)
    _insert(
        database,
        "col",
        [1, 0, 0, 0, 11, 0, 0, 0]
        + [json.dumps(part, ensure_ascii=False) for part in ({}, {model: _note_type(model)})]
        + [json.dumps({deck["id"]: deck for deck in decks.values()}, ensure_ascii=False), "{}", "{}"],
    )
    for place, (record, question) in enumerate(questions(book), 1):
        key = f"anki/{texts.language}/{record.id}/{question.id}"
        changed = modified(record, question)
        front, back = front_of(question, texts), back_of(record, question, texts)
        shown = unescape(re.sub(r"<[^>]*>", "", front))
        checksum = int(hashlib.sha1(shown.encode(), usedforsecurity=False).hexdigest()[:8], 16)
        tags = f" {' '.join(tags_of(record, question))} "
        note = number(key)
        _insert(
            database,
            "notes",
            [note, str(identity(key)), model, changed, -1, tags, f"{front}\x1f{back}", shown, checksum, 0, ""],
        )
        card = [number(f"{key}/card"), note, decks[record.ref]["id"], 0, changed, -1, 0, 0, place]
        _insert(database, "cards", [*card, *[0] * 8, ""])
    database.commit()
    return database.serialize()


def _insert(database: sqlite3.Connection, table: str, values: list[Any]) -> None:
    database.execute(f"INSERT INTO {table} VALUES ({', '.join('?' * len(values))})", values)  # noqa: S608


def modified(record: Record, question: Question) -> int:
    """When a note last changed, in seconds: the day on which its quiz was checked, and a second per revision.

    Anki takes over what is later than what it has and nothing else. The clock would not do: the same data would give
    other bytes, and every import would overwrite what somebody added to a note.
    """
    checked = datetime.combine(record.entry.verified_on, time(), UTC)
    return int(checked.timestamp()) + question.revision


def tags_of(record: Record, question: Question) -> list[str]:
    """The tags of a note; Anki shows what stands before ``::`` as a branch."""
    return [
        f"quiz::{record.id}",
        f"topic::{question.topic.kind}::{question.topic.id}",
        f"skill::{question.skill}",
        f"difficulty::{question.difficulty}",
    ]


def _deck(record: Record, texts: Texts) -> dict[str, Any]:
    # Two colons in a title would open a deck inside the deck.
    name = texts.plain(record.entry.title).replace("::", ":")
    return {
        "id": number(f"anki/{texts.language}/{record.ref}"),
        "name": f"{texts.words['home']['title']}::{name}",
        "desc": "",
        "mod": 0,
        "usn": -1,
        "conf": 1,
        "dyn": 0,
        "collapsed": False,
        "browserCollapsed": False,
        "extendNew": 0,
        "extendRev": 0,
        **{f"{kind}Today": [0, 0] for kind in ("new", "rev", "lrn", "time")},
    }


def _note_type(id_: int) -> dict[str, Any]:
    """The one note type of both languages: what has words in it stands in the fields."""
    return {
        "id": id_,
        "name": "Sales Playbook",
        "type": 0,
        "mod": CSS_CHANGED,
        "usn": -1,
        "sortf": 0,
        "did": None,
        "flds": [
            {"name": name, "ord": place, "sticky": False, "rtl": False, "font": "Arial", "size": 20}
            for place, name in enumerate(FIELDS)
        ],
        "tmpls": [
            {
                "name": CARD,
                "ord": 0,
                "qfmt": "{{Question}}",
                "afmt": "{{FrontSide}}<hr id=answer>{{Answer}}",
                "bqfmt": "",
                "bafmt": "",
                "did": None,
            }
        ],
        "css": CSS,
        "latexPre": "",
        "latexPost": "",
        "req": [[0, "any", [0]]],
    }


# ---------------------------------------------------------------------------------------------------- the two sides


def front_of(question: Question, texts: Texts) -> str:
    """What is asked, as HTML."""
    say = texts.words["quiz"]
    unit = texts.in_brackets(texts.html(question.unit)) if question.unit else ""
    out = [f"<p><b>{texts.html(question.prompt)}</b>{unit}</p>"]
    match question.type:
        case "single" | "multiple":
            if question.type == "multiple":
                out.append(_note(say["several"]))
            out.append(_list(texts.html(option.text) for option in question.options))
        case "true-false":
            out.append(_list(escape(say[name]) for name in ("true", "false")))
        case "order":
            out.append(_list(texts.html(item.text) for item in shuffled(question.id, question.items)))
        case "match":
            out.append(_list(texts.html(pair.left) for pair in question.pairs))
            out.append(_list(texts.html(pair.right) for pair in shuffled(question.id, question.pairs)))
        case "scenario":
            start = question.scenes[0]
            out.append(texts.html(start.text, paragraphs=True))
            out.append(_list(texts.html(choice.text) for choice in start.choices))
    return "".join(out)


def back_of(record: Record, question: Question, texts: Texts) -> str:
    """The answer, what is to be said to each option, why, and where to read on, as HTML."""
    say = texts.words["quiz"]
    colon, comma = texts.words["page"]["colon"], texts.words["page"]["comma"]
    read = comma.join(texts.link(ref) for ref in question.rests_on)
    said = [
        texts.labelled(f"<b>{texts.html(option.text)}{colon}</b>", texts.html(option.feedback))
        for option in question.options
        if option.feedback
    ]
    right = f"<b>{say['right_answer']}</b>"
    return "".join(
        [
            f"<p>{texts.labelled(right, _short_answer(question, texts))}</p>",
            _long_answer(question, texts),
            _list(said) if said else "",
            f"<p><b>{texts.words['page']['why']}</b></p>{texts.html(question.why, paragraphs=True)}",
            f'<p class="read">{texts.labelled(say["read"], read)}</p>',
            f'<p class="read">{texts.link(record.ref, anchor=question.id)}</p>',
        ]
    )


def _short_answer(question: Question, texts: Texts) -> str:
    say, comma = texts.words["quiz"], texts.words["page"]["comma"]
    match question.type:
        case "single" | "multiple":
            right = [texts.html(option.text) for option in question.options if option.correct]
            return "<br>".join(right)
        case "true-false":
            return escape(say["true" if question.correct else "false"])
        case "fill-in":
            return escape(comma.join(question.accept[texts.language]))
        case "numeric":
            return f"{question.number} {texts.html(question.unit)}" if question.unit else str(question.number)
        case _:
            return ""


def _long_answer(question: Question, texts: Texts) -> str:
    match question.type:
        case "order":
            return _list((texts.html(item.text) for item in question.items), "ol")
        case "match":
            return _list(f"{texts.html(pair.left)} – {texts.html(pair.right)}" for pair in question.pairs)
        case "scenario":
            way = [question.scenes[place - 1] for place in shortest_way(question)]
            told = [texts.html(scene.text, paragraphs=True) for scene in way]
            for place, (scene, following) in enumerate(pairwise(way)):
                taken = next(choice for choice in scene.choices if choice.to == following.id)
                told[place] += f"<p>→ <b>{texts.html(taken.text)}</b></p>"
            return _list(told, "ol")
        case _:
            return ""


def _list(items: Iterable[str], tag: str = "ul") -> str:
    return f"<{tag}>{''.join(f'<li>{item}</li>' for item in items)}</{tag}>"


def _note(text: str) -> str:
    return f'<p class="note">{escape(text)}</p>'
