"""A whole window without services: a test tells it what they would, and reads what it asks."""

import queue
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from desktop.domain.chats import Summary
from desktop.domain.conversation import Conversation
from desktop.services.chat import notices
from desktop.services.history import notices as history_notices
from desktop.settings.store import SettingsStore
from desktop.ui.adapters_thread import AdaptersThread
from desktop.ui.attaching_thread import AttachingThread
from desktop.ui.devices.thread import DevicesThread
from desktop.ui.generation_thread import GenerationThread
from desktop.ui.history_thread import HistoryThread
from desktop.ui.house_thread import HouseThread
from desktop.ui.main_window import MainWindow
from desktop.ui.shelf_thread import ShelfThread
from desktop.ui.sidebar.sidebar import Sidebar
from desktop.ui.sidebar_presenter import SidebarPresenter
from desktop.ui.spelling_thread import SpellingThread
from desktop.ui.theme import Theme, ThemeWatcher
from desktop.ui.threads import Threads

NOON = datetime.now(UTC).astimezone().replace(hour=12, minute=0, second=0, microsecond=0)


class Ear:
    """A service that does nothing but remember what it was asked."""

    def __init__(self) -> None:
        self.asked: list[object] = []
        self._inbox: queue.SimpleQueue[object] = queue.SimpleQueue()

    def post(self, command: object) -> None:
        self.asked.append(command)
        self._inbox.put(command)

    def run(self) -> None:
        while type(self._inbox.get()).__name__ != "Quit":
            pass


class HandFed:
    """The window, and both ends of it."""

    def __init__(self, qtbot: QtBot, themes: dict[str, Theme], settings: Path) -> None:
        self.qtbot = qtbot
        self.chat, self.history, self._other = Ear(), Ear(), Ear()
        self.house, self.shelf = Ear(), Ear()
        threads = Threads(
            GenerationThread(lambda _: self.chat),  # type: ignore[arg-type,return-value]
            ShelfThread(lambda _: self.shelf),  # type: ignore[arg-type,return-value]
            DevicesThread(lambda _: self._other),  # type: ignore[arg-type,return-value]
            HistoryThread(lambda _: self.history),  # type: ignore[arg-type,return-value]
            AdaptersThread(lambda _: self._other),  # type: ignore[arg-type,return-value]
            AttachingThread(lambda _: self._other),  # type: ignore[arg-type,return-value]
            HouseThread(lambda _: self.house),  # type: ignore[arg-type,return-value]
            SpellingThread(lambda _: self._other),  # type: ignore[arg-type,return-value]
        )
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        self.watcher = ThemeWatcher(app, themes, "light")
        self.settings = SettingsStore(settings)
        self.window = MainWindow(threads, self.settings, self.watcher)
        self.threads = threads
        qtbot.addWidget(self.window)
        self.window.show()
        qtbot.waitExposed(self.window)
        self.window.activateWindow()
        self.chat.asked.clear()
        self.history.asked.clear()

    @property
    def sidebar(self) -> Sidebar:
        return self.window.sidebar

    @property
    def presenter(self) -> SidebarPresenter:
        return self.window._sidebar_presenter

    def tell(self, *told: object) -> None:
        """As the chat service would."""
        for notice in told:
            self.threads.generation.noticed.emit(notice)

    def tell_history(self, *told: object) -> None:
        """As the service of all conversations would."""
        for notice in told:
            self.threads.history.noticed.emit(notice)

    def opened(self, chat: Summary, *, temporary: bool = False) -> None:
        shown = Conversation(id=chat.id, title=chat.title)
        self.tell(notices.Opened(shown, temporary=temporary))

    def rows(self) -> list[str]:
        """What the list shows from top to bottom, headings too."""
        model = self.sidebar.list.model()
        return [str(model.index(row, 0).data()) for row in range(model.rowCount())]

    def click_row(self, text: str, *, menu: bool = False) -> None:
        view = self.sidebar.list
        rect = view.visualRect(view.model().index(self.rows().index(text), 0))
        place = QPoint(rect.right() - 24, rect.center().y()) if menu else rect.center()
        self.qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place)

    def press(self, widget: QWidget, key: Qt.Key, modifiers: int = 0) -> None:
        widget.setFocus()
        self.qtbot.keyClick(widget, key, Qt.KeyboardModifier(modifiers))

    def banners(self) -> list[str]:
        return [banner.text() for banner in self.sidebar.banners.banners()]

    def until(self, so: Callable[[], bool]) -> None:
        self.qtbot.waitUntil(so, timeout=5000)


def chat(title: str, hours: float = 0, **more: object) -> Summary:
    """A row, written to so many hours before noon of today."""
    moment = (NOON - timedelta(hours=hours)).astimezone(UTC).isoformat(timespec="milliseconds")
    made = Summary(id=f"id of {title}", title=title, updated_at=moment)
    return replace(made, **more)  # type: ignore[arg-type]


def listed(*chats: Summary, archived: bool = False) -> notices.ChatsListed:
    """The list as the store orders it."""
    newest_first = sorted(chats, key=lambda each: each.updated_at, reverse=True)
    return notices.ChatsListed(
        tuple(sorted(newest_first, key=lambda each: not each.pinned)), archived
    )


def found(text: str, hits: Sequence[object]) -> history_notices.Found:
    return history_notices.Found(text, tuple(hits))  # type: ignore[arg-type]
