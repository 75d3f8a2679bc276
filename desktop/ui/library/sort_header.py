"""The table's head: a click sorts, and so do the keys."""

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import (
    QFocusEvent,
    QIcon,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QPen,
)
from PySide6.QtWidgets import QHeaderView, QStyle, QWidget

from desktop.ui.i18n import tr
from desktop.ui.icons import IconSet
from desktop.ui.metrics import metrics
from desktop.ui.theme import Theme, small_font

ARROW, BESIDE_ARROW = 14, 2  # pixels
PADDING = 12  # as the rows below have it


class SortHeader(QHeaderView):
    """Left and Right choose a column, Space or Enter sorts by it, and again the other way round."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._place = 0
        self._ring = 2  # pixels around what has the focus
        self._up, self._down = QIcon(), QIcon()
        self.setSectionsClickable(True)
        self.setHighlightSections(False)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.setAccessibleName(tr("Columns: left and right choose one, Space sorts by it"))

    def set_theme(self, theme: Theme, icons: IconSet) -> None:
        """Take the arrows."""
        self.setFont(small_font())
        self._ring = theme.ring
        self._up = icons.icon("chevron-up", ARROW, theme.text_muted)
        self._down = icons.icon("chevron-down", ARROW, theme.text_muted)
        self.viewport().update()

    def _step(self, direction: int) -> None:
        visual = self.visualIndex(self._place) + direction
        while 0 <= visual < self.count() and self.isSectionHidden(self.logicalIndex(visual)):
            visual += direction
        if 0 <= visual < self.count():
            self._place = self.logicalIndex(visual)
            self.viewport().update()

    def _sort(self) -> None:
        ascending, descending = Qt.SortOrder.AscendingOrder, Qt.SortOrder.DescendingOrder
        again = self.sortIndicatorSection() == self._place
        turned = again and self.sortIndicatorOrder() is ascending
        self.setSortIndicator(self._place, descending if turned else ascending)

    # QHeaderView

    def keyPressEvent(self, event: QKeyEvent) -> None:
        match event.key():
            case Qt.Key.Key_Left:
                self._step(1 if self.isRightToLeft() else -1)
            case Qt.Key.Key_Right:
                self._step(-1 if self.isRightToLeft() else 1)
            case Qt.Key.Key_Space | Qt.Key.Key_Return | Qt.Key.Key_Enter:
                self._sort()
            case _:
                event.ignore()

    def focusInEvent(self, event: QFocusEvent) -> None:
        if self.isSectionHidden(self._place):
            self._place = 0
        super().focusInEvent(event)
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.viewport().update()

    def paintEvent(self, event: QPaintEvent) -> None:
        # It stays in sight while rows pass under it.
        ground = self.palette().color(QPalette.ColorRole.Window)
        QPainter(self.viewport()).fillRect(self.viewport().rect(), ground)
        super().paintEvent(event)

    def paintSection(self, painter: QPainter, rect: QRect, logical_index: int) -> None:
        model = self.model()
        role = Qt.ItemDataRole
        title = str(model.headerData(logical_index, self.orientation(), role.DisplayRole))
        side = model.headerData(logical_index, self.orientation(), role.TextAlignmentRole)
        right = bool(Qt.AlignmentFlag(side) & Qt.AlignmentFlag.AlignRight)
        room = rect.adjusted(PADDING, 0, -PADDING, 0)
        palette = self.palette()
        painter.save()
        painter.setFont(self.font())
        painter.setPen(palette.color(QPalette.ColorRole.PlaceholderText))
        flags = Qt.AlignmentFlag(side) | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(room, flags, title)
        if logical_index == self.sortIndicatorSection():
            self._paint_arrow(painter, room, title, right=right)
        painter.setPen(palette.color(QPalette.ColorRole.Mid))
        painter.drawLine(rect.bottomLeft(), rect.bottomRight())
        if self.hasFocus() and logical_index == self._place:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(palette.color(QPalette.ColorRole.Accent), self._ring))
            painter.drawRoundedRect(rect.adjusted(1, 3, -1, -4), 6, 6)
        painter.restore()

    def _paint_arrow(self, painter: QPainter, room: QRect, title: str, *, right: bool) -> None:
        width = self.fontMetrics().horizontalAdvance(title)
        side = metrics().side(ARROW)
        past = width + BESIDE_ARROW
        left = room.right() - past - side if right else room.left() + past
        place = QRect(left, room.center().y() - side // 2 + 1, side, side)
        place = QStyle.visualRect(self.layoutDirection(), room, place)
        ascending = self.sortIndicatorOrder() is Qt.SortOrder.AscendingOrder
        (self._up if ascending else self._down).paint(painter, place)
