"""The presets of the settings panel, with the real files and the real desk behind them."""

from dataclasses import replace
from pathlib import Path
from typing import TypeVar

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QFileDialog,
    QLabel,
    QLineEdit,
    QMenu,
    QPlainTextEdit,
    QPushButton,
    QSlider,
    QToolButton,
    QWidget,
)
from pytestqt.qtbot import QtBot

from desktop.domain.conversation import Conversation
from desktop.domain.errors import Problem
from desktop.domain.presets import system_text_of
from desktop.domain.sampling import defaults
from desktop.services.chat import commands, notices
from desktop.services.chat.commands import ChatCommand
from desktop.services.chat.notices import Notice
from desktop.services.chat.presets import PresetDesk
from desktop.services.presets.store import open_presets
from desktop.ui.icons import IconSet
from desktop.ui.settings.preset_presenter import PresetPresenter
from desktop.ui.settings.sampling_panel import SamplingPanel
from desktop.ui.theme import Theme
from tests.gui.conftest import RESOURCES

W = TypeVar("W", bound=QWidget)
DEFAULTS = defaults({"temperature": 0.2})


class Presets:
    """A panel with its presenter; commands are carried out at once."""

    def __init__(self, folder: Path) -> None:
        self.posted: list[ChatCommand] = []
        self.problems: list[Problem] = []
        self.chat = Conversation()
        self.desk = PresetDesk(open_presets(RESOURCES, folder), self.take)
        self.panel = SamplingPanel()
        self._waiting: list[Notice] = []
        self.presenter = PresetPresenter(self.panel, self.panel.flush, self.post)
        for notice in self._waiting:
            self.presenter.take(notice)
        self.panel.sampling_changed.connect(self._change)
        self.open(self.chat)

    def take(self, notice: Notice) -> None:
        if hasattr(self, "presenter"):
            self.presenter.take(notice)
        else:
            self._waiting.append(notice)

    def post(self, command: ChatCommand) -> None:
        self.posted.append(command)
        if not isinstance(command, commands.PresetCommand):
            return
        try:
            settings = self.desk.handle(command, self.chat.settings)
        except Problem as problem:
            self.problems.append(problem)
            return
        if isinstance(command, commands.FillForm):  # nothing is told of what is in view already
            self.chat = replace(self.chat, settings=settings)
        elif settings != self.chat.settings:
            self.open(replace(self.chat, settings=settings))

    def open(self, chat: Conversation) -> None:
        """Tell what the service tells, first the panel and then the presets, as the window does."""
        self.chat = chat
        self.panel.set_values(chat.settings.sampling, chat.settings.system_prompt)
        self.take(notices.Opened(chat))
        self.panel.set_defaults(DEFAULTS)
        self.take(notices.DefaultsChanged(DEFAULTS, chat.settings.sampling))

    def choose(self, name: str) -> None:
        picker = self.panel.presets.picker
        picker.setCurrentIndex(picker.findText(name))

    @property
    def shown(self) -> str:
        return self.panel.presets.picker.currentText()

    @property
    def offered(self) -> list[str]:
        picker = self.panel.presets.picker
        return [picker.itemText(index) for index in range(picker.count())]

    def child(self, kind: type[W], name: str) -> W:
        found = self.panel.findChild(kind, name)
        assert found is not None, name
        return found

    def menu(self, begins: str) -> QAction:
        actions = self.child(QMenu, "presetMenu").actions()
        return next(each for each in actions if each.text().startswith(begins))

    def save_as(self, name: str) -> None:
        self.menu("Save as").trigger()
        line = self.child(QLineEdit, "presetName")
        line.selectAll()
        QTest.keyClicks(line, name)
        QTest.keyClick(line, Qt.Key.Key_Return)

    def _change(self, changed: object) -> None:
        settings = replace(self.chat.settings, sampling=self.panel.changed())
        self.chat = replace(self.chat, settings=settings)


@pytest.fixture
def presets(qtbot: QtBot, tmp_path: Path, themes: dict[str, Theme], icons: IconSet) -> Presets:
    made = Presets(tmp_path)
    qtbot.addWidget(made.panel)
    made.panel.set_theme(themes["light"], icons)
    made.panel.resize(312, 900)
    made.panel.show()
    made.panel.activateWindow()
    assert QTest.qWaitForWindowActive(made.panel)
    return made


def test_a_chat_of_no_preset_is_held_with_the_plain_assistant(presets: Presets) -> None:
    assert presets.posted == [commands.ListPresets()]
    assert presets.shown == "Plain assistant"
    assert presets.offered[0] == "Plain assistant"
    assert "Customer support" in presets.offered


