"""One section of a message on screen: its blocks, laid out when they come into view.

All heights are whole pixels, so that what is above never moves what is below by a part of one.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import cast

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QTextTable

from desktop.ui.transcript.document import (
    ClosedDocument,
    column_widths,
    document,
    hairlines,
    shown,
    stretch_rects,
    table_width,
    units,
    unwrap,
)
from desktop.ui.transcript.formula_object import waits, with_formulas
from desktop.ui.transcript.markdown import Block, Kind, Run, code_block, plain, plain_block, render
from desktop.ui.transcript.sections import Section, Shape
from desktop.ui.transcript.sideways import COLUMN, REACH, Sideways
from desktop.ui.transcript.sizes import Sizes
from desktop.ui.transcript.style import Style

RULE_HEIGHT = 1
CELLS = 8  # of a table take as long as a block to let go of
FOLD_SPACE = "\u2003\u2003\u2002"  # between the words of a folded thought and what is thought


@dataclass(slots=True)
class LaidBlock:
    """A block with its document. All places are relative to the piece's corner."""

    block: Block
    made: ClosedDocument
    corner: QPointF  # of the document
    height: float  # of all of it, panel included
    panel: QRectF | None = None  # behind program text
    head: bool = False  # the panel has a title line
    foot: bool = False  # the panel ends here
    right_to_left: bool = False
    code: list[QRectF] = field(default_factory=list)  # behind code in a line
    links: list[tuple[QRectF, str]] = field(default_factory=list)
    way: Sideways | None = None  # where it may be wider than there is room
    ends: bool = True  # it does not go on in the next piece
    lines: list[QRectF] = field(default_factory=list)  # of a table, in its document
    fold: QRectF | None = None  # what is clicked to unfold a thought, its chevron included

    def move(self, y: float) -> None:
        """Put what was laid out at y = 0 to its place."""
        step = QPointF(0, y)
        self.corner += step
        if self.panel:
            self.panel.translate(step)
        if self.fold:
            self.fold.translate(step)
        for rect in self.code:
            rect.translate(step)
        for rect, _ in self.links:
            rect.translate(step)

    @property
    def bulk(self) -> int:
        """How much there is to let go of, in blocks."""
        return 1 + len(self.block.rows) * len(self.block.rows[0]) // CELLS if self.block.rows else 1

    @property
    def shift(self) -> float:
        """How much of it is scrolled out of sight at the left."""
        return self.way.left if self.way and self.way.unwrapped else 0.0

    @property
    def window(self) -> QRectF:
        """The part of the piece that the text may show in."""
        room = self.way.room if self.way and self.way.unwrapped else self.made.textWidth()
        return QRectF(self.corner.x(), self.top, room, self.height)

    @property
    def top(self) -> float:
        """Where the block begins."""
        return self.panel.top() if self.panel else self.corner.y()


