"""Serves the finished site on this machine and builds it anew when a file changes; a failed build changes nothing."""

from __future__ import annotations

import hashlib
import os
import socket
import subprocess
import sys
import time
from html import escape
from pathlib import Path
from typing import Any

from mkdocs.livereload import LiveReloadServer

SITE = ".site"
"""Where the served site lies, apart from `site/`, which is for the host."""
WATCHED = ("data", "docs", "macros", "overrides")
CONFIGS = ("mkdocs.base.yml", "mkdocs.yml", "mkdocs.zh.yml")


class Server(LiveReloadServer):
    """The live-reload server of MkDocs, which also says in the page what is wrong with the last edit."""

    problems = ""

    def _inject_js_into_html(self, content: bytes, epoch: Any) -> bytes:
        content = super()._inject_js_into_html(content, epoch)
        if not self.problems:
            return content
        note = f'<pre role="alert" class="pb-problems">{escape(self.problems)}</pre>'.encode()
        return content.replace(b'<main class="', note + b'<main class="', 1)


def serve(root: Path, host: str, port: int) -> None:
    """Serve the playbook below `root` until interrupted; raises OSError where the port is taken."""
    _claim(host, port)
    site = root / SITE
    server = Server(builder=lambda: None, host=host, port=port, root=str(site), mount_path="/")
    server.error_handler = lambda code: (site / "404.html").read_bytes()

    def rebuild() -> None:
        started = time.monotonic()
        server.problems = _build(root, site)
        if server.problems:
            print(server.problems)
            print("The last good site is still served; it is built again when a file changes.", flush=True)
        else:
            print(f"built in {time.monotonic() - started:.1f} s", flush=True)

    server.builder = rebuild
    if _is_current(root, site):
        print("nothing has changed since the last build", flush=True)
    else:
        rebuild()
    if not (site / "index.html").is_file():
        # The first build failed: there is a page to show the problems in, and to be reloaded.
        site.mkdir(exist_ok=True)
        (site / "index.html").write_text('<!doctype html><title>Playbook</title><body><main class=""></main></body>')
    for name in (*WATCHED, *CONFIGS):
        server.watch(str(root / name))
    print(f"serving http://{host}:{port}/ (English /en/, Chinese /zh/); Ctrl-C stops", flush=True)
    try:
        server.serve()
    except KeyboardInterrupt:
        print("\nstopped")
    finally:
        server.shutdown()


def _claim(host: str, port: int) -> None:
    """Fail before the build, not after it, where the port is taken."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind((host, port))


def _build(root: Path, site: Path) -> str:
    """Build the site in a process of its own, so that an edit of macros/ counts; gives what went wrong, if anything."""
    stamp = _stamp(root)
    done = subprocess.run(
        [sys.executable, "-m", "macros", "build", "--site-dir", str(site)],
        cwd=root,
        # Compiled files in macros/ would look like one more edit.
        env=os.environ | {"PYTHONDONTWRITEBYTECODE": "1"},
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        check=False,
    )
    if done.returncode:
        return done.stderr.strip() or "the build failed"
    (site / ".stamp").write_text(stamp, encoding="utf-8")
    return ""


def _is_current(root: Path, site: Path) -> bool:
    stamp = site / ".stamp"
    return stamp.is_file() and stamp.read_text(encoding="utf-8") == _stamp(root)


def _stamp(root: Path) -> str:
    """What the sources look like from outside; it changes when any file does."""
    seen = hashlib.sha256()
    for name in (*WATCHED, *CONFIGS):
        path = root / name
        for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
            if file.is_file() and "__pycache__" not in file.parts:
                stat = file.stat()
                seen.update(f"{file}|{stat.st_mtime_ns}|{stat.st_size}\n".encode())
    return seen.hexdigest()
