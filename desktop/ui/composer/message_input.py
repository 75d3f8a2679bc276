"""The field a message is written in: its keys."""

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent, QTextCursor
from PySide6.QtWidgets import QWidget

from desktop.ui.composer.history import SentHistory
from desktop.ui.i18n import tr
from desktop.ui.shortcuts import takes
from desktop.ui.widgets.plain_input import PlainInput

_ENTER = frozenset({Qt.Key.Key_Return, Qt.Key.Key_Enter})


class MessageInput(PlainInput):
    """Enter sends, Shift+Enter breaks the line, Ctrl+Up and Ctrl+Down recall what was sent."""

    send_pressed = Signal()

    def __init__(self, history: SentHistory, parent: QWidget | None = None) -> None:
        super().__init__("composer", fewest_lines=1, most_lines=8, parent=parent)
        self._history = history
        self.setPlaceholderText(tr("Message Cellar"))
        self.setAccessibleName(tr("Message"))
        self.setAccessibleDescription(tr("Enter sends, Shift+Enter starts a new line."))

    def _walk(self, text: str | None) -> None:
        if text is not None:
            self.replace_text(text)
            self.moveCursor(QTextCursor.MoveOperation.End)

    # PlainInput

    def event(self, event: QEvent) -> bool:
        # Some of the window's keys are keys of a text field on some systems, such as Ctrl+E.
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride:
            wanted = takes(event.keyCombination())
            if wanted:
                event.ignore()
                return False
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        ctrl = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if event.key() in _ENTER:
            self._enter(event)
        elif ctrl and event.key() == Qt.Key.Key_Up:
            self._walk(self._history.older(self.text()))
        elif ctrl and event.key() == Qt.Key.Key_Down:
            self._walk(self._history.newer())
        elif event.key() == Qt.Key.Key_Escape:
            event.ignore()
        else:
            super().keyPressEvent(event)

    def _enter(self, event: QKeyEvent) -> None:
        if self.composing:
            return
        if event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            # Qt would put in a line separator, which lengthens the paragraph.
            self.textCursor().insertBlock()
            self.ensureCursorVisible()
        elif not event.isAutoRepeat():
            self.send_pressed.emit()
