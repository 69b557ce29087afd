"""What several tests need: the repository, its playbook, the miniature playbook."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from macros import source

ROOT = Path(__file__).resolve().parents[1]
MINIATURE = ROOT / "tests" / "miniature"


@pytest.fixture(scope="session")
def book() -> source.Playbook:
    """The playbook of this repository, as it is read from data/."""
    return source.read(ROOT)


@pytest.fixture
def miniature(tmp_path: Path) -> Path:
    """A copy of the miniature playbook: one valid entry per kind, for a test to change."""
    return Path(shutil.copytree(MINIATURE, tmp_path / "miniature"))
