"""Every use of the network of this session, as rows of a table."""

from collections.abc import Sequence
from datetime import datetime

from PySide6.QtCore import (
    QAbstractTableModel,
    QLocale,
    QModelIndex,
    QPersistentModelIndex,
    Qt,
    QTime,
)

from desktop.services.contacts import Contact, Outcome
from desktop.ui.i18n import mark, tr
from desktop.ui.widgets.announce import plain_tooltip

SI = QLocale.DataSizeFormat.DataSizeSIFormat
WHEN, HOST, WHY, RECEIVED, OUTCOME = range(5)
HEADINGS = (mark("Time"), mark("Host"), mark("What for"), mark("Received"), mark("Result"))
OUTCOMES = {
    Outcome.UNDER_WAY: mark("under way"),
    Outcome.DONE: mark("done"),
    Outcome.FAILED: mark("failed"),
    Outcome.STOPPED: mark("stopped"),
}

Index = QModelIndex | QPersistentModelIndex


class ContactModel(QAbstractTableModel):
    """The newest first."""

    def __init__(self) -> None:
        super().__init__()
        self._contacts: tuple[Contact, ...] = ()

    def set_contacts(self, contacts: Sequence[Contact]) -> None:
        """Show these. Rows that only grow keep what is selected."""
        if len(contacts) == len(self._contacts):
            self._contacts = tuple(contacts)
            if contacts:
                last = self.index(len(contacts) - 1, OUTCOME)
                self.dataChanged.emit(self.index(0, 0), last)
            return
        self.beginResetModel()
        self._contacts = tuple(contacts)
        self.endResetModel()

    def text(self, row: int, column: int) -> str:
        """What a cell says."""
        contact = self._contacts[row]
        match column:
            case 0:
                moment = datetime.fromisoformat(contact.at).astimezone()
                time = QTime(moment.hour, moment.minute)
                return QLocale().toString(time, QLocale.FormatType.ShortFormat)
            case 1:
                return contact.host
            case 2:
                return contact.why
            case 3:
                return QLocale().formattedDataSize(contact.received, 1, SI)
        return tr(OUTCOMES[contact.outcome])

    # QAbstractTableModel

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._contacts)

    def columnCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(HEADINGS)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if role == Qt.ItemDataRole.DisplayRole:
            return self.text(index.row(), index.column())
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tooltip(self.text(index.row(), index.column()))
        if role == Qt.ItemDataRole.TextAlignmentRole and index.column() == RECEIVED:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        return None

    def headerData(
        self,
        section: int,
        orientation: Qt.Orientation,
        role: int = Qt.ItemDataRole.DisplayRole,
    ) -> object:
        if orientation is Qt.Orientation.Horizontal:
            if role == Qt.ItemDataRole.DisplayRole:
                return tr(HEADINGS[section])
            if role == Qt.ItemDataRole.TextAlignmentRole:
                side = Qt.AlignmentFlag.AlignRight if section == RECEIVED else Qt.AlignmentFlag(1)
                return side | Qt.AlignmentFlag.AlignVCenter
        return None
