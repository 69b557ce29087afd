"""Paths in a real browser: dates from the first day, what is done, what is late, how sure, and the sheets of paper."""

from __future__ import annotations

import subprocess
from datetime import date, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from macros.model import LANGUAGES, LearningPath, Task
from macros.words import words

from .conftest import Reader
from .test_browser import axe
from .test_checklists import BLOCKED, FULL
from .test_quizzes import BOOK, PRINT, flat, printed, put, saved, start_test, words_of
from .test_quizzes import form as question_form
from .test_review import MODULE

PATHS = {record.id: record.entry for record in BOOK.of("paths")}
NAME = "seller-first-90-days"
ENTRY: LearningPath = PATHS[NAME]  # type: ignore[assignment]
TASKS = [task for stage in ENTRY.stages for task in stage.tasks]
MONDAY = date(2026, 11, 30)


@pytest.fixture(params=LANGUAGES)
def language(request: pytest.FixtureRequest) -> str:
    """Each language in turn."""
    return request.param


def say(language: str, name: str, *values: object) -> str:
    """Words that the script of paths says, filled in."""
    return words(language)["scripts"]["path"][name].format(*values)


def line(page: Page, task: Task) -> Locator:
    return page.locator(f"[data-task={task.id}]")


def first(kind: str, *, several: bool = False) -> Task:
    """The first task of a kind; `several`: that is to be done more than once."""
    return next(task for task in TASKS if getattr(task, kind) is not None and (task.count > 1) == several)


def at(page: Page, day: date) -> None:
    """Let the browser think that it is noon of a day."""
    page.clock.set_fixed_time(f"{day}T12:00:00")
    page.reload()


def short(page: Page, day: date) -> str:
    """A day as the page writes it in short."""
    return page.evaluate(f"(day) => ({MODULE})('dates').then((it) => it.dateText(day, 'short'))", str(day))


# ---------------------------------------------------------------------------------------------------- dates


def test_without_a_first_day_days_are_counted(language: str, reader: Reader) -> None:
    page = reader.open(f"{language}/paths/{NAME}/")
    for task in (TASKS[0], TASKS[-1]):
        expect(line(page, task).locator("[data-due]")).to_have_text(say(language, "day", task.day))
    expect(page.locator("[data-said]")).to_have_text(say(language, "progress", 0, len(TASKS)))
    expect(page.locator("[data-next-said]")).to_have_text(say(language, "no_start"))


@pytest.mark.parametrize("start", [MONDAY, MONDAY + timedelta(days=3)], ids=["monday", "thursday"])
def test_the_first_day_gives_everything_its_date(start: date, language: str, reader: Reader) -> None:
    page = reader.open(f"{language}/paths/{NAME}/")
    page.locator("[data-start]").fill(str(start))
    for task in TASKS:
        due = start + timedelta(days=task.day - 1)
        due += timedelta(days={5: 2, 6: 1}.get(due.weekday(), 0))  # from a weekend to the Monday after
        assert line(page, task).locator("[data-due]").inner_text() == short(page, due), task.id
    page.reload()
    expect(page.locator("[data-start]")).to_have_value(str(start))
    assert saved(page)["starts"][NAME]["day"] == str(start)
    page.locator("[data-start]").fill("")
    expect(line(page, TASKS[-1]).locator("[data-due]")).to_have_text(say(language, "day", TASKS[-1].day))


def test_dates_are_written_as_people_write_them(reader: Reader) -> None:
    for language, expected in (("en", "Mon 30 Nov"), ("zh", "11 月 30 日周一")):
        page = reader.open(f"{language}/paths/{NAME}/")
        page.locator("[data-start]").fill(str(MONDAY))
        expect(line(page, TASKS[0]).locator("[data-due]")).to_have_text(expected)


def test_what_is_late_is_said_kindly_and_comes_first(language: str, reader: Reader) -> None:
    page = reader.open(f"{language}/paths/{NAME}/")
    page.locator("[data-start]").fill(str(MONDAY))
    at(page, MONDAY)
    today = [task for task in TASKS if task.day == 1]
    expect(page.locator("[data-next-said]")).to_have_text(say(language, "some_today"))
    assert page.locator("[data-next] a").evaluate_all("all => all.map((it) => it.hash)") == [
        f"#{task.id}" for task in today[:6]
    ]
    assert page.locator("[data-is-late]").count() == 0
    at(page, MONDAY + timedelta(days=1))
    expect(page.locator("[data-next-said]")).to_have_text(say(language, "some_late"))
    expect(line(page, today[0]).locator("[data-state]")).to_have_text(say(language, "late"))
    line(page, first("read")).locator("[data-done]").check()
    expect(line(page, first("read")).locator("[data-state]")).to_have_text(
        say(language, "done", short(page, MONDAY + timedelta(days=1)))
    )
    assert f"#{first('read').id}" not in page.locator("[data-next] a").evaluate_all("all => all.map((it) => it.hash)")


