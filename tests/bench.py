"""Measures building, reading and searching with synthetic entries and prints the figures beside their targets.

`python -m tests.bench` (`make bench`) takes some minutes; `--sizes 100,1000` and `--skip-search` make it shorter.
"""

from __future__ import annotations

import argparse
import gzip
import math
import mimetypes
import os
import re
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import urljoin, urlsplit

from . import dom

# Nothing large is imported here: what a measured process uses at least is what this one used when it started it.

SIZES = (100, 1_000, 5_000)
SMALL = 1_000
"""Up to this size everything runs three times and the least counts, for other programs only ever add to it."""

CHECK, OURS, PLAIN, WORDS, STOCK, ZENSICAL, WHOLE = (
    "playbook check",
    "ours, one language, MkDocs",
    "plain: the text of the entries",
    "plain: all the words of our pages",
    "plain: the text of the entries, its own search",
    "ours, one language, Zensical",
    "playbook build, all of it",
)
COMMANDS = {
    CHECK: ("ours", "macros check"),
    OURS: ("ours", "mkdocs build -q -f mkdocs.yml"),
    PLAIN: ("plain", "mkdocs build -q -f mkdocs.yml"),
    WORDS: ("plain", "mkdocs build -q -f mkdocs.words.yml"),
    STOCK: ("plain", "mkdocs build -q -f mkdocs.search.yml"),
    ZENSICAL: ("ours", "zensical build --clean -f mkdocs.yml"),
    WHOLE: ("ours", "macros build"),
}
BUILT = {OURS: "site/en", PLAIN: "site", WORDS: "site", STOCK: "site", ZENSICAL: "site/en", WHOLE: "site"}

COMPARED = f"""\
ours: the English site (mkdocs.yml): reading and checking both languages, then the pages with their cards, mentions,
  sources, previous and next. Without search, which is `playbook build`'s.
plain: MkDocs and Material with the same English text as Markdown: a file per entry in the same folders, a heading per
  field, lists, and a link wherever an entry refers to another; an index per kind; the same navigation (indexes only)
  and navigation.prune; no web fonts, no macros, no plugin. "The text of the entries" leaves out what our pages add;
  "all the words of our pages" has it written in: summaries of the cards, mentions with their sentences, neighbours.
playbook build: the data checked, both languages side by side, the search index, the headers.
CPU is user + system with children, peak memory that of the largest process, a page any HTML file that was written.
Up to {SMALL:,} entries the least of three runs in turn counts (but one `playbook build`), above there is one run."""


# ---------------------------------------------------------------------------------------------------- running


@dataclass(frozen=True)
class Run:
    """What a command used: CPU and wall seconds, and megabytes of its largest process."""

    cpu: float
    wall: float
    peak: float


def run(command: list[str], cwd: Path) -> Run:
    """Run a command and measure it with its children; ends the bench with what the command said where it fails."""
    with tempfile.TemporaryFile() as said:
        started = time.monotonic()
        process = subprocess.Popen(command, cwd=cwd, stdout=said, stderr=subprocess.STDOUT)
        _, status, used = os.wait4(process.pid, 0)
        wall = time.monotonic() - started
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            said.seek(0)
            sys.exit(f"{' '.join(command)} failed:\n{said.read().decode(errors='replace')[-3000:]}")
    # macOS counts in bytes, Linux in kilobytes.
    return Run(used.ru_utime + used.ru_stime, wall, used.ru_maxrss / (1e6 if sys.platform == "darwin" else 1e3))


def python(module: str, cwd: Path) -> Run:
    """Run a Python module, given with its arguments."""
    return run([sys.executable, "-m", *module.split()], cwd)


def measure(work: Path, sizes: list[int]) -> dict[tuple[str, int], Run]:
    """Run every command on every size, one after another."""
    found: dict[tuple[str, int], Run] = {}
    for size in sizes:
        turns = 3 if size <= SMALL else 1
        for turn in range(turns):
            for name, (folder, module) in COMMANDS.items():
                # The whole build comes last, once: its site is weighed and searched.
                if (name == WHOLE and turn < turns - 1) or (name == STOCK and size > SMALL):
                    continue
                say(f"{size:,} entries: {name}")
                once = python(module, work / str(size) / folder)
                before = found.get((name, size), once)
                found[name, size] = Run(*map(min, zip(_figures(once), _figures(before), strict=True)))
    return found


