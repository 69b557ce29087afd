"""The items of the quizzes, played by an item player in a browser: right answers score 1, wrong ones 0."""

from __future__ import annotations

import re
import shutil
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from macros import qti, source
from macros.export import Texts
from macros.model import LANGUAGES, Question

from ..conftest import MINIATURE, hosted

HERE = Path(__file__).parent
URL = "https://playbook.example/"
each_language = pytest.mark.parametrize("language", LANGUAGES)

Given = Any
RIGHT: dict[str, Given] = {
    "who-speaks": ["you"],
    "what-to-bring": ["question", "notes"],
    "patience-helps": ["false"],
    "in-order": ["read", "call", "write"],
    "who-does-what": ["phone.left phone.right", "kettle.left kettle.right", "diary.left diary.right"],
    "the-word": {"en": "Sales LEAD", "zh": "销售线索"},
    "the-sum": "50",
}
WRONG: dict[str, list[Given]] = {
    "who-speaks": [["nobody"], ["customer"], []],
    "what-to-bring": [["notes"], ["notes", "question", "luck"], ["luck"], []],
    "patience-helps": [["true"], []],
    "in-order": [["call", "read", "write"], ["write", "call", "read"]],
    "who-does-what": [
        ["kettle.left phone.right", "phone.left kettle.right", "diary.left diary.right"],
        ["kettle.left kettle.right"],
    ],
    "the-word": ["customer", ""],
    "the-sum": ["5", "51", ""],
}
NOTHING_GIVEN = re.compile(r"Evaluated value is null|Cannot convert (?:null)? ?and/or")
"""What the player says where there is no answer to score."""
DRAGGED = ("order", "match")


class Player:
    """The player, and somebody who answers."""

    def __init__(self, page: Page, address: str) -> None:
        self.page, self.address = page, address

    def play(self, file: str, question: Question, given: Given) -> dict[str, Any]:
        """Show an item, answer it, and give what the player makes of that."""
        self.page.goto(f"{self.address}qti.html?{file}")
        assert self.page.evaluate("ready")
        if question.type in DRAGGED:
            return self.page.evaluate("given => scored(given)", given)
        if question.type in ("fill-in", "numeric"):
            blank = self.page.locator("qti-text-entry-interaction input")
            blank.fill(given)
            blank.blur()
        else:
            for choice in given:
                self.page.locator(f"qti-simple-choice[identifier='{choice}']").click()
        return self.page.evaluate("scored()")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A host's folder with the player."""
    player = HERE / "node_modules" / "@citolab" / "qti-components" / "cdn" / "index.js"
    if not player.is_file():
        pytest.fail("the item player is not installed; `make peers` installs it")
    host = tmp_path / "host"
    host.mkdir()
    for file in (HERE / "qti.html", HERE / "qti.js"):
        shutil.copy(file, host)
    shutil.copy(player, host / "player.js")
    (host / "_headers").write_text("/*\n  X-Content-Type-Options: nosniff\n", encoding="utf-8")
    (host / "404.html").write_text("", encoding="utf-8")
    return host


