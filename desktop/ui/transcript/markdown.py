"""Markdown to plain data: blocks of runs of text. Nothing in a message is ever passed on as HTML.

HTML and images in a message become the text that they are written with; links keep their target
only when `safe_link` lets it pass.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from markdown_it import MarkdownIt
from markdown_it.token import Token

from desktop.ui.transcript.highlight import toned
from desktop.ui.transcript.links import safe_link, shown_link
from desktop.ui.transcript.maths import learn, written
from desktop.ui.transcript.unseen import visible

MAX_INDENTS = 8  # lists in lists in quotes …
MAX_COLUMNS = 24  # a table with more is shown as it is written
MAX_NESTING = 40  # what is nested deeper is shown as it is written: the parser would drop it
_MANY_BRACKETS = 200  # finding the links among them would take a parser too long
_ADDRESS = re.compile(r"https?://[^\s<>\"'`|\\]*[^\s<>\"'`|\\.,;:!?)\]}*_~]", re.IGNORECASE)
_MANY_LINES = re.compile(r"\n{20,}")
_TASK = re.compile(r"\[([ xX])\][ \t]+")


class Kind(StrEnum):
    """What a block is."""

    PARAGRAPH = "paragraph"
    HEADING = "heading"
    CODE = "code"
    TABLE = "table"
    RULE = "rule"
    FOLD = "fold"


@dataclass(frozen=True, slots=True)
class Run:
    """Text in one look. `tone` names a colour of program text."""

    text: str
    bold: bool = False
    italic: bool = False
    strike: bool = False
    code: bool = False
    link: str = ""
    tone: str = ""
    math: str = ""  # a formula in LaTeX, whose text is all that is written
    display: bool = False  # it stands on a line of its own
    drawn: bool = False  # it is shown as a picture


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a table. `align` is "left", "center" or "right"."""

    runs: tuple[Run, ...]
    align: str = "left"


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph or the like, and where it stands.

    `indents` has a letter for each level around it, from the outside: "q" a quote, "l" a list.
    `marker` is what stands before the first block of a list's item: "•", "1.", "[ ]" or "[x]".
    """

    kind: Kind
    runs: tuple[Run, ...] = ()
    indents: str = ""
    marker: str = ""
    tight: bool = False
    level: int = 0
    language: str = ""
    goes_on: bool = False  # a table without its head, which stands above
    rows: tuple[tuple[Cell, ...], ...] = ()

    @property
    def text(self) -> str:
        """The block as it is copied."""
        if self.kind is Kind.RULE:
            return "---"
        if self.kind is Kind.TABLE:
            return "\n".join("\t".join(plain(cell.runs) for cell in row) for row in self.rows)
        return f"{self.marker} {plain(self.runs)}" if self.marker else plain(self.runs)


def plain(runs: Sequence[Run]) -> str:
    """The text of runs without their looks."""
    return "".join(run.text for run in runs)


def render(source: str, references: str = "") -> list[Block]:
    """The blocks of a text; `references` are link definitions that stand elsewhere."""
    brackets = source.count("[")
    parser = _without_links if brackets > _MANY_BRACKETS else _parser
    env: dict[str, object] = {}
    if references and brackets:
        parser.parse(references, env)
    tokens = parser.parse(_MANY_LINES.sub("\n" * 20, source.strip("\n")), env)
    if any(token.level >= MAX_NESTING - 1 for token in tokens):
        return [plain_block(source.strip("\n"))]
    return _Walk(source.strip("\n").split("\n")).blocks(tokens)


def calm(source: str) -> str:
    """The end of a text that is still being written, without what would flicker.

    A mark that may become a list or the line under a heading waits for what follows it; strong
    text and code that are still open are closed for now.
    """
    start = source.rfind("\n") + 1
    line = source[start:]
    if not line.strip(" -=*+#>|0123456789.)`~_"):
        return source[:start]
    if line.count("`") % 2:
        return source + "`" if not line.endswith("`") else source[:-1]
    if line.count("**") % 2:
        return source + "**" if not line.endswith("*") else source.rstrip("*")
    return source


def formula_run(token: Token, look: Run) -> Run:
    """A formula, shown as it is written until it is typeset."""
    display = token.markup in ("$$", "\\[")
    return replace(look, text=written(token), math=token.content.strip(), display=display)


def code_block(code: str, language: str, indents: str = "") -> Block:
    """Program text in its colours."""
    runs = tuple(Run(text, tone=tone) for text, tone in toned(visible(code), language))
    return Block(Kind.CODE, runs, indents, language=language)


def plain_block(text: str) -> Block:
    """Text as it is written."""
    return Block(Kind.PARAGRAPH, (Run(visible(text)),))


class _Parser(MarkdownIt):
    """CommonMark with tables and struck-out text."""

    def __init__(self) -> None:
        super().__init__("commonmark", {"html": False, "maxNesting": MAX_NESTING})
        self.enable(["table", "strikethrough"])
        learn(self)

    def validateLink(self, url: str) -> bool:
        """Take every link; `_target` judges it, and what is no link stays text."""
        return True


_parser = _Parser()
_without_links = _Parser().disable(["link", "image", "reference"])


class _Walk:
    """Goes through the parser's tokens and collects blocks."""

    def __init__(self, lines: Sequence[str]) -> None:
        self._lines = lines
        self._blocks: list[Block] = []
        self._indents = ""
        self._marker = ""  # of the item whose first block is still to come

    def blocks(self, tokens: list[Token]) -> list[Block]:
        index = 0
        while index < len(tokens):
            token = tokens[index]
            if token.type == "table_open":
                index = self._table(tokens, index)
            elif token.type == "inline":
                self._paragraph(token, tokens[index - 1])
            else:
                self._other(token)
            index += 1
        return self._blocks

    def _other(self, token: Token) -> None:
        match token.type:
            case "bullet_list_open" | "ordered_list_open":
                self._open("l")
            case "blockquote_open":
                self._open("q")
            case "bullet_list_close" | "ordered_list_close" | "blockquote_close":
                self._indents = self._indents[:-1]
            case "list_item_open":
                self._marker = f"{token.info}{token.markup}" if token.info else "•"
            case "list_item_close":
                if self._marker:
                    self._add(Block(Kind.PARAGRAPH, tight=True))
            case "fence" | "code_block":
                language = token.info.split(maxsplit=1)[0] if token.info.strip() else ""
                self._add(code_block(token.content.removesuffix("\n"), language))
            case "math_block" | "math_block_eqno":
                self._add(Block(Kind.PARAGRAPH, (formula_run(token, Run("")),)))
            case "hr":
                self._add(Block(Kind.RULE))

    def _open(self, container: str) -> None:
        if self._marker:  # an item that begins with another list or a quote
            self._add(Block(Kind.PARAGRAPH, tight=True))
        self._indents += container

    def _paragraph(self, inline: Token, opening: Token) -> None:
        runs = _runs(inline.children or [])
        if opening.type == "heading_open":
            self._add(Block(Kind.HEADING, runs, level=int(opening.tag[1:])))
            return
        task = _TASK.match(runs[0].text) if self._marker == "•" and runs else None
        if task:
            self._marker = "[ ]" if task[1] == " " else "[x]"
            runs = (replace(runs[0], text=runs[0].text[task.end() :]), *runs[1:])
        self._add(Block(Kind.PARAGRAPH, runs, tight=opening.hidden))

    def _table(self, tokens: list[Token], index: int) -> int:
        """Collect the table that opens at `index`; the answer is the index of its end."""
        rows: list[list[Cell]] = []
        align = "left"
        columns, lines = 0, tokens[index].map
        while tokens[index].type != "table_close":
            token = tokens[index]
            if token.type == "tr_open":
                rows.append([])
            elif token.type in ("th_open", "td_open"):
                align = str(token.attrs.get("style", "")).removeprefix("text-align:") or "left"
                columns += len(rows) == 1
            elif token.type == "inline" and columns <= MAX_COLUMNS:
                rows[-1].append(Cell(_runs(token.children or []), align))
            index += 1
        if columns > MAX_COLUMNS and lines:  # nobody could read it as a table
            self._add(code_block("\n".join(self._lines[slice(*lines)]), ""))
        else:
            self._add(Block(Kind.TABLE, rows=tuple(map(tuple, rows))))
        return index

    def _add(self, block: Block) -> None:
        indents = self._indents[:MAX_INDENTS]
        self._blocks.append(replace(block, indents=indents, marker=self._marker))
        self._marker = ""


