"""Between the services and the privacy page."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, QUrl, Signal, Slot
from PySide6.QtGui import QDesktopServices

from desktop.services.chat import commands as chat
from desktop.services.chat import notices as chat_notices
from desktop.services.contacts import Door
from desktop.services.history import commands as history
from desktop.services.history import notices as history_notices
from desktop.services.house import commands as house
from desktop.services.house import notices as house_notices
from desktop.services.shelf.commands import HeedDoor
from desktop.settings.table import SettingValue
from desktop.ui.dialogs.confirm import Confirm
from desktop.ui.i18n import tr, trn
from desktop.ui.privacy.fact import PrivacyFact
from desktop.ui.privacy.page import PrivacyPage
from desktop.ui.settings.settings_live import LiveSettings

TELL_EACH_MS = 200  # a download contacts hosts many times a second


@dataclass(frozen=True)
class Posts:
    """The ways to the services."""

    chat: Callable[[object], None]
    history: Callable[[object], None]
    house: Callable[[object], None]
    shelf: Callable[[object], None]


class PrivacyPresenter(QObject):
    """Lives in the window's thread."""

    _used = Signal()  # from any thread

    def __init__(
        self,
        page: PrivacyPage,
        fact: PrivacyFact,
        door: Door,
        settings: LiveSettings,
        posts: Posts,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._page = page
        self._fact = fact
        self._door = door
        self._settings = settings
        self._posts = posts
        self._pause = QTimer(self, singleShot=True, interval=TELL_EACH_MS)
        self._pause.timeout.connect(self._show)
        self._used.connect(self._show_soon)
        door.on_change = self._used.emit
        settings.changed.connect(self._changed)
        page.offline_chosen.connect(lambda offline: settings.choose("offline", offline))
        page.erase_wanted.connect(lambda: posts.history(history.EraseDeleted()))
        page.delete_all_wanted.connect(self._ask)
        page.kept.open_wanted.connect(self._open)
        self._show()

    @Slot()
    def entered(self) -> None:
        """The page is shown: what is kept may have grown."""
        self._posts.house(house.Measure())
        self._show()

    @Slot()
    def lock(self) -> None:
        """Stay offline until the window is closed."""
        self._door.locked = True
        self._heed()

    @Slot(object)
    def take_house(self, notice: house_notices.HouseNotice) -> None:
        """Show what is kept."""
        if isinstance(notice, house_notices.Measured):
            self._page.kept.show_measured(notice)

    @Slot(object)
    def take_chat(self, notice: object) -> None:
        """What was taken out of the list is taken out of the files as well."""
        if isinstance(notice, chat_notices.AllChatsDeleted):
            self._posts.history(history.EraseDeleted())

    @Slot(object)
    def take_history(self, notice: object) -> None:
        """Say that something is gone for good."""
        if isinstance(notice, history_notices.Erased):
            gone = trn(
                "{count} chat was erased from every file.",
                "{count} chats were erased from every file.",
                notice.chats,
            )
            self._page.banners.show_message(
                gone if notice.chats else tr("There was no deleted chat to erase.")
            )
            self._posts.house(house.Measure())

    @Slot(str, object)
    def _changed(self, name: str, _: SettingValue) -> None:
        if name == "offline":
            self._heed()

    def _heed(self) -> None:
        # In this order: the shelf then knows why a download ends.
        self._posts.shelf(HeedDoor())
        if self._door.closed:
            self._door.shut()
        self._show()

    @Slot()
    def _show_soon(self) -> None:
        if not self._pause.isActive():
            self._pause.start()

    @Slot()
    def _show(self) -> None:
        contacts = self._door.contacts
        self._page.show_offline(self._door.closed, locked=self._door.locked)
        self._page.contacts.show_contacts(contacts)
        self._fact.show_fact(offline=self._door.closed, used=bool(contacts))

    def _ask(self) -> None:
        Confirm(
            tr("Delete all chats?"),
            tr(
                "Every chat, those of the archive too, is erased from the file, its index and every"
                " backup. This cannot be undone."
            ),
            tr("Delete all chats"),
            lambda: self._posts.chat(chat.DeleteAllChats()),
            self._page,
        ).open()

    def _open(self, folder: Path) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))
