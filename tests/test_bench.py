"""The generator gives a playbook that passes the check, and the bench's figures are right for known inputs."""

from __future__ import annotations

import gzip
import re
import sys
from pathlib import Path
from urllib.request import urlopen

import pytest
import yaml

from macros import links, rules, source
from macros.model import KINDS, LANGUAGES, Prose, walk

from . import bench, generate

COUNT = 20


@pytest.fixture(scope="module")
def generated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small generated playbook, and the stock site of the same text."""
    folder = tmp_path_factory.mktemp("generated")
    generate.write(folder / "ours", COUNT)
    generate.write_plain(folder / "plain", folder / "ours")
    return folder


@pytest.fixture(scope="module")
def book(generated: Path) -> source.Playbook:
    return source.read(generated / "ours")


# ---------------------------------------------------------------------------------------------------- the generator


def test_generated_playbook_is_valid(book: source.Playbook) -> None:
    assert rules.check(book) == []
    assert len(book.records) == COUNT
    assert {record.kind for record in book.records.values()} == set(KINDS)
    assert book.facts


def test_the_same_count_gives_the_same_files(generated: Path, tmp_path: Path) -> None:
    generate.write(tmp_path, COUNT)
    written = sorted(file.relative_to(generated / "ours") for file in (generated / "ours" / "data").rglob("*.yml"))
    assert written == sorted(file.relative_to(tmp_path) for file in (tmp_path / "data").rglob("*.yml"))
    assert all((generated / "ours" / name).read_bytes() == (tmp_path / name).read_bytes() for name in written)


@pytest.mark.parametrize("count", [20, 100, 1_000, 5_000])
def test_there_are_as_many_entries_as_asked_for(count: int) -> None:
    shared = generate.shares(count)
    assert sum(shared.values()) == count
    assert set(shared) == set(KINDS)
    assert min(shared.values()) > 0


def test_too_few_entries_for_every_kind_are_refused() -> None:
    with pytest.raises(ValueError, match="at least 19 entries"):
        generate.shares(18)


def test_entries_are_about_400_words_and_refer_to_each_other() -> None:
    texts = dict.fromkeys(LANGUAGES, "")
    references = 0

    def note(value: object) -> None:
        nonlocal references
        if isinstance(value, dict) and "en" in value:
            for language in LANGUAGES:
                text = value[language] if isinstance(value[language], str) else " ".join(value[language])
                references += text.count("[[") if language == "en" else 0
                texts[language] += re.sub(r"\[\[.*?\]\]", "", text) + "\n"
        elif isinstance(value, dict | list):
            for part in value.values() if isinstance(value, dict) else value:
                note(part)

    made = dict(generate.entries(100))
    for fields in made.values():
        note(fields)
        assert all(len(fields["aliases"][language]) == 4 for language in LANGUAGES)
        assert len(fields["related"]) == 3
    assert 330 < len(texts["en"].split()) / 100 < 450  # the words that references show come on top
    # A Chinese word has one or two characters; a text of the same length has about as many words.
    assert 0.9 < len(re.findall(r"[\u3400-\u9fff]", texts["zh"])) / len(texts["en"].split()) < 2
    assert references > 100
    assert len({fields["title"]["en"] for fields in made.values()}) == 100


def test_references_stand_at_the_same_place_in_both_languages(book: source.Playbook) -> None:
    found = 0
    for record in book.records.values():
        for path, value in walk(record.entry):
            if isinstance(value, Prose):
                targets = [re.findall(r"\[\[([^|\]]+)", value[language]) for language in LANGUAGES]
                assert targets[0] == targets[1], f"{record.ref} {path}"
                found += len(targets[0])
    assert found > COUNT
    assert all(list(links.links(record)) for record in book.records.values())


# ---------------------------------------------------------------------------------------------------- the plain site


@pytest.mark.parametrize("docs", ["docs", "docs-words"])
def test_plain_site_has_the_same_pages_and_whole_links(docs: str, generated: Path) -> None:
    plain = generated / "plain" / docs
    names = {file.relative_to(plain) for file in plain.rglob("*.md")}
    ours = generated / "ours" / "docs"
    assert names == {file.relative_to(ours) for file in ours.rglob("*.md")}
    for file in plain.rglob("*.md"):
        text = file.read_text(encoding="utf-8")
        assert "[[" not in text, file
        assert all((file.parent / target).is_file() for target in re.findall(r"\]\(([^)]+)\)", text)), file


def test_plain_pages_hold_the_text_of_their_entry(generated: Path, book: source.Playbook) -> None:
    for ref, record in book.records.items():
        own = (generated / "plain" / "docs" / f"{ref}.md").read_text(encoding="utf-8")
        for path, value in walk(record.entry):
            if isinstance(value, Prose):
                assert value.en.split(" See [[")[0] in own, f"{ref} {path}"
        everything = (generated / "plain" / "docs-words" / f"{ref}.md").read_text(encoding="utf-8")
        assert everything.startswith(own)
        assert all(book.records[card].entry.summary.en in everything for card in record.entry.related), ref


def test_plain_site_has_our_navigation_and_no_plugin(generated: Path) -> None:
    nav = yaml.safe_load((generated / "ours" / "mkdocs.yml").read_text(encoding="utf-8"))["nav"]
    configs = {
        name: yaml.safe_load((generated / "plain" / name).read_text(encoding="utf-8"))
        for name in ("mkdocs.yml", "mkdocs.words.yml", "mkdocs.search.yml")
    }
    assert all(config["nav"] == nav for config in configs.values())
    assert [config["plugins"] for config in configs.values()] == [[], [], ["search"]]
    assert [config["docs_dir"] for config in configs.values()] == ["docs", "docs-words", "docs"]


# ---------------------------------------------------------------------------------------------------- the figures


@pytest.mark.parametrize(("large", "expected"), [((5_000, 50.0), 1.0), ((5_000, 250.0), 2.0), ((5_000, 10.0), 0.0)])
def test_exponent(large: tuple[int, float], expected: float) -> None:
    assert bench.exponent((1_000, 10.0), large) == pytest.approx(expected)


def test_pages_are_counted(tmp_path: Path) -> None:
    for name in ("index.html", "a/index.html", "a/style.css"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("x")
    assert bench.pages(tmp_path) == 2


def test_a_run_measures_memory_and_the_cpu_of_children_too(tmp_path: Path) -> None:
    # A process starts with the memory of the one that starts it, here that of the tests.
    idle = bench.run([sys.executable, "-c", ""], tmp_path)
    code = f"sum(range(3_000_000)); b'x' * {int(idle.peak + 200) * 1_000_000}"
    nested = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {code!r}], check=True)"
    used = bench.run([sys.executable, "-c", nested], tmp_path)
    assert used.peak > idle.peak + 150
    assert used.cpu > idle.cpu


def test_a_run_that_fails_ends_the_bench_with_what_it_said(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match="no such thing"):
        bench.run([sys.executable, "-c", "import sys; sys.exit('no such thing')"], tmp_path)


PAGE = """<!doctype html><link rel="stylesheet" href="../../a.css?v=1"><link rel="icon" href="../../i.svg">
<link rel="canonical" href="https://elsewhere.example/"><a href="https://elsewhere.example/">a link loads nothing</a>
<script src="../../s.js"></script><script src="../../s.js"></script>
<img src="data:image/gif;base64,R0lGODlhAQABAAAAACw=">
<script src="https://elsewhere.example/t.js"></script>"""


def test_a_page_is_weighed_with_what_it_loads(tmp_path: Path) -> None:
    files = {"a.css": "a { color: red }\n" * 99, "i.svg": "<svg></svg>", "s.js": "run()\n" * 99, "k/e/index.html": PAGE}
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    sizes = {name: len(gzip.compress(text.encode(), 9, mtime=0)) for name, text in files.items()}
    weight = bench.weigh(tmp_path, "k/e/index.html")
    assert (weight.html, weight.style) == (sizes["k/e/index.html"], sizes["a.css"])
    assert (weight.script, weight.other) == (sizes["s.js"], sizes["i.svg"])
    assert weight.total == sum(sizes.values())
    assert weight.requests == 4
    assert weight.foreign == ["https://elsewhere.example/t.js"]
    assert bench.own(tmp_path) == sizes["a.css"] + sizes["s.js"]


def test_a_widget_is_weighed_apart_from_what_every_page_loads(tmp_path: Path) -> None:
    files = ("playbook.css", "playbook.js", "search.js", "quizzes.css", "quizzes.js", "store.js", "page.js")
    for name in files:
        (tmp_path / name).write_text(f"/* {name} */" * 99, encoding="utf-8")
    with (tmp_path / "quizzes.js").open("a", encoding="utf-8") as script:
        script.write('import { a } from "./store.js";')
    with (tmp_path / "store.js").open("a", encoding="utf-8") as script:
        script.write('import { b } from "./page.js";')
    every = sum(bench.compressed(tmp_path / name) for name in ("playbook.css", "playbook.js", "search.js"))
    assert bench.own(tmp_path) == every
    scripts = sum(bench.compressed(tmp_path / name) for name in ("quizzes.js", "store.js", "page.js"))
    styles = bench.compressed(tmp_path / "quizzes.css")
    expected = f"quizzes: {scripts / 1000:.1f} kB gz of script, {styles / 1000:.1f} of style"
    assert bench.widgets(tmp_path) == expected


def test_what_is_compressed_already_is_weighed_as_it_is(tmp_path: Path) -> None:
    file = tmp_path / "index.pf_meta"
    file.write_bytes(b"x" * 1_000)
    assert bench.compressed(file) == 1_000


def test_the_middle_page_is_the_typical_one(tmp_path: Path) -> None:
    for place, name in enumerate(("long", "short", "middle")):
        page = tmp_path / "en" / "plays" / name / "index.html"
        page.parent.mkdir(parents=True)
        page.write_bytes(bytes(range(33, 33 + (90, 10, 40)[place])))
    (tmp_path / "en" / "plays" / "index.html").write_text("an index is no entry")
    assert bench.typical(tmp_path, "en") == "en/plays/middle/index.html"


def test_the_host_compresses_text_and_counts_what_it_sends(tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text("<p>text</p>" * 99)
    (tmp_path / "x.pf_index").write_bytes(b"y" * 500)
    with bench.hosted(tmp_path) as (address, sent):
        with urlopen(address) as answer:
            assert gzip.decompress(answer.read()).decode() == "<p>text</p>" * 99
        with urlopen(address + "x.pf_index") as answer:
            assert answer.read() == b"y" * 500
    assert sent == [("/", bench.compressed(tmp_path / "index.html")), ("/x.pf_index", 500)]


# ---------------------------------------------------------------------------------------------------- the table


@pytest.mark.parametrize(("figure", "verdict"), [(21.9, "ok"), (22, "ok"), (22.1, "MISSED"), (None, "not measured")])
def test_verdict(figure: float | None, verdict: str) -> None:
    target = bench.Target("a page", figure, 22, "ms CPU")
    assert target.verdict == verdict
    assert str(target).endswith(verdict)


@pytest.mark.parametrize(
    ("value", "shown"), [(0, "0"), (1.149, "1.15"), (12.34, "12.3"), (123.4, "123"), (5e3, "5,000")]
)
def test_number(value: float, shown: str) -> None:
    assert bench.number(value) == shown


def test_every_target_is_worked_out_from_the_runs() -> None:
    runs = {
        (bench.OURS, 1_000): bench.Run(cpu=23.0, wall=1, peak=1),
        (bench.OURS, 5_000): bench.Run(cpu=115.0, wall=1, peak=1),
        (bench.PLAIN, 1_000): bench.Run(cpu=10.0, wall=1, peak=1),
        (bench.WORDS, 1_000): bench.Run(cpu=20.0, wall=1, peak=1),
        (bench.CHECK, 5_000): bench.Run(cpu=9.0, wall=1, peak=1),
    }
    searches = {
        ("en", 5_000): bench.Search(requests=5, foreign=[], word=150_000, two=1, letters=1),
        ("zh", 5_000): bench.Search(requests=5, foreign=["https://a.example/"], word=201_000, two=1, letters=1),
        ("zh", 1_000): bench.Search(requests=5, foreign=[], word=900_000, two=1, letters=1),
    }
    weight = bench.Weight(html=6_000, style=60_000, script=20_000, other=1_000, requests=6)
    made = bench.targets(runs, {(bench.OURS, 1_000): 1_000}, weight, 12_000, searches)
    figures = [23.0, 1.15, 2.3, 1.0, 87.0, 12.0, 1, 201.0, 9.0]
    assert [target.figure for target in made] == pytest.approx(figures)
    verdicts = ["MISSED", "ok", "MISSED", "ok", "MISSED", "ok", "MISSED", "MISSED", "ok"]
    assert [target.verdict for target in made] == verdicts
    nothing = bench.targets({}, {}, bench.Weight(), 0, {})
    assert [target.verdict for target in nothing].count("not measured") == 6


def test_table_has_a_column_per_size_and_a_dash_where_nothing_was_measured() -> None:
    runs = {(bench.OURS, 100): bench.Run(1.5, 2.5, 60.0), (bench.STOCK, 100): bench.Run(1.0, 2.0, 50.0)}
    runs[bench.OURS, 5_000] = bench.Run(75.0, 80.0, 400.0)
    counts = {(bench.OURS, 100): 100, (bench.STOCK, 100): 100, (bench.OURS, 5_000): 5_000}
    text = bench.building(runs, [100, 5_000], counts)
    rows = [line.split() for line in text.splitlines() if line.strip().startswith((bench.OURS, bench.STOCK))]
    assert [row[-2:] for row in rows] == [
        ["1.50", "75"],
        ["1", "–"],
        ["2.50", "80"],
        ["2", "–"],
        ["15", "15"],
        ["10", "–"],
        ["60", "400"],
        ["50", "–"],
    ]
