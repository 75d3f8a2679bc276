"""How a finding is drawn: the title, its date, and two lines of text with the words marked."""

from collections.abc import Iterable, Sequence
from typing import TypeAlias

from PySide6.QtCore import QObject, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetrics,
    QPainter,
    QPen,
    QTextCharFormat,
    QTextLayout,
    QTextOption,
)
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from desktop.domain.chats import Hit
from desktop.domain.folding import Range
from desktop.ui.i18n import tr
from desktop.ui.metrics import metrics
from desktop.ui.sidebar.days import short_date
from desktop.ui.sidebar.hit_model import HIT_ROLE, Index, hit_title, snippet
from desktop.ui.theme import Theme, mixed, small_font

EDGE, PADDING = 8, 12
LINES = 2
ABOVE = 7  # the text of a row, and below it

Mark: TypeAlias = QTextLayout.FormatRange


class HitDelegate(QStyledItemDelegate):
    """Rows of the same height."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._theme: Theme | None = None

    def set_theme(self, theme: Theme) -> None:
        """Take colours."""
        self._theme = theme

    def _paint_hit(
        self, painter: QPainter, option: QStyleOptionViewItem, hit: Hit, theme: Theme
    ) -> None:
        above = metrics().gap(ABOVE)
        room = option.rect.adjusted(EDGE + PADDING, above, -EDGE - PADDING, -above)
        small, font = small_font(), option.font
        date = short_date(hit.created_at)
        width = QFontMetrics(small).horizontalAdvance(date)
        line = QFontMetrics(font).height()
        painter.setFont(small)
        painter.setPen(QColor(theme.text_muted))
        upper = QRect(room.left(), room.top(), room.width(), line)
        painter.drawText(upper, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, date)
        beside = upper.adjusted(0, 0, -(width + 8) if date else 0, 0)
        title_room = QRectF(QStyle.visualRect(option.direction, option.rect, beside))
        leading = _leading(option.direction)
        found = () if hit.message_id else _ranges_in_title(hit)
        marks = [_marked(hit_title(hit), each, theme) for each in found]
        shown = QFontMetrics(font).elidedText(
            hit_title(hit), Qt.TextElideMode.ElideRight, int(title_room.width())
        )
        title = _lay_out(shown, font, title_room.width(), marks, leading)
        _draw(painter, title, title_room, theme.text)
        below = QRectF(room).adjusted(0, line + 2, 0, 0)
        text = snippet(hit) or tr("In the title")
        marks = [_marked(text, each, theme) for each in hit.ranges] if hit.message_id else []
        lines = _lay_out(text, small, room.width(), marks, leading, LINES)
        _draw(painter, lines, below, theme.text_muted)

    # QStyledItemDelegate

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        small = QFontMetrics(small_font()).lineSpacing()
        return QSize(0, 2 * metrics().gap(ABOVE) + option.fontMetrics.height() + 4 + LINES * small)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        hit, theme = index.data(HIT_ROLE), self._theme
        if theme is None or not isinstance(hit, Hit):
            return
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ground = QRectF(option.rect.adjusted(EDGE, 1, -EDGE, -1))
        state = QStyle.StateFlag
        share = 0.1 if option.state & state.State_Selected else 0.05
        if option.state & (state.State_Selected | state.State_MouseOver):
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(mixed(theme.surface, theme.text, share)))
            painter.drawRoundedRect(ground, 8, 8)
        if option.state & state.State_HasFocus and option.widget.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(theme.accent), theme.ring))
            painter.drawRoundedRect(ground.adjusted(1, 1, -1, -1), 7, 7)
        self._paint_hit(painter, option, hit, theme)
        painter.restore()


def _ranges_in_title(hit: Hit) -> Iterable[Range]:
    """Where the excerpt, which is the title, is shown as it is."""
    return hit.ranges if hit.excerpt == hit_title(hit) else ()


def _leading(direction: Qt.LayoutDirection) -> QTextOption:
    """Lines that begin where the window's do, whatever script they are in."""
    mirrored = direction is Qt.LayoutDirection.RightToLeft
    side = Qt.AlignmentFlag.AlignRight if mirrored else Qt.AlignmentFlag.AlignLeft
    return QTextOption(side | Qt.AlignmentFlag.AlignAbsolute)


def _lay_out(
    text: str, font: QFont, width: float, marks: Sequence[Mark], side: QTextOption, lines: int = 1
) -> QTextLayout:
    """As many lines of the text as there may be, with marks in it."""
    layout = QTextLayout(text, font)
    layout.setTextOption(side)
    layout.setFormats(list(marks))
    layout.beginLayout()
    height = 0.0
    for _ in range(lines):
        line = layout.createLine()
        if not line.isValid():
            break
        line.setLineWidth(width)
        line.setPosition(QPointF(0, height))
        height += line.height()
    layout.endLayout()
    return layout


def _draw(painter: QPainter, layout: QTextLayout, room: QRectF, colour: str) -> None:
    painter.save()
    painter.setPen(QColor(colour))
    painter.setClipRect(room.adjusted(-2, 0, 2, 2))
    layout.draw(painter, room.topLeft())
    painter.restore()


def _marked(text: str, found: Range, theme: Theme) -> Mark:
    """Qt counts in units of UTF-16, Python in characters."""
    made = Mark()
    made.start = _units(text[: found[0]])
    made.length = _units(text[found[0] : found[1]])
    look = QTextCharFormat()
    look.setForeground(QColor(theme.text))
    look.setBackground(QColor(theme.selection))
    made.format = look
    return made


def _units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
