"""The window: columns, their folding, its place on the screen, its end."""

import logging
from collections.abc import Iterable
from pathlib import Path

from PySide6.QtCore import QSize, QUrl, Slot
from PySide6.QtGui import (
    QCloseEvent,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDropEvent,
    QKeySequence,
    QShortcut,
)
from PySide6.QtWidgets import QMainWindow, QStackedWidget

from desktop.services.chat.commands import ChatCommand
from desktop.services.contacts import Door
from desktop.settings.store import SettingsStore
from desktop.settings.table import SettingValue
from desktop.ui.attaching_presenter import AttachingPresenter
from desktop.ui.chat_pane import ChatPane
from desktop.ui.chat_presenter import ChatPresenter
from desktop.ui.desk import Desk
from desktop.ui.devices.page import DevicesPage
from desktop.ui.devices.presenter import DevicesPresenter
from desktop.ui.draft_meter import DraftMeter
from desktop.ui.drops import local_paths, sorted_out
from desktop.ui.find_presenter import FindPresenter
from desktop.ui.i18n import tr
from desktop.ui.icons import IconSet
from desktop.ui.library.models_page import ModelsPage
from desktop.ui.look import Look
from desktop.ui.settings.adapter_presenter import AdapterPresenter
from desktop.ui.settings.layout_presenter import LayoutPresenter
from desktop.ui.settings.preset_presenter import PresetPresenter
from desktop.ui.settings.sampling_panel import SamplingPanel
from desktop.ui.shelf_presenter import ShelfPresenter
from desktop.ui.shortcuts import bind
from desktop.ui.sidebar.columns import Columns
from desktop.ui.sidebar.sidebar import Sidebar
from desktop.ui.sidebar_presenter import SidebarPresenter
from desktop.ui.spacing import fix
from desktop.ui.spell_presenter import SpellPresenter
from desktop.ui.theme import Theme, ThemeWatcher
from desktop.ui.threads import Threads
from desktop.ui.weights_presenter import WeightsPresenter
from desktop.ui.window_place import place_of, take_place

log = logging.getLogger(__name__)

SMALLEST = QSize(420, 420)
PANEL_WIDTH = 312


