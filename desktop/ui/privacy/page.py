"""The privacy page: the network and its switch, what is kept here, and how to delete it."""

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QCheckBox, QFrame, QHBoxLayout, QToolButton, QVBoxLayout, QWidget

from desktop.settings.table import BY_NAME
from desktop.ui.i18n import tr
from desktop.ui.icons import IconSet
from desktop.ui.library.page_scroll import PageScroll
from desktop.ui.library.parts import button, line_of, text_label
from desktop.ui.privacy.contact_table import ContactTable
from desktop.ui.privacy.kept_list import KeptList
from desktop.ui.spacing import inset, size_icon, space
from desktop.ui.theme import Theme
from desktop.ui.widgets.banner_area import BannerArea


class PrivacyPage(QWidget):
    """Shows what its presenter tells it."""

    closed = Signal()  # back to the chat
    offline_chosen = Signal(bool)
    erase_wanted = Signal()
    delete_all_wanted = Signal()

    def __init__(self, theme: Theme, icons: IconSet, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("privacyPage")
        self.setAccessibleName(tr("Privacy"))
        self._back = QToolButton()
        self._back.setObjectName("closePrivacy")
        self._back.setAccessibleName(tr("Back to the chat"))
        self._back.setToolTip(tr("Back to the chat (Esc)"))
        self._back.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        size_icon(self._back, 20)
        self._back.clicked.connect(self.closed)
        self.banners = BannerArea()
        self.offline = QCheckBox(tr(BY_NAME["offline"].label))
        self.offline.setObjectName("offlineSwitch")
        self.offline.setAccessibleDescription(tr(BY_NAME["offline"].help))
        self.offline.toggled.connect(self.offline_chosen)
        self._locked = text_label(
            tr("Cellar was started with --offline, so it stays so until it is closed."), "muted"
        )
        self._locked.hide()
        self.contacts = ContactTable()
        self.kept = KeptList()
        parts = [
            _section(tr("Network"), self._switch(), self.contacts),
            _section(tr("What is kept on this computer"), self.kept),
            _section(tr("Delete"), self._deleting()),
        ]
        self.scroller = PageScroll(parts)
        self.setFocusProxy(self.scroller)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        space(rows, 8)
        rows.addWidget(self._head())
        rows.addWidget(self.banners)
        rows.addWidget(self.scroller, 1)
        self.set_theme(theme, icons)

    def show_offline(self, offline: bool, *, locked: bool) -> None:
        """Show whether the network may be used; `locked`: nothing can change it now."""
        with QSignalBlocker(self.offline):
            self.offline.setChecked(offline)
        self.offline.setEnabled(not locked)
        self._locked.setVisible(locked)

    def set_theme(self, theme: Theme, icons: IconSet) -> None:
        """Take colours and icons."""
        self._back.setIcon(icons.icon("chevron-left"))
        self.banners.set_theme(theme, icons)
        self.kept.set_theme(theme, icons)

    def _head(self) -> QWidget:
        head = QWidget()
        row = QHBoxLayout(head)
        inset(row, 8, 8, 16, 0)
        space(row, 4)
        row.addWidget(self._back)
        row.addWidget(text_label(tr("Privacy"), "heading", wraps=False))
        row.addStretch(1)
        return head

    def _switch(self) -> QWidget:
        return _card(
            self.offline,
            text_label(tr(BY_NAME["offline"].help), "muted"),
            self._locked,
        )

    def _deleting(self) -> QWidget:
        erase = button(tr("Erase deleted chats now"))
        erase.setObjectName("eraseDeleted")
        erase.clicked.connect(self.erase_wanted)
        everything = button(tr("Delete all chats…"), "danger")
        everything.setObjectName("deleteAllChats")
        everything.clicked.connect(self.delete_all_wanted)
        return _card(
            text_label(
                tr(
                    "A chat that you delete can be brought back until you close Cellar. The next"
                    " start erases it from the file, its index and every backup."
                ),
            ),
            line_of(erase, everything),
        )

    # QWidget

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        else:
            super().keyPressEvent(event)


def _card(*parts: QWidget) -> QFrame:
    card = QFrame()
    card.setProperty("kind", "card")
    rows = QVBoxLayout(card)
    inset(rows, 16, 16, 16, 16)
    space(rows, 8)
    for part in parts:
        rows.addWidget(part)
    return card


def _section(title: str, *parts: QWidget) -> QWidget:
    section = QWidget()
    rows = QVBoxLayout(section)
    rows.setContentsMargins(0, 0, 0, 0)
    space(rows, 8)
    rows.addWidget(text_label(title, "title"))
    for part in parts:
        rows.addWidget(part)
    return section
