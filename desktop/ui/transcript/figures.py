"""All figures of an answer, unfolded below it: a name and a value in each line."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter

from desktop.ui.direction import line_flags
from desktop.ui.i18n import tr
from desktop.ui.transcript.entry import Entry
from desktop.ui.transcript.style import Style

GUTTER = 24  # between names and values
GAP = 8  # over the line that copies, and under it


def area(entry: Entry, top: float, width: float, style: Style) -> QRectF:
    """Where the figures are, with the line that copies them."""
    return QRectF(0, top, width, (len(entry.figures) + 1) * style.small_line + 2 * GAP)


def copy_words() -> str:
    """What the line below them says."""
    return tr("Copy these figures")


def copy_rect(place: QRectF, style: Style) -> QRectF:
    """Where that line is."""
    words = QFontMetricsF(style.small).horizontalAdvance(copy_words())
    top = place.bottom() - GAP - style.small_line
    return style.placed(QRectF(0, top, words, style.small_line), place.width())


def paint_figures(painter: QPainter, entry: Entry, place: QRectF, style: Style) -> None:
    """The figures, and the line that copies them."""
    metrics = QFontMetricsF(style.small)
    column = max(metrics.horizontalAdvance(name) for name, _ in entry.figures) + GUTTER
    painter.setFont(style.small)
    line = QRectF(0, place.top(), place.width(), style.small_line)
    for name, value in entry.figures:
        painter.setPen(QColor(style.theme.text_muted))
        painter.drawText(line, line_flags(name), name)
        painter.setPen(QColor(style.theme.text))
        room = style.placed(line.adjusted(column, 0, 0, 0), line.width())
        shown = metrics.elidedText(value, Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, line_flags(shown), shown)
        line.translate(0, style.small_line)
    painter.setPen(QColor(style.theme.accent))
    painter.drawText(copy_rect(place, style), line_flags(copy_words()), copy_words())
