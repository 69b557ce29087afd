"""Packs the quizzes of each path as one test for learning management systems, in SCORM 1.2 and SCORM 2004.

A package is the same forms and scripts as on the site; `templates/scorm.js` stands between them and the system. What a
system may be told is in `questions`, in the vocabulary of each version: the types of question, the ids, the right
answers. Whoever reaches the pass mark of every quiz just passes the whole, so the mark of a path is the mean of theirs,
each counted by its number of questions.
"""

from __future__ import annotations

import re
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

from .export import Texts, identity, zip_of
from .model import Question
from .render import TEMPLATES, Site, shortest_way
from .source import Playbook, Record

ASSETS = Path(__file__).resolve().parents[1] / "docs" / "assets"
OWN = ("scorm.css", "scorm.js")
"""What a package needs besides the files of the site; it lies beside the templates, for no page of the site has it."""
STYLES = ("playbook.css", "quizzes.css")
IMPORT = re.compile(r'^import .* from "\./(?:assets/)?([a-z]+\.js)";$', re.MULTILINE)
TYPES = {
    "single": "choice",
    "multiple": "choice",
    "true-false": "true-false",
    "order": "sequencing",
    "match": "matching",
    "fill-in": "fill-in",
    "numeric": "numeric",
}
"""The types of question in both versions; a scenario differs."""
SCENARIO = {"1.2": "performance", "2004": "other"}
MARKS = {"1.2": (",", "."), "2004": ("[,]", "[.]")}
"""What stands between the parts of an answer, and between the two sides of a pair."""
MOST_PATTERNS = 5
"""A system has to keep five ways to fill in a blank, and may refuse more."""
MOST_TEXT = 250
MOST_INTERACTIONS = 250
"""A system has to keep so many answered questions, and may refuse more."""
NAMES = {"1.2": "scorm12", "2004": "scorm2004"}
SPACES = {
    "1.2": ("http://www.imsproject.org/xsd/imscp_rootv1p1p2", "http://www.adlnet.org/xsd/adlcp_rootv1p2"),
    "2004": ("http://www.imsglobal.org/xsd/imscp_v1p1", "http://www.adlnet.org/xsd/adlcp_v1p3"),
}
SEQUENCING = "http://www.imsglobal.org/xsd/imsss"


def write(book: Playbook, language: str, url: str, folder: Path) -> list[Path]:
    """Write two packages for each path that has quizzes, one for each version; gives the files."""
    site = Site(book, language, "", date.min, url=url)
    written = []
    for record in book.of("paths"):
        for version, name in NAMES.items() if quizzes(record, book) else ():
            file = folder / f"{record.id}.{language}.{name}.zip"
            file.write_bytes(zip_of(package(site, record, version)))
            written.append(file)
    return written


def quizzes(path: Record, book: Playbook) -> list[Record]:
    """The quizzes of a path, each once, in the order in which they are taken."""
    stages = path.entry.stages  # type: ignore[attr-defined]
    taken = [task.take for stage in stages for task in stage.tasks if task.take is not None]
    return [book.records[ref] for ref in dict.fromkeys(taken)]


def package(site: Site, path: Record, version: str) -> dict[str, bytes]:
    """The files of a package by their names; `version` is ``1.2`` or ``2004``."""
    taken = quizzes(path, site.book)
    asked = {
        f"{quiz.id}/{question.id}": question
        for quiz in taken
        for question in quiz.entry.asked  # type: ignore[attr-defined]
    }
    course = {
        "version": version,
        "language": site.language,
        "mark": mark(taken),
        "questions": {
            key: described(key, question, version, Texts(site.book, site.language, site.url))
            for key, question in asked.items()
        },
    }
    page = site.package(
        "scorm.html.j2",
        record=path,
        quizzes=taken,
        number=len(asked),
        minutes=sum(quiz.entry.minutes for quiz in taken),  # type: ignore[attr-defined]
        course=course,
    )
    files = {"index.html": page.encode()}
    files |= {name: (TEMPLATES / name).read_bytes() for name in OWN}
    files |= {f"assets/{name}": (ASSETS / name).read_bytes() for name in [*STYLES, "colours.js", *_scripts()]}
    return files | {"imsmanifest.xml": manifest(path, site.language, version, sorted(files))}


def mark(taken: list[Record]) -> int:
    """How many of a hundred have to be right to pass quizzes as one test."""
    counts = [(len(quiz.entry.asked), quiz.entry.pass_mark) for quiz in taken]  # type: ignore[attr-defined]
    return sum(count * points for count, points in counts) // max(1, sum(count for count, _ in counts))


def _scripts() -> list[str]:
    """The scripts of the site that the package's own one imports, and those that they import."""
    found: dict[str, None] = {}
    waiting = [TEMPLATES / "scorm.js"]
    while waiting:
        names = [name for name in IMPORT.findall(waiting.pop().read_text(encoding="utf-8")) if name not in found]
        found |= dict.fromkeys(names)
        waiting += [ASSETS / name for name in names]
    return sorted(found)


