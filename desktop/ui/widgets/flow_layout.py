"""A layout that fills line after line, like words in a text."""

from PySide6.QtCore import QMargins, QPoint, QRect, QSize, Qt
from PySide6.QtWidgets import QLayout, QLayoutItem, QStyle, QWidget

from desktop.ui.metrics import metrics
from desktop.ui.spacing import space


class FlowLayout(QLayout):
    """Puts items side by side while they fit within `widest` pixels, in reading direction.

    An item that is hidden takes no room.
    """

    def __init__(
        self,
        spacing: int,
        *,
        centred: bool = False,
        widest: int = 10_000,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._centred = centred
        self._widest = widest
        self._items: list[QLayoutItem] = []
        space(self, spacing)
        self.setContentsMargins(QMargins())

    def _shown(self) -> list[QLayoutItem]:
        return [item for item in self._items if not item.isEmpty()]

    def _lines(self, width: int) -> list[list[tuple[QLayoutItem, QSize]]]:
        width = min(width, metrics().side(self._widest))
        lines: list[list[tuple[QLayoutItem, QSize]]] = []
        room = 0
        for item in self._shown():
            size = _size_within(item, width)
            room -= self.spacing() + size.width()
            if not lines or room < 0:
                lines.append([])
                room = width - size.width()
            lines[-1].append((item, size))
        return lines

    def _place(self, area: QRect) -> None:
        parent = self.parentWidget()
        direction = parent.layoutDirection() if parent else Qt.LayoutDirection.LeftToRight
        y = area.y()
        for line in self._lines(area.width()):
            height = max(size.height() for _, size in line)
            spare = area.width() - self._width_of(line) if self._centred else 0
            x = area.x() + spare // 2
            for item, size in line:
                place = QRect(QPoint(x, y), QSize(size.width(), height))
                item.setGeometry(QStyle.visualRect(direction, area, place))
                x += size.width() + self.spacing()
            y += height + self.spacing()

    def _width_of(self, line: list[tuple[QLayoutItem, QSize]]) -> int:
        return sum(size.width() for _, size in line) + self.spacing() * (len(line) - 1)

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
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        lines = self._lines(width)
        heights = (max(size.height() for _, size in line) for line in lines)
        return sum(heights) + self.spacing() * max(0, len(lines) - 1)

    def setGeometry(self, area: QRect) -> None:
        super().setGeometry(area)
        self._place(area)

    def sizeHint(self) -> QSize:
        sizes = [item.sizeHint() for item in self._shown()]
        gaps = self.spacing() * max(0, len(sizes) - 1)
        width = min(metrics().side(self._widest), sum(size.width() for size in sizes) + gaps)
        return QSize(width, self.heightForWidth(width))

    def minimumSize(self) -> QSize:
        widest = max((item.minimumSize().width() for item in self._items), default=0)
        return QSize(widest, 0)


def _size_within(item: QLayoutItem, width: int) -> QSize:
    """The size of an item that may take a whole line at most."""
    wanted = item.sizeHint()
    if wanted.width() <= width:
        return wanted
    height = item.heightForWidth(width) if item.hasHeightForWidth() else wanted.height()
    return QSize(width, height)