class Piece:
    """A section, its height (a guess until it was laid out once) and its blocks while in view."""

    def __init__(self, section: Section) -> None:
        self.section = section
        self.first = False  # of its message
        self.code_goes_on = False  # in the next piece
        self.blocks: list[LaidBlock] | None = None
        self.height = 0.0
        self.known = False
        self.ways: dict[str, Sideways] = {}  # of its message, by what begins each block
        self.begins = ""  # what the program text begins with that this piece goes on with
        self.columns: tuple[float, ...] = ()  # widths, of a table that may go on in the next piece

    def set_followed(self, below: "Piece") -> None:
        """Note what follows. Program text that goes on has no foot of its own."""
        goes_on = (
            self.section.shape is Shape.CODE
            and below.section.shape is Shape.CODE
            and below.section.joined
        )
        if goes_on != self.code_goes_on:
            self.code_goes_on = goes_on
            self.forget()

    def guess(self, width: float, style: Style) -> None:
        """Set the height from the length of the text."""
        self.height = guessed_height(self.section.source, width, style)
        if self.section.shape is Shape.FOLD:
            self.height = style.sizes.footer
        if self.section.shape is Shape.CODE:
            self.height += style.sizes.code_head if self.section.heads else 0
        self.known = False
        self.columns = ()

    def forget(self) -> None:
        """Let the documents go; the height stays."""
        self.blocks = None

    @property
    def bulk(self) -> int:
        """How much there is to let go of, in blocks."""
        return sum(laid.bulk for laid in self.blocks or ())

    @property
    def waits(self) -> bool:
        """True when a formula that is shown as it is written can be drawn by now."""
        return any(waits(laid.block) for laid in self.blocks or ())

    def parsed(self, references: str, calmed: Callable[[str], str] = str) -> list[Block]:
        """The blocks of the section, without their documents."""
        blocks = self._parsed(references, calmed)
        if self.section.thought:  # set apart like a quote
            return [replace(block, indents=f"q{block.indents}") for block in blocks]
        return blocks

    def _parsed(self, references: str, calmed: Callable[[str], str]) -> list[Block]:
        section = self.section
        match section.shape:
            case Shape.CODE:
                return [code_block(section.code, section.fence.language if section.fence else "")]
            case Shape.PLAIN:
                return [plain_block(section.source.removesuffix("\n"))]
            case Shape.FOLD:
                return [fold_block(section.source, section.lead)]
        blocks = render(section.lead + calmed(section.source), references)
        if section.lead and blocks and blocks[0].kind is Kind.TABLE:
            rest = replace(blocks[0], rows=blocks[0].rows[1:], goes_on=True)
            return [rest, *blocks[1:]] if rest.rows else blocks[1:]
        return blocks

    def lay(self, blocks: list[Block], width: float, style: Style) -> None:
        """Lay the blocks out and set the height."""
        blocks = [with_formulas(block) for block in blocks]
        laid = [self._laid(block, width, style) for block in blocks]
        y = 0.0
        if laid and not self.first and not self.section.joined:
            y = gap_before(blocks[0], style.sizes)
        for index, one in enumerate(laid):
            if index:
                y += gap_between(blocks[index - 1], blocks[index], style.sizes)
            one.move(y)
            y += one.height
        self.blocks = laid
        self.height = y
        self.known = True

    def _laid(self, block: Block, width: float, style: Style) -> LaidBlock:
        if block.kind is Kind.CODE:
            return self._laid_code(block, width, style)
        if block.kind is Kind.FOLD:
            return laid_fold(block, width, style)
        made = document(block, style, self.columns)
        indent = style.sizes.indent * len(block.indents)
        room = max(80.0, width - indent)
        way = None
        if block.kind is Kind.TABLE:
            made.setTextWidth(max(room, COLUMN * len(block.rows[0])))
            way = self._table_way(block, table_width(made), room)
            self.columns = column_widths(made)
        else:
            made.setTextWidth(room)
        height = _height(made, block) + (REACH if way and way.end else 0)
        right_to_left = made.begin().textDirection() == Qt.LayoutDirection.RightToLeft
        corner = QPointF(0 if right_to_left else indent, 0)
        laid = LaidBlock(block, made, corner, height, right_to_left=right_to_left, way=way)
        if block.kind is Kind.TABLE:
            laid.lines = hairlines(made, block)
        _find_stretches(laid)
        return laid

    def _laid_code(self, block: Block, width: float, style: Style) -> LaidBlock:
        nested = self.section.shape is not Shape.CODE
        head = nested or self.section.heads
        foot = nested or not self.code_goes_on
        made = document(block, style)
        indent = style.sizes.indent * len(block.indents)
        sizes = style.sizes
        room = max(80.0, width - indent - 2 * sizes.panel)
        way = self.ways.setdefault(self.begins or begins(block), Sideways())
        made.setTextWidth(room)
        if way.unwrapped:
            unwrap(made)
            way.fit(made.idealWidth(), room)
        above = sizes.code_head if head else 0
        height = above + math.ceil(made.size().height()) + (sizes.code_foot if foot else 0)
        panel = QRectF(indent, 0, width - indent, height)
        corner = QPointF(indent + sizes.panel, above)
        return LaidBlock(
            block, made, corner, height, panel, head=head, foot=foot, way=way, ends=foot
        )

    def _table_way(self, block: Block, across: float, room: float) -> Sideways | None:
        """Have a table of many columns wider than there is room, rather than unreadable."""
        if across <= room:
            return None
        way = self.ways.setdefault(self.begins or begins(block), Sideways(unwrapped=True))
        way.fit(across, room)
        return way


