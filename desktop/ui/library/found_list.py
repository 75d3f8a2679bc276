"""What a search of the hub came to: one line a repository, each with the way to look at it."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from desktop.domain.repository import RepositoryFound
from desktop.services.plans import HUB
from desktop.ui.i18n import tr
from desktop.ui.library.parts import TextColumn, button, text_label
from desktop.ui.library.source_words import found_facts
from desktop.ui.spacing import inset, space
from desktop.ui.widgets.elided_label import ElidedLabel

FEW = 6  # that are shown before one asks for more


class FoundRow(QWidget):
    """One repository."""

    chosen = Signal(str)  # a source, hf:owner/name

    def __init__(self, found: RepositoryFound, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.found = found
        self.setAccessibleName(found.repository)
        self.name = ElidedLabel(found.repository)
        self.facts = text_label(found_facts(found), "muted")
        self.facts.setVisible(bool(self.facts.text()))
        self.look = button(tr("Check it"), spoken=tr("Check {name}", name=found.repository))
        self.look.clicked.connect(lambda: self.chosen.emit(f"{HUB}{found.repository}"))
        row = QHBoxLayout(self)
        inset(row, 0, 8, 0, 8)
        space(row, 12)
        row.addWidget(TextColumn(self.name, self.facts), 1)
        row.addWidget(self.look)


class FoundList(QWidget):
    """The first few, and more of them when asked."""

    chosen = Signal(str)  # a source, hf:owner/name
    changed = Signal()  # other rows are on show

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(tr("Found at the hub"))
        self._count = text_label(kind="muted")
        self._found: tuple[RepositoryFound, ...] = ()
        self._rows: list[FoundRow] = []
        self._lines = QVBoxLayout()
        self._lines.setSpacing(0)
        self.more = button(tr("Show more"))
        self.more.clicked.connect(self._show_more)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        space(rows, 4)
        rows.addWidget(self._count)
        rows.addLayout(self._lines)
        below = QHBoxLayout()
        below.addWidget(self.more)
        below.addStretch(1)
        rows.addLayout(below)

    def rows(self) -> list[FoundRow]:
        """The rows, from the top."""
        return list(self._rows)

    def controls(self) -> list[QPushButton]:
        """What can have the focus, from the top."""
        return [*(row.look for row in self.rows()), self.more]

    def show_found(self, found: Sequence[RepositoryFound], text: str) -> None:
        """Show what was found for a text."""
        while item := self._lines.takeAt(0):
            if line := item.widget():
                line.hide()
                line.deleteLater()
        self._rows = []
        self._found = tuple(found)
        self._count.setText(
            tr("Found for “{words}”, the most used first", words=text)
            if found
            else tr("The hub knows no model called “{words}” that Cellar could use.", words=text)
        )
        self._add_rows()

    def _add_rows(self) -> None:
        """Show the next few; all at once would make the window wait."""
        for each in self._found[len(self._rows) :][:FEW]:
            row = FoundRow(each)
            row.chosen.connect(self.chosen)
            self._rows.append(row)
            self._lines.addWidget(_rule())
            self._lines.addWidget(row)
        left = len(self._found) - len(self._rows)
        self.more.setText(tr("Show more ({count})", count=left))
        self.more.setAccessibleName(self.more.text())
        self.more.setVisible(left > 0)

    def _show_more(self) -> None:
        first = len(self._rows)
        self._add_rows()
        self.changed.emit()
        self._rows[first].look.setFocus()


def _rule() -> QFrame:
    rule = QFrame()
    rule.setProperty("kind", "line")
    rule.setFixedHeight(1)
    return rule
