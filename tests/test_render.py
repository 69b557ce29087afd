"""What a page holds, in both languages, compared with blessed pages in tests/blessed/.

After a wanted change of markup or words renew them, look at what changed, and commit both:

    .venv/bin/python -m tests.test_render && git diff tests/blessed
"""

from __future__ import annotations

import re
import shutil
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from markupsafe import Markup

from macros import render, source
from macros.model import KINDS, LANGUAGES, Prose, Ref, add_span, walk
from macros.render import VIEWS, Page, Site

from .conftest import MINIATURE, ROOT

BLESSED = ROOT / "tests" / "blessed"
EDIT = "https://example.com/edit/"
TODAY = date(2026, 12, 1)
INDEXES = ("plays", "checklists", "quizzes", "statistics", "glossary")
"""Kinds whose lists are set in different ways."""
each_language = pytest.mark.parametrize("language", LANGUAGES)


def sign(name: str) -> Markup:
    """Stands for an icon, whose shape is the theme's and may change with it."""
    return Markup('<svg data-icon="{}"></svg>').format(name)


@pytest.fixture(autouse=True)
def plain_icons(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(render, "icon", sign)


def open_site(root: Path, language: str, today: date = TODAY) -> Site:
    return Site(source.read(root), language, EDIT, today, url=f"https://playbook.example/{language}/", pdfs=True)


def put(root: Path, ref: str, old: str, new: str) -> None:
    """Change a text of an entry, which must be there."""
    file = root / "data" / f"{ref}.yml"
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")


def pages(site: Site) -> dict[str, Page]:
    """A page of each sort by the name of its blessed file."""
    made = {f"{ref.kind}": site.entry(ref) for ref in site.book.records}
    made |= {f"{kind}.index": site.index(kind) for kind in INDEXES}
    made |= {f"{name}.view": site.view(name) for name in VIEWS}
    return {**made, "home": site.home()}


def written(page: Page) -> str:
    """A page as its blessed file holds it."""
    return f"heading: {page.heading}\nkind: {page.kind or '–'}\ndescription: {page.description}\n\n{page.html}\n"


def text_of(html: str) -> str:
    """The words of a page without its markup, on one line."""
    return " ".join(re.sub(r"<[^>]*>", " ", html).split())


# ---------------------------------------------------------------------------------------------------- blessed pages

NAMES = [*KINDS, *(f"{kind}.index" for kind in INDEXES), *(f"{name}.view" for name in VIEWS), "home"]


@each_language
@pytest.mark.parametrize("name", NAMES)
def test_page_is_as_blessed(name: str, language: str) -> None:
    blessed = (BLESSED / language / f"{name}.html").read_text(encoding="utf-8")
    assert written(pages(open_site(MINIATURE, language))[name]) == blessed


@each_language
def test_every_blessed_page_is_compared(language: str) -> None:
    assert {file.name for file in (BLESSED / language).iterdir()} == {f"{name}.html" for name in NAMES}


@each_language
def test_pages_stand_in_html_as_they_are(language: str) -> None:
    """No blank line, nothing before the first tag: an engine's Markdown would make more of either."""
    for page in pages(open_site(MINIATURE, language)).values():
        assert page.html.startswith("<div")
        assert page.html.endswith("</div>")
        assert not re.search(r"\n\s*\n", page.html)


@each_language
def test_ids_are_unique_and_headings_have_one(language: str) -> None:
    for page in pages(open_site(MINIATURE, language)).values():
        ids = re.findall(r'\bid="([^"]*)"', page.html)
        assert len(set(ids)) == len(ids)
        assert all(re.fullmatch(r"[a-z][a-z0-9-]*", found) for found in ids)
        # Parts of the page that nobody links to may go without: cards, the column at the side.
        assert not re.search(r"<h1(?![^>]*\bid=)", page.html)
        # Every entry of "on this page" leads somewhere.
        assert {found for found in re.findall(r'href="#([^"]*)"', page.html) if found not in ids} == set()


# ---------------------------------------------------------------------------------------------------- checklists


def test_checklists_stand_in_the_order_of_the_work() -> None:
    """Each before what it leads on to, whatever the order of the files; a circle does no harm."""
    record = source.read(MINIATURE).of("checklists")[0]

    def made(name: str, *then: str) -> source.Record:
        entry = record.entry.model_copy(update={"then": [Ref("checklists", it) for it in then]})
        return replace(record, ref=Ref("checklists", name), entry=entry)

    given = [made("c"), made("b", "c", "elsewhere"), made("z"), made("a", "b")]
    assert [it.id for it in render.leading_on(given)] == ["z", "a", "b", "c"]
    circle = [made("a", "b"), made("b", "a")]
    assert sorted(it.id for it in render.leading_on(circle)) == ["a", "b"]


@each_language
def test_what_a_checklist_serves_leads_back_to_it(language: str) -> None:
    site = open_site(MINIATURE, language)
    link = '<a href="../../checklists/before-a-call/">'
    for ref in (Ref("plays", "first-call"), Ref("seller-functions", "call-back")):
        tools = re.search(r'<ul class="pb-tools">(.*?)</ul>', site.entry(ref).html, re.DOTALL)
        assert tools
        assert link in tools[1]
    assert "pb-tools" not in site.entry(Ref("owners", "sales-lead")).html


@each_language
def test_what_a_quiz_asks_about_leads_to_the_question(language: str) -> None:
    site = open_site(MINIATURE, language)
    link = '<a href="../../quizzes/first-questions/#{}">'
    for ref, question in (("glossary/lead", "the-word"), ("plays/first-call", "who-speaks")):
        html = site.entry(Ref(*ref.split("/"))).html
        assert link.format(question) in html
        assert "hangs" not in html, "no sentence of a quiz stands where it would give an answer away"
        assert "挂断" not in html


def test_pdfs_are_linked_only_where_the_site_has_them() -> None:
    ref = Ref("checklists", "before-a-call")
    assert "print/en/before-a-call-letter.pdf" in open_site(MINIATURE, "en").entry(ref).html
    without = Site(source.read(MINIATURE), "en", EDIT, TODAY)
    assert ".pdf" not in without.entry(ref).html + without.index("checklists").html


def test_only_a_widget_brings_a_script() -> None:
    site = open_site(MINIATURE, "en")
    assert {ref.kind for ref in site.book.records if site.entry(ref).widget} == {"checklists", "quizzes", "paths"}
    assert [site.index(kind).widget for kind in KINDS if site.index(kind).widget] == ["checklists"]
    assert [site.view(name).widget for name in render.VIEWS] == list(render.VIEWS)
    assert site.home().widget == "home"
    for name, style in render.WIDGETS.items():
        assert (ROOT / "docs" / "assets" / f"{name}.js").is_file()
        assert not style or (ROOT / "docs" / "assets" / f"{style}.css").is_file()


# ---------------------------------------------------------------------------------------------------- addresses


def test_addresses_are_relative_to_the_page() -> None:
    site = open_site(MINIATURE, "en")
    manager = site.entry(Ref("manager-functions", "plan-the-week")).html
    assert '<a href="../../manager-objectives/reach-the-goal/">' in manager
    assert '<a href="../">' in manager  # the index of its kind
    assert '<a href="../../">' in manager  # home
    assert '<a href="first-call/">' in site.index("plays").html
    assert '<a href="plays/first-call/">' in site.home().html
    assert (
        '<a href="../../products/sample-kettle/#fast-boil">its boiling</a>'
        in site.entry(Ref("plays", "first-call")).html
    )


def test_edit_leads_to_the_file() -> None:
    page = open_site(MINIATURE, "zh").entry(Ref("glossary", "lead"))
    assert f'<a href="{EDIT}data/glossary/lead.yml">' in page.html
    assert "<code>data/glossary/lead.yml</code>" in page.html


def test_published_work_is_linked() -> None:
    page = open_site(MINIATURE, "en").entry(Ref("plays", "first-call"))
    assert '<a href="https://example.com/book?a=1&amp;b=2" rel="noopener">A book about calls</a>' in page.html


def test_neighbours_go_through_the_kind_in_order(miniature: Path) -> None:
    text = (miniature / "data" / "glossary" / "lead.yml").read_text(encoding="utf-8")
    for name in ("deal", "win"):
        (miniature / "data" / "glossary" / f"{name}.yml").write_text(
            text.replace("en: Lead\n", f"en: {name}\n"), encoding="utf-8"
        )
    site = open_site(miniature, "en")

    def ways(name: str) -> list[str]:
        return re.findall(r'rel="(prev|next)" href="\.\./([a-z]+)/"', site.entry(Ref("glossary", name)).html)

    assert ways("deal") == [("next", "lead")]
    assert ways("lead") == [("prev", "deal"), ("next", "win")]
    assert ways("win") == [("prev", "lead")]
    assert "pb-neighbours" not in site.entry(Ref("plays", "first-call")).html


# ---------------------------------------------------------------------------------------------------- dates


@pytest.mark.parametrize(
    ("language", "day", "expected"),
    [
        ("en", date(2026, 11, 23), "23 November 2026"),
        ("en", date(2027, 1, 2), "2 January 2027"),
        ("zh", date(2026, 11, 23), "2026 年 11 月 23 日"),
        ("zh", date(2027, 1, 2), "2027 年 1 月 2 日"),
    ],
)
def test_day(language: str, day: date, expected: str) -> None:
    assert open_site(MINIATURE, language).day(day) == expected


def test_day_is_the_same_under_any_locale(monkeypatch: pytest.MonkeyPatch) -> None:
    """The months of a German machine must not reach an English page."""

    class German(date):
        def strftime(self, form: str) -> str:
            return "Dezember" if form == "%B" else super().strftime(form)

        __format__ = strftime

    assert open_site(MINIATURE, "en").day(German(2026, 12, 1)) == "1 December 2026"


@each_language
def test_overdue_entry_says_so_from_the_day_after(language: str) -> None:
    ref = Ref("plays", "first-call")
    last = add_span(date(2026, 11, 23), "6 weeks")
    assert last == date(2027, 1, 4)
    assert "pb-note--overdue" not in open_site(MINIATURE, language, last).entry(ref).html
    page = open_site(MINIATURE, language, date(2027, 1, 5)).entry(ref).html
    assert "pb-note--overdue" in page
    expected = {"en": "Check overdue: it held until 4 January 2027", "zh": "已过核对期：有效期至 2027 年 1 月 4 日"}
    assert expected[language] in page


# ---------------------------------------------------------------------------------------------------- mentions


def mentions(site: Site, ref: str) -> list[tuple[str, str | None, str]]:
    return [
        (str(mention.record.ref), mention.sentence, mention.field) for mention in site.mentions(Ref(*ref.split("/")))
    ]


def test_mention_says_the_sentence_or_the_field() -> None:
    english, chinese = (open_site(MINIATURE, language) for language in LANGUAGES)
    assert mentions(english, "glossary/lead") == [
        ("seller-functions/call-back", "A lead left a number.", "When it starts")
    ]
    assert mentions(chinese, "glossary/lead") == [("seller-functions/call-back", "有线索留了电话。", "什么时候开始")]
    assert mentions(english, "manager-objectives/reach-the-goal") == [
        ("manager-functions/plan-the-week", None, "Objectives it serves"),
        ("checklists/before-a-call", "It goes with the goal.", "The list"),
        ("pages/sales-manager", None, "Related"),
    ]
    assert mentions(chinese, "manager-objectives/reach-the-goal") == [
        ("manager-functions/plan-the-week", None, "服务的目标"),
        ("checklists/before-a-call", "好配合目标。", "清单内容"),
        ("pages/sales-manager", None, "相关条目"),
    ]


def test_mention_by_field_is_put_in_words() -> None:
    ref = Ref("manager-qualities", "listen-first")
    assert "Plan the week Manager function under “Qualities it draws on”" in text_of(
        open_site(MINIATURE, "en").entry(ref).html
    )
    assert "安排一周工作 经理职能 见“需要的素质”" in text_of(open_site(MINIATURE, "zh").entry(ref).html)


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("en", "First. Then [[plays/first-call]]! Last.", "Then First call!"),
        ("en", "See [[plays/first-call|the call]]", "See the call"),
        ("en", "One.\n\n- **Bold** [[plays/first-call]] and `code`\n- other", "Bold First call and code"),
        ("en", "Ask [[glossary/lead]]. Then [[plays/first-call]].", "Then First call."),
        ("en", '"Who else?" See [[plays/first-call]].', '"Who else?" See First call.'),
        ("en", "Take [[plays/first-call|call no. 5]] now.", "Take call no. 5 now."),
        ("zh", "先问。再看[[plays/first-call]]！最后记。", "再看第一通电话！"),
        ("zh", "问“还有谁？”再看[[plays/first-call|电话]]。", "问“还有谁？”再看电话。"),
        ("zh", "先听。他说：“好。再见。”\n接着看[[plays/first-call]]。", "他说：“好。再见。” 接着看第一通电话。"),
    ],
)
def test_sentence_of_a_mention(language: str, text: str, expected: str, miniature: Path) -> None:
    other = "zh" if language == "en" else "en"
    old = {"en": "Somebody who left a name and a number.", "zh": "留下姓名和电话的人。"}
    put(miniature, "glossary/lead", f"{language}: {old[language]}", f"{language}: {as_yaml(text)}")
    found = mentions(open_site(miniature, language), "plays/first-call")
    assert ("glossary/lead", expected) in [(ref, sentence) for ref, sentence, _ in found]
    # The other language does not mention it.
    assert "glossary/lead" not in [ref for ref, _, _ in mentions(open_site(miniature, other), "plays/first-call")]