def test_choosing_a_preset_shows_its_values_and_its_form(presets: Presets) -> None:
    assert not presets.panel.form.isVisible()
    presets.choose("Customer support")
    assert presets.posted[-1] == commands.UsePreset("customer-support", {})
    assert presets.panel.values()["best_of"] == 3
    assert presets.panel.values()["stop"] == ("\nCustomer:", "\nAgent:", "\n\n")
    labels = [label.text() for label in presets.panel.form.findChildren(QLabel)]
    assert "Summary of the conversation so far" in labels
    assert "Specific information" in labels
    assert presets.shown == "Customer support"
    note = presets.child(QLabel, "presetLayout")
    assert note.text().startswith("Written as “Customer:” and “Agent:”")
    assert note.isVisible()
    presets.choose("Concise")
    assert not presets.panel.form.isVisible()
    assert not note.isVisible()
    assert presets.panel.system_prompt().startswith("Answer in as few words")


def test_a_changed_value_makes_it_custom_and_the_preset_can_be_chosen_again(
    presets: Presets,
) -> None:
    presets.choose("Creative")
    presets.child(QSlider, "topK").setValue(7)
    assert presets.shown == "Custom"
    assert presets.panel.presets.picker.itemData(0, Qt.ItemDataRole.AccessibleTextRole) == (
        "Custom, Creative, with changes"
    )
    presets.choose("Creative")
    assert presets.panel.values()["top_k"] == 100
    assert presets.shown == "Creative"
    assert "Custom" not in presets.offered


def test_a_changed_value_set_back_is_the_preset_again(presets: Presets) -> None:
    slider = presets.child(QSlider, "topK")
    slider.setValue(7)
    assert presets.shown == "Custom"
    slider.setValue(50)
    assert presets.shown == "Plain assistant"


def test_a_changed_system_prompt_makes_it_custom(presets: Presets) -> None:
    presets.choose("Concise")
    QTest.keyClicks(presets.child(QPlainTextEdit, "systemPrompt"), "Rhyme. ")
    presets.panel.flush()
    assert presets.shown == "Custom"


def test_the_form_is_handed_on_once_after_a_pause(presets: Presets, qtbot: QtBot) -> None:
    presets.choose("Customer support")
    presets.child(QSlider, "topK").setValue(7)
    field = presets.child(QPlainTextEdit, "presetSummary")
    with qtbot.waitSignal(presets.panel.form.form_changed):
        QTest.keyClicks(field, "Anna asks.")
    fills = [each for each in presets.posted if isinstance(each, commands.FillForm)]
    assert fills == [commands.FillForm({"summary": "Anna asks."})]
    assert presets.chat.settings.form == {"summary": "Anna asks."}
    assert presets.panel.values()["top_k"] == 7


def test_what_is_typed_is_handed_on_before_another_preset_is_chosen(presets: Presets) -> None:
    presets.choose("Customer support")
    QTest.keyClicks(presets.child(QPlainTextEdit, "presetInformation"), "Order 7")
    presets.choose("Customer support")
    presets.panel.flush()
    assert presets.chat.settings.form == {"information": "Order 7"}


def test_a_word_of_the_service_does_not_undo_what_is_being_typed(presets: Presets) -> None:
    presets.choose("Customer support")
    field = presets.child(QPlainTextEdit, "presetSummary")
    QTest.keyClicks(field, "Ann")
    presets.take(notices.Opened(presets.chat, same=True))
    assert field.toPlainText() == "Ann"
    presets.open(Conversation(settings=presets.chat.settings))
    assert presets.child(QPlainTextEdit, "presetSummary").toPlainText() == ""


def test_another_chat_shows_its_own_form(presets: Presets) -> None:
    presets.choose("Customer support")
    filled = replace(presets.chat.settings, form={"summary": "Other."})
    presets.open(Conversation(settings=filled))
    assert presets.child(QPlainTextEdit, "presetSummary").toPlainText() == "Other."
    presets.open(Conversation())
    assert not presets.panel.form.isVisible()
    assert presets.shown == "Plain assistant"


def test_what_a_deleted_preset_asked_for_is_still_seen_as_it_is_still_sent(
    presets: Presets,
) -> None:
    presets.choose("Customer support")
    presets.save_as("My shop")
    QTest.keyClicks(presets.child(QPlainTextEdit, "presetSummary"), "Anna asks.")
    presets.panel.flush()
    presets.menu("Delete").trigger()
    assert presets.shown == "Custom"
    field = presets.child(QPlainTextEdit, "presetSummary")
    assert field.toPlainText() == "Anna asks."
    assert system_text_of(presets.chat.settings, None).endswith("\n\nAnna asks.")
    field.clear()
    presets.panel.flush()
    assert presets.chat.settings.form == {}
    presets.open(presets.chat)
    assert not presets.panel.form.isVisible()


