"""A layout of two items: the second beside the first where there is room, else below it."""

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtWidgets import QLayout, QLayoutItem, QStyle, QWidget

from desktop.ui.metrics import metrics

SHORTEST_LINE = 280  # pixels; a longer first item is not made narrower than this
GAP = 8


class BesideLayout(QLayout):
    """Made for a text that wraps and its buttons; either may be hidden."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._items: list[QLayoutItem] = []
        self.setContentsMargins(0, 0, 0, 0)

    def _shown(self) -> list[QLayoutItem]:
        return [item for item in self._items if not item.isEmpty()]

    def _places(self, width: int) -> list[QRect]:
        """Where the items go in a box of this width, from its top left."""
        shown = self._shown()
        if len(shown) < 2:
            return [QRect(0, 0, width, _height(item, width)) for item in shown]
        first, second = shown
        wanted = second.sizeHint().width()
        gap = metrics().gap(GAP)
        room = width - wanted - gap
        if room >= min(_length(first), metrics().side(SHORTEST_LINE)):
            height = max(_height(first, room), _height(second, wanted))
            return [QRect(0, 0, room, height), QRect(room + gap, 0, wanted, height)]
        top = _height(first, width)
        return [
            QRect(0, 0, width, top),
            QRect(0, top + gap, width, _height(second, width)),
        ]

    # QLayout

    def addItem(self, item: QLayoutItem) -> None:
        self._items.append(item)

    def count(self) -> int:
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:
        return Qt.Orientation.Horizontal

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return max((place.bottom() + 1 for place in self._places(width)), default=0)

    def setGeometry(self, area: QRect) -> None:
        super().setGeometry(area)
        parent = self.parentWidget()
        direction = parent.layoutDirection() if parent else Qt.LayoutDirection.LeftToRight
        places = self._places(area.width())
        spare = area.height() - max((place.bottom() + 1 for place in places), default=0)
        for item, place in zip(self._shown(), places, strict=True):
            moved = place.translated(area.left(), area.top() + max(0, spare) // 2)
            item.setGeometry(QStyle.visualRect(direction, area, moved))

    def sizeHint(self) -> QSize:
        width = sum(_length(item) for item in self._shown()) + metrics().gap(GAP)
        return QSize(width, self.heightForWidth(width))

    def minimumSize(self) -> QSize:
        widest = max((item.minimumSize().width() for item in self._shown()), default=0)
        return QSize(widest, 0)


def _height(item: QLayoutItem, width: int) -> int:
    return item.heightForWidth(width) if item.hasHeightForWidth() else item.sizeHint().height()


def _length(item: QLayoutItem) -> int:
    """The width of an item in one line; a label that wraps hints at several."""
    widget = item.widget()
    text = widget.property("text") if widget else None
    if widget and isinstance(text, str):
        return widget.fontMetrics().horizontalAdvance(text) + 2
    return item.sizeHint().width()
