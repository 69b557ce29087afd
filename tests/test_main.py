"""The command line: what it says, what it writes, how it ends."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from macros.__main__ import main
from macros.model import KINDS

from .conftest import ROOT

COMMANDS = ("check", "new", "build", "print", "serve", "schema", "export")


@pytest.fixture
def playbook(miniature: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The miniature playbook, with the command line called in its folder."""
    (miniature / "mkdocs.base.yml").write_text("", encoding="utf-8")
    monkeypatch.chdir(miniature)
    return miniature


def files(root: Path) -> dict[str, bytes]:
    """Every file below a folder with its content, to see what a command changed."""
    return {str(file.relative_to(root)): file.read_bytes() for file in root.rglob("*") if file.is_file()}


def run(root: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """The command line in a process of its own, as somebody at a terminal meets it."""
    return subprocess.run(
        [sys.executable, "-m", "macros", *arguments],
        cwd=root,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )


def break_entry(root: Path) -> None:
    file = root / "data" / "plays" / "first-call.yml"
    file.write_text(file.read_text(encoding="utf-8").replace("needs:", "need:"), encoding="utf-8")


# ---------------------------------------------------------------------------------------------------- help


@pytest.mark.parametrize("command", COMMANDS)
def test_help_has_an_example(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main([command, "--help"])
    assert ended.value.code == 0
    said = " ".join(capsys.readouterr().out.split())
    assert f"example: playbook {command}" in said
    # The first sentence says what the command is for.
    assert re.search(r"[A-Z][^.]+\.", said)


def test_help_lists_the_commands(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--help"])
    assert ended.value.code == 0
    assert re.findall(r"^    ([a-z]+) ", capsys.readouterr().out, re.MULTILINE) == list(COMMANDS)


@pytest.mark.parametrize("arguments", [[], ["chekc"], ["new", "plays"], ["build", "--engine", "hugo"]], ids=" ".join)
def test_bad_call_ends_with_2(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2
    assert "usage: playbook" in capsys.readouterr().err


def test_help_names_the_kinds(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["new", "--help"])
    said = re.sub(r"\s+", "", capsys.readouterr().out)
    assert [kind for kind in KINDS if kind not in said] == []


@pytest.mark.parametrize("command", ["check", "new plays demo", "build", "serve", "schema"])
def test_outside_a_playbook_it_says_where_to_go(
    command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(command.split()) == 2
    assert capsys.readouterr().err == "playbook: run it in the folder of the playbook, where mkdocs.yml is\n"
    assert list(tmp_path.iterdir()) == []


# ---------------------------------------------------------------------------------------------------- check


def test_check_of_good_data_ends_with_0(playbook: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check"]) == 0
    said = capsys.readouterr()
    assert said.out.splitlines()[-1] == f"{len(KINDS)} entries in {len(KINDS)} kinds, 2 facts: nothing wrong"
    assert said.err == ""


def test_check_of_bad_data_ends_with_1(playbook: Path, capsys: pytest.CaptureFixture[str]) -> None:
    break_entry(playbook)
    assert main(["check"]) == 1
    assert capsys.readouterr().err.splitlines() == [
        "2 problems in the data",
        "data/plays/first-call.yml:1: needs: this field is missing; add it",
        "data/plays/first-call.yml:12: need: no such field; did you mean `needs`?",
    ]


def test_check_warns_of_what_is_overdue_and_ends_with_0(playbook: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = playbook / "data" / "plays" / "first-call.yml"
    file.write_text(file.read_text(encoding="utf-8").replace("2026-11-23", "2001-01-01"), encoding="utf-8")
    assert main(["check"]) == 0
    warning = "verified until 2001-02-12; look it over and renew the date"
    assert f"warning: data/plays/first-call.yml:36: verified_on: {warning}\n" in capsys.readouterr().out


def test_bad_data_gives_no_traceback(playbook: Path) -> None:
    break_entry(playbook)
    (playbook / "data" / "glossary" / "lead.yml").write_bytes(b"title: \xff\x00[[[")
    for arguments in (["check"], ["build"]):
        done = run(playbook, *arguments)
        assert done.returncode == 1
        assert "Traceback" not in done.stdout + done.stderr
        assert re.search(r"^data/glossary/lead\.yml:1: not UTF-8; ", done.stderr, re.MULTILINE)
        assert re.search(r"^data/plays/first-call\.yml:12: need: no such field", done.stderr, re.MULTILINE)


def test_real_data_is_good_from_the_terminal() -> None:
    done = run(ROOT, "check")
    assert done.returncode == 0, done.stderr
    assert re.search(rf"^\d+ entries in {len(KINDS)} kinds, 63 facts: nothing wrong$", done.stdout, re.MULTILINE)


# ---------------------------------------------------------------------------------------------------- new, schema


@pytest.mark.parametrize("kind", KINDS)
def test_new_writes_an_entry_and_its_page(kind: str, playbook: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = files(playbook)
    assert main(["new", kind, "quite-new-2"]) == 0
    said = capsys.readouterr().out
    after = files(playbook)
    assert {name: after[name] for name in before} == before
    schemas = {f".vscode/schemas/{name}.json" for name in KINDS}
    assert after.keys() - before.keys() == {f"data/{kind}/quite-new-2.yml", f"docs/{kind}/quite-new-2.md", *schemas}
    assert after[f"docs/{kind}/quite-new-2.md"].decode() == f'{{{{ entry("{kind}/quite-new-2") }}}}\n'
    assert f"wrote data/{kind}/quite-new-2.yml and docs/{kind}/quite-new-2.md" in said
    assert "make check" in said
    # Its texts are still empty.
    assert main(["check"]) == 1


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["playz", "demo"], "there is no kind `playz`; did you mean `plays`?"),
        (["..", "demo"], "there is no kind `..`"),
        (["plays", "Demo"], "`Demo` is no id; use lower-case words joined by hyphens"),
        (["plays", "demo call"], "`demo call` is no id"),
        (["plays", "../escape"], "`../escape` is no id"),
        (["plays", "demo\n"], "is no id"),
        (["plays", "演示"], "`演示` is no id"),
        (["plays", "index"], "`index` is the page that lists data/plays/; choose another id"),
        (["plays", "first-call"], "data/plays/first-call.yml is there already; nothing was written"),
    ],
    ids=["kind", "kind-dots", "capitals", "blank", "folder", "line-end", "chinese", "index", "there-already"],
)
def test_new_refuses_and_writes_nothing(
    arguments: list[str], message: str, playbook: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = files(playbook)
    assert main(["new", *arguments]) == 2
    assert message in capsys.readouterr().err
    assert files(playbook) == before


def test_new_keeps_a_page_that_is_there(playbook: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page = playbook / "docs" / "plays" / "demo.md"
    page.write_text('{{ entry("plays/demo") }}\n\nSomebody wrote more.\n', encoding="utf-8")
    assert main(["new", "plays", "demo"]) == 0
    assert "Somebody wrote more." in page.read_text(encoding="utf-8")


def test_schema_says_how_many_changed(playbook: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["schema"]) == 0
    assert main(["schema"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        f"{len(KINDS)} of {len(KINDS)} schemas in .vscode/schemas/ changed",
        f"0 of {len(KINDS)} schemas in .vscode/schemas/ changed",
    ]


# ---------------------------------------------------------------------------------------------------- build, serve


def test_build_that_cannot_be_done_ends_with_1(playbook: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The miniature has no configuration of its own, so the engine cannot start."""
    site = playbook / "site"
    site.mkdir()
    (site / "index.html").write_text("the last good one", encoding="utf-8")
    assert main(["build"]) == 1
    assert capsys.readouterr().err.endswith("\nsite is as it was before.\n")
    assert files(site) == {"index.html": b"the last good one"}


def test_serve_on_a_bad_address_ends_with_2(playbook: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["serve", "--host", "203.0.113.1", "--port", "8123"]) == 2
    assert re.match(
        r"playbook: cannot listen on 203\.0\.113\.1:8123 \(.+\); try --port 8001\n", capsys.readouterr().err
    )
