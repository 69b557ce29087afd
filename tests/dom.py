"""A built page as a tree of elements, read with the standard library alone."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}

ALLOWED = ("", "http", "https", "mailto")


@dataclass(eq=False)
class Element:
    """An element with its attributes; `children` holds elements and text in order."""

    tag: str
    attributes: dict[str, str]
    parent: Element | None = None
    children: list[Element | str] = field(default_factory=list)

    def __iter__(self) -> Iterator[Element]:
        """Every element below this one, in the order of the page."""
        for child in self.children:
            if isinstance(child, Element):
                yield child
                yield from child

    def __getitem__(self, attribute: str) -> str:
        return self.attributes[attribute]

    def all(self, tag: str = "", name: str = "", **attributes: str) -> list[Element]:
        """The elements below with this tag, this class and these attributes (``rel="prev"``); each may be left out."""
        return [
            element
            for element in self
            if tag in ("", element.tag)
            and (not name or name in element.attributes.get("class", "").split())
            and attributes.items() <= element.attributes.items()
        ]

    def one(self, tag: str = "", name: str = "", **attributes: str) -> Element:
        """The only such element."""
        found = self.all(tag, name, **attributes)
        assert len(found) == 1, f"{len(found)} of <{tag} class={name} {attributes}>, expected one"
        return found[0]

    def texts(self) -> Iterator[tuple[Element, str]]:
        """Every piece of text below, with the element it stands in; scripts are no text."""
        for child in self.children:
            if isinstance(child, str):
                yield self, child
            elif child.tag not in ("script", "style"):
                yield from child.texts()

    @property
    def text(self) -> str:
        """The text below, blanks joined."""
        return " ".join("".join(text for _, text in self.texts()).split())

    @property
    def up(self) -> Iterator[Element]:
        """This element and everything around it, from the inside out."""
        element: Element | None = self
        while element is not None:
            yield element
            element = element.parent


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.root = self.open = Element("", {})

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs}, self.open)
        self.open.children.append(element)
        if tag not in VOID:
            self.open = element

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        for element in self.open.up:
            if element.tag == tag and element.parent is not None:
                self.open = element.parent
                return

    def handle_data(self, data: str) -> None:
        self.open.children.append(data)


def active(page: Element) -> list[str]:
    """Whatever on a page would run or load without a file of our own: the site has none of it."""
    found = []
    for element in page:
        found += [f"{name} on <{element.tag}>" for name in element.attributes if name.startswith("on")]
        found += [f"style on <{element.tag}>"] if "style" in element.attributes else []
        if element.tag in ("style", "iframe", "frame", "object", "embed", "base"):
            found.append(f"<{element.tag}>")
        data = element.attributes.get("type") == "application/json"
        if element.tag == "script" and not data and ("src" not in element.attributes or element.children):
            found.append(f"a script in the page: {element.children}")
        if element.tag == "a" and urlsplit(element.attributes.get("href", "")).scheme not in ALLOWED:
            found.append(f"a link to {element['href']}")
    return found


def read(file: Path) -> Element:
    """The page in a file."""
    reader = _Reader()
    reader.feed(file.read_text(encoding="utf-8"))
    return reader.root


def read_site(site: Path) -> dict[str, Element]:
    """Every page below a folder by its name, e.g. ``en/plays/discovery-call/index.html``."""
    return {str(file.relative_to(site)): read(file) for file in sorted(site.rglob("*.html"))}


def target(page: str, address: str) -> tuple[str, str]:
    """The file and the fragment that an address on a page leads to; relative addresses work in any folder."""
    parts = urlsplit(address)
    path = unquote(parts.path)
    way = posixpath.normpath(posixpath.join(posixpath.dirname(page), path)) if path else page
    if path.startswith("/"):
        way = posixpath.normpath(path).lstrip("/") or "."
    if not path.endswith((".", "/")) and posixpath.basename(path):
        return way, parts.fragment
    return posixpath.normpath(posixpath.join(way, "index.html")) if path else way, parts.fragment
