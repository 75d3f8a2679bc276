"""What stands beside the text: the marks of lists, the bars of quotes, the lines of tables."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen

from desktop.ui.transcript.piece import LaidBlock
from desktop.ui.transcript.style import Style

BOX = 13  # side of a task's box
BAR = 3  # width of a quote's bar
RIGHT_TO_LEFT = "\u200f"  # puts the dot on the other side of the number


def paint_hairlines(painter: QPainter, laid: LaidBlock, style: Style) -> None:
    """Between the rows of a table, a stronger one under its head; the origin is its document's."""
    for row, line in enumerate(laid.lines):
        under_head = row == 0 and not laid.block.goes_on
        colour = style.theme.text_muted if under_head else style.theme.border
        painter.fillRect(line, QColor(colour))


def paint_marker(painter: QPainter, laid: LaidBlock, width: float, style: Style) -> None:
    """The mark of a list's item, on the first line of its text."""
    level = len(laid.block.indents)
    indent = style.sizes.indent
    left = width - indent * level if laid.right_to_left else indent * (level - 1)
    baseline = _baseline(laid)
    metrics = QFontMetricsF(style.body)
    middle = baseline - metrics.xHeight() / 2
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(style.theme.text_muted))
    match laid.block.marker:
        case "•":
            dot = metrics.xHeight() / 3
            painter.drawEllipse(QPointF(left + indent / 2, middle), dot, dot)
        case "[ ]" | "[x]":
            middle = baseline - metrics.capHeight() / 2
            box = QRectF(left + (indent - 6 - BOX) / 2 + 1, round(middle - BOX / 2), BOX, BOX)
            _paint_box(painter, box, laid.block.marker == "[x]", style)
        case number:
            painter.setFont(style.body)
            painter.setPen(QColor(style.theme.text_muted))
            reach = metrics.horizontalAdvance(number)
            x = left + 6 if laid.right_to_left else left + indent - 6 - reach
            if laid.right_to_left:
                number = f"{RIGHT_TO_LEFT}{number}{RIGHT_TO_LEFT}"
            painter.drawText(QPointF(x, baseline), number)


def _baseline(laid: LaidBlock) -> float:
    first = laid.made.begin()
    corner = laid.made.documentLayout().blockBoundingRect(first).top()
    line = first.layout().lineAt(0)
    return laid.corner.y() + corner + line.y() + line.ascent()


def _paint_box(painter: QPainter, box: QRectF, done: bool, style: Style) -> None:
    if not done:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(style.theme.text_muted), 1.25))
        painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), 3, 3)
        return
    painter.setBrush(QColor(style.theme.accent))
    painter.drawRoundedRect(box, 3, 3)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    pen = QPen(QColor(style.theme.on_accent), 1.5)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    painter.setPen(pen)
    corner = box.topLeft()
    painter.drawPolyline([corner + QPointF(x, y) for x, y in ((3.2, 6.8), (5.6, 9.2), (9.8, 4.2))])


def paint_quote_bars(
    painter: QPainter, blocks: list[LaidBlock], width: float, style: Style, *, goes_on: bool = False
) -> None:
    """A bar for each level of quoting, unbroken from one block of a quote to the next.

    With `goes_on` the outermost quote began in the piece above.
    """
    for index, laid in enumerate(blocks):
        indents = laid.block.indents
        for level, letter in enumerate(indents):
            if letter != "q":
                continue
            top = 0.0 if goes_on and not index and not level else laid.top
            above = blocks[index - 1] if index else None
            if above and above.block.indents[: level + 1] == indents[: level + 1]:
                top = above.top + above.height
            beside = style.sizes.indent * level + 2
            x = width - beside - BAR if laid.right_to_left else beside
            bar = QRectF(x, top, BAR, laid.top + laid.height - top)
            painter.fillRect(bar, QColor(style.theme.border))
