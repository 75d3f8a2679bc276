"""What concerns the program as a whole: settings, privacy, its dialogs, the tray, other starts."""

import os
from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtWidgets import QWidget

from desktop.services.contacts import Door
from desktop.services.front import ACTIVATION
from desktop.services.house.commands import AnswerCalls, SaveSetting
from desktop.services.house.notices import Called, HouseNotice
from desktop.settings.store import SettingsStore
from desktop.ui.callers import Callers
from desktop.ui.chat_pane import ChatPane
from desktop.ui.house_presenter import HousePresenter
from desktop.ui.icons import IconSet
from desktop.ui.privacy.page import PrivacyPage
from desktop.ui.privacy.presenter import Posts, PrivacyPresenter
from desktop.ui.settings.settings_live import LiveSettings
from desktop.ui.shortcuts import bind
from desktop.ui.sidebar.footer import Footer
from desktop.ui.sidebar.head import Head
from desktop.ui.theme import Theme
from desktop.ui.threads import Threads
from desktop.ui.tray import Tray


class Desk(QObject):
    """Made with the window; lives in its thread."""

    files_given = Signal(object)  # Paths, by another start of Cellar

    def __init__(
        self,
        window: QWidget,
        pane: ChatPane,
        threads: Threads,
        store: SettingsStore,
        door: Door,
        dress: tuple[Theme, IconSet],
    ) -> None:
        super().__init__(window)
        self._window = window
        self._post_house = threads.house.post
        self.settings = LiveSettings(store, lambda name: self._post_house(SaveSetting(name)), self)
        self.page = PrivacyPage(*dress)
        self.house = HousePresenter(window, pane.banners, self.settings, self._post_house, dress)
        posts = Posts(
            threads.generation.post, threads.history.post, self._post_house, threads.shelf.post
        )
        self.privacy = PrivacyPresenter(
            self.page, pane.privacy_fact, door, self.settings, posts, self
        )
        self.tray = Tray(window, self.settings)
        self.tray.shown_wanted.connect(self.come_forward)
        for take in (self.house.take, self.privacy.take_house, self._take):
            threads.house.noticed.connect(take)
        for take_chat in (self.house.take_chat, self.privacy.take_chat, self.tray.take):
            threads.generation.noticed.connect(take_chat)
        threads.history.noticed.connect(self.privacy.take_history)

    def connect_menus(self, head: Head, footer: Footer) -> None:
        """Have the entries of the sidebar lead to the dialogs."""
        footer.settings_wanted.connect(self.house.show_settings)
        head.settings_wanted.connect(self.house.show_settings)
        head.about_wanted.connect(self.house.show_about)
        head.shortcuts_wanted.connect(self.house.show_shortcuts)
        bind("settings", self._window, self.house.show_settings)
        bind("shortcuts", self._window, self.house.show_shortcuts)

    def watch(self, folder: Path) -> None:
        """Answer other starts of Cellar, which leave notes in this folder."""
        Callers(folder, lambda: self._post_house(AnswerCalls()), self)

    def set_theme(self, theme: Theme, icons: IconSet) -> None:
        """Take colours and icons."""
        self.page.set_theme(theme, icons)
        self.house.set_theme(theme, icons)

    @Slot()
    def come_forward(self) -> None:
        """Bring the window before all others, as far as the desktop allows it."""
        state = self._window.windowState()
        self._window.setWindowState(state & ~Qt.WindowState.WindowMinimized)
        self._window.show()
        self._window.raise_()
        self._window.activateWindow()

    @Slot(object)
    def _take(self, notice: HouseNotice) -> None:
        if not isinstance(notice, Called):
            return
        call = notice.call
        if call.token:
            os.environ[ACTIVATION] = call.token  # where Qt looks for it
        self.come_forward()
        os.environ.pop(ACTIVATION, None)
        if call.offline:
            self.privacy.lock()
        if call.files:
            self.files_given.emit(tuple(map(Path, call.files)))
