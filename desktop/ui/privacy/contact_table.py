"""The table of everything that went over the network, or that nothing did."""

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHeaderView,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from desktop.services.contacts import Contact
from desktop.ui.i18n import tr, trn
from desktop.ui.library.parts import text_label
from desktop.ui.metrics import metrics
from desktop.ui.privacy.contact_model import HOST, OUTCOME, WHEN, WHY, ContactModel
from desktop.ui.spacing import inset, space

MOST_ROWS = 8  # on show at once; the rest is scrolled to
ROW = 36  # pixels
NARROW = 560  # pixels; below that there is only room for the gist


class ContactTable(QFrame):
    """Says in a sentence how often the network was used, and shows each time in a row."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "card")
        self._summary = text_label()
        self._summary.setObjectName("contactSummary")
        self._model = ContactModel()
        self._table = _Table()
        self._table.setObjectName("contactTable")
        self._table.setAccessibleName(tr("Every use of the network since Cellar started"))
        self._table.setModel(self._model)
        header = self._table.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(WHY, QHeaderView.ResizeMode.Stretch)
        rows = QVBoxLayout(self)
        inset(rows, 16, 16, 16, 16)
        space(rows, 12)
        rows.addWidget(self._summary)
        rows.addWidget(self._table)
        self.show_contacts(())

    def show_contacts(self, contacts: Sequence[Contact]) -> None:
        """Show what went over the network."""
        self._model.set_contacts(contacts)
        self._table.setVisible(bool(contacts))
        self._table.updateGeometry()
        hosts = len({contact.host for contact in contacts})
        self._summary.setText(
            trn(
                "Since Cellar started it was in touch with {count} host, each time because you"
                " wanted it. Nothing of your chats was sent.",
                "Since Cellar started it was in touch with {count} hosts, each time because you"
                " wanted it. Nothing of your chats was sent.",
                hosts,
            )
            if contacts
            else tr("Nothing was sent or fetched since Cellar started.")
        )

    def summary(self) -> str:
        """What is said above the table."""
        return self._summary.text()

    def rows(self) -> list[tuple[str, ...]]:
        """The texts of the cells."""
        model = self._model
        return [
            tuple(model.text(row, column) for column in range(model.columnCount()))
            for row in range(model.rowCount())
        ]


class _Table(QTableView):
    """As high as its rows, up to a number of them."""

    def __init__(self) -> None:
        super().__init__()
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setTabKeyNavigation(False)
        self.setShowGrid(False)
        self.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        lines = self.verticalHeader()
        lines.hide()
        lines.setMinimumSectionSize(metrics().row(ROW))
        lines.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        lines.sectionResized.connect(self.updateGeometry)
        self.horizontalHeader().setHighlightSections(False)
        self.horizontalHeader().setMinimumSectionSize(48)

    # QTableView

    def sizeHint(self) -> QSize:
        rows = range(min(MOST_ROWS, self.model().rowCount()))
        heights = sum(self.verticalHeader().sectionSize(row) for row in rows)
        header = self.horizontalHeader().sizeHint().height()
        return QSize(super().sizeHint().width(), header + heights + 2)

    def minimumSizeHint(self) -> QSize:
        return QSize(160, self.sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        narrow = event.size().width() < metrics().side(NARROW)
        self.setColumnHidden(WHEN, narrow)
        self.setColumnHidden(OUTCOME, narrow)
        self.horizontalHeader().setMaximumSectionSize(max(120, event.size().width() // 3))
        self.resizeColumnToContents(HOST)
        self.updateGeometry()