def as_yaml(text: str) -> str:
    """A text in double quotes as YAML reads it."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'


def test_each_entry_is_mentioned_once_and_by_its_sentence(miniature: Path) -> None:
    put(miniature, "glossary/lead", "sources:", "related:\n  - plays/first-call\nsources:")
    put(miniature, "glossary/lead", "Somebody who left", "After a [[plays/first-call]], somebody who left")
    found = [mention for mention in mentions(open_site(miniature, "en"), "plays/first-call") if "lead" in mention[0]]
    assert found == [("glossary/lead", "After a First call, somebody who left a name and a number.", "What it is")]


@each_language
def test_nobody_mentions_it(language: str) -> None:
    page = open_site(MINIATURE, language).entry(Ref("seller-qualities", "patience")).html
    expected = {"en": "No other entry mentions this one yet.", "zh": "还没有其他条目提到它。"}
    assert expected[language] in page


def test_keeping_an_entry_is_no_mention() -> None:
    assert mentions(open_site(MINIATURE, "en"), "owners/sales-lead") == []


@each_language
@pytest.mark.parametrize("kind", KINDS)
def test_every_field_that_may_mention_has_a_label(kind: str, language: str) -> None:
    site = open_site(MINIATURE, language)
    record = site.book.of(kind)[0]
    for path, value in walk(record.entry):
        if isinstance(value, Prose | Ref) and path[0] != "owner":
            assert site.label(kind, str(path[0]))


# ---------------------------------------------------------------------------------------------------- what must show


@each_language
def test_grade_shows_beside_a_linked_number(language: str) -> None:
    page = open_site(MINIATURE, language).entry(Ref("seller-functions", "call-back")).html
    expected = {"en": ("Does one call in ten win?", "Unsupported"), "zh": ("打十个电话就能成一单？", "没有依据")}
    title, grade = expected[language]
    link = f'<a href="../../statistics/one-call-in-ten/">{title}</a>'
    assert f'{link} <span class="pb-grade pb-grade--unsupported">{grade}</span>' in page


@each_language
def test_internal_price_never_shows(language: str) -> None:
    page = open_site(MINIATURE, language).entry(Ref("products", "sample-kettle"))
    assert "30" not in text_of(page.html).replace("2026", "")
    assert not re.search("coins|元|2027 年 6|June 2027", page.html)


@each_language
def test_internal_text_is_not_quoted_elsewhere(language: str, miniature: Path) -> None:
    put(miniature, "products/sample-kettle", "30 coins each", "30 coins each for a [[glossary/lead]]")
    put(miniature, "products/sample-kettle", "每只 30 元", "每只 30 元，给[[glossary/lead]]")
    site = open_site(miniature, language)
    page = site.entry(Ref("glossary", "lead")).html
    assert not re.search("coins|每只", page)
    assert "products/sample-kettle" not in [ref for ref, _, _ in mentions(site, "glossary/lead")]


@each_language
def test_public_price_shows_until_when(language: str, miniature: Path) -> None:
    put(miniature, "products/sample-kettle", "audience: internal", "audience: public")
    text = text_of(open_site(miniature, language).entry(Ref("products", "sample-kettle")).html)
    expected = {"en": "30 coins each Valid until 30 June 2027", "zh": "每只 30 元 有效期至 2027 年 6 月 30 日"}
    assert expected[language] in text


@each_language
def test_sample_says_so_wherever_it_is_met(language: str) -> None:
    site = open_site(MINIATURE, language)
    badge = {"en": "Sample to replace", "zh": "示例，待替换"}[language]
    assert badge in site.entry(Ref("products", "sample-kettle")).html
    assert badge in site.index("products").html
    assert badge not in site.entry(Ref("plays", "first-call")).html


def test_what_is_not_known_is_said(miniature: Path) -> None:
    page = text_of(open_site(miniature, "en").entry(Ref("statistics", "one-call-in-ten")).html)
    assert "Who was asked Not known Method Not known Year Not known First publication Not known" in page
    put(
        miniature,
        "statistics/one-call-in-ten",
        "sources:",
        "year: 2019\nmethod: A survey\nprimary_source:\n  title: A paper\nsources:",
    )
    page = text_of(open_site(miniature, "en").entry(Ref("statistics", "one-call-in-ten")).html)
    assert "Who was asked Not known Method A survey Year 2019 First publication A paper" in page


@each_language
def test_aliases_of_both_languages_can_be_found(language: str) -> None:
    page = open_site(MINIATURE, language).entry(Ref("products", "sample-kettle")).html
    expected = {"en": "示例水壶 烧水壶 示 例 水 壶 烧", "zh": "Sample Kettle water boiler 示 例 水 壶 烧"}
    assert f'data-words="{expected[language]}"' in page


def test_owner_lists_what_falls_due_first() -> None:
    site = open_site(MINIATURE, "en")
    kept = [record.ref for record in site.kept_by(Ref("owners", "sales-lead"))]
    assert kept[0] == Ref("plays", "first-call")
    assert len(kept) == len(KINDS) - 1
    assert Ref("owners", "sales-lead") not in kept


def test_empty_kind_says_how_to_begin(miniature: Path) -> None:
    for kind in ("products", "quizzes", "paths"):  # they lead to the product
        shutil.rmtree(miniature / "data" / kind)
    page = open_site(miniature, "en").index("products")
    assert "Nothing here yet. The first entry starts with <code>playbook new products ID</code>" in page.html
    assert "products" not in re.findall(r'<a href="([a-z-]+)/">', open_site(miniature, "en").home().html)


def test_one_entry_is_no_entries(miniature: Path) -> None:
    assert "1 entry<" in open_site(miniature, "en").index("plays").html
    assert "共 1 条<" in open_site(miniature, "zh").index("plays").html


def test_heading_and_description_are_those_of_the_entry() -> None:
    site = open_site(MINIATURE, "zh")
    page = site.entry(Ref("glossary", "lead"))
    assert (page.heading, page.description) == ("线索", "可能会买、还没人联系过的人。")
    assert site.index("plays").heading == "打法"
    assert site.home().heading == "销售手册"


def test_rendering_leaves_nothing_behind() -> None:
    """A page is the same whatever was rendered before it."""
    site = open_site(MINIATURE, "en")
    first = pages(site)
    assert pages(site) == first
    for ref in reversed(list(site.book.records)):
        assert site.entry(ref) == first[ref.kind]


if __name__ == "__main__":
    render.icon = sign  # type: ignore[assignment]
    shutil.rmtree(BLESSED, ignore_errors=True)
    for chosen in LANGUAGES:
        (BLESSED / chosen).mkdir(parents=True)
        for name_, page_ in pages(open_site(MINIATURE, chosen)).items():
            (BLESSED / chosen / f"{name_}.html").write_text(written(page_), encoding="utf-8")
    sys.stdout.write(
        f"renewed {len(NAMES) * len(LANGUAGES)} pages in tests/blessed/; look at `git diff` before you commit\n"
    )
