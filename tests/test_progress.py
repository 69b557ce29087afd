"""One's own progress and the team's in a real browser: shown, saved, merged, forgotten, opened; hostile files."""

from __future__ import annotations

import csv
import io
import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from macros.model import LANGUAGES
from macros.words import words

from .conftest import Reader
from .test_browser import axe
from .test_checklists import BLOCKED
from .test_paths import ENTRY, MONDAY
from .test_paths import NAME as PATH
from .test_quizzes import BOOK, saved
from .test_review import MODULE, QUESTIONS, held, keep, today

RADARS = ("seller-qualities", "manager-qualities")


@pytest.fixture(params=LANGUAGES)
def language(request: pytest.FixtureRequest) -> str:
    """Each language in turn."""
    return request.param


def say(language: str, group: str, name: str, *values: object) -> str:
    """Words that a script says, filled in."""
    return words(language)["scripts"][group][name].format(*values)


def file(name: str, content: Any) -> dict[str, Any]:
    """A file to open: JSON, or the bytes themselves."""
    data = content if isinstance(content, bytes) else json.dumps(content).encode()
    return {"name": name, "mimeType": "application/json", "buffer": data}


def state(page: Page, name: str, right: list[bool], **parts: Any) -> dict[str, Any]:
    """What somebody exported who answered the first questions, right or wrong."""
    now = page.evaluate("Date.now()")
    made: dict[str, Any] = {"schema": 1, "site": "/", "exported": "2026-11-25T10:00:00Z", "name": name, "answers": {}}
    for (key, _, question), one in zip(QUESTIONS, right, strict=False):
        made["answers"][key] = {"right": one, "revision": question.revision, "tries": 1, "at": now, "given": ["x"]}
    return {**made, **parts}


# ---------------------------------------------------------------------------------------------------- what is shown


def test_nothing_done_says_how_to_begin(language: str, reader: Reader) -> None:
    page = reader.open(f"{language}/progress/")
    expect(page.locator(".pb-progress [data-none]")).to_have_text(
        f"{words(language)['progress']['none']} "
        + words(language)["page"]["comma"].join(
            words(language)["kinds"][kind]["many"] for kind in ("paths", "quizzes", "checklists")
        )
    )
    expect(page.locator("[data-all]")).to_be_hidden()


def test_sums_topics_and_boxes(language: str, reader: Reader) -> None:
    page = reader.open(f"{language}/progress/")
    held(page, [{"box": 2}, {"box": 2, "due": 1}, {"right": False, "due": 1}, {"box": 5, "due": 20}])
    of = lambda part, whole: say(language, "progress", "of", part, whole)  # noqa: E731
    expect(page.locator("[data-sum-answered]")).to_have_text(of(4, len(QUESTIONS)))
    expect(page.locator("[data-sum-right]")).to_have_text(of(3, 4))
    expect(page.locator("[data-sum-due]")).to_have_text("1")
    expect(page.locator("[data-sum-missed]")).to_have_text("1")
    boxes = page.locator("[data-box]").all_inner_texts()
    assert [int(text) for text in boxes] == [1, 2, 0, 0, 1]
    topics = [question.topic for _, _, question in QUESTIONS[:4]]
    rows = {row.locator("a").inner_text(): row for row in page.locator("[data-topics] tr").all()}
    assert len(rows) == len(set(topics))
    for topic in set(topics):
        right = sum(found == topic and number != 2 for number, found in enumerate(topics))
        row = rows[BOOK.records[topic].entry.title[language]]
        assert of(right, topics.count(topic)) in row.inner_text()
        assert page.request.get(row.locator("a").evaluate("link => link.href")).ok


@pytest.mark.parametrize("kind", RADARS)
def test_qualities_are_a_radar_with_a_table_beside_it(kind: str, language: str, reader: Reader) -> None:
    page = reader.open(f"{language}/progress/")
    names = [record.ref for record in BOOK.of(kind)]
    keys = {key: question for key, _, question in QUESTIONS if question.topic in names}
    now = page.evaluate("Date.now()")
    answers = {
        key: {"right": number % 2 == 0, "revision": question.revision, "tries": 1, "at": now, "given": []}
        for number, (key, question) in enumerate(keys.items())
    }
    keep(page, {"schema": 1, "answers": answers})
    part = page.locator(f"[data-radar={kind}]")
    expect(part).to_be_visible()
    table = dict(row.split("\t") for row in part.locator("tbody").inner_text().splitlines())
    points = part.locator("circle").evaluate_all(
        "all => all.map((it) => Math.hypot(it.cx.baseVal.value, it.cy.baseVal.value))"
    )
    assert len(points) == len(names) == len(table)
    for ref, radius in zip(names, points, strict=True):
        mine = [answers[key]["right"] for key, question in keys.items() if question.topic == ref]
        title = BOOK.records[ref].entry.title[language]
        assert table[title] == say(language, "progress", "of", sum(mine), len(mine))
        assert radius == pytest.approx(100 * sum(mine) / len(mine), abs=0.2)
    assert part.locator("svg").get_attribute("aria-hidden") == "true"


