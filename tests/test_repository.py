"""Every kind has all its parts, every module its test, both menus the same pages; nothing stands where it must not."""

from __future__ import annotations

import ast
import json
import re
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
import yaml

from macros import rules
from macros.build import CONFIGS
from macros.model import ID, KINDS, LANGUAGES, Entry, Ref
from macros.render import TEMPLATES, VIEWS
from macros.words import words

from .advertisement import repository_files
from .conftest import MINIATURE, ROOT

MODULES = sorted((ROOT / "macros").glob("*.py"))
OWN_TESTS = {"__init__": "test_engines", "__main__": "test_main", "site": "test_open_site"}
"""Test modules not named after their module: two names that no file of tests can have, and the built site's."""
each_kind = pytest.mark.parametrize("kind", KINDS)


def menu(config: str) -> list[tuple[int, str, str]]:
    """The navigation of a configuration: how deep, the title, the page ("" for a group)."""

    def visit(items: list[dict[str, Any]], depth: int) -> list[tuple[int, str, str]]:
        found = []
        for item in items:
            ((title, value),) = item.items()
            found.append((depth, title, value if isinstance(value, str) else ""))
            found += visit(value, depth + 1) if isinstance(value, list) else []
        return found

    return visit(yaml.safe_load((ROOT / config).read_text(encoding="utf-8"))["nav"], 0)


# ---------------------------------------------------------------------------------------------------- kinds


def missing(kind: str) -> list[str]:
    """What a kind lacks, each with where it belongs."""
    cls = KINDS[kind]
    own = [name for name in cls.model_fields if name not in Entry.model_fields]
    wanted: dict[str, bool] = {
        f"data/{kind}/ with an entry": any((ROOT / "data" / kind).glob("*.yml")),
        f"tests/miniature/data/{kind}/ with an entry": any((MINIATURE / "data" / kind).glob("*.yml")),
        f"macros/templates/{kind}.html.j2": (TEMPLATES / f"{kind}.html.j2").is_file(),
        f"docs/{kind}/index.md (`playbook build` makes it)": (ROOT / "docs" / kind / "index.md").is_file(),
        f"kinds.{kind} in macros/words.yml": kind in words("en")["kinds"],
        f".vscode/schemas/{kind}.json (`playbook schema` makes it)": (
            ROOT / ".vscode" / "schemas" / f"{kind}.json"
        ).is_file(),
        f"data/{kind}/*.yml in .vscode/settings.json": f"data/{kind}/*.yml"
        in json.loads((ROOT / ".vscode" / "settings.json").read_text(encoding="utf-8"))["yaml.schemas"].values(),
        f"{cls.icon}, an icon of the theme": files("material")
        .joinpath("templates", ".icons", *f"{cls.icon}.svg".split("/"))
        .is_file(),
        f"a docstring of {cls.__name__}": bool(cls.__doc__),
    }
    for config in CONFIGS.values():
        wanted[f"{kind}/index.md in the navigation of {config}"] = f"{kind}/index.md" in [
            page for _, _, page in menu(config)
        ]
    for name in own:
        labels = words("en")["fields"]
        wanted[f"fields.{name} in macros/words.yml"] = name in labels or f"{kind}.{name}" in labels
    return [part for part, there in wanted.items() if not there]


@each_kind
def test_kind_has_all_its_parts(kind: str) -> None:
    assert missing(kind) == []


@each_kind
def test_kind_has_one_name(kind: str) -> None:
    assert KINDS[kind].kind == kind
    assert re.fullmatch(ID, kind)


def test_missing_parts_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    class Rival(Entry):
        """Somebody else who sells it."""

        kind = "rivals"
        icon = "material/no-such-sign"
        strength: str
        """What they do well."""

    monkeypatch.setitem(KINDS, "rivals", Rival)
    assert missing("rivals") == [
        "data/rivals/ with an entry",
        "tests/miniature/data/rivals/ with an entry",
        "macros/templates/rivals.html.j2",
        "docs/rivals/index.md (`playbook build` makes it)",
        "kinds.rivals in macros/words.yml",
        ".vscode/schemas/rivals.json (`playbook schema` makes it)",
        "data/rivals/*.yml in .vscode/settings.json",
        "material/no-such-sign, an icon of the theme",
        "rivals/index.md in the navigation of mkdocs.yml",
        "rivals/index.md in the navigation of mkdocs.zh.yml",
        "fields.strength in macros/words.yml",
    ]


def test_there_is_nothing_without_a_kind() -> None:
    """The reverse: folders, templates and schemas that belong to no kind."""
    assert {folder.name for folder in (ROOT / "data").iterdir() if folder.is_dir()} == set(KINDS)
    assert {folder.name for folder in (ROOT / "docs").iterdir() if folder.is_dir()} == {*KINDS, "assets"}
    assert {file.stem for file in (ROOT / "docs").glob("*.md")} == {"index", *VIEWS}
    frames = {"entry", "index", "home", "root", "sheets", "scorm", *VIEWS}
    assert {file.name.partition(".")[0] for file in TEMPLATES.glob("*.j2")} == {*KINDS, *frames}
    assert {file.stem for file in (ROOT / ".vscode" / "schemas").iterdir()} == set(KINDS)


def test_pages_hold_one_line() -> None:
    """A page of docs/ calls a macro; words would be in one language only."""
    for file in sorted((ROOT / "docs").rglob("*.md")):
        name = file.relative_to(ROOT / "docs").with_suffix("").as_posix()
        kind, _, page = name.partition("/")
        if name == "index":
            expected = "{{ home() }}\n"
        elif name in VIEWS:
            expected = f'{{{{ view("{name}") }}}}\n'
        elif page == "index":
            expected = rules.index_text(kind)
        else:
            expected = rules.page_text(Ref(kind, page))
        assert file.read_text(encoding="utf-8") == expected, name


