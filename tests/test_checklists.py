"""Checklists on screen, in a real browser: ticks that stay, named lists, links, revisions, two tabs, no storage."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from playwright.sync_api import Locator, Page, expect

from macros import build, source
from macros.model import LANGUAGES
from macros.words import words

from .conftest import Reader, copy_repository, hosted, quiet
from .test_browser import axe

LIST = "pre-call"
PATH = {language: f"{language}/checklists/{LIST}/" for language in LANGUAGES}
SAVED = "() => Object.entries(localStorage).find(([key]) => key.startsWith('playbook.progress:'))?.[1]"


@pytest.fixture(params=LANGUAGES)
def language(request: pytest.FixtureRequest) -> str:
    """Each language in turn."""
    return request.param


@pytest.fixture
def open_list(reader: Reader, language: str) -> Callable[..., Page]:
    """Opens the checklist in the language."""
    return lambda **options: reader.open(PATH[language], **options)


@pytest.fixture(scope="module")
def steps(book: source.Playbook) -> list[str]:
    return [step.id for step in next(it for it in book.of("checklists") if it.id == LIST).entry.steps]


def box(page: Page, step: str) -> Locator:
    return page.locator(f"[data-step={step}]")


def ticked(page: Page) -> list[str]:
    """The steps that are ticked."""
    return page.evaluate("() => [...document.querySelectorAll('[data-step]:checked')].map((it) => it.dataset.step)")


def saved(page: Page) -> dict:
    return json.loads(page.evaluate(SAVED) or "{}")


def say(language: str, name: str, *values: object) -> str:
    """The words of the widget, filled in."""
    return words(language)["checklist"][name].format(*values)


def names(page: Page) -> list[str]:
    """What the lists are called, each with its progress."""
    return page.locator("[data-lists] li button:first-child").all_inner_texts()


# ---------------------------------------------------------------------------------------------------- ticks


def test_ticks_stay_and_progress_is_said(language: str, open_list, steps: list[str]) -> None:
    page = open_list()
    expect(page.locator("[data-said]")).to_have_text(say(language, "progress", 0, len(steps)))
    box(page, steps[1]).check()
    box(page, steps[2]).check()
    box(page, steps[2]).uncheck()
    expect(page.locator("[data-said]")).to_have_text(say(language, "progress", 1, len(steps)))
    assert page.locator(".pb-checklist progress").evaluate("bar => [bar.value, bar.max]") == [1, len(steps)]
    page.reload()
    assert ticked(page) == [steps[1]]
    expect(page.locator("[data-said]")).to_have_text(say(language, "progress", 1, len(steps)))


def test_what_is_kept_is_the_time_of_each_step(language: str, open_list, steps: list[str]) -> None:
    page = open_list()
    before = page.evaluate("Date.now()")
    box(page, steps[0]).check()
    box(page, steps[1]).check()
    box(page, steps[1]).uncheck()
    state = saved(page)
    assert state["schema"] == 1
    ((instance, times),) = state["ticks"][LIST].items()
    assert times[steps[0]] >= before
    assert times[steps[1]] <= -before, "below zero: unticked then"
    assert state["instances"][LIST][instance]["revision"] == 1
    assert state["current"] == {LIST: instance}


def test_ticks_show_in_the_other_language(language: str, open_list, steps: list[str]) -> None:
    page = open_list()
    box(page, steps[3]).check()
    page.locator("[data-language-switch]").click()
    other = next(it for it in LANGUAGES if it != language)
    expect(page.locator("html")).to_have_attribute("lang", re.compile(other))
    expect(box(page, steps[3])).to_be_checked()
    assert ticked(page) == [steps[3]]
    expect(page.locator("[data-said]")).to_have_text(say(other, "progress", 1, len(steps)))


def test_a_tick_is_announced_as_an_event(language: str, open_list, steps: list[str]) -> None:
    page = open_list()
    page.evaluate("addEventListener('playbook:ticked', (event) => (window.seen ??= []).push(event.detail))")
    box(page, steps[0]).check()
    box(page, steps[0]).uncheck()
    first, second = page.evaluate("window.seen")
    assert (first["id"], first["step"], first["state"]) == (LIST, steps[0], True)
    assert (second["step"], second["state"]) == (steps[0], False)
    assert first["instance"] == second["instance"] == next(iter(saved(page)["ticks"][LIST]))
    assert second["time"] >= first["time"]
    page.reload()
    assert page.evaluate("window.seen") is None, "what is restored is not announced"


def test_works_by_keyboard_alone(language: str, open_list, steps: list[str]) -> None:
    page = open_list()
    box(page, steps[0]).focus()
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    for _ in range(30):
        if page.evaluate("document.activeElement.dataset.step"):
            break
        page.keyboard.press("Tab")  # A reason may hold a link.
    page.keyboard.press("Space")
    assert ticked(page) == steps[:2]


def test_every_box_is_named_by_its_step(language: str, open_list, book: source.Playbook) -> None:
    page = open_list()
    entry = next(it for it in book.of("checklists") if it.id == LIST).entry
    for step in entry.steps:
        expect(page.get_by_role("checkbox", name=step.text[language])).to_have_count(1)


def test_completion_says_so_and_offers_what_comes_next(
    language: str, open_list, steps: list[str], book: source.Playbook
) -> None:
    page = open_list()
    expect(page.locator("[data-done]")).to_be_hidden()
    for step in steps:
        box(page, step).check()
    expect(page.locator("[data-done]")).to_be_visible()
    expect(page.locator("[data-status]")).to_have_text(say(language, "done"))
    following = next(it for it in book.of("checklists") if it.id == LIST).entry.then
    links = page.locator("[data-next] a").all()
    assert [link.inner_text() for link in links] == [book.records[ref].entry.title[language] for ref in following]
    box(page, steps[0]).uncheck()
    expect(page.locator("[data-done]")).to_be_hidden()


# ---------------------------------------------------------------------------------------------------- lists


def test_lists_are_started_named_opened_and_removed(language: str, open_list, steps: list[str]) -> None:
    page = open_list()
    box(page, steps[0]).check()
    page.locator("[data-name]").fill("ACME <b>1</b>")
    page.keyboard.press("Enter")
    page.locator("[data-start]").click()
    expect(page.locator("[data-name]")).to_be_focused()
    assert ticked(page) == []
    page.locator("[data-name]").fill("Globex")
    page.keyboard.press("Enter")
    box(page, steps[1]).check()
    box(page, steps[2]).check()
    count = len(steps)
    both = [say(language, "item", "Globex", 2, count), say(language, "item", "ACME <b>1</b>", 1, count)]
    assert names(page) == both
    page.locator("[data-lists] li button:first-child").nth(1).click()
    assert ticked(page) == [steps[0]]
    expect(page.locator("[data-name]")).to_have_value("ACME <b>1</b>")
    page.reload()
    assert ticked(page) == [steps[0]], "the list that was open is open again"
    page.get_by_role("button", name=say(language, "remove_label", "Globex")).click()
    expect(page.locator("[data-status]")).to_have_text(say(language, "removed", "Globex"))
    assert names(page) == both[1:]
    page.locator("[data-undo]").click()
    assert sorted(names(page)) == sorted(both)
    assert ticked(page) == steps[1:3]


def test_a_list_without_a_name_says_when_it_was_started(language: str, open_list, steps: list[str]) -> None:
    page = open_list()
    box(page, steps[0]).check()
    today = page.evaluate(
        """() => new Date().toLocaleDateString('en-GB', { day: 'numeric', month: 'long', year: 'numeric' })"""
        if language == "en"
        else """() => ((it) => `${it.getFullYear()} 年 ${it.getMonth() + 1} 月 ${it.getDate()} 日`)(new Date())"""
    )
    assert names(page) == [say(language, "item", say(language, "unnamed", today), 1, len(steps))]


def test_reset_empties_every_box_and_can_be_undone(language: str, open_list, steps: list[str]) -> None:
    page = open_list()
    for step in steps[:3]:
        box(page, step).check()
    page.locator("[data-reset]").click()
    assert ticked(page) == []
    expect(page.locator("[data-status]")).to_have_text(say(language, "reset_done"))
    page.locator("[data-undo]").click()
    assert ticked(page) == steps[:3]
    page.locator("[data-reset]").click()
    page.reload()
    assert ticked(page) == []


# ---------------------------------------------------------------------------------------------------- links


def test_a_link_shows_a_state_and_leaves_ones_own_alone(language: str, open_list, steps: list[str], reader) -> None:
    page = open_list(permissions=["clipboard-read", "clipboard-write"])
    page.locator("[data-name]").fill("ACME & Söhne")
    page.keyboard.press("Enter")
    for step in steps[:2]:
        box(page, step).check()
    page.locator("[data-share]").click()
    expect(page.locator("[data-status]")).to_have_text(say(language, "copied"))
    link = page.evaluate("navigator.clipboard.readText()")

    other = open_list()
    box(other, steps[4]).check()
    other.goto(link)
    expect(other.locator("[data-shared-text]")).to_have_text(say(language, "shared", "ACME & Söhne"))
    assert ticked(other) == steps[:2]
    box(other, steps[5]).check()
    assert list(next(iter(saved(other)["ticks"][LIST].values()))) == [steps[4]], "a tick in it is not saved"
    other.locator("[data-leave]").click()
    assert ticked(other) == [steps[4]]
    assert "#" not in other.url
    other.goto(link)
    other.locator("[data-keep]").click()
    expect(other.locator("[data-status]")).to_have_text(say(language, "kept"))
    assert ticked(other) == steps[:2]
    assert len(names(other)) == 2
    expect(other.locator("[data-name]")).to_have_value("ACME & Söhne")


@pytest.mark.parametrize(
    "hash_",
    ["shared=%3Cimg%20src%3Dx%20onerror%3Dalert(1)%3E&done=nothing", "shared=&done=__proto__.constructor", "steps"],
)
def test_a_hostile_link_does_nothing(hash_: str, language: str, reader: Reader) -> None:
    page = reader.open(f"{PATH[language]}#{hash_}")
    assert ticked(page) == []
    assert page.locator("img[src=x]").count() == 0


# ---------------------------------------------------------------------------------------------------- storage


def test_two_tabs_do_not_overwrite_each_other(language: str, open_list, steps: list[str]) -> None:
    one = open_list()
    two = one.context.new_page()
    two.goto(one.url)
    box(one, steps[0]).check()
    expect(box(two, steps[0])).to_be_checked()
    box(two, steps[1]).check()
    box(one, steps[2]).check()
    for page in (one, two):
        page.reload()
        assert ticked(page) == steps[:3]
    assert len(names(one)) == 1


BLOCKED = "Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('no', 'SecurityError') } })"
FULL = "Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError') }"


@pytest.mark.parametrize("script", [BLOCKED, FULL], ids=["blocked", "full"])
def test_without_storage_it_says_so_and_still_ticks(script: str, language: str, open_list, steps: list[str]) -> None:
    page = open_list()
    page.add_init_script(script)
    page.reload()
    box(page, steps[0]).check()
    box(page, steps[1]).check()
    assert ticked(page) == steps[:2]
    expect(page.locator("[data-status]")).to_have_text(say(language, "blocked"))
    expect(page.locator("[data-said]")).to_have_text(say(language, "progress", 2, len(steps)))


@pytest.mark.parametrize(
    "damaged", ["{", "[]", "null", '"text"', '{"ticks": [], "instances": 7}', '{"ticks": {"pre-call": {"a": 1}}}']
)
def test_damaged_storage_does_no_harm(damaged: str, open_list, language: str, steps: list[str]) -> None:
    page = open_list()
    box(page, steps[0]).check()
    key = page.evaluate("Object.keys(localStorage).find((key) => key.startsWith('playbook.progress:'))")
    page.evaluate("([key, text]) => localStorage.setItem(key, text)", [key, damaged])
    page.reload()
    assert ticked(page) == []
    box(page, steps[1]).check()
    page.reload()
    assert ticked(page) == [steps[1]]


def test_storage_of_a_newer_version_is_left_alone(language: str, open_list, steps: list[str]) -> None:
    page = open_list()
    box(page, steps[0]).check()
    key = page.evaluate("Object.keys(localStorage).find((key) => key.startsWith('playbook.progress:'))")
    newer = '{"schema": 99, "ticks": "otherwise"}'
    page.evaluate("([key, text]) => localStorage.setItem(key, text)", [key, newer])
    page.reload()
    expect(page.locator("[data-status]")).to_have_text(say(language, "newer"))
    box(page, steps[0]).check()
    assert page.evaluate("(key) => localStorage.getItem(key)", key) == newer


# ---------------------------------------------------------------------------------------------------- revisions


@pytest.fixture(scope="module")
def revised(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site after an edit: a step inserted at the top, the others in reverse order, one of them retired."""
    root = copy_repository(tmp_path_factory.mktemp("revised") / "repository")
    file = root / "data" / "checklists" / f"{LIST}.yml"
    entry = yaml.load(file.read_text(encoding="utf-8"), yaml.BaseLoader)  # noqa: S506 - all text, dates included
    entry["minutes"] = int(entry["minutes"])
    entry["revision"] = 2
    entry["retired"] = [entry["steps"].pop()["id"]]
    for step in entry["steps"]:
        step.pop("required", None)
    new = {"id": "brand-new", "since": 2, "text": {"en": "Do the new thing", "zh": "做新的事"}}
    entry["steps"] = [{**new, "why": {"en": "It is new.", "zh": "新的。"}}, *entry["steps"][::-1]]
    file.write_text(yaml.safe_dump(entry, allow_unicode=True), encoding="utf-8")
    build.build(root, root / "site", "mkdocs", quiet)
    return root / "site"


