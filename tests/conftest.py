"""What several tests need: the repository, its playbook, the miniature playbook, built sites, a server, a browser."""

from __future__ import annotations

import shutil
import socket
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from macros import build, source

from . import browser as chromium
from . import dom

ROOT = Path(__file__).resolve().parents[1]
MINIATURE = ROOT / "tests" / "miniature"
SUB_PATH = "/any/sub/path/"
PATIENCE = 20_000
"""Milliseconds after which a browser test gives up; nothing waits so long unless it is broken."""


@pytest.fixture(scope="session")
def book() -> source.Playbook:
    """The playbook of this repository, as it is read from data/."""
    return source.read(ROOT)


@pytest.fixture
def miniature(tmp_path: Path) -> Path:
    """A copy of the miniature playbook: one valid entry per kind, for a test to change."""
    return Path(shutil.copytree(MINIATURE, tmp_path / "miniature"))


# ---------------------------------------------------------------------------------------------------- built sites


def copy_repository(target: Path) -> Path:
    """Copy everything that the site is made from, for a test to change."""
    for folder in ("data", "docs", "macros", "overrides"):
        shutil.copytree(ROOT / folder, target / folder, ignore=shutil.ignore_patterns("__pycache__"))
    for file in ROOT.glob("mkdocs*.yml"):
        shutil.copy(file, target)
    return target


def quiet(said: str) -> None:
    """Take what a build says and keep it off the screen."""


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A copy of the repository for one test to change."""
    return copy_repository(tmp_path / "repository")


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site of this repository with its PDFs, built once."""
    folder = tmp_path_factory.mktemp("mkdocs") / "site"
    build.build(ROOT, folder, "mkdocs", quiet, pdfs=True)
    return folder


@pytest.fixture(scope="session")
def zensical_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same site by the other engine; from a copy, for Zensical leaves a cache beside what it builds."""
    root = copy_repository(tmp_path_factory.mktemp("zensical") / "repository")
    build.build(root, root / "site", "zensical", quiet, pdfs=True)
    return root / "site"


@pytest.fixture(scope="session")
def pages(site: Path) -> dict[str, dom.Element]:
    """Every page of the site by its name, e.g. ``en/plays/discovery-call/index.html``."""
    return dom.read_site(site)


# ---------------------------------------------------------------------------------------------------- a web server

LIMIT = 90
"""Seconds after which something that should have happened has not; a build takes about three."""


def until(happened: Callable[[], bool]) -> None:
    """Wait until something has happened; fails after a generous limit."""
    end = time.monotonic() + LIMIT
    while not happened():
        assert time.monotonic() < end, f"it did not happen within {LIMIT} seconds"
        time.sleep(0.05)


def free_port() -> int:
    """A port on which nothing listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def headers(site: Path) -> dict[str, str]:
    """The headers that `_headers` tells a static host to send with every file."""
    lines = (site / "_headers").read_text(encoding="utf-8").splitlines()
    assert lines[0] == "/*", "the headers are for every address"
    return dict(line.strip().split(": ", 1) for line in lines[1:])


class _Host(SimpleHTTPRequestHandler):
    """A static host as README's example sets one up: the site's folder, its headers, its page for what is missing."""

    protocol_version = "HTTP/1.1"

    def __init__(self, *args: Any, prefix: str, sent: dict[str, str], **options: Any) -> None:
        self.prefix, self.sent = prefix, sent
        super().__init__(*args, **options)

    def translate_path(self, path: str) -> str:
        inside = path.removeprefix(self.prefix)
        return super().translate_path("/" + inside if inside != path else "/nothing-lies-outside")

    def end_headers(self) -> None:
        for name, value in self.sent.items():
            self.send_header(name, value)
        super().end_headers()

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        body = Path(self.directory, "404.html").read_bytes()
        self.send_response(code)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        pass


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        # A browser that leaves a page hangs up on what it was loading.
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


@contextmanager
def hosted(site: Path, prefix: str = "/") -> Iterator[str]:
    """Serve a built site below `prefix` on a free port; gives its address, with a slash at the end."""
    handler = partial(_Host, directory=str(site), prefix=prefix, sent=headers(site))
    with _Server(("127.0.0.1", 0), handler) as host:
        Thread(target=host.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{host.server_port}{prefix}"
        host.shutdown()


@pytest.fixture(scope="session")
def server(site: Path) -> Iterator[str]:
    """The address of the site on a host that keeps it in a folder of its own."""
    with hosted(site, SUB_PATH) as address:
        yield address


@pytest.fixture(scope="session")
def root_server(site: Path) -> Iterator[str]:
    """The address of the site where `site_url` says it is, at the top of its host; 404 pages need that."""
    with hosted(site) as address:
        yield address


# ---------------------------------------------------------------------------------------------------- a browser


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The browser, started once; a test that needs it fails where there is none."""
    with sync_playwright() as playwright:
        opened = chromium.launch(playwright)
        expect.set_options(timeout=PATIENCE)
        yield opened
        opened.close()


WATCH = """
document.addEventListener("securitypolicyviolation", (event) =>
  console.error(`refused by the policy: ${event.blockedURI} (${event.violatedDirective})`));
"""


@dataclass
class Reader:
    """Somebody in front of the site: opens pages, and notes whatever a page must not do."""

    browser: Browser
    server: str
    complaints: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)
    contexts: list[BrowserContext] = field(default_factory=list)

    def open(
        self,
        path: str,
        *,
        server: str = "",
        scheme: str = "light",
        width: int = 1280,
        height: int = 800,
        **options: Any,
    ) -> Page:
        """Open a page of the site by its path; `options` are those of a Playwright context."""
        base = server or self.server
        context = self.browser.new_context(
            viewport={"width": width, "height": height}, color_scheme=scheme, reduced_motion="reduce", **options
        )
        context.set_default_timeout(PATIENCE)
        context.add_init_script(WATCH)
        self.contexts.append(context)
        page = context.new_page()
        page.on("console", lambda said: said.type in ("error", "warning") and self.complaints.append(said.text))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("dialog", lambda dialog: (self.complaints.append(f"a dialog: {dialog.message}"), dialog.dismiss()))
        page.on("request", lambda request: self._note(request.url, base))
        page.goto(base + path)
        return page

    def _note(self, url: str, base: str) -> None:
        self.requests.append(url)
        if not url.startswith(base):
            self.complaints.append(f"asked for {url}, which is outside the site")

    def close(self) -> None:
        """Close every page."""
        for context in self.contexts:
            context.close()


@pytest.fixture
def reader(browser: Browser, server: str) -> Iterator[Reader]:
    """Opens pages; afterwards fails where one of them complained, broke the policy or asked for something elsewhere."""
    reader = Reader(browser, server)
    yield reader
    reader.close()
    assert not reader.complaints, "\n".join(reader.complaints)