# ---------------------------------------------------------------------------------------------------- what is done


def test_reading_and_doing_are_ticked_and_counted(language: str, reader: Reader) -> None:
    page = reader.open(f"{language}/paths/{NAME}/")
    reading, counted = first("read"), first("do", several=True)
    line(page, reading).locator("[data-done]").check()
    field = line(page, counted).locator("[data-count]")
    field.fill(str(counted.count - 1))
    field.press("Tab")
    expect(page.locator("[data-said]")).to_have_text(say(language, "progress", 1, len(TASKS)))
    field.fill(str(counted.count + 50))
    field.press("Tab")
    expect(field).to_have_value(str(counted.count))
    page.reload()
    expect(field).to_have_value(str(counted.count))
    expect(line(page, reading).locator("[data-done]")).to_be_checked()
    expect(page.locator("[data-said]")).to_have_text(say(language, "progress", 2, len(TASKS)))
    line(page, reading).locator("[data-done]").uncheck()
    expect(page.locator("[data-said]")).to_have_text(say(language, "progress", 1, len(TASKS)))


def test_a_checklist_that_is_complete_is_seen(language: str, reader: Reader) -> None:
    task = first("tick")
    page = reader.open(f"{language}/checklists/{task.tick.id}/")  # type: ignore[union-attr]
    boxes = page.locator("[data-step]")
    for box in boxes.all()[:-1]:
        box.check()
    page.goto(page.url.replace(f"checklists/{task.tick.id}/", f"paths/{NAME}/"))  # type: ignore[union-attr]
    expect(line(page, task).locator("[data-state]")).to_have_text(say(language, "open"))
    page.go_back()
    boxes.last.check()
    page.goto(page.url.replace(f"checklists/{task.tick.id}/", f"paths/{NAME}/"))  # type: ignore[union-attr]
    assert line(page, task).get_attribute("data-is-done") is not None
    page.go_back()
    page.locator("[data-reset]").click()
    page.goto(page.url.replace(f"checklists/{task.tick.id}/", f"paths/{NAME}/"))  # type: ignore[union-attr]
    assert line(page, task).get_attribute("data-is-done") is not None, "done stays done"


def test_a_quiz_that_is_passed_is_seen(language: str, reader: Reader) -> None:
    task = min(
        (task for task in TASKS if task.take),
        key=lambda task: len(BOOK.records[task.take].entry.asked),  # type: ignore[index, attr-defined]
    )
    quiz = BOOK.records[task.take].entry  # type: ignore[index]
    page = reader.open(f"{language}/quizzes/{task.take.id}/")  # type: ignore[union-attr]
    start_test(page)
    for question in quiz.asked:  # type: ignore[attr-defined]
        put(question_form(page, question), question, language, right=True)
    page.locator("[data-hand-in]").click()
    page.goto(page.url.replace(f"quizzes/{task.take.id}/", f"paths/{NAME}/"))  # type: ignore[union-attr]
    assert line(page, task).get_attribute("data-is-done") is not None


def test_how_sure_before_and_after_is_kept(language: str, reader: Reader) -> None:
    page = reader.open(f"{language}/paths/{NAME}/")
    stage = ENTRY.stages[0].id
    for moment, value in (("before", 2), ("after", 5)):
        page.locator(f"[data-sure='{stage}:{moment}'][value='{value}']").check()
    page.reload()
    for moment, value in (("before", 2), ("after", 5)):
        expect(page.locator(f"[data-sure='{stage}:{moment}'][value='{value}']")).to_be_checked()
        assert saved(page)["confidence"][NAME][f"{stage}:{moment}"]["value"] == value


def test_what_is_done_shows_in_the_other_language_and_tab(language: str, reader: Reader) -> None:
    one = reader.open(f"{language}/paths/{NAME}/")
    other = next(it for it in LANGUAGES if it != language)
    two = one.context.new_page()
    two.goto(one.url.replace(f"/{language}/", f"/{other}/"))
    line(one, first("read")).locator("[data-done]").check()
    expect(line(two, first("read")).locator("[data-done]")).to_be_checked()
    line(two, first("do")).locator("[data-done]").check()
    expect(two.locator("[data-said]")).to_have_text(say(other, "progress", 2, len(TASKS)))
    expect(one.locator("[data-said]")).to_have_text(say(language, "progress", 2, len(TASKS)))


@pytest.mark.parametrize("script", [BLOCKED, FULL], ids=["blocked", "full"])
def test_without_storage_it_says_so_and_still_works(script: str, language: str, reader: Reader) -> None:
    page = reader.open(f"{language}/paths/{NAME}/")
    page.add_init_script(script)
    page.reload()
    line(page, first("read")).locator("[data-done]").check()
    expect(page.locator("[data-said]")).to_have_text(say(language, "progress", 1, len(TASKS)))
    expect(page.locator("[data-status]")).to_have_text(say(language, "blocked"))


# ---------------------------------------------------------------------------------------------------- paper


