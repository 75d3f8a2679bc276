"""How a picker's lines are drawn: the choice, and what is to be known of it muted below."""

from PySide6.QtCore import (
    QAbstractItemModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QSize,
    Qt,
)
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPalette
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from desktop.ui.metrics import metrics
from desktop.ui.theme import Theme, small_font

DETAIL_ROLE = Qt.ItemDataRole.UserRole + 1
WIDEST_DETAIL = 320  # pixels
EDGE, PADDING = 12, 8
_WRAPPED = Qt.TextFlag.TextWordWrap


class PickerDelegate(QStyledItemDelegate):
    """Two parts, one below the other; the second wraps."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._muted: QColor | None = None

    def set_theme(self, theme: Theme) -> None:
        """Take the colour of the second part."""
        self._muted = QColor(theme.text_muted)

    def widest(self, lines: QAbstractItemModel) -> int:
        """The pixels that the widest line asks for."""
        option = QStyleOptionViewItem()
        sizes = [self.sizeHint(option, lines.index(row, 0)) for row in range(lines.rowCount())]
        return max((size.width() for size in sizes), default=0)

    # QStyledItemDelegate

    def sizeHint(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        full = QStyleOptionViewItem(option)
        self.initStyleOption(full, index)
        detail = _detail_room(index).size()
        width = max(full.fontMetrics.horizontalAdvance(full.text), detail.width())
        height = full.fontMetrics.height() + detail.height()
        return QSize(width + 2 * EDGE, height + 2 * metrics().gap(PADDING))

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        full = QStyleOptionViewItem(option)
        self.initStyleOption(full, index)
        text, full.text = full.text, ""
        style = full.widget.style()
        style.drawControl(QStyle.ControlElement.CE_ItemViewItem, full, painter, full.widget)
        muted = self._muted or full.palette.color(QPalette.ColorRole.PlaceholderText)
        enabled = bool(full.state & QStyle.StateFlag.State_Enabled)
        above = metrics().gap(PADDING)
        room = full.rect.adjusted(EDGE, above, -EDGE, -above)
        painter.save()
        painter.setFont(full.font)
        painter.setPen(full.palette.color(QPalette.ColorRole.Text) if enabled else muted)
        painter.drawText(room, Qt.AlignmentFlag.AlignTop, text)
        painter.setFont(small_font())
        painter.setPen(muted)
        below = room.adjusted(0, full.fontMetrics.height(), 0, 0)
        painter.drawText(below, _WRAPPED, _detail(index))
        painter.restore()


def _detail(index: QModelIndex | QPersistentModelIndex) -> str:
    return str(index.data(DETAIL_ROLE) or "")


def _detail_room(index: QModelIndex | QPersistentModelIndex) -> QRect:
    detail = _detail(index)
    if not detail:
        return QRect()
    most = QRect(0, 0, metrics().side(WIDEST_DETAIL), 10_000)
    return QFontMetrics(small_font()).boundingRect(most, _WRAPPED, detail)
