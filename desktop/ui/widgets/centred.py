"""A frame that keeps its content in the middle of a line."""

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QHBoxLayout, QWidget

from desktop.ui.spacing import at_most, inset

_TURNS = (QEvent.Type.ShowToParent, QEvent.Type.HideToParent)


class Centred(QWidget):
    """No wider than asked for, and gone while its content is."""

    def __init__(self, content: QWidget, widest: int, margin: int) -> None:
        super().__init__()
        self._content = content
        row = QHBoxLayout(self)
        inset(row, margin, 0, margin, 0)
        at_most(content, widest)
        row.addStretch(0)
        row.addWidget(content, 1)
        row.addStretch(0)
        if content.testAttribute(Qt.WidgetAttribute.WA_WState_ExplicitShowHide):
            self.hide()  # a content that was hidden before it came here
        content.installEventFilter(self)

    # QWidget

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in _TURNS:
            self.setVisible(not self._content.isHidden())
        return super().eventFilter(watched, event)
