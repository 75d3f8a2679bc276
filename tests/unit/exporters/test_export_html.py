"""The page loads nothing, runs nothing, and shows hostile text as it is written."""

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given

from desktop.exporters.common import Options
from desktop.exporters.registry import encoded, format_named
from desktop.exporters.safe_markdown import safe_link, to_html
from tests.chat_trees import NAUGHTY, dialogue, texts

ALLOWED = {
    *("html", "head", "meta", "title", "style", "body", "article", "section", "div"),
    *("h1", "h2", "h3", "h4", "h5", "h6", "p", "a", "pre", "code", "em", "strong", "s", "ul"),
    *("ol", "li", "blockquote", "table", "thead", "tbody", "tr", "th", "td", "hr", "br"),
}
ATTRIBUTES = {"lang", "charset", "http-equiv", "content", "name", "class", "dir", "href", "start"}


class Page(HTMLParser):
    """Collects the elements, their attributes, and the text."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(source)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


def page(*said: str, title: str = "A title") -> str:
    chats = [dialogue(*said, title=title)]
    return b"".join(encoded(format_named("html"), chats, Options())).decode()


def need_harmless(source: str) -> Page:
    found = Page(source)
    for tag, attributes in found.tags:
        assert tag in ALLOWED
        for name, value in attributes.items():
            if name == "style":
                assert re.fullmatch(r"text-align:(left|right|center)", value or "")
                continue
            assert name in ATTRIBUTES, (tag, name)
            if name == "href":
                assert (value or "").startswith(("http://", "https://"))
    return found


@given(texts, texts, texts)
def test_no_text_becomes_an_element_or_an_address(title: str, question: str, answer: str) -> None:
    need_harmless(page(question, answer, title=title))


@pytest.mark.parametrize("text", NAUGHTY)
def test_naughty_questions_are_shown_as_they_are(text: str) -> None:
    shown = Page(page(text, text, title=text)).text
    assert text.replace("\0", "\ufffd").replace("\r\n", "\n").strip() in shown.replace("\r\n", "\n")


def test_nothing_is_loaded_from_outside() -> None:
    source = page("Hi", "![x](https://example.org/x.png) <img src=https://example.org/y>")
    assert "default-src 'none'" in source
    found = need_harmless(source)
    assert "![x](https://example.org/x.png)" in found.text
    assert "<img src=https://example.org/y>" in found.text
    assert not re.search(r"url\(|@import|<script|<link", source)


def test_the_markdown_of_answers_is_laid_out_and_of_questions_is_not() -> None:
    source = page("**bold**", "**bold** and `code`\n\n| a |\n|--:|\n| 1 |\n\n~~no~~")
    assert "**bold**" in source
    for part in ("<strong>bold</strong>", "<code>code</code>", "<table>", "<s>no</s>"):
        assert part in source


def test_it_prints_and_follows_the_colours_of_the_system() -> None:
    source = page("Hi", "Ho")
    assert "@media print" in source
    assert "prefers-color-scheme: dark" in source


@pytest.mark.parametrize(
    ("url", "safe"),
    [
        ("https://example.org/a?b#c", True),
        ("http://example.org", True),
        ("javascript:alert(1)", False),
        ("JaVaScRiPt:alert(1)", False),
        ("data:text/html,x", False),
        ("file:///etc/passwd", False),
        ("//example.org", False),
        ("https://user@example.org", False),
        ("https://[bad", False),
        ("https://exa\u200bmple.org", False),
        ("https://example.org/" + "a" * 3000, False),
    ],
)
def test_which_links_remain_links(url: str, safe: bool) -> None:
    assert safe_link(url) is safe


HEAVY = {
    "quotes": ">" * 5_000 + "a",
    "brackets": "[" * 50_000,
    "stars": "*a " * 60_000,
    "lists": "".join(" " * n + "- a\n" for n in range(300)),
    "long": "a" * 1_000_000,
    "ticks": "`" * 30_000,
}


@pytest.mark.timeout(60)
@pytest.mark.parametrize("name", HEAVY)
def test_heavy_answers_are_shown_all_the_same(name: str) -> None:
    assert "a" in need_harmless(to_html(HEAVY[name] + "\n\na")).text
