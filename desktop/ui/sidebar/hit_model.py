"""What a search has found, as rows."""

from collections.abc import Iterable
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from desktop.domain.chats import Hit
from desktop.ui.i18n import tr
from desktop.ui.sidebar.days import short_date

HIT_ROLE = Qt.ItemDataRole.UserRole + 1
Index = QModelIndex | QPersistentModelIndex


class HitModel(QAbstractListModel):
    """The best finding first."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._hits: list[Hit] = []

    def set_hits(self, hits: Iterable[Hit]) -> None:
        """Show these findings."""
        self.beginResetModel()
        self._hits = list(hits)
        self.endResetModel()

    def take(self, chat_id: str) -> None:
        """Leave out what is in a conversation that is gone."""
        kept = [hit for hit in self._hits if hit.conversation_id != chat_id]
        if len(kept) != len(self._hits):
            self.set_hits(kept)

    # QAbstractListModel

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._hits)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        hit = self._hits[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return hit_title(hit)
            case Qt.ItemDataRole.AccessibleTextRole:
                parts = (hit_title(hit), snippet(hit), short_date(hit.created_at))
                return ", ".join(part for part in parts if part)
            case _ if role == HIT_ROLE:
                return hit
        return None


def hit_title(hit: Hit) -> str:
    """The title of the conversation on one line."""
    return " ".join(hit.title.split()) or tr("New chat")


def snippet(hit: Hit) -> str:
    """The piece of the message that was found; empty when the title was."""
    return hit.excerpt if hit.message_id else ""
