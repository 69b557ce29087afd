"""JSON Schemas for editors, made from the model: field names, descriptions, and the ids that a reference may name."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from .model import KINDS
from .source import Playbook

FOLDER = ".vscode/schemas"


def schemas(book: Playbook) -> dict[str, str]:
    """The text of every schema file by its name, e.g. ``plays.json``."""
    return {
        f"{kind}.json": json.dumps(schema(kind, book), ensure_ascii=False, indent=1, sort_keys=True) + "\n"
        for kind in KINDS
    }


def schema(kind: str, book: Playbook) -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of a kind; ids of entries are suggested, others stay allowed."""
    made = KINDS[kind].model_json_schema()
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **_suggest(made, book)}


def _suggest(node: Any, book: Playbook) -> Any:
    if isinstance(node, list):
        return [_suggest(item, book) for item in node]
    if not isinstance(node, dict):
        return node
    node = dict(node)
    target = node.pop("x-reference", None)
    if target is not None:
        known = [str(ref) for ref in book.records] if target == "*" else [record.id for record in book.of(target)]
        node["anyOf"] = [{"enum": known}, {"type": "string"}] if known else [{"type": "string"}]
        node.pop("type")
    return {key: _suggest(value, book) for key, value in node.items()}


def write(book: Playbook) -> list[Path]:
    """Write the schemas where the editor looks for them; gives the files that changed."""
    folder = book.root / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    changed = []
    for name, text in schemas(book).items():
        file = folder / name
        if not file.is_file() or file.read_text(encoding="utf-8") != text:
            file.write_text(text, encoding="utf-8")
            changed.append(file)
    return changed
