"""What a page may call: the only module that knows the engine, loaded by mkdocs-macros and by Zensical alike."""

from __future__ import annotations

from pathlib import Path
from typing import Any

# Absolute imports: Zensical runs this file by its path, once per page, and the modules behind it stay loaded.
from macros.model import Ref
from macros.render import Page
from macros.site import open_site
from macros.source import DataError

PLACE = '<div id="playbook"></div>'
"""Stands in the Markdown for a finished page; the theme puts the page there (overrides/main.html).

The engines never parse the page itself, so nothing in it can be taken for Markdown, and no address in it is changed:
Zensical would move relative ones.
"""


def define_env(env: Any) -> None:
    """Register the macros ``entry("kind/id")``, ``index("kind")``, ``view("name")`` and ``home()``.

    `env` is the environment of mkdocs-macros or of Zensical; `extra` of the configuration gives `language` and `edit`.
    Raises an error that the engine prints without a traceback, with every problem in the data, one a line.
    """
    extra = env.conf["extra"]
    try:
        site = open_site(Path(env.project_dir), extra["language"], extra["edit"], env.conf["site_url"], build=env.conf)
    except DataError as error:
        raise _engine_error(str(error)) from None

    def show(page: Page) -> str:
        env.page.meta.update(
            body=page.html,
            heading=page.heading,
            kind=page.kind,
            lead=page.description,
            widget=page.widget,
            style=page.style,
        )
        return PLACE

    @env.macro
    def entry(ref: str) -> str:
        return show(site.entry(Ref(*ref.split("/"))))

    @env.macro
    def index(kind: str) -> str:
        return show(site.index(kind))

    @env.macro
    def view(name: str) -> str:
        return show(site.view(name))

    @env.macro
    def home() -> str:
        return show(site.home())


def _engine_error(message: str) -> Exception:
    try:
        from mkdocs.exceptions import PluginError
    except ImportError:  # Zensical runs without MkDocs.
        return RuntimeError(message)
    return PluginError(message)
