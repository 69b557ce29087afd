"""Quizzes in a real browser, over the real questions: answers, feedback, tests, papers, storage, revisions, review."""

from __future__ import annotations

import gzip
import json
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from playwright.sync_api import Locator, Page, expect

from macros import build, source
from macros.model import ANSWERS, LANGUAGES, Question, Quiz
from macros.prose import plain
from macros.source import Record
from macros.words import words

from .conftest import ROOT, Reader, copy_repository, hosted, quiet, until
from .test_browser import axe
from .test_checklists import BLOCKED, FULL, SAVED

BOOK = source.read(ROOT)
QUIZZES = {record.id: record for record in BOOK.of("quizzes")}
TYPES = list(ANSWERS)
CHECKED = [kind for kind in TYPES if kind != "scenario"]
"""The types with a button to check; a choice in a scenario is a link, and its end checks itself."""


@pytest.fixture(params=LANGUAGES)
def language(request: pytest.FixtureRequest) -> str:
    """Each language in turn."""
    return request.param


def asked() -> Iterator[tuple[Record, Question]]:
    """Every question of the playbook with its quiz."""
    for record in QUIZZES.values():
        for question in record.entry.asked:  # type: ignore[attr-defined]
            yield record, question


def first(kind: str) -> tuple[Record, Question]:
    """The first question of a type."""
    return next((record, question) for record, question in asked() if question.type == kind)


def entry(name: str) -> Quiz:
    """A quiz by its id."""
    return QUIZZES[name].entry  # type: ignore[return-value]


SHORT = min(QUIZZES, key=lambda name: (len(entry(name).asked), name))
"""The quiz with the fewest questions."""
CHOSEN = first("single")[0].id
"""A quiz that holds a question with one answer."""


def say(language: str, name: str, *values: object) -> str:
    """Words that a script says, filled in."""
    return words(language)["scripts"]["quiz"][name].format(*values)


def saved(page: Page) -> dict[str, Any]:
    return json.loads(page.evaluate(SAVED) or "{}")


def form(page: Page, question: Question) -> Locator:
    return page.locator(f"form[data-question={question.id}]")


def verdict(page: Page, question: Question) -> Locator:
    return form(page, question).locator("[data-verdict]")


# ---------------------------------------------------------------------------------------------------- answering


def ways(question: Question) -> dict[str, list[int]]:
    """For each scene of a scenario the numbers of the choices that lead there, by the shortest way."""
    scenes = {scene.id: scene for scene in question.scenes}
    found: dict[str, list[int]] = {question.scenes[0].id: []}
    for scene in list(found):
        waiting = [scene]
        while waiting:
            here = waiting.pop(0)
            for number, choice in enumerate(scenes[here].choices):
                if choice.to not in found:
                    found[choice.to] = [*found[here], number]
                    waiting.append(choice.to)
    return found


def put(place: Locator, question: Question, language: str, *, right: bool) -> None:
    """Give an answer that is right, or one that is wrong, without checking it."""
    match question.type:
        case "single":
            chosen = next(option.id for option in question.options if option.correct == right)
            place.locator(f"input[value={chosen}]").check()
        case "multiple":
            for option in question.options:
                if option.correct == right:
                    place.locator(f"input[value={option.id}]").check()
        case "true-false":
            place.locator(f"input[value={str(question.correct == right).lower()}]").check()
        case "order":
            items = question.items if right else question.items[::-1]
            for number, item in enumerate(items, 1):
                place.locator(f"select[name={item.id}]").select_option(str(number))
        case "match":
            pairs = question.pairs if right else [*question.pairs[1:], question.pairs[0]]
            for pair, other in zip(question.pairs, pairs, strict=True):
                place.locator(f"select[name={pair.id}]").select_option(other.id)
        case "fill-in":
            place.locator("[data-inputs] input").fill(question.accept[language][0] if right else "zzz")
        case "numeric":
            place.locator("[data-inputs] input").fill(str((question.number or 0) + (not right)))
        case "scenario":
            ends = {scene.id for scene in question.scenes if scene.end and (scene.end == "good") == right}
            way = min((way for scene, way in ways(question).items() if scene in ends), key=len)
            for number in way:
                scene = place.locator("[data-scene]:not([data-off])").last
                scene.locator("[data-to]").nth(number).click()


def answer(page: Page, question: Question, language: str, *, right: bool) -> None:
    """Answer a question and check it; a scenario is checked when it comes to an end."""
    place = form(page, question)
    put(place, question, language, right=right)
    if question.type != "scenario":
        place.locator("[data-check]").click()


def words_of(text: str) -> str:
    """Rich text as it reads on the page; the name of a reference without words is left to its title."""
    return plain(text, lambda reference: reference.words or "\0")


def holds(place: Locator, text: str) -> None:
    """The place shows a rich text, whatever the titles of the entries that it names."""
    shown = " ".join(place.inner_text().split())
    for part in words_of(text).split("\0"):
        assert " ".join(part.split()) in shown


# ---------------------------------------------------------------------------------------------------- judged, explained


