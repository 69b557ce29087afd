"""The files of questions, read by gift-pegjs: what comes back is what the data holds, whatever the texts look like."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from macros import gift, source
from macros.export import FORMATS, Texts, questions
from macros.model import LANGUAGES, Question
from macros.words import words

HERE = Path(__file__).parent
URL = "https://playbook.example/"
HOSTILE = (
    "~=#{}:\\",
    "<script>alert(1)</script> & <b>",
    "::name::",
    "// no comment",
    "[html]no mark",
    "[id:x] [tag:y]",
    "%50%no weight",
    "\\n \\: \\\\ {TRUE} ####",
    "TRUE",
    "$CATEGORY: none",
    "a -> b",
    "any * thing",
    "🎈 ＢＡＮＴ，“全角”：（括号）＝～＃｛｝",
)
"""Texts that mean something else to GIFT, or to HTML, unless each sign is written right."""
each_language = pytest.mark.parametrize("language", LANGUAGES)
each_hostile = pytest.mark.parametrize("hostile", HOSTILE)


def parsed(files: list[Path]) -> dict[str, list[dict[str, Any]]]:
    """The questions of each file by its name, as gift-pegjs reads them."""
    if shutil.which("node") is None:
        pytest.fail("node is not installed; it is needed to read the files back")
    if not (HERE / "node_modules" / "gift-pegjs").is_dir():
        pytest.fail("gift-pegjs is not installed; `make peers` installs it")
    done = subprocess.run(
        ["node", HERE / "gift.js", *files], capture_output=True, text=True, encoding="utf-8", check=False
    )
    assert done.returncode == 0, done.stderr
    return {Path(name).name: read for name, read in json.loads(done.stdout).items()}


def written(book: source.Playbook, language: str, folder: Path) -> dict[str, list[dict[str, Any]]]:
    """A playbook's quizzes in a language, written and read back."""
    return parsed(gift.write(book, language, f"{URL}{language}/", folder))


def undone(text: str) -> str:
    """What gift-pegjs leaves undone on the right of a pair alone: the signs that were escaped (Moodle undoes them)."""
    for code, sign in ((58, ":"), (35, "#"), (61, "="), (123, "{"), (125, "}"), (126, "~"), (92, "\\")):
        text = text.replace(f"&&{code:03};", sign)
    return text


def in_html(text: str) -> dict[str, str]:
    return {"format": "html", "text": text}


def as_in_data(question: Question, texts: Texts) -> dict[str, Any]:
    """What has to come back of a question's answer: its type and, by type, texts, what is right, and feedback."""

    def choice(text: str, weight: float | None, right: bool, said: str | None = None) -> dict[str, Any]:
        feedback = in_html(said) if said is not None else None
        return {"isCorrect": right, "weight": weight, "text": in_html(text), "feedback": feedback}

    right = [option.correct for option in question.options].count(True)
    match question.type:
        case "single" | "multiple":
            single = question.type == "single"
            return {
                "type": "MC",
                "choices": [
                    choice(
                        texts.html(option.text),
                        None if single else pytest.approx(100 / right) if option.correct else -100,
                        single and option.correct,
                        texts.html(option.feedback) if option.feedback else None,
                    )
                    for option in question.options
                ],
            }
        case "true-false":
            return {"type": "TF", "isTrue": question.correct, "trueFeedback": None, "falseFeedback": None}
        case "order":
            pairs = [(item.text, str(place)) for place, item in enumerate(question.items, 1)]
        case "match":
            pairs = [(pair.left, pair.right[texts.language]) for pair in question.pairs]
        case "fill-in":
            accepted = [gift.typed(text) for text in question.accept[texts.language]]
            plain = [{"text": {"format": "plain", "text": text}} for text in accepted]
            return {"type": "Short", "choices": [choice("", 100, True) | text for text in plain]}
        case _:
            return {"type": "Numerical", "choices": {"type": "simple", "number": question.number}}
    matched = [{"subquestion": in_html(texts.html(left)), "subanswer": right} for left, right in pairs]
    return {"type": "Matching", "matchPairs": matched}