def test_a_revision_keeps_ticks_and_names_what_is_new(
    language: str, reader: Reader, site: Path, revised: Path, steps: list[str], tmp_path: Path
) -> None:
    both = tmp_path / "site"
    shutil.copytree(site, both)
    with hosted(both) as address:
        page = reader.open(PATH[language], server=address)
        for step in (steps[0], steps[2], steps[-1]):
            box(page, step).check()
        for kind in LANGUAGES:  # The next build comes out at the same address.
            shutil.copytree(revised / kind / "checklists", both / kind / "checklists", dirs_exist_ok=True)
        page.reload()
        assert ticked(page) == [steps[2], steps[0]], "in their new places, without the retired one"
        title = {"en": "Do the new thing", "zh": "做新的事"}[language]
        expect(page.locator("[data-changed-text]")).to_have_text(say(language, "changed", title))
        expect(page.locator("[data-new]")).to_be_visible()
        page.locator("[data-seen]").click()
        expect(page.locator("[data-changed-row]")).to_be_hidden()
        page.reload()
        expect(page.locator("[data-changed-row]")).to_be_hidden()
        assert ticked(page) == [steps[2], steps[0]]


# ---------------------------------------------------------------------------------------------------- the overview


def test_overview_shows_open_lists_on_top(language: str, open_list, steps: list[str]) -> None:
    page = open_list()
    page.locator("[data-name]").fill("ACME")
    page.keyboard.press("Enter")
    box(page, steps[0]).check()
    page.locator("[data-start]").click()
    page.locator("[data-name]").fill("Globex")
    page.keyboard.press("Enter")
    box(page, steps[1]).check()
    title = page.locator("h1").inner_text()
    page.locator(".pb-crumbs a").last.click()
    cards = page.locator("[data-open-lists] .pb-card")
    expect(cards).to_have_count(2)
    assert "Globex" in cards.nth(0).inner_text()
    assert say(language, "progress", 1, len(steps)) in cards.nth(1).inner_text()
    cards.nth(1).get_by_role("link", name=title).click()
    expect(page.locator("[data-name]")).to_have_value("ACME")
    assert ticked(page) == [steps[0]]
    for step in steps[1:]:
        box(page, step).check()
    page.locator(".pb-crumbs a").last.click()
    expect(page.locator("[data-open-lists] .pb-card")).to_have_count(1)


