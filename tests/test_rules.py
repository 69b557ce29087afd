"""The rules across entries, where the golden cases of tests/bad/ do not reach."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from macros import rules, source
from macros.model import Ref

from .conftest import MINIATURE


def test_the_miniature_is_sound() -> None:
    assert rules.check(source.read(MINIATURE)) == []


@pytest.mark.parametrize("rule", rules.RULES, ids=lambda rule: rule.__name__)
def test_every_rule_says_what_it_asks(rule: rules.Rule) -> None:
    assert rule.__doc__
    assert rule.__doc__.endswith(".")


@pytest.mark.parametrize(
    ("text", "figure"),
    [
        ("67% of buyers", "67%"),
        ("67 % of buyers", "67 %"),
        ("12.5 percent", "12.5 percent"),
        ("3 per cent", "3 per cent"),
        ("5 pct more", "5 pct"),
        ("４０％的客户", "４０％"),
        ("2‰", "2‰"),
        ("3x faster", "3x"),
        ("1.5x", "1.5x"),
        ("2 times more", "2 times more"),
        ("5 times as likely", "5 times as"),
        ("4 in 10 sellers", "4 in 10"),
        ("3 out of 4", "3 out of 4"),
        ("9 out of every 10", "9 out of every 10"),
        ("1 of every 3", "1 of every 3"),
        ("百分之六十七", "百分之六十七"),
        ("三分之二的客户", "三分之二"),
        ("提高 3 倍", "3 倍"),
        ("提高三倍", "三倍"),
        ("六成客户", "六成"),
        # No figures that somebody might quote
        ("3 of them", None),
        ("call 2 times a week", None),
        ("in 10 minutes", None),
        ("sold ÷ planned × 100", None),
        ("24 hours", None),
        ("a 2 by 2 matrix", None),
        ("24/7", None),
        ("11 月 23 日", None),
        ("一成不变", None),
        ("完成 3 项", None),
        ("分成两组", None),
        ("每周 3 次", None),
    ],
)
def test_number(text: str, figure: str | None) -> None:
    match = rules.NUMBER.search(text)
    assert (match and match[0].strip()) == figure


def change(playbook: Path, name: str, old: str, new: str) -> list[str]:
    """What is said about the playbook after a change in one file."""
    file = playbook / name
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")
    return [str(problem) for problem in rules.check(source.read(playbook))]


def test_a_number_may_stand_beside_its_statistic(miniature: Path) -> None:
    name = "data/seller-functions/call-back.yml"
    assert change(miniature, name, "one call in ten is enough", "1 in 10 is enough") == []


def test_a_number_needs_the_statistic_in_its_own_language(miniature: Path) -> None:
    name = "data/seller-functions/call-back.yml"
    (said,) = change(miniature, name, "转述之前先看[[statistics/one-call-in-ten]]", "有百分之九十的把握")
    assert said.startswith(f"{name}:10: why.zh: `百分之九十` has no grade")


def test_a_statistic_and_a_worked_example_may_hold_numbers(miniature: Path) -> None:
    assert change(miniature, "data/statistics/one-call-in-ten.yml", "No study", "90% of studies") == []
    assert change(miniature, "data/glossary/lead.yml", "= 25%", "= 25%, or 3 times more") == []


def test_titles_are_compared_within_a_kind_and_whatever_their_case(miniature: Path) -> None:
    assert change(miniature, "data/plays/first-call.yml", "en: First call", "en: Lead") == []


def test_an_owner_may_keep_itself(miniature: Path) -> None:
    book = source.read(miniature)
    assert book.records[Ref("owners", "sales-lead")].entry.owner == Ref("owners", "sales-lead")
    (said,) = change(miniature, "data/owners/sales-lead.yml", "review_in", "related: [owners/sales-lead]\nreview_in")
    assert said.endswith("related.0: leads to the entry itself; remove it")


def test_a_file_that_cannot_be_read_is_reported_once(miniature: Path) -> None:
    """Whatever refers to it, cites its facts or shows it has nothing wrong with itself."""
    said = change(miniature, "data/seller-functions/call-back.yml", "title:", "title")
    assert len(said) == 1
    assert said[0].startswith("data/seller-functions/call-back.yml:1: no colon")


def test_a_page_may_hold_more_than_its_line(miniature: Path) -> None:
    page = miniature / "docs/glossary/lead.md"
    page.write_text(f"Some words.\n\n{rules.page_text(Ref('glossary', 'lead'))}", encoding="utf-8")
    assert rules.check(source.read(miniature)) == []


@pytest.mark.parametrize(
    ("today", "files"),
    [
        ("2027-01-04", []),
        ("2027-01-05", ["data/plays/first-call.yml"]),
        ("2027-11-23", ["data/plays/first-call.yml"]),
    ],
)
def test_overdue(today: str, files: list[str]) -> None:
    warned = rules.overdue(source.read(MINIATURE), date.fromisoformat(today))
    assert [warning.file for warning in warned] == files
    assert all(warning.message.startswith("verified until 2027-01-04; ") for warning in warned)
