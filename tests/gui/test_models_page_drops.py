"""Files and folders for the models page: dropped on it, or picked."""

from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QFileDialog, QLabel, QPushButton, QWidget

from desktop.services.shelf import commands
from desktop.ui.library.drops import import_paths
from tests.gui.models_page_fakes import Visitor, click


@pytest.fixture
def visitor(models_page: Visitor) -> Visitor:
    return models_page


@pytest.fixture
def gguf(tmp_path: Path) -> Path:
    path = tmp_path / "Model.Q4.GGUF"
    path.write_bytes(b"GGUF")
    return path


def dropped(paths: list[Path]) -> QMimeData:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    return data


def drag(target: QWidget, data: QMimeData) -> bool:
    """Drag over a widget and let go; False when it would not take it."""
    buttons, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    copying = Qt.DropAction.CopyAction
    entering = QDragEnterEvent(QPoint(50, 50), copying, data, buttons, keys)
    QApplication.sendEvent(target, entering)
    if not entering.isAccepted():
        return False
    dropping = QDropEvent(QPointF(50, 50), copying, data, buttons, keys, QEvent.Type.Drop)
    QApplication.sendEvent(target, dropping)
    return True


def test_files_and_folders_are_dropped(visitor: Visitor, gguf: Path) -> None:
    assert drag(visitor.page, dropped([gguf, gguf.parent]))
    assert visitor.asked == [commands.Examine(str(gguf))]  # one after the other
    veil = visitor.page.findChild(QLabel, "dropVeil")
    assert isinstance(veil, QLabel)
    assert not veil.isVisible()


def test_other_things_cannot_be_dropped(visitor: Visitor, tmp_path: Path) -> None:
    text = tmp_path / "notes.txt"
    text.write_text("no model")
    assert not drag(visitor.page, dropped([text, tmp_path / "missing.gguf"]))
    assert visitor.asked == []


def test_a_drop_on_the_search_field_is_a_drop_on_the_page(visitor: Visitor) -> None:
    assert not visitor.page.catalogue.search.acceptDrops()


def test_another_computer_is_not_looked_at(gguf: Path) -> None:
    here = QUrl.fromLocalFile(str(gguf))
    there = [QUrl("file://server/share/model.gguf"), QUrl("https://example.org/model.gguf")]
    assert import_paths([here, *there]) == (gguf,)


@pytest.mark.parametrize("button", ["addModelFile", "addModelFolder"])
def test_files_and_folders_are_picked_without_stopping_the_window(
    visitor: Visitor, gguf: Path, button: str
) -> None:
    pressed = visitor.page.findChild(QPushButton, button)
    assert isinstance(pressed, QPushButton)
    click(pressed)  # returns at once
    dialog = visitor.page.findChild(QFileDialog)
    assert isinstance(dialog, QFileDialog)
    assert dialog.isVisible()
    dialog.fileSelected.emit(str(gguf))
    dialog.close()
    assert visitor.asked == [commands.Examine(str(gguf))]


def test_in_a_narrow_page_the_buttons_lose_their_words_but_not_their_names(
    visitor: Visitor,
) -> None:
    visitor.page.resize(420, 420)
    head = visitor.page.head
    assert head.add_file.text() == ""
    assert head.add_file.accessibleName() == "Add a file…"
    visitor.page.resize(1000, 700)
    assert head.add_file.text() == "Add a file…"
