"""The site as people use it, in a real browser and under its policy: search, languages, keyboard, sizes, no scripts."""

from __future__ import annotations

import re
from pathlib import Path

import axe_playwright_python
import pytest
from playwright.sync_api import Page, expect

from macros import source
from macros.model import KINDS, LANGUAGES
from macros.words import words

from .conftest import PATIENCE, SUB_PATH, Reader

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
PLACES = ["home", "404", *(f"index:{kind}" for kind in KINDS), *(f"entry:{kind}" for kind in KINDS)]
PHONE = {"width": 360, "height": 740}
FOCUSED = "document.activeElement"
ANSWERED = """async (status, patience) => {
    const end = performance.now() + patience;
    while (!/result|Nothing|条结果|没有找到/.test(status.textContent)) {
        if (performance.now() > end) throw new Error(`the search says only: ${status.textContent}`);
        await new Promise(requestAnimationFrame);
    }
}"""
"""Looks at every frame, for the tests ask hundreds of questions."""
INSIDE_MENU = f"document.getElementById('menu').contains({FOCUSED})"


@pytest.fixture(params=LANGUAGES)
def language(request: pytest.FixtureRequest) -> str:
    """Each language in turn."""
    return request.param


def address(place: str, language: str, site: Path) -> str:
    """The path of a place; of a kind's entries the one with the longest page, for it holds the most."""
    name, _, kind = place.partition(":")
    if name == "entry":
        longest = max((site / language / kind).glob("*/index.html"), key=lambda page: page.stat().st_size)
        return f"{language}/{kind}/{longest.parent.name}/"
    return {"home": f"{language}/", "404": f"{language}/404.html", "index": f"{language}/{kind}/"}[name]


@pytest.fixture
def visit(reader: Reader, site: Path, root_server: str):
    """Opens a place in a language; 404 pages only work where `site_url` says that the site is."""

    def visit(place: str, language: str, **options: object) -> Page:
        server = root_server if place == "404" else ""
        return reader.open(address(place, language, site), server=server, **options)

    return visit


def axe(page: Page) -> list[str]:
    """What axe finds wrong with a page, with all its rules, one line per element."""
    page.evaluate(AXE)
    found = page.evaluate("axe.run()")
    return [
        f"{rule['id']}: {rule['help']}: {node['html'][:160]}" for rule in found["violations"] for node in rule["nodes"]
    ]


def focused(page: Page) -> str:
    """The words of what has the focus."""
    return page.evaluate(f"{FOCUSED}.getAttribute('aria-label') ?? {FOCUSED}.innerText").strip()


# ---------------------------------------------------------------------------------------------------- search


def search(page: Page, words_: str) -> None:
    """Type words into the open search and wait for the answer."""
    status = page.locator("dialog[open] [data-search-status]")
    # What it said to the last question must not be taken for the answer to this one.
    status.evaluate("status => status.textContent = ''")
    page.locator("dialog#search input").fill(words_)
    status.evaluate(ANSWERED, PATIENCE)


def results(page: Page) -> list[str]:
    return page.locator("[data-search-results] a .pb-result__title").all_inner_texts()


@pytest.mark.parametrize("way", ["click", "hero", "/", "Control+k", "Meta+k"])
def test_search_opens(way: str, language: str, visit) -> None:
    page = visit("home", language)
    if way == "click":
        page.locator("header [data-search-open]").click()
    elif way == "hero":
        page.locator("article [data-search-open]").click()
    else:
        page.keyboard.press(way)
    expect(page.locator("dialog#search")).to_be_visible()
    expect(page.locator("dialog#search input")).to_be_focused()


def test_slash_typed_into_the_search_is_a_character(visit) -> None:
    page = visit("home", "en")
    page.keyboard.press("/")
    expect(page.locator("dialog#search input")).to_be_focused()
    page.keyboard.type("a/b")
    expect(page.locator("dialog#search input")).to_have_value("a/b")


def test_nothing_of_the_search_is_loaded_before_it_is_asked_for(visit, reader: Reader) -> None:
    page = visit("entry:plays", "en")
    page.wait_for_load_state("networkidle")
    of_search = [url for url in reader.requests if "pagefind" in url or "search" in url]
    assert of_search == []
    page.keyboard.press("/")
    search(page, "call")
    assert any("pagefind.js" in url for url in reader.requests)


