"""The sheets of paper: one page each, whole, signed and dated by hand, the same from the browser and as a PDF."""

from __future__ import annotations

import html
import re
import subprocess
import sys
from datetime import date
from functools import cache
from pathlib import Path

import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import Browser, Page

from macros import sheets, source
from macros.model import LANGUAGES, Words
from macros.prose import plain
from macros.render import PAPERS, Site, leading_on
from macros.words import words

from .conftest import ROOT

URLS = {language: f"https://playbook.example/{language}/" for language in LANGUAGES}
SIZES = {"a4": (595, 842), "letter": (612, 792)}
"""The papers in points, 72 to the inch."""
MARGIN = 14 / 25.4 * 72
CHECKLISTS = [record.id for record in source.read(ROOT).of("checklists")]
each_language = pytest.mark.parametrize("language", LANGUAGES)
each_paper = pytest.mark.parametrize("paper", PAPERS)
each_checklist = pytest.mark.parametrize("checklist", CHECKLISTS)


@pytest.fixture(scope="module")
def printed(site: Path) -> Path:
    """The folder of PDFs that the build of the site made."""
    return site / sheets.FOLDER


def run(*command: object) -> str:
    return subprocess.run(list(map(str, command)), capture_output=True, text=True, check=True).stdout


@cache
def info(file: Path) -> dict[str, str]:
    """What pdfinfo says of a file, by its own names."""
    return {name: value.strip() for name, _, value in (it.partition(":") for it in run("pdfinfo", file).splitlines())}


def pages(file: Path) -> int:
    return int(info(file)["Pages"])


def squeezed(text: str) -> str:
    """Text without spaces: a PDF breaks lines where it must, and sets a space or none between Chinese and Latin.

    The characters for radicals that some Chinese fonts draw with a glyph of their own come back as themselves.
    """
    return re.sub(r"\s+", "", text)


def expected_texts(book: source.Playbook, checklist: str, language: str) -> list[str]:
    """Every text that the sheet of a checklist must show."""
    record = next(it for it in book.of("checklists") if it.id == checklist)
    entry = record.entry

    def shown(value: Words) -> str:
        return plain(
            value[language],
            lambda it: it.words or book.records[source.Ref(*it.target.split("/"))].entry.title[language],
        )

    texts = [entry.title, entry.summary, entry.moment, entry.sign_off, book.records[entry.owner].entry.title]
    for step in entry.steps:
        texts += [step.text, step.why, *([step.owner] if step.owner else [])]
    lines = words(language)["sheet"]
    site = Site(book, language, "", date.today())
    return [
        *map(shown, texts),
        *(lines[name] for name in ("name", "date", "customer", "signature")),
        lines["revision"].format(entry.revision),
        site.day(entry.verified_until),
        f"{URLS[language]}{record.ref}/",
    ]


# ---------------------------------------------------------------------------------------------------- PDFs


@each_checklist
@each_paper
@each_language
def test_sheet_is_one_page_of_its_paper(checklist: str, paper: str, language: str, printed: Path) -> None:
    found = info(printed / language / f"{checklist}-{paper}.pdf")
    assert found["Pages"] == "1"
    size = [float(number) for number in re.findall(r"[\d.]+", found["Page size"])[:2]]
    assert size == pytest.approx(SIZES[paper], abs=1)
    assert found["Tagged"] == "yes"


@each_checklist
@each_language
def test_sheet_shows_every_text(checklist: str, language: str, printed: Path, book: source.Playbook) -> None:
    text = squeezed(run("pdftotext", "-layout", printed / language / f"{checklist}-a4.pdf", "-"))
    raw = squeezed(run("pdftotext", "-raw", printed / language / f"{checklist}-a4.pdf", "-"))
    missing = [it for it in expected_texts(book, checklist, language) if squeezed(it) not in text + raw]
    assert missing == []


