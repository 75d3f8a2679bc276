"""The left column, put together."""

from collections.abc import Sequence

from PySide6.QtCore import QPoint, QSize, Qt, Signal
from PySide6.QtWidgets import (
    QFrame,
    QLabel,
    QMenu,
    QSizePolicy,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from desktop.domain.chats import Hit, Summary
from desktop.ui.i18n import tr, trn
from desktop.ui.icons import IconSet
from desktop.ui.metrics import metrics
from desktop.ui.sidebar.chat_list import ChatList
from desktop.ui.sidebar.footer import Footer
from desktop.ui.sidebar.head import Head
from desktop.ui.sidebar.hit_list import HitList
from desktop.ui.sidebar.row_menu import Do, fill
from desktop.ui.sidebar.transfer_line import TransferLine
from desktop.ui.spacing import inset
from desktop.ui.theme import Theme
from desktop.ui.widgets.announce import announce
from desktop.ui.widgets.banner_area import BannerArea
from desktop.ui.widgets.wrapped_label import WrappedLabel

WIDTH = 260  # pixels, unless words need more


class Sidebar(QWidget):
    """Shows what its presenter tells it."""

    asked = Signal(object, object)  # a Do, and the Summaries that it is about

    def __init__(self, theme: Theme, icons: IconSet, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("sidebar")
        self.setAccessibleName(tr("List of chats"))
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setProperty("kind", "surface")
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)
        self.head = Head()
        self.search = self.head.search
        self.list = ChatList()
        self.results = HitList()
        self.banners = BannerArea()
        self.transfer = TransferLine()
        self.footer = Footer()
        self._archived = False
        self._empty = _note()
        self._pages = QStackedWidget()
        for page in (self.list, self.results, self._empty):
            self._pages.addWidget(page)
        self._menu = QMenu(self)
        self._lay_out()
        self._connect()
        self.set_theme(theme, icons)

    @property
    def needed_width(self) -> int:
        """What the words of head and foot take in this language and size of text."""
        return max(part.minimumSizeHint().width() for part in (self.head, self.footer))

    def show_chats(self, chats: Sequence[Summary], current: str, *, archived: bool) -> None:
        """Show all conversations, or those of the archive."""
        self._archived = archived
        self.list.set_chats(chats, current)
        self.show_list()

    def show_list(self) -> None:
        """Show the conversations, unless something is sought."""
        if self.search.text().strip():
            return
        if self.list.chats.rowCount():
            self._pages.setCurrentWidget(self.list)
        else:
            nothing = tr("Nothing is archived.") if self._archived else tr("No chats yet.")
            self._say(nothing)

    def show_hits(self, text: str, hits: Sequence[Hit], problem: str) -> None:
        """Show what was found in place of the list."""
        self.results.hits.set_hits(hits)
        if hits:
            self._pages.setCurrentWidget(self.results)
            announce(self.results, trn("{count} found", "{count} found", len(hits)))
        else:
            self._say(problem or tr("Nothing found for “{sought}”.", sought=text.strip()))

    def set_theme(self, theme: Theme, icons: IconSet) -> None:
        """Take colours and icons."""
        self.results.set_theme(theme)
        for part in (self.head, self.list, self.banners, self.footer):
            part.set_theme(theme, icons)

    def _say(self, text: str) -> None:
        self._empty.setText(text)
        self._pages.setCurrentWidget(self._empty)
        announce(self._empty, text)

    def _show_menu(self, chats: Sequence[Summary], place: QPoint) -> None:
        fill(self._menu, chats, lambda do: self.asked.emit(do, list(chats)))
        self._menu.popup(place)

    def _connect(self) -> None:
        self.list.menu_wanted.connect(self._show_menu)
        self.list.delete_wanted.connect(lambda chats: self.asked.emit(Do.DELETE, chats))
        self.search.entered.connect(self._enter)
        self.search.returnPressed.connect(self.results.open_first)
        self.results.left.connect(self.search.setFocus)

    def _enter(self) -> None:
        if self._pages.currentWidget() is self.results:
            self.results.enter()
        elif self._pages.currentWidget() is self.list:
            self.list.setFocus()

    def _lay_out(self) -> None:
        stack = QVBoxLayout()
        inset(stack, 8, 0, 8, 0)
        stack.addWidget(self.banners)
        inset(self.banners, 0, 0, 0, 8)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(0)
        rows.addWidget(self.head)
        rows.addWidget(self._pages, 1)
        rows.addLayout(stack)
        for below in (self.transfer, _line(), self.footer):
            rows.addWidget(below)

    # QWidget

    def sizeHint(self) -> QSize:
        width = max(metrics().side(WIDTH), self.needed_width)
        return QSize(width, super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        return QSize(self.sizeHint().width(), super().minimumSizeHint().height())


def _line() -> QFrame:
    line = QFrame()
    line.setProperty("kind", "line")
    line.setFixedHeight(1)
    return line


def _note() -> QLabel:
    note = WrappedLabel()
    note.setObjectName("sidebarNote")
    note.setProperty("kind", "muted")
    note.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignHCenter)
    inset(note, 16, 24, 16, 16)
    return note