@pytest.mark.parametrize("name", PATHS)
def test_the_plan_is_printed_with_its_dates(name: str, language: str, reader: Reader, tmp_path: Path) -> None:
    entry: LearningPath = PATHS[name]  # type: ignore[assignment]
    page = reader.open(f"{language}/paths/{name}/")
    page.evaluate(PRINT)
    page.locator("[data-start]").fill(str(MONDAY))
    page.locator("[data-print=plan]").click()
    assert page.evaluate("window.printed") == "plan"
    text = flat("".join(printed(page, tmp_path / "plan.pdf")))
    for stage in entry.stages:
        assert flat(stage.title[language]) in text
        for task in stage.tasks:
            title = (
                task.do[language]
                if task.do
                else BOOK.records[task.read or task.tick or task.take].entry.title[language]
            )  # type: ignore[index]
            assert flat(title)[:16] in text, task.id  # what follows may stand on another line
    assert flat(short(page, MONDAY)) in text
    assert flat(words(language)["path"]["completion"]) not in text


@pytest.mark.parametrize("paper", ["A4", "Letter"])
@pytest.mark.parametrize("name", PATHS)
def test_the_scorecard_is_one_sheet_to_sign(
    name: str, paper: str, language: str, reader: Reader, tmp_path: Path
) -> None:
    entry: LearningPath = PATHS[name]  # type: ignore[assignment]
    page = reader.open(f"{language}/paths/{name}/")
    page.evaluate(PRINT)
    page.locator("[data-print=scorecard]").click()
    file = tmp_path / "scorecard.pdf"
    page.pdf(path=file, format=paper)
    text = subprocess.run(["pdftotext", "-layout", str(file), "-"], capture_output=True, text=True, check=True).stdout
    assert text.count("\f") == 1
    text = flat(text)
    play = entry.role_play
    for said in (play.title, play.passed_when, *(criterion.text for criterion in play.criteria)):
        assert flat(said[language]) in text
    assert flat(words(language)["path"]["lines"]["sign_manager"]) in text
    assert page.locator(".pb-scorecard__box").count() == len(play.criteria) * 4
    assert flat(words_of(entry.stages[0].aim[language]).split("\0")[0]) not in text


def test_the_completion_sheet_says_exactly_what_was_shown(language: str, reader: Reader, tmp_path: Path) -> None:
    page = reader.open(f"{language}/paths/{NAME}/")
    page.evaluate(PRINT)
    page.locator("[data-start]").fill(str(MONDAY))
    at(page, MONDAY)
    page.evaluate(PRINT)
    done, counted = first("read"), first("do", several=True)
    line(page, done).locator("[data-done]").check()
    line(page, counted).locator("[data-count]").fill("1")
    line(page, counted).locator("[data-count]").press("Tab")
    stage = ENTRY.stages[0]
    page.locator(f"[data-sure='{stage.id}:before'][value='3']").check()
    page.locator("[data-print=completion]").click()
    text = flat("".join(printed(page, tmp_path / "completion.pdf")))
    shown = [
        it.strip() for it in page.locator("[data-completion] li").evaluate_all("all => all.map((it) => it.textContent)")
    ]
    title = BOOK.records[done.read].entry.title[language]  # type: ignore[index]
    first_line = f"{words(language)['path']['read']} {title} · {short(page, MONDAY)}"
    assert shown == [
        first_line,
        f"{counted.do[language]} · {say(language, 'times', 1, counted.count)} · {say(language, 'begun')}",  # type: ignore[index]
    ]
    for said in (
        *shown,
        words(language)["path"]["completion_note"],
        say(language, "sure", stage.confidence[language], 3, "–"),
    ):
        assert flat(said) in text
    undone = BOOK.records[next(task.read for task in TASKS if task.read and task != done)].entry.title[language]  # type: ignore[index]
    assert flat(undone) not in text


# ---------------------------------------------------------------------------------------------------- everybody


@pytest.mark.parametrize("name", PATHS)
def test_whole_without_scripts(name: str, language: str, reader: Reader) -> None:
    entry: LearningPath = PATHS[name]  # type: ignore[assignment]
    page = reader.open(f"{language}/paths/{name}/", java_script_enabled=False)
    expect(page.locator("[data-task]")).to_have_count(sum(len(stage.tasks) for stage in entry.stages))
    expect(page.locator("noscript p", has_text=words(language)["path"]["no_scripts"])).to_be_visible()
    expect(page.locator(".pb-path__bar")).to_be_hidden()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", PATHS)
def test_axe_finds_nothing_in_use(name: str, scheme: str, language: str, reader: Reader) -> None:
    page = reader.open(f"{language}/paths/{name}/", scheme=scheme, width=360)
    page.locator("[data-start]").fill("2026-01-05")
    page.locator("[data-done]").first.check()
    page.locator("[data-sure]").first.check()
    assert axe(page) == []
    assert page.evaluate("document.scrollingElement.scrollWidth") <= 360
