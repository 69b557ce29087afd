"""Writes each quiz as a QTI 3.0 package: an item for every question but the scenarios, and a test of them all.

An answer scores 1 where it is right and 0 where it is not. QTI compares what is filled in without regard to capitals,
but not to width, spaces and punctuation, and reads a number only without a unit; the site is more patient there.
"""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree as ET

from .export import FORMATS, Texts, identity, zip_of
from .model import Question, Words
from .render import shuffled
from .source import Playbook, Record

ITEM = "http://www.imsglobal.org/xsd/imsqtiasi_v3p0"
PACKAGE = "http://www.imsglobal.org/xsd/qti/qtiv3p0/imscp_v1p1"
KINDS = {
    "single": ("single", "identifier"),
    "multiple": ("multiple", "identifier"),
    "true-false": ("single", "identifier"),
    "order": ("ordered", "identifier"),
    "match": ("multiple", "directedPair"),
    "fill-in": ("single", "string"),
    "numeric": ("single", "integer"),
}
"""For each type of question, how many values an answer has and of what sort."""


def write(book: Playbook, language: str, url: str, folder: Path) -> list[Path]:
    """Write a package for each quiz with questions that QTI can hold; gives the files."""
    texts = Texts(book, language, url)
    written = []
    for record in book.of("quizzes"):
        if held(record):
            file = folder / f"{record.id}.{language}.qti.zip"
            file.write_bytes(zip_of(package(record, texts)))
            written.append(file)
    return written


def held(quiz: Record) -> list[Question]:
    """The questions of a quiz that QTI can hold."""
    lacks = FORMATS["qti"].lacks
    return [question for question in quiz.entry.asked if question.type not in lacks]  # type: ignore[attr-defined]


def package(quiz: Record, texts: Texts) -> dict[str, bytes]:
    """The files of a package by their names."""
    files = {f"items/{question.id}.xml": _xml(item(quiz, question, texts)) for question in held(quiz)}
    files["test.xml"] = _xml(test(quiz, texts.language))
    return files | {"imsmanifest.xml": _xml(manifest(quiz, texts.language))}


# ---------------------------------------------------------------------------------------------------- items


def item(quiz: Record, question: Question, texts: Texts) -> ET.Element:
    """A question as an item of its own."""
    root = ET.Element(
        "qti-assessment-item",
        {
            "xmlns": ITEM,
            "identifier": f"{quiz.id}.{question.id}",
            "title": texts.plain(question.prompt),
            "adaptive": "false",
            "time-dependent": "false",
            "xml:lang": "zh-Hans" if texts.language == "zh" else "en",
        },
    )
    _declare(root, question, texts.language)
    body = ET.SubElement(root, "qti-item-body")
    _interaction(body, question, texts)
    _process(root, question)
    for option in question.options:
        if option.feedback is not None:
            _feedback(root, "FEEDBACK", option.id, texts.html(option.feedback, paragraphs=True))
    read = texts.words["page"]["comma"].join(texts.link(ref) for ref in question.rests_on)
    why = f"{texts.html(question.why, paragraphs=True)}<p>{texts.words['quiz']['read']} {read}</p>"
    _feedback(root, "EXPLANATION", "why", why)
    return root


def _declare(root: ET.Element, question: Question, language: str) -> None:
    cardinality, base = KINDS[question.type]
    response = ET.SubElement(
        root,
        "qti-response-declaration",
        {"identifier": "RESPONSE", "cardinality": cardinality, "base-type": base},
    )
    correct = ET.SubElement(response, "qti-correct-response")
    for value in right_answer(question, language):
        ET.SubElement(correct, "qti-value").text = value
    if question.type == "fill-in":
        bounds = {"default-value": "0", "lower-bound": "0", "upper-bound": "1"}
        mapping = ET.SubElement(response, "qti-mapping", bounds)
        for text in question.accept[language]:
            entry = {"map-key": text, "mapped-value": "1", "case-sensitive": "false"}
            ET.SubElement(mapping, "qti-map-entry", entry)
    score = {"identifier": "SCORE", "cardinality": "single", "base-type": "float"}
    outcome = ET.SubElement(root, "qti-outcome-declaration", {**score, "normal-minimum": "0", "normal-maximum": "1"})
    ET.SubElement(ET.SubElement(outcome, "qti-default-value"), "qti-value").text = "0"
    if question.options:
        feedback = {"identifier": "FEEDBACK", "cardinality": cardinality, "base-type": base}
        ET.SubElement(root, "qti-outcome-declaration", feedback)
    explanation = {"identifier": "EXPLANATION", "cardinality": "single", "base-type": "identifier"}
    ET.SubElement(root, "qti-outcome-declaration", explanation)


