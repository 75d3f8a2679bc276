"""The conversations as rows, with a heading before each group."""

import bisect
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from desktop.domain.chats import Summary
from desktop.ui.i18n import tr
from desktop.ui.sidebar.days import Days

CHAT_ROLE = Qt.ItemDataRole.UserRole + 1  # the Summary; None for a heading
CURRENT_ROLE = Qt.ItemDataRole.UserRole + 2
WRITING_ROLE = Qt.ItemDataRole.UserRole + 3
Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True)
class Heading:
    """What a group is called."""

    id: str  # never one of a conversation
    text: str


Row = Summary | Heading


def shown_title(chat: Summary) -> str:
    """The title on one line."""
    return " ".join(chat.title.split()) or tr("New chat")


class ChatModel(QAbstractListModel):
    """Changes in place, so that selection, scrolling and an open editor stay where they are."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._chats: list[Summary] = []  # pinned ones first, newest first
        self._rows: list[Row] = []
        self._days = Days()
        self._current = ""
        self._writing = ""

    def set_chats(self, chats: Iterable[Summary]) -> None:
        """Show these conversations, as they are ordered."""
        self.beginResetModel()
        self._chats = list(chats)
        self._rows = self._grouped()
        self.endResetModel()

    def put(self, chat: Summary) -> None:
        """Add a conversation, or show how it is now."""
        self._chats = [each for each in self._chats if each.id != chat.id]
        bisect.insort(self._chats, chat, key=_place)
        self._follow(chat.id)

    def take(self, chat_id: str) -> None:
        """Leave a conversation out."""
        self._chats = [each for each in self._chats if each.id != chat_id]
        self._follow(chat_id)

    def set_current(self, chat_id: str) -> None:
        """Tint the conversation in view."""
        before, self._current = self._current, chat_id
        self._touch((before, chat_id), CURRENT_ROLE)

    def set_writing(self, chat_id: str) -> None:
        """Mark the conversation in which an answer is being written."""
        before, self._writing = self._writing, chat_id
        self._touch((before, chat_id), WRITING_ROLE)

    def chats(self) -> Sequence[Summary]:
        """The conversations from top to bottom."""
        return self._chats

    def chat(self, chat_id: str) -> Summary | None:
        """One conversation."""
        return next((each for each in self._chats if each.id == chat_id), None)

    def index_of(self, chat_id: str) -> QModelIndex:
        """Where a conversation is; an invalid index when it is not in the list."""
        for place, row in enumerate(self._rows):
            if row.id == chat_id:
                return self.index(place)
        return QModelIndex()

    def neighbour(self, step: int) -> str:
        """The conversation before (-1) or after (1) the current one; empty when there is none."""
        ids = [each.id for each in self._chats]
        if not ids:
            return ""
        if self._current not in ids:
            return ids[0]
        place = ids.index(self._current) + step
        return ids[place] if 0 <= place < len(ids) else ""

    def _follow(self, moved: str) -> None:
        """Bring the rows in step after one conversation has changed."""
        rows = self._grouped()
        if [row.id for row in rows] != [row.id for row in self._rows]:
            kept = {row.id for row in rows} - {moved}
            for place in range(len(self._rows) - 1, -1, -1):
                if self._rows[place].id not in kept:
                    self.beginRemoveRows(QModelIndex(), place, place)
                    del self._rows[place]
                    self.endRemoveRows()
            for place, row in enumerate(rows):
                if place == len(self._rows) or self._rows[place].id != row.id:
                    self.beginInsertRows(QModelIndex(), place, place)
                    self._rows.insert(place, row)
                    self.endInsertRows()
        self._rows = rows
        self._touch((moved,), CHAT_ROLE)

    def _grouped(self) -> list[Row]:
        if self._days.today != date.today():
            self._days = Days()
        rows: list[Row] = []
        group, pinned = "", tr("Pinned")
        for chat in self._chats:
            own = pinned if chat.pinned else self._days.group(chat.updated_at)
            if own != group:
                group = own
                rows.append(Heading(tr("heading {own}", own=own), own))
            rows.append(chat)
        return rows

    def _touch(self, ids: Iterable[str], role: int) -> None:
        for chat_id in ids:
            index = self.index_of(chat_id)
            if index.isValid():
                self.dataChanged.emit(index, index, [role, Qt.ItemDataRole.DisplayRole])

    # QAbstractListModel

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        row = self._rows[index.row()]
        if isinstance(row, Heading):
            texts = (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole)
            return row.text if role in texts else None
        match role:
            case Qt.ItemDataRole.DisplayRole | Qt.ItemDataRole.EditRole:
                value: object = shown_title(row)
            case Qt.ItemDataRole.AccessibleTextRole:
                value = _spoken(row, current=row.id == self._current)
            case _:
                value = {
                    CHAT_ROLE: row,
                    CURRENT_ROLE: row.id == self._current,
                    WRITING_ROLE: row.id == self._writing,
                }.get(role)
        return value

    def flags(self, index: Index) -> Qt.ItemFlag:
        if not index.isValid() or isinstance(self._rows[index.row()], Heading):
            return Qt.ItemFlag.NoItemFlags
        flag = Qt.ItemFlag
        return flag.ItemIsEnabled | flag.ItemIsSelectable | flag.ItemIsEditable


def _place(chat: Summary) -> tuple[bool, tuple[int, ...]]:
    """Pinned ones first, then the newest first."""
    return (not chat.pinned, tuple(-ord(character) for character in chat.updated_at))


def _spoken(chat: Summary, *, current: bool) -> str:
    facts = [shown_title(chat)]
    facts += [tr("pinned")] if chat.pinned else []
    facts += [tr("in view")] if current else []
    return ", ".join(facts)