class MainWindow(QMainWindow):
    """Owns the threads behind it; closing the window ends them."""

    def __init__(
        self,
        threads: Threads,
        settings: SettingsStore,
        watcher: ThemeWatcher,
        door: Door | None = None,
    ) -> None:
        """`door` is what the network is reached through."""
        super().__init__()
        self._threads = threads
        self.setObjectName("mainWindow")
        self.setWindowTitle("Cellar")
        self.setMinimumSize(SMALLEST)
        self.setAcceptDrops(True)
        icons = IconSet(watcher.theme.icons, watcher.theme)
        self.pane = ChatPane(watcher.theme, icons)
        self.panel = SamplingPanel()
        self.models_page = ModelsPage(watcher.theme, icons)
        self.devices_page = DevicesPage(watcher.theme, icons)
        self.sidebar = Sidebar(watcher.theme, icons)
        fix(self.panel, PANEL_WIDTH)
        self._chat = Columns(self.sidebar, self.pane, self.panel)
        self._pages = QStackedWidget()
        self._pages.addWidget(self._chat)
        self._pages.addWidget(self.models_page)
        self._pages.addWidget(self.devices_page)
        dress = (watcher.theme, icons)
        door = door or Door(lambda: settings.switch("offline"))
        self.desk = Desk(self, self.pane, threads, settings, door, dress)
        self.settings = self.desk.settings
        self._pages.addWidget(self.desk.page)
        self.setCentralWidget(self._pages)
        self._present()
        self._connect(watcher)
        self._connect_sidebar()
        self._take_icon(icons)
        self.panel.set_theme(watcher.theme, icons)
        self._spelling.set_theme(watcher.theme)
        take_place(self, settings.text("window"))
        self.pane.composer.setFocus()

    def _present(self) -> None:
        """Have every part of the window talk with the services."""
        threads = self._threads
        post_chat = threads.generation.post
        self._presenter = ChatPresenter(self.pane, self.panel, post_chat, self)
        self._present_choices()
        self._adapter_presenter = AdapterPresenter(
            self.panel.adapters, threads.adapters.post, post_chat, self
        )
        self._find_presenter = FindPresenter(self.pane, post_chat, threads.history.post, self)
        self._shelf_presenter = ShelfPresenter(
            self.models_page, self.pane, threads.shelf.post, post_chat, self
        )
        self._devices_presenter = DevicesPresenter(
            self.devices_page, self.settings, threads.devices.post, post_chat, self
        )
        self._sidebar_presenter = SidebarPresenter(
            self.sidebar, self._post_settled, threads.history.post, self
        )
        self._present_composer()

    def _present_choices(self) -> None:
        """What a chat is held with, beside the sampling values."""
        post, settle = self._threads.generation.post, self._presenter.flush
        self._preset_presenter = PresetPresenter(self.panel, settle, post, self)
        self._layout_presenter = LayoutPresenter(self.panel.layout_row, settle, post, self)
        self._weights_presenter = WeightsPresenter(
            self.pane.weights_switch, self.settings, post, self
        )

    def _present_composer(self) -> None:
        """What is about the message that is being written."""
        composer, threads = self.pane.composer, self._threads
        self._attaching_presenter = AttachingPresenter(composer, threads.attaching.post, self)
        self._draft_meter = DraftMeter(composer, threads.generation.post, self)
        self._spelling = SpellPresenter(composer.field, self.settings, threads.spelling.post, self)

    def show_chat(self) -> None:
        """Go to the conversation."""
        self._pages.setCurrentWidget(self._chat)
        self.pane.composer.setFocus()

    def show_models(self) -> None:
        """Go to the models page."""
        self._pages.setCurrentWidget(self.models_page)
        self.models_page.setFocus()

    def show_devices(self) -> None:
        """Go to the device page."""
        self._pages.setCurrentWidget(self.devices_page)
        self.devices_page.setFocus()

    def show_privacy(self) -> None:
        """Go to the privacy page."""
        self._pages.setCurrentWidget(self.desk.page)
        self.desk.page.setFocus()
        self.desk.privacy.entered()

    def show_search(self) -> None:
        """Go to the search field."""
        self._pages.setCurrentWidget(self._chat)
        self._chat.reveal_sidebar()
        self.sidebar.search.setFocus()
        self.sidebar.search.selectAll()

    def take_files(self, urls: Iterable[QUrl]) -> None:
        """Do with files what their kind asks for: models, adapters, chats, attachments."""
        dropped = sorted_out(urls := tuple(urls))
        if dropped.adapters:
            self._add_adapter(dropped.adapters[0])
            return
        if dropped.files:
            self.show_chat()
            self._attaching_presenter.read(dropped.files, find_chats=True)
        if dropped.models and self.models_page.import_paths(urls):
            self.show_models()

    def shut_down(self) -> None:
        """Keep everything and end the threads; harmless when that is done already."""
        self._presenter.flush()
        for thread in self._threads.all:
            if thread.isRunning() and not thread.finish():
                log.error("the thread of %s did not end in time", thread.objectName())

    def _post_settled(self, command: ChatCommand) -> None:
        """Ask for something that may leave the chat in view, what was changed in it first."""
        self._presenter.flush()
        self._threads.generation.post(command)

    def _connect(self, watcher: ThemeWatcher) -> None:
        for thread in self._threads.all:
            thread.setParent(self)
        self._threads.generation.noticed.connect(self._presenter.take)
        self._threads.generation.noticed.connect(self._preset_presenter.take)
        self._threads.generation.noticed.connect(self._layout_presenter.take)
        self._threads.generation.noticed.connect(self._weights_presenter.take)
        self._threads.generation.noticed.connect(self._find_presenter.take)
        self._threads.history.noticed.connect(self._find_presenter.take_history)
        self._threads.generation.noticed.connect(self._devices_presenter.take_chat)
        self._threads.generation.noticed.connect(self._adapter_presenter.take_chat)
        self._threads.adapters.noticed.connect(self._adapter_presenter.take)
        self._threads.attaching.noticed.connect(self._attaching_presenter.take)
        self._attaching_presenter.chats_found.connect(self._sidebar_presenter.import_files)
        self._threads.generation.noticed.connect(self._draft_meter.take)
        self._threads.spelling.noticed.connect(self._spelling.take)
        self._threads.shelf.noticed.connect(self._shelf_presenter.take)
        self._threads.devices.noticed.connect(self._devices_presenter.take)
        self._devices_presenter.chat_wanted.connect(self.show_chat)
        self.pane.devices_wanted.connect(self.show_devices)
        self._presenter.model_used.connect(self.models_page.set_current_model)
        self._shelf_presenter.page_wanted.connect(self.show_models)
        self._shelf_presenter.chat_wanted.connect(self.show_chat)
        self.pane.models_wanted.connect(self.show_models)
        self.pane.panel_toggled.connect(self._fold)
        watcher.setParent(self)  # and ends with it
        watcher.theme_changed.connect(self._wear)
        look = Look(self.settings, watcher, self)
        look.follow_wheel(self.pane.transcript.viewport())
        self.pane.privacy_fact.clicked.connect(self.show_privacy)
        self.desk.page.closed.connect(self.show_chat)
        self.desk.files_given.connect(self._take_given)
        self.settings.changed.connect(self._take_setting)
        QShortcut(QKeySequence(QKeySequence.StandardKey.Quit), self, self.close)

    def _connect_sidebar(self) -> None:
        presenter, sidebar = self._sidebar_presenter, self.sidebar
        presenter.preset_of_new_chats = lambda: self.settings.text("new_chat_preset")
        self._threads.generation.noticed.connect(presenter.take)
        self._threads.history.noticed.connect(presenter.take_history)
        presenter.title_changed.connect(self._show_title)
        presenter.chat_chosen.connect(self._leave_sidebar)
        presenter.shown_wanted.connect(self._chat.reveal_sidebar)
        sidebar.head.fold_wanted.connect(self._chat.toggle_sidebar)
        self.desk.connect_menus(sidebar.head, sidebar.footer)
        self.desk.house.settings_opening.connect(self._keep_columns)
        self.desk.tray.new_chat_wanted.connect(self.desk.come_forward)
        self.desk.tray.new_chat_wanted.connect(presenter.new_chat)
        sidebar.footer.models_wanted.connect(self.show_models)
        sidebar.footer.devices_wanted.connect(self.show_devices)
        sidebar.footer.privacy_wanted.connect(self.show_privacy)
        self.pane.sidebar_button.clicked.connect(self._chat.toggle_sidebar)
        self._chat.sidebar_shown.connect(self._sidebar_moved)
        self._chat.panel_shown.connect(self.pane.show_panel_on)
        self._chat.uncovered.connect(self.pane.composer.setFocus)
        self._chat.want(
            sidebar=self.settings.switch("show_sidebar"),
            panel=self.settings.switch("show_settings_panel"),
        )
        for shortcut, do in (
            ("new_chat", presenter.new_chat),
            ("new_temporary_chat", presenter.new_temporary_chat),
            ("search", self.show_search),
            ("next_chat", lambda: presenter.go(1)),
            ("previous_chat", lambda: presenter.go(-1)),
            ("rename_chat", presenter.rename),
            ("delete_chat", presenter.delete),
            ("sidebar", self._chat.toggle_sidebar),
            ("privacy", self.show_privacy),
        ):
            bind(shortcut, self, do)

    @Slot(str)
    def _show_title(self, title: str) -> None:
        self.setWindowTitle(tr("{title} — Cellar", title=title))

    @Slot()
    def _leave_sidebar(self) -> None:
        self._chat.cover_no_more()
        self.show_chat()

    @Slot(bool)
    def _sidebar_moved(self, shown: bool) -> None:
        self.pane.sidebar_button.setVisible(not shown)

    @Slot(object)
    def _wear(self, theme: Theme) -> None:
        icons = IconSet(theme.icons, theme)
        self._take_icon(icons)
        self.pane.set_theme(theme, icons)
        self.sidebar.set_theme(theme, icons)
        self.panel.set_theme(theme, icons)
        self.models_page.set_theme(theme, icons)
        self.devices_page.set_theme(theme, icons)
        self.desk.set_theme(theme, icons)
        self._spelling.set_theme(theme)

    def _add_adapter(self, path: Path) -> None:
        self.show_chat()
        self.pane.panel_button.setChecked(True)
        self.panel.ensureWidgetVisible(self.panel.adapters)
        self._adapter_presenter.add(path)

    def _take_icon(self, icons: IconSet) -> None:
        self.setWindowIcon(icons.app_icon())
        self.desk.tray.set_icon(icons.app_icon())

    def _fold(self) -> None:
        self._chat.want(panel=self.pane.panel_button.isChecked())

    def _keep_columns(self) -> None:
        self.settings.choose("show_settings_panel", self._chat.panel_wanted)
        self.settings.choose("show_sidebar", self._chat.sidebar_wanted)

    @Slot(str, object)
    def _take_setting(self, name: str, value: SettingValue) -> None:
        if name == "show_settings_panel" and value is not self._chat.panel_wanted:
            self._chat.want(panel=value is True)
        elif name == "show_sidebar" and value is not self._chat.sidebar_wanted:
            self._chat.want(sidebar=value is True)

    @Slot(object)
    def _take_given(self, paths: Iterable[Path]) -> None:
        self.take_files(QUrl.fromLocalFile(str(path)) for path in paths)

    # QMainWindow

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if local_paths(event.mimeData().urls()):
            event.acceptProposedAction()
            self.pane.composer.invite(bool(sorted_out(event.mimeData().urls()).files))

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self.pane.composer.invite(False)

    def dropEvent(self, event: QDropEvent) -> None:
        urls = event.mimeData().urls()
        self.pane.composer.invite(False)
        if local_paths(urls):
            event.acceptProposedAction()
            self.take_files(urls)

    def closeEvent(self, event: QCloseEvent) -> None:
        self._keep_columns()
        self.settings.choose("window", place_of(self))
        self.shut_down()
        super().closeEvent(event)
