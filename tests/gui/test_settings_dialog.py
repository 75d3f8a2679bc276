"""The settings dialog, made from the table and used by hand."""

import tomllib
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QCheckBox, QLabel, QLineEdit, QSpinBox, QToolButton, QWidget

from desktop.domain.model import Model
from desktop.domain.presets import Preset
from desktop.domain.words import LANGUAGES
from desktop.services.chat import commands as chat_commands
from desktop.services.chat import notices
from desktop.services.house.commands import SaveSetting
from desktop.services.house.notices import HouseTrouble
from desktop.settings import table
from desktop.settings.table import GROUPS, SETTINGS, Kind, Setting
from desktop.ui.settings.settings_controls import control_for
from desktop.ui.settings.settings_dialog import SettingsDialog
from desktop.ui.widgets.picker import Picker
from desktop.ui.widgets.plain_input import PlainInput
from tests.gui.desk import Open
from tests.gui.hand_fed import HandFed

MODEL = Model("smol", "SmolLM2 135M", "int4", Path(), 8192)
CTRL = Qt.KeyboardModifier.ControlModifier


def opened(fed: HandFed) -> SettingsDialog:
    fed.window.activateWindow()
    fed.until(fed.window.isActiveWindow)
    fed.qtbot.keyClick(fed.window, Qt.Key.Key_Comma, CTRL)
    dialog = fed.window.findChild(SettingsDialog)
    assert dialog is not None
    fed.until(dialog.isActiveWindow)
    dialog.complete()
    fed.until(part(dialog, QWidget, dialog.shown()[-1]).isVisible)
    return dialog


def part(dialog: SettingsDialog, kind: type, name: str) -> QWidget:
    found = dialog.findChild(kind, f"setting_{name}")
    assert isinstance(found, kind)
    return found


def test_every_row_that_has_a_label_is_shown_in_a_group_of_the_table(fed: HandFed) -> None:
    dialog = opened(fed)
    labelled = [row for row in SETTINGS if row.label]
    assert {row.group for row in labelled} <= set(GROUPS)
    assert sorted(dialog.shown()) == sorted(row.name for row in labelled)
    for row in labelled:
        control = part(dialog, QWidget, row.name)
        assert control.accessibleName() == row.label
        assert control.accessibleDescription() == row.help