@pytest.fixture
def player(folder: Path, browser: Browser) -> Iterator[Player]:
    """The player; fails where it complained of an item."""
    complaints: list[str] = []
    with hosted(folder) as address:
        page = browser.new_page()
        page.set_default_timeout(20_000)
        page.on("console", lambda said: said.type in ("error", "warning") and complaints.append(said.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("request", lambda request: request.url.startswith(address) or complaints.append(request.url))
        yield Player(page, address)
        page.close()
    assert [said for said in complaints if not NOTHING_GIVEN.search(said)] == []


def unpacked(book: source.Playbook, language: str, folder: Path) -> None:
    """Write a playbook's packages and unpack each into a folder of its quiz's name."""
    for file in qti.write(book, language, f"{URL}{language}/", folder):
        with zipfile.ZipFile(file) as archive:
            archive.extractall(folder / file.name.partition(".")[0])
        file.unlink()


def asked(book: source.Playbook) -> Iterator[tuple[str, Question]]:
    """Every question that is exported, with the file of its item."""
    for quiz in book.of("quizzes"):
        for question in qti.held(quiz):
            yield f"{quiz.id}/items/{question.id}.xml", question


@each_language
def test_each_type_scores_right_and_wrong(language: str, player: Player, folder: Path) -> None:
    book = source.read(MINIATURE)
    unpacked(book, language, folder)
    texts = Texts(book, language, f"{URL}{language}/")
    played = set()
    for file, question in asked(book):
        played.add(question.id)
        chosen = RIGHT[question.id]
        right = player.play(file, question, chosen[language] if isinstance(chosen, dict) else chosen)
        assert right["score"] == 1, (question.id, right)
        assert "why" in right["feedback"]
        assert texts.plain(question.why) in right["said"][right["feedback"].index("why")]
        for given in WRONG[question.id]:
            wrong = player.play(file, question, given)
            assert wrong["score"] == 0, (question.id, given, wrong)
            told = [option.id for option in question.options if option.id in given and option.feedback]
            assert sorted(wrong["feedback"]) == sorted([*told, "why"]), (question.id, given)
    assert played == set(RIGHT) == set(WRONG)


@each_language
def test_options_are_shown_as_in_the_data(language: str, player: Player, folder: Path) -> None:
    book = source.read(MINIATURE)
    unpacked(book, language, folder)
    for file, question in asked(book):
        player.page.goto(f"{player.address}qti.html?{file}")
        assert player.page.evaluate("ready")
        prompt = "qti-prompt" if question.type not in ("fill-in", "numeric") else "qti-item-body > p:first-child"
        expect(player.page.locator(prompt)).to_have_text(Texts(book, language, URL).plain(question.prompt))
        for option in [*question.options, *question.items]:
            shown = player.page.locator(f"qti-simple-choice[identifier='{option.id}']").first
            expect(shown).to_have_text(option.text[language])


@each_language
def test_every_real_question_scores(language: str, player: Player, folder: Path, book: source.Playbook) -> None:
    """The right answer of each, and one that is not; given to the player as it keeps answers."""
    unpacked(book, language, folder)
    count = 0
    for file, question in asked(book):
        player.page.goto(f"{player.address}qti.html?{file}")
        assert player.page.evaluate("ready")
        right = qti.right_answer(question, language)
        single = qti.KINDS[question.type][0] == "single"
        if question.type == "fill-in":
            accepted: list[Given] = list(question.accept[language])
        else:
            accepted = [right[0] if single else right]
        for given in accepted:
            assert player.page.evaluate("given => scored(given)", given)["score"] == 1, (file, given)
        wrong = {
            "single": [option.id for option in question.options if not option.correct],
            "multiple": [[option.id for option in question.options if not option.correct], right[:-1] or [""]],
            "true-false": ["true" if right == ["false"] else "false"],
            "order": [right[::-1]],
            "match": [right[:-1]],
            "fill-in": [f"{right[0]} x"],
            "numeric": [f"{right[0]}1"],
        }[question.type]
        for given in wrong:
            assert player.page.evaluate("given => scored(given)", given)["score"] == 0, (file, given)
        count += 1
    assert count == sum(len(qti.held(quiz)) for quiz in book.of("quizzes")) > 100


@each_language
def test_player_finds_its_way_from_the_manifest(language: str, player: Player, folder: Path) -> None:
    """Manifest, test and items name each other: the loader of the player gets from one to the next."""
    unpacked(source.read(MINIATURE), language, folder)
    player.page.goto(f"{player.address}qti.html?first-questions/items/the-sum.xml")
    found = player.page.evaluate(
        """async (address) => {
          const { getManifestInfo } = await import("./player.js");
          const { testIdentifier, items } = await getManifestInfo(address);
          const there = await Promise.all(items.map(async ({ href }) => (await fetch(href)).ok));
          return { testIdentifier, items: items.filter((_, place) => there[place]) };
        }""",
        f"{player.address}first-questions/imsmanifest.xml",
    )
    assert found["testIdentifier"] == "test.first-questions"
    assert [item["identifier"] for item in found["items"]] == [f"first-questions.{question}" for question in RIGHT]
