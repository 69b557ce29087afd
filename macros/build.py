"""Builds the whole site: both languages side by side, search, headers; aside first, then swapped into place."""

from __future__ import annotations

import base64
import hashlib
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

import yaml
from jinja2 import Environment, FileSystemLoader

from . import rules, sheets, source
from .model import KINDS, LANGUAGES
from .render import TEMPLATES
from .site import PDFS

CONFIGS = {"en": "mkdocs.yml", "zh": "mkdocs.zh.yml"}
POLICY = (
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'{hashes}; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
"""`wasm-unsafe-eval` lets the search start its WebAssembly; it allows no script."""

Say = Callable[[str], None]


class BuildError(Exception):
    """The site could not be built; the message says what the engine said. The last good site is still there."""


def build(root: Path, site_dir: Path, engine: str = "mkdocs", say: Say = print, *, pdfs: bool = False) -> None:
    """Build the playbook below `root` into `site_dir` with ``mkdocs`` or ``zensical``; with `pdfs`, its PDFs too.

    Raises `source.DataError` for bad data and `BuildError` where a tool fails; `site_dir` is as it was then.
    """
    say("checking the data")
    book = source.read(root)
    made = make_pages(book)
    if made:
        say(f"made in docs/: {', '.join(made[:5])}" + (f" and {len(made) - 5} more" if len(made) > 5 else ""))
    problems = rules.check(book)
    if problems:
        raise source.DataError(problems)
    if pdfs:
        try:
            sheets.ready()
        except sheets.PrintError as error:
            raise BuildError(str(error)) from None
    site_dir.parent.mkdir(parents=True, exist_ok=True)
    aside = site_dir.with_name(f".{site_dir.name}.new")
    shutil.rmtree(aside, ignore_errors=True)
    try:
        say(f"building {' and '.join(LANGUAGES)} with {engine}: {len(book.records)} entries")
        _run_engines(root, aside, engine, pdfs)
        if pdfs:
            made = sheets.write(root, aside, urls(root), date.today())
            say(f"made {len(made)} PDFs, {sum(file.stat().st_size for file in made) / 1e6:.1f} MB")
        _write_root(root, aside)
        say("indexing the pages for search")
        _index(aside)
        (aside / "_headers").write_text(headers(aside), encoding="utf-8")
        _swap(aside, site_dir)
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def make_pages(book: source.Playbook) -> list[str]:
    """Make the page in docs/ of every entry and every kind that has none; gives the names of those made."""
    wanted = {f"{kind}/index": rules.index_text(kind) for kind in KINDS}
    wanted |= {str(ref): rules.page_text(ref) for ref in book.records}
    made = []
    for name, text in wanted.items():
        file = book.root / "docs" / f"{name}.md"
        if not file.exists():
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
            made.append(f"{name}.md")
    return made


def urls(root: Path) -> dict[str, str]:
    """The public address of the site in each language, from its configuration."""
    return {
        language: yaml.safe_load((root / config).read_text(encoding="utf-8"))["site_url"]
        for language, config in CONFIGS.items()
    }


def _run_engines(root: Path, aside: Path, engine: str, pdfs: bool) -> None:
    # Zensical keeps one cache per project and empties it at the start, so its languages go one after the other.
    with ThreadPoolExecutor(len(CONFIGS) if engine == "mkdocs" else 1) as pool:
        outcomes = pool.map(partial(_run_engine, root, aside, engine, pdfs), CONFIGS)
        failed = [outcome for outcome in outcomes if outcome]
    if failed:
        raise BuildError("\n".join(failed))


def _run_engine(root: Path, aside: Path, engine: str, pdfs: bool, language: str) -> str:
    """Build one language; gives what went wrong, if anything."""
    target = (aside / language).resolve()
    # Zensical takes the folder from the configuration only, and none outside the project.
    config, inside = root / f".zensical.{language}.yml", root / f".zensical.{language}"
    try:
        if engine == "mkdocs":
            command = ["mkdocs", "build", "--strict", "-f", CONFIGS[language], "-d", str(target)]
        else:
            settings = {"INHERIT": CONFIGS[language], "site_dir": inside.name}
            config.write_text(yaml.safe_dump(settings), encoding="utf-8")
            command = ["zensical", "build", "--clean", "--strict", "-f", config.name]
        done = subprocess.run(
            [sys.executable, "-m", *command],
            cwd=root,
            env=os.environ | ({PDFS: "1"} if pdfs else {}),
            text=True,
            encoding="utf-8",
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
        )
        if engine == "zensical" and inside.is_dir():
            aside.mkdir(exist_ok=True)
            shutil.move(inside, target)
        if done.returncode or not (target / "index.html").is_file():
            return f"{engine} could not build the site in {language}:\n{done.stdout.strip()}"
        return ""
    finally:
        config.unlink(missing_ok=True)
        shutil.rmtree(inside, ignore_errors=True)


def _write_root(root: Path, aside: Path) -> None:
    """The page that sends people to their language, and the one for addresses outside both."""
    base = urlsplit(urls(root)["en"]).path.removesuffix("en/")
    template = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True).get_template("root.html.j2")
    (aside / "index.html").write_text(template.render(base="", found=True), encoding="utf-8")
    (aside / "404.html").write_text(template.render(base=base, found=False), encoding="utf-8")


def _index(aside: Path) -> None:
    command = [sys.executable, "-m", "pagefind", "--site", str(aside), "--quiet"]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)
    if done.returncode:
        raise BuildError(f"the search index could not be made:\n{done.stdout}{done.stderr}".strip())
    # The ready-made search boxes; ours is docs/assets/search.js.
    for extra in (*(aside / "pagefind").glob("*ui*"), aside / "pagefind" / "pagefind-highlight.js"):
        extra.unlink(missing_ok=True)


def headers(site: Path) -> str:
    """The headers a static host should send, in the form that many of them read from a file `_headers`."""
    hashes = "".join(f" '{found}'" for found in sorted(_script_hashes(site)))
    return "\n".join(
        [
            "/*",
            f"  Content-Security-Policy: {POLICY.format(hashes=hashes)}",
            "  X-Content-Type-Options: nosniff",
            "  Referrer-Policy: strict-origin-when-cross-origin",
            "",
        ]
    )


def _script_hashes(site: Path) -> set[str]:
    """The hashes of the scripts that stand inside pages, in the form a Content-Security-Policy names them."""
    found = set()
    for page in site.rglob("*.html"):
        for attributes, script in re.findall(r"<script\b([^>]*)>(.*?)</script>", page.read_text("utf-8"), re.DOTALL):
            if "src=" not in attributes and "application/" not in attributes:
                digest = hashlib.sha256(script.encode()).digest()
                found.add("sha256-" + base64.b64encode(digest).decode())
    return found


def _swap(new: Path, site_dir: Path) -> None:
    old = site_dir.with_name(f".{site_dir.name}.old")
    shutil.rmtree(old, ignore_errors=True)
    if site_dir.exists():
        site_dir.rename(old)
    new.rename(site_dir)
    shutil.rmtree(old, ignore_errors=True)