def test_sure_and_wrong_leads_to_the_question(language: str, reader: Reader) -> None:
    page = reader.open(f"{language}/progress/")
    held(page, [{"right": False, "sure": "sure"}, {"right": False, "sure": "guess"}, {"right": True, "sure": "sure"}])
    links = page.locator("[data-sure] li a:first-child")
    expect(links).to_have_count(1)
    _, record, question = QUESTIONS[0]
    expect(links).to_have_text(say(language, "progress", "question", record.entry.title[language], 1))
    links.click()
    assert page.url.endswith(f"quizzes/{record.id}/#{question.id}")


def test_paths_and_checklists_that_are_begun(language: str, reader: Reader) -> None:
    page = reader.open(f"{language}/paths/{PATH}/")
    page.locator("[data-start]").fill(str(MONDAY))
    page.locator("[data-done]").first.check()
    page.locator(f"[data-sure='{ENTRY.stages[0].id}:before'][value='2']").check()
    page.goto(page.url.replace(f"paths/{PATH}/", "checklists/pre-call/"))
    page.locator("[data-step]").first.check()
    page.goto(page.url.replace("checklists/pre-call/", "progress/"))
    card = page.locator("[data-paths] .pb-card")
    tasks = sum(len(stage.tasks) for stage in ENTRY.stages)
    expect(card).to_contain_text(say(language, "progress", "done", 1, tasks))
    expect(card).to_contain_text(say(language, "progress", "sure", ENTRY.stages[0].title[language], 2, "–"))
    expect(page.locator("[data-lists] li")).to_have_count(1)
    expect(page.locator("[data-lists] li")).to_contain_text(say(language, "progress", "lists", 1, 0))


# ---------------------------------------------------------------------------------------------------- the file


def test_saved_and_opened_elsewhere(language: str, reader: Reader, tmp_path: Path) -> None:
    page = reader.open(f"{language}/progress/", accept_downloads=True)
    held(page, [{"box": 3, "due": 2}, {"right": False, "sure": "sure"}])
    page.locator("#my-name").fill("Mei 李")
    with page.expect_download() as download:
        page.locator("[data-export] button").click()
    assert download.value.suggested_filename == f"playbook-Mei-李-{today(page)}.json"
    target = tmp_path / "mei.json"
    download.value.save_as(target)
    content = json.loads(target.read_text(encoding="utf-8"))
    assert (content["schema"], content["name"]) == (1, "Mei 李")
    assert content["site"].startswith("http")
    assert content["who"]
    assert set(content["answers"]) == {key for key, _, _ in QUESTIONS[:2]}

    other = reader.open(f"{language}/progress/")
    other.locator("[data-import]").set_input_files(target)
    expect(other.locator("[data-status]").last).to_have_text(say(language, "progress", "merged"))
    assert saved(other)["answers"] == content["answers"]
    assert saved(other)["boxes"] == content["boxes"]
    expect(other.locator("[data-sum-answered]")).to_have_text(say(language, "progress", "of", 2, len(QUESTIONS)))


