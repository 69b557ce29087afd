"""The real content, one case per entry: it loads, it can be found, both languages read right, every fact is carried."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

import pytest

from macros import prose, rules, source
from macros.links import links
from macros.model import ANSWERS, LANGUAGES, Prose, Question, Ref, Source, WordList, Words, walk
from macros.render import shortest_way

from .conftest import ROOT

REFS = [Ref(file.parent.name, file.stem) for file in sorted((ROOT / "data").glob("*/*.yml"))]
each_entry = pytest.mark.parametrize("ref", REFS, ids=str)
each_language = pytest.mark.parametrize("language", LANGUAGES)

AT_LEAST = {
    "manager-functions": 9,
    "manager-objectives": 3,
    "manager-qualities": 5,
    "seller-functions": 8,
    "seller-qualities": 6,
    "products": 1,
    "statistics": 3,
    "plays": 6,
    "pages": 5,
    "owners": 4,
    "glossary": 30,
    "checklists": 18,
    "quizzes": 12,
    "paths": 2,
}
FACT_IDS = """
    R1 R2 R3
    MQ1 MQ1.a MQ1.b MQ1.c MQ1.d MQ2 MQ2.a MQ2.b MQ3 MQ3.a MQ3.b MQ3.c MQ4 MQ4.a MQ4.b
    MQ5 MQ5.a MQ5.b MQ5.c MQ5.d MQ5.e
    MO1 MO1.a MO2 MO2.a MO2.b MO2.c MO2.d MO3 MO3.a MO3.b
    MF1 MF2 MF3 MF4 MF5 MF6 MF7 MF8 MF9
    SF0 SF1 SF2 SF3 SF4
    SQ0 SQ1 SQ1.a SQ2 SQ2.a SQ2.b SQ2.c SQ3 SQ3.a
    ST1 ST2 ST3
    P1 P2 P3
