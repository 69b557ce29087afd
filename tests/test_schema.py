"""The JSON Schemas for editors: fresh, complete, wired up, and of one mind with the model."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from macros import schema, source
from macros.model import KINDS, Entry, Ref

from .conftest import ROOT

FOLDER = ROOT / schema.FOLDER
REFS = [Ref(file.parent.name, file.stem) for file in sorted((ROOT / "data").glob("*/*.yml"))]
each_kind = pytest.mark.parametrize("kind", KINDS)


def committed(kind: str) -> dict[str, Any]:
    return json.loads((FOLDER / f"{kind}.json").read_text(encoding="utf-8"))


def suggestions(node: Any) -> tuple[Any, list[list[str]]]:
    """A schema with its suggested ids taken out, and the lists of them in order."""
    lists: list[list[str]] = []

    def strip(value: Any) -> Any:
        if isinstance(value, list):
            return [strip(item) for item in value]
        if not isinstance(value, dict):
            return value
        options = value.get("anyOf", [])
        # A reference is the only text that may be one of some words or any other text.
        if options and options[-1] == {"type": "string"} and all(set(option) == {"enum"} for option in options[:-1]):
            lists.append([word for option in options[:-1] for word in option["enum"]])
            value = {**value, "anyOf": "ids"}
        return {key: strip(item) for key, item in sorted(value.items())}

    return strip(node), lists


def faults(value: Any, node: dict[str, Any], root: dict[str, Any], at: str = "") -> Iterator[str]:
    """What a value has wrong by a schema: the words of JSON Schema that ours use, and no others."""
    if "$ref" in node:
        yield from faults(value, root["$defs"][node["$ref"].removeprefix("#/$defs/")], root, at)
    if "anyOf" in node and all(any(faults(value, option, root, at)) for option in node["anyOf"]):
        yield f"{at}: fits none of {len(node['anyOf'])}"
    if "enum" in node and value not in node["enum"]:
        yield f"{at}: not one of {node['enum']}"
    types = {"object": dict, "array": list, "string": str, "integer": int, "boolean": bool, "null": type(None)}
    if "type" in node and not isinstance(value, types[node["type"]]):
        yield f"{at}: not of the type {node['type']}"
    elif isinstance(value, str):
        if not node.get("minLength", 0) <= len(value) <= node.get("maxLength", len(value)):
            yield f"{at}: too long or too short"
        if not re.search(node.get("pattern", ""), value):
            yield f"{at}: not of the form {node['pattern']}"
    elif isinstance(value, list):
        if len(value) < node.get("minItems", 0):
            yield f"{at}: too few"
        for index, item in enumerate(value):
            yield from faults(item, node.get("items", {}), root, f"{at}.{index}")
    elif isinstance(value, dict):
        known = node.get("properties", {})
        yield from (f"{at}: {name} is missing" for name in node.get("required", []) if name not in value)
        for name, item in value.items():
            if name in known:
                yield from faults(item, known[name], root, f"{at}.{name}")
            elif node.get("additionalProperties") is False:
                yield f"{at}: no field {name}"


def value_of(ref: Ref) -> Any:
    problems: list[source.Problem] = []
    value = source.load(ROOT / "data" / ref.kind / f"{ref.id}.yml", str(ref), problems)[1]
    assert problems == []
    return value


def fields(node: Any, at: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Every field in a schema with its place."""
    if isinstance(node, list):
        for item in node:
            yield from fields(item, at)
    elif isinstance(node, dict):
        for name, item in node.get("properties", {}).items():
            yield f"{at}.{name}", item
        for name, item in node.items():
            yield from fields(item, f"{at}.{name}")


# ---------------------------------------------------------------------------------------------------- fresh


def test_one_file_per_kind() -> None:
    assert {file.stem for file in FOLDER.iterdir()} == set(KINDS)


@each_kind
def test_file_is_fresh(kind: str, book: source.Playbook) -> None:
    ours, our_ids = suggestions(committed(kind))
    made, made_ids = suggestions(json.loads(schema.schemas(book)[f"{kind}.json"]))
    assert ours == made, "run `playbook schema`"
    # An entry made in the browser is suggested only after the next `playbook schema`; one that is gone never is.
    assert len(our_ids) == len(made_ids)
    for old, new in zip(our_ids, made_ids, strict=True):
        assert set(old) <= set(new), "run `playbook schema`"