@pytest.mark.parametrize("kind", TYPES)
def test_right_and_wrong_are_told_and_explained(kind: str, language: str, reader: Reader) -> None:
    record, question = first(kind)
    page = reader.open(f"{language}/quizzes/{record.id}/")
    expect(verdict(page, question)).to_be_empty()
    for right in (False, True):
        answer(page, question, language, right=right)
        said = verdict(page, question)
        expect(said).to_contain_text(("✓ " if right else "✗ ") + say(language, "right" if right else "wrong"))
        holds(said, question.why[language])
        chosen = [option for option in question.options if option.correct == right]
        for option in chosen[:1] if kind == "single" else chosen:
            if option.feedback is not None:
                holds(said, option.feedback[language])
        topic = BOOK.records[question.topic].entry.title[language]
        expect(said.get_by_role("link", name=topic, exact=True).first).to_be_visible()
        assert saved(page)["answers"][f"{record.id}/{question.id}"]["right"] is right
        signs = form(page, question).locator("[data-sign]").evaluate_all("all => all.map((it) => it.dataset.sign)")
        given = form(page, question).locator(".pb-option :checked").count()
        assert signs == ["right" if right else "wrong"] * given
        form(page, question).locator("[data-again]").click()
        expect(verdict(page, question)).to_be_empty()


@pytest.mark.parametrize("kind", CHECKED)
def test_nothing_is_given_is_no_wrong_answer(kind: str, language: str, reader: Reader) -> None:
    record, question = first(kind)
    page = reader.open(f"{language}/quizzes/{record.id}/")
    place = form(page, question)
    assert place.locator("[data-inputs] :checked:not(option)").count() == 0, "nothing is chosen beforehand"
    place.locator("[data-check]").click()
    message = {
        "single": "choose",
        "true-false": "choose",
        "multiple": "tick",
        "order": "complete",
        "match": "complete",
        "fill-in": "write",
        "numeric": "write",
    }
    expect(verdict(page, question)).to_have_text(say(language, message[kind]))
    focused = "form => form.querySelector('[data-inputs]').contains(document.activeElement)"
    assert place.evaluate(focused), "the focus is where something is to be done"
    assert not saved(page).get("answers")


@pytest.mark.parametrize("kind", CHECKED)
def test_nothing_happens_before_the_button(kind: str, reader: Reader) -> None:
    record, question = first(kind)
    page = reader.open(f"en/quizzes/{record.id}/")
    put(form(page, question), question, "en", right=True)
    expect(verdict(page, question)).to_be_empty()
    assert not saved(page).get("answers")


def test_enter_checks_and_the_focus_stays(reader: Reader) -> None:
    record, question = first("fill-in")
    page = reader.open(f"en/quizzes/{record.id}/")
    field = form(page, question).locator("[data-inputs] input")
    field.fill(question.accept.en[0])
    page.keyboard.press("Enter")
    expect(verdict(page, question)).to_contain_text("✓")
    expect(field).to_be_focused()
    assert verdict(page, question).get_attribute("role") == "status"


def test_by_keyboard_alone(language: str, reader: Reader) -> None:
    record, question = first("single")
    page = reader.open(f"{language}/quizzes/{record.id}/")
    form(page, question).locator("[data-inputs] input").first.focus()
    page.keyboard.press("Space")
    for _ in range(6):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.matches('[data-check]')"):
            break
    page.keyboard.press("Enter")
    expect(verdict(page, question)).to_contain_text(re.compile("[✓✗]"))
    assert page.evaluate("document.activeElement.matches('[data-check]')"), "the focus is where it was"
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(verdict(page, question)).to_be_empty()
    assert page.evaluate("document.activeElement.form.dataset.question") == question.id


def test_a_scenario_by_keyboard_alone(language: str, reader: Reader) -> None:
    record, question = first("scenario")
    page = reader.open(f"{language}/quizzes/{record.id}/")
    place = form(page, question)
    place.locator("[data-scene]:not([data-off]) [data-to]").first.focus()
    for _ in range(len(question.scenes)):
        page.keyboard.press("Enter")
        scene = "document.activeElement.dataset.scene"
        assert page.evaluate(scene), "the focus is on the scene that follows"
        if page.evaluate("document.activeElement.dataset.end"):
            break
        page.keyboard.press("Tab")
    expect(verdict(page, question)).to_contain_text(re.compile("[✓✗]"))


@pytest.mark.parametrize(
    "variant",
    [
        str.upper,
        lambda text: f"  {text}. ",
        lambda text: "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text),
    ],
    ids=["capitals", "spaces-and-full-stop", "full-width"],
)
def test_capitals_width_and_punctuation_do_not_matter(variant: Callable[[str], str], reader: Reader) -> None:
    record, question = first("fill-in")
    page = reader.open(f"en/quizzes/{record.id}/")
    form(page, question).locator("[data-inputs] input").fill(variant(question.accept.en[-1]))
    form(page, question).locator("[data-check]").click()
    expect(verdict(page, question)).to_contain_text("✓")


