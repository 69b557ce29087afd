"""Finds the Chromium that the tests drive; `python -m tests.browser` installs it, if need be.

With it comes what the PDFs are made with and looked at: Pango, a Chinese font, the commands of Poppler.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Browser, Playwright, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FONT = "fonts-noto-cjk"
PANGO = ("libpango-1.0-0", "libpangoft2-1.0-0", "libharfbuzz-subset0")
POPPLER = "poppler-utils"
FLAGS = (
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-quic",
)


def executable() -> str | None:
    """The path of an installed Chromium; None where there is none, and Playwright looks for its own."""
    return next(filter(None, map(shutil.which, NAMES)), None)


def launch(playwright: Playwright) -> Browser:
    """Start the browser; without one a test fails and says what to do, it never skips."""
    path = executable()
    if path is None and not Path(playwright.chromium.executable_path).is_file():
        raise RuntimeError("there is no browser; install one with `python -m tests.browser` (`make test` does)")
    # Chromium's sandbox refuses to start for root.
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    return playwright.chromium.launch(executable_path=path, args=[*sandbox, *FLAGS])


def main() -> int:
    """Make a browser available; gives the exit status."""
    missing = [] if _has_chinese_font() else [FONT]
    if executable() is None:
        missing.insert(0, "chromium")
    if not _has_pango():
        missing += PANGO
    if not shutil.which("pdftotext"):
        missing.append(POPPLER)
    if missing and _apt(missing):
        missing = []
    if executable() is None and not _download():
        print(
            "no browser: neither apt-get nor Playwright could install Chromium; install it by hand and run this again",
            file=sys.stderr,
        )
        return 1
    for name in missing:
        if name != "chromium":
            print(f"{name} could not be installed; the tests of the PDFs fail until it is")
    with sync_playwright() as playwright:
        browser = launch(playwright)
        print(f"the tests use {executable() or playwright.chromium.executable_path}, version {browser.version}")
        browser.close()
    return 0


def _has_pango() -> bool:
    try:
        import weasyprint  # noqa: F401
    except OSError:
        return False
    return True


def _has_chinese_font() -> bool:
    if not shutil.which("fc-list"):
        return False
    return bool(subprocess.run(["fc-list", ":lang=zh"], capture_output=True, check=False).stdout.strip())


def _apt(packages: list[str]) -> bool:
    """Install Debian packages where that works without asking anybody."""
    prefix = next(_ways_to_be_root(), None)
    if prefix is None or not shutil.which("apt-get"):
        return False
    print(f"installing {' and '.join(packages)} with apt-get", flush=True)
    install = ["apt-get", "install", "-qq", "-y", "--no-install-recommends", *packages]
    quiet = ["env", "DEBIAN_FRONTEND=noninteractive"]
    return all(_run([*prefix, *quiet, *command]) for command in (["apt-get", "update", "-qq"], install))


def _ways_to_be_root() -> Iterator[list[str]]:
    if os.geteuid() == 0:
        yield []
    elif shutil.which("sudo") and _run(["sudo", "-n", "true"], stderr=subprocess.DEVNULL):
        yield ["sudo", "-n"]


def _download() -> bool:
    """Install Playwright's own Chromium, with the libraries it needs where that is allowed."""
    print("installing Playwright's own Chromium", flush=True)
    libraries = ["--with-deps"] if os.geteuid() == 0 and shutil.which("apt-get") else []
    return _run([sys.executable, "-m", "playwright", "install", *libraries, "chromium"])


def _run(command: list[str], **options: object) -> bool:
    return subprocess.run(command, check=False, **options).returncode == 0


if __name__ == "__main__":
    sys.exit(main())
