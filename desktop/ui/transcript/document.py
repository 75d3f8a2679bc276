"""Blocks as Qt documents. Text goes in run by run: no HTML is parsed, nothing is ever loaded."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import NamedTuple, cast

from PySide6.QtCore import QRectF, Qt, QUrl
from PySide6.QtGui import (
    QFont,
    QFontMetricsF,
    QImage,
    QTextCursor,
    QTextDocument,
    QTextLength,
    QTextLine,
    QTextOption,
    QTextTable,
    QTextTableCellFormat,
    QTextTableFormat,
)

from desktop.ui.transcript import formula_object
from desktop.ui.transcript.markdown import Block, Cell, Kind, Run
from desktop.ui.transcript.style import Style

CODE_EDGE = "\u202f"  # inside the background of code in a line; no line breaks there
ROW_PADDING = 6  # over the text of a table's row, and below it
WIDE_TABLE = 5  # columns; wider ones are set smaller
_ALIGNMENTS = {
    "left": Qt.AlignmentFlag.AlignLeft,
    "center": Qt.AlignmentFlag.AlignHCenter,
    "right": Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignAbsolute,
}


class ClosedDocument(QTextDocument):
    """A document that loads nothing, whatever its text asks for."""

    def __init__(self, font: QFont) -> None:
        super().__init__()
        option = QTextOption()
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        option.setTextDirection(Qt.LayoutDirection.LayoutDirectionAuto)
        self.setUndoRedoEnabled(False)
        self.setDocumentMargin(0)
        option.setTabStopDistance(4 * QFontMetricsF(font).horizontalAdvance(" "))
        self.setDefaultTextOption(option)
        self.setDefaultFont(font)

    def loadResource(self, kind: int, name: QUrl | str) -> QImage:
        """An empty picture. With None or bytes Qt would go on and read the file itself."""
        return QImage()


def document(block: Block, style: Style, columns: Sequence[float] = ()) -> ClosedDocument:
    """The block, not yet laid out to a width; the columns of a table perhaps as wide as told."""
    if block.kind is Kind.TABLE:
        return _table(block, style, columns)
    if block.kind is Kind.CODE:
        return _text(block.runs, style.mono, style.code_line, style)
    if block.kind is Kind.HEADING:
        font = style.heading(block.level)
        runs = [replace(run, bold=False, code=False, tone="") for run in block.runs]
        return _text(runs, font, round(QFontMetricsF(font).height() * 1.25), style)
    if block.kind is Kind.FOLD:
        return small_text(block.runs, style)
    made = _text(block.runs, style.body, style.line, style)
    if len(block.runs) == 1 and block.runs[0].display and block.runs[0].drawn:
        option = made.defaultTextOption()
        option.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        made.setDefaultTextOption(option)
    return made


def unwrap(made: QTextDocument) -> None:
    """Have each line on one line."""
    option = made.defaultTextOption()
    option.setWrapMode(QTextOption.WrapMode.NoWrap)
    made.setDefaultTextOption(option)


def small_text(runs: Sequence[Run], style: Style) -> ClosedDocument:
    """A line of the small kind."""
    return _text(runs, style.small, style.small_line, style)


def _text(runs: Sequence[Run], font: QFont, line: int, style: Style) -> ClosedDocument:
    made = ClosedDocument(font)
    cursor = QTextCursor(made)
    cursor.beginEditBlock()
    cursor.setBlockFormat(style.block_format(line))
    _insert(cursor, runs, style)
    cursor.endEditBlock()
    return made


def _insert(cursor: QTextCursor, runs: Sequence[Run], style: Style) -> None:
    for run in runs:
        look = style.format(run)
        if run.drawn:
            formula_object.insert(cursor, run, look)
        elif run.code:
            edge = style.format(replace(run, code=False))
            cursor.insertText(CODE_EDGE, edge)
            cursor.insertText(run.text, look)
            cursor.insertText(CODE_EDGE, edge)
        else:
            cursor.insertText(run.text, look)


def shown(run: Run) -> str:
    """A run's text as it stands in the document."""
    if run.drawn:
        return formula_object.OBJECT
    return f"{CODE_EDGE}{run.text}{CODE_EDGE}" if run.code else run.text


def selected(cursor: QTextCursor) -> str:
    """The selected text without what was put in for looks."""
    text = cursor.selection().toPlainText().replace(CODE_EDGE, "")
    for source in formula_object.sources(cursor) if formula_object.OBJECT in text else ():
        text = text.replace(formula_object.OBJECT, source, 1)
    return text


class _Edges(NamedTuple):
    """The sides of its table that a cell is at."""

    top: bool  # below the rows of another piece
    right: bool