def _figures(used: Run) -> tuple[float, float, float]:
    return used.cpu, used.wall, used.peak


def pages(site: Path) -> int:
    """How many pages a site has."""
    return sum(1 for _ in site.rglob("*.html"))


def exponent(small: tuple[int, float], large: tuple[int, float]) -> float:
    """How a cost grows with the size, each given as (size, cost): 1 is in proportion, 2 is with the square."""
    return math.log(large[1] / small[1]) / math.log(large[0] / small[0])


# ---------------------------------------------------------------------------------------------------- weighing


@dataclass
class Weight:
    """What a first view of a page transfers, in bytes compressed by ``gzip -9``, and how often it asks."""

    html: int = 0
    style: int = 0
    script: int = 0
    other: int = 0
    requests: int = 0
    foreign: list[str] = field(default_factory=list)

    @property
    def total(self) -> int:
        """All of it."""
        return self.html + self.style + self.script + self.other


def weigh(site: Path, page: str) -> Weight:
    """Weigh a page of a site, given by its file, with all that its HTML makes a browser load."""
    weight = Weight(html=compressed(site / page), requests=1)
    for kind, address in sorted(set(_loaded(dom.read(site / page)))):
        if urlsplit(address).scheme == "data":
            continue
        if urlsplit(address).netloc:
            weight.foreign.append(address)
            continue
        weight.requests += 1
        file = site / urljoin(page, address).split("?")[0].split("#")[0]
        setattr(weight, kind, getattr(weight, kind) + compressed(file))
    return weight


def _loaded(page: dom.Element) -> Iterator[tuple[str, str]]:
    for element in page:
        attributes = element.attributes
        if element.tag == "script" and "src" in attributes:
            yield "script", attributes["src"]
        elif element.tag == "link" and "stylesheet" in attributes.get("rel", "").split():
            yield "style", attributes["href"]
        elif element.tag == "link" and {"icon", "preload", "modulepreload"} & set(attributes.get("rel", "").split()):
            yield "other", attributes["href"]
        elif element.tag in ("img", "iframe", "video", "audio", "source", "embed") and "src" in attributes:
            yield "other", attributes["src"]


def compressed(file: Path) -> int:
    """The bytes of a file as a host sends it: text compressed, the rest as it is."""
    return len(_body(file))


def _body(file: Path) -> bytes:
    content = file.read_bytes()
    return gzip.compress(content, 9, mtime=0) if _is_text(file) else content


def _is_text(file: Path) -> bool:
    kind = mimetypes.guess_type(file.name)[0] or ""
    return kind.startswith("text/") or kind in ("application/json", "application/javascript", "image/svg+xml")


