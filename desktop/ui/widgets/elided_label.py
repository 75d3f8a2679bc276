"""A line of plain text that says less, or ends in …, where there is no room."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from desktop.ui.widgets.announce import plain_tooltip


class ElidedLabel(QLabel):
    """`text()` stays whole; what does not fit is in the tooltip."""

    def __init__(
        self,
        text: str = "",
        parent: QWidget | None = None,
        *,
        mode: Qt.TextElideMode = Qt.TextElideMode.ElideRight,
    ) -> None:
        super().__init__(text, parent)
        self._mode = mode
        self._shorter: tuple[str, ...] = ()
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def set_texts(self, text: str, *shorter: str) -> None:
        """The whole text, and what to show where that has no room: less and less."""
        self._shorter = shorter
        self.setText(text)
        self.update()

    def shown(self) -> str:
        """What of it stands there."""
        room, width = self.contentsRect().width(), self.fontMetrics().horizontalAdvance
        fitting = (text for text in (self.text(), *self._shorter) if width(text) <= room)
        least = self._shorter[-1] if self._shorter else self.text()
        return self.fontMetrics().elidedText(next(fitting, least), self._mode, room)

    # QLabel

    def minimumSizeHint(self) -> QSize:
        return QSize(0, super().minimumSizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        room = self.contentsRect()
        shown = self.shown()
        self.setToolTip(plain_tooltip(self.text()) if shown != self.text() else "")
        flags = int(self.alignment() | Qt.TextFlag.TextSingleLine)
        self.style().drawItemText(
            QPainter(self),
            room,
            flags,
            self.palette(),
            self.isEnabled(),
            shown,
            self.foregroundRole(),
        )
