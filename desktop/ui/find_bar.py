"""Finding words in the conversation: a bar over it, no dialog."""

from PySide6.QtCore import QLocale, Qt, QTimer, Signal, SignalInstance
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

from desktop.ui.i18n import tr, trn
from desktop.ui.icons import IconSet
from desktop.ui.shortcuts import bind
from desktop.ui.spacing import add_gap, inset, size_icon, space
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
    later_wanted = Signal()

    def __init__(self, view: TranscriptView, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("findBar")
        self.setProperty("kind", "card")
        self.setAccessibleName(tr("Find in this chat"))
        self._view = view
        self._back: QWidget | None = None  # had the focus before
        self._earlier: int | None = 0  # messages with the words, before those that are shown
        self._later: int | None = 0  # and after them
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
        inset(row, 8, 4, 4, 4)
        space(row, 4)
        row.addWidget(self._field, 1)
        add_gap(row, 4)
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

    def set_beyond(self, earlier: int | None, later: int | None) -> None:
        """Tell how many messages before and after those shown have the words; None: not known."""
        self._earlier, self._later = earlier, later
        self._tell()

    def go_on_from(self, message_id: str, *, backwards: bool = True) -> None:
        """Have the last match in a message in turn, or the first. Raises KeyError."""
        self._view.look_from(self._field.text(), message_id, backwards=backwards)

    def step(self, step: int) -> None:
        """Go to the next match, or with -1 to the one before."""
        if self.isHidden():
            self.open()
        elif self._settle.isActive() or self._field.text() != self._view.finder.sought:
            self._look()
        elif wanted := self._leads_out(step):
            wanted.emit()
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

    def _leads_out(self, step: int) -> SignalInstance | None:
        """Whom to tell, where the match that follows is in a message that is not loaded."""
        result = self._view.finder.result
        nothing = result.complete and not result.matches
        at_first = step < 0 and result.place == 0
        at_last = step > 0 and result.complete and result.place == len(result.matches) - 1
        if self._later and (at_last or (nothing and (step > 0 or not self._earlier))):
            return self.later_wanted
        return self.earlier_wanted if self._earlier and (at_first or nothing) else None

    def _tell(self) -> None:
        self._count.setText(self._words())
        anywhere = bool(self._view.finder.result.matches or self._earlier or self._later)
        self._previous.setEnabled(anywhere)
        self._next.setEnabled(anywhere)

    def _words(self) -> str:
        result = self._view.finder.result
        if not self._view.finder.sought:
            return ""
        beyond = self._beyond_words()
        if result.complete and not result.matches and (self._earlier or self._later):
            return tr("Found in {messages}", messages=beyond)
        locale = QLocale()
        total = locale.toString(len(result.matches)) + ("+" if result.is_full else "")
        if result.matches:
            place = locale.toString(max(1, result.place + 1))
            words = tr("{place} of {total}", place=place, total=total)
        else:
            words = tr("Nothing found") if result.complete else tr("Searching …")
        return f"{words} · {beyond}" if beyond else words

    def _beyond_words(self) -> str:
        if self._earlier is None:
            return tr("earlier messages not searched")
        if self._later is None:
            return tr("later messages not searched")
        parts = []
        if self._earlier:
            parts.append(trn("{count} earlier message", "{count} earlier messages", self._earlier))
        if self._later:
            parts.append(trn("{count} later message", "{count} later messages", self._later))
        return " · ".join(parts)

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
    size_icon(button, 16)
    button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    return button
