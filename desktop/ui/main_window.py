"""The window: columns, their folding, its place on the screen, its end."""

import base64
import logging
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QByteArray, QSize, Slot
from PySide6.QtGui import (
    QCloseEvent,
    QDragEnterEvent,
    QDropEvent,
    QKeySequence,
    QShortcut,
)
from PySide6.QtWidgets import QMainWindow, QStackedWidget

from desktop.domain.errors import Problem
from desktop.services.chat.commands import ChatCommand
from desktop.settings.store import SettingsStore
from desktop.ui.adapters_thread import AdaptersThread
from desktop.ui.chat_pane import ChatPane
from desktop.ui.chat_presenter import ChatPresenter
from desktop.ui.devices.page import DevicesPage
from desktop.ui.devices.presenter import DevicesPresenter
from desktop.ui.devices.thread import DevicesThread
from desktop.ui.dialogs.shortcuts_dialog import ShortcutsDialog
from desktop.ui.find_presenter import FindPresenter
from desktop.ui.generation_thread import GenerationThread
from desktop.ui.history_thread import HistoryThread
from desktop.ui.i18n import tr
from desktop.ui.icons import IconSet
from desktop.ui.library.drops import import_paths
from desktop.ui.library.models_page import ModelsPage
from desktop.ui.service_thread import ServiceThread
from desktop.ui.settings.adapter_presenter import AdapterPresenter
from desktop.ui.settings.adapter_section import adapter_paths
from desktop.ui.settings.layout_presenter import LayoutPresenter
from desktop.ui.settings.preset_presenter import PresetPresenter
from desktop.ui.settings.sampling_panel import SamplingPanel
from desktop.ui.shelf_presenter import ShelfPresenter
from desktop.ui.shelf_thread import ShelfThread
from desktop.ui.shortcuts import bind
from desktop.ui.sidebar.columns import Columns
from desktop.ui.sidebar.files import chat_paths
from desktop.ui.sidebar.sidebar import Sidebar
from desktop.ui.sidebar_presenter import SidebarPresenter
from desktop.ui.theme import Theme, ThemeWatcher
from desktop.ui.weights_presenter import WeightsPresenter

log = logging.getLogger(__name__)

FIRST_SIZE = QSize(1280, 800)
SMALLEST = QSize(420, 420)
PANEL_WIDTH = 312


@dataclass(frozen=True)
class Threads:
    """The threads behind the window."""

    generation: GenerationThread
    shelf: ShelfThread
    devices: DevicesThread
    history: HistoryThread
    adapters: AdaptersThread

    @property
    def all(self) -> tuple[ServiceThread, ...]:
        """In the order in which they are ended: the one that all others serve comes first."""
        return (self.generation, self.shelf, self.devices, self.history, self.adapters)