def test_results_are_links_with_title_kind_and_summary(language: str, visit, book: source.Playbook) -> None:
    page = visit("home", language)
    page.keyboard.press("/")
    for kind in ("plays", "glossary", "seller-functions"):
        record = book.of(kind)[0]
        search(page, record.entry.title[language])
        link = page.locator("[data-search-results] a", has_text=record.entry.title[language]).first
        assert link.locator(".pb-result__title").inner_text() == record.entry.title[language]
        assert link.locator(".pb-result__kind").inner_text() == words(language)["kinds"][kind]["one"]
        assert link.locator(".pb-result__summary").inner_text() == record.entry.summary[language]
        assert link.evaluate("link => new URL(link.href).pathname") == f"{SUB_PATH}{language}/{record.ref}/"


def test_statistics_show_their_grade_in_results(language: str, visit, book: source.Playbook) -> None:
    page = visit("home", language)
    page.keyboard.press("/")
    for record in book.of("statistics"):
        search(page, record.entry.title[language])
        link = page.locator("[data-search-results] a", has_text=record.entry.title[language]).first
        assert link.locator(".pb-grade").inner_text() == words(language)["grades"][record.entry.grade]


def test_result_opens_the_page(language: str, visit, book: source.Playbook) -> None:
    record = book.of("plays")[0]
    page = visit("entry:glossary", language)
    page.keyboard.press("/")
    search(page, record.entry.title[language])
    page.keyboard.press("Enter")  # the first result
    page.wait_for_url(f"**{SUB_PATH}{language}/{record.ref}/")
    expect(page.locator("h1")).to_have_text(record.entry.title[language])


def test_search_by_keyboard_alone(language: str, visit) -> None:
    page = visit("entry:plays", language)
    opener = page.locator("header [data-search-open]")
    opener.focus()
    page.keyboard.press("Enter")
    search(page, {"en": "customer", "zh": "客户"}[language])
    links = page.locator("[data-search-results] a")
    assert links.count() > 2
    page.keyboard.press("ArrowDown")
    expect(links.nth(0)).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(links.nth(1)).to_be_focused()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    expect(page.locator("dialog#search input")).to_be_focused()
    for _ in range(links.count() + 3):
        page.keyboard.press("ArrowDown")
    expect(links.last).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("dialog#search")).to_be_hidden()
    expect(opener).to_be_focused()


def test_focus_stays_in_the_open_search(visit) -> None:
    page = visit("home", "en")
    page.keyboard.press("/")
    search(page, "customer")
    for _ in range(20):
        page.keyboard.press("Tab")
        inside = page.evaluate(f"document.getElementById('search').contains({FOCUSED}) || {FOCUSED} === document.body")
        assert inside, focused(page)


def test_search_closes_by_button_and_by_a_click_beside_it(visit) -> None:
    page = visit("home", "en")
    for close in (lambda: page.locator("[data-search-close]").click(), lambda: page.mouse.click(5, 700)):
        page.keyboard.press("/")
        expect(page.locator("dialog#search")).to_be_visible()
        close()
        expect(page.locator("dialog#search")).to_be_hidden()


def test_search_says_what_it_found(language: str, visit) -> None:
    page = visit("home", language)
    page.keyboard.press("/")
    status = page.get_by_role("status").and_(page.locator("[data-search-status]"))
    hint = status.inner_text()
    search(page, {"en": "pipeline", "zh": "客户"}[language])
    expect(status).to_contain_text({"en": "results", "zh": "条结果"}[language])
    search(page, "qqqxyz")
    expect(status).to_contain_text("qqqxyz")
    expect(page.locator("[data-search-results] a")).to_have_count(0)
    page.locator("dialog#search input").fill("")
    expect(status).to_have_text(hint)


def test_a_late_answer_to_an_old_question_is_dropped(visit) -> None:
    page = visit("home", "en")
    page.keyboard.press("/")
    search(page, "forecast")
    page.locator("dialog#search input").press_sequentially(" pipeline", delay=30)
    page.locator("dialog#search input").fill("qqqxyz")
    expect(page.locator("[data-search-status]")).to_contain_text("qqqxyz")
    expect(page.locator("[data-search-results] a")).to_have_count(0)


