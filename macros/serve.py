"""Serves the finished site on this machine and builds it anew when a file changes; a failed build changes nothing."""

from __future__ import annotations

import hashlib
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
    site = root / SITE
    server = Server(builder=lambda: None, host=host, port=port, root=str(site), mount_path="/")

    def rebuild(*_: Any) -> None:
        started = time.monotonic()
        # A process of its own, so that an edit of macros/ is seen too.
        command = [sys.executable, "-m", "macros", "build", "--site-dir", str(site)]
        done = subprocess.run(command, cwd=root, text=True, encoding="utf-8", capture_output=True, check=False)
        print(done.stdout, end="", flush=True)
        server.problems = done.stderr.strip() if done.returncode else ""
        if done.returncode:
            print(f"{server.problems}\n\nThe last good site is still served. Mend the above; it is built again at once.", flush=True)
        else:
            (site / ".stamp").write_text(_stamp(root), encoding="utf-8")
            print(f"built in {time.monotonic() - started:.1f} s", flush=True)

    server.builder = rebuild
    stamp = site / ".stamp"
    if not stamp.is_file() or stamp.read_text(encoding="utf-8") != _stamp(root):
        rebuild()
    if not (site / "index.html").is_file():
        site.mkdir(exist_ok=True)
        (site / "index.html").write_text('<!doctype html><title>Playbook</title><main class="">…</main></body>', encoding="utf-8")
    for name in (*WATCHED, *CONFIGS):
        server.watch(str(root / name))
    print(f"serving http://{host}:{port}/ (English: /en/, Chinese: /zh/); Ctrl-C stops", flush=True)
    try:
        server.serve()
    except KeyboardInterrupt:
        print("\nstopped")
    finally:
        server.shutdown()


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