def test_overview_lists_every_checklist_once_under_its_role(language: str, reader, book: source.Playbook) -> None:
    page = reader.open(f"{language}/checklists/")
    expect(page.locator("[data-open-lists]")).to_be_hidden()
    for role in ("seller", "manager"):
        expect(page.locator(f"#for-{role}")).to_have_text(words(language)["roles"][role])
    shown = page.locator("[data-list]").evaluate_all("cards => cards.map((card) => card.dataset.list)")
    assert sorted(shown) == sorted(record.id for record in book.of("checklists"))
    # Where somebody begins stands before what it leads on to.
    assert shown.index("day-1") < shown.index("week-1") < shown.index("first-30-days")


# ---------------------------------------------------------------------------------------------------- everybody


def test_readable_without_scripts(language: str, open_list, book: source.Playbook) -> None:
    page = open_list(java_script_enabled=False)
    entry = next(it for it in book.of("checklists") if it.id == LIST).entry
    expect(page.locator("[data-step]")).to_have_count(len(entry.steps))
    page.locator("[data-step]").first.check()
    expect(page.locator(".pb-checklist__state")).to_be_hidden()
    expect(page.locator("noscript p", has_text=say(language, "no_scripts"))).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_use(scheme: str, language: str, open_list, steps: list[str]) -> None:
    page = open_list(scheme=scheme, width=360)
    box(page, steps[0]).check()
    page.locator("[data-name]").fill("ACME")
    page.keyboard.press("Enter")
    page.locator("[data-reset]").click()
    assert axe(page) == [], "after a reset"
    for step in steps:
        box(page, step).check()
    assert axe(page) == [], "when it is done"
    page.goto(page.url + "#shared=ACME&done=" + steps[0])
    expect(page.locator("[data-shared-row]")).to_be_visible()
    assert axe(page) == [], "with a shared state"


def test_fits_a_phone_and_targets_are_large(language: str, open_list, steps: list[str]) -> None:
    page = open_list(width=360, height=740)
    page.locator("[data-name]").fill("A customer with a very long name, in Northern Europe")
    page.keyboard.press("Enter")
    box(page, steps[0]).check()
    assert page.evaluate("document.scrollingElement.scrollWidth") <= 360
    small = """() => [...document.querySelectorAll('.pb-checklist :is(button, input:not([type=checkbox]), label)')]
        .filter((it) => it.checkVisibility() && it.getBoundingClientRect().height < 24).map((it) => it.outerHTML)"""
    assert [it for it in page.evaluate(small) if "list-name" not in it] == []
    rows = page.locator(".pb-sheet__do").evaluate_all("all => all.map((it) => it.getBoundingClientRect().height)")
    assert min(rows) >= 44, "the whole line is the target"


def test_only_checklists_carry_their_script(language: str, site: Path) -> None:
    for page in sorted((site / language).rglob("index.html")):
        carries = "assets/checklists.js" in page.read_text(encoding="utf-8")
        assert carries == (page.relative_to(site / language).parts[0] == "checklists"), page
