"""The editor of prompt layouts, in the whole window."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QLineEdit, QPlainTextEdit, QPushButton
from pytestqt.qtbot import QtBot

from desktop.domain.layout import Layout
from desktop.paths import resources
from desktop.services.layouts.store import LayoutStore
from desktop.ui.settings.layout_dialog import LayoutDialog
from desktop.ui.settings.layout_form import LayoutForm, escaped, plain
from tests.gui.desk import Desk, Open

pytestmark = pytest.mark.gui

SHIPPED = LayoutStore(resources() / "layouts", resources() / "nowhere").shipped


def opened(desk: Desk) -> LayoutDialog:
    desk.until(lambda: bool(desk.window.panel.layout_row.words()))
    desk.window.panel.layout_row.findChild(QPushButton, "changePromptLayout").click()
    desk.until(lambda: desk.window.findChild(LayoutDialog) is not None)
    dialog = desk.window.findChild(LayoutDialog)
    assert isinstance(dialog, LayoutDialog)
    desk.until(lambda: bool(preview(dialog)))
    return dialog


def preview(dialog: LayoutDialog) -> str:
    return dialog.findChild(QPlainTextEdit, "layoutPreview").toPlainText()


def choose(desk: Desk, dialog: LayoutDialog, name: str) -> None:
    before = preview(dialog)
    dialog.picker.setCurrentIndex(dialog.picker.findText(name))
    desk.until(lambda: preview(dialog) != before)


def press(dialog: LayoutDialog, name: str) -> None:
    button = dialog.findChild(QPushButton, name)
    assert button.isEnabled(), name
    button.click()


def words(desk: Desk) -> str:
    return desk.window.panel.layout_row.words()


def test_a_layout_is_chosen_by_its_prompt_and_used_from_then_on(open_window: Open) -> None:
    desk = open_window()
    desk.say("Hi there.")
    desk.until_answered()
    assert desk.generated()[-1].layout is None
    dialog = opened(desk)
    assert words(desk) == "The model’s own template"
    assert not dialog.findChild(QPushButton, "useLayout").isEnabled()
    assert not dialog.form.isVisible()
    choose(desk, dialog, "RedPajama chat")
    shown = preview(dialog)
    assert shown.startswith("<human>: Hi there.\n<bot>: ")
    assert shown.endswith("\n<human>: Your next message\n<bot>:")
    press(dialog, "useLayout")
    desk.until(lambda: words(desk).startswith("RedPajama chat"))
    desk.say("And now?")
    desk.until_answered()
    assert desk.generated()[-1].layout == SHIPPED["redpajama-chat"].layout


def test_a_copy_is_edited_with_its_prompt_in_sight_and_taken_back(open_window: Open) -> None:
    desk = open_window()
    dialog = opened(desk)
    choose(desk, dialog, "Human and AI")
    line = dialog.findChild(QLineEdit, "layoutUser")
    assert line.text() == "Human:\\s"
    line.clear()
    QTest.keyClicks(line, "Reader:\\n")
    desk.until(lambda: preview(dialog).startswith("Reader:\nYour next message"))
    assert dialog.picker.currentText() == "Edited"
    press(dialog, "useLayout")
    desk.until(lambda: words(desk).startswith("Edited"))
    desk.say("Hi")
    desk.until_answered()
    layout = desk.generated()[-1].layout
    assert layout is not None
    assert layout.user == "Reader:\n"
    assert layout.assistant == "AI: "
    again = opened(desk)
    assert again.picker.currentText() == "Edited"
    press(again, "resetLayout")
    press(again, "useLayout")
    desk.until(lambda: words(desk) == "The model’s own template")


def test_cancel_changes_nothing(open_window: Open) -> None:
    desk = open_window()
    dialog = opened(desk)
    choose(desk, dialog, "ChatML")
    press(dialog, "cancelLayout")
    desk.say("Hi")
    desk.until_answered()
    assert desk.generated()[-1].layout is None
    assert words(desk) == "The model’s own template"


def test_each_part_is_told_where_it_stands(open_window: Open) -> None:
    dialog = opened(open_window())
    about = dialog.findChild(QLabel, "layoutAbout")
    assert "template" in about.text()
    dialog.picker.setCurrentIndex(dialog.picker.findText("Speaker tokens"))
    assert "token type ids" in about.text()


@pytest.mark.parametrize("id_", sorted(SHIPPED))
def test_the_form_keeps_every_layout(qtbot: QtBot, id_: str) -> None:
    form = LayoutForm()
    qtbot.addWidget(form)
    form.set_value(SHIPPED[id_].layout)
    made, was = form.value(), SHIPPED[id_].layout
    assert made.opener == was.opener
    assert made == Layout(**{**_parts(was), "answer": made.answer})


def _parts(layout: Layout) -> dict[str, object]:
    return {name: getattr(layout, name) for name in Layout.__dataclass_fields__}


@given(st.text())
def test_what_is_written_on_a_line_is_meant(text: str) -> None:
    assert "\n" not in escaped(text)
    assert plain(escaped(text)) == text
