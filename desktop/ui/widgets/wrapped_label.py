"""A label of several lines that begin below each other, also where they begin on the right."""

from math import ceil

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QTextLayout, QTextOption
from PySide6.QtWidgets import QLabel, QWidget

from desktop.ui.direction import reads_from_right

LINE_BREAK = "\N{LINE SEPARATOR}"  # what a text layout takes for one


class WrappedLabel(QLabel):
    """Shows every character as it is.

    Of a line that is read from the right, Qt's label paints the blank that it was broken at before
    its first letter, and so cuts its last one.
    """

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(True)

    def lines(self, width: int) -> QTextLayout:
        """The text in its lines, as they are painted where they are read from the right."""
        layout = QTextLayout(self.text().replace("\n", LINE_BREAK), self.font())
        centred = self.alignment() & Qt.AlignmentFlag.AlignHCenter
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignAbsolute
        option = QTextOption(centred or right)
        option.setTextDirection(Qt.LayoutDirection.RightToLeft)
        option.setWrapMode(QTextOption.WrapMode.WordWrap)
        layout.setTextOption(option)
        layout.beginLayout()
        top = 0.0
        while (line := layout.createLine()).isValid():
            line.setLineWidth(width)
            line.setPosition(QPointF(0, top))
            top += line.height() + max(0.0, line.leading())
        layout.endLayout()
        return layout

    @property
    def _is_from_right(self) -> bool:
        """False for what can be selected too: Qt paints that as a document, which it does well."""
        selectable = self.textInteractionFlags() & Qt.TextInteractionFlag.TextSelectableByMouse
        return self.isRightToLeft() and not selectable and reads_from_right(self.text())

    # QLabel

    def heightForWidth(self, width: int) -> int:
        if not self._is_from_right:
            return super().heightForWidth(width)
        around = self.contentsMargins()
        room = width - around.left() - around.right()
        return ceil(self.lines(room).boundingRect().height()) + around.top() + around.bottom()

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._is_from_right:
            super().paintEvent(event)
            return
        room = self.contentsRect()
        layout = self.lines(room.width())
        spare = room.height() - layout.boundingRect().height()
        down = 0.0 if self.alignment() & Qt.AlignmentFlag.AlignTop else max(0.0, spare / 2)
        painter = QPainter(self)
        painter.setPen(self.palette().color(self.foregroundRole()))
        layout.draw(painter, QPointF(room.x(), room.y() + down))


def wrapped_label(text: str = "", kind: str = "", name: str = "") -> WrappedLabel:
    """Words that wrap; `kind` is their look in the style sheet, `name` what tests find them by."""
    label = WrappedLabel(text)
    label.setObjectName(name)
    label.setProperty("kind", kind)
    return label