ALIASES = [
    ("en", "赢单率", "glossary/win-rate"),
    ("en", "成交率", "glossary/win-rate"),
    ("en", "close rate", "glossary/win-rate"),
    ("zh", "win rate", "glossary/win-rate"),
    ("zh", "赢单率", "glossary/win-rate"),
    ("zh", "赢单", "glossary/win-rate"),
    ("zh", "一对一", "glossary/one-to-one"),
    ("zh", "辅导", "glossary/coaching"),
    ("zh", "月报", "plays/monthly-sales-report"),
    ("zh", "客户需求", "plays/forecast-customer-needs"),
    ("en", "one-to-one", "glossary/one-to-one"),
    ("en", "customer needs", "plays/forecast-customer-needs"),
]


@pytest.mark.parametrize(("language", "asked", "ref"), ALIASES, ids=[f"{it[0]}-{it[1]}" for it in ALIASES])
def test_entry_is_found_by_what_people_type(language: str, asked: str, ref: str, visit) -> None:
    page = visit("home", language)
    page.keyboard.press("/")
    search(page, asked)
    first = page.locator("[data-search-results] a").evaluate_all(
        "links => links.slice(0, 5).map(link => link.pathname)"
    )
    assert f"{SUB_PATH}{language}/{ref}/" in first


def test_search_finds_pages_of_its_own_language_only(language: str, visit) -> None:
    page = visit("home", language)
    page.keyboard.press("/")
    for asked in ("win rate", "客户", "赢单率"):
        search(page, asked)
        paths = page.locator("[data-search-results] a").evaluate_all("links => links.map(link => link.pathname)")
        assert paths
        assert all(path.startswith(f"{SUB_PATH}{language}/") for path in paths)


def test_every_entry_is_found_by_its_title(language: str, visit, book: source.Playbook) -> None:
    page = visit("home", language)
    page.keyboard.press("/")
    missed = []
    for record in book.records.values():
        search(page, record.entry.title[language])
        paths = page.locator("[data-search-results] a").evaluate_all("links => links.map(link => link.pathname)")
        if f"{SUB_PATH}{language}/{record.ref}/" not in paths[:3]:
            missed.append(f"{record.ref} ({record.entry.title[language]}): {paths[:3]}")
    assert not missed, "\n".join(missed)


def test_search_that_cannot_load_says_so(visit, reader: Reader) -> None:
    page = visit("home", "en")
    page.route("**/pagefind/**", lambda route: route.abort())
    page.keyboard.press("/")
    expect(page.locator("[data-search-status]")).to_contain_text("Search is not available here")
    assert reader.complaints
    reader.complaints.clear()  # The browser says that it could not load a file.
    page.unroute("**/pagefind/**")
    search(page, "pipeline")
    assert results(page), "it tries again"


# ---------------------------------------------------------------------------------------------------- languages


@pytest.mark.parametrize("place", [place for place in PLACES if place != "404"])
def test_language_switch_stays_on_the_page(place: str, visit, site: Path) -> None:
    page = visit(place, "en")
    english = page.url
    page.locator("[data-language-switch]").click()
    expect(page).to_have_url(english.replace("/en/", "/zh/"))
    expect(page.locator("html")).to_have_attribute("lang", "zh")
    page.locator("[data-language-switch]").click()
    expect(page).to_have_url(english)


@pytest.mark.parametrize(("locale", "expected"), [("en-GB", "en"), ("zh-CN", "zh"), ("zh-TW", "zh"), ("de-DE", "en")])
def test_root_sends_people_by_their_language(locale: str, expected: str, reader: Reader) -> None:
    page = reader.open("", locale=locale)
    page.wait_for_url(f"**{SUB_PATH}{expected}/")
    expect(page.locator("h1")).to_be_visible()
    page.go_back()
    assert SUB_PATH + expected not in page.url, "the way back does not lead to the root, which would send on again"


def test_root_without_scripts_has_plain_links(reader: Reader) -> None:
    page = reader.open("", java_script_enabled=False)
    assert page.get_by_role("link").all_inner_texts() == ["English", "中文"]
    page.get_by_role("link", name="中文").click()
    expect(page).to_have_url(f"{reader.server}zh/")


def test_unknown_address_gives_the_404_page(reader: Reader, root_server: str) -> None:
    page = reader.open("en/plays/nothing-here/", server=root_server)
    expect(page.locator("h1")).to_contain_text("Sales Playbook")
    expect(page.locator("body")).to_contain_text("Page not found")
    assert reader.complaints == ["Failed to load resource: the server responded with a status of 404 (Not Found)"]
    reader.complaints.clear()
    page.get_by_role("link", name="English").click()
    expect(page).to_have_url(f"{root_server}en/")


