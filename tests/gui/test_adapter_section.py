"""Adapters in the whole window: what is switched on there is what the model is loaded with."""

from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QCheckBox, QSlider, QToolButton

from desktop.domain.adapters import Strengths
from desktop.engine.fake import FAKE_LAYERS
from desktop.engine.protocol import Load
from desktop.ui.settings.adapter_section import AdapterSection, adapter_paths
from tests.gui.desk import Desk, Open
from tests.models.tiny_lora import peft_folder, random_pairs

pytestmark = pytest.mark.gui

SIZES = {name: (linear.outputs, linear.inputs) for name, linear in FAKE_LAYERS.items()}


def adapter(folder: Path, name: str = "Pirate", seed: int = 1) -> Path:
    return peft_folder(folder / name, random_pairs(SIZES, seed, 1.0), 8)


def section(desk: Desk) -> AdapterSection:
    """The adapters of the panel, once they are known."""
    shown = desk.window.panel.adapters
    desk.until(shown.isEnabled)
    return shown


def switches(desk: Desk) -> list[QCheckBox]:
    return section(desk).findChildren(QCheckBox, "adapterSwitch")


def drop(desk: Desk, path: Path) -> None:
    """Let a file or folder fall on the window."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    copy, left, none = (
        Qt.DropAction.CopyAction,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    desk.window.dropEvent(QDropEvent(QPointF(5, 5), copy, data, left, none))


def added(desk: Desk, path: Path) -> None:
    known = len(switches(desk))
    drop(desk, path)
    desk.until(lambda: len(switches(desk)) > known)


def adapter_id(desk: Desk) -> str:
    """Of the only one."""
    (found,) = desk.window._adapter_presenter._adapters
    return found.id


def applied(desk: Desk) -> Strengths:
    """What the model was loaded with last, by the adapters' names."""
    loads = [c for engine in desk.engines for c in engine.received if isinstance(c, Load)]
    return {each.name: each.strength for each in loads[-1].adapters}


def test_one_that_is_dropped_is_on_in_this_chat(open_window: Open, tmp_path: Path) -> None:
    desk = open_window()
    added(desk, adapter(tmp_path))
    desk.until(lambda: applied(desk) == {"Pirate": 1.0})
    (switch,) = switches(desk)
    assert switch.isChecked()
    desk.until(lambda: "added and on" in section(desk).note.text())
    desk.say("Hello")
    desk.until_answered()
    figures = desk.window.pane.transcript._scene.column.items[-1].entry.figures
    assert ("Adapter", f"{adapter_id(desk)} at 1") in figures


def test_a_strength_that_was_just_moved_holds_for_the_next_answer(
    open_window: Open, tmp_path: Path
) -> None:
    desk = open_window()
    added(desk, adapter(tmp_path))
    desk.until(lambda: applied(desk) == {"Pirate": 1.0})
    (slider,) = section(desk).findChildren(QSlider, "adapterStrength")
    slider.setValue(slider.maximum() // 4)
    desk.say("Hello")
    desk.until_answered()
    assert applied(desk) == {"Pirate": 0.5}


def test_off_is_without_it_and_each_chat_has_its_own(open_window: Open, tmp_path: Path) -> None:
    desk = open_window()
    added(desk, adapter(tmp_path))
    desk.until(lambda: applied(desk) == {"Pirate": 1.0})
    desk.say("Hello")
    desk.until_answered()
    desk.window._sidebar_presenter.new_chat()
    desk.until(lambda: not switches(desk)[0].isChecked())
    desk.until(lambda: applied(desk) == {})
    desk.window._sidebar_presenter.go(1)
    desk.until(lambda: switches(desk)[0].isChecked() is True)
    desk.until(lambda: applied(desk) == {"Pirate": 1.0})
    switches(desk)[0].click()
    desk.until(lambda: applied(desk) == {})


def test_one_that_is_removed_can_be_brought_back(open_window: Open, tmp_path: Path) -> None:
    desk = open_window()
    added(desk, adapter(tmp_path))
    desk.until(lambda: applied(desk) == {"Pirate": 1.0})
    desk.click(QToolButton, "removeAdapter")
    desk.until(lambda: applied(desk) == {} and not switches(desk))
    note = section(desk).note
    desk.until(lambda: "removed" in note.text())
    note.action_triggered.emit("undo")
    desk.until(lambda: applied(desk) == {"Pirate": 1.0})
    assert switches(desk)[0].isChecked()


def test_one_that_does_not_fit_is_told_in_place(open_window: Open, tmp_path: Path) -> None:
    desk = open_window()
    wrong = random_pairs({next(iter(SIZES)): (16, 16)}, 1, 1.0)
    section(desk)
    drop(desk, peft_folder(tmp_path / "Other", wrong, 8))
    desk.until(lambda: "another size" in section(desk).note.text())
    assert not switches(desk)
    assert applied(desk) == {}
    assert not any("another size" in text for text in desk.banners())


def test_they_are_there_again_after_a_restart(open_window: Open, tmp_path: Path) -> None:
    desk = open_window()
    added(desk, adapter(tmp_path))
    added(desk, adapter(tmp_path, "Poet", 2))
    desk.until(lambda: applied(desk) == {"Pirate": 1.0, "Poet": 1.0})
    switches(desk)[0].click()
    desk.until(lambda: applied(desk) == {"Poet": 1.0})
    desk.window.close()
    again = open_window()
    again.until(lambda: [each.isChecked() for each in switches(again)] == [False, True])
    again.until(lambda: applied(again) == {"Poet": 1.0})


def test_what_is_an_adapter_of_what_is_dropped(tmp_path: Path) -> None:
    folder = adapter(tmp_path)
    other = tmp_path / "model"
    other.mkdir()
    paths = (folder, folder / "adapter_model.safetensors", other, tmp_path / "x.gguf")
    urls = [QUrl.fromLocalFile(str(path)) for path in paths]
    assert adapter_paths(urls) == paths[:2]
    assert adapter_paths([QUrl("file://elsewhere/a.safetensors"), QUrl("https://x/a")]) == ()