@pytest.mark.parametrize(
    ("typed", "sign"),
    [
        ("{}", "✓"),
        ("{}.0", "✓"),
        (" + {} ", "✓"),
        ("-{}", "✗"),
        ("\u2212{}", "✗"),
        ("{}k", ""),
        ("{}万", ""),
        ("no", ""),
    ],
)
def test_numbers_are_read_as_people_write_them(typed: str, sign: str, reader: Reader) -> None:
    record, question = first("numeric")
    page = reader.open(f"zh/quizzes/{record.id}/")
    wide = "".join(chr(ord(digit) + 0xFEE0) for digit in str(question.number))
    form(page, question).locator("[data-inputs] input").fill(typed.format(wide))
    form(page, question).locator("[data-check]").click()
    if sign:
        expect(verdict(page, question)).to_contain_text(sign)
    else:
        expect(verdict(page, question)).to_have_text(say("zh", "number"))


def test_a_place_given_twice_is_no_wrong_answer(language: str, reader: Reader) -> None:
    record, question = first("order")
    page = reader.open(f"{language}/quizzes/{record.id}/")
    for item in question.items:
        form(page, question).locator(f"select[name={item.id}]").select_option("1")
    form(page, question).locator("[data-check]").click()
    expect(verdict(page, question)).to_have_text(say(language, "differ"))
    assert not saved(page).get("answers")


def test_buttons_move_a_line_and_say_every_place(language: str, reader: Reader) -> None:
    record, question = first("order")
    page = reader.open(f"{language}/quizzes/{record.id}/")
    place = form(page, question)
    names = "form => [...form.querySelectorAll('[data-inputs] select')].map((it) => it.name)"
    before = place.evaluate(names)
    place.locator("[data-move='1']").first.click()
    after = place.evaluate(names)
    assert after == [before[1], before[0], *before[2:]]
    values = place.evaluate("form => [...form.querySelectorAll('[data-inputs] select')].map((it) => it.value)")
    assert values == [str(number) for number in range(1, len(before) + 1)]
    assert page.evaluate("document.activeElement.dataset.move") == "1"
    moved = next(item for item in question.items if item.id == before[0])
    expect(verdict(page, question)).to_have_text(say(language, "moved", moved.text[language], 2))
    # Places that were chosen count, wherever the lines stand.
    last = page.locator(f"select[name={before[0]}]")
    for name, number in zip(reversed(after), range(1, len(after) + 1), strict=True):
        place.locator(f"select[name={name}]").select_option(str(number))
    place.locator("li", has=last).locator("[data-move='1']").click()
    assert place.evaluate(names) == [*list(reversed(after))[:-2], after[0], after[1]][: len(after)]


@pytest.mark.parametrize("level", ["sure", "think", "guess"])
def test_how_sure_is_kept_and_never_scored(level: str, language: str, reader: Reader) -> None:
    record, question = first("single")
    page = reader.open(f"{language}/quizzes/{record.id}/")
    form(page, question).locator(f"[name=sure][value={level}]").check()
    answer(page, question, language, right=False)
    held = saved(page)["answers"][f"{record.id}/{question.id}"]
    assert (held["sure"], held["right"]) == (level, False)
    expect(verdict(page, question)).to_contain_text(say(language, f"was_{level}"))


# ---------------------------------------------------------------------------------------------------- order of options


def shown(page: Page, question: Question) -> list[str]:
    """The ids of the options as they stand."""
    return form(page, question).locator("[data-inputs] ul input").evaluate_all("all => all.map((it) => it.value)")


def test_options_keep_their_order_over_a_reload_and_change_with_each_try(reader: Reader) -> None:
    record, question = first("single")
    page = reader.open(f"en/quizzes/{record.id}/")
    orders = []
    fresh = shown(page, question)
    page.reload()
    assert shown(page, question) == fresh
    for _ in range(6):
        orders.append(shown(page, question))
        answer(page, question, "en", right=True)
        page.reload()
        assert shown(page, question) == orders[-1], "as it was when it was answered"
        form(page, question).locator("[data-again]").click()
    assert len({tuple(order) for order in orders}) > 1
    assert all(sorted(order) == sorted(option.id for option in question.options) for order in orders)


def test_true_and_false_are_never_shuffled(reader: Reader) -> None:
    record, question = first("true-false")
    page = reader.open(f"en/quizzes/{record.id}/")
    for _ in range(6):
        assert shown(page, question) == ["true", "false"]
        answer(page, question, "en", right=True)
        form(page, question).locator("[data-again]").click()


# ---------------------------------------------------------------------------------------------------- events, restoring


