"""A window for a picture: what is in it, how it is driven, how it is taken."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from pictures.png import write_png
from probe import Probe
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QWidget

from desktop.domain.chats import Whole
from desktop.domain.conversation import Conversation, Message, Role
from desktop.engine.fake import FakeEngine, Script
from desktop.paths import Paths
from desktop.program import Program
from desktop.storage import saving
from desktop.storage.opening import open_store
from desktop.ui.theme import ThemeWatcher

VEIL, EDGE = QColor(0, 0, 0, 60), QColor(0, 0, 0, 90)  # behind a dialog, and around it
SETTLED_S = 0.3  # the engine counts once more after an answer
SIZE = (1040, 720)
TITLES = (  # and days ago
    ("Why foxes bark at night", 0),
    ("A birthday poem for Ines", 0),
    ("Regular expression for dates", 1),
    ("Packing list, five days in Porto", 1),
    ("Compare two sorting algorithms", 3),
    ("Letter to the landlord", 5),
    ("Sourdough that does not rise", 12),
    ("Explain the halting problem", 20),
)
PINNED = 6  # of them


@dataclass
class Stage:
    """A window, and where its pictures go."""

    probe: Probe
    output: Path

    def take(self, name: str, over: QWidget | None = None) -> None:
        """Write the window as it is now, with what has opened over it."""
        self.settle()
        picture = self.probe.window.grab()
        if over is not None:
            ratio = picture.devicePixelRatio()
            painter = QPainter(picture)
            place = self.probe.window.mapFromGlobal(over.pos())
            if over.windowType() is Qt.WindowType.Dialog:  # as a desktop shows one
                painter.fillRect(self.probe.window.rect(), VEIL)
                place = self.probe.window.rect().center() - over.rect().center()
                painter.fillRect(over.rect().translated(place).adjusted(-1, -1, 1, 1), EDGE)
            painter.drawPixmap(place, over.grab())
            painter.end()
            picture.setDevicePixelRatio(ratio)
        write_png(picture.toImage(), self.output / f"{name}.png")

    def settle(self, seconds: float = SETTLED_S) -> None:
        """Let everything come to rest."""
        began = time.monotonic()
        self.probe.wait(lambda: time.monotonic() - began > seconds)

    def ask(self, question: str) -> None:
        """Say something and wait for the whole answer."""
        items = self.probe.window.pane.transcript._scene.column.items
        count = len(items)
        self.probe.say(question)
        self.probe.wait(
            lambda: len(self.probe.window.pane.transcript._scene.column.items) == count + 2
        )
        self.probe.wait(lambda: not self.probe.busy)

    def wear(self, theme: str) -> None:
        """Put another theme on."""
        self.watcher.choose(theme)

    @property
    def watcher(self) -> ThemeWatcher:
        """What the window wears."""
        found = self.probe.window.findChild(ThemeWatcher)
        assert isinstance(found, ThemeWatcher)
        return found

    def close(self) -> None:
        """Close the window as a user does."""
        self.probe.close()


Picture = Callable[[Path, Path], None]  # of a data directory, into a folder


def opened(
    data_dir: Path,
    output: Path,
    script: Script | None = None,
    size: tuple[int, int] = SIZE,
    titles: Sequence[tuple[str, int]] = TITLES,
    **settings: object,
) -> Stage:
    """A window with a scripted engine, some older chats, and no line about better models."""
    seed(data_dir, titles)
    write_settings(data_dir, **settings)
    Program.make_engine = lambda _: FakeEngine(script or Script(pause=0))  # type: ignore[method-assign]
    probe = Probe(["--data-dir", str(data_dir), "--engine", "fake"])
    probe.window.resize(*size)
    probe.wait(lambda: probe.ready)
    probe.wait(lambda: bool(probe.window.pane.banners.banners()))
    probe.window.pane.banners.clear()
    if titles:
        probe.window._sidebar_presenter.new_chat()
        probe.wait(lambda: not probe.shown)
    return Stage(probe, output)


def write_settings(data_dir: Path, **settings: object) -> None:
    """What was chosen before."""
    lines = (f'{name} = "{value}"' for name, value in settings.items() if isinstance(value, str))
    numbers = (f"{name} = {value}" for name, value in settings.items() if isinstance(value, int))
    if settings:
        path = Paths.of(data_dir).settings
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("\n".join([*lines, *numbers]) + "\n", "utf-8")


def seed(data_dir: Path, titles: Sequence[tuple[str, int]]) -> None:
    """Chats of some days."""
    if not titles:
        return
    store, problems = open_store(Paths.of(data_dir))
    assert not problems
    now = datetime.now(UTC)
    with store._database.writing("seed") as connection:
        for number, (title, days) in enumerate(titles):
            moment = (now - timedelta(days=days, minutes=number)).isoformat(timespec="milliseconds")
            message = Message(Role.USER, title, created_at=moment)
            chat = Conversation(title=title, messages=(message,))
            pinned = number == PINNED
            whole = Whole(chat, message.id, {}, moment, moment, pinned=pinned)
            saving.insert_whole(connection, whole)
    store.close()
