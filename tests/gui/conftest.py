"""The window's tests need no screen."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QLocale
from PySide6.QtGui import QCursor
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from desktop.app import build
from desktop.domain.words import Speech, speak
from desktop.engine.fake import FakeEngine, Script
from desktop.languages import LANGUAGE
from desktop.program import Program
from desktop.ui.i18n import use_language
from desktop.ui.icons import IconSet
from desktop.ui.service_thread import ServiceThread
from desktop.ui.theme import Theme, load_themes
from desktop.ui.transcript.view import TranscriptView
from tests.gui.desk import Desk, Open
from tests.gui.hand_fed import HandFed
from tests.gui.models_page_fakes import Visitor
from tests.gui.transcript_reader import Reader

RESOURCES = Path(__file__).parents[2] / "resources"


@pytest.fixture(autouse=True)
def no_thread_is_left(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Fails a test that ends while a service thread of its windows still runs."""
    started: list[ServiceThread] = []
    start = ServiceThread.start

    def noted_start(thread: ServiceThread) -> None:
        started.append(thread)
        start(thread)

    monkeypatch.setattr(ServiceThread, "start", noted_start)
    yield
    names = [thread.objectName() for thread in started if isValid(thread) and thread.isRunning()]
    assert not names, f"threads that still run: {names}"


@pytest.fixture
def english_after(qapp: QApplication) -> Iterator[None]:
    """Gives the tests that follow their language back."""
    before = QLocale()
    yield
    os.environ[LANGUAGE] = "en"  # as tests/conftest.py has it
    use_language(qapp, RESOURCES / "i18n", "en")
    speak(Speech())
    QLocale.setDefault(before)


@pytest.fixture(scope="session")
def themes() -> dict[str, Theme]:
    """The themes of the program, by name."""
    return load_themes(RESOURCES / "themes")


@pytest.fixture
def icons(themes: dict[str, Theme]) -> IconSet:
    """The program's icons in the light theme."""
    return IconSet(RESOURCES / "icons", themes["light"])


@pytest.fixture
def reader(qtbot: QtBot, themes: dict[str, Theme], icons: IconSet) -> Reader:
    """An empty transcript on screen, and who reads it."""
    view = TranscriptView(themes["light"], icons)
    qtbot.addWidget(view)
    view.setGeometry(300, 300, 800, 600)
    QCursor.setPos(0, 0)  # away from it: what is under the pointer looks otherwise
    view.show()
    qtbot.waitExposed(view)
    return Reader(view)


@pytest.fixture
def open_window(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Open]:
    """Open windows on one data directory, each with its script; closed at the end."""
    desks: list[Desk] = []

    def open_one(script: Script | None = None, data_dir: Path | None = None) -> Desk:
        engines: list[FakeEngine] = []

        def make_engine(_: Program) -> FakeEngine:
            engines.append(FakeEngine(script or Script(pause=0)))
            return engines[-1]

        monkeypatch.setattr(Program, "make_engine", make_engine)
        _, window = build(["--engine", "fake", "--data-dir", str(data_dir or tmp_path / "data")])
        qtbot.addWidget(window)
        desks.append(Desk(window, qtbot, engines))
        return desks[-1]

    yield open_one
    for desk in desks:
        desk.window.close()


@pytest.fixture
def models_page(qtbot: QtBot, themes: dict[str, Theme], icons: IconSet) -> Iterator[Visitor]:
    """The models page on screen, in English, and who uses it."""
    before = QLocale()
    QLocale.setDefault(QLocale("en_US"))
    visitor = Visitor(themes["light"], icons)
    qtbot.addWidget(visitor.page)
    qtbot.waitExposed(visitor.page)
    yield visitor
    QLocale.setDefault(before)


@pytest.fixture
def fed(qtbot: QtBot, themes: dict[str, Theme], tmp_path: Path) -> Iterator[HandFed]:
    """A window without services behind it."""
    made = HandFed(qtbot, themes, tmp_path / "settings.toml")
    yield made
    made.window.close()