@pytest.mark.parametrize("kind", TYPES)
def test_an_answer_is_announced_kept_and_shown_again(kind: str, language: str, reader: Reader) -> None:
    record, question = first(kind)
    page = reader.open(f"{language}/quizzes/{record.id}/")
    page.evaluate("addEventListener('playbook:answered', (event) => (window.seen ??= []).push(event.detail))")
    answer(page, question, language, right=False)
    answer_of = "form => [...new FormData(form).entries()].filter(([name]) => name !== 'sure')"
    given = form(page, question).evaluate(answer_of)
    told = verdict(page, question).inner_text()
    (seen,) = page.evaluate("window.seen")
    key = f"{record.id}/{question.id}"
    assert {**seen, "time": 0} == {"id": key, "type": kind, "right": False, "attempt": 1, "time": 0}
    assert seen["time"] == saved(page)["answers"][key]["at"]
    page.add_init_script("addEventListener('playbook:answered', () => (window.again = true))")
    page.reload()
    assert verdict(page, question).inner_text() == told
    assert sorted(form(page, question).evaluate(answer_of)) == sorted(given)
    assert page.evaluate("window.again") is None, "what is restored is not announced"
    form(page, question).locator("[data-again]").click()
    answer(page, question, language, right=True)
    assert saved(page)["answers"][key]["tries"] == 2


def test_answers_show_in_the_other_language(language: str, reader: Reader) -> None:
    record, question = first("single")
    page = reader.open(f"{language}/quizzes/{record.id}/")
    answer(page, question, language, right=True)
    page.locator("[data-language-switch]").click()
    other = next(it for it in LANGUAGES if it != language)
    expect(verdict(page, question)).to_contain_text(say(other, "right"))
    total = len(record.entry.asked)  # type: ignore[attr-defined]
    expect(page.locator("[data-said]")).to_have_text(say(other, "progress", 1, total, 1))


def test_answers_shown_can_be_cleared_and_are_still_known(reader: Reader) -> None:
    record, question = first("single")
    page = reader.open(f"en/quizzes/{record.id}/")
    answer(page, question, "en", right=True)
    page.locator("[data-afresh]").click()
    expect(verdict(page, question)).to_be_empty()
    assert saved(page)["answers"][f"{record.id}/{question.id}"]["right"] is True


# ---------------------------------------------------------------------------------------------------- the test


def start_test(page: Page, place: str = "[data-practice]") -> None:
    """Begin a test, and wait until it has begun: its script is loaded then."""
    page.locator(f"{place} [data-start-test]").click()
    expect(page.locator("[data-hand-in-row]")).to_be_visible()


def take_test(page: Page, quiz: Quiz, language: str, wrong: int) -> None:
    """Take a quiz as a test, the first `wrong` questions wrong, and hand it in."""
    start_test(page)
    for number, question in enumerate(quiz.asked):
        put(form(page, question), question, language, right=number >= wrong)
    page.locator("[data-hand-in]").click()


def test_a_test_says_nothing_before_it_is_handed_in(language: str, reader: Reader) -> None:
    quiz = entry(SHORT)
    page = reader.open(f"{language}/quizzes/{SHORT}/")
    answer(page, quiz.asked[0], language, right=True)
    start_test(page)
    expect(page.locator("[data-time]")).to_have_text(say(language, "time", 0, quiz.minutes))
    for question in quiz.asked:
        put(form(page, question), question, language, right=True)
        expect(verdict(page, question)).to_be_hidden()
        again = "" if question.type == "scenario" else ", [data-again]"  # A role play can be begun anew.
        for button in form(page, question).locator(f"[data-check]{again}").all():
            expect(button).to_be_hidden()
    for end in page.locator("[data-end]:not([data-off]) .pb-scene__text").all():
        expect(end).to_be_hidden()
    expect(page.locator("[data-said]")).to_have_text(say(language, "given", len(quiz.asked), len(quiz.asked)))
    assert len(saved(page)["answers"]) == 1, "nothing is kept before it is handed in"


def test_a_test_that_is_passed(language: str, reader: Reader) -> None:
    quiz = entry(SHORT)
    page = reader.open(f"{language}/quizzes/{SHORT}/")
    take_test(page, quiz, language, wrong=0)
    count = len(quiz.asked)
    expect(page.locator("[data-score]")).to_have_text(say(language, "score", count, count, 100, 1))
    expect(page.locator("[data-outcome]")).to_have_text(say(language, "passed", quiz.pass_mark))
    expect(page.locator("#result")).to_be_focused()
    held = saved(page)["exams"][SHORT]
    assert (held["right"], held["of"]) == (count, count)
    assert held["passed"] == held["at"] > 0
    topics = {question.topic for question in quiz.asked}
    expect(page.locator("[data-topics] tr")).to_have_count(len(topics))