# ---------------------------------------------------------------------------------------------------- questions


def described(key: str, question: Question, version: str, texts: Texts) -> dict[str, Any]:
    """What the script of a package has to know of a question.

    `id` and `as` are its id and type in the system, `right` its right answers, `parts` the ids of what can be chosen,
    in the order of the data. An answer is taken up again under `mark`, as long as the question stays as it is.
    """
    parts = _parts(question)
    told: dict[str, Any] = {
        "id": key.replace("/", "."),
        "type": question.type,
        "as": TYPES.get(question.type) or SCENARIO[version],
        "parts": parts,
        "right": right_answers(question, version, texts.language),
        "mark": identity(f"quizzes/{key}@{question.revision}:{','.join(parts)}").hex[:8],
    }
    if version == "2004":
        told["text"] = f"{{lang={texts.language}}}{_cut(texts.plain(question.prompt).lstrip('{'))}"
    return told


def _cut(text: str) -> str:
    # In UTF-16 as JavaScript counts, where a character may take two places.
    while len(text.encode("utf-16-le")) > 2 * MOST_TEXT:
        text = text[:-1]
    return text


def _parts(question: Question) -> list[str]:
    if question.type == "true-false":
        return ["true", "false"]
    return [part.id for part in [*question.options, *question.items, *question.pairs, *question.scenes]]


def right_answers(question: Question, version: str, language: str) -> list[str]:
    """The right answers as a version writes them; where it knows letters alone, `a` is the first part in the data."""
    old = version == "1.2"
    comma, dot = MARKS[version]
    parts = _parts(question)

    def name(part: str) -> str:
        return chr(97 + parts.index(part)) if old else part

    match question.type:
        case "single" | "multiple":
            return [comma.join(name(option.id) for option in question.options if option.correct)]
        case "true-false":
            return [("t" if question.correct else "f") if old else str(question.correct).lower()]
        case "order":
            return [comma.join(name(item.id) for item in question.items)]
        case "match":
            return [comma.join(f"{name(pair.id)}{dot}{name(pair.id)}" for pair in question.pairs)]
        case "fill-in":
            accepted = question.accept[language][:MOST_PATTERNS]
            return accepted if old else [f"{{case_matters=false}}{{lang={language}}}{text}" for text in accepted]
        case "numeric":
            return [str(question.number) if old else f"{question.number}[:]{question.number}"]
        case _:
            return [" ".join(_way(question))]


def _way(question: Question) -> list[str]:
    """The shortest way to a good end in the steps that `questions.js` gives: a scene, then `choice:scene`."""
    scenes = [question.scenes[number - 1] for number in shortest_way(question)]
    steps = [scenes[0].id]
    for scene, following in pairwise(scenes):
        targets = [choice.to for choice in scene.choices]
        steps.append(f"{targets.index(following.id)}:{following.id}")
    return steps


# ---------------------------------------------------------------------------------------------------- manifest


def manifest(path: Record, language: str, version: str, names: list[str]) -> bytes:
    """The `imsmanifest.xml` of a package of the files named: one activity, which starts with `index.html`."""
    main, adl = SPACES[version]
    old = version == "1.2"
    name = f"{path.id}.{language}"
    title = path.entry.title[language]
    root = ET.Element("manifest", {"identifier": f"playbook-{identity(f'{path.ref}/{language}/{version}')}"})
    root.set("version", "1.0")
    root.set("xmlns", main)
    root.set("xmlns:adlcp", adl)
    if not old:
        root.set("xmlns:imsss", SEQUENCING)
    metadata = ET.SubElement(root, "metadata")
    ET.SubElement(metadata, "schema").text = "ADL SCORM"
    ET.SubElement(metadata, "schemaversion").text = "1.2" if old else "2004 4th Edition"
    organizations = ET.SubElement(root, "organizations", default=f"organization.{name}")
    organization = ET.SubElement(organizations, "organization", identifier=f"organization.{name}")
    ET.SubElement(organization, "title").text = title
    item = ET.SubElement(organization, "item", identifier=f"item.{name}", identifierref=f"test.{name}")
    ET.SubElement(item, "title").text = title
    if not old:
        # The test says itself when it is complete and whether it is passed; left half done, it is neither.
        sequencing = ET.SubElement(item, "imsss:sequencing")
        own = {"completionSetByContent": "true", "objectiveSetByContent": "true"}
        ET.SubElement(sequencing, "imsss:deliveryControls", own)
    resources = ET.SubElement(root, "resources")
    test = {"identifier": f"test.{name}", "type": "webcontent", "href": "index.html"}
    resource = ET.SubElement(resources, "resource", {**test, f"adlcp:{'scormtype' if old else 'scormType'}": "sco"})
    for file in names:
        ET.SubElement(resource, "file", href=file)
    return xml(root)


def xml(root: ET.Element) -> bytes:
    """An XML document with a line for each element, the same bytes every time."""
    ET.indent(root)
    return ET.tostring(root, encoding="utf-8", xml_declaration=True) + b"\n"
