"""A message of the user's being edited in its own place."""

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent, QTextCursor
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from desktop.ui.i18n import tr
from desktop.ui.spacing import inset, space
from desktop.ui.theme import Theme
from desktop.ui.transcript.style import Style
from desktop.ui.widgets.plain_input import PlainInput

FEWEST_LINES, MOST_LINES = 2, 20
_ENTER = frozenset({Qt.Key.Key_Return, Qt.Key.Key_Enter})


class EditField(PlainInput):
    """Enter sends, Shift+Enter breaks the line, Esc gives up."""

    send_pressed = Signal()
    cancelled = Signal()

    def __init__(self, most_lines: int, parent: QWidget | None = None) -> None:
        super().__init__("messageEditorField", FEWEST_LINES, most_lines, parent)
        self.setAccessibleName(tr("Edit your message"))
        self.setAccessibleDescription(
            tr("Enter sends it as a new version, Shift+Enter starts a new line, Esc cancels.")
        )

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in _ENTER and not self.composing:
            if event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
                self.textCursor().insertBlock()
                self.ensureCursorVisible()
            elif not event.isAutoRepeat():
                self.send_pressed.emit()
        elif event.key() == Qt.Key.Key_Escape:
            self.cancelled.emit()
        else:
            super().keyPressEvent(event)


class MessageEditor(QFrame):
    """The field, what the keys do, and the two ways out."""

    sent = Signal(str)
    cancelled = Signal()
    resized = Signal()

    def __init__(self, text: str, most_lines: int, style: Style, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("messageEditor")
        self._busy = False
        self._field = EditField(max(FEWEST_LINES, min(MOST_LINES, most_lines)))
        self._field.setFont(style.body)
        self._send = QPushButton(tr("Send"))
        self._send.setObjectName("sendEdited")
        self._send.setProperty("kind", "primary")
        cancel = QPushButton(tr("Cancel"))
        cancel.setObjectName("cancelEdit")
        hint = QLabel(tr("The version that was there stays."))
        hint.setProperty("kind", "muted")
        hint.setIndent(4)
        buttons = QHBoxLayout()
        space(buttons, 8)
        buttons.addWidget(hint, 1)
        buttons.addWidget(cancel)
        buttons.addWidget(self._send)
        rows = QVBoxLayout(self)
        inset(rows, 10, 10, 10, 10)  # so that the text does not move
        space(rows, 8)
        rows.addWidget(self._field)
        rows.addLayout(buttons)
        self.setFocusProxy(self._field)
        self.setCursor(Qt.CursorShape.ArrowCursor)
        self.wear(style.theme)
        self._field.setPlainText(text)
        self._field.moveCursor(QTextCursor.MoveOperation.End)
        self._field.send_pressed.connect(self._offer)
        self._field.cancelled.connect(self.cancelled)
        self._field.textChanged.connect(self._refresh)
        self._send.clicked.connect(self._offer)
        cancel.clicked.connect(self.cancelled)
        self._refresh()

    def set_busy(self, busy: bool) -> None:
        """While an answer is written nothing can be sent."""
        self._busy = busy
        self._refresh()

    def wear(self, theme: Theme) -> None:
        """Take colours."""
        self.setStyleSheet(
            f"QFrame#messageEditor {{ background: {theme.raised}; border-radius: 12px;"
            f" border: 2px solid {theme.accent}; }}"
            " QPlainTextEdit { background: transparent; border: none; padding: 0; }"
        )

    def _refresh(self) -> None:
        self._send.setEnabled(bool(self._field.text().strip()) and not self._busy)

    def _offer(self) -> None:
        if self._send.isEnabled():
            self.sent.emit(self._field.text())

    # QFrame

    def event(self, event: QEvent) -> bool:
        answer = super().event(event)
        if event.type() == QEvent.Type.LayoutRequest:
            self.resized.emit()
        return answer