def right_answer(question: Question, language: str) -> list[str]:
    """The values of the right answer; of what can be filled in, the first that is accepted."""
    match question.type:
        case "single" | "multiple":
            return [option.id for option in question.options if option.correct]
        case "true-false":
            return [str(question.correct).lower()]
        case "order":
            return [entry.id for entry in question.items]
        case "match":
            return [f"{left(pair.id)} {right(pair.id)}" for pair in question.pairs]
        case "fill-in":
            return question.accept[language][:1]
        case _:
            return [str(question.number)]


def left(pair: str) -> str:
    """The identifier of what is asked about."""
    return f"{pair}.left"


def right(pair: str) -> str:
    """The identifier of what belongs to it."""
    return f"{pair}.right"


def _interaction(body: ET.Element, question: Question, texts: Texts) -> None:
    response = {"response-identifier": "RESPONSE"}
    match question.type:
        case "single" | "multiple" | "true-false":
            several = question.type == "multiple"
            mixed = str(question.type != "true-false").lower()
            own = {"shuffle": mixed, "max-choices": "0" if several else "1"}
            made = _prompted(body, "qti-choice-interaction", {**response, **own}, question.prompt, texts)
            for option in question.options:
                _choice(made, option.id, option.text, texts)
            for name in ("true", "false") if question.type == "true-false" else ():
                ET.SubElement(made, "qti-simple-choice", identifier=name).text = texts.words["quiz"][name]
        case "order":
            made = _prompted(body, "qti-order-interaction", {**response, "shuffle": "true"}, question.prompt, texts)
            for one in shuffled(question.id, question.items):  # for programs that shuffle nothing
                _choice(made, one.id, one.text, texts)
        case "match":
            own = {"shuffle": "true", "max-associations": str(len(question.pairs))}
            made = _prompted(body, "qti-match-interaction", {**response, **own}, question.prompt, texts)
            for side, name in (("left", left), ("right", right)):
                choices = ET.SubElement(made, "qti-simple-match-set")
                for pair in question.pairs if side == "left" else shuffled(question.id, question.pairs):
                    limits = {"identifier": name(pair.id), "match-max": "1"}
                    one = ET.SubElement(choices, "qti-simple-associable-choice", limits)
                    one.text = getattr(pair, side)[texts.language]
        case _:
            body.extend(_parsed(texts.html(question.prompt, paragraphs=True)))
            line = ET.SubElement(body, "p")
            text = question.type == "fill-in"
            line.text = f"{texts.words['quiz']['your_answer' if text else 'your_number']} "
            blank = ET.SubElement(
                line, "qti-text-entry-interaction", {**response, "expected-length": "40" if text else "10"}
            )
            if question.unit is not None:
                blank.tail = f" {question.unit[texts.language]}"


def _prompted(body: ET.Element, tag: str, own: dict[str, str], prompt: Words, texts: Texts) -> ET.Element:
    made = ET.SubElement(body, tag, own)
    ET.SubElement(made, "qti-prompt").extend(_parsed(texts.html(prompt, paragraphs=True)))
    return made


def _choice(interaction: ET.Element, name: str, text: Words, texts: Texts) -> None:
    ET.SubElement(interaction, "qti-simple-choice", identifier=name).text = text[texts.language]


def _process(root: ET.Element, question: Question) -> None:
    """The score, and what is said: to the options chosen, and why."""
    rules = ET.SubElement(root, "qti-response-processing")
    condition = ET.SubElement(rules, "qti-response-condition")
    first, otherwise = (ET.SubElement(condition, f"qti-response-{name}") for name in ("if", "else"))
    if question.type == "fill-in":
        ET.SubElement(ET.SubElement(first, "qti-is-null"), "qti-variable", identifier="RESPONSE")
        _score(first, "0")
        ET.SubElement(_set(otherwise, "SCORE"), "qti-map-response", identifier="RESPONSE")
    else:
        same = ET.SubElement(first, "qti-match")
        ET.SubElement(same, "qti-variable", identifier="RESPONSE")
        ET.SubElement(same, "qti-correct", identifier="RESPONSE")
        _score(first, "1")
        _score(otherwise, "0")
    if question.options:
        ET.SubElement(_set(rules, "FEEDBACK"), "qti-variable", identifier="RESPONSE")
    ET.SubElement(_set(rules, "EXPLANATION"), "qti-base-value", {"base-type": "identifier"}).text = "why"