@each_checklist
@each_paper
@each_language
def test_nothing_is_cut(checklist: str, paper: str, language: str, printed: Path) -> None:
    """Every word lies inside the margins, which any printer can print."""
    boxes = run("pdftotext", "-bbox", printed / language / f"{checklist}-{paper}.pdf", "-")
    width, height = SIZES[paper]
    found = re.findall(r'<word xMin="([\d.-]+)" yMin="([\d.-]+)" xMax="([\d.-]+)" yMax="([\d.-]+)">(.*?)</word>', boxes)
    assert len(found) > 20
    slack = 2
    for left, top, right, bottom, word in found:
        assert float(left) >= MARGIN - slack, word
        assert float(top) >= MARGIN - slack, word
        assert float(right) <= width - MARGIN + slack, word
        assert float(bottom) <= height - MARGIN + slack, word


@each_checklist
@each_language
def test_fonts_are_embedded(checklist: str, language: str, printed: Path) -> None:
    rows = run("pdffonts", printed / language / f"{checklist}-a4.pdf").splitlines()[2:]
    assert rows
    embedded = [re.search(r"\s(yes|no)\s+(yes|no)\s+(yes|no)\s", row)[1] for row in rows]
    assert embedded == ["yes"] * len(rows)
    if language == "zh":
        assert any("CJK" in row or "SC" in row for row in rows), "Chinese stands in a Chinese font"


@each_checklist
@each_language
def test_qr_code_leads_back_to_the_page(checklist: str, language: str, printed: Path, tmp_path: Path) -> None:
    image = drawn(printed / language / f"{checklist}-a4.pdf", tmp_path)
    (code,) = zxingcpp.read_barcodes(image)
    assert code.text == f"{URLS[language]}checklists/{checklist}/"


def drawn(file: Path, folder: Path, resolution: int = 200) -> Image.Image:
    """The first page as a picture, as a printer would draw it."""
    run("pdftoppm", "-r", resolution, "-png", "-singlefile", file, folder / "page")
    return Image.open(folder / "page.png").convert("L")


@each_paper
@each_language
@pytest.mark.parametrize("role", sheets.ROLES)
def test_booklet_holds_the_sheets_of_a_role(
    role: str, language: str, paper: str, printed: Path, book: source.Playbook
) -> None:
    file = printed / language / f"booklet-{role}-{paper}.pdf"
    mine = [record for record in leading_on(book.of("checklists")) if record.entry.role == role]
    assert pages(file) == len(mine) > 1
    for number, record in enumerate(mine, 1):
        text = squeezed(run("pdftotext", "-f", number, "-l", number, file, "-"))
        assert squeezed(record.entry.title[language]) in text
    outline = bookmarks(file)
    assert outline == [record.entry.title[language] for record in mine]


def bookmarks(file: Path) -> list[str]:
    """The titles in the outline of a PDF."""
    text = run("pdftohtml", "-xml", "-i", "-stdout", file)
    assert "<outline>" in text
    return [html.unescape(it) for it in re.findall(r'<item page="\d+">(.*?)</item>', text[text.index("<outline>") :])]


def test_the_same_data_gives_the_same_bytes(printed: Path, tmp_path: Path) -> None:
    again = sheets.write(ROOT, tmp_path, URLS, date.today())
    assert len(again) == len(list(printed.rglob("*.pdf")))
    for file in again:
        assert file.read_bytes() == (printed / file.relative_to(tmp_path / sheets.FOLDER)).read_bytes(), file.name


class WithoutPango:
    """Answers the import of WeasyPrint as a machine without Pango does."""

    def find_spec(self, name: str, *_: object) -> None:
        """Called for every module that is not loaded yet."""
        if name == "weasyprint":
            raise OSError("cannot load library 'libpango-1.0-0'")


def test_missing_pango_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in sys.modules if name.partition(".")[0] == "weasyprint"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setattr("sys.meta_path", [WithoutPango(), *sys.meta_path])
    with pytest.raises(sheets.PrintError, match="apt-get install libpango"):
        sheets.ready()


def test_missing_chinese_font_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    done = subprocess.CompletedProcess([], 0, stdout="\n")
    monkeypatch.setattr(sheets.subprocess, "run", lambda *_, **__: done)
    with pytest.raises(sheets.PrintError, match="apt-get install fonts-noto-cjk"):
        sheets.ready()


# ---------------------------------------------------------------------------------------------------- from the browser


