"""The generator gives a playbook that passes the check, and the bench's figures are right for known inputs."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from macros import rules, source

from . import bench, generate

COUNT = 20


@pytest.fixture(scope="module")
def generated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small generated playbook."""
    root = tmp_path_factory.mktemp("generated")
    generate.write(root, COUNT)
    return root


def test_generated_playbook_is_valid(generated: Path) -> None:
    book = source.read(generated)
    assert rules.check(book) == []
    assert len(book.records) >= COUNT


def test_the_same_count_gives_the_same_files(generated: Path, tmp_path: Path) -> None:
    generate.write(tmp_path, COUNT)
    written = sorted(file.relative_to(generated) for file in (generated / "data").rglob("*.yml"))
    assert written == sorted(file.relative_to(tmp_path) for file in (tmp_path / "data").rglob("*.yml"))
    assert all((generated / name).read_bytes() == (tmp_path / name).read_bytes() for name in written)


@pytest.mark.parametrize(("large", "expected"), [((5_000, 50.0), 1.0), ((5_000, 250.0), 2.0), ((5_000, 10.0), 0.0)])
def test_exponent(large: tuple[int, float], expected: float) -> None:
    assert bench.exponent((1_000, 10.0), large) == pytest.approx(expected)


def test_pages_are_counted(tmp_path: Path) -> None:
    for name in ("index.html", "a/index.html", "a/style.css"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("x")
    assert bench.pages(tmp_path) == 2


def test_text_is_weighed_compressed(tmp_path: Path) -> None:
    file = tmp_path / "a.css"
    file.write_text("a { color: red }\n" * 100)
    assert bench.compressed(file) == pytest.approx(len(gzip.compress(file.read_bytes(), 9)), abs=20)
