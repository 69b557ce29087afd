"""Writes the quizzes in GIFT, the text format in which Moodle and others read questions: a file per quiz and language.

Scenarios are left out: GIFT has nothing that leads on, and a question of its own for each scene would ask something
else. Moodle reads every text as HTML here, except for what somebody types or picks from a list.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from .export import FORMATS, Texts, left_out
from .model import Question
from .source import Playbook, Record

SPECIAL = re.compile(r"[\\~=#{}:]")


def write(book: Playbook, language: str, url: str, folder: Path) -> list[Path]:
    """Write a file per quiz, e.g. ``evidence.en.gift``; `url` is the public address of the site in this language."""
    texts = Texts(book, language, url)
    missing = left_out(book, FORMATS["gift"])
    written = []
    for record in book.of("quizzes"):
        file = folder / f"{record.id}.{language}.gift"
        file.write_text(quiz(record, texts, missing), encoding="utf-8", newline="\n")
        written.append(file)
    return written


def quiz(record: Record, texts: Texts, missing: list[str]) -> str:
    """A quiz as the text of a file; `missing` are the keys of questions that GIFT cannot hold."""
    # No title: words in brackets would be read as tags of the first question.
    notes = [texts.address(record.ref)]
    blocks = []
    for question in record.entry.asked:  # type: ignore[attr-defined]
        key = f"{record.id}/{question.id}"
        if key in missing:
            notes.append(f"left out, for GIFT has no {question.type}: {key}")
        else:
            blocks.append(_block(key, question, texts))
    return "\n\n".join(["\n".join(f"// {note}" for note in notes), *blocks]) + "\n"


def escaped(text: str) -> str:
    """Text in which nothing is a sign of GIFT's own, on one line."""
    return SPECIAL.sub(r"\\\g<0>", text).replace("\n", "\\n")


def typed(text: str) -> str:
    """An answer that somebody types, as Moodle compares it: ``*`` would stand for anything and ``->`` for a pair."""
    return " ".join(text.replace("->", " ").split()).replace("*", r"\*")


def _block(key: str, question: Question, texts: Texts) -> str:
    tags = "".join(f" [tag:{tag}]" for tag in (question.topic, question.skill, question.difficulty))
    read = texts.words["page"]["comma"].join(texts.link(ref) for ref in question.rests_on)
    why = f"{texts.html(question.why, paragraphs=True)}<p>{texts.labelled(texts.words['quiz']['read'], read)}</p>"
    answers = list(_answers(question, texts))
    # What stands right behind the bracket says what type of question it is.
    opened, answers = (answers[0], []) if question.type in ("true-false", "numeric") else ("", answers)
    lines = [
        f"// [id:{key}/{texts.language}]{tags}",
        f"::{key}::{_html(_asked(question, texts))}{{{opened}",
        *answers,
        f"####{_html(why)}",
        "}",
    ]
    return "\n".join(lines)


def _asked(question: Question, texts: Texts) -> str:
    prompt = texts.html(question.prompt)
    if question.type == "order":
        return f"<p>{prompt}</p><p>{texts.words['quiz']['places']}</p>"
    if question.unit:
        return f"<p>{prompt}{texts.in_brackets(texts.html(question.unit))}</p>"
    return f"<p>{prompt}</p>"


def _answers(question: Question, texts: Texts) -> Iterator[str]:
    match question.type:
        case "single" | "multiple":
            right = [option.correct for option in question.options].count(True)
            for option in question.options:
                # A wrong answer costs what the right ones bring, as a question is right or wrong on the site.
                weight = f"~%{100 / right:.7g}%" if option.correct else "~%-100%"
                sign = weight if question.type == "multiple" else "=" if option.correct else "~"
                said = f"#{_html(texts.html(option.feedback))}" if option.feedback else ""
                yield f"{sign}{_html(texts.html(option.text))}{said}"
        case "true-false":
            yield "TRUE" if question.correct else "FALSE"
        case "order":
            for place, item in enumerate(question.items, 1):
                yield f"={_html(texts.html(item.text))} -> {place}"
        case "match":
            for pair in question.pairs:
                yield f"={_html(texts.html(pair.left))} -> {escaped(texts.plain(pair.right))}"
        case "fill-in":
            yield from (f"=%100%[plain]{escaped(typed(text))}" for text in question.accept[texts.language])
        case "numeric":
            yield f"#{question.number}"


def _html(text: str) -> str:
    """HTML marked as such, so that no text of its own can be taken for such a mark or for a weight."""
    return f"[html]{escaped(text)}"
