"""Markdown of a message as HTML that can do nothing: no HTML of the message, no images.

What is written as HTML or as an image stays text. Only links to the web remain links.
"""

import re
from collections.abc import Sequence
from html import escape
from urllib.parse import urlsplit

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict

MAX_NESTING = 40  # what is nested deeper is shown as it is written: the parser would drop it
LONGEST = 200_000  # characters; a longer text is shown as it is written
_LONGEST_LINK = 2_000  # characters
_MANY_BRACKETS = 200  # finding the links among them would take a parser too long
_MANY_MARKS = 20_000  # the same for stars and the like
_UNSEEN = re.compile(r"[\x00-\x20\x7f-\xa0\u200b-\u200f\u2028-\u202f\u2060-\u206f\ufeff\\]")


def to_html(source: str) -> str:
    """The text as HTML for the body of a page."""
    if len(source) > LONGEST or sum(map(source.count, "*_~`|")) > _MANY_MARKS:
        return as_written(source)
    parser = _without_links if source.count("[") > _MANY_BRACKETS else _parser
    env: EnvType = {}
    tokens = parser.parse(source, env)
    if any(token.level >= MAX_NESTING - 1 for token in tokens):
        return as_written(source)
    return str(parser.renderer.render(tokens, parser.options, env))


def as_written(source: str) -> str:
    """The text with its line breaks and spaces, without any look."""
    return f'<p class="written">{escape(source)}</p>\n'


def safe_link(url: str) -> bool:
    """True for an address of the web that says where it leads."""
    if len(url) > _LONGEST_LINK or _UNSEEN.search(url):
        return False
    try:
        parts = urlsplit(url)
        return (
            parts.scheme in ("http", "https") and bool(parts.hostname) and "@" not in parts.netloc
        )
    except ValueError:
        return False


class _Renderer(RendererHTML):
    """Writes an image as the text that stood in the message."""

    def image(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        """The image's mark in words."""
        token = tokens[idx]
        return escape(f"![{token.content}]({token.attrs.get('src', '')})")


class _Parser(MarkdownIt):
    """CommonMark with tables and struck-out text, without HTML."""

    def __init__(self) -> None:
        settings = {"html": False, "maxNesting": MAX_NESTING}
        super().__init__("commonmark", settings, renderer_cls=_Renderer)
        self.enable(["table", "strikethrough"])

    def validateLink(self, url: str) -> bool:  # noqa: N802 - the parser's name
        """A link that may not be one stays text; an image is text in any case."""
        return safe_link(url)


_parser = _Parser()
_without_links = _Parser().disable(["link", "image", "reference"])
