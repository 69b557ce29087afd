"""The command line of the playbook: check, new, build, print, serve, schema, export."""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from . import rules, source
from .export import FORMATS, left_out
from .model import ID, KINDS


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; gives the exit status: 0 done, 1 something is wrong with the content, 2 with the call."""
    options = _parser().parse_args(arguments)
    root = Path.cwd()
    if not (root / "mkdocs.base.yml").is_file():
        print("playbook: run it in the folder of the playbook, where mkdocs.yml is", file=sys.stderr)
        return 2
    try:
        return int(options.run(root, options) or 0)
    except source.DataError as error:
        print(error, file=sys.stderr)
        return 1


def check(root: Path, options: argparse.Namespace) -> int:
    """Check the data alone; every problem is one line."""
    book = source.read(root)
    problems = rules.check(book)
    for warning in rules.overdue(book, date.today()):
        print(f"warning: {warning}")
    if problems:
        raise source.DataError(problems)
    print(f"{len(book.records)} entries in {len(KINDS)} kinds, {len(book.facts)} facts: nothing wrong")
    return 0


def new(root: Path, options: argparse.Namespace) -> int:
    """Start an entry, its page in docs/ and the editor's suggestions."""
    from . import schema
    from .new import skeleton

    kind, name = options.kind, options.id
    if kind not in KINDS:
        print(f"playbook: there is no kind `{kind}`{source.did_you_mean(kind, KINDS)}", file=sys.stderr)
        return 2
    if not re.fullmatch(ID, name):
        print(f"playbook: `{name}` is no id; use lower-case words joined by hyphens", file=sys.stderr)
        return 2
    if name == "index":
        print(f"playbook: `index` is the page that lists data/{kind}/; choose another id", file=sys.stderr)
        return 2
    file = root / "data" / kind / f"{name}.yml"
    if file.exists():
        print(f"playbook: data/{kind}/{name}.yml is there already; nothing was written", file=sys.stderr)
        return 2
    book = source.read(root)
    owners = [record.id for record in book.of("owners")] or [name]
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(skeleton(kind, owners[0], date.today()), encoding="utf-8")
    page = root / "docs" / kind / f"{name}.md"
    page.parent.mkdir(parents=True, exist_ok=True)
    if not page.exists():
        page.write_text(rules.page_text(source.Ref(kind, name)), encoding="utf-8")
    schema.write(book)
    print(f"wrote data/{kind}/{name}.yml and docs/{kind}/{name}.md; fill in the texts, then run `make check`")
    return 0


def build(root: Path, options: argparse.Namespace) -> int:
    """Build the site, and for `print` the PDFs that it links to."""
    from .build import BuildError
    from .build import build as build_site

    site_dir = (root / options.site_dir).resolve()
    try:
        build_site(root, site_dir, options.engine, pdfs=options.pdfs)
    except BuildError as error:
        print(f"{error}\n{options.site_dir} is as it was before.", file=sys.stderr)
        return 1
    print(f"the site is in {options.site_dir}")
    return 0


def serve(root: Path, options: argparse.Namespace) -> int:
    """Serve the site on this machine."""
    from .serve import serve as serve_site

    try:
        serve_site(root, options.host, options.port)
    except OSError as error:
        where = f"{options.host}:{options.port}"
        print(f"playbook: cannot listen on {where} ({error.strerror}); try --port 8001", file=sys.stderr)
        return 2
    return 0


def schema(root: Path, options: argparse.Namespace) -> int:
    """Write the JSON Schemas for editors."""
    from . import schema as schemas

    changed = schemas.write(source.read(root))
    print(f"{len(changed)} of {len(KINDS)} schemas in {schemas.FOLDER}/ changed")
    return 0


def export(root: Path, options: argparse.Namespace) -> int:
    """Write the quizzes for another program, in both languages."""
    from .build import urls

    name = options.format
    if name not in FORMATS:
        better = source.did_you_mean(name, FORMATS) or f"; choose one of: {', '.join(FORMATS)}"
        print(f"playbook: there is no format `{name}`{better}", file=sys.stderr)
        return 2
    book = source.read(root)
    problems = rules.check(book)
    if problems:
        raise source.DataError(problems)
    format_ = FORMATS[name]
    folder = root / options.out
    folder.mkdir(parents=True, exist_ok=True)
    for language, url in urls(root).items():
        for file in format_.write(book, language, url, folder):
            print(f"wrote {Path(options.out, file.relative_to(folder))}")
    missing = left_out(book, format_)
    if missing:
        print(f"left out, for {name} has no {' or '.join(format_.lacks)}: {', '.join(missing)}")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="playbook", description="Keeps, checks and builds the sales playbook.")
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")

    def command(run: object, name: str, help_: str, example: str) -> argparse.ArgumentParser:
        made = commands.add_parser(name, help=help_, description=help_, epilog=f"example: {example}")
        made.set_defaults(run=run)
        return made

    command(check, "check", "Check the data and say everything that is wrong with it.", "playbook check")
    made = command(new, "new", "Start a new entry.", "playbook new plays discovery-call")
    made.add_argument("kind", metavar="KIND", help=f"one of: {', '.join(KINDS)}")
    made.add_argument("id", metavar="ID", help="lower-case words joined by hyphens; the name of the file")
    pdfs = "Build the whole site, with a PDF of every checklist and a booklet per role in its folder print/."
    for name, help_, example in (
        ("build", "Build the whole site.", "playbook build --engine zensical --site-dir /tmp/site"),
        ("print", pdfs, "playbook print"),
    ):
        made = command(build, name, help_, example)
        made.set_defaults(pdfs=name == "print")
        made.add_argument("--engine", choices=("mkdocs", "zensical"), default="mkdocs", help="default: mkdocs")
        made.add_argument("--site-dir", default="site", metavar="DIR", help="where the site goes; default: site")
    made = command(serve, "serve", "Serve the site here and rebuild it on every change.", "playbook serve --port 8001")
    made.add_argument("--host", default="127.0.0.1", help="default: 127.0.0.1")
    made.add_argument("--port", type=int, default=8000, help="default: 8000")
    command(schema, "schema", "Write the JSON Schemas that editors use.", "playbook schema")
    help_ = "Write the quizzes for another program, in both languages."
    made = command(export, "export", help_, "playbook export anki --out /tmp/export")
    formats = "; ".join(f"{name}: {one.what}" for name, one in FORMATS.items())
    made.add_argument("format", metavar="FORMAT", help=formats)
    made.add_argument("--out", default="export", metavar="DIR", help="where the files go; default: export")
    return parser


if __name__ == "__main__":
    sys.exit(main())