class MainWindow(QMainWindow):
    """Owns the threads behind it; closing the window ends them."""

    def __init__(
        self,
        threads: Threads,
        settings: SettingsStore,
        watcher: ThemeWatcher,
    ) -> None:
        super().__init__()
        self._threads = threads
        self._settings = settings
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
        self.panel.setFixedWidth(PANEL_WIDTH)
        self._chat = Columns(self.sidebar, self.pane, self.panel)
        self._pages = QStackedWidget()
        self._pages.addWidget(self._chat)
        self._pages.addWidget(self.models_page)
        self._pages.addWidget(self.devices_page)
        self.setCentralWidget(self._pages)
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
            self.devices_page, settings, threads.devices.post, post_chat, self
        )
        self._sidebar_presenter = SidebarPresenter(
            self.sidebar, self._post_settled, threads.history.post, self
        )
        self._connect(watcher)
        self._connect_sidebar()
        self.setWindowIcon(icons.app_icon())
        self.panel.set_theme(watcher.theme, icons)
        self._take_place()
        self.pane.composer.setFocus()

    def _present_choices(self) -> None:
        """What a chat is held with, beside the sampling values."""
        post, settle = self._threads.generation.post, self._presenter.flush
        self._preset_presenter = PresetPresenter(self.panel, settle, post, self)
        self._layout_presenter = LayoutPresenter(self.panel.layout_row, settle, post, self)
        self._weights_presenter = WeightsPresenter(
            self.pane.weights_switch, self._settings, post, self
        )

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

    def show_search(self) -> None:
        """Go to the search field."""
        self._pages.setCurrentWidget(self._chat)
        self._chat.reveal_sidebar()
        self.sidebar.search.setFocus()
        self.sidebar.search.selectAll()

    def show_shortcuts(self) -> None:
        """Open the list of all shortcuts."""
        ShortcutsDialog(self).open()

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
        self._threads.shelf.noticed.connect(self._shelf_presenter.take)
        self._threads.devices.noticed.connect(self._devices_presenter.take)
        self._devices_presenter.chat_wanted.connect(self.show_chat)
        self.pane.devices_wanted.connect(self.show_devices)
        self._presenter.model_used.connect(self.models_page.set_current_model)
        self._shelf_presenter.page_wanted.connect(self.show_models)
        self._shelf_presenter.chat_wanted.connect(self.show_chat)
        self.pane.models_wanted.connect(self.show_models)
        self.pane.panel_button.setChecked(self._settings.switch("show_settings_panel"))
        self.pane.panel_toggled.connect(self._fold)
        watcher.setParent(self)  # and ends with it
        watcher.theme_changed.connect(self._wear)
        QShortcut(QKeySequence(QKeySequence.StandardKey.Quit), self, self.close)

    def _connect_sidebar(self) -> None:
        presenter, sidebar = self._sidebar_presenter, self.sidebar
        self._threads.generation.noticed.connect(presenter.take)
        self._threads.history.noticed.connect(presenter.take_history)
        presenter.title_changed.connect(self._show_title)
        presenter.chat_chosen.connect(self._leave_sidebar)
        presenter.shown_wanted.connect(self._chat.reveal_sidebar)
        sidebar.head.fold_wanted.connect(self._chat.toggle_sidebar)
        sidebar.head.shortcuts_wanted.connect(self.show_shortcuts)
        sidebar.footer.models_wanted.connect(self.show_models)
        sidebar.footer.devices_wanted.connect(self.show_devices)
        self.pane.sidebar_button.clicked.connect(self._chat.toggle_sidebar)
        self._chat.sidebar_shown.connect(self._sidebar_moved)
        self._chat.want(sidebar=self._settings.switch("show_sidebar"))
        for shortcut, do in (
            ("new_chat", presenter.new_chat),
            ("new_temporary_chat", presenter.new_temporary_chat),
            ("search", self.show_search),
            ("next_chat", lambda: presenter.go(1)),
            ("previous_chat", lambda: presenter.go(-1)),
            ("rename_chat", presenter.rename),
            ("delete_chat", presenter.delete),
            ("sidebar", self._chat.toggle_sidebar),
            ("shortcuts", self.show_shortcuts),
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
        self.setWindowIcon(icons.app_icon())
        self.pane.set_theme(theme, icons)
        self.sidebar.set_theme(theme, icons)
        self.panel.set_theme(theme, icons)
        self.models_page.set_theme(theme, icons)
        self.devices_page.set_theme(theme, icons)

    def _add_adapter(self, path: Path) -> None:
        self.show_chat()
        self.pane.panel_button.setChecked(True)
        self.panel.ensureWidgetVisible(self.panel.adapters)
        self._adapter_presenter.add(path)

    def _fold(self) -> None:
        self._chat.want(panel=self.pane.panel_button.isChecked())

    def _take_place(self) -> None:
        self.resize(FIRST_SIZE)
        place = self._settings.text("window")
        if place:
            self.restoreGeometry(QByteArray(base64.b64decode(place.encode("ascii", "ignore"))))

    def _remember_place(self) -> None:
        place = base64.b64encode(self.saveGeometry().data()).decode("ascii")
        try:
            self._settings.set("window", place)
            self._settings.set("show_settings_panel", self.pane.panel_button.isChecked())
            self._settings.set("show_sidebar", self._chat.sidebar_wanted)
        except Problem as problem:
            log.info("the window's place was not kept: %s", problem)

    # QMainWindow

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        urls = event.mimeData().urls()
        if import_paths(urls) or chat_paths(urls) or adapter_paths(urls):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        urls = event.mimeData().urls()
        if adapters := adapter_paths(urls):
            event.acceptProposedAction()
            self._add_adapter(adapters[0])
            return
        chats = chat_paths(urls)
        if chats:
            event.acceptProposedAction()
            self._sidebar_presenter.import_files(chats)
        if self.models_page.import_paths(urls):
            event.acceptProposedAction()
            self.show_models()

    def closeEvent(self, event: QCloseEvent) -> None:
        self._remember_place()
        self.shut_down()
        super().closeEvent(event)
