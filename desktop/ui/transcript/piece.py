"""One section of a message on screen: its blocks, laid out when they come into view.

All heights are whole pixels, so that what is above never moves what is below by a part of one.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import cast

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QTextTable

from desktop.ui.transcript.document import ClosedDocument, document, shown, stretch_rects, units
from desktop.ui.transcript.markdown import Block, Kind, Run, code_block, render
from desktop.ui.transcript.sections import Section, Shape
from desktop.ui.transcript.style import INDENT, PANEL, Style

CODE_HEAD = 36  # language and copy icon over program text
CODE_FOOT = 12
RULE_HEIGHT = 1


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

    def move(self, y: float) -> None:
        """Put what was laid out at y = 0 to its place."""
        step = QPointF(0, y)
        self.corner += step
        if self.panel:
            self.panel.translate(step)
        for rect in self.code:
            rect.translate(step)
        for rect, _ in self.links:
            rect.translate(step)

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
        if self.section.shape is Shape.CODE:
            self.height += CODE_HEAD if self.section.heads else 0
        self.known = False

    def forget(self) -> None:
        """Let the documents go; the height stays."""
        self.blocks = None

    def parsed(self, references: str, calmed: Callable[[str], str] = str) -> list[Block]:
        """The blocks of the section, without their documents."""
        section = self.section
        match section.shape:
            case Shape.CODE:
                return [code_block(section.code, section.fence.language if section.fence else "")]
            case Shape.PLAIN:
                return [Block(Kind.PARAGRAPH, (Run(section.source.removesuffix("\n")),))]
        return render(section.lead + calmed(section.source), references)

    def lay(self, blocks: list[Block], width: float, style: Style) -> None:
        """Lay the blocks out and set the height."""
        laid = [self._laid(block, width, style) for block in blocks]
        y = 0.0
        if laid and not self.first and not self.section.joined:
            y = gap_before(blocks[0])
        for index, one in enumerate(laid):
            if index:
                y += gap_between(blocks[index - 1], blocks[index])
            one.move(y)
            y += one.height
        self.blocks = laid
        self.height = y
        self.known = True

    def _laid(self, block: Block, width: float, style: Style) -> LaidBlock:
        if block.kind is Kind.CODE:
            return self._laid_code(block, width, style)
        made = document(block, style)
        indent = INDENT * len(block.indents)
        made.setTextWidth(max(80.0, width - indent))
        height = _height(made, block)
        right_to_left = made.begin().textDirection() == Qt.LayoutDirection.RightToLeft
        corner = QPointF(0 if right_to_left else indent, 0)
        laid = LaidBlock(block, made, corner, height, right_to_left=right_to_left)
        _find_stretches(laid)
        return laid

    def _laid_code(self, block: Block, width: float, style: Style) -> LaidBlock:
        nested = self.section.shape is not Shape.CODE
        head = nested or self.section.heads
        foot = nested or not self.code_goes_on
        made = document(block, style)
        indent = INDENT * len(block.indents)
        made.setTextWidth(max(80.0, width - indent - 2 * PANEL))
        above = CODE_HEAD if head else 0
        height = above + math.ceil(made.size().height()) + (CODE_FOOT if foot else 0)
        panel = QRectF(indent, 0, width - indent, height)
        return LaidBlock(
            block, made, QPointF(indent + PANEL, above), height, panel, head=head, foot=foot
        )


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


def gap_before(block: Block) -> float:
    """The space over the first block of a piece that is not a message's first."""
    return 24 if block.kind is Kind.HEADING else 12


def gap_between(above: Block, below: Block) -> float:
    """The space between two blocks of a piece."""
    if below.kind is Kind.HEADING:
        return 24
    if above.kind is Kind.HEADING or (below.marker and below.tight and "l" not in above.indents):
        return 8
    if below.tight and "l" in above.indents + below.indents:
        return 4
    return 12


def guessed_height(text: str, width: float, style: Style) -> float:
    """About how high a text is, in whole pixels. It only has to be near."""
    letters = max(20.0, width / style.letter)
    return round(style.line * (text.count("\n") * 0.7 + len(text) / letters + 1))
