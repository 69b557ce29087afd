"""A new representative's first day, played through in a real browser: from the first day to the manager's view."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from macros.model import LANGUAGES
from macros.words import words

from .conftest import Reader
from .test_paths import ENTRY, MONDAY, TASKS, at, line, say
from .test_quizzes import BOOK, answer, form, put, start_test, verdict

TODAY = [task for task in TASKS if task.day == 1]
QUIZ = BOOK.records[next(task.take for task in TASKS if task.take)]  # type: ignore[index]


def go(page: Page, title: str) -> None:
    """Follow the link of a task, and see that it leads where it says."""
    page.locator("[data-path]").get_by_role("link", name=title, exact=True).last.click()
    expect(page.locator("h1")).to_have_text(title)
    page.wait_for_load_state()


@pytest.mark.parametrize("language", LANGUAGES)
def test_first_day(language: str, reader: Reader, tmp_path: Path) -> None:
    title = lambda ref: BOOK.records[ref].entry.title[language]  # noqa: E731
    page = reader.open(f"{language}/", width=390, height=844, accept_downloads=True)
    at(page, MONDAY)

    # From the home page to the path, and the first day set.
    page.locator("[data-menu-button]").click()
    page.locator(".pb-nav").get_by_role("link", name=words(language)["kinds"]["paths"]["many"], exact=True).click()
    page.get_by_role("link", name=ENTRY.title[language]).first.click()
    page.locator("[data-start]").fill(str(MONDAY))
    page.locator(f"[data-sure='{ENTRY.stages[0].id}:before'][value='2']").check()
    expect(page.locator("[data-next-said]")).to_have_text(say(language, "some_today"))

    # What there is for today: each page read, each thing done, each list ticked off.
    path = page.url
    for task in TODAY:
        if task.read:
            go(page, title(task.read))
            page.goto(path)
            line(page, task).locator("[data-done]").check()
        elif task.tick:
            go(page, title(task.tick))
            for box in page.locator("[data-step]").all():
                box.check()
            page.goto(path)
        elif task.count > 1:
            line(page, task).locator("[data-count]").fill(str(task.count))
            line(page, task).locator("[data-count]").press("Tab")
        else:
            line(page, task).locator("[data-done]").check()
        assert line(page, task).get_attribute("data-is-done") is not None, task.id
    page.locator(f"[data-sure='{ENTRY.stages[0].id}:after'][value='4']").check()
    expect(page.locator("[data-said]")).to_have_text(say(language, "progress", len(TODAY), len(TASKS)))

    # A look at the first quiz: one answer wrong and sure of it, then the whole of it as a test.
    quiz = QUIZ.entry
    go(page, quiz.title[language])
    first, *others = quiz.asked  # type: ignore[attr-defined]
    form(page, first).locator("[name=sure][value=sure]").check()
    answer(page, first, language, right=False)
    expect(verdict(page, first)).to_contain_text("✗")
    start_test(page)
    form(page, first).locator("[name=sure][value=sure]").check()
    put(form(page, first), first, language, right=False)
    for question in others:
        put(form(page, question), question, language, right=True)
    page.locator("[data-hand-in]").click()
    expect(page.locator("[data-outcome]")).to_have_text(
        words(language)["scripts"]["quiz"]["passed"].format(quiz.pass_mark)  # type: ignore[attr-defined]
    )

    # The next day something is due, and the home page says so.
    at(page, MONDAY.replace(month=12, day=1))
    page.goto(path.partition(f"/{language}/")[0] + f"/{language}/")
    expect(page.locator("[data-due] [data-said]")).to_have_text(words(language)["scripts"]["home"]["one"].format(1))

    # One's own progress, saved as a file.
    page.get_by_role("link", name=words(language)["views"]["progress"]["title"], exact=True).last.click()
    expect(page.locator("[data-sum-answered]")).to_contain_text(str(len(quiz.asked)))  # type: ignore[attr-defined]
    page.locator("#my-name").fill("小马 Omar")
    with page.expect_download() as download:
        page.locator("[data-export] button").click()
    file = tmp_path / "omar.json"
    download.value.save_as(file)
    assert json.loads(file.read_text(encoding="utf-8"))["name"] == "小马 Omar"

    # The manager opens it, in the other language.
    other = next(it for it in LANGUAGES if it != language)
    manager = reader.open(f"{other}/team/")
    manager.locator("[data-files]").set_input_files(file)
    row = manager.locator("[data-people] tr")
    expect(row.locator("th")).to_have_text("小马 Omar")
    team = words(other)["scripts"]["team"]
    count = len(quiz.asked)  # type: ignore[attr-defined]
    expect(row).to_contain_text(team["path"].format(ENTRY.title[other], len(TODAY) + 1, len(TASKS)))
    expect(row).to_contain_text(team["of"].format(count - 1, count))
    expect(manager.locator("[data-stuck]")).to_contain_text(team["question"].format(quiz.title[other], 1))