def _runs(tokens: Sequence[Token]) -> tuple[Run, ...]:
    inline = _Inline()
    for token in tokens:
        inline.take(token)
    return tuple(
        run if run.text.isascii() else replace(run, text=visible(run.text))
        for run in inline.runs
        if run.text
    )


class _Inline:
    """Goes through the tokens of a paragraph and collects runs."""

    def __init__(self) -> None:
        self.runs: list[Run] = []
        self._look = Run("")
        self._href = ""  # of the link that is open
        self._linked_from = 0  # the run that it begins with

    def take(self, token: Token) -> None:
        """Add what a token brings."""
        begins = token.nesting > 0
        match token.type.removesuffix("_open").removesuffix("_close"):
            case "strong":
                self._look = replace(self._look, bold=begins)
            case "em":
                self._look = replace(self._look, italic=begins)
            case "s":
                self._look = replace(self._look, strike=begins)
            case "link":
                self._begin_link(str(token.attrs["href"])) if begins else self._end_link()
            case "code_inline":
                self.runs.append(replace(self._look, text=token.content, code=True))
            case "math_inline" | "math_inline_double" | "math_single":
                self.runs.append(formula_run(token, self._look))
            case "softbreak" | "hardbreak":
                self.runs.append(replace(self._look, text="\n"))
            case "image":
                words = f"[image: {token.content}] {token.attrs['src']}"
                self.runs.append(replace(self._look, text=words))
            case _:
                self.runs += _with_addresses(replace(self._look, text=token.content))

    def _begin_link(self, href: str) -> None:
        self._href = href
        self._look = replace(self._look, link=_target(href))
        self._linked_from = len(self.runs)

    def _end_link(self) -> None:
        """A link that must not be one says in words where it would have led."""
        if not self._look.link and plain(self.runs[self._linked_from :]) != self._href:
            self.runs.append(replace(self._look, text=f" ({self._href})"))
        self._look = replace(self._look, link="")


def _with_addresses(run: Run) -> list[Run]:
    """The run with the web addresses in it as links."""
    if run.link or "://" not in run.text:
        return [run]
    runs = []
    end = 0
    for found in _ADDRESS.finditer(run.text):
        runs.append(replace(run, text=run.text[end : found.start()]))
        runs.append(replace(run, text=found[0], link=_target(found[0])))
        end = found.end()
    runs.append(replace(run, text=run.text[end:]))
    return runs


def _target(url: str) -> str:
    """Where a click leads, or nothing."""
    target = safe_link(url)
    return shown_link(target) if target else ""