def typical(site: Path, language: str) -> str:
    """The entry page of a language whose HTML is of the middle size."""
    entries = sorted((site / language).glob("*/*/index.html"), key=lambda file: (compressed(file), file))
    return str(entries[len(entries) // 2].relative_to(site))


IMPORT = re.compile(r"""\bfrom\s*["']\./([a-z]+)\.js["']""")
LATER = re.compile(r"""\bimport\(["']\./([a-z]+)\.js["']\)""")
"""How a script names another of the same folder that it needs at once, and one that it loads when somebody asks."""


def with_imports(script: Path, *forms: re.Pattern[str]) -> set[Path]:
    """A script and every other that it names in one of the forms."""
    found: set[Path] = set()
    waiting = [script]
    while waiting:
        file = waiting.pop()
        if file not in found:
            found.add(file)
            text = file.read_text(encoding="utf-8")
            waiting += [file.with_name(f"{name}.js") for form in forms for name in form.findall(text)]
    return found


def own(assets: Path) -> int:
    """The bytes of the styles and scripts of every page, whenever they are loaded; a widget's come on top of it."""
    from macros.render import WIDGETS

    scripts = [assets / f"{name}.js" for name in WIDGETS if (assets / f"{name}.js").is_file()]
    apart = {file for script in scripts for file in with_imports(script, IMPORT, LATER)}
    apart |= {assets / f"{style}.css" for style in WIDGETS.values()}
    return sum(compressed(file) for file in assets.iterdir() if file.suffix in (".css", ".js") and file not in apart)


def widgets(assets: Path) -> str:
    """What the pages that need a script of their own load on top of what every page does."""
    from macros.render import WIDGETS

    lines = []
    for name, style in WIDGETS.items():
        script = assets / f"{name}.js"
        if script.is_file():
            scripts = sum(map(compressed, with_imports(script, IMPORT)))
            later = sum(map(compressed, with_imports(script, IMPORT, LATER))) - scripts
            styles = compressed(assets / f"{style}.css") if style else 0
            asked = f", {later / 1000:.1f} more when asked for" if later else ""
            lines.append(f"{name}: {scripts / 1000:.1f} kB gz of script{asked}, {styles / 1000:.1f} of style")
    return "\n".join(lines)


def paper(work: Path) -> str:
    """What the PDFs of the shipped content cost: their build against one without."""
    used = {
        command: run([sys.executable, "-m", "macros", command, "--site-dir", str(work / command)], Path.cwd())
        for command in ("build", "print")
    }
    files = list((work / "print").rglob("*.pdf"))
    size = sum(file.stat().st_size for file in files) / 1e6
    return (
        f"{len(files)} PDFs, {size:.1f} MB: {used['print'].cpu - used['build'].cpu:.1f} CPU s on top of the "
        f"{used['build'].cpu:.1f} of the site; {used['print'].wall - used['build'].wall:.1f} s on the clock"
    )


# ---------------------------------------------------------------------------------------------------- searching


class _Host(SimpleHTTPRequestHandler):
    """A static host that compresses text, and notes the bytes of every body it sends."""

    protocol_version = "HTTP/1.1"

    def __init__(self, *arguments: Any, sent: list[tuple[str, int]], **options: Any) -> None:
        self.sent = sent
        super().__init__(*arguments, **options)

    def do_GET(self) -> None:
        file = Path(self.translate_path(self.path))
        file = file / "index.html" if file.is_dir() else file
        if not file.is_file():
            self.send_error(404)
            return
        body = _body(file)
        self.send_response(200)
        self.send_header("Content-Type", self.guess_type(file))
        self.send_header("Content-Length", str(len(body)))
        if _is_text(file):
            self.send_header("Content-Encoding", "gzip")
        self.end_headers()
        self.sent.append((self.path, len(body)))
        self.wfile.write(body)

    def log_message(self, format: str, *arguments: Any) -> None:  # noqa: A002
        pass


@contextmanager
def hosted(site: Path) -> Iterator[tuple[str, list[tuple[str, int]]]]:
    """Serve a site; gives its address, and the list to which every answer adds its path and its bytes."""
    sent: list[tuple[str, int]] = []
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(_Host, directory=str(site), sent=sent)) as host:
        host.daemon_threads = True
        Thread(target=host.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{host.server_port}/", sent
        host.shutdown()


QUERIES = {"en": ("discount", "discount contract"), "zh": ("折扣", "折扣 合同")}
"""A word that many of the synthetic entries hold, and two of them, for each language."""


@dataclass(frozen=True)
class Search:
    """What a browser asked for on the first view, and the bytes from opening the search until its results stand."""

    requests: int
    foreign: list[str]
    word: int
    two: int
    letters: int


def search(site: Path, language: str) -> Search:
    """Open an entry page in Chromium and search: for a common word, for two, and letter by letter as people type."""
    from playwright.sync_api import sync_playwright

    from . import browser as chromium

    path = typical(site, language).removesuffix("index.html")
    word, two = QUERIES[language]
    with sync_playwright() as playwright, hosted(site) as (address, sent):
        browser = chromium.launch(playwright)
        found: dict[str, int] = {}
        foreign: set[str] = set()
        first = 0
        for name, words in (("word", word), ("two", two), ("letters", word)):
            page = browser.new_context().new_page()
            page.on("request", lambda asked: asked.url.startswith(address) or foreign.add(asked.url))
            sent.clear()
            page.goto(address + path, wait_until="networkidle")
            first = len(sent)
            page.click("[data-search-open] >> visible=true")
            box = page.locator("#search-words")
            if name == "letters":
                box.press_sequentially(words, delay=200)
            else:
                box.fill(words)
            page.locator("[data-search-results] a").first.wait_for(timeout=60_000)
            seen = -1
            while seen != len(sent):
                seen = len(sent)
                page.wait_for_timeout(500)
            found[name] = sum(size for _, size in sent[first:])
            page.context.close()
        browser.close()
    return Search(first, sorted(foreign), **found)


# ---------------------------------------------------------------------------------------------------- the table


@dataclass(frozen=True)
class Target:
    """A figure and the most it may be; no figure where it was not measured."""

    name: str
    figure: float | None
    limit: float
    unit: str = ""

    @property
    def verdict(self) -> str:
        """``ok`` or ``MISSED``."""
        if self.figure is None:
            return "not measured"
        return "ok" if self.figure <= self.limit else "MISSED"

    def __str__(self) -> str:
        shown = "–" if self.figure is None else number(self.figure)
        return f"{self.name:<52}{shown:>9} ≤ {number(self.limit):<6}{self.unit:<12}{self.verdict}"


def number(value: float) -> str:
    """A figure with as many digits as it deserves."""
    return f"{value:,.0f}" if value >= 100 or value == int(value) else f"{value:.{1 if value >= 10 else 2}f}"


def table(title: str, sizes: list[int], rows: dict[str, list[float | None]]) -> str:
    """A table with a column per size; what was not measured is a dash."""
    lines = [f"{title:<52}" + "".join(f"{size:>12,}" for size in sizes)]
    for name, values in rows.items():
        lines.append(f"  {name:<50}" + "".join(f"{'–' if value is None else number(value):>12}" for value in values))
    return "\n".join(lines) + "\n"


def building(found: dict[tuple[str, int], Run], sizes: list[int], counts: dict[tuple[str, int], int]) -> str:
    """The tables about time and memory."""

    def rows(names: list[str], figure: Any) -> dict[str, list[float | None]]:
        return {name: [figure(name, size) if (name, size) in found else None for size in sizes] for name in names}

    engines = [OURS, PLAIN, WORDS, STOCK, ZENSICAL]
    return "\n".join(
        [
            table("CPU seconds · entries", sizes, rows(list(COMMANDS), lambda name, size: found[name, size].cpu)),
            table("wall seconds", sizes, rows(list(COMMANDS), lambda name, size: found[name, size].wall)),
            table(
                "CPU milliseconds a page",
                sizes,
                rows(engines, lambda name, size: 1000 * found[name, size].cpu / counts[name, size]),
            ),
            table("peak MB", sizes, rows(list(COMMANDS), lambda name, size: found[name, size].peak)),
        ]
    )


def growth(found: dict[tuple[str, int], Run], name: str) -> float | None:
    """The exponent of a command's CPU from 1,000 to 5,000 entries."""
    small, large = found.get((name, 1_000)), found.get((name, 5_000))
    return exponent((1_000, small.cpu), (5_000, large.cpu)) if small and large else None


def weights(site: Path, size: int) -> tuple[str, Weight]:
    """The table of what an entry page weighs, and the English page's weight."""
    made = {language: weigh(site, typical(site, language)) for language in ("en", "zh")}
    lines = [f"{f'kB gz of an entry page at {size:,} (the middle one)':<52}{'en':>12}{'zh':>12}"]
    for part in ("html", "style", "script", "other", "total"):
        lines.append(f"  {part:<50}" + "".join(f"{number(getattr(one, part) / 1000):>12}" for one in made.values()))
    lines.append(f"  {'requests':<50}" + "".join(f"{one.requests:>12}" for one in made.values()))
    return "\n".join(lines) + "\n", made["en"]


def say(text: str) -> None:
    """Say on the side what is going on."""
    print(text, file=sys.stderr, flush=True)


def main(arguments: list[str] | None = None) -> None:
    """Generate, measure, print."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description="Measures the playbook.")
    parser.add_argument("--sizes", default=",".join(map(str, SIZES)), help="how many entries, e.g. 100,1000")
    parser.add_argument("--skip-search", action="store_true", help="do not start a browser")
    options = parser.parse_args(arguments)
    sizes = sorted(int(size) for size in options.sizes.split(","))
    with tempfile.TemporaryDirectory(prefix="playbook-bench-") as folder:
        work = Path(folder)
        for size in sizes:
            say(f"{size:,} entries: writing")
            # In a process of its own, see the imports.
            run([sys.executable, "-m", "tests.generate", str(size), str(work / str(size))], Path.cwd())
        report(work, sizes, skip_search=options.skip_search)


def report(work: Path, sizes: list[int], *, skip_search: bool) -> None:
    """Measure the generated playbooks and print every table, then the targets."""
    floor = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1e6 if sys.platform == "darwin" else 1e3)
    found = measure(work, sizes)
    counts = {
        (name, size): pages(work / str(size) / COMMANDS[name][0] / BUILT[name]) for name, size in found if name in BUILT
    }
    print(COMPARED + "\n")
    print(building(found, sizes, counts))
    for name in (OURS, PLAIN, WORDS, ZENSICAL, WHOLE, CHECK):
        grown = growth(found, name)
        if grown is not None:
            print(f"growth 1,000 → 5,000, exponent of the CPU: {name:<40}{number(grown):>6}")
    sites = {size: work / str(size) / "ours" / "site" for size in sizes}
    at = 1_000 if 1_000 in sizes else sizes[-1]
    text, weight = weights(sites[at], at)
    ours = own(sites[at] / "en" / "assets")
    print("\n" + text)
    print(widgets(sites[at] / "en" / "assets"))
    print(paper(work) + "\n")
    searches: dict[tuple[str, int], Search] = {}
    if not skip_search:
        for size in sizes:
            for language in QUERIES:
                say(f"{size:,} entries: searching in {language}")
                searches[language, size] = search(sites[size], language)
        rows = {
            f"{language}: {what}": [getattr(searches[language, size], part) / 1000 for size in sizes]
            for language, (word, two) in QUERIES.items()
            for part, what in (("word", word), ("two", two), ("letters", f"{word}, letter by letter"))
        }
        print(table("kB gz of a search, until its results show", sizes, rows))
        seen = {f"{language} {one.requests}" for (language, size), one in searches.items() if size == at}
        print(f"requests of a first view seen in Chromium, without the icon: {', '.join(sorted(seen))}\n")
    print("\n".join(map(str, targets(found, counts, weight, ours, searches))))
    print(f"\nno measured process can show less than this one's own {floor:.0f} MB")


def targets(
    found: dict[tuple[str, int], Run],
    counts: dict[tuple[str, int], int],
    weight: Weight,
    ours: int,
    searches: dict[tuple[str, int], Search],
) -> list[Target]:
    """Every target with its figure."""

    def cpu(name: str, size: int) -> float | None:
        return found[name, size].cpu if (name, size) in found else None

    def times(plain: str) -> float | None:
        return found[OURS, 1_000].cpu / found[plain, 1_000].cpu if (OURS, 1_000) in found else None

    mine = cpu(OURS, 1_000)
    foreign = {*weight.foreign, *(address for one in searches.values() for address in one.foreign)}
    largest = [one.word / 1000 for (_, size), one in searches.items() if size == 5_000]
    return [
        Target("a page at 1,000 with MkDocs", mine and 1000 * mine / counts[OURS, 1_000], 22, "ms CPU"),
        Target("ours at 1,000 ÷ plain: all the words of our pages", times(WORDS), 1.15, "times"),
        Target("ours at 1,000 ÷ plain: the text of the entries", times(PLAIN), 1.15, "times"),
        Target("growth 1,000 → 5,000", growth(found, OURS), 1.1, "exponent"),
        Target("entry page, first view", weight.total / 1000, 85, "kB gz"),
        Target("own style and script", ours / 1000, 12, "kB gz"),
        Target("foreign requests", len(foreign), 0),
        Target("search for a word at 5,000, until its results show", max(largest, default=None), 200, "kB gz"),
        Target("check of 5,000", cpu(CHECK, 5_000), 10, "CPU s"),
    ]


if __name__ == "__main__":
    main()