@pytest.fixture
def paper_page(browser: Browser, server: str):
    """Opens a page on a dark screen, as somebody who prints it."""
    context = browser.new_context(color_scheme="dark")

    def visit(path: str) -> Page:
        page = context.new_page()
        page.goto(server + path)
        return page

    yield visit
    context.close()


def save(page: Page, file: Path, paper: str) -> Path:
    """Print a page as the browser would on a paper, its colours as they are on the screen."""
    page.pdf(path=file, format=PAPERS[paper], prefer_css_page_size=True, print_background=False)
    return file


@each_checklist
@each_language
def test_browser_prints_one_sheet(
    checklist: str, language: str, paper_page, tmp_path: Path, book: source.Playbook
) -> None:
    page = paper_page(f"{language}/checklists/{checklist}/")
    page.locator("[data-step]").first.check()
    for scheme in ("dark", "light"):
        page.emulate_media(color_scheme=scheme)
        for paper in PAPERS:
            file = save(page, tmp_path / f"{scheme}-{paper}.pdf", paper)
            assert pages(file) == 1, f"{paper}, {scheme} screen"
    text = squeezed(run("pdftotext", "-raw", file, "-"))
    assert [it for it in expected_texts(book, checklist, language) if squeezed(it) not in text] == []
    shown = [words(language)["checklist"][name] for name in ("start", "print", "name")]
    assert [it for it in shown if squeezed(it) in text] == [], "no controls on paper"


def ink(page: Page, file: Path, folder: Path) -> Image.Image:
    return drawn(save(page, file, "a4"), folder, 100)


@each_language
def test_boxes_are_empty_unless_asked_for(language: str, paper_page, tmp_path: Path) -> None:
    page = paper_page(f"{language}/checklists/pre-call/")
    empty = ink(page, tmp_path / "a.pdf", tmp_path).tobytes()
    for box in page.locator("[data-step]").all():
        box.check()
    assert ink(page, tmp_path / "b.pdf", tmp_path).tobytes() == empty, "ticked on screen, empty on paper"
    page.evaluate("window.print = () => {}")
    page.locator("[data-print=ticked]").click()
    assert ink(page, tmp_path / "c.pdf", tmp_path).tobytes() != empty, "ticked on paper, where that was asked for"
    assert "✓" in run("pdftotext", tmp_path / "c.pdf", "-")
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert ink(page, tmp_path / "d.pdf", tmp_path).tobytes() == empty, "and empty the next time"


@each_language
def test_selection_prints_one_page_each(language: str, paper_page, tmp_path: Path, book: source.Playbook) -> None:
    page = paper_page(f"{language}/checklists/")
    chosen = ["pre-call", "week-1", "weekly-one-to-one"]
    page.evaluate("window.print = () => { window.asked = true }")
    page.locator("button[type=submit]").click()
    expected = words(language)["checklist"]["print_none"]
    assert page.locator("[data-print-form] [data-status]").inner_text() == expected
    for name in chosen:
        page.locator(f"[data-list={name}] input").check()
    page.locator("[data-print-form] button[type=submit]").click()
    page.wait_for_function("window.asked")
    for paper in PAPERS:
        assert pages(save(page, tmp_path / f"{paper}.pdf", paper)) == len(chosen)
    text = squeezed(run("pdftotext", tmp_path / "a4.pdf", "-"))
    titles = {record.id: record.entry.title[language] for record in book.of("checklists")}
    assert [name for name, title in titles.items() if squeezed(title) in text and name in chosen] == sorted(
        chosen, key=list(titles).index
    )
    assert squeezed(words(language)["kinds"]["checklists"]["lead"]) not in text


@each_language
def test_prose_prints_without_navigation_and_with_addresses(language: str, paper_page, tmp_path: Path) -> None:
    page = paper_page(f"{language}/pages/about-the-evidence/")
    text = squeezed(run("pdftotext", save(page, tmp_path / "prose.pdf", "a4"), "-"))
    assert squeezed(page.locator("h1").inner_text()) in text
    menu = page.locator("#menu .pb-nav__group").all_text_contents()
    assert [
        it for it in menu if squeezed(it) + squeezed(page.locator("#menu li li a").first.text_content()) in text
    ] == []
    for link in page.locator(".pb-prose a[href^=http]").all():
        assert squeezed(link.get_attribute("href")) in text
