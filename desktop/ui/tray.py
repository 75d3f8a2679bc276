"""The icon in the tray, and the word that a long answer is ready while one is elsewhere."""

import time

from PySide6.QtCore import QObject, QTimer, Signal, Slot
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication, QMenu, QSystemTrayIcon, QWidget

from desktop.domain.conversation import State
from desktop.services.chat import notices
from desktop.settings.table import SettingValue
from desktop.ui.i18n import tr
from desktop.ui.settings.settings_live import LiveSettings

TRAY, NOTIFY = "tray", "notify_when_done"
LONG_S = 15.0  # an answer that takes no longer is waited for
SHOWN_MS = 10_000


class Tray(QObject):
    """Lives in the window's thread. What it says holds nothing of a conversation."""

    new_chat_wanted = Signal()
    shown_wanted = Signal()

    def __init__(self, window: QWidget, settings: LiveSettings) -> None:
        super().__init__(window)
        self._window = window
        self._settings = settings
        self._began: float | None = None  # when the answer that is being written did
        self._elsewhere = False  # it is of a chat that is not in view
        self._menu = QMenu(window)
        self._menu.addAction(tr("Show Cellar"), self.shown_wanted.emit)
        self._menu.addAction(tr("New chat"), self.new_chat_wanted.emit)
        self._menu.addSeparator()
        self._menu.addAction(tr("Quit"), window.close)
        self.icon = QSystemTrayIcon(self)
        self.icon.setToolTip("Cellar")
        self.icon.setContextMenu(self._menu)
        self.icon.activated.connect(self._activated)
        self.icon.messageClicked.connect(self.shown_wanted)
        self._leave = QTimer(self, singleShot=True, interval=SHOWN_MS)
        self._leave.timeout.connect(self._show_if_wanted)
        settings.changed.connect(self._changed)

    def set_icon(self, icon: QIcon) -> None:
        """Take the icon; it shows itself from then on if it is wanted."""
        self.icon.setIcon(icon)
        self._show_if_wanted()

    @Slot(object)
    def take(self, notice: object) -> None:
        """Notice when answers begin and end."""
        match notice:
            case notices.MessageAdded(message=message) if message.state is State.WRITING:
                self._began = time.monotonic()
            case notices.AnswerEnded():
                self._end()
            case notices.AnswerElsewhere(chat_id):
                if self._elsewhere and not chat_id:
                    self._end()
                self._elsewhere = bool(chat_id)

    def _end(self) -> None:
        began, self._began = self._began, None
        long = began is not None and time.monotonic() - began >= LONG_S
        if long and self._settings.switch(NOTIFY) and not self._window.isActiveWindow():
            self._say(tr("The answer is ready."))

    def _say(self, text: str) -> None:
        QApplication.alert(self._window)
        if QSystemTrayIcon.isSystemTrayAvailable() and QSystemTrayIcon.supportsMessages():
            self.icon.setVisible(True)  # no icon, no message
            self.icon.showMessage("Cellar", text, self.icon.icon(), SHOWN_MS)
            self._leave.start()

    @Slot()
    def _show_if_wanted(self) -> None:
        if QSystemTrayIcon.isSystemTrayAvailable():
            self.icon.setVisible(self._settings.switch(TRAY))

    @Slot(str, object)
    def _changed(self, name: str, _: SettingValue) -> None:
        if name == TRAY:
            self._show_if_wanted()

    @Slot(object)
    def _activated(self, reason: QSystemTrayIcon.ActivationReason) -> None:
        if reason is not QSystemTrayIcon.ActivationReason.Context:
            self.shown_wanted.emit()
