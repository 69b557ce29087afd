"""Rich text: what becomes markup, and that everything else reaches the reader as typed."""

from __future__ import annotations

from html import escape, unescape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from macros import prose
from macros.prose import Reference


def link(reference: Reference) -> str:
    anchor = f"#{reference.anchor}" if reference.anchor else ""
    return f'<a href="{escape(reference.target + anchor)}">{escape(reference.words or reference.target)}</a>'


@pytest.mark.parametrize(
    ("text", "html"),
    [
        # Markup
        ("plain", "plain"),
        ("**bold** and *soft*", "<strong>bold</strong> and <em>soft</em>"),
        ("***both***", "<em><strong>both</strong></em>"),
        ("看**重点**。", "看<strong>重点</strong>。"),
        ("`code`", "<code>code</code>"),
        ("[a](https://example.com/?b=1&c=2)", '<a href="https://example.com/?b=1&amp;c=2" rel="noopener">a</a>'),
        ("[a](mailto:b@example.com)", '<a href="mailto:b@example.com" rel="noopener">a</a>'),
        ("one\n\ntwo", "<p>one</p><p>two</p>"),
        ("one\ntwo", "one\ntwo"),
        ("- a\n- b", "<ul><li>a</li><li>b</li></ul>"),
        ("1. a\n2. b", "<ol><li>a</li><li>b</li></ol>"),
        ("3) a\n4) b", '<ol start="3"><li>a</li><li>b</li></ol>'),
        ("- a\n  - b\n    1. c\n- d", "<ul><li>a<ul><li>b<ol><li>c</li></ol></li></ul></li><li>d</li></ul>"),
        ("- a\n\n  b", "<ul><li><p>a</p><p>b</p></li></ul>"),
        # References
        ("[[plays/a]]", '<a href="plays/a">plays/a</a>'),
        ("[[plays/a|words & all]]", '<a href="plays/a">words &amp; all</a>'),
        ("[[pages/a#part|there]]", '<a href="pages/a#part">there</a>'),
        ("**[[plays/a|b]]**", '<strong><a href="plays/a">b</a></strong>'),
        ("`[[plays/a]]`", "<code>[[plays/a]]</code>"),
        # Text that is no markup stays text
        ("<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"),
        ("**<b onclick=x>**", "<strong>&lt;b onclick=x&gt;</strong>"),
        ('`<i>"`', "<code>&lt;i&gt;&quot;</code>"),
        ("[<b>](https://example.com)", '<a href="https://example.com" rel="noopener">&lt;b&gt;</a>'),
        ("&amp; &#60;", "&amp;amp; &amp;#60;"),
        ("{{ 7*7 }} {% raw %} {# x #}", "{{ 7*7 }} {% raw %} {# x #}"),
        ("\"quoted\" 'single'", "&quot;quoted&quot; &#x27;single&#x27;"),
        ("a | b | c", "a | b | c"),
        ("# no heading", "# no heading"),
        ("> no quote", "&gt; no quote"),
        ("```\nno block\n```", "<code>no block</code>"),
        ("text\n\n    no block", "<p>text</p><p>no block</p>"),
        ('--8<-- "file"', "--8&lt;-- &quot;file&quot;"),
        ("a{onclick=b}", "a{onclick=b}"),
        ("<https://example.com>", "&lt;https://example.com&gt;"),
        ("https://example.com", "https://example.com"),
        ("~~gone~~", "~~gone~~"),
        (r"\*a\* \[b](c)", "*a* [b](c)"),
        ("a * b ** c _ d", "a * b ** c _ d"),
        ("3 * 4 = 12", "3 * 4 = 12"),
        ("snake_case_name", "snake_case_name"),
    ],
)
def test_html(text: str, html: str) -> None:
    assert prose.html(text, link) == html


def test_a_paragraph_stands_alone_or_in_a_sentence() -> None:
    assert prose.html("one", link, paragraphs=True) == "<p>one</p>"
    assert prose.html("*one*", link, paragraphs=True) == "<p><em>one</em></p>"
    assert prose.html("one\n\ntwo", link, paragraphs=True) == "<p>one</p><p>two</p>"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("**bold**, `code` and [a link](https://example.com)", "bold, code and a link"),
        ("see [[plays/a|the play]] or [[plays/b]]", "see the play or plays/b"),
        ("one\ntwo\\\nthree\n\n- four\n- five", "one two three four five"),
        ("<b> & `<i>`", "<b> & <i>"),
    ],
)
def test_plain(text: str, words: str) -> None:
    assert prose.plain(text, lambda reference: reference.words or reference.target) == words


def test_references_are_found_in_order_and_not_in_code() -> None:
    text = "[[a/b]] **[[c/d#e|f]]**\n\n- `[[g/h]]`\n- [[i/j|k]] \\[[l/m]]"
    assert prose.references(text) == (
        Reference("a/b", None, None),
        Reference("c/d", "e", "f"),
        Reference("i/j", None, "k"),
    )


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "JavaScript:alert(1)",
        "java&#115;cript:alert(1)",
        "data:text/html,x",
        "vbscript:x",
        "file:///etc/passwd",
        "//example.com",
        "/plays/",
        "plays/a.md",
        "#part",
        "mailto:nobody",
        "https:example.com",
    ],
)
def test_a_link_leads_only_to_the_web_or_to_a_mailbox(address: str) -> None:
    (fault,) = prose.faults(f"[here]({address})")
    assert fault.startswith("a link may lead to http://, https:// or mailto:, found ")


@pytest.mark.parametrize("text", ["[here](<java\tscript:alert(1)>)", '[a](https://example.com"onclick=x)'])
def test_no_address_breaks_out_of_its_attribute(text: str) -> None:
    html = prose.html(text, link)
    assert prose.faults(text) or html.count('"') in (0, 4)
    assert "script:alert" not in html or "%09" in html or "<a" not in html


def test_sound_text_has_no_faults() -> None:
    text = "**a**, *b*, `**`, [c](HTTPS://example.com) and [[d/e]]\n\n- [[f/g#h|i]]"
    assert list(prose.faults(text)) == []


def test_every_fault_of_a_text_is_named() -> None:
    assert len(list(prose.faults("[a](b) [[c]] **d [e](f) [[g/h|]]"))) == 5


@settings(derandomize=True, deadline=None, database=None, max_examples=300)
@given(st.text(st.sampled_from("ab文 \n*_`[]()<>&\"'{}%|#-+1.\\/:"), max_size=40))
def test_the_html_of_any_text_holds_no_markup_but_ours(text: str) -> None:
    html = prose.html(text, link)
    for tag in ("p", "ul", "ol", "li", "strong", "em", "code", "a"):
        assert html.count(f"<{tag}>") + html.count(f"<{tag} ") == html.count(f"</{tag}>")
    bare = html
    for piece in (
        "<br>",
        *(f"<{close}{tag}>" for tag in ("p", "ul", "ol", "li", "strong", "em", "code") for close in ("", "/")),
    ):
        bare = bare.replace(piece, "")
    if "<a " not in html and "<ol " not in html:
        assert "<" not in bare
        assert ">" not in bare
        # The words are all there, in order: what is gone is markup.
        assert [c for c in unescape(bare) if c.isalpha()] == [c for c in text if c.isalpha()]
    assert "\n\n" not in html