def test_what_was_filled_in_stays_when_the_presets_are_listed_anew(presets: Presets) -> None:
    presets.choose("Customer support")
    field = presets.child(QPlainTextEdit, "presetSummary")
    QTest.keyClicks(field, "Anna asks.")
    presets.panel.flush()
    presets.post(commands.ListPresets())
    assert field.toPlainText() == "Anna asks."


def test_saving_a_preset_asks_for_the_name_in_place(presets: Presets) -> None:
    presets.choose("Customer support")
    presets.child(QSlider, "topK").setValue(7)
    presets.menu("Save as").trigger()
    line, keep = presets.child(QLineEdit, "presetName"), presets.child(QPushButton, "savePreset")
    assert line.hasFocus()
    assert not keep.isEnabled()
    presets.save_as("My shop")
    assert not line.isVisible()
    assert presets.shown == "My shop"
    presets.menu("Save as").trigger()
    assert line.text() == "My shop"
    assert keep.text() == "Replace"
    QTest.keyClick(line, Qt.Key.Key_Escape)
    assert not line.isVisible()
    assert presets.offered.count("My shop") == 1


def test_an_own_preset_is_deleted_and_brought_back(presets: Presets) -> None:
    assert not presets.menu("Delete").isEnabled()
    presets.save_as("Mine & yours")
    assert presets.menu("Delete").text() == "Delete “Mine && yours”"
    presets.menu("Delete").trigger()
    assert "Mine & yours" not in presets.offered
    assert presets.panel.presets.note.text() == "“Mine & yours” is deleted."
    presets.child(QPushButton, "bannerAction_undo").click()
    assert presets.shown == "Mine & yours"
    assert not presets.panel.presets.note.isVisible()


def test_a_preset_is_exported_and_imported(
    presets: Presets, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[QFileDialog] = []

    def keep(dialog: QFileDialog) -> None:
        opened.append(dialog)

    monkeypatch.setattr(QFileDialog, "open", keep)
    path = tmp_path / "shared.toml"
    presets.choose("Translator")
    presets.menu("Export").trigger()
    opened[-1].fileSelected.emit(str(path))
    assert path.read_bytes()
    assert presets.panel.presets.note.text() == "“Translator” is in shared.toml."
    presets.choose("Concise")
    presets.menu("Import").trigger()
    opened[-1].fileSelected.emit(str(path))
    assert presets.shown == "Concise"
    presets.child(QPushButton, "bannerAction_use").click()
    assert presets.shown == "Translator"
    assert presets.chat.settings.preset == "translator-2"
    for dialog in opened:
        dialog.close()


def test_a_file_that_is_no_preset_is_told(
    qtbot: QtBot, tmp_path: Path, themes: dict[str, Theme], icons: IconSet
) -> None:
    (tmp_path / "presets").mkdir()
    (tmp_path / "presets" / "bad.toml").write_text("<b>", "utf-8")
    made = Presets(tmp_path)
    qtbot.addWidget(made.panel)
    assert "bad.toml" in made.panel.presets.note.text()


@pytest.mark.parametrize("width", [280, 312])
def test_nothing_is_cut_off_with_form_name_and_note(presets: Presets, width: int) -> None:
    presets.save_as("A preset with a name that is longer than the panel is wide, by far")
    presets.choose("Customer support")
    presets.menu("Save as").trigger()
    presets.panel.resize(width, 700)
    presets.panel.presets.note.show_message("“A preset” is deleted.", [("undo", "Undo")])
    for _ in range(3):  # a layout inside another takes another round
        QApplication.processEvents()
    content = presets.panel.widget()
    assert content.width() == presets.panel.viewport().width()
    for child in content.findChildren(QWidget):
        right = child.mapTo(content, child.rect().topRight()).x()
        assert not child.isVisible() or right <= content.width() - 8, child.objectName()


def test_everything_is_named_and_reached_in_order(presets: Presets) -> None:
    presets.choose("Customer support")
    for kind in (QPlainTextEdit, QPushButton, QToolButton):
        for widget in presets.panel.findChildren(kind):
            assert widget.accessibleName(), widget.objectName()
    assert presets.child(QLineEdit, "presetName").accessibleName()
    presets.panel.presets.picker.setFocus()
    walked = []
    for _ in range(5):
        focus = QApplication.focusWidget()
        assert focus is not None
        QTest.keyClick(focus, Qt.Key.Key_Tab)
        now = QApplication.focusWidget()
        walked.append(now.objectName() if now else "")
    assert walked == [
        "presetMenuButton",
        "presetSummary",
        "presetInformation",
        "systemPrompt",
        "temperature",
    ]