@each_kind
def test_file_is_written_one_way(kind: str) -> None:
    text = (FOLDER / f"{kind}.json").read_text(encoding="utf-8")
    assert text == json.dumps(committed(kind), ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def test_write_says_what_changed(miniature: Path) -> None:
    book = source.read(miniature)
    assert [file.stem for file in schema.write(book)] == list(KINDS)
    assert schema.write(book) == []
    (miniature / schema.FOLDER / "plays.json").write_text("{}", encoding="utf-8")
    assert [file.name for file in schema.write(book)] == ["plays.json"]


# ---------------------------------------------------------------------------------------------------- complete


@each_kind
def test_every_field_is_described(kind: str) -> None:
    made = committed(kind)
    plain = []
    for at, field in fields(made):
        # A field described in the words of its class is described there alone.
        described = {**made["$defs"].get(field.get("$ref", "").removeprefix("#/$defs/"), {}), **field}
        # The two languages under a text say themselves what they are.
        if at.rpartition(".")[2] not in ("en", "zh") and not described.get("description"):
            plain.append(at)
    assert plain == []


@each_kind
def test_fields_are_those_of_the_model(kind: str) -> None:
    made = committed(kind)
    assert set(made["properties"]) == set(KINDS[kind].model_fields)
    assert set(made["required"]) == {name for name, field in KINDS[kind].model_fields.items() if field.is_required()}
    assert set(Entry.model_fields) <= set(made["properties"])


def test_references_suggest_ids(book: source.Playbook) -> None:
    made = schema.schema("manager-functions", book)["properties"]
    assert made["objectives"]["items"]["anyOf"][0]["enum"] == [record.id for record in book.of("manager-objectives")]
    assert made["related"]["items"]["anyOf"][0]["enum"] == [str(ref) for ref in book.records]
    assert "x-reference" not in json.dumps(made)


# ---------------------------------------------------------------------------------------------------- of one mind


@pytest.mark.parametrize("ref", REFS, ids=str)
def test_real_entry_fits(ref: Ref) -> None:
    made = committed(ref.kind)
    assert list(faults(value_of(ref), made, made)) == []


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"tilte": "x"}, ": no field tilte"),
        ({"title": None}, ".title: fits none of 2"),
        ({"title": {"en": "x" * 71, "zh": "x"}}, ".title: fits none of 2"),
        ({"title": {"en": "x"}}, ".title: fits none of 2"),
        ({"grade": "good"}, ".grade: not one of ['supported', 'weak', 'unverified', 'garbled', 'unsupported']"),
        ({"say_instead": []}, ".say_instead: too few"),
        ({"say_instead": "x"}, ".say_instead: not of the type array"),
        ({"sources": [{"url": "example.com"}]}, ".sources.0.url: fits none of 2"),
        ({"sample": "yes"}, ".sample: not of the type boolean"),
    ],
    ids=lambda value: str(value) if isinstance(value, dict) else "",
)
def test_bad_entry_does_not_fit(change: dict[str, Any], fault: str) -> None:
    made = committed("statistics")
    value = {**copy.deepcopy(value_of(Ref("statistics", "missed-sale-odds"))), **change}
    assert list(faults(value, made, made)) == [fault]


@each_kind
def test_missing_field_does_not_fit(kind: str) -> None:
    made = committed(kind)
    assert {fault.split()[1] for fault in faults({}, made, made)} == set(made["required"])


# ---------------------------------------------------------------------------------------------------- wired up


def test_editor_knows_the_schema_of_every_kind() -> None:
    settings = json.loads((ROOT / ".vscode" / "settings.json").read_text(encoding="utf-8"))
    assert settings["yaml.schemas"] == {f"{schema.FOLDER}/{kind}.json": f"data/{kind}/*.yml" for kind in KINDS}


def test_editor_is_asked_to_install_what_reads_them() -> None:
    extensions = json.loads((ROOT / ".vscode" / "extensions.json").read_text(encoding="utf-8"))
    assert "redhat.vscode-yaml" in extensions["recommendations"]
