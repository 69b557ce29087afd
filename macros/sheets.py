"""Makes the PDFs: the sheet of every checklist and a booklet per role, on each paper, in each language.

They are the same markup and styles as the page that the browser prints, set by WeasyPrint, and the same bytes whenever
the data is the same.
"""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from datetime import date
from pathlib import Path

from . import source
from .model import LANGUAGES
from .render import PAPERS, Site, leading_on

FOLDER = "print"
ROLES = ("seller", "manager")
PANGO = (
    "the PDFs need Pango, which is not installed: `apt-get install libpango-1.0-0 libpangoft2-1.0-0 "
    "libharfbuzz-subset0` on Debian and Ubuntu, `brew install pango` on macOS"
)
FONT = (
    "the PDFs need a font with Chinese characters, and none is installed: `apt-get install fonts-noto-cjk` on Debian "
    "and Ubuntu; macOS and Windows come with one"
)


class PrintError(Exception):
    """The PDFs cannot be made on this machine; the message says what to install."""


def write(root: Path, site: Path, urls: dict[str, str], today: date) -> list[Path]:
    """Write every PDF of the playbook below `root` into ``site/print/<language>/``; gives the files.

    `urls` is the public address of the site by language; `ready` says whether this machine can do it.
    """
    jobs = [(root, site, language, urls[language], paper, today) for language in LANGUAGES for paper in PAPERS]
    with ProcessPoolExecutor(2) as pool:
        return sorted(file for files in pool.map(_write, *zip(*jobs, strict=True)) for file in files)


def ready() -> None:
    """Raise `PrintError` where a PDF cannot be made."""
    try:
        import weasyprint  # noqa: F401
    except OSError:
        raise PrintError(PANGO) from None
    try:
        fonts = subprocess.run(["fc-list", ":lang=zh"], capture_output=True, text=True, check=False).stdout
    except FileNotFoundError:
        return  # A machine without fontconfig's commands has its fonts from elsewhere.
    if not fonts.strip():
        raise PrintError(FONT)


def documents(site: Site, paper: str) -> Iterator[tuple[str, str]]:
    """The name and the HTML of every document in a language on a paper, e.g. ``("pre-call-a4", "<!doctype …")``."""
    records = leading_on(site.book.of("checklists"))
    for record in records:
        yield f"{record.id}-{paper}", site.sheets([record.ref], paper)
    for role in ROLES:
        mine = [record.ref for record in records if record.entry.role == role]  # type: ignore[attr-defined]
        if mine:
            yield f"booklet-{role}-{paper}", site.sheets(mine, paper)


def _write(root: Path, target: Path, language: str, url: str, paper: str, today: date) -> list[Path]:
    from weasyprint import CSS, HTML
    from weasyprint.text.fonts import FontConfiguration

    folder = target / FOLDER / language
    folder.mkdir(parents=True, exist_ok=True)
    site = Site(source.read(root), language, "", today, url=url)
    fonts = FontConfiguration()
    style = CSS(root / "docs" / "assets" / "checklists.css", font_config=fonts)
    written = []
    for name, html in documents(site, paper):
        file = folder / f"{name}.pdf"
        HTML(string=html, base_url=url).write_pdf(file, stylesheets=[style], font_config=fonts, pdf_variant="pdf/ua-1")
        written.append(file)
    return written
