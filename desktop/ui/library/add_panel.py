"""Adding a model that the catalogue does not have: asked for, found, checked, then added."""

from collections.abc import Iterable
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QProgressBar,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from desktop.services.shelf.commands import Examine, Search, StopAsking
from desktop.services.shelf.notices import Examined, Found, Means
from desktop.ui.i18n import tr, trn
from desktop.ui.icons import IconSet
from desktop.ui.library.check_card import CheckCard
from desktop.ui.library.found_list import FoundList
from desktop.ui.library.parts import button, text_label
from desktop.ui.library.source_words import hub_source, is_of_hub, source_name
from desktop.ui.spacing import at_least, inset, size_icon, space
from desktop.ui.theme import Theme
from desktop.ui.widgets.announce import announce
from desktop.ui.widgets.kind import set_kind


class AddPanel(QFrame):
    """Hidden while nothing is being added. Nothing is asked of the hub by itself."""

    asked = Signal(object)  # a ShelfCommand
    link_activated = Signal(str)
    wants_room = Signal()  # other parts are on show, and should be seen

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._means = Means()
        self._waiting: list[Path] = []  # that were dropped with the one that is looked at
        self._open = ""  # what is asked of the shelf and not answered: a source, or a text
        self._found = False  # there is a list to go back to
        self.setObjectName("addPanel")
        self.setProperty("kind", "card")
        self._title = text_label(kind="title")
        self.close_button = QToolButton()
        self.field = QLineEdit()
        self.go = button(tr("Search"), "primary")
        self._note = text_label(kind="muted")
        self._trouble = text_label()
        self.bar = QProgressBar(textVisible=False)
        self.stop = button(tr("Stop"), "quiet", tr("Stop asking"))
        self.found = FoundList()
        self.back = button(tr("Back to the list"))
        self.check = CheckCard()
        self._set_up()
        self._lay_out()
        self._show_parts()
        self.hide()

    def open_hub(self) -> None:
        """Ask for a name."""
        self._stop()
        self._waiting = []
        self._title.setText(tr("Add from the hub"))
        self._show_parts(ask=True, found=self._found)
        self.show()
        self.field.setFocus()
        self.field.selectAll()
        self.wants_room.emit()

    def search(self, text: str) -> None:
        """Look for a model by name, where the hub may be asked."""
        self.open_hub()
        self.field.setText(text)
        if not self._means.why_no_hub:
            self._search(text)

    def open_local(self, paths: Iterable[Path]) -> None:
        """Look at files and folders of this computer, one after the other."""
        self._waiting = list(paths)
        self._next_path()

    def set_means(self, means: Means) -> None:
        """Take what this Cellar can do."""
        self._means = means
        online = not means.why_no_hub
        self.field.setEnabled(online)
        self.go.setVisible(online)
        self._note.setText(
            tr("The hub is asked when you press the button, and not before.")
            if online
            else means.why_no_hub
        )
        self._typed(self.field.text())

    def show_found(self, notice: Found) -> None:
        """Show what a search came to."""
        if notice.text != self._open:
            return
        self._open = ""
        self._found = bool(notice.repositories)
        self.found.show_found(notice.repositories, notice.text)
        self._show_parts(ask=True, found=not notice.problem, trouble=notice.problem)
        self.wants_room.emit()

    def show_examined(self, notice: Examined) -> None:
        """Show what a source holds."""
        if notice.source != self._open:
            return
        self._open = ""
        self.check.show_examined(notice, online=not self._means.why_no_hub)
        self._show_parts(ask=is_of_hub(notice.source), check=True)
        announce(self, self._title.text())
        self.wants_room.emit()

    def give_way(self) -> None:
        """Something was refused; a token that was handed over may be what."""
        self.check.access.explain()

    def close_panel(self) -> None:
        """Put everything away; what was asked is not wanted any more."""
        self._stop()
        self._waiting = []
        self.hide()

    def controls(self) -> list[QWidget]:
        """What can have the focus, from the top."""
        parts = [self.close_button, self.field, self.go, self.stop, *self.found.controls()]
        return [*parts, self.back, *self.check.controls()]

    def set_theme(self, theme: Theme, icons: IconSet) -> None:
        """Take colours and icons."""
        self.close_button.setIcon(icons.icon("close", 16, theme.text_muted))

    # what the user does

    def _typed(self, text: str) -> None:
        self.go.setText(tr("Check it") if hub_source(text) else tr("Search"))
        self.go.setAccessibleName(self.go.text())
        self.go.setEnabled(bool(text.strip()) and not self._means.why_no_hub)

    def _ask(self) -> None:
        text = self.field.text().strip()
        if not text or self._means.why_no_hub:
            return
        if source := hub_source(text):
            self._examine(source)
        else:
            self._search(text)

    def _search(self, text: str) -> None:
        self.field.setText(text)
        self._open = text
        self._show_parts(ask=True, busy=tr("Searching the hub for “{words}” …", words=text))
        self.asked.emit(Search(text))

    def _examine(self, source: str) -> None:
        self._open = source
        of_hub = is_of_hub(source)
        self._title.setText(self._title_of(of_hub))
        busy = tr("Looking at {name} …", name=source_name(source))
        self._show_parts(ask=of_hub, busy=busy)
        self.show()
        self.asked.emit(Examine(source))
        self.wants_room.emit()

    def _title_of(self, of_hub: bool) -> str:
        if of_hub:
            return tr("Add from the hub")
        title = tr("Add from this computer")
        more = len(self._waiting)
        if not more:
            return title
        after = trn("{count} more after this", "{count} more after this", more)
        return f"{title} ({after})"

    def _stop(self) -> None:
        if self._open:
            self._open = ""
            self.asked.emit(StopAsking())
        self._show_parts(ask=True, found=self._found)

    def _stopped(self) -> None:
        """The user does not want to wait; of a path of this computer nothing is left to show."""
        local = bool(self._open) and self.field.isHidden()
        self._stop()
        if local:
            self._next_path()

    def _next_path(self) -> None:
        """Look at the next path that was dropped, or put everything away."""
        if self._waiting:
            self._examine(str(self._waiting.pop(0)))
        else:
            self.hide()

    # what is on show

    def _show_parts(
        self,
        *,
        ask: bool = False,
        busy: str = "",
        found: bool = False,
        check: bool = False,
        trouble: str = "",
    ) -> None:
        self.field.setVisible(ask)
        self.go.setVisible(ask and not self._means.why_no_hub)
        self.go.setEnabled(bool(self.field.text().strip()) and not busy)
        set_kind(self.go, "" if check else "primary")
        for part in (self.bar, self.stop):
            part.setVisible(bool(busy))
        self._note.setVisible(ask and not (found or check or busy))
        self._trouble.setText(busy or trouble)
        self._trouble.setVisible(bool(busy or trouble))
        self.found.setVisible(found)
        self.back.setVisible(check and ask and self._found)
        self.check.setVisible(check)

    def _set_up(self) -> None:
        self.close_button.setAccessibleName(tr("Close this panel"))
        self.close_button.setToolTip(tr("Close (Esc)"))
        size_icon(self.close_button, 16)
        self.close_button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.close_button.clicked.connect(self.close_panel)
        self.field.setObjectName("hubField")
        self.field.setPlaceholderText(tr("owner/name, or a name to search for"))
        self.field.setAccessibleName(tr("Model of the hub"))
        self.field.setClearButtonEnabled(True)
        self.field.setAcceptDrops(False)
        at_least(self.field, 160)
        self.go.setObjectName("askHub")
        self.bar.setRange(0, 0)
        self.bar.setAccessibleName(tr("Waiting for the answer"))
        self.field.textChanged.connect(self._typed)
        self.field.returnPressed.connect(self._ask)
        self.go.clicked.connect(self._ask)
        self.stop.clicked.connect(self._stopped)
        self.back.clicked.connect(lambda: self._show_parts(ask=True, found=True))
        self.found.chosen.connect(self._examine)
        self.found.changed.connect(self.wants_room)
        self.check.asked.connect(self.asked)
        self.check.added.connect(self._next_path)
        self.check.again_wanted.connect(self._examine)
        self.check.alternatives_wanted.connect(self.search)
        self.check.link_activated.connect(self.link_activated)

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.addWidget(self._title, 1)
        head.addWidget(self.close_button)
        asking = QHBoxLayout()
        space(asking, 8)
        asking.addWidget(self.field, 1)
        asking.addWidget(self.go)
        waiting = QHBoxLayout()
        space(waiting, 8)
        waiting.addWidget(self._trouble, 1)
        waiting.addWidget(self.stop)
        going_back = QHBoxLayout()
        going_back.addWidget(self.back)
        going_back.addStretch(1)
        body = QVBoxLayout()
        inset(body, 0, 0, 8, 0)
        space(body, 8)
        body.addLayout(asking)
        body.addWidget(self._note)
        body.addLayout(waiting)
        body.addWidget(self.bar)
        body.addWidget(self.found)
        body.addLayout(going_back)
        body.addWidget(self.check)
        rows = QVBoxLayout(self)
        inset(rows, 16, 8, 8, 16)
        space(rows, 4)
        rows.addLayout(head)
        rows.addLayout(body)

    # QFrame

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.close_panel()
        else:
            super().keyPressEvent(event)
