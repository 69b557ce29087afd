"""Review in a real browser: boxes, what is due, missed or mixed, one question after the other, the days to come."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from macros.model import LANGUAGES
from macros.words import words

from .conftest import Reader
from .test_browser import axe
from .test_checklists import SAVED
from .test_quizzes import BOOK, QUIZZES, answer, asked, first, flat, form, printed, put, saved, verdict

QUESTIONS = [(f"{record.id}/{question.id}", record, question) for record, question in asked()]
WAITS = (1, 3, 7, 14, 30)


@pytest.fixture(params=LANGUAGES)
def language(request: pytest.FixtureRequest) -> str:
    """Each language in turn."""
    return request.param


def say(language: str, name: str, *values: object) -> str:
    """Words that the script of review says, filled in."""
    return words(language)["scripts"]["review"][name].format(*values)


def count(language: str, number: int) -> str:
    return say(language, "question" if number == 1 else "questions", number)


def today(page: Page) -> date:
    """The day in the browser."""
    return date.fromisoformat(page.evaluate(f"({MODULE})('dates').then((it) => it.today())"))


def held(page: Page, answers: list[dict[str, Any]]) -> None:
    """Keep answers to the first questions of the playbook: `right`, `box`, `due` in days from today, `sure`."""
    day = today(page)
    state: dict[str, Any] = {"schema": 1, "answers": {}, "boxes": {}}
    for (key, _, question), one in zip(QUESTIONS, answers, strict=False):
        state["answers"][key] = {
            "right": one.get("right", True),
            "revision": question.revision,
            "tries": 1,
            "at": page.evaluate("Date.now()"),
            "given": ["x"],
            **({"sure": one["sure"]} if "sure" in one else {}),
        }
        due = day + timedelta(days=one.get("due", 0))
        state["boxes"][key] = {"box": one.get("box", 1), "due": str(due), "at": page.evaluate("Date.now()")}
    keep(page, state)


MODULE = "(name) => import(new URL(`${name}.js`, document.querySelector('script[src*=\"assets/playbook.js\"]').src))"
"""A script of the site as a module, in the browser."""


def keep(page: Page, state: dict[str, Any]) -> None:
    """Put a state where the scripts keep it, and load the page again."""
    put_in = f"""async (text) => {{
      const {{ change, parse }} = await ({MODULE})("store");
      change((state) => Object.assign(state, parse(text)));
    }}"""
    page.evaluate(put_in, json.dumps(state))
    page.reload()


# ---------------------------------------------------------------------------------------------------- boxes


def test_boxes_follow_leitner(reader: Reader) -> None:
    record, question = first("true-false")
    key = f"{record.id}/{question.id}"
    page = reader.open(f"en/quizzes/{record.id}/")
    day = today(page)
    answer(page, question, "en", right=True)
    assert (saved(page)["boxes"][key]["box"], saved(page)["boxes"][key]["due"]) == (2, str(day + timedelta(days=3)))
    form(page, question).locator("[data-again]").click()
    answer(page, question, "en", right=True)
    assert saved(page)["boxes"][key]["box"] == 2, "asked again before it is due, a right answer moves nothing"
    ahead = {"box": 4, "due": str(day + timedelta(days=10)), "at": 1}
    keep(page, {**saved(page), "boxes": {key: ahead}})
    form(page, question).locator("[data-again]").click()
    answer(page, question, "en", right=True)
    held_ = saved(page)["boxes"][key]
    assert (held_["box"], held_["due"]) == (4, ahead["due"]), "nor its day"
    for box in (2, 3, 4, 5, 5):
        state = saved(page)
        state["boxes"][key] = {"box": box, "due": str(day), "at": 1}
        keep(page, state)
        form(page, question).locator("[data-again]").click()
        answer(page, question, "en", right=True)
        after = min(box + 1, 5)
        expected = (after, str(day + timedelta(days=WAITS[after - 1])))
        assert (saved(page)["boxes"][key]["box"], saved(page)["boxes"][key]["due"]) == expected
    form(page, question).locator("[data-again]").click()
    answer(page, question, "en", right=False)
    assert (saved(page)["boxes"][key]["box"], saved(page)["boxes"][key]["due"]) == (1, str(day + timedelta(days=1)))


def test_the_page_explains_the_waits_that_the_script_keeps(language: str, reader: Reader) -> None:
    page = reader.open(f"{language}/review/")
    shown = page.locator("#its-how ~ .pb-table tbody td").all_inner_texts()
    review = words(language)["review"]
    assert shown == [review["day"] if days == 1 else review["days"].format(days) for days in WAITS]
    assert tuple(page.evaluate(f"({MODULE})('leitner').then((it) => it.WAITS)")) == WAITS


# ---------------------------------------------------------------------------------------------------- what there is


def test_nobody_who_has_not_answered_is_asked_to_review(language: str, reader: Reader) -> None:
    page = reader.open(f"{language}/review/")
    expect(page.locator(".pb-review [data-none]")).to_be_visible()
    expect(page.locator("button[data-due]")).to_be_disabled()
    expect(page.locator("button[data-missed]")).to_be_disabled()
    expect(page.locator("[data-calendar-part]")).to_be_hidden()
    page.goto(page.url.replace("review/", ""))
    expect(page.locator("[data-due]")).to_be_hidden()


def test_due_missed_and_the_days_to_come(language: str, reader: Reader) -> None:
    page = reader.open(f"{language}/review/")
    held(page, [{"due": -2}, {"due": 0, "right": False}, {"due": 1}, {"due": 1}, {"due": 6}, {"due": 7}])
    expect(page.locator("[data-due-count]")).to_have_text(count(language, 2))
    expect(page.locator("[data-missed-count]")).to_have_text(count(language, 1))
    expect(page.locator("[data-forecast]")).to_have_text(say(language, "week", 5))
    days = page.locator("[data-calendar] b").all_inner_texts()
    assert days[7:] == ["2", "2", "·", "·", "·", "·", "1"], "today and the six days after it"
    assert page.locator("[data-calendar] [aria-current=date] b").inner_text() == "2"
    page.goto(page.url.replace("review/", ""))
    home = words(language)["scripts"]["home"]
    expect(page.locator("[data-due] [data-said]")).to_have_text(home["many"].format(2))


def test_answers_to_questions_that_are_gone_are_not_counted(reader: Reader) -> None:
    page = reader.open("en/review/")
    held(page, [{"due": 0}])
    state = json.loads(page.evaluate(SAVED))
    state["boxes"]["gone/for-good"] = {"box": 1, "due": "2020-01-01", "at": 1}
    keep(page, state)
    expect(page.locator("[data-due-count]")).to_have_text(count("en", 1))
    assert "gone/for-good" in json.loads(page.evaluate(SAVED))["boxes"], "it is kept"


# ---------------------------------------------------------------------------------------------------- being asked


def current(page: Page) -> tuple[Any, Any]:
    """The question that is being asked, and its form."""
    place = page.locator("[data-question] form[data-question], [data-asking] form[data-question]").first
    expect(place).to_be_visible()
    key = place.evaluate("form => `${form.dataset.of}/${form.dataset.question}`")
    return next(question for found, _, question in QUESTIONS if found == key), place


def test_what_is_due_is_asked_one_after_the_other(language: str, reader: Reader) -> None:
    page = reader.open(f"{language}/review/")
    held(page, [{"due": 0}, {"due": 0}, {"due": 3}])
    page.locator("button[data-due]").click()
    for number in (1, 2):
        expect(page.locator("[data-said]")).to_have_text(say(language, "place", number, 2))
        question, place = current(page)
        expect(place.locator("[data-verdict]")).to_be_empty()
        put(place, question, language, right=number == 1)
        if question.type != "scenario":
            place.locator("[data-check]").click()
        link = place.locator("[data-verdict] [data-why] a").last
        address = link.evaluate("link => link.href")
        assert page.request.get(address).ok, "links lead from the page of review"
        expect(page.locator("button[data-next]")).to_have_text(say(language, "next" if number == 1 else "finish"))
        page.locator("button[data-next]").click()
    expect(page.locator("[data-done]")).to_contain_text(say(language, "score", 1, 2))
    expect(page.locator("[data-done]")).to_be_focused()
    expect(page.locator("[data-due-count]")).to_have_text(count(language, 0))


def test_one_topic_is_asked(language: str, reader: Reader) -> None:
    page = reader.open(f"{language}/review/")
    topic = first("single")[1].topic
    mine = [question for _, _, question in QUESTIONS if question.topic == topic]
    page.locator("#its-topic").select_option(str(topic))
    page.locator("[data-topics] button").click()
    expect(page.locator("[data-said]")).to_have_text(say(language, "place", 1, len(mine)))
    assert current(page)[0].topic == topic
    page.locator("button[data-stop]").click()
    expect(page.locator("[data-heading]")).to_be_focused()


def test_every_topic_can_be_chosen_under_its_kind(language: str, reader: Reader) -> None:
    page = reader.open(f"{language}/review/")
    chosen = page.locator("#its-topic option").evaluate_all(
        "all => all.map((it) => [it.parentElement.label, it.value, it.textContent])"
    )
    topics = {str(question.topic) for _, _, question in QUESTIONS}
    assert {value for _, value, _ in chosen} == topics
    for label, value, text in chosen:
        kind, _, name = value.partition("/")
        assert label == words(language)["kinds"][kind]["many"]
        assert text == next(record for record in BOOK.of(kind) if record.id == name).entry.title[language]


def test_only_what_is_easily_confused_is_mixed(reader: Reader) -> None:
    page = reader.open("en/review/")
    page.locator("button[data-mixed]").click()
    mixed = [question for _, record, question in QUESTIONS if record.entry.mixed]
    expect(page.locator("[data-said]")).to_have_text(say("en", "place", 1, len(mixed)))
    quizzes = {record.id for record in QUIZZES.values() if record.entry.mixed}
    assert current(page)[1].get_attribute("data-of") in quizzes


def test_everything_missed_is_asked_again_until_it_is_right(language: str, reader: Reader) -> None:
    record, question = first("true-false")
    page = reader.open(f"{language}/quizzes/{record.id}/")
    answer(page, question, language, right=False)
    page.goto(page.url.replace(f"quizzes/{record.id}/", "review/"))
    page.locator("button[data-missed]").click()
    asked_, place = current(page)
    assert asked_ == question
    put(place, question, language, right=True)
    place.locator("[data-check]").click()
    expect(verdict(page, question)).to_contain_text("✓")
    page.locator("button[data-next]").click()
    expect(page.locator("[data-missed-count]")).to_have_text(count(language, 0))


def test_a_question_that_cannot_be_loaded_says_so(reader: Reader) -> None:
    page = reader.open("en/review/")
    page.locator("#its-topic").select_option(index=0)
    page.context.set_offline(True)
    page.locator("[data-topics] button").click()
    expect(page.locator("[data-said]")).to_have_text(say("en", "failed"))
    page.context.set_offline(False)
    page.locator("button[data-next]").click()
    current(page)
    reader.complaints = [it for it in reader.complaints if "ERR_INTERNET_DISCONNECTED" not in it]


def test_the_page_of_review_is_printed(language: str, reader: Reader, tmp_path: Path) -> None:
    page = reader.open(f"{language}/review/")
    held(page, [{"due": 0}])
    text = flat("".join(printed(page, tmp_path / "review.pdf")))
    review = words(language)["review"]
    for name in ("how_text", "calendar"):
        assert flat(review[name]) in text
    assert flat(review["start"] + review["calendar"]) not in text


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(scheme: str, language: str, reader: Reader) -> None:
    page = reader.open(f"{language}/review/", scheme=scheme, width=360)
    assert axe(page) == []
    held(page, [{"due": 0}, {"due": 1, "right": False}])
    assert axe(page) == [], "with a calendar"
    page.locator("button[data-due]").click()
    current(page)
    assert axe(page) == [], "while asking"
    assert page.evaluate("document.scrollingElement.scrollWidth") <= 360


def test_says_what_it_needs_without_scripts(language: str, reader: Reader) -> None:
    page = reader.open(f"{language}/review/", java_script_enabled=False)
    expect(page.locator("noscript p", has_text=words(language)["review"]["no_scripts"])).to_be_visible()
    expect(page.locator("[data-review]")).to_be_hidden()
