"""The words of the interface, in both languages, read once from `words.yml`."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import yaml

from .model import LANGUAGES


@cache
def words(language: str) -> dict[str, Any]:
    """The interface words of a language, nested by place; a word missing in any language is an error."""
    tree = yaml.safe_load(Path(__file__).with_name("words.yml").read_text(encoding="utf-8"))
    return _pick(tree, language, "")


def _pick(tree: Any, language: str, at: str) -> Any:
    if not isinstance(tree, dict):
        raise ValueError(f"words.yml: {at}: expected a text for each of {', '.join(LANGUAGES)}")
    if tree.keys() & set(LANGUAGES):
        if tree.keys() != set(LANGUAGES):
            raise ValueError(f"words.yml: {at}: expected exactly {', '.join(LANGUAGES)}, found {', '.join(tree)}")
        return str(tree[language])
    return {key: _pick(value, language, f"{at}.{key}".lstrip(".")) for key, value in tree.items()}
