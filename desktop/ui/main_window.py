"""The window: columns, their folding, its place on the screen, its end."""

import base64
import logging

from PySide6.QtCore import QByteArray, QSize, Slot
from PySide6.QtGui import QCloseEvent, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QMainWindow, QWidget

from desktop.domain.errors import Problem
from desktop.settings.store import SettingsStore
from desktop.ui.chat_pane import ChatPane
from desktop.ui.chat_presenter import ChatPresenter
from desktop.ui.generation_thread import GenerationThread
from desktop.ui.icons import IconSet
from desktop.ui.settings.sampling_panel import SamplingPanel
from desktop.ui.theme import Theme, ThemeWatcher

log = logging.getLogger(__name__)

FIRST_SIZE = QSize(1120, 760)
SMALLEST = QSize(420, 420)
PANEL_WIDTH = 312
ROOM_FOR_PANEL = 820  # pixels; a narrower window folds the panel away


class MainWindow(QMainWindow):
    """Owns the generation thread; closing the window ends it."""

    def __init__(
        self,
        thread: GenerationThread,
        settings: SettingsStore,
        watcher: ThemeWatcher,
    ) -> None:
        super().__init__()
        self._thread = thread
        self._settings = settings
        self.setObjectName("mainWindow")
        self.setWindowTitle("Cellar")
        self.setMinimumSize(SMALLEST)
        theme = watcher.theme
        self.pane = ChatPane(theme, IconSet(theme.icons, theme))
        self.panel = SamplingPanel()
        self._presenter = ChatPresenter(self.pane, self.panel, thread.post, self)
        self.setCentralWidget(self._columns())
        self.pane.panel_button.setChecked(settings.switch("show_settings_panel"))
        self.pane.panel_toggled.connect(self._fold)
        thread.setParent(self)
        thread.noticed.connect(self._presenter.take)
        watcher.theme_changed.connect(self._wear)
        self._wear(watcher.theme)
        QShortcut(QKeySequence(QKeySequence.StandardKey.Quit), self, self.close)
        self._take_place()
        self.pane.composer.setFocus()

    def shut_down(self) -> None:
        """Keep everything and end the thread; harmless when that is done already."""
        if not self._thread.isRunning():
            return
        self._presenter.flush()
        if not self._thread.finish():
            log.error("the generation thread did not end in time")

    @Slot(object)
    def _wear(self, theme: Theme) -> None:
        icons = IconSet(theme.icons, theme)
        self.setWindowIcon(icons.app_icon())
        self.pane.set_theme(theme, icons)
        self.panel.set_theme(theme, icons)

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

    def closeEvent(self, event: QCloseEvent) -> None:
        self._remember_place()
        self.shut_down()
        super().closeEvent(event)
