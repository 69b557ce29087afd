"""What leaves the site for other programs: the formats that quizzes can be exported to, and what they all share.

The bytes of an export depend on the data alone, and every id on the keys of the data (``quiz-id/question-id``), never
on a place or a text: a program that reads an export a second time finds what it knows already.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from importlib import import_module
from pathlib import Path
from uuid import UUID, uuid5

from . import prose
from .links import address
from .model import Prose, Question, Ref, Statistic, Words
from .source import Playbook, Record
from .words import words

NAMESPACE = UUID("f49816b0-38ba-4d9c-8546-d99fd8f5b1f0")
"""Part of every id; another value would make every exported question a new one wherever it was imported."""
ZIP_DATE = (1980, 1, 1, 0, 0, 0)
"""The earliest date that a ZIP file can hold."""


@dataclass(frozen=True)
class Format:
    """A format to export to: what it is, the module of macros/ that writes it, the types of question it cannot hold.

    The module has a function ``write(book, language, url, folder) -> list[Path]``: it writes the playbook in a language
    into an existing folder and gives the files; `url` is the public address of the site in this language.
    """

    what: str
    module: str
    lacks: tuple[str, ...] = ()

    def write(self, book: Playbook, language: str, url: str, folder: Path) -> list[Path]:
        """Write the playbook in a language into `folder`; gives the files."""
        # Here and not at the top, for the modules of the formats import this one.
        module = import_module(f".{self.module}", __package__)
        written: list[Path] = module.write(book, language, url, folder)
        return written


FORMATS: dict[str, Format] = {
    "anki": Format("a package of flashcards for Anki, in a deck per quiz", "anki"),
    "gift": Format("a file per quiz for Moodle and others that read GIFT", "gift", lacks=("scenario",)),
    "qti": Format("a package per quiz for test systems that read QTI 3", "qti", lacks=("scenario",)),
    "scorm": Format("a test per learning path for learning management systems, in SCORM 1.2 and 2004", "scorm"),
}
"""Every format by the name that `playbook export` knows it by."""


class Texts:
    """The texts of a playbook in one language, for use outside the site: a reference is an absolute link.

    `url` is the public address of the site in this language, with a slash at its end.
    """

    def __init__(self, book: Playbook, language: str, url: str) -> None:
        self.book = book
        self.language = language
        self.url = url
        self.words = words(language)

    def html(self, value: Words, *, paragraphs: bool = False) -> str:
        """A text as HTML: plain text escaped, rich text with its markup, the latter in ``<p>`` with `paragraphs`."""
        text = value[self.language]
        return prose.html(text, self._link, paragraphs=paragraphs) if isinstance(value, Prose) else escape(text)

    def plain(self, value: Words) -> str:
        """A text as plain words on one line."""
        text = value[self.language]
        return prose.plain(text, self._name) if isinstance(value, Prose) else text

    def address(self, target: Ref | str, anchor: str | None = None) -> str:
        """The public address of an entry, of a part of it, or of any page that `links.address` knows."""
        return self.url + address(target, anchor)

    def link(self, target: Ref, text: str = "", anchor: str | None = None) -> str:
        """A link to an entry as HTML, with its title where no other text is given."""
        shown = text or self.book.records[target].entry.title[self.language]
        return f'<a href="{escape(self.address(target, anchor))}">{escape(shown)}</a>'

    def in_brackets(self, text: str) -> str:
        """A text in the brackets of the language, to stand right behind another."""
        return self._space + str(self.words["sheet"]["by"]).format(text)

    def labelled(self, label: str, text: str) -> str:
        """A text behind its label, such as ``Why:``; the label's full-width colon is as wide as a colon and a space."""
        return label + self._space + text

    @property
    def _space(self) -> str:
        return "" if self.language == "zh" else " "

    def _link(self, reference: prose.Reference) -> str:
        target = Ref(*reference.target.split("/"))
        return self.link(target, reference.words or "", reference.anchor) + escape(self._grade(target))

    def _name(self, reference: prose.Reference) -> str:
        target = Ref(*reference.target.split("/"))
        title = self.book.records[target].entry.title[self.language]
        return (reference.words or title) + self._grade(target)

    def _grade(self, target: Ref) -> str:
        """How far a statistic can be trusted, which no mention of it goes without."""
        entry = self.book.records[target].entry
        if not isinstance(entry, Statistic):
            return ""
        return self.in_brackets(self.words["grades"][entry.grade])


def questions(book: Playbook) -> Iterator[tuple[Record, Question]]:
    """Every question that is asked, with the quiz it belongs to."""
    for record in book.of("quizzes"):
        for question in record.entry.asked:  # type: ignore[attr-defined]
            yield record, question


def left_out(book: Playbook, format_: Format) -> list[str]:
    """The keys of the questions that a format cannot hold."""
    return [f"{record.id}/{question.id}" for record, question in questions(book) if question.type in format_.lacks]


def identity(key: str) -> UUID:
    """The id that stands for a key of the data, such as ``quizzes/evidence/first-question``, always the same."""
    return uuid5(NAMESPACE, key)


def number(key: str) -> int:
    """The number that stands for a key, for programs that count in milliseconds: one of the years 1987 to 2004."""
    return 2**39 + (identity(key).int >> 89)


def zip_of(files: dict[str, bytes]) -> bytes:
    """A ZIP file of the files given by name, with the same bytes whenever they are the same."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name in sorted(files):
            info = zipfile.ZipInfo(name, ZIP_DATE)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.create_system = 3  # Unix, whatever it is made on, for the permissions to mean something
            info.external_attr = 0o100644 << 16
            archive.writestr(info, files[name])
    return made.getvalue()