# ---------------------------------------------------------------------------------------------------- keyboard


def test_tab_begins_with_the_skip_link(language: str, visit) -> None:
    page = visit("entry:plays", language)
    page.keyboard.press("Tab")
    skip = page.locator("a.pb-skip")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("#content")).to_be_focused()
    page.keyboard.press("Tab")
    assert page.evaluate(f"document.getElementById('content').contains({FOCUSED})"), "what follows is in the text"


STEP = """() => {
    const it = document.activeElement;
    if (it === document.body) return null;
    const box = it.getBoundingClientRect();
    const header = document.querySelector(".pb-header").getBoundingClientRect();
    const below = it.closest(".pb-header, .pb-skip") !== null || box.bottom > header.bottom;
    const inside = box.width > 1 && box.right > 0 && box.left < innerWidth && box.top < innerHeight;
    const visible = it.checkVisibility({ visibilityProperty: true, opacityProperty: true });
    return { text: (it.getAttribute("aria-label") ?? it.innerText).trim(), seen: below && inside && visible };
}"""


@pytest.mark.parametrize("width", [360, 640, 1280])
def test_everything_is_reached_by_tab_and_can_be_seen(width: int, language: str, visit) -> None:
    """Header, menu where it is shown, text: no step is hidden or off-screen, and the header never covers it."""
    page = visit("entry:statistics", language, width=width)
    order = []
    while True:
        page.keyboard.press("Tab")
        step = page.evaluate(STEP)
        if step is None:
            break
        assert step["seen"], f"{step['text']} is focused and cannot be seen"
        order.append(step["text"])
        assert len(order) < 200, "the focus goes round in circles"
    reachable = page.locator("a[href]:visible, button:visible, [tabindex='0']:visible").count()
    assert len(order) >= reachable > 10


def test_menu_button_opens_and_closes_by_keyboard(language: str, visit) -> None:
    page = visit("entry:plays", language, **PHONE)
    button, menu = page.locator("[data-menu-button]"), page.locator("#menu")
    expect(button).to_have_attribute("aria-expanded", "false")
    expect(menu).to_be_hidden()
    button.focus()
    page.keyboard.press("Enter")
    expect(button).to_have_attribute("aria-expanded", "true")
    expect(menu).to_be_visible()
    assert page.evaluate(INSIDE_MENU), "the focus goes in"
    page.keyboard.press("Escape")
    expect(button).to_have_attribute("aria-expanded", "false")
    expect(menu).to_be_hidden()
    expect(button).to_be_focused()
    page.keyboard.press("Enter")
    expect(menu).to_be_visible()
    button.focus()
    page.keyboard.press("Space")
    expect(menu).to_be_hidden()


def test_closed_menu_takes_no_focus(visit) -> None:
    page = visit("home", "en", **PHONE)
    for _ in range(page.locator("a, button").count()):
        page.keyboard.press("Tab")
        assert not page.evaluate(INSIDE_MENU), focused(page)


def test_open_menu_keeps_the_focus_off_the_page_behind(visit) -> None:
    page = visit("entry:plays", "en", **PHONE)
    page.locator("[data-menu-button]").click()
    for _ in range(page.locator("#menu a").count() + 8):
        page.keyboard.press("Tab")
        assert not page.evaluate(f"document.getElementById('content').contains({FOCUSED})"), focused(page)


def test_menu_leads_on_and_closes_by_a_click_beside_it(visit) -> None:
    page = visit("home", "en", **PHONE)
    page.locator("[data-menu-button]").click()
    page.mouse.click(20, 400)
    expect(page.locator("#menu")).to_be_hidden()
    page.locator("[data-menu-button]").click()
    page.locator("#menu").get_by_role("link", name="Glossary").click()
    expect(page.locator("h1")).to_have_text("Glossary")
    expect(page.locator("#menu")).to_be_hidden()


def test_menu_marks_where_the_reader_is(language: str, visit) -> None:
    for place, current in {"index:plays": "page", "entry:plays": "true", "home": "page"}.items():
        marked = visit(place, language).locator("#menu [aria-current]")
        expect(marked).to_have_count(1)
        expect(marked).to_have_attribute("aria-current", current)


