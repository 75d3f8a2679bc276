"""The sampling panel: what a user sees, types, drags and gets back."""

from typing import TypeVar

import pytest
from PySide6.QtCore import QLocale, QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QDoubleSpinBox,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QSlider,
    QSpinBox,
    QToolButton,
    QWidget,
)
from pytestqt.qtbot import QtBot

from desktop.domain.sampling import BY_NAME, PARAMETERS, Kind, Parameter, Values, defaults
from desktop.ui.settings.sampling_panel import SamplingPanel
from desktop.ui.widgets.field import FieldLabel
from desktop.ui.widgets.fields import field_for, lines_of, texts_of
from desktop.ui.widgets.slider_field import SliderField

Found = TypeVar("Found", bound=QWidget)

SLIDERS = {
    "temperature": "temperature",
    "top_p": "topP",
    "top_k": "topK",
    "repetition_penalty": "repetitionPenalty",
}


class Panel:
    """A panel on screen, and what it reported."""

    def __init__(self, widget: SamplingPanel) -> None:
        self.widget = widget
        self.sampling: list[Values] = []
        self.prompts: list[str] = []
        widget.sampling_changed.connect(self.sampling.append)
        widget.system_prompt_changed.connect(self.prompts.append)

    def slider(self, name: str) -> QSlider:
        return found(self.widget.findChild(QSlider, name))

    def whole(self, name: str) -> QSpinBox:
        return found(self.widget.findChild(QSpinBox, name))

    def real(self, name: str) -> QDoubleSpinBox:
        return found(self.widget.findChild(QDoubleSpinBox, name))

    def text(self, name: str) -> QPlainTextEdit:
        return found(self.widget.findChild(QPlainTextEdit, name))

    def button(self, name: str) -> QWidget:
        return found(self.widget.findChild(QWidget, name))


def found(widget: Found | None) -> Found:
    assert widget is not None
    return widget


@pytest.fixture
def panel(qtbot: QtBot) -> Panel:
    widget = SamplingPanel()
    qtbot.addWidget(widget)
    widget.resize(320, 900)
    widget.show()
    widget.activateWindow()
    assert QTest.qWaitForWindowActive(widget)
    QTest.qWait(1)  # for the layout to settle
    return Panel(widget)


def retype(box: QSpinBox | QDoubleSpinBox, text: str) -> None:
    box.setFocus()
    box.selectAll()
    QTest.keyClicks(box, text)
    QTest.keyClick(box, Qt.Key.Key_Return)


def turn_wheel(widget: QWidget) -> None:
    window = widget.window()
    place = QPointF(widget.mapTo(window, widget.rect().center()))
    QTest.wheelEvent(window.windowHandle(), place, QPoint(0, -120))


def test_every_row_of_the_table_has_its_field(panel: Panel) -> None:
    for parameter in PARAMETERS:
        labels = [label.text() for label in panel.widget.findChildren(FieldLabel)]
        assert parameter.label in labels
    assert panel.widget.values() == defaults()
    assert panel.widget.changed() == {}


def test_a_new_row_of_the_table_appears_by_itself(qtbot: QtBot) -> None:
    row = Parameter("min_p", Kind.REAL, "Min-p", "Help.", 0.0, maximum=1.0, step=0.1, slider=True)
    widget = SamplingPanel((*PARAMETERS, row))
    qtbot.addWidget(widget)
    found(widget.findChild(QSlider, "minP")).setValue(3)
    assert widget.changed() == {"min_p": 0.3}


@pytest.mark.parametrize(("name", "control"), SLIDERS.items())
def test_slider_and_number_go_together_without_drift(panel: Panel, name: str, control: str) -> None:
    parameter = BY_NAME[name]
    slider = panel.slider(control)
    for step in range(slider.maximum() + 1):
        slider.setValue(step)
        expected = round(parameter.minimum + step * parameter.step, parameter.decimals)
        assert panel.widget.values()[name] == expected
    box = found(panel.widget.findChild(QWidget, f"{control}Value"))
    assert box.property("value") == parameter.maximum
    assert slider.value() == slider.maximum()


def test_a_typed_number_moves_the_slider_and_is_kept_as_typed(panel: Panel) -> None:
    retype(panel.real("temperatureValue"), "0.73")
    assert panel.slider("temperature").value() == 15  # of 0.05 each
    assert panel.widget.values()["temperature"] == 0.73
    assert panel.sampling == [{"temperature": 0.73}]


@pytest.mark.parametrize("language", ["en_US", "de_DE", "fr_FR"])
@pytest.mark.parametrize("typed", ["0.7", "0,7"])
def test_a_point_and_a_comma_mean_the_same(qtbot: QtBot, language: str, typed: str) -> None:
    before = QLocale()
    QLocale.setDefault(QLocale(language))
    try:
        field = SliderField(BY_NAME["temperature"])
    finally:
        QLocale.setDefault(before)
    qtbot.addWidget(field)
    field.show()
    box = found(field.findChild(QDoubleSpinBox, "temperatureValue"))
    retype(box, typed)
    assert field.value() == 0.7
    assert box.text() == "0" + QLocale(language).decimalPoint() + "70"


