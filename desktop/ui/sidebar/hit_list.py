"""The findings of a search."""

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QListView, QWidget

from desktop.domain.chats import Hit
from desktop.ui.i18n import tr
from desktop.ui.sidebar.chat_list import dress_list
from desktop.ui.sidebar.hit_delegate import HitDelegate
from desktop.ui.sidebar.hit_model import HIT_ROLE, HitModel
from desktop.ui.theme import Theme


class HitList(QListView):
    """Enter or a click opens the conversation at the message."""

    opened = Signal(str, str)  # the conversation, and the message or nothing
    left = Signal()  # upwards, or with Escape

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("searchResults")
        self.setAccessibleName(tr("Search results"))
        self.hits = HitModel(self)
        self._delegate = HitDelegate(self)
        self.setModel(self.hits)
        self.setItemDelegate(self._delegate)
        dress_list(self)
        self.clicked.connect(self._open)

    def set_theme(self, theme: Theme) -> None:
        """Take colours."""
        self._delegate.set_theme(theme)
        self.scheduleDelayedItemsLayout()  # rows may have another height

    def enter(self) -> None:
        """Take the focus, at the first finding."""
        if self.hits.rowCount():
            self.setCurrentIndex(self.hits.index(0))
            self.setFocus()

    def open_first(self) -> None:
        """Go to the best finding."""
        if self.hits.rowCount():
            self.setCurrentIndex(self.hits.index(0))
            self._open(self.currentIndex())

    def _open(self, index: QModelIndex) -> None:
        hit = index.data(HIT_ROLE)
        if isinstance(hit, Hit):
            self.opened.emit(hit.conversation_id, hit.message_id)

    # QListView

    def keyPressEvent(self, event: QKeyEvent) -> None:
        at_top = event.key() == Qt.Key.Key_Up and self.currentIndex().row() <= 0
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._open(self.currentIndex())
        elif at_top or event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)
