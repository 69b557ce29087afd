"""Rich text: the small Markdown subset that a field may hold, what is wrong with it, and its HTML.

The subset is paragraphs, lists, **bold**, *emphasis*, `code`, links to http(s) and mailto addresses, and references
``[[kind/id]]``, ``[[kind/id#anchor]]`` or ``[[kind/id|words]]``. Everything else, raw HTML included, is text and is
shown as typed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from html import escape

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

REFERENCE = re.compile(r"\[\[([^\[\]|#\s]*)(?:#([^\[\]|\s]*))?(?:\|([^\[\]]*))?\]\]")
ADDRESS = re.compile(r"^(?:https?://[^\s]+|mailto:[^\s@]+@[^\s@]+)$", re.IGNORECASE)
MARKUP = re.compile(r"[\\*_`\[\]\n]|^\s*(?:[-+*]|\d+[.)])\s")
"""Text without any of these is one plain paragraph and need not be parsed."""


@dataclass(frozen=True, slots=True)
class Reference:
    """A reference as typed in prose: the target (``kind/id``), an anchor on its page, the words to show."""

    target: str
    anchor: str | None
    words: str | None


def _reference(state: StateInline, silent: bool) -> bool:
    match = REFERENCE.match(state.src, state.pos)
    if match is None:
        return False
    if not silent:
        token = state.push("reference", "", 0)
        token.meta = {"reference": Reference(match[1], match[2], match[3])}
    state.pos = match.end()
    return True


@cache
def _parser() -> MarkdownIt:
    parser = MarkdownIt("zero").enable(["emphasis", "link", "list", "backticks", "escape"])
    # Every address becomes a token, so that `faults` can name the bad ones; none is dropped unseen.
    parser.validateLink = lambda url: True
    parser.inline.ruler.before("link", "reference", _reference)
    return parser


def _tokens(text: str) -> Iterator[Token]:
    for token in _parser().parse(text):
        yield token
        yield from token.children or ()


def faults(text: str) -> Iterator[str]:
    """What is wrong with a rich text, each with what to write instead."""
    if not MARKUP.search(text):
        return
    for token in _tokens(text):
        if token.type == "link_open":
            href = str(token.attrs["href"])
            if not ADDRESS.match(href):
                yield (
                    f"a link may lead to http://, https:// or mailto:, found `{href}`; "
                    "link to an entry with [[kind/id]]"
                )
            if "title" in token.attrs:
                title = token.attrs["title"]
                yield f"words behind the address of a link are not shown, found `{title}`; leave them out"
        elif token.type == "text" and "**" in token.content:
            yield (
                "`**` that does not become bold; no space or punctuation may stand just inside it "
                "(**词**：, not **词：**)"
            )
        elif token.type == "text" and "[[" in token.content:
            yield "`[[` that starts no reference; write [[kind/id]] or [[kind/id|words]], without spaces around the id"
        elif token.type == "reference":
            reference = token.meta["reference"]
            if reference.target.count("/") != 1 or not all(reference.target.split("/")):
                yield f"expected [[kind/id]] or [[kind/id|words]], found `[[{reference.target}]]`"
            elif reference.words is not None and not reference.words.strip():
                yield f"the words of [[{reference.target}|]] are empty; write them or leave out the bar"


def references(text: str) -> tuple[Reference, ...]:
    """The references in a rich text, in order; none inside `code`."""
    return _references(text) if "[[" in text else ()


@lru_cache(20_000)  # Several rules ask for the references of the same text.
def _references(text: str) -> tuple[Reference, ...]:
    return tuple(token.meta["reference"] for token in _tokens(text) if token.type == "reference")


def is_paragraph(text: str) -> bool:
    """Whether a rich text is a single paragraph, so that its HTML can stand in a line."""
    return [token.type for token in _parser().parse(text)] == ["paragraph_open", "inline", "paragraph_close"]


def html(text: str, link: Callable[[Reference], str], *, paragraphs: bool = False) -> str:
    """The HTML of a rich text; `link` gives the HTML of a reference.

    A single paragraph comes without its ``<p>`` unless `paragraphs` is set, so that it can stand in a list item or a
    sentence; several blocks come whole. The result holds no blank line and no markup outside the subset.
    """
    if not MARKUP.search(text):
        return f"<p>{escape(text)}</p>" if paragraphs else escape(text)
    blocks = _parser().parse(text)
    if len(blocks) == 3 and blocks[0].type == "paragraph_open" and not paragraphs:
        return _inline(blocks[1], link)
    out: list[str] = []
    for token in blocks:
        if token.type == "inline":
            out.append(_inline(token, link))
        elif not token.hidden:
            start = f' start="{int(token.attrs["start"])}"' if "start" in token.attrs else ""
            out.append(f"</{token.tag}>" if token.nesting < 0 else f"<{token.tag}{start}>")
    return "".join(out)


def _inline(parent: Token, link: Callable[[Reference], str]) -> str:
    out: list[str] = []
    for token in parent.children or ():
        match token.type:
            case "text":
                out.append(escape(token.content))
            case "softbreak":
                out.append("\n")
            case "code_inline":
                out.append(f"<code>{escape(token.content)}</code>")
            case "reference":
                out.append(link(token.meta["reference"]))
            case "link_open":
                out.append(f'<a href="{escape(str(token.attrs["href"]))}" rel="noopener">')
            case _:
                out.append(f"</{token.tag}>" if token.nesting < 0 else f"<{token.tag}>")
    return "".join(out)


def plain(text: str, name: Callable[[Reference], str]) -> str:
    """The words of a rich text without markup, on one line; `name` gives the words of a reference."""
    return " ".join(blocks(text, name))


def blocks(text: str, name: Callable[[Reference], str]) -> list[str]:
    """The words of each paragraph and list item of a rich text, as `plain` gives them."""
    if not MARKUP.search(text):
        return [text]
    found: list[str] = []
    for token in _parser().parse(text):
        if token.type != "inline":
            continue
        out: list[str] = []
        for child in token.children or ():
            if child.type in ("text", "code_inline"):
                out.append(child.content)
            elif child.type in ("softbreak", "hardbreak"):
                out.append(" ")
            elif child.type == "reference":
                out.append(name(child.meta["reference"]))
        found.append(" ".join("".join(out).split()))
    return found
