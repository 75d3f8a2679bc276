"""Where a message is written: the field, the button that sends or stops, a line of hints."""

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QTextCursor
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from desktop.ui.composer.history import SentHistory
from desktop.ui.composer.message_input import MessageInput
from desktop.ui.i18n import tr
from desktop.ui.icons import IconSet
from desktop.ui.theme import Theme
from desktop.ui.widgets.announce import announce

BUTTON_SIDE, ICON_SIDE = 36, 20  # pixels


class Composer(QWidget):
    """Offers what was written by `send_requested` and keeps it until `clear` says it was taken."""

    send_requested = Signal(str)
    stop_requested = Signal()
    text_changed = Signal()
    left = Signal()  # the field has lost the focus

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._history = SentHistory()
        self._offered = ""
        self._busy = False
        self._why_not = ""
        self._problem = _note("danger")
        self._hint = _note("muted")
        self._input = MessageInput(self._history)
        self._send = _button("sendButton", tr("Send"), tr("Send (Enter)"))
        self._stop = _button("stopButton", tr("Stop"), tr("Stop (Esc)"))
        self._stop.hide()
        self._problem.hide()
        self._frame = self._framed()
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(4)
        rows.addWidget(self._problem)
        rows.addWidget(self._frame)
        rows.addWidget(self._hint)
        self.setFocusProxy(self._input)
        self._input.send_pressed.connect(self._enter_pressed)
        self._input.textChanged.connect(self._text_changed)
        self._input.installEventFilter(self)
        self._send.clicked.connect(self._offer)
        self._stop.clicked.connect(self.stop_requested)
        self._refresh()

    def text(self) -> str:
        """What is written, as it is."""
        return self._input.text()

    def set_text(self, text: str) -> None:
        """Put a text in place of what is written."""
        self._input.replace_text(text)
        self._input.moveCursor(QTextCursor.MoveOperation.End)
        self._history.rest()

    def clear(self) -> None:
        """The message was taken: empty the field and remember what was sent."""
        self._history.add(self._offered)
        self._offered = ""
        self._input.clear()

    def set_busy(self, busy: bool) -> None:
        """While an answer is written, Stop takes the place of Send."""
        had_focus = self._send.hasFocus() or self._stop.hasFocus()
        self._busy = busy
        self._send.setVisible(not busy)
        self._stop.setVisible(busy)
        if had_focus:
            (self._stop if busy else self._input).setFocus()
        self._refresh()

    def set_enabled_hint(self, why_not: str) -> None:
        """Say why nothing can be sent now. An empty text: sending is possible."""
        self._why_not = why_not
        self._refresh()

    def set_problem(self, sentence: str) -> None:
        """Say above the field what is wrong with the message; the next change takes it away."""
        self._problem.setText(sentence)
        self._problem.setVisible(bool(sentence))
        if sentence:
            announce(self._problem, sentence, urgent=True)

    def hint(self) -> str:
        """The line under the field."""
        return self._hint.text()

    def set_theme(self, theme: Theme, icons: IconSet) -> None:
        """Take colours and icons."""
        self._send.setIcon(icons.icon("send", ICON_SIDE, theme.on_accent))
        self._stop.setIcon(icons.icon("stop", ICON_SIDE, theme.on_accent))
        self._frame.setStyleSheet(_frame_style(theme))

    def _framed(self) -> QFrame:
        frame = QFrame()
        frame.setObjectName("composerFrame")
        row = QHBoxLayout(frame)
        row.setContentsMargins(8, 6, 6, 6)
        row.setSpacing(8)
        row.addWidget(self._input, 1, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self._send, 0, Qt.AlignmentFlag.AlignBottom)
        row.addWidget(self._stop, 0, Qt.AlignmentFlag.AlignBottom)
        frame.setCursor(Qt.CursorShape.IBeamCursor)
        frame.setFocusProxy(self._input)
        return frame

    def _can_send(self) -> bool:
        return not self._busy and not self._why_not and bool(self.text().strip())

    def _offer(self) -> None:
        if self._can_send():
            self._offered = self.text()
            self.send_requested.emit(self._offered)

    def _enter_pressed(self) -> None:
        if self._busy:
            self._say(tr("Still writing. Your text waits here; Esc stops the answer."), aloud=True)
        elif self._why_not:
            self._say(self._why_not, aloud=True)
        else:
            self._offer()

    def _text_changed(self) -> None:
        self.set_problem("")
        self._refresh()
        self.text_changed.emit()

    def _refresh(self) -> None:
        self._send.setEnabled(self._can_send())
        if self._busy:
            self._say(tr("Esc stops the answer"))
        else:
            self._say(self._why_not or tr("Enter sends · Shift+Enter starts a new line"))

    def _say(self, hint: str, *, aloud: bool = False) -> None:
        self._hint.setText(hint)
        if aloud:
            announce(self._hint, hint)

    # QWidget

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self._busy:
            self.stop_requested.emit()
            return
        super().keyPressEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.FocusIn, QEvent.Type.FocusOut):
            self._frame.setProperty("active", event.type() == QEvent.Type.FocusIn)
            self._frame.style().unpolish(self._frame)
            self._frame.style().polish(self._frame)
        if event.type() == QEvent.Type.FocusOut:
            self.left.emit()
        return super().eventFilter(watched, event)


def _note(kind: str) -> QLabel:
    label = QLabel()
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    label.setProperty("kind", kind)
    return label


def _button(name: str, label: str, tooltip: str) -> QPushButton:
    button = QPushButton()
    button.setObjectName(name)
    button.setProperty("kind", "primary")
    button.setAccessibleName(label)
    button.setToolTip(tooltip)
    button.setFixedSize(BUTTON_SIDE, BUTTON_SIDE)
    button.setIconSize(QSize(ICON_SIDE, ICON_SIDE))
    button.setCursor(Qt.CursorShape.ArrowCursor)
    return button


def _frame_style(theme: Theme) -> str:
    """The frame is drawn as one field around the text and the button."""
    return f"""
        QFrame#composerFrame {{
            background: {theme.raised}; border: 1px solid {theme.border}; border-radius: 12px;
            margin: 1px;
        }}
        QFrame#composerFrame[active="true"] {{
            border: 2px solid {theme.accent}; margin: 0;
        }}
        QPushButton {{
            min-width: {BUTTON_SIDE}px; min-height: {BUTTON_SIDE}px; padding: 0; border: none;
            border-radius: 10px;
        }}
        QPushButton:focus {{ border: 2px solid {theme.text}; }}
        QPlainTextEdit {{ background: transparent; border: none; padding: 0; }}
    """