def test_of_two_records_the_newer_one_stays(reader: Reader) -> None:
    page = reader.open("en/progress/")
    key, _, question = QUESTIONS[0]
    answer = {"right": True, "revision": question.revision, "tries": 2, "at": 2000, "given": ["x"]}
    own = {
        "schema": 1,
        "answers": {key: answer},
        "boxes": {key: {"box": 4, "due": "2026-12-01", "at": 2000}},
        "ticks": {"pre-call": {"a": {"one": 2000, "two": -2000}}},
        "counts": {PATH: {"t": {"count": 3, "at": 2000}}},
        "confidence": {PATH: {"s:before": {"value": 2, "at": 2000}}},
        "exams": {"x": {"right": 9, "of": 10, "at": 1000, "passed": 1000}},
        "starts": {PATH: {"day": "2026-11-30", "at": 2000}},
    }
    keep(page, own)
    theirs = {**json.loads(json.dumps(own)), "exported": "2026-11-25T10:00:00Z"}
    theirs["answers"][key] = {**answer, "right": False, "at": 1000}
    theirs["boxes"][key] = {"box": 1, "due": "2026-12-09", "at": 3000}
    theirs["ticks"]["pre-call"]["a"] = {"one": -3000, "two": 1000, "three": 1}
    theirs["counts"][PATH]["t"] = {"count": 5, "at": 3000}
    theirs["confidence"][PATH]["s:before"] = {"value": 5, "at": 1000}
    theirs["exams"]["x"] = {"right": 1, "of": 10, "at": 5000, "passed": 0}
    theirs["starts"][PATH] = {"day": "2026-12-07", "at": 3000}
    page.locator("[data-import]").set_input_files([file("x.json", theirs)])
    expect(page.locator("[data-undo]")).to_be_visible()
    now = saved(page)
    assert now["answers"][key]["right"] is True
    assert now["boxes"][key]["box"] == 1
    assert now["ticks"]["pre-call"]["a"] == {"one": -3000, "two": -2000, "three": 1}
    assert now["counts"][PATH]["t"]["count"] == 5
    assert now["confidence"][PATH]["s:before"]["value"] == 2
    assert now["exams"]["x"]["passed"] == 1000, "a test that was passed outlives one that was not"
    assert now["starts"][PATH]["day"] == "2026-12-07"
    page.locator("[data-undo]").click()
    assert saved(page)["boxes"][key]["box"] == 4
    assert saved(page)["ticks"] == own["ticks"]


def test_everything_is_forgotten_and_can_be_undone(language: str, reader: Reader) -> None:
    page = reader.open(f"{language}/progress/")
    held(page, [{}, {}])
    before = saved(page)
    page.locator("[data-clear]").click()
    expect(page.locator("[data-all]")).to_be_hidden()
    assert saved(page)["answers"] == {}
    page.locator("[data-undo]").click()
    assert saved(page) == before
    page.locator("[data-clear]").click()
    page.reload()
    expect(page.locator("[data-all]")).to_be_hidden()


