"""A whole window with a scripted engine behind it, and a person before it, for the tests."""

from collections.abc import Callable
from dataclasses import dataclass, field

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPlainTextEdit, QPushButton
from pytestqt.qtbot import QtBot

from desktop.engine import protocol
from desktop.engine.fake import FakeEngine, Script
from desktop.ui.main_window import MainWindow

PATIENCE_MS = 10_000
ENDLESS = Script(answers=("word " * 4000,), pause=0.002)


@dataclass
class Desk:
    """A window, and the hands and eyes of its user."""

    window: MainWindow
    qtbot: QtBot
    engines: list[FakeEngine] = field(default_factory=list)

    def child(self, kind: type, name: str) -> object:
        found = self.window.findChild(kind, name)
        assert found is not None, name
        return found

    @property
    def composer(self) -> QPlainTextEdit:
        return self.child(QPlainTextEdit, "composer")  # type: ignore[return-value]

    @property
    def shown(self) -> str:
        return self.window.pane.transcript.toPlainText()

    @property
    def status(self) -> str:
        return self.window.pane.status.text()

    @property
    def stopping(self) -> QPushButton:
        return self.child(QPushButton, "stopButton")  # type: ignore[return-value]

    def banners(self) -> list[str]:
        return [banner.text() for banner in self.window.pane.banners.banners()]

    def say(self, text: str) -> None:
        self.qtbot.keyClicks(self.composer, text)
        self.qtbot.keyClick(self.composer, Qt.Key.Key_Return)

    def click(self, kind: type, name: str) -> None:
        self.qtbot.mouseClick(self.child(kind, name), Qt.MouseButton.LeftButton)

    def until(self, so: Callable[[], bool]) -> None:
        self.qtbot.waitUntil(so, timeout=PATIENCE_MS)

    def until_answered(self) -> None:
        self.until(lambda: not self.stopping.isVisible())

    def generated(self) -> list[protocol.Generate]:
        sent = (command for engine in self.engines for command in engine.received)
        return [command for command in sent if isinstance(command, protocol.Generate)]


Open = Callable[..., Desk]
