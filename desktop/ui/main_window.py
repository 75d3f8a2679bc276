"""The window: columns, their folding, its place on the screen, its end."""

import base64
import logging

from PySide6.QtCore import QByteArray, QSize, Slot
from PySide6.QtGui import (
    QCloseEvent,
    QDragEnterEvent,
    QDropEvent,
    QKeySequence,
    QResizeEvent,
    QShortcut,
)
from PySide6.QtWidgets import QHBoxLayout, QMainWindow, QStackedWidget, QWidget

from desktop.domain.errors import Problem
from desktop.settings.store import SettingsStore
from desktop.ui.chat_pane import ChatPane
from desktop.ui.chat_presenter import ChatPresenter
from desktop.ui.generation_thread import GenerationThread
from desktop.ui.icons import IconSet
from desktop.ui.library.drops import import_paths
from desktop.ui.library.models_page import ModelsPage
from desktop.ui.settings.sampling_panel import SamplingPanel
from desktop.ui.shelf_presenter import ShelfPresenter
from desktop.ui.shelf_thread import ShelfThread
from desktop.ui.theme import Theme, ThemeWatcher

log = logging.getLogger(__name__)

FIRST_SIZE = QSize(1120, 760)
SMALLEST = QSize(420, 420)
PANEL_WIDTH = 312
ROOM_FOR_PANEL = 820  # pixels; a narrower window folds the panel away


class MainWindow(QMainWindow):
    """Owns the threads behind it; closing the window ends them."""

    def __init__(
        self,
        generation: GenerationThread,
        shelf: ShelfThread,
        settings: SettingsStore,
        watcher: ThemeWatcher,
    ) -> None:
        super().__init__()
        self._threads = (generation, shelf)
        self._settings = settings
        self.setObjectName("mainWindow")
        self.setWindowTitle("Cellar")
        self.setMinimumSize(SMALLEST)
        self.setAcceptDrops(True)
        icons = IconSet(watcher.theme.icons, watcher.theme)
        self.pane = ChatPane(watcher.theme, icons)
        self.panel = SamplingPanel()
        self.models_page = ModelsPage(watcher.theme, icons)
        self._chat = self._columns()
        self._pages = QStackedWidget()
        self._pages.addWidget(self._chat)
        self._pages.addWidget(self.models_page)
        self.setCentralWidget(self._pages)
        self._presenter = ChatPresenter(self.pane, self.panel, generation.post, self)
        self._shelf_presenter = ShelfPresenter(
            self.models_page, self.pane, shelf.post, generation.post, self
        )
        self._connect(generation, shelf, watcher)
        self.setWindowIcon(icons.app_icon())
        self.panel.set_theme(watcher.theme, icons)
        self._take_place()
        self.pane.composer.setFocus()

    def show_chat(self) -> None:
        """Go to the conversation."""
        self._pages.setCurrentWidget(self._chat)
        self.pane.composer.setFocus()

    def show_models(self) -> None:
        """Go to the models page."""
        self._pages.setCurrentWidget(self.models_page)
        self.models_page.setFocus()

    def shut_down(self) -> None:
        """Keep everything and end the threads; harmless when that is done already."""
        self._presenter.flush()
        for thread in self._threads:
            if thread.isRunning() and not thread.finish():
                log.error("the thread of %s did not end in time", thread.objectName())

    def _connect(
        self, generation: GenerationThread, shelf: ShelfThread, watcher: ThemeWatcher
    ) -> None:
        for thread in self._threads:
            thread.setParent(self)
        generation.noticed.connect(self._presenter.take)
        shelf.noticed.connect(self._shelf_presenter.take)
        self._presenter.model_used.connect(self.models_page.set_current_model)
        self._shelf_presenter.page_wanted.connect(self.show_models)
        self._shelf_presenter.chat_wanted.connect(self.show_chat)
        self.pane.models_wanted.connect(self.show_models)
        self.pane.panel_button.setChecked(self._settings.switch("show_settings_panel"))
        self.pane.panel_toggled.connect(self._fold)
        watcher.theme_changed.connect(self._wear)
        QShortcut(QKeySequence(QKeySequence.StandardKey.Quit), self, self.close)

    @Slot(object)
    def _wear(self, theme: Theme) -> None:
        icons = IconSet(theme.icons, theme)
        self.setWindowIcon(icons.app_icon())
        self.pane.set_theme(theme, icons)
        self.panel.set_theme(theme, icons)
        self.models_page.set_theme(theme, icons)

    def _columns(self) -> QWidget:
        columns = QWidget()
        row = QHBoxLayout(columns)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        self.panel.setFixedWidth(PANEL_WIDTH)
        row.addWidget(self.pane, 1)
        row.addWidget(self.panel)
        return columns

    def _fold(self) -> None:
        wanted = self.pane.panel_button.isChecked()
        self.panel.setVisible(wanted and self.width() >= ROOM_FOR_PANEL)

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
        except Problem as problem:
            log.info("the window's place was not kept: %s", problem)

    # QMainWindow

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fold()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if import_paths(event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        if self.models_page.import_paths(event.mimeData().urls()):
            event.acceptProposedAction()
            self.show_models()

    def closeEvent(self, event: QCloseEvent) -> None:
        self._remember_place()
        self.shut_down()
        super().closeEvent(event)