def _score(rules: ET.Element, score: str) -> None:
    ET.SubElement(_set(rules, "SCORE"), "qti-base-value", {"base-type": "float"}).text = score


def _set(rules: ET.Element, outcome: str) -> ET.Element:
    return ET.SubElement(rules, "qti-set-outcome-value", identifier=outcome)


def _feedback(root: ET.Element, outcome: str, name: str, html: str) -> None:
    own = {"outcome-identifier": outcome, "identifier": name, "show-hide": "show"}
    content = ET.SubElement(ET.SubElement(root, "qti-modal-feedback", own), "qti-content-body")
    content.extend(_parsed(html))


def _parsed(html: str) -> list[ET.Element]:
    """The elements of HTML that the playbook made, without what QTI does not know."""
    # It is escaped, closes what it opens and names no entities but those of XML.
    elements = list(ET.fromstring(f"<div>{html}</div>"))  # noqa: S314
    for element in elements:
        for link in element.iter("a"):
            link.attrib.pop("rel", None)
    return elements


# ---------------------------------------------------------------------------------------------------- package


def test(quiz: Record, language: str) -> ET.Element:
    """The test of all items of a quiz, which scores their sum."""
    title = quiz.entry.title[language]
    root = ET.Element("qti-assessment-test", {"xmlns": ITEM, "identifier": quiz.id, "title": title})
    score = {"identifier": "SCORE", "cardinality": "single", "base-type": "float"}
    ET.SubElement(root, "qti-outcome-declaration", score)
    modes = {"identifier": "questions", "navigation-mode": "nonlinear", "submission-mode": "individual"}
    part = ET.SubElement(root, "qti-test-part", modes)
    ET.SubElement(part, "qti-item-session-control", {"show-feedback": "true"})
    section = {"identifier": "all", "title": title, "visible": "true"}
    made = ET.SubElement(part, "qti-assessment-section", section)
    for question in held(quiz):
        one = {"identifier": f"{quiz.id}.{question.id}", "href": f"items/{question.id}.xml"}
        ET.SubElement(made, "qti-assessment-item-ref", one)
    total = ET.SubElement(_set(ET.SubElement(root, "qti-outcome-processing"), "SCORE"), "qti-sum")
    ET.SubElement(total, "qti-test-variables", {"variable-identifier": "SCORE"})
    return root


def manifest(quiz: Record, language: str) -> ET.Element:
    """The `imsmanifest.xml` of a package."""
    root = ET.Element(
        "manifest", {"xmlns": PACKAGE, "identifier": f"playbook-{identity(f'{quiz.ref}/{language}/qti')}"}
    )
    metadata = ET.SubElement(root, "metadata")
    ET.SubElement(metadata, "schema").text = "QTI Package"
    ET.SubElement(metadata, "schemaversion").text = "3.0.0"
    ET.SubElement(root, "organizations")
    resources = ET.SubElement(root, "resources")
    whole = _resource(resources, f"test.{quiz.id}", "imsqti_test_xmlv3p0", "test.xml")
    for question in held(quiz):
        name = f"item.{question.id}"
        ET.SubElement(whole, "dependency", identifierref=name)
        _resource(resources, name, "imsqti_item_xmlv3p0", f"items/{question.id}.xml")
    return root


def _resource(resources: ET.Element, name: str, kind: str, href: str) -> ET.Element:
    made = ET.SubElement(resources, "resource", {"identifier": name, "type": kind, "href": href})
    ET.SubElement(made, "file", href=href)
    return made


def _xml(root: ET.Element) -> bytes:
    # No line is broken for looks: the blanks would stand in texts.
    return ET.tostring(root, encoding="utf-8", xml_declaration=True) + b"\n"