def begins(block: Block) -> str:
    """What a block is known by while its text grows: its first line."""
    first = block.rows[0] if block.rows else ()
    runs = [run for cell in first for run in cell.runs] if first else block.runs
    return f"{block.kind}{block.language}{plain(runs)[:200].partition(chr(10))[0]}"


def fold_block(words: str, glimpse: str) -> Block:
    """The line of a folded thought: how long it took, or what is being thought."""
    runs = [Run(words, tone="muted")]
    if glimpse:
        runs.append(Run(FOLD_SPACE + glimpse, italic=True, tone="muted"))
    return Block(Kind.FOLD, tuple(runs))


def laid_fold(block: Block, width: float, style: Style) -> LaidBlock:
    """The line, as much of it as there is room for."""
    metrics = QFontMetricsF(style.small)
    words = block.runs[0].text
    reach = metrics.horizontalAdvance(words) + style.sizes.fold_mark
    if block.runs[1:]:
        slanted = QFont(style.small)
        slanted.setItalic(True)
        room = width - metrics.horizontalAdvance(words) - style.sizes.indent
        glimpse = QFontMetricsF(slanted).elidedText(
            block.runs[1].text, Qt.TextElideMode.ElideRight, room
        )
        block = replace(block, runs=(block.runs[0], replace(block.runs[1], text=glimpse)))
    made = document(block, style)
    if style.mirrored:
        option = made.defaultTextOption()
        option.setTextDirection(Qt.LayoutDirection.RightToLeft)
        made.setDefaultTextOption(option)
    made.setTextWidth(math.ceil(made.idealWidth()))
    height = style.sizes.footer
    place = style.placed(QRectF(0, 0, made.textWidth(), height), width)
    corner = QPointF(place.left(), round((height - made.size().height()) / 2))
    fold = style.placed(QRectF(0, 0, reach, height), width)
    return LaidBlock(block, made, corner, height, fold=fold)


def _height(made: ClosedDocument, block: Block) -> float:
    if block.kind is Kind.RULE:
        return RULE_HEIGHT
    if block.kind is Kind.TABLE:
        return math.ceil(made.documentLayout().frameBoundingRect(_table(made)).height())
    return math.ceil(made.size().height())


def _table(made: ClosedDocument) -> QTextTable:
    return cast(QTextTable, made.rootFrame().childFrames()[0])


def _find_stretches(laid: LaidBlock) -> None:
    """Note where code and links are."""
    if laid.block.kind is Kind.TABLE:
        _find_stretches_of_cells(laid)
    elif laid.block.kind is Kind.PARAGRAPH:
        _note(laid, laid.block.runs, 0)


def _find_stretches_of_cells(laid: LaidBlock) -> None:
    table = _table(laid.made)
    for y, row in enumerate(laid.block.rows):
        for x, cell in enumerate(row):
            if any(run.code or run.link for run in cell.runs):
                _note(laid, cell.runs, table.cellAt(y, x).firstPosition())


def _note(laid: LaidBlock, runs: tuple[Run, ...], position: int) -> None:
    for run in runs:
        end = position + units(shown(run))
        if run.code or run.link:
            rects = stretch_rects(laid.made, position, end)
            if run.code:
                laid.code += [rect.translated(laid.corner) for rect in rects]
            if run.link:
                laid.links += [(rect.translated(laid.corner), run.link) for rect in rects]
        position = end


def gap_before(block: Block, sizes: Sizes) -> float:
    """The space over the first block of a piece that is not a message's first."""
    return sizes.heading_gap if block.kind is Kind.HEADING else sizes.block_gap


def gap_between(above: Block, below: Block, sizes: Sizes) -> float:
    """The space between two blocks of a piece."""
    if below.kind is Kind.HEADING:
        return sizes.heading_gap
    if above.kind is Kind.HEADING or (below.marker and below.tight and "l" not in above.indents):
        return 8
    if below.tight and "l" in above.indents + below.indents:
        return 4
    return sizes.block_gap


def guessed_height(text: str, width: float, style: Style) -> float:
    """About how high a text is, in whole pixels. It only has to be near."""
    letters = max(20.0, width / style.letter)
    return round(style.line * (text.count("\n") * 0.7 + len(text) / letters + 1))