# ---------------------------------------------------------------------------------------------------- menus


def test_menus_list_the_same_pages_in_the_same_order() -> None:
    english, chinese = (menu(CONFIGS[language]) for language in LANGUAGES)
    assert [(depth, page) for depth, _, page in english] == [(depth, page) for depth, _, page in chinese]
    pages = [page for _, _, page in english if page]
    assert len(set(pages)) == len(pages)
    assert [page for page in pages if not (ROOT / "docs" / page).is_file()] == []


def test_menus_are_each_in_their_language() -> None:
    assert not re.search(r"[\u3400-\u9fff]", "".join(title for _, title, _ in menu(CONFIGS["en"])))
    assert all(re.search(r"[\u3400-\u9fff]", title) for _, title, _ in menu(CONFIGS["zh"]))


def test_configurations_agree() -> None:
    english, chinese = (
        yaml.safe_load((ROOT / CONFIGS[language]).read_text(encoding="utf-8")) for language in LANGUAGES
    )
    assert list(english) == list(chinese)
    assert english["site_url"].removesuffix("en/") == chinese["site_url"].removesuffix("zh/")
    for language, config in (("en", english), ("zh", chinese)):
        assert config["theme"] == {"language": language}
        assert config["extra"]["language"] == language
        assert config["site_url"].endswith(f"/{language}/")


# ---------------------------------------------------------------------------------------------------- modules


@pytest.mark.parametrize("file", MODULES, ids=lambda file: file.stem)
def test_module_says_what_it_is_for_and_has_its_test(file: Path) -> None:
    documented = ast.get_docstring(ast.parse(file.read_text(encoding="utf-8"))) or ""
    assert re.match(r"[A-Z`].+[.:]$", documented.split("\n\n")[0].replace("\n", " ")), "no sentence at the top"
    name = OWN_TESTS.get(file.stem, f"test_{file.stem}")
    assert (ROOT / "tests" / f"{name}.py").is_file(), f"tests/{name}.py is missing"


@pytest.mark.parametrize("file", sorted((ROOT / "tests").glob("*.py")), ids=lambda file: file.stem)
def test_test_module_says_what_it_is_for(file: Path) -> None:
    documented = ast.get_docstring(ast.parse(file.read_text(encoding="utf-8"))) or ""
    assert re.match(r"[A-Z`].+\.$", documented.split("\n\n")[0].replace("\n", " ")), "no sentence at the top"


@pytest.mark.parametrize(
    "name", sorted(file.name for file in (ROOT / "docs" / "assets").glob("*.*s*") if file.suffix in (".js", ".css"))
)
def test_asset_says_what_it_is_for(name: str) -> None:
    assert re.match(r"/[/*] ?\*? ?[A-Z]", (ROOT / "docs" / "assets" / name).read_text(encoding="utf-8"))


def test_scripts_carry_no_words_and_no_chinese() -> None:
    for script in (ROOT / "docs" / "assets").glob("*.js"):
        assert not re.search(r"[\u3400-\u9fff]", script.read_text(encoding="utf-8")), script.name


def test_only_one_module_knows_the_engine() -> None:
    """macros/__init__.py; serve.py borrows the web server, which says nothing about pages."""
    knowing = [
        file.stem for file in MODULES if re.search(r"(?:from|import) (?:mkdocs|zensical)", file.read_text("utf-8"))
    ]
    assert knowing == ["__init__", "serve"]


# ---------------------------------------------------------------------------------------------------- what must not be

# Written in two halves, so that this file does not hold them itself.
BANNED = {
    "a path of one machine": [("/wo", "rk/"), ("/ro", "ot/"), ("/ho", "me/"), ("/tm", "p/lab"), ("/Us", "ers/")],
    "the host of a registry": [
        ("pypi", ".org"),
        ("python", "hosted"),
        ("index", "-url"),
        ("registry", ".npmjs"),
        ("trusted", "-host"),
        ("proxy", ".golang"),
    ],
    "a tool that wrote it": [
        ("cla", "ude"),
        ("anth", "ropic"),
        ("chat", "gpt"),
        ("open", "ai"),
        ("copi", "lot"),
        ("language", " model"),
        ("as an", " ai"),
        ("co-auth", "ored-by"),
    ],
    "something left undone": [("TO", "DO"), ("FIX", "ME"), ("lorem", " ipsum")],
}


@pytest.mark.parametrize("what", BANNED)
def test_nothing_stands_where_it_must_not(what: str) -> None:
    pattern = re.compile("|".join(re.escape("".join(halves)) for halves in BANNED[what]), re.IGNORECASE)
    found = []
    for file in repository_files(ROOT):
        text = file.read_bytes().decode("utf-8", "ignore")
        name = file.relative_to(ROOT)
        found += [f"{name}:{text.count(chr(10), 0, match.start()) + 1}: {match[0]}" for match in pattern.finditer(text)]
    assert found == []


def test_nothing_built_is_kept() -> None:
    kept = [str(file.relative_to(ROOT)) for file in repository_files(ROOT)]
    built = re.compile(
        r"(?:^|/)(?:\.?site|\.cache|\.venv|__pycache__|node_modules)/|\.(?:pyc|log|zip|woff2?|png|jpe?g)$"
    )
    assert [name for name in kept if built.search(name)] == []


def test_lock_files_hold_hashes_for_everything() -> None:
    for name in ("requirements.txt", "requirements-test.txt", "requirements-peers.txt"):
        pinned = re.split(r"\n(?=[a-z0-9])", (ROOT / name).read_text(encoding="utf-8").strip())
        assert len(pinned) > 10
        assert [block.split()[0] for block in pinned if "==" not in block or "--hash=sha256:" not in block] == []