def _table(block: Block, style: Style, widths: Sequence[float]) -> ClosedDocument:
    columns = max(1, *(len(row) for row in block.rows))
    wide = columns > WIDE_TABLE
    made = ClosedDocument(style.small if wide else style.body)
    line = style.small_line if wide else style.line
    gutter = 12 if wide else 24
    cursor = QTextCursor(made)
    cursor.beginEditBlock()
    form = _table_format()
    if len(widths) == columns:
        fixed = QTextLength.Type.FixedLength
        form.setColumnWidthConstraints([QTextLength(fixed, width) for width in widths])
    table = cursor.insertTable(len(block.rows), columns, form)
    for y, row in enumerate(block.rows):
        for x, cell in enumerate(row):
            place = table.cellAt(y, x)
            head = y == 0 and not block.goes_on
            edges = _Edges(
                top=y == 0 and block.goes_on,
                right=x == columns - 1,
            )
            place.setFormat(_cell_format(edges, gutter))
            _fill(place.firstCursorPosition(), cell, line, style, head)
    cursor.endEditBlock()
    return made


def _fill(cursor: QTextCursor, cell: Cell, line: int, style: Style, head: bool) -> None:
    form = style.block_format(line)
    form.setAlignment(_ALIGNMENTS.get(cell.align, Qt.AlignmentFlag.AlignLeft))
    cursor.setBlockFormat(form)
    runs = cell.runs
    if head:
        runs = tuple(replace(run, bold=True) for run in runs)
    _insert(cursor, runs, style)


def _table_format() -> QTextTableFormat:
    made = QTextTableFormat()
    made.setBorder(0)
    made.setBorderCollapse(True)
    made.setCellPadding(0)
    made.setCellSpacing(0)
    return made


def _cell_format(edges: _Edges, gutter: int) -> QTextTableCellFormat:
    """Room for hairlines between rows; as borders Qt would paint them cell by cell, slowly."""
    made = QTextTableCellFormat()
    made.setTopPadding(ROW_PADDING + (1 if edges.top else 0))
    made.setBottomPadding(ROW_PADDING + 1)
    made.setLeftPadding(0)
    made.setRightPadding(0 if edges.right else gutter)
    return made


def column_widths(made: QTextDocument) -> tuple[float, ...]:
    """How wide the columns of a laid out table are."""
    table = cast(QTextTable, made.rootFrame().childFrames()[0])
    layout = made.documentLayout()
    cells = (table.cellAt(0, column) for column in range(table.columns()))
    lefts = [layout.blockBoundingRect(cell.firstCursorPosition().block()).x() for cell in cells]
    lefts.append(layout.frameBoundingRect(table).right())
    return tuple(right - left for left, right in pairwise(lefts))


def hairlines(made: QTextDocument, block: Block) -> list[QRectF]:
    """Where the lines over the rows of a laid out table are, but for its first row's.

    The first one of a table that goes on stands over its first row.
    """
    table = cast(QTextTable, made.rootFrame().childFrames()[0])
    layout = made.documentLayout()
    whole = layout.frameBoundingRect(table)
    starts = (table.cellAt(row, 0).firstCursorPosition().block() for row in range(table.rows()))
    tops = [layout.blockBoundingRect(start).y() - ROW_PADDING - 1 for start in starts]
    shown = tops if block.goes_on else tops[1:]
    return [QRectF(whole.x(), round(top), whole.width(), 1) for top in shown]


def table_width(made: QTextDocument) -> float:
    """How wide a laid out table is."""
    table = cast(QTextTable, made.rootFrame().childFrames()[0])
    return made.documentLayout().frameBoundingRect(table).width()


def units(text: str) -> int:
    """The length of a text as Qt counts it, in UTF-16 units."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le")) // 2


def stretch_rects(made: QTextDocument, start: int, end: int) -> list[QRectF]:
    """Where the text from `start` to `end` is, a rectangle for each line. Lay it out before."""
    rects = []
    layout = made.documentLayout()
    block = made.findBlock(start)
    while block.isValid() and block.position() < end:
        corner = layout.blockBoundingRect(block).topLeft()
        lines = block.layout()
        for index in range(lines.lineCount()):
            line = lines.lineAt(index)
            first = max(start - block.position(), line.textStart())
            last = min(end - block.position(), line.textStart() + line.textLength())
            if first < last:
                left, right = sorted((_x(line, first), _x(line, last)))
                rects.append(
                    QRectF(corner.x() + left, corner.y() + line.y(), right - left, line.height())
                )
        block = block.next()
    return rects


def caret_rect(made: QTextDocument) -> QRectF:
    """Where the text ends. Lay it out before."""
    block = made.lastBlock()
    corner = made.documentLayout().blockBoundingRect(block).topLeft()
    lines = block.layout()
    line = lines.lineAt(lines.lineCount() - 1)
    x = _x(line, block.length() - 1)
    return QRectF(corner.x() + x, corner.y() + line.y(), 0, line.height())


def _x(line: QTextLine, position: int) -> float:
    """Where a position is. Qt gives the position back as well."""
    x, _ = cast("tuple[float, int]", line.cursorToX(position))
    return x
