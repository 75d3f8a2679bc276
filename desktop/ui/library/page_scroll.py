"""A page that scrolls as one, its column in the middle."""

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QRect, Qt, QTimer, Signal
from PySide6.QtGui import QMoveEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from desktop.ui.spacing import at_most, inset, space

COLUMN = 960  # pixels; the widest that the column gets
MARGIN = 16
GAP = 32  # between the parts
NESTED = 8  # layouts within layouts at most; each settles only after the one in it


class PageScroll(QScrollArea):
    """What is being read stays where it is while parts above it come, grow and go."""

    moved = Signal()  # another part of the page is in sight

    def __init__(self, parts: list[QWidget], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._anchor = parts[-1]
        self._target: int | None = None  # where to scroll as soon as the page is long enough
        self._column = QWidget()
        rows = QVBoxLayout(self._column)
        inset(rows, 0, 8, 0, MARGIN)
        space(rows, GAP)
        for part in parts:
            rows.addWidget(part)
        rows.addStretch(1)
        at_most(self._column, COLUMN)
        content = QWidget()
        row = QHBoxLayout(content)
        inset(row, MARGIN, 0, MARGIN, 0)
        row.addStretch(0)
        row.addWidget(self._column, 1)
        row.addStretch(0)
        self.setWidget(content)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        # Always there, so that nothing changes its width when the page gets longer than the window.
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._anchor.installEventFilter(self)
        self.verticalScrollBar().valueChanged.connect(self.moved)

    def show_soon(self, widget: QWidget, area: Callable[[], QRect] | None = None) -> None:
        """Bring a part into sight once everything has its place; its top, if it is too high."""
        QTimer.singleShot(0, self, lambda: self._show(widget, area or widget.rect))

    def top_of(self, widget: QWidget) -> int:
        """Where a part begins, in pixels below the upper edge; negative when that is passed."""
        return widget.mapTo(self.viewport(), widget.rect().topLeft()).y()

    def _show(self, widget: QWidget, find_area: Callable[[], QRect]) -> None:
        _settle_layouts()
        bar, area = self.verticalScrollBar(), find_area()
        above = self.top_of(widget) + area.top() - MARGIN
        below = above + area.height() + 2 * MARGIN - self.viewport().height()
        if below > 0:
            bar.setValue(bar.value() + min(below, above))
        elif above < 0:
            bar.setValue(bar.value() + above)

    def _keep_up(self, pushed: int) -> None:
        """The anchor was pushed down by so many pixels; follow it if it is what is being read."""
        if self._target is not None:  # it is on its way already, and pushed once more
            self._target += pushed
            return
        value = self.verticalScrollBar().value()
        was_at = self.top_of(self._anchor) - pushed
        if value > 0 and was_at <= self.viewport().height() // 3:
            self._target = value + pushed
            QTimer.singleShot(0, self, self._arrive)

    def _arrive(self) -> None:
        _settle_layouts()
        target, self._target = self._target, None
        if target is not None:
            self.verticalScrollBar().setValue(target)

    # QScrollArea

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._anchor and isinstance(event, QMoveEvent):
            self._keep_up(event.pos().y() - event.oldPos().y())
        return super().eventFilter(watched, event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.moved.emit()


def _settle_layouts() -> None:
    """Give everything its place now."""
    for _ in range(NESTED):
        QCoreApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest.value)