DEEP = b'{"schema": 1, "exported": "", "answers": ' + b'{"a":' * 100_000 + b"1" + b"}" * 100_000 + b"}"
HOSTILE = {
    "too large": (b'{"schema": 1, "name": "' + b"x" * 4_100_000 + b'"}', "too_large"),
    "too deep": (DEEP, "not_ours"),
    "no JSON": (b"Name;Score\r\n", "not_ours"),
    "a list": (b"[1]", "not_ours"),
    "another file": (b'{"answers": {}}', "not_ours"),
    "from the future": (b'{"schema": 2}', "newer_file"),
    "not UTF-8": (b"\xff\xfe{}", "not_ours"),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_a_file_that_is_none_of_ours_changes_nothing(case: str, language: str, reader: Reader) -> None:
    page = reader.open(f"{language}/progress/")
    held(page, [{}])
    before = saved(page)
    content, fault = HOSTILE[case]
    page.locator("[data-import]").set_input_files([file("x.json", content)])
    expect(page.locator("[data-status]").last).to_have_text(say(language, "progress", fault))
    assert saved(page) == before


def test_names_of_every_object_and_markup_are_only_text(language: str, reader: Reader) -> None:
    page = reader.open(f"{language}/progress/")
    record = {"right": True, "revision": 99, "tries": 1, "at": 1, "given": ["<img src=x onerror=alert(1)>"]}
    key = QUESTIONS[0][0]
    content = (
        '{"schema": 1, "exported": "", "__proto__": {"polluted": true}, "name": "<script>x</script>", "answers": {'
        + f'"{key}": {json.dumps(record)}, "__proto__": {json.dumps(record)}, "constructor": {json.dumps(record)}'
        + '}, "ticks": {"__proto__": {"polluted": {"x": 1}}, "pre-call": {"toString": {"x": 1}}}}'
    )
    page.locator("[data-import]").set_input_files([file("x.json", content.encode())])
    expect(page.locator("[data-sum-answered]")).to_have_text(say(language, "progress", "of", 1, len(QUESTIONS)))
    assert page.evaluate("({}).polluted") is None
    assert page.locator("img[src=x], .pb-progress script:not([type])").count() == 0
    page.reload()
    expect(page.locator("[data-sum-answered]")).to_have_text(say(language, "progress", "of", 1, len(QUESTIONS)))


def test_what_this_playbook_does_not_know_is_kept_and_not_shown(reader: Reader) -> None:
    page = reader.open("en/progress/")
    record = {"right": True, "revision": 1, "tries": 1, "at": 1, "given": []}
    page.locator("[data-import]").set_input_files(
        [file("x.json", {"schema": 1, "exported": "", "answers": {"other/one": record}})]
    )
    expect(page.locator("[data-undo]")).to_be_visible()
    assert saved(page)["answers"] == {"other/one": record}
    expect(page.locator("[data-all]")).to_be_hidden()


def test_without_storage_it_says_so(language: str, reader: Reader) -> None:
    page = reader.open(f"{language}/progress/")
    page.add_init_script(BLOCKED)
    page.reload()
    expect(page.locator("[data-status]").last).to_have_text(say(language, "progress", "blocked"))


# ---------------------------------------------------------------------------------------------------- the team


def team(page: Page) -> list[dict[str, Any]]:
    """Three people's files; the second is late on the path and sure of something wrong."""
    start = str(today(page) - timedelta(days=10))
    mei = state(page, "Mei", [True] * 8)
    omar = state(page, "Omar", [False] * 8, starts={PATH: {"day": start, "at": 1}})
    omar["answers"][QUESTIONS[0][0]]["sure"] = "sure"
    ana = state(page, "=HYPERLINK(<b>)", [True, False])
    return [file(f"{number}.json", one) for number, one in enumerate((mei, omar, ana))]


def test_the_team_side_by_side(language: str, reader: Reader) -> None:
    page = reader.open(f"{language}/team/")
    expect(page.locator("[data-opened]")).to_be_hidden()
    page.locator("[data-files]").set_input_files(team(page))
    expect(page.locator("[data-status]")).to_have_text(say(language, "team", "opened", 3))
    people = page.locator("[data-people] tr")
    assert [row.locator("th").inner_text() for row in people.all()] == ["Mei", "Omar", "=HYPERLINK(<b>)"]
    rights = people.locator("td:nth-of-type(4)").all_inner_texts()
    assert rights == [say(language, "team", "of", *sum_) for sum_ in ((8, 8), (0, 8), (1, 2))]
    assert people.locator("td:nth-of-type(6)").all_inner_texts() == ["0", "1", "0"]
    late = sum(task.day <= 10 for stage in ENTRY.stages for task in stage.tasks)
    assert 0 < int(people.nth(1).locator("td").nth(2).inner_text()) <= late
    stuck = page.locator("[data-stuck] section")
    assert say(language, "team", "nothing") in stuck.nth(0).inner_text()
    for part in ("sure_wrong", "weak_topics", "late"):
        assert say(language, "team", part) in stuck.nth(1).inner_text()
    assert not saved(page).get("answers"), "nothing of it is kept"
    page.locator("[data-close]").click()
    expect(page.locator("[data-opened]")).to_be_hidden()


def test_topics_and_people_make_a_table(language: str, reader: Reader) -> None:
    page = reader.open(f"{language}/team/")
    page.locator("[data-files]").set_input_files(team(page))
    heads = [say(language, "team", "topic"), "Mei", "Omar", "=HYPERLINK(<b>)"]
    expect(page.locator("[data-topics-head] th")).to_have_text(heads)
    topics = {question.topic for _, _, question in QUESTIONS[:8]}
    rows = {
        row.locator("th").inner_text(): row.locator("td").all_inner_texts()
        for row in page.locator("[data-topics] tr").all()
    }
    assert set(rows) == {BOOK.records[topic].entry.title[language] for topic in topics}
    for topic in topics:
        number = sum(question.topic == topic for _, _, question in QUESTIONS[:8])
        mei, omar, _ = rows[BOOK.records[topic].entry.title[language]]
        assert mei == say(language, "team", "of", number, number)
        assert omar == say(language, "team", "weak" if number >= 3 else "of", 0, number)


def test_csv_holds_the_same_and_no_formula(language: str, reader: Reader, tmp_path: Path) -> None:
    page = reader.open(f"{language}/team/", accept_downloads=True)
    page.locator("[data-files]").set_input_files(team(page))
    with page.expect_download() as download:
        page.locator("[data-csv]").click()
    target = tmp_path / "team.csv"
    download.value.save_as(target)
    text = target.read_text(encoding="utf-8")
    assert text[0] == "\ufeff", "so that a spreadsheet reads it as UTF-8"
    head, *rows = list(csv.reader(io.StringIO(text[1:])))
    assert head == words(language)["scripts"]["team"]["csv_head"].split("|")
    assert all(len(row) == len(head) for row in rows)
    assert {row[0] for row in rows} == {"Mei", "Omar", "'=HYPERLINK(<b>)"}
    topics = [row for row in rows if row[0] == "Omar" and row[1] == say(language, "team", "topic")]
    assert sum(int(row[4]) for row in topics) == 8
    assert any(row[1] == say(language, "team", "late") and row[6] for row in rows)
    assert sum(row[1] == say(language, "team", "sure_wrong") for row in rows) == 1


def test_files_that_are_none_are_named_and_the_others_opened(language: str, reader: Reader) -> None:
    page = reader.open(f"{language}/team/")
    good = file("mei.json", state(page, "Mei", [True]))
    page.locator("[data-files]").set_input_files([file("notes.txt", b"hello"), good, file("old.json", {"schema": 9})])
    said = page.locator("[data-status]")
    expect(said).to_contain_text(say(language, "team", "opened", 1))
    expect(said).to_contain_text(say(language, "team", "not_ours", "notes.txt"))
    expect(said).to_contain_text(say(language, "team", "newer_file", "old.json"))
    expect(page.locator("[data-people] tr")).to_have_count(1)


def test_of_two_files_of_a_person_the_later_one_counts(reader: Reader) -> None:
    page = reader.open("en/team/")
    old = {**state(page, "Mei", [False]), "exported": "2026-11-01T10:00:00Z"}
    new = state(page, "Mei", [True])
    page.locator("[data-files]").set_input_files([file("new.json", new), file("old.json", old)])
    expect(page.locator("[data-people] tr")).to_have_count(1)
    assert page.locator("[data-people] td").nth(3).inner_text() == say("en", "team", "of", 1, 1)


def test_people_of_one_name_and_people_without_are_told_apart(reader: Reader) -> None:
    page = reader.open("en/team/")
    people = [
        {**state(page, name, [True]), "who": who} for name, who in (("Li", "a"), ("Li", "b"), ("", "c"), ("", "d"))
    ]
    page.locator("[data-files]").set_input_files([file("same.json", one) for one in people])
    expect(page.locator("[data-people] th")).to_have_text(["Li", "Li", "same", "same"])


def test_files_are_dropped(language: str, reader: Reader) -> None:
    page = reader.open(f"{language}/team/")
    content = json.dumps(state(page, "Mei", [True]))
    page.locator("[data-drop]").evaluate(
        """(place, text) => {
          const dataTransfer = new DataTransfer();
          dataTransfer.items.add(new File([text], "mei.json", { type: "application/json" }));
          place.dispatchEvent(new DragEvent("dragover", { dataTransfer, bubbles: true, cancelable: true }));
          place.dispatchEvent(new DragEvent("drop", { dataTransfer, bubbles: true, cancelable: true }));
        }""",
        content,
    )
    expect(page.locator("[data-people] th")).to_have_text("Mei")


# ---------------------------------------------------------------------------------------------------- everybody


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_use(scheme: str, language: str, reader: Reader) -> None:
    page = reader.open(f"{language}/progress/", scheme=scheme, width=360)
    assert axe(page) == []
    now = page.evaluate("Date.now()")
    answers = {
        key: {
            "right": number % 3 > 0,
            "revision": question.revision,
            "tries": 1,
            "at": now,
            "given": [],
            "sure": "sure",
        }
        for number, (key, _, question) in enumerate(QUESTIONS)
    }
    keep(page, {"schema": 1, "answers": answers, "starts": {PATH: {"day": "2026-11-02", "at": now}}})
    assert axe(page) == [], "with everything answered"
    assert page.evaluate("document.scrollingElement.scrollWidth") <= 360
    page.goto(page.url.replace("progress/", "team/"))
    page.locator("[data-files]").set_input_files(team(page))
    expect(page.locator("[data-opened]")).to_be_visible()
    assert axe(page) == [], "with a team"
    assert page.evaluate("document.scrollingElement.scrollWidth") <= 360


@pytest.mark.parametrize("view", ["progress", "team"])
def test_says_what_it_needs_without_scripts(view: str, language: str, reader: Reader) -> None:
    page = reader.open(f"{language}/{view}/", java_script_enabled=False)
    expect(page.locator("noscript p", has_text=words(language)[view]["no_scripts"])).to_be_visible()


def test_what_falls_on_a_weekend_is_due_on_monday(reader: Reader) -> None:
    """What falls on a weekend is due on the Monday after, also where the clocks change."""
    page = reader.open("en/progress/", timezone_id="Europe/Berlin")
    due = f"([start, day]) => ({MODULE})('outline').then((it) => it.dueOn(start, day))"
    assert page.evaluate(due, ["2026-03-27", 2]) == "2026-03-30"
    assert page.evaluate(due, ["2026-03-27", 3]) == "2026-03-30"
    assert page.evaluate(due, ["2026-10-23", 4]) == "2026-10-26"
