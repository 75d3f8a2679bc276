"""The list of conversations: opening, renaming in place, choosing several, a menu for each row."""

from collections.abc import Iterable, Sequence

from PySide6.QtCore import (
    QItemSelectionModel,
    QModelIndex,
    QPoint,
    QSortFilterProxyModel,
    Qt,
    Signal,
)
from PySide6.QtGui import QContextMenuEvent, QGuiApplication, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QAbstractItemView, QListView, QWidget

from desktop.domain.chats import Summary
from desktop.ui.i18n import tr
from desktop.ui.icons import IconSet
from desktop.ui.sidebar.chat_delegate import ChatDelegate, on_menu_button
from desktop.ui.sidebar.chat_model import CHAT_ROLE, ChatModel
from desktop.ui.theme import Theme

_SELECT = QItemSelectionModel.SelectionFlag.ClearAndSelect
_MODIFIERS = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier


class ChatList(QListView):
    """Ten thousand rows are as fluid as ten."""

    opened = Signal(str)
    renamed = Signal(str, str)  # the id and the new title
    delete_wanted = Signal(object)  # Summaries
    menu_wanted = Signal(object, QPoint)  # Summaries, and where on the screen

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("conversationList")
        self.setAccessibleName(tr("Chats"))
        self.chats = ChatModel(self)
        self._delegate = ChatDelegate(self)
        self._delegate.renamed.connect(self.renamed)
        # It neither sorts nor filters, but knows its rows without asking Python for each.
        self._known = QSortFilterProxyModel(self)
        self._known.setSourceModel(self.chats)
        self.setModel(self._known)
        self.setItemDelegate(self._delegate)
        dress_list(self)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.clicked.connect(self._clicked)

    def set_theme(self, theme: Theme, icons: IconSet) -> None:
        """Take colours and icons."""
        self._delegate.set_theme(theme, icons)
        self.scheduleDelayedItemsLayout()  # rows may have another height

    def set_chats(self, chats: Iterable[Summary], current: str) -> None:
        """Show these conversations."""
        self.chats.set_chats(chats)
        self.show_current(current)

    def put(self, chat: Summary) -> None:
        """Add a conversation, or show how it is now; it stays selected if it was."""
        selected = chat.id in {each.id for each in self.selected()}
        self.chats.put(chat)
        if selected:
            flag = QItemSelectionModel.SelectionFlag.Select
            self.selectionModel().select(self._index_of(chat.id), flag)

    def show_current(self, chat_id: str) -> None:
        """Tint the conversation in view, and go on from there with the arrow keys."""
        self.chats.set_current(chat_id)
        index = self._index_of(chat_id)
        if index.isValid():
            self.selectionModel().setCurrentIndex(index, _SELECT)
            self.scrollTo(index)
        else:
            self.selectionModel().clear()

    def selected(self) -> Sequence[Summary]:
        """The conversations that are chosen, from top to bottom."""
        indexes = sorted(self.selectedIndexes(), key=lambda index: index.row())
        return [chat for index in indexes if (chat := index.data(CHAT_ROLE)) is not None]

    def rename(self, chat_id: str) -> None:
        """Open the row to have its title typed."""
        index = self._index_of(chat_id)
        if index.isValid():
            self.scrollTo(index)
            self.setCurrentIndex(index)
            self.edit(index)

    def _index_of(self, chat_id: str) -> QModelIndex:
        return self._known.mapFromSource(self.chats.index_of(chat_id))

    def _clicked(self, index: QModelIndex) -> None:
        chat = index.data(CHAT_ROLE)
        if chat is not None and not QGuiApplication.keyboardModifiers() & _MODIFIERS:
            self.opened.emit(chat.id)

    def _ask_for_menu(self, index: QModelIndex, place: QPoint) -> None:
        chat = index.data(CHAT_ROLE)
        if chat is None:
            return
        selected = self.selected()
        several = selected if chat in selected else [chat]
        self.menu_wanted.emit(several, place)

    # QListView

    def mousePressEvent(self, event: QMouseEvent) -> None:
        place = event.position().toPoint()
        index = self.indexAt(place)
        on_button = index.isValid() and on_menu_button(
            self.visualRect(index), place, self.layoutDirection()
        )
        if on_button and event.button() == Qt.MouseButton.LeftButton:
            self._ask_for_menu(index, event.globalPosition().toPoint())
            return
        if event.button() == Qt.MouseButton.RightButton:
            return  # the menu is about the row under it; what is selected stays so
        super().mousePressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if event.reason() is QContextMenuEvent.Reason.Keyboard:
            index = self.currentIndex()
            corner = self.visualRect(index).bottomLeft()
            self._ask_for_menu(index, self.viewport().mapToGlobal(corner))
        else:
            self._ask_for_menu(self.indexAt(event.pos()), event.globalPos())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        editing = self.state() is QAbstractItemView.State.EditingState
        chat = self.currentIndex().data(CHAT_ROLE)
        if editing or chat is None:
            super().keyPressEvent(event)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.opened.emit(chat.id)
        elif event.key() == Qt.Key.Key_Delete:
            self.delete_wanted.emit(self.selected() or [chat])
        else:
            super().keyPressEvent(event)


def dress_list(view: QListView) -> None:
    """What the lists of this column have in common."""
    view.setUniformItemSizes(True)
    view.setMouseTracking(True)
    view.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    view.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
    view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    view.setTextElideMode(Qt.TextElideMode.ElideRight)
