"""Adding from the hub through the window: a hub on this machine, real children, a real model."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from desktop.app import build
from desktop.domain.fit import Machine
from desktop.domain.model import Model
from desktop.program import Program
from desktop.ui.library.add_panel import AddPanel
from desktop.ui.main_window import MainWindow
from tests.gui.models_page_fakes import click, shown_texts
from tests.hub.models import STARTER, safetensors_files, starter_files
from tests.hub.server import Hub

pytestmark = [pytest.mark.gui, pytest.mark.integration]

PATIENCE_MS = 60_000
GIB = 2**30
CHECKPOINT = "someone/smollm2-in-pytorch"
GATED = "someone/smollm2-behind-a-gate"

OpenWindow = Callable[..., MainWindow]


@pytest.fixture
def hub() -> Iterator[Hub]:
    with Hub() as made:
        made.publish(STARTER, starter_files())
        made.publish(CHECKPOINT, safetensors_files())
        made.publish(GATED, safetensors_files(), gated=True)
        yield made


@pytest.fixture
def window(
    hub: Hub, qtbot: QtBot, data_dir_with_model: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[OpenWindow]:
    monkeypatch.setitem(os.environ, "HF_ENDPOINT", hub.url)
    machine = Machine(16 * GIB, 12 * GIB, 100 * GIB, ("CPU",), 20e9, 4)
    monkeypatch.setattr(Program, "machine", lambda _: machine)
    opened = []

    def open_window(*options: str) -> MainWindow:
        _, made = build(["--data-dir", str(data_dir_with_model), *options])
        qtbot.addWidget(made)
        opened.append(made)
        made.show_models()
        page = made.models_page
        qtbot.waitUntil(lambda: bool(page.installed.rows()), timeout=PATIENCE_MS)
        click(made.findChild(QPushButton, "addFromHub"))
        return made

    yield open_window
    for each in opened:
        each.close()


def ask(panel: AddPanel, text: str) -> None:
    panel.field.clear()
    QTest.keyClicks(panel.field, text)
    click(panel.go)


def installed(window: MainWindow) -> list[Model]:
    return [row.model for row in window.models_page.installed.rows()]


def test_a_model_is_found_checked_and_added(window: OpenWindow, hub: Hub, qtbot: QtBot) -> None:
    main = window()
    panel = main.models_page.adding
    qtbot.wait(50)
    assert hub.requests == []
    ask(panel, "smollm2")
    qtbot.waitUntil(lambda: bool(panel.found.rows()), timeout=PATIENCE_MS)
    rows = {row.found.repository: row for row in panel.found.rows()}
    assert set(rows) == {STARTER, CHECKPOINT, GATED}
    click(rows[STARTER].look)
    qtbot.waitUntil(panel.check.isVisible, timeout=PATIENCE_MS)
    texts = shown_texts(panel.check)
    assert STARTER in texts
    assert "98.4 MB" in texts
    assert panel.check.add.text() == "Add INT4"
    assert not hub.sent  # not a byte of a file, before one wants it
    click(panel.check.add)
    page = main.models_page
    qtbot.waitUntil(page.jobs.isVisible, timeout=PATIENCE_MS)
    qtbot.waitUntil(lambda: len(installed(main)) == 2, timeout=PATIENCE_MS)
    added = next(model for model in installed(main) if model.entry == f"hf:{STARTER}")
    assert (added.weights, added.source) == ("int4", f"https://huggingface.co/{STARTER}")
    assert not page.jobs.isVisible()


def test_of_a_checkpoint_only_the_settings_are_read_before_it_is_wanted(
    window: OpenWindow, hub: Hub, qtbot: QtBot
) -> None:
    panel = window().models_page.adding
    ask(panel, CHECKPOINT)
    qtbot.waitUntil(panel.check.isVisible, timeout=PATIENCE_MS)
    texts = shown_texts(panel.check)
    assert "PyTorch checkpoint" in texts
    assert "llama" in texts
    assert [row.choice.weights for row in panel.check.rows] == ["int4", "int8", "fp16"]
    assert not hub.asked("model.safetensors")


def test_what_the_hub_does_not_have_is_said_in_place(window: OpenWindow, qtbot: QtBot) -> None:
    panel = window().models_page.adding
    ask(panel, "someone/none")
    qtbot.waitUntil(panel.check.isVisible, timeout=PATIENCE_MS)
    assert any("knows no model someone/none" in text for text in shown_texts(panel.check))
    assert not panel.check.add.isVisible()


def test_offline_the_hub_is_never_asked(window: OpenWindow, hub: Hub) -> None:
    panel = window("--offline").models_page.adding
    assert not panel.field.isEnabled()
    assert any("--offline" in text for text in shown_texts(panel))
    QTest.keyClick(panel.field, Qt.Key.Key_Return)
    assert hub.requests == []
