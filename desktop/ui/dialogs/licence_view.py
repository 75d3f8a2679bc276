"""The licences that come with the program: a list to search, and the text of one."""

from collections.abc import Sequence

from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from desktop.services.house.notices import Licence
from desktop.ui.i18n import tr
from desktop.ui.library.parts import text_label
from desktop.ui.spacing import fix, inset, space

LIST_WIDTH = 200  # pixels


class LicenceView(QWidget):
    """The search finds names, and words of the texts."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._licences: tuple[Licence, ...] = ()
        self._field = QLineEdit()
        self._field.setObjectName("licenceSearch")
        self._field.setPlaceholderText(tr("Find a licence"))
        self._field.setAccessibleName(tr("Find a licence"))
        self._field.setClearButtonEnabled(True)
        self._list = QListWidget()
        self._list.setObjectName("licenceList")
        self._list.setAccessibleName(tr("Licences"))
        self._list.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._text = QPlainTextEdit()
        self._text.setObjectName("licenceText")
        self._text.setAccessibleName(tr("Text of the licence"))
        self._text.setReadOnly(True)
        self._text.setTabChangesFocus(True)
        self._text.setProperty("kind", "mono")
        self._note = text_label("", "muted")
        self._note.setObjectName("licenceNote")
        self._both = QWidget()
        both = QHBoxLayout(self._both)
        both.setContentsMargins(0, 0, 0, 0)
        space(both, 12)
        fix(self._list, LIST_WIDTH)
        both.addWidget(self._list)
        both.addWidget(self._text, 1)
        rows = QVBoxLayout(self)
        inset(rows, 0, 16, 0, 0)
        space(rows, 12)
        rows.addWidget(self._field)
        rows.addWidget(self._note)
        rows.addWidget(self._both, 1)
        rows.addStretch(0)
        self._field.textChanged.connect(self._fill)
        self._list.currentItemChanged.connect(self._choose)
        self._say(tr("Reading …"))

    def show_licences(self, licences: Sequence[Licence]) -> None:
        """Show these."""
        self._licences = tuple(licences)
        self._fill(self._field.text())

    def names(self) -> list[str]:
        """The names on show."""
        return [self._list.item(row).text() for row in range(self._list.count())]

    def _fill(self, text: str) -> None:
        sought = text.casefold().strip()
        with QSignalBlocker(self._list):
            self._list.clear()
        for place, licence in enumerate(self._licences):
            if sought in licence.folded:
                item = QListWidgetItem(licence.name, self._list)
                item.setData(Qt.ItemDataRole.UserRole, place)
        if not self._licences:
            self._say(tr("The licences are collected when Cellar is bundled; this one was not."))
        elif not self._list.count():
            self._say(tr("Nothing found for “{sought}”.", sought=text.strip()))
        else:
            self._say("")
            self._list.setCurrentRow(0)

    def _say(self, text: str) -> None:
        self._note.setText(text)
        self._note.setVisible(bool(text))
        self._both.setVisible(not text)

    def _choose(self, item: QListWidgetItem | None) -> None:
        place = item.data(Qt.ItemDataRole.UserRole) if item else None
        self._text.setPlainText(self._licences[place].text if isinstance(place, int) else "")
