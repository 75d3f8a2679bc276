"""Pictures of the other pages, panels and dialogs."""

import re
from pathlib import Path

from pictures.chats import LONG, talk
from pictures.stage import Picture, opened
from pictures.words import FOX
from PySide6.QtWidgets import QCheckBox, QLabel, QPushButton, QWidget

from desktop.engine.fake import FAKE_LAYERS
from tests.models.tiny_lora import peft_folder, random_pairs

WIDE = (1200, 860)
DATA_DIR = "/home/ines/.local/share/cellar"


def models(data_dir: Path, output: Path) -> None:
    """The catalogue of models, one of them open."""
    stage = opened(data_dir, output, size=WIDE)
    window = stage.probe.window
    window.show_models()
    stage.probe.wait(lambda: window.models_page.catalogue.model.rowCount() > 0)
    stage.take("models")
    window.models_page.catalogue.table.selectRow(0)
    stage.settle()
    stage.take("model")
    stage.close()


def devices(data_dir: Path, output: Path) -> None:
    """Devices and speed."""
    stage = opened(data_dir, output, size=WIDE)
    stage.ask("Hello")
    stage.probe.window.show_devices()
    stage.take("devices")
    stage.close()


def layout_editor(data_dir: Path, output: Path) -> None:
    """The editor of prompt layouts."""
    stage = opened(data_dir, output, LONG, WIDE)
    talk(stage, tuple(FOX)[:1])
    window = stage.probe.window
    stage.probe.wait(lambda: bool(window.panel.layout_row.words()))
    window.panel.layout_row.findChild(QPushButton, "changePromptLayout").click()
    stage.probe.wait(lambda: window.findChild(QWidget, "layoutDialog") is not None)
    dialog = window.findChild(QWidget, "layoutDialog")
    stage.settle()
    dialog.picker.setCurrentIndex(dialog.picker.findText("Human and AI"))
    stage.take("layout-editor", dialog)
    dialog.close()
    stage.close()


def presets(data_dir: Path, output: Path) -> None:
    """A preset with its form, in the panel beside the chat."""
    stage = opened(data_dir, output, size=WIDE)
    picker = stage.probe.window.panel.presets.picker
    stage.probe.wait(lambda: picker.count() > 1)
    picker.choice_made.emit("customer-support")
    stage.settle()
    stage.take("presets")
    stage.close()


def adapters(data_dir: Path, output: Path) -> None:
    """Adapters, with a strength each, at the end of the panel."""
    stage = opened(data_dir, output, size=WIDE)
    window = stage.probe.window
    stage.probe.wait(window.panel.adapters.isEnabled)
    sizes = {name: (linear.outputs, linear.inputs) for name, linear in FAKE_LAYERS.items()}
    for seed, name in enumerate(("Plain words", "Sea shanties"), 1):
        folder = peft_folder(data_dir / name, random_pairs(sizes, seed, 1.0), 8)
        window._add_adapter(folder)
        stage.probe.wait(lambda: len(switches(window.panel.adapters)) == seed)  # noqa: B023
    stage.settle(1)
    bar = window.panel.verticalScrollBar()
    bar.setValue(bar.maximum())
    stage.take("adapters")
    stage.close()


def switches(section: QWidget) -> list[QCheckBox]:
    """Those of the adapters that are known."""
    return section.findChildren(QCheckBox, "adapterSwitch")


def settings(data_dir: Path, output: Path) -> None:
    """The settings of the program."""
    stage = opened(data_dir, output, size=WIDE)
    house = stage.probe.window.desk.house
    house.show_settings()
    dialog = stage.probe.window.findChild(QWidget, "settingsDialog")
    stage.take("settings", dialog)
    dialog.close()
    stage.close()


def about(data_dir: Path, output: Path) -> None:
    """What is to say of the program."""
    stage = opened(data_dir, output, size=WIDE)
    stage.probe.window.desk.house.show_about()
    dialog = stage.probe.window.findChild(QWidget, "aboutDialog")
    stage.settle(1)
    say_instead(dialog, {r"(?m)^System: .*$": "System: Linux"})
    stage.take("about", dialog)
    dialog.close()
    stage.close()


def say_instead(page: QWidget, words: dict[str, str]) -> None:
    """Leave out what only the computer that takes the picture is like."""
    for label in page.findChildren(QLabel):
        for pattern, instead in words.items():
            if re.search(pattern, label.text()):
                label.setText(re.sub(pattern, instead, label.text()))


def privacy(data_dir: Path, output: Path) -> None:
    """What was ever sent, and the lock."""
    stage = opened(data_dir, output, size=WIDE)
    stage.probe.window.show_privacy()
    stage.settle(1)
    say_instead(stage.probe.window.desk.page, {re.escape(str(data_dir)): DATA_DIR})
    stage.take("privacy")
    stage.close()


PICTURES: tuple[Picture, ...] = (
    models,
    devices,
    layout_editor,
    presets,
    adapters,
    settings,
    about,
    privacy,
)
