"""Presets in the whole window: what is chosen and filled in is what the engine is asked with."""

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPlainTextEdit, QSlider, QWidget

from desktop.domain.layout import Layout
from desktop.engine.protocol import Generate
from desktop.ui.widgets.picker import Picker
from tests.gui.desk import Desk, Open

pytestmark = pytest.mark.gui

SUPPORT = Layout("Customer: ", "Agent: ", "\n", "\n\n###\n\n")


def choose(desk: Desk, name: str) -> None:
    picker = desk.child(Picker, "presetPicker")
    assert isinstance(picker, Picker)
    desk.until(lambda: picker.findText(name) >= 0)
    picker.setCurrentIndex(picker.findText(name))
    desk.until(lambda: picker.currentText() == name)


def field(desk: Desk, name: str) -> QPlainTextEdit:
    """A line of the form, once it is asked for."""

    def found() -> list[QPlainTextEdit]:
        boxes = desk.window.panel.findChildren(QPlainTextEdit, name)
        return [box for box in boxes if box.isVisible()]

    desk.until(lambda: bool(found()))
    return found()[0]


def asked(desk: Desk, text: str) -> Generate:
    desk.say(text)
    desk.until_answered()
    return desk.generated()[-1]


def test_a_question_is_asked_in_the_layout_with_the_form_before_it(open_window: Open) -> None:
    desk = open_window()
    choose(desk, "Customer support")
    QTest.keyClicks(field(desk, "presetSummary"), "Anna asks again.")
    QTest.keyClicks(field(desk, "presetInformation"), "Order 7.")
    request = asked(desk, "Where is it?")
    assert request.layout == SUPPORT
    assert [turn.role for turn in request.turns] == ["system", "user"]
    assert request.turns[0].content.endswith(
        "\n\nSummary: Anna asks again.\n\nSpecific information: Order 7."
    )
    assert request.sampling["best_of"] == 3
    assert request.pin_first is True


def test_a_value_changed_just_before_a_preset_is_chosen_does_not_outlive_it(
    open_window: Open,
) -> None:
    desk = open_window()
    desk.until(desk.window.panel.isVisible)
    slider = desk.child(QSlider, "topK")
    assert isinstance(slider, QSlider)
    slider.setValue(7)
    choose(desk, "Creative")
    desk.until(lambda: slider.value() == 100)
    assert asked(desk, "Hello").sampling["top_k"] == 100


def test_another_chat_is_not_told_what_was_typed_for_the_one_before(open_window: Open) -> None:
    desk = open_window()
    choose(desk, "Customer support")
    QTest.keyClicks(field(desk, "presetSummary"), "Anna asks again.")
    desk.click(QWidget, "newChatButton")
    picker = desk.child(Picker, "presetPicker")
    assert isinstance(picker, Picker)
    desk.until(lambda: picker.currentText() == "Plain assistant")
    request = asked(desk, "Hello")
    assert request.layout is None
    assert [turn.role for turn in request.turns] == ["user"]