def test_a_test_that_is_not_passed_names_what_to_read(language: str, reader: Reader) -> None:
    quiz = entry(SHORT)
    page = reader.open(f"{language}/quizzes/{SHORT}/")
    count = len(quiz.asked)
    take_test(page, quiz, language, wrong=count // 2)
    right = count - count // 2
    points = right * 100 // count
    assert points < quiz.pass_mark
    expect(page.locator("[data-score]")).to_have_text(say(language, "score", right, count, points, 1))
    expect(page.locator("[data-outcome]")).to_have_text(say(language, "failed", quiz.pass_mark))
    assert saved(page)["exams"][SHORT]["passed"] == 0
    topic = BOOK.records[quiz.asked[0].topic]
    page.locator("[data-topics]").get_by_role("link", name=topic.entry.title[language], exact=True).click()
    expect(page.locator("h1")).to_have_text(topic.entry.title[language])


LEAVING = "dispatchEvent(new Event('beforeunload', { cancelable: true }))"


def test_a_test_is_not_left_without_being_asked(language: str, reader: Reader) -> None:
    quiz = entry(SHORT)
    page = reader.open(f"{language}/quizzes/{SHORT}/")
    start_test(page)
    put(form(page, quiz.asked[0]), quiz.asked[0], language, right=True)
    leave = page.locator("[data-leaving] [data-leave-test]")
    leave.click()
    expect(page.locator("[data-status]")).to_have_text(say(language, "leaving"))
    expect(page.locator("[data-hand-in-row]")).to_be_visible()
    assert page.evaluate(LEAVING) is False, "the browser asks before the page is left"


def test_a_test_in_which_nothing_was_answered_is_left_at_once(reader: Reader) -> None:
    page = reader.open(f"en/quizzes/{SHORT}/")
    start_test(page)
    assert page.evaluate(LEAVING) is True
    page.locator("[data-leaving] [data-leave-test]").click()
    expect(page.locator("[data-hand-in-row]")).to_be_hidden()
    expect(page.locator("[data-practice] [data-start-test]")).to_be_focused()


def test_what_is_left_open_is_named_before_it_is_handed_in(language: str, reader: Reader) -> None:
    quiz = entry(SHORT)
    page = reader.open(f"{language}/quizzes/{SHORT}/")
    start_test(page)
    for question in quiz.asked[1:]:
        put(form(page, question), question, language, right=True)
    page.locator("[data-hand-in]").click()
    expect(page.locator("[data-hand-in-status]")).to_have_text(say(language, "open", 1))
    expect(page.locator("[data-result]")).to_be_hidden()
    page.locator("[data-hand-in]").click()
    count = len(quiz.asked)
    points = (count - 1) * 100 // count
    expect(page.locator("[data-score]")).to_have_text(say(language, "score", count - 1, count, points, 1))
    assert f"{SHORT}/{quiz.asked[0].id}" not in saved(page)["answers"], "what was not answered is no wrong answer"
    expect(verdict(page, quiz.asked[0])).to_contain_text(say(language, "unanswered"))
    holds(verdict(page, quiz.asked[0]), quiz.asked[0].why[language])


def test_a_test_that_was_passed_stays_passed(reader: Reader) -> None:
    quiz = entry(SHORT)
    page = reader.open(f"en/quizzes/{SHORT}/")
    take_test(page, quiz, "en", wrong=0)
    before = saved(page)["exams"][SHORT]
    start_test(page, "[data-result]")
    for question in quiz.asked:
        put(form(page, question), question, "en", right=False)
    page.locator("[data-hand-in]").click()
    expect(page.locator("[data-outcome]")).to_have_text(say("en", "failed", quiz.pass_mark))
    assert saved(page)["exams"][SHORT] == before


# ---------------------------------------------------------------------------------------------------- paper

PRINT = "window.print = () => { window.printed = document.documentElement.dataset.printing; }"


def print_paper(page: Page, variant: str) -> None:
    """Ask for a paper, and wait until it is laid out: its script is loaded then."""
    page.evaluate("window.printed = undefined")
    page.locator(f"[data-print-paper={variant}]").click()
    until(lambda: page.evaluate("window.printed"))  # The policy refuses what Playwright would poll with.


def printed(page: Page, file: Path) -> list[str]:
    """The text of each page of paper, as the browser prints it."""
    page.pdf(path=file, prefer_css_page_size=True)
    text = subprocess.run(["pdftotext", str(file), "-"], capture_output=True, text=True, check=True).stdout
    return [" ".join(sheet.split()) for sheet in text.split("\f")[:-1]]


def flat(text: str) -> str:
    """A text without its spaces, and those without width: paper breaks lines, Pagefind words where they like."""
    return re.sub(r"[\s\u200b]+", "", text)


@pytest.mark.parametrize("variant", ["A", "B"])
def test_paper_has_questions_first_and_the_key_on_a_page_of_its_own(
    variant: str, language: str, reader: Reader, tmp_path: Path
) -> None:
    page = reader.open(f"{language}/quizzes/{CHOSEN}/")
    page.evaluate(PRINT)
    quiz = entry(CHOSEN)
    answer(page, quiz.asked[0], language, right=True)
    print_paper(page, variant)
    assert page.evaluate("window.printed") == "paper"
    sheets = printed(page, tmp_path / "paper.pdf")
    text = flat("".join(sheets))
    for question in quiz.asked:
        assert flat(words_of(question.prompt[language])) in text
        assert flat(words_of(question.why[language]).split("\0")[0]) not in text
    assert flat(words(language)["quiz"]["answer_key"]) not in text, "the key is printed on request"
    page.locator("[data-with-key]").check()
    print_paper(page, variant)
    with_key = printed(page, tmp_path / "key.pdf")
    assert len(with_key) == len(sheets) + 1
    assert flat(with_key[-1]).startswith(flat(words(language)["quiz"]["answer_key"]))
    assert flat(say(language, "variant", variant)) in flat(with_key[-1])
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    ids = page.locator("form[data-question]").evaluate_all("all => all.map((it) => it.dataset.question)")
    assert ids == [question.id for question in quiz.asked], "the page is as it was"
    expect(verdict(page, quiz.asked[0])).to_contain_text("✓")


def test_scenes_are_printed_by_their_numbers(reader: Reader) -> None:
    """Also by the browser's own command, in the middle of a conversation."""
    record, question = first("scenario")
    page = reader.open(f"en/quizzes/{record.id}/")
    scenes = "form => [...form.querySelectorAll('[data-scene]')].map((it) => it.dataset.scene)"
    form(page, question).locator("[data-scene]:not([data-off]) [data-to]").last.click()
    playing = form(page, question).evaluate(scenes)
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert form(page, question).evaluate(scenes) == [scene.id for scene in question.scenes] != playing
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert form(page, question).evaluate(scenes)[-2:] == playing[-2:]


def test_variants_differ_and_are_the_same_every_time(reader: Reader) -> None:
    def orders(variant: str) -> list[list[str]]:
        page = reader.open(f"en/quizzes/{CHOSEN}/")
        page.evaluate(PRINT)
        print_paper(page, variant)
        found = page.locator("form[data-question]").evaluate_all("all => all.map((it) => it.dataset.question)")
        return [found, *(shown(page, question) for question in entry(CHOSEN).asked if question.type == "single")]

    assert orders("A") == orders("A") != orders("B")


def test_the_key_is_right(reader: Reader) -> None:
    """Letters of the key lead to the right options as they are printed, for every question with one answer."""
    page = reader.open(f"en/quizzes/{CHOSEN}/")
    page.evaluate(PRINT)
    print_paper(page, "B")
    key = page.locator("[data-answer-key] li").evaluate_all("all => all.map((it) => it.textContent)")
    ids = page.locator("form[data-question]").evaluate_all("all => all.map((it) => it.dataset.question)")
    by_id = {question.id: question for question in entry(CHOSEN).asked}
    singles = [(by_id[name], letter) for name, letter in zip(ids, key, strict=True) if by_id[name].type == "single"]
    assert singles
    for question, letter in singles:
        right = next(option.id for option in question.options if option.correct)
        assert shown(page, question)["abcdef".index(letter)] == right


def test_the_result_is_printed_alone(language: str, reader: Reader, tmp_path: Path) -> None:
    page = reader.open(f"{language}/quizzes/{SHORT}/")
    page.evaluate(PRINT)
    take_test(page, entry(SHORT), language, wrong=1)
    page.locator("[data-print=result]").click()
    sheets = printed(page, tmp_path / "result.pdf")
    assert len(sheets) == 1
    assert flat(page.locator("[data-score]").inner_text()) in flat(sheets[0])
    assert flat(words_of(entry(SHORT).asked[0].prompt[language])) not in flat(sheets[0])


# ---------------------------------------------------------------------------------------------------- without scripts


def test_whole_without_scripts(language: str, reader: Reader) -> None:
    for kind in TYPES:
        record, question = first(kind)
        page = reader.open(f"{language}/quizzes/{record.id}/", java_script_enabled=False)
        place = form(page, question)
        expect(place.locator("[data-key]")).to_be_visible()
        expect(place.locator("[data-solution]")).to_be_hidden()
        place.locator("[data-key] summary").click()
        expect(place.locator("[data-solution]")).to_be_visible()
        holds(place.locator("[data-key]"), question.why[language])
        expect(page.locator("[data-start-test]").first).to_be_hidden()


def test_a_scenario_is_played_by_its_numbers_without_scripts(language: str, reader: Reader) -> None:
    record, question = first("scenario")
    page = reader.open(f"{language}/quizzes/{record.id}/", java_script_enabled=False)
    numbers = {scene.id: number for number, scene in enumerate(question.scenes, 1)}
    for scene in question.scenes:
        place = page.locator(f"#{question.id}-{scene.id}")
        expect(place).to_be_visible()
        assert place.locator(".pb-scene__number").inner_text() == str(numbers[scene.id])
        for link, choice in zip(place.locator("[data-to]").all(), scene.choices, strict=True):
            assert link.get_attribute("href") == f"#{question.id}-{choice.to}"
        said = [words(language)["quiz"]["go_to"].format(numbers[choice.to]) for choice in scene.choices]
        assert place.locator(".pb-scene__goto").all_inner_texts() == said


# ---------------------------------------------------------------------------------------------------- search


def test_answers_are_not_in_the_search_index(site: Path) -> None:
    """The index holds what a quiz is about, and nothing of its answers; read as Pagefind stores it."""
    content: dict[str, str] = {}
    for file in (site / "pagefind" / "fragment").iterdir():
        fragment = json.loads(gzip.decompress(file.read_bytes()).removeprefix(b"pagefind_dcd"))
        content[fragment["url"]] = flat(fragment["content"])
    for record, question in asked():
        for language in LANGUAGES:
            text = content[f"/{language}/quizzes/{record.id}/"]
            assert flat(record.entry.summary[language]) in text, "the quiz itself is found"
            hidden = [question.why, *(option.text for option in question.options)]
            hidden += [option.feedback for option in question.options if option.feedback]
            hidden += [scene.text for scene in question.scenes]
            for value in hidden:
                said = flat(words_of(value[language]).split("\0")[0])
                if len(said) > 20:
                    assert said not in text, f"{record.id}/{question.id}: {said}"


# ---------------------------------------------------------------------------------------------------- storage


@pytest.mark.parametrize("script", [BLOCKED, FULL], ids=["blocked", "full"])
def test_without_storage_it_says_so_and_still_answers(script: str, language: str, reader: Reader) -> None:
    record, question = first("single")
    page = reader.open(f"{language}/quizzes/{record.id}/")
    page.add_init_script(script)
    page.reload()
    answer(page, question, language, right=True)
    expect(verdict(page, question)).to_contain_text("✓")
    expect(page.locator("[data-status]")).to_have_text(say(language, "blocked"))


def damage(page: Page, text: str) -> None:
    """Put a text where progress is kept."""
    page.evaluate(
        """text => {
          const key = Object.keys(localStorage).find((it) => it.startsWith('playbook.progress:'));
          localStorage.setItem(key, text);
        }""",
        text,
    )


DAMAGED = [
    "{",
    '{"answers": 7, "boxes": [], "exams": null}',
    '{"answers": {"%(key)s": {"right": "yes", "revision": 1, "tries": 1, "at": 1, "given": []}}}',
    '{"answers": {"%(key)s": {"right": true, "revision": 1, "tries": 1, "at": 1, "given": "x"}}}',
    '{"answers": {"__proto__": {"right": true}}, "boxes": {"%(key)s": {"box": 99, "due": "soon", "at": 1}}}',
]


@pytest.mark.parametrize("text", DAMAGED)
def test_damaged_storage_does_no_harm(text: str, reader: Reader) -> None:
    record, question = first("single")
    page = reader.open(f"en/quizzes/{record.id}/")
    answer(page, question, "en", right=True)
    damage(page, text.replace("%(key)s", f"{record.id}/{question.id}"))
    page.reload()
    expect(verdict(page, question)).to_be_empty()
    answer(page, question, "en", right=False)
    page.reload()
    expect(verdict(page, question)).to_contain_text("✗")


def test_an_answer_that_fits_no_option_any_more_does_no_harm(reader: Reader) -> None:
    for kind in TYPES:
        record, question = first(kind)
        page = reader.open(f"en/quizzes/{record.id}/")
        answer(page, question, "en", right=True)
        state = saved(page)
        state["answers"][f"{record.id}/{question.id}"]["given"] = ["no-such", "9:nowhere", "<img src=x>"]
        damage(page, json.dumps(state))
        page.reload()
        expect(verdict(page, question)).to_contain_text("✓")
        assert page.locator("img[src=x]").count() == 0


def test_storage_of_a_newer_version_is_left_alone(language: str, reader: Reader) -> None:
    record, question = first("single")
    page = reader.open(f"{language}/quizzes/{record.id}/")
    answer(page, question, language, right=True)
    newer = '{"schema": 99, "answers": "otherwise"}'
    damage(page, newer)
    page.reload()
    expect(page.locator("[data-status]")).to_have_text(say(language, "newer"))
    answer(page, question, language, right=True)
    assert page.evaluate(SAVED) == newer


def test_two_tabs_do_not_overwrite_each_other(reader: Reader) -> None:
    quiz = entry(CHOSEN)
    one_, two_, three_ = quiz.asked[:3]
    one = reader.open(f"en/quizzes/{CHOSEN}/")
    two = one.context.new_page()
    two.goto(one.url)
    answer(one, one_, "en", right=True)
    expect(verdict(two, one_)).to_contain_text("✓")
    answer(two, two_, "en", right=True)
    answer(one, three_, "en", right=True)
    assert set(saved(one)["answers"]) == {f"{CHOSEN}/{question.id}" for question in (one_, two_, three_)}


def test_another_tab_takes_nothing_away(reader: Reader) -> None:
    """What is emptied to be answered anew stays empty, whatever happens elsewhere; what is forgotten is gone."""
    quiz = entry(CHOSEN)
    one_, two_ = quiz.asked[:2]
    one = reader.open(f"en/quizzes/{CHOSEN}/")
    answer(one, one_, "en", right=True)
    two = one.context.new_page()
    two.goto(one.url)
    form(one, one_).locator("[data-again]").click()
    put(form(one, one_), one_, "en", right=False)
    answer(two, two_, "en", right=True)
    expect(verdict(one, two_)).to_contain_text("✓")
    expect(verdict(one, one_)).to_be_empty()
    two.goto(two.url.replace(f"quizzes/{CHOSEN}/", "progress/"))
    two.locator("[data-clear]").click()
    expect(verdict(one, two_)).to_be_empty()


# ---------------------------------------------------------------------------------------------------- two builds


@pytest.fixture(scope="module")
def edited(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site after an edit: a question inserted at the top, one revised, one retired, the others in reverse order."""
    root = copy_repository(tmp_path_factory.mktemp("edited") / "repository")
    file = root / "data" / "quizzes" / f"{CHOSEN}.yml"
    text = yaml.load(file.read_text(encoding="utf-8"), yaml.BaseLoader)  # noqa: S506 - all text, dates included
    for name in ("minutes", "pass_mark"):
        text[name] = int(text.get(name, 80))
    truth = {"true": True, "false": False}
    text["mixed"] = truth[text.get("mixed", "false")]
    text["sample"] = truth[text.get("sample", "false")]
    for question in text["questions"]:
        for option in question.get("options", []):
            option["correct"] = truth[option.get("correct", "false")]
        for name in ("number", "revision"):
            if name in question:
                question[name] = int(question[name])
        if "correct" in question:
            question["correct"] = truth[question["correct"]]
    first_, second, *others = text["questions"]
    second["retired"] = True
    first_["revision"] = 2
    new = {
        "id": "brand-new",
        "type": "true-false",
        "prompt": {"en": "Is this new?", "zh": "这题是新的吗？"},
        "correct": True,
        "why": {"en": "It is new.", "zh": "是新的。"},
        "rests_on": list(first_["rests_on"]),
        "difficulty": "easy",
        "skill": "recall",
    }
    text["questions"] = [new, *others[::-1], second, first_]
    file.write_text(yaml.safe_dump(text, allow_unicode=True), encoding="utf-8")
    build.build(root, root / "site", "mkdocs", quiet)
    return root / "site"


def test_an_edit_keeps_answers_and_asks_again_what_was_revised(
    language: str, reader: Reader, site: Path, edited: Path, tmp_path: Path
) -> None:
    both = tmp_path / "site"
    shutil.copytree(site, both)
    quiz = entry(CHOSEN)
    revised, retired, kept = quiz.asked[:3]
    with hosted(both) as address:
        page = reader.open(f"{language}/quizzes/{CHOSEN}/", server=address)
        for question in (revised, retired, kept):
            answer(page, question, language, right=True)
        for kind in LANGUAGES:  # The next build comes out at the same address.
            for part in ("quizzes", "review", "progress"):
                shutil.copytree(edited / kind / part, both / kind / part, dirs_exist_ok=True)
        page.reload()
        expect(form(page, retired)).to_have_count(0)
        expect(verdict(page, kept)).to_contain_text("✓")
        expect(verdict(page, revised)).to_be_empty()
        expect(form(page, revised).locator("[data-note]")).to_have_text(say(language, "changed"))
        new = page.locator("form[data-question=brand-new]")
        expect(new.locator("[data-verdict]")).to_be_empty()
        expect(page.locator("[data-said]")).to_have_text(say(language, "progress", 1, len(quiz.asked), 1))
        assert f"{CHOSEN}/{retired.id}" in saved(page)["answers"], "what is not known any more is kept"
        page.goto(f"{address}{language}/review/")
        review = words(language)["scripts"]["review"]
        expect(page.locator("[data-due-count]")).to_have_text(review["question"].format(1))


# ---------------------------------------------------------------------------------------------------- everybody


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_when_answered(scheme: str, language: str, reader: Reader) -> None:
    for kind in TYPES:
        record, question = first(kind)
        page = reader.open(f"{language}/quizzes/{record.id}/", scheme=scheme, width=360)
        answer(page, question, language, right=kind == "single")
        assert axe(page) == [], kind


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_a_test_and_its_result(scheme: str, language: str, reader: Reader) -> None:
    page = reader.open(f"{language}/quizzes/{SHORT}/", scheme=scheme)
    start_test(page)
    assert axe(page) == []
    page.locator("[data-hand-in]").click()
    page.locator("[data-hand-in]").click()
    expect(page.locator("[data-result]")).to_be_visible()
    assert axe(page) == []


@pytest.mark.parametrize("name", QUIZZES)
def test_fits_a_phone(name: str, language: str, reader: Reader) -> None:
    page = reader.open(f"{language}/quizzes/{name}/", width=320, height=640)
    assert page.evaluate("document.scrollingElement.scrollWidth") <= 320
    wide = """all => all.filter((it) => it.checkVisibility() && it.getBoundingClientRect().right > 320)
        .map((it) => it.outerHTML)"""
    assert page.locator(".pb-quiz :is(select, label, button, a, p)").evaluate_all(wide) == []


def test_only_pages_with_questions_carry_their_script(language: str, site: Path) -> None:
    for page in sorted((site / language).rglob("index.html")):
        parts = page.relative_to(site / language).parts
        carries = re.search(r"assets/(?:quizzes|review)\.js", page.read_text(encoding="utf-8")) is not None
        assert carries == ((parts[0] == "quizzes" and len(parts) == 3) or parts[0] == "review"), page
