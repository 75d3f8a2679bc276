"""Finding words in the conversation: a bar over it, no dialog."""

from PySide6.QtCore import QLocale, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QToolButton,
    QWidget,
)
from shiboken6 import isValid

from desktop.ui.i18n import tr
from desktop.ui.icons import IconSet
from desktop.ui.shortcuts import bind
from desktop.ui.theme import Theme
from desktop.ui.transcript.view import TranscriptView
from desktop.ui.widgets.announce import announce

SETTLE_MS = 120  # while one types
LONGEST = 200  # characters of a selection that are taken over
_ENTER = frozenset({Qt.Key.Key_Return, Qt.Key.Key_Enter})


class FindBar(QFrame):
    """Enter goes to the next match, Shift+Enter to the one before, Esc closes."""

    sought = Signal(str)  # what the messages that are shown are searched for; empty: nothing
    earlier_wanted = Signal()  # to go on among the messages that are not loaded

    def __init__(self, view: TranscriptView, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("findBar")
        self.setProperty("kind", "card")
        self.setAccessibleName(tr("Find in this chat"))
        self._view = view
        self._back: QWidget | None = None  # had the focus before
        self._earlier: int | None = 0  # messages with the words, before those that are shown
        self._field = QLineEdit()
        self._field.setObjectName("findField")
        self._field.setPlaceholderText(tr("Find in this chat"))
        self._field.setAccessibleName(tr("Find in this chat"))
        self._count = QLabel()
        self._count.setObjectName("findCount")
        self._count.setProperty("kind", "muted")
        self._previous = _button("findPrevious", tr("Previous match"))
        self._next = _button("findNext", tr("Next match"))
        self._close = _button("findClose", tr("Close"))
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 4, 4, 4)
        row.setSpacing(4)
        row.addWidget(self._field, 1)
        row.addSpacing(4)
        row.addWidget(self._count)
        for button in (self._previous, self._next, self._close):
            row.addWidget(button)
        self._settle = QTimer(self, singleShot=True, interval=SETTLE_MS)
        self._settle.timeout.connect(self._look)
        self._connect()
        self.hide()

    def open(self) -> None:
        """Show the bar, with what is selected as the words to find."""
        if self.isHidden():
            self._back = QApplication.focusWidget()
        selected = self._view.selected_text()
        if selected and "\n" not in selected and len(selected) <= LONGEST:
            self._field.setText(selected)
        self.show()
        self._field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._field.selectAll()
        self._look()

    def close_bar(self) -> None:
        """Take the bar and the highlights away; the focus goes back to where it was."""
        if self.isHidden():
            return
        self._settle.stop()
        back, self._back = self._back, None
        there = back is not None and isValid(back) and back.isVisible()
        (back if back and there else self._view).setFocus(Qt.FocusReason.OtherFocusReason)
        self.hide()  # without the focus, which Qt would pass on as if by Tab
        self._view.look_for("")
        self.sought.emit("")

    def set_earlier(self, count: int | None) -> None:
        """Tell how many messages before those shown have the words; None: nobody knows."""
        self._earlier = count
        self._tell()

    def go_on_from(self, message_id: str) -> None:
        """Have the last match in a message in turn. Raises KeyError for an unknown one."""
        self._view.look_back_from(self._field.text(), message_id)

    def step(self, step: int) -> None:
        """Go to the next match, or with -1 to the one before."""
        if self.isHidden():
            self.open()
        elif self._settle.isActive() or self._field.text() != self._view.finder.sought:
            self._look()
        elif self._leads_out(step):
            self.earlier_wanted.emit()
        else:
            self._view.finder.step(step)
            announce(self._count, self._count.text())

    def set_theme(self, theme: Theme, icons: IconSet) -> None:
        """Take icons."""
        self._previous.setIcon(icons.icon("chevron-up", 16))
        self._next.setIcon(icons.icon("chevron-down", 16))
        self._close.setIcon(icons.icon("close", 16))

    def _connect(self) -> None:
        self._field.textEdited.connect(self._typed)
        self._previous.clicked.connect(lambda: self.step(-1))
        self._next.clicked.connect(lambda: self.step(1))
        self._close.clicked.connect(self.close_bar)
        self._view.finder.found.connect(self._tell)
        pane = self.parentWidget() or self._view
        bind("find", pane, self.open)
        bind("find_next", pane, lambda: self.step(1))
        bind("find_previous", pane, lambda: self.step(-1))

    def _typed(self) -> None:
        self._settle.start()

    def _look(self) -> None:
        self._settle.stop()
        self._view.look_for(self._field.text())
        self.sought.emit(self._field.text())

    def _leads_out(self, step: int) -> bool:
        """True where the match that follows is in a message that is not loaded."""
        result = self._view.finder.result
        at_first = step < 0 and result.place == 0
        return bool(self._earlier) and (at_first or (result.complete and not result.matches))

    def _tell(self) -> None:
        self._count.setText(self._words())
        anywhere = bool(self._view.finder.result.matches or self._earlier)
        self._previous.setEnabled(anywhere)
        self._next.setEnabled(anywhere)

    def _words(self) -> str:
        result = self._view.finder.result
        if not self._view.finder.sought:
            return ""
        if result.complete and not result.matches and self._earlier:
            return tr("Found in {messages}", messages=self._earlier_words())
        locale = QLocale()
        total = locale.toString(len(result.matches)) + ("+" if result.is_full else "")
        if result.matches:
            place = locale.toString(max(1, result.place + 1))
            words = tr("{place} of {total}", place=place, total=total)
        else:
            words = tr("Nothing found") if result.complete else tr("Searching …")
        earlier = self._earlier_words()
        return f"{words} · {earlier}" if earlier else words

    def _earlier_words(self) -> str:
        if self._earlier is None:
            return tr("earlier messages not searched")
        if self._earlier == 1:
            return tr("1 earlier message")
        count = QLocale().toString(self._earlier)
        return tr("{count} earlier messages", count=count) if self._earlier else ""

    # QFrame

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in _ENTER:
            back = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            self.step(-1 if back else 1)
        elif event.key() == Qt.Key.Key_Escape:
            self.close_bar()
        else:
            super().keyPressEvent(event)


def _button(name: str, label: str) -> QToolButton:
    button = QToolButton()
    button.setObjectName(name)
    button.setAccessibleName(label)
    button.setToolTip(label)
    button.setIconSize(QSize(16, 16))
    button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    return button