# ---------------------------------------------------------------------------------------------------- colours


def ground(page: Page) -> str:
    """The colour that the page stands on."""
    return page.evaluate("getComputedStyle(document.body).backgroundColor")


@pytest.mark.parametrize(("scheme", "other"), [("light", "dark"), ("dark", "light")])
def test_colours_switch_and_are_remembered(scheme: str, other: str, visit) -> None:
    page = visit("home", "en", scheme=scheme)
    before = ground(page)
    button = page.locator("button[data-colours]")
    expect(button).to_have_attribute("aria-label", f"Switch to {other} colours")
    button.click()
    after = ground(page)
    assert after != before
    expect(button).to_have_attribute("aria-label", f"Switch to {scheme} colours")
    page.locator("[data-language-switch]").click()
    expect(page.locator("html")).to_have_attribute("lang", "zh")
    page.wait_for_load_state()
    assert ground(page) == after
    page.locator("button[data-colours]").click()
    assert ground(page) == before


def test_colours_switch_where_storage_is_blocked(visit) -> None:
    page = visit("home", "en")
    page.context.add_init_script(
        "Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('no', 'SecurityError'); } })"
    )
    page.reload()
    before = ground(page)
    page.locator("button[data-colours]").click()
    assert ground(page) != before
    page.reload()
    assert ground(page) == before
    page.keyboard.press("/")
    search(page, "pipeline")


# ---------------------------------------------------------------------------------------------------- without scripts


@pytest.mark.parametrize("place", PLACES)
def test_page_is_whole_without_scripts(place: str, language: str, visit) -> None:
    page = visit(place, language, java_script_enabled=False, **PHONE)
    expect(page.locator("h1")).to_be_visible()
    # What scripts alone can do is not there, nor is what only paper shows; the list of what is on this page stands
    # beside the text on wide screens alone, and goes by links without scripts.
    left_out = (
        ".pb-scripted, [data-open-lists], [data-done], .pb-sheet__head, .pb-sheet__foot, .pb-toc, [data-note],"
        "[data-result],"
        ".pb-paper__head, .pb-answer-key, .pb-rights, [data-key]:not([open]) *, .pb-completion, .pb-lines"
    )
    hidden = page.locator("article").locator("h2, h3, p, li, dt, dd, td").filter(visible=False)
    texts = hidden.evaluate_all(
        "(all, left) => all.filter((it) => !it.closest(left)).map((it) => it.textContent)", left_out
    )
    assert [text for text in texts if text.strip()] == []
    own = "form[data-question] *, [data-task] *, [data-sure]"  # What is answered or ticked off, saved or not.
    assert page.locator(f"button:visible, input:visible:not([data-step]):not({own}), dialog:visible").count() == 0
    page.locator(".pb-menu-link").click()
    expect(page.locator("#menu a").first).to_be_in_viewport()


def test_menu_leads_on_without_scripts(language: str, visit) -> None:
    page = visit("home", language, java_script_enabled=False, **PHONE)
    page.locator(".pb-menu-link").click()
    page.locator("#menu a[href='glossary/']").click()
    expect(page).to_have_url(re.compile(f"{SUB_PATH}{language}/glossary/$"))


# ---------------------------------------------------------------------------------------------------- sizes

WIDTHS = (320, 360, 640, 768, 1024, 1440)
"""640 is a laptop at 200 % zoom, 320 one at 400 %; 1024 is where the menu moves beside the text."""

OUTSIDE = """() => {
    const found = [];
    const out = (box) => box.width > 0 && (box.right > innerWidth + 1 || box.left < -1);
    const skipped = ".pb-hidden, .pb-skip, .pb-table *, svg *";
    for (const element of document.querySelectorAll("body *")) {
        if (!element.checkVisibility({ visibilityProperty: true }) || element.matches(skipped)) continue;
        if (out(element.getBoundingClientRect())) found.push(element.outerHTML.slice(0, 120));
        for (const node of element.childNodes) {
            if (!(node instanceof Text) || !node.data.trim() || element.closest(".pb-hidden, .pb-skip")) continue;
            const range = document.createRange();
            range.selectNodeContents(node);
            if ([...range.getClientRects()].some(out)) found.push(node.data.trim().slice(0, 120));
        }
    }
    if (document.scrollingElement.scrollWidth > innerWidth) found.push("the page scrolls sideways");
    return found;
}"""