"""
"""Written out, so that a fact dropped from data/facts.yml is missed."""
FACTS = FACT_IDS.split()
GRADES = {
    "aligned-teams-close-more": "unsupported",
    "missed-sale-odds": "garbled",
    "recognition-and-engagement": "unverified",
}
FIGURE = re.compile(
    r"\b(?:67|44|80|77)\s*(?:[%％]|per\s?cent\b|pct\b)|百分之(?:六十七|四十四|八十|七十七)|[六四八七]成", re.IGNORECASE
)
"""The figures of the three statistics, however they are written."""
SLOTS = ("features", "differences", "functions", "applications", "questions", "doubts")
"""Six of the eight things to know about a product; advantage and benefit stand in each feature."""

QUESTIONS = 160
ROLE_PLAYS = 6
"""Scenarios whose shortest way to a good end takes five choices or more."""
ASKED_TWICE = (
    "manager-functions",
    "manager-objectives",
    "manager-qualities",
    "seller-functions",
    "seller-qualities",
    "statistics",
    "products",
)

HAN = r"[\u3400-\u9fff]"
HALF_WIDTH = re.compile(rf"{HAN}[,;:?!()]|[,;:?!()]{HAN}|{HAN}\.(?:\s|$)")
UNSPACED = re.compile(rf"{HAN}[A-Za-z0-9€$]|[A-Za-z0-9%€]{HAN}")
ENGLISH = re.compile(r"\b[A-Za-z][A-Za-z'’-]*(?:,? [A-Za-z][A-Za-z'’-]*){3,}")
"""Four English words on end: a sentence, or the better part of one."""
FULL_WIDTH = re.compile(r"[，。；：？！（）、《》\u3000]")
FORBIDDEN = ("代理商", "代理人")
"""Agents of another firm; a sales representative is one of ours."""


@cache
def opened() -> source.Playbook:
    return source.read(ROOT)


@cache
def titles(language: str) -> dict[str, str]:
    return {str(ref): record.entry.title[language] for ref, record in opened().records.items()}


def entry_of(ref: Ref) -> source.Record:
    assert ref in opened().records, f"data/{ref}.yml cannot be read; `playbook check` says why"
    return opened().records[ref]


def shown(text: str, rich: bool, language: str) -> str:
    """A text as a reader sees it, with code left out: a command is the same in every language."""
    if not rich:
        return text
    return prose.plain(re.sub(r"`[^`]*`", "", text), lambda link: link.words or titles(language).get(link.target, ""))


def texts(ref: Ref, language: str) -> Iterator[tuple[str, str]]:
    """Every text of an entry as a reader sees it, with its field; lists of words apart."""
    for path, value in walk(entry_of(ref).entry):
        if isinstance(value, Words):
            yield source.dotted(path), shown(value[language], isinstance(value, Prose), language)


def matches(pattern: re.Pattern[str], ref: Ref, language: str) -> list[str]:
    """What a pattern finds in the texts of an entry, each with its field and the words around it."""
    return [
        f"{field}: …{text[max(0, match.start() - 12) : match.end() + 12]}…"
        for field, text in texts(ref, language)
        for match in pattern.finditer(text)
    ]


# ---------------------------------------------------------------------------------------------------- every entry


def test_nothing_is_wrong() -> None:
    assert [str(problem) for problem in rules.check(opened())] == []


@each_entry
def test_loads(ref: Ref) -> None:
    assert entry_of(ref).entry.title["en"]


@each_language
@each_entry
def test_can_be_found_by_other_words(ref: Ref, language: str) -> None:
    entry = entry_of(ref).entry
    assert entry.aliases[language]
    assert entry.title[language] not in entry.aliases[language], "the title is found anyway"
    assert len(set(entry.aliases[language])) == len(entry.aliases[language])


@each_entry
def test_leads_on(ref: Ref) -> None:
    related = entry_of(ref).entry.related
    assert related
    assert len(set(related)) == len(related)


@each_entry
def test_has_an_owner_and_a_source(ref: Ref) -> None:
    entry = entry_of(ref).entry
    assert entry.owner in opened().records
    assert entry.sources


# ---------------------------------------------------------------------------------------------------- both languages


@each_entry
def test_chinese_punctuation(ref: Ref) -> None:
    assert matches(HALF_WIDTH, ref, "zh") == []


@each_entry
def test_space_between_chinese_and_latin(ref: Ref) -> None:
    assert matches(UNSPACED, ref, "zh") == []


@each_entry
def test_no_english_in_chinese(ref: Ref) -> None:
    # The name of a published work stays as it was published.
    found = [match for match in matches(ENGLISH, ref, "zh") if not re.match(r"sources\.\d+\.title", match)]
    assert found == []
    english = dict(texts(ref, "en"))
    same = [field for field, text in texts(ref, "zh") if text == english[field] and text.count(" ") > 2]
    assert same == []


@each_entry
def test_chinese_aliases_are_chinese(ref: Ref) -> None:
    assert any(re.search(HAN, word) for word in entry_of(ref).entry.aliases["zh"])
    assert not any(re.search(HAN, word) for word in entry_of(ref).entry.aliases["en"])


@each_entry
def test_english_punctuation(ref: Ref) -> None:
    assert matches(FULL_WIDTH, ref, "en") == []


@each_entry
def test_a_representative_is_no_agent(ref: Ref) -> None:
    for path, value in walk(entry_of(ref).entry):
        if isinstance(value, Words | WordList) and path != ("avoid",):
            text = str(value["zh"])
            assert not [word for word in FORBIDDEN if word in text], source.dotted(path)


def test_words_to_avoid_are_named_once() -> None:
    assert set(FORBIDDEN) <= set(entry_of(Ref("glossary", "sales-representative")).entry.avoid["zh"])


@pytest.mark.parametrize(
    ("pattern", "wrong", "right"),
    [
        (HALF_WIDTH, "先问,再答", "先问，再答"),
        (HALF_WIDTH, "先问?", "先问？ A, B"),
        (HALF_WIDTH, "(示例", "（示例）(A)"),
        (HALF_WIDTH, "问完.", "问完。1.5"),
        (UNSPACED, "问3个", "问 3 个"),
        (UNSPACED, "用 CRM记", "用 CRM 记"),
        (UNSPACED, "44%的人", "44% 的人"),
        (ENGLISH, "先问 who else will use it", "先看 CRM 和 KPI"),
        (FULL_WIDTH, "Ask first， then answer", "Ask first, then “answer”"),
        (FIGURE, "some 44 per cent of them", "44 shops"),
        (FIGURE, "百分之八十", "80 个"),
    ],
)
def test_patterns_find_what_is_wrong(pattern: re.Pattern[str], wrong: str, right: str) -> None:
    assert pattern.search(wrong)
    assert not pattern.search(right)


# ---------------------------------------------------------------------------------------------------- facts


def test_facts_are_all_there() -> None:
    assert len(FACTS) == 63
    assert [fact.id for fact in opened().facts] == FACTS


@pytest.mark.parametrize("fact_id", FACTS)
def test_fact_is_carried(fact_id: str) -> None:
    fact = next(fact for fact in opened().facts if fact.id == fact_id)
    record = entry_of(fact.entry)
    assert fact_id in [item.seed for item in record.entry.sources]
    if fact.cited_by:
        assert fact.entry in [link.target for link in links(entry_of(fact.cited_by))]


@pytest.mark.parametrize(("name", "grade"), GRADES.items())
def test_statistic_is_graded(name: str, grade: str) -> None:
    statistic = entry_of(Ref("statistics", name)).entry
    assert statistic.grade == grade
    for language in LANGUAGES:
        assert statistic.why[language]
        assert statistic.say_instead[0][language]
        assert FIGURE.search(statistic.number[language])
        assert not any(FIGURE.search(say[language]) for say in statistic.say_instead)


@each_entry
def test_figure_stands_beside_its_grade(ref: Ref) -> None:
    if ref.kind == "statistics":
        return
    for path, value in walk(entry_of(ref).entry):
        if isinstance(value, Words | WordList):
            for language in LANGUAGES:
                text = value[language] if isinstance(value, Words) else " ".join(value[language])
                assert not FIGURE.search(text) or "[[statistics/" in text, source.dotted((*path, language))


# ---------------------------------------------------------------------------------------------------- what must be


@pytest.mark.parametrize(("kind", "count"), AT_LEAST.items())
def test_enough_entries(kind: str, count: int) -> None:
    assert len(opened().of(kind)) >= count


@pytest.mark.parametrize(
    ("name", "fact_id", "fewest", "most"),
    [
        ("forecast-customer-needs", "P1", 5, 5),
        ("internal-communication", "P2", 8, 8),
        ("monthly-sales-report", "P3", 4, 12),
    ],
)
def test_pointer_became_a_play(name: str, fact_id: str, fewest: int, most: int) -> None:
    play = entry_of(Ref("plays", name)).entry
    assert fact_id in [item.seed for item in play.sources]
    assert any(item.house for item in play.sources), "what the steps are is ours, and says so"
    assert fewest <= len(play.steps) <= most


@pytest.mark.parametrize("ref", [ref for ref in REFS if ref.kind in ("seller-functions", "seller-qualities")], ids=str)
def test_says_what_is_ours(ref: Ref) -> None:
    sources: list[Source] = entry_of(ref).entry.sources
    if any(item.seed for item in sources):
        return
    house = [item.house for item in sources if item.house]
    assert any(re.search(r"\bours?\b", text["en"], re.IGNORECASE) for text in house)
    assert any("我们" in text["zh"] for text in house)


def test_some_seller_entries_are_ours() -> None:
    for kind, from_seed in (("seller-functions", 4), ("seller-qualities", 3)):
        cited = [record for record in opened().of(kind) if any(item.seed for item in record.entry.sources)]
        assert len(cited) == from_seed, kind


@pytest.mark.parametrize("ref", [ref for ref in REFS if ref.kind == "products"], ids=str)
def test_product_fills_every_slot(ref: Ref) -> None:
    product = entry_of(ref).entry
    for slot in SLOTS:
        assert getattr(product, slot), slot
    for feature in product.features:
        for language in LANGUAGES:
            assert feature.advantage[language]
            assert feature.benefit[language]


def test_sample_product_is_marked_and_linked() -> None:
    product = entry_of(Ref("products", "examplo-stockcount"))
    assert product.entry.sample
    linking = {
        ref for ref, record in opened().records.items() if product.ref in {link.target for link in links(record)}
    }
    assert {Ref("manager-qualities", "product-knowledge"), Ref("seller-qualities", "product-knowledge")} <= linking
    assert len([ref for ref in linking if ref.kind.endswith("-functions")]) >= 3


# ---------------------------------------------------------------------------------------------------- quizzes, paths


def questions() -> list[Question]:
    """Every question that is asked."""
    return [question for record in opened().of("quizzes") for question in record.entry.asked]  # type: ignore[attr-defined]


def test_enough_questions() -> None:
    assert len(questions()) >= QUESTIONS


def test_most_questions_ask_to_apply() -> None:
    assert sum(question.skill == "apply" for question in questions()) * 2 >= len(questions())


def test_enough_role_plays() -> None:
    long = [one for one in questions() if one.type == "scenario" and len(shortest_way(one)) > 5]
    assert len(long) >= ROLE_PLAYS


@pytest.mark.parametrize("kind", ANSWERS)
def test_every_type_of_question_is_there(kind: str) -> None:
    assert any(question.type == kind for question in questions())


@pytest.mark.parametrize("ref", [ref for ref in REFS if ref.kind in ASKED_TWICE], ids=str)
def test_is_asked_twice(ref: Ref) -> None:
    assert sum(ref in question.rests_on for question in questions()) >= 2


def test_true_is_as_likely_as_false() -> None:
    """Or nearly: whoever always answers the same is not to do well."""
    statements = [question.correct for question in questions() if question.type == "true-false"]
    assert len(statements) / 3 <= sum(statements) <= len(statements) * 2 / 3  # type: ignore[arg-type]


def test_every_feature_of_a_product_is_asked_about() -> None:
    """By its own words: a reference leads to the product, not to a feature of it."""
    asked = [one for one in questions() if any(ref.kind == "products" for ref in one.rests_on)]
    text = " ".join(value.en for one in asked for _, value in walk(one) if isinstance(value, Words)).casefold()
    for record in opened().of("products"):
        for feature in record.entry.features:  # type: ignore[attr-defined]
            assert feature.feature.en.casefold() in text, feature.id


@pytest.mark.parametrize("role", ["seller", "manager"])
def test_path_leads_to_everything_of_its_role(role: str) -> None:
    (path,) = [record.entry for record in opened().of("paths") if record.entry.role == role]  # type: ignore[attr-defined]
    tasks = [task for stage in path.stages for task in stage.tasks]  # type: ignore[attr-defined]
    reads = {task.read for task in tasks}
    for kind in ("functions", "qualities", *(["objectives"] if role == "manager" else [])):
        assert [ref for ref in REFS if ref.kind == f"{role}-{kind}" and ref not in reads] == []
    quizzes = {record.ref for record in opened().of("quizzes") if role in record.entry.audience}  # type: ignore[attr-defined]
    taken = {task.take for task in tasks}
    others = {ref for ref in quizzes - taken if str(ref) not in LEFT_OUT[role]}
    assert others == set()
    lists = {record.ref for record in opened().of("checklists") if record.entry.role == role}  # type: ignore[attr-defined]
    assert lists - {task.tick for task in tasks} == set()


LEFT_OUT = {"seller": {"quizzes/plays"}, "manager": set()}
"""Quizzes of a role that its path does not ask for, each with its reason: half of the plays are the manager's."""