def assert_same(read: dict[str, Any], key: str, question: Question, texts: Texts) -> None:
    for pair in read.get("matchPairs", ()):
        pair["subanswer"] = undone(pair["subanswer"])
    expected = as_in_data(question, texts)
    assert {name: read[name] for name in expected} == expected
    assert read["title"] == key
    assert read["id"] == f"{key}/{texts.language}"
    assert read["tags"] == [str(question.topic), question.skill, question.difficulty]
    assert read["stem"]["format"] == read["globalFeedback"]["format"] == "html"
    assert read["stem"]["text"].startswith(f"<p>{texts.html(question.prompt)}")
    assert read["globalFeedback"]["text"].startswith(texts.html(question.why, paragraphs=True))
    assert texts.address(question.topic) in read["globalFeedback"]["text"]
    assert read["hasEmbeddedAnswers"] is False


@each_language
def test_every_question_comes_back(language: str, book: source.Playbook, tmp_path: Path) -> None:
    texts = Texts(book, language, f"{URL}{language}/")
    read = written(book, language, tmp_path)
    assert len(read) == len(book.of("quizzes"))
    held = [(quiz, question) for quiz, question in questions(book) if question.type not in FORMATS["gift"].lacks]
    found = [question for record in book.of("quizzes") for question in read[f"{record.id}.{language}.gift"]]
    for (record, question), back in zip(held, found, strict=True):
        assert_same(back, f"{record.id}/{question.id}", question, texts)


@each_language
def test_every_type_comes_back(language: str, miniature: Path, tmp_path: Path) -> None:
    book = source.read(miniature)
    (record,) = book.of("quizzes")
    read = written(book, language, tmp_path)[f"first-questions.{language}.gift"]
    texts = Texts(book, language, f"{URL}{language}/")
    held = {one.id: one for one in record.entry.asked if one.type != "scenario"}
    assert [back["title"] for back in read] == [f"first-questions/{id_}" for id_ in held]
    assert {back["type"] for back in read} == {"MC", "TF", "Matching", "Short", "Numerical"}
    for back, question in zip(read, held.values(), strict=True):
        assert_same(back, f"first-questions/{question.id}", question, texts)
    unit = next(back for back in read if back["type"] == "Numerical")["stem"]["text"]
    assert {"en": "(calls)", "zh": "（个）"}[language] in unit
    places = next(back for back in read if back["title"].endswith("in-order"))["stem"]["text"]
    assert words(language)["quiz"]["places"] in places


@each_hostile
def test_no_text_is_taken_for_a_sign(hostile: str, miniature: Path, tmp_path: Path) -> None:
    """The same text in every place that a question has for one, on a line of its own and behind a line's end."""
    book = source.read(miniature)
    (record,) = book.of("quizzes")
    plain = {"en": hostile, "zh": hostile}
    rich = {"en": f"{hostile}\n{hostile}", "zh": f"{hostile}\n{hostile}"}

    def with_it(value: Any) -> Any:
        """A question with its texts replaced, unchecked: the model would refuse some of them."""
        if type(value).__name__ in ("Line", "Title", "Summary"):
            return value.model_copy(update=plain)
        if type(value).__name__ in ("Prose", "ShortProse", "Ask"):
            return value.model_copy(update=rich)
        if type(value).__name__ == "WordList":
            return value.model_copy(update={key: [hostile, "and"] for key in plain}) if value.en else value
        if isinstance(value, list):
            return [with_it(item) for item in value]
        if hasattr(value, "model_fields_set"):
            return value.model_copy(update={name: with_it(getattr(value, name)) for name in type(value).model_fields})
        return value

    entry = with_it(record.entry)
    texts = Texts(book, "zh", URL)
    changed = source.Record(record.ref, entry, record.file, record.text)
    file = tmp_path / "hostile.gift"
    file.write_text(gift.quiz(changed, texts, ["first-questions/a-call"]), encoding="utf-8")
    read = parsed([file])["hostile.gift"]
    held = [one for one in entry.asked if one.type != "scenario"]
    for back, question in zip(read, held, strict=True):
        assert_same(back, f"first-questions/{question.id}", question, texts)