@pytest.mark.parametrize("place", PLACES)
def test_nothing_sticks_out_sideways(place: str, language: str, visit) -> None:
    page = visit(place, language)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate(OUTSIDE) == [], f"at {width} px"


def test_open_search_fits_a_small_screen(language: str, visit) -> None:
    page = visit("home", language, width=320, height=480)
    page.keyboard.press("/")
    search(page, {"en": "customer", "zh": "客户"}[language])
    assert page.evaluate(OUTSIDE) == []
    page.locator("[data-search-results] a").last.focus()
    expect(page.locator("[data-search-results] a").last).to_be_in_viewport()


SMALL = """() => [...document.querySelectorAll("header :is(a, button), nav a, .pb-edit a, dialog button")]
    .filter((it) => it.checkVisibility({ visibilityProperty: true }))
    .filter((it) => Math.min(it.getBoundingClientRect().width, it.getBoundingClientRect().height) < 24)
    .map((it) => it.outerHTML.slice(0, 120))"""


@pytest.mark.parametrize("width", [360, 1280])
def test_targets_are_large_enough(width: int, language: str, visit) -> None:
    page = visit("entry:plays", language, width=width)
    if width == 360:
        page.locator("[data-menu-button]").click()
    assert page.evaluate(SMALL) == []


# ---------------------------------------------------------------------------------------------------- accessibility


@pytest.mark.parametrize("place", PLACES)
def test_axe_finds_nothing(place: str, language: str, visit) -> None:
    page = visit(place, language)
    assert axe(page) == [], "in light"
    page.emulate_media(color_scheme="dark")
    assert axe(page) == [], "in dark"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_the_root(scheme: str, reader: Reader, root_server: str) -> None:
    assert axe(root(reader, scheme)) == []
    assert axe(reader.open("404.html", scheme=scheme, server=root_server)) == []


def root(reader: Reader, scheme: str) -> Page:
    """The root page, kept from sending the reader on."""
    page = reader.open("zh/", scheme=scheme)
    page.route("**/start.js", lambda route: route.fulfill(body="", content_type="text/javascript"))
    page.goto(reader.server)
    expect(page.get_by_role("link", name="English")).to_be_visible()
    return page


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("state", ["search", "results", "nothing-found", "menu", "phone"])
def test_axe_finds_nothing_with_it_open(state: str, scheme: str, language: str, visit) -> None:
    page = visit("entry:statistics", language, scheme=scheme, **(PHONE if state in ("menu", "phone") else {}))
    if state == "menu":
        page.locator("[data-menu-button]").click()
        expect(page.locator("#menu")).to_be_visible()
    elif state != "phone":
        page.keyboard.press("/")
        expect(page.locator("dialog#search")).to_be_visible()
    if state == "results":
        search(page, {"en": "engagement", "zh": "客户"}[language])
        assert results(page)
    elif state == "nothing-found":
        search(page, "qqqxyz")
    assert axe(page) == []


def test_axe_sees_a_fault(visit) -> None:
    page = visit("home", "en")
    page.evaluate("document.querySelector('header [data-colours]').removeAttribute('aria-label')")
    assert any(found.startswith("button-name") for found in axe(page))


# ---------------------------------------------------------------------------------------------------- the policy


def test_policy_is_in_force(visit, reader: Reader) -> None:
    page = visit("home", "en")
    page.evaluate(
        """() => {
            document.body.append(Object.assign(document.createElement("script"), { textContent: "window.ran = 1" }));
            document.body.insertAdjacentHTML("beforeend", "<p style='color: red'><img src=x onerror='window.ran = 1'>");
        }"""
    )
    page.wait_for_timeout(200)
    assert page.evaluate("window.ran") is None
    assert any(complaint.startswith("refused by the policy: inline (script-src") for complaint in reader.complaints)
    assert any(complaint.startswith("refused by the policy: inline (style-src") for complaint in reader.complaints)
    reader.complaints.clear()


def test_request_to_another_host_is_seen(visit, reader: Reader) -> None:
    page = visit("home", "en")
    page.route("https://elsewhere.example/**", lambda route: route.abort())
    page.evaluate("document.body.append(Object.assign(new Image(), { src: 'https://elsewhere.example/x.png' }))")
    page.wait_for_timeout(200)
    assert any("elsewhere.example" in complaint for complaint in reader.complaints)
    reader.complaints.clear()
