"""The first run on a new computer: pick the model that fits, get it, compress it, chat with it.

Real children, the real starter model as FP16 on a hub on this machine, a connection that is cut.
"""

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton, QToolButton
from pytestqt.qtbot import QtBot

from desktop.app import build
from desktop.domain.catalogue import Source, SourceKind
from desktop.domain.fit import Machine
from desktop.models.catalogue import read_catalogue
from desktop.models.library import Library
from desktop.paths import resources
from desktop.program import Program
from tests.hub.faults import Cut
from tests.hub.models import folder_files
from tests.hub.server import Hub

pytestmark = [pytest.mark.gui, pytest.mark.integration]

REPOSITORY = "cellar/starter-fp16-ov"
WEIGHTS = "openvino_model.bin"
GIB = 2**30
PATIENCE_MS = 120_000


@pytest.fixture
def hub(starter_fp16: Path) -> Iterator[Hub]:
    """A hub with the starter as FP16 IR, which cuts the connection three times."""
    with Hub() as made:
        made.publish(REPOSITORY, folder_files(starter_fp16))
        made.fail(REPOSITORY, WEIGHTS, Cut(20_000_000), Cut(40_000_000), Cut(1_000_000))
        yield made


@pytest.fixture
def one_model(monkeypatch: pytest.MonkeyPatch) -> None:
    """A catalogue of one model that fits any computer; and a computer of this size."""
    entries = read_catalogue(resources() / "catalogue")
    starter = next(entry for entry in entries if entry.starter)
    source = Source(SourceKind.OPENVINO_FP16, REPOSITORY, "fp16", checked=True)
    other = replace(starter, id="better", name="Better", starter=None, sources=(source,))
    monkeypatch.setattr(Program, "catalogue", (starter, other))
    machine = Machine(16 * GIB, 12 * GIB, 100 * GIB, ("CPU",), 20e9, 4)
    monkeypatch.setattr(Program, "machine", lambda _: machine)


@pytest.mark.usefixtures("one_model")
def test_pick_download_compress_and_chat_in_one_go(
    hub: Hub,
    starter_fp16: Path,
    qtbot: QtBot,
    data_dir_with_model: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(os.environ, "HF_ENDPOINT", hub.url)
    _, window = build(["--data-dir", str(data_dir_with_model)])
    qtbot.addWidget(window)
    page, pane = window.models_page, window.pane
    try:
        qtbot.waitUntil(lambda: page.recommendation.isVisibleTo(page), timeout=PATIENCE_MS)
        qtbot.mouseClick(window.findChild(QToolButton, "modelsButton"), Qt.MouseButton.LeftButton)
        get = next(b for b in page.recommendation.findChildren(QPushButton) if "Get" in b.text())
        qtbot.mouseClick(get, Qt.MouseButton.LeftButton)
        window.show_chat()
        use = "bannerAction_use:better-int4"
        qtbot.waitUntil(lambda: window.findChild(QPushButton, use) is not None, timeout=PATIENCE_MS)
        qtbot.mouseClick(window.findChild(QPushButton, use), Qt.MouseButton.LeftButton)
        qtbot.waitUntil(lambda: "Better · INT4 · CPU" in pane.status.text(), timeout=PATIENCE_MS)
        pane.composer.set_text("What is the capital of France?")
        qtbot.mouseClick(window.findChild(QPushButton, "sendButton"), Qt.MouseButton.LeftButton)
        stop = window.findChild(QPushButton, "stopButton")
        qtbot.waitUntil(stop.isVisible)
        qtbot.waitUntil(lambda: not stop.isVisible(), timeout=PATIENCE_MS)
        assert "Paris" in pane.transcript.toPlainText()
    finally:
        window.close()
    assert hub.sent[REPOSITORY, WEIGHTS] == (starter_fp16 / WEIGHTS).stat().st_size
    model = Library(data_dir_with_model / "models", data_dir_with_model / "none").get("better-int4")
    assert model.quality is not None
    assert 0 < model.quality.kl_divergence < 1
    assert model.uncompressed_size > 2 * model.size