def test_a_value_out_of_range_is_not_taken(panel: Panel) -> None:
    retype(panel.real("temperatureValue"), "9")
    value = panel.widget.values()["temperature"]
    assert isinstance(value, float)
    assert 0 <= value <= 2


@pytest.mark.parametrize(
    ("key", "steps"),
    [
        (Qt.Key.Key_Right, 1),
        (Qt.Key.Key_Left, -1),
        (Qt.Key.Key_PageUp, 10),
        (Qt.Key.Key_PageDown, -10),
    ],
)
def test_the_keys_of_a_slider(panel: Panel, key: Qt.Key, steps: int) -> None:
    slider = panel.slider("topK")
    QTest.keyClick(slider, key)
    assert panel.widget.values()["top_k"] == 50 + steps
    assert panel.sampling == [{"top_k": 50 + steps}]


def test_home_and_end_of_a_slider(panel: Panel) -> None:
    slider = panel.slider("topP")
    QTest.keyClick(slider, Qt.Key.Key_Home)
    assert panel.widget.values()["top_p"] == 0.0
    QTest.keyClick(slider, Qt.Key.Key_End)
    assert panel.widget.values()["top_p"] == 1.0


def test_a_slider_goes_where_it_is_clicked(panel: Panel) -> None:
    slider = panel.slider("topK")
    QTest.mouseClick(slider, Qt.MouseButton.LeftButton, pos=QPoint(slider.width() - 2, 12))
    assert panel.widget.values()["top_k"] == 200
    middle = QPoint(slider.width() // 2, 12)
    QTest.mouseClick(slider, Qt.MouseButton.LeftButton, pos=middle)
    value = panel.widget.values()["top_k"]
    assert isinstance(value, int)
    assert 95 <= value <= 105


def test_the_wheel_scrolls_the_panel_and_leaves_values_alone(panel: Panel) -> None:
    panel.widget.resize(320, 480)
    QApplication.processEvents()
    panel.text("systemPrompt").setFocus()
    for control in (panel.slider("temperature"), panel.real("temperatureValue")):
        before = panel.widget.verticalScrollBar().value()
        turn_wheel(control)
        assert panel.widget.verticalScrollBar().value() > before
    panel.widget.ensureWidgetVisible(panel.whole("maxNewTokens"))
    turn_wheel(panel.whole("maxNewTokens"))
    assert panel.widget.changed() == {}


def test_the_wheel_turns_a_slider_that_has_the_focus(panel: Panel) -> None:
    slider = panel.slider("topK")
    slider.setFocus()
    turn_wheel(slider)
    assert panel.widget.values()["top_k"] != 50


def test_setting_values_reports_nothing(panel: Panel) -> None:
    panel.widget.set_defaults({"temperature": 0.6})
    panel.widget.set_values({"top_k": 20, "seed": 7, "stop": ("a",)}, "Be brief.")
    panel.widget.flush()
    assert panel.sampling == []
    assert panel.prompts == []
    assert panel.widget.values()["temperature"] == 0.6
    assert panel.widget.changed() == {"top_k": 20, "seed": 7, "stop": ("a",)}
    assert panel.widget.system_prompt() == "Be brief."


def test_a_value_between_two_digits_stays_exact_until_it_is_changed(panel: Panel) -> None:
    panel.widget.set_values({"temperature": 0.333}, "")
    assert panel.widget.values()["temperature"] == 0.333


def test_fields_follow_new_defaults_unless_the_user_changed_them(panel: Panel) -> None:
    panel.slider("topK").setValue(10)
    panel.widget.set_defaults({"top_k": 20, "temperature": 0.6})
    assert panel.widget.changed() == {"top_k": 10}
    assert panel.widget.values()["temperature"] == 0.6


def test_the_label_and_the_little_button_lead_back_to_the_default(panel: Panel) -> None:
    panel.widget.set_defaults({"temperature": 0.6})
    back = panel.button("temperatureReset")
    assert not back.isVisible()
    panel.slider("temperature").setValue(30)
    assert back.isVisible()
    QTest.mouseClick(back, Qt.MouseButton.LeftButton)
    assert panel.widget.values()["temperature"] == 0.6
    assert panel.real("temperatureValue").value() == 0.6
    assert not back.isVisible()
    panel.slider("temperature").setValue(30)
    label = next(
        label for label in panel.widget.findChildren(FieldLabel) if label.text() == "Temperature"
    )
    QTest.mouseDClick(label, Qt.MouseButton.LeftButton)
    assert panel.widget.changed() == {}
    assert panel.sampling == [{"temperature": 1.5}, {}, {"temperature": 1.5}, {}]


def test_reset_all_takes_back_every_value_and_leaves_the_system_prompt(panel: Panel) -> None:
    button = panel.button("resetSampling")
    assert isinstance(button, QPushButton)
    assert not button.isEnabled()
    panel.widget.set_values({"top_k": 5, "seed": 3, "stop": ("x",)}, "Be kind.")
    assert button.isEnabled()
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert panel.sampling == [{}]
    assert panel.widget.values() == defaults()
    assert panel.text("systemPrompt").toPlainText() == "Be kind."
    assert not button.isEnabled()


def test_the_seed_is_random_until_a_number_is_typed_and_again_when_it_is_emptied(
    panel: Panel,
) -> None:
    seed = panel.whole("seed")
    assert seed.text() == "random"
    assert panel.widget.values()["seed"] is None
    seed.setFocus()
    QTest.keyClicks(seed, "42")
    QTest.keyClick(seed, Qt.Key.Key_Return)
    assert panel.widget.changed() == {"seed": 42}
    retype(seed, "0")
    assert panel.widget.changed() == {"seed": 0}
    seed.selectAll()
    QTest.keyClick(seed, Qt.Key.Key_Delete)
    QTest.keyClick(seed, Qt.Key.Key_Return)
    assert panel.widget.changed() == {}
    assert seed.text() == "random"


def test_the_largest_seed_can_be_typed(panel: Panel) -> None:
    retype(panel.whole("seed"), "2147483647")
    assert panel.widget.values()["seed"] == 2**31 - 1


def test_a_number_half_typed_counts_when_the_values_are_asked_for(panel: Panel) -> None:
    box = panel.whole("maxNewTokens")
    box.setFocus()
    box.selectAll()
    QTest.keyClicks(box, "512")
    assert panel.sampling == []  # not 5, 51 and 512
    assert panel.widget.values()["max_new_tokens"] == 512
    assert panel.sampling == [{"max_new_tokens": 512}]


def test_stop_texts_are_one_a_line(panel: Panel, qtbot: QtBot) -> None:
    field = panel.text("stop")
    with qtbot.waitSignal(panel.widget.sampling_changed):
        QTest.keyClicks(field, "END")
        QTest.keyClick(field, Qt.Key.Key_Return)
        QTest.keyClicks(field, r"\n\nUser: ")
    assert panel.widget.values()["stop"] == ("END", "\n\nUser: ")
    assert panel.sampling == [{"stop": ("END", "\n\nUser: ")}]


@pytest.mark.parametrize("text", ["a", "\n", "\\n", "\\", "tab\there", " spaced ", "\\\n"])
def test_stop_texts_survive_the_field(text: str) -> None:
    assert texts_of(lines_of((text, "b"))) == (text, "b")


def test_the_system_prompt_is_reported_once_after_a_pause(panel: Panel, qtbot: QtBot) -> None:
    with qtbot.waitSignal(panel.widget.system_prompt_changed):
        QTest.keyClicks(panel.text("systemPrompt"), "Be brief.")
    assert panel.prompts == ["Be brief."]
    panel.widget.flush()
    assert panel.prompts == ["Be brief."]


def test_the_system_prompt_is_reported_at_once_by_flush_and_on_leaving(panel: Panel) -> None:
    prompt = panel.text("systemPrompt")
    prompt.setFocus()
    QTest.keyClicks(prompt, "a")
    panel.widget.flush()
    assert panel.prompts == ["a"]
    QTest.keyClicks(prompt, "b")
    panel.slider("temperature").setFocus()
    assert panel.prompts == ["a", "ab"]


def test_another_chat_does_not_get_what_was_half_typed(panel: Panel, qtbot: QtBot) -> None:
    QTest.keyClicks(panel.text("systemPrompt"), "half")
    panel.widget.set_values({}, "Other chat.")
    qtbot.wait(500)
    assert panel.prompts == []


@pytest.mark.parametrize("width", [280, 300, 320, 480])
def test_nothing_is_cut_off_at_the_side(panel: Panel, width: int) -> None:
    panel.widget.set_values({"temperature": 1.0, "max_new_tokens": 5, "seed": 1}, "")
    panel.widget.resize(width, 900)
    QApplication.processEvents()
    content = found(panel.widget.widget())
    assert content.width() == panel.widget.viewport().width()
    for child in content.findChildren(QWidget):
        right = child.mapTo(content, child.rect().topRight()).x()
        assert not child.isVisible() or right <= content.width()


def test_everything_is_named_for_assistive_tools(panel: Panel) -> None:
    kinds = (QSlider, QSpinBox, QDoubleSpinBox, QPlainTextEdit, QPushButton, QToolButton)
    for kind in kinds:
        for widget in panel.widget.findChildren(kind):
            assert widget.accessibleName(), widget.objectName()
    assert panel.slider("topP").accessibleDescription() == BY_NAME["top_p"].help


def test_labels_never_read_rich_text(qtbot: QtBot) -> None:
    field = field_for(Parameter("x", Kind.WHOLE, "<b>x</b>", "<i>y</i>", 1, maximum=3))
    qtbot.addWidget(field)
    formats = {label.textFormat() for label in field.findChildren(QLabel)}
    assert formats == {Qt.TextFormat.PlainText}


def test_tab_walks_down_the_panel(panel: Panel) -> None:
    panel.text("systemPrompt").setFocus()
    walked = []
    for _ in range(4):
        QTest.keyClick(found(QApplication.focusWidget()), Qt.Key.Key_Tab)
        walked.append(found(QApplication.focusWidget()).objectName())
    assert walked == ["temperature", "temperatureValue", "topP", "topPValue"]