def test_a_switch_holds_at_once_and_is_written_elsewhere(fed: HandFed) -> None:
    box = part(opened(fed), QCheckBox, "model_titles")
    assert isinstance(box, QCheckBox)
    fed.qtbot.mouseClick(box, Qt.MouseButton.LeftButton, pos=QPoint(8, box.height() // 2))
    assert fed.settings.switch("model_titles")
    assert fed.house.asked[-1] == SaveSetting("model_titles")


def test_a_number_is_taken_when_it_is_typed_and_its_limits_hold(fed: HandFed) -> None:
    dialog = opened(fed)
    box = part(dialog, QSpinBox, "idle_unload_minutes")
    assert isinstance(box, QSpinBox)
    box.setFocus()
    box.selectAll()
    fed.qtbot.keyClicks(box, "45")
    fed.qtbot.keyClick(box, Qt.Key.Key_Return)
    assert fed.settings.number("idle_unload_minutes") == 45
    assert dialog.isVisible()  # Enter closes nothing
    box.setValue(10**6)
    assert fed.settings.number("idle_unload_minutes") == 24 * 60


def test_what_is_not_the_default_can_be_set_back(fed: HandFed) -> None:
    dialog = opened(fed)
    reset = dialog.findChild(QToolButton, "setting_idle_unload_minutesReset")
    assert isinstance(reset, QToolButton)
    assert not reset.isVisible()
    fed.window.settings.choose("idle_unload_minutes", 3)
    assert reset.isVisible()
    reset.setFocus()
    fed.qtbot.keyClick(reset, Qt.Key.Key_Space)
    assert fed.settings.number("idle_unload_minutes") == 15
    assert not reset.isVisible()
    assert part(dialog, QSpinBox, "idle_unload_minutes").hasFocus()


def test_a_change_that_needs_a_restart_says_so_in_place(fed: HandFed) -> None:
    dialog = opened(fed)
    waits = dialog.findChild(QLabel, "setting_languageWaits")
    assert isinstance(waits, QLabel)
    assert not waits.isVisible()
    picker = part(dialog, Picker, "language")
    assert isinstance(picker, Picker)
    assert [picker.itemText(row) for row in range(1, picker.count())] == list(LANGUAGES.values())
    picker.setCurrentIndex(picker.findData("de"))
    assert fed.settings.text("language") == "de"
    assert waits.isVisible()
    picker.setCurrentIndex(picker.findData("system"))
    assert not waits.isVisible()


def test_the_search_finds_labels_help_and_choices(fed: HandFed) -> None:
    dialog = opened(fed)
    field = dialog.findChild(QLineEdit, "settingSearch")
    assert isinstance(field, QLineEdit)
    assert field.hasFocus()
    fed.qtbot.keyClicks(field, "high CONTRAST")
    assert dialog.shown() == ["theme"]
    field.clear()
    fed.qtbot.keyClicks(field, "memory is given")
    assert dialog.shown() == ["idle_unload_minutes"]
    field.setText("nothing like that")
    assert dialog.shown() == []
    field.clear()
    assert "theme" in dialog.shown()


def test_the_tab_key_reaches_every_control_and_escape_closes(fed: HandFed) -> None:
    fed.window.settings.choose("theme", "dark")
    dialog = opened(fed)
    reached = []
    for _ in range(80):
        fed.qtbot.keyClick(dialog.focusWidget() or dialog, Qt.Key.Key_Tab)
        focused = dialog.focusWidget()
        assert focused is not None
        reached.append(focused.objectName())
    for row in SETTINGS:
        if row.label:
            assert f"setting_{row.name}" in reached
    assert reached.index("setting_theme") + 1 == reached.index("setting_themeReset")
    fed.qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    fed.until(lambda: fed.window.findChild(SettingsDialog) is None)


def test_the_model_of_new_chats_is_chosen_from_those_that_are_here(fed: HandFed) -> None:
    dialog = opened(fed)
    assert isinstance(part(dialog, QWidget, "model"), QLineEdit)  # nothing is known yet
    dialog.reject()
    fed.until(lambda: fed.window.findChild(SettingsDialog) is None)
    fed.tell(notices.ModelsListed((MODEL,), MODEL))
    picker = part(opened(fed), Picker, "model")
    assert isinstance(picker, Picker)
    assert picker.currentText() == "The first installed one"
    picker.setCurrentIndex(1)
    assert fed.settings.text("model") == MODEL.id


def test_new_chats_begin_with_the_preset_of_the_settings(fed: HandFed) -> None:
    fed.tell(notices.PresetsListed((Preset("code", "Code"),)))
    picker = part(opened(fed), Picker, "new_chat_preset")
    assert isinstance(picker, Picker)
    assert [picker.itemText(row) for row in range(picker.count())] == ["No preset", "Code"]
    picker.setCurrentIndex(1)
    fed.presenter.new_chat()
    assert fed.chat.asked[-1] == chat_commands.NewChat(preset="code")
    fed.tell(notices.PresetsListed(()))  # it was deleted
    fed.presenter.new_chat()
    assert fed.chat.asked[-1] == chat_commands.NewChat()


def test_what_is_wrong_with_the_file_is_said_above_the_settings(fed: HandFed) -> None:
    fed.threads.house.noticed.emit(HouseTrouble("The disk is full.", "Free some space."))
    assert "The disk is full." in fed.window.pane.banners.banners()[0].text()
    dialog = opened(fed)
    fed.threads.house.noticed.emit(HouseTrouble("The disk is full.", "Free some space."))
    assert [each.text() for each in dialog.banners.banners()] == [
        "The disk is full. Free some space."
    ]


def test_the_columns_follow_their_settings_and_are_known_to_the_dialog(fed: HandFed) -> None:
    fed.window.pane.panel_button.setChecked(False)
    dialog = opened(fed)
    box = part(dialog, QCheckBox, "show_settings_panel")
    assert isinstance(box, QCheckBox)
    assert not box.isChecked()
    box.click()
    assert fed.window.pane.panel_button.isChecked()
    sidebar = part(dialog, QCheckBox, "show_sidebar")
    assert isinstance(sidebar, QCheckBox)
    sidebar.click()
    assert not fed.window.sidebar.isVisible()


@pytest.mark.parametrize(
    ("setting", "typed", "value"),
    [
        (Setting("one", Kind.TEXT, default="", label="One"), "one", "one"),
        (Setting("two", Kind.NAMES, default=(), label="Two"), "a", ("a",)),
    ],
)
def test_texts_are_taken_when_one_goes_elsewhere(
    fed: HandFed, setting: Setting, typed: str, value: table.SettingValue
) -> None:
    control = control_for(setting)
    fed.qtbot.addWidget(control)
    chosen: list[object] = []
    control.chosen.connect(chosen.append)
    control.show_value(setting.default)
    control.show()
    field = control.control
    assert isinstance(field, (QLineEdit, PlainInput))
    field.setFocus()
    fed.qtbot.keyClicks(field, typed)
    fed.until(lambda: bool(chosen))
    assert chosen[-1] == value


def test_a_device_with_a_number_is_shown_and_kept(fed: HandFed) -> None:
    fed.window.settings.choose("device", "GPU.1")
    picker = part(opened(fed), Picker, "device")
    assert isinstance(picker, Picker)
    assert picker.currentText() == "GPU.1"


def test_what_was_chosen_is_in_the_file_when_the_window_is_closed(
    open_window: Open, tmp_path: Path
) -> None:
    desk = open_window()
    desk.until_answered()
    desk.window.settings.choose("model_titles", True)
    desk.window.close()
    written = tomllib.loads((tmp_path / "data" / "settings.toml").read_text("utf-8"))
    assert written["model_titles"] is True
    assert written["window"]
