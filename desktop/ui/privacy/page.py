"""The privacy page: the network and its switch, what is kept here, and how to delete it."""

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QCheckBox, QFrame, QVBoxLayout, QWidget

from desktop.settings.table import BY_NAME
from desktop.ui.i18n import tr
from desktop.ui.icons import IconSet
from desktop.ui.library.page import Page, section
from desktop.ui.library.parts import button, line_of, text_label
from desktop.ui.privacy.contact_table import ContactTable
from desktop.ui.privacy.kept_list import KeptList
from desktop.ui.spacing import inset, space
from desktop.ui.theme import Theme


class PrivacyPage(Page):
    """Shows what its presenter tells it."""

    offline_chosen = Signal(bool)
    erase_wanted = Signal()
    delete_all_wanted = Signal()

    def __init__(self, theme: Theme, icons: IconSet, parent: QWidget | None = None) -> None:
        super().__init__(tr("Privacy"), "closePrivacy", parent)
        self.setObjectName("privacyPage")
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
        self.fill(
            [
                section(tr("Network"), self._switch(), self.contacts),
                section(tr("What is kept on this computer"), self.kept),
                section(tr("Delete"), self._deleting()),
            ]
        )
        self.set_theme(theme, icons)

    def show_offline(self, offline: bool, *, locked: bool) -> None:
        """Show whether the network may be used; `locked`: nothing can change it now."""
        with QSignalBlocker(self.offline):
            self.offline.setChecked(offline)
        self.offline.setEnabled(not locked)
        self._locked.setVisible(locked)

    def set_theme(self, theme: Theme, icons: IconSet) -> None:
        """Take colours and icons."""
        super().set_theme(theme, icons)
        self.kept.set_theme(theme, icons)

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


def _card(*parts: QWidget) -> QFrame:
    card = QFrame()
    card.setProperty("kind", "card")
    rows = QVBoxLayout(card)
    inset(rows, 16, 16, 16, 16)
    space(rows, 8)
    for part in parts:
        rows.addWidget(part)
    return card
