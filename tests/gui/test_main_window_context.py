"""The engine at its limits, as the window shows it: reading, context, figures, rest."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import QLocale, QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QProgressBar,
    QPushButton,
    QRadioButton,
    QSpinBox,
    QToolButton,
    QWidget,
)

from desktop.domain.conversation import ContextPolicy
from desktop.engine.fake import Script
from desktop.services.chat.notices import EngineChanged, EngineState
from desktop.ui.transcript.item import SpotKind
from desktop.ui.widgets.context_meter import ContextMeter
from tests.gui.desk import Desk, Open

pytestmark = pytest.mark.gui

SLOW_READING = tuple((read, 4687) for read in range(0, 4687, 20))


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    before = QLocale()
    QLocale.setDefault(QLocale("en_US"))
    yield
    QLocale.setDefault(before)


def meter(desk: Desk) -> ContextMeter:
    return desk.child(ContextMeter, "contextMeter")  # type: ignore[return-value]


def popover_part(desk: Desk, kind: type, name: str) -> QWidget:
    found = meter(desk).findChild(kind, name)
    assert isinstance(found, QWidget)
    return found


def choose(desk: Desk, policy: ContextPolicy) -> None:
    """Open what the meter tells, choose, and close it again, all by the keyboard."""
    meter(desk).setFocus()
    desk.qtbot.keyClick(meter(desk), Qt.Key.Key_Space)
    button = popover_part(desk, QRadioButton, f"contextPolicy_{policy}")
    desk.qtbot.keyClick(button, Qt.Key.Key_Space)
    desk.qtbot.keyClick(popover_part(desk, QWidget, "contextPopover"), Qt.Key.Key_Escape)


def click_spot(desk: Desk, kind: SpotKind, nth: int = 0) -> None:
    view = desk.window.pane.transcript
    view.scroll_to_end()
    found = [placed for placed in view._scene.spots() if placed.key.kind is kind]
    place = found[nth].spot.rect.topLeft().toPoint() + QPoint(4, 4)
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place)


def answered(desk: Desk, text: str) -> None:
    sent = len(desk.generated())
    desk.say(text)
    desk.until(lambda: len(desk.generated()) > sent)
    desk.until_answered()


# Reading the prompt


def test_a_long_prompt_is_read_before_our_eyes_and_stop_works(open_window: Open) -> None:
    desk = open_window(Script(reading=SLOW_READING, pause=0.02))
    desk.say("A very long text")
    desk.until(lambda: "of 4,687 tokens" in desk.shown)
    desk.click(QPushButton, "stopButton")
    desk.until_answered()
    assert "Reading" not in desk.shown
    assert "Stopped." in desk.shown


def test_the_first_words_take_the_place_of_the_reading(open_window: Open) -> None:
    desk = open_window(Script(reading=SLOW_READING[:40], pause=0.02))
    desk.say("A long text")
    desk.until(lambda: "Reading" in desk.shown)
    desk.until(lambda: "scripted answer." in desk.shown)
    assert "Reading" not in desk.shown


# The meter


def test_the_meter_shows_what_the_engine_counted(open_window: Open) -> None:
    desk = open_window(Script(used=3500, available=4096, pause=0))
    answered(desk, "Hi")
    desk.until(lambda: meter(desk).isVisible())
    assert meter(desk).text() == "3,500 / 4,096 · nearly full"
    bar = meter(desk).findChildren(QProgressBar)[0]
    assert round(100 * bar.value() / bar.maximum()) == 85
    assert "3,500 of the 4,096 tokens" in meter(desk).accessibleDescription()


def test_the_choice_holds_at_once_and_after_a_restart(open_window: Open) -> None:
    desk = open_window()
    answered(desk, "Hi")
    desk.until(lambda: meter(desk).isVisible())
    choose(desk, ContextPolicy.LAST_EXCHANGE)
    answered(desk, "Again")
    assert desk.generated()[-1].context_policy is ContextPolicy.LAST_EXCHANGE
    desk.window.close()

    again = open_window()
    again.until(lambda: meter(again).isVisible())
    again.click(ContextMeter, "contextMeter")
    chosen = popover_part(again, QRadioButton, "contextPolicy_last-exchange")
    assert isinstance(chosen, QRadioButton)
    assert chosen.isChecked()


def test_the_first_exchange_can_be_kept_with_the_oldest_left_out_only(open_window: Open) -> None:
    desk = open_window()
    answered(desk, "Hi")
    desk.until(lambda: meter(desk).isVisible())
    desk.click(ContextMeter, "contextMeter")
    pin = popover_part(desk, QCheckBox, "pinFirst")
    assert pin.isEnabled()
    desk.qtbot.keyClick(pin, Qt.Key.Key_Space)
    desk.qtbot.keyClick(pin, Qt.Key.Key_Escape)
    answered(desk, "Again")
    assert desk.generated()[-1].pin_first
    assert desk.generated()[-1].context_policy is ContextPolicy.DROP_OLDEST
    choose(desk, ContextPolicy.ASK)
    assert not pin.isEnabled()
    choose(desk, ContextPolicy.DROP_OLDEST)
    assert pin.isEnabled()


def test_what_the_meter_tells_fits_a_narrow_window(open_window: Open) -> None:
    desk = open_window(Script(used=3500, pause=0))
    desk.window.resize(480, 600)
    answered(desk, "Hi")
    desk.until(lambda: meter(desk).isVisible())
    QApplication.processEvents()
    foot = meter(desk).mapTo(desk.window, QPoint(meter(desk).width(), 0))
    assert foot.x() <= desk.window.width()
    desk.click(ContextMeter, "contextMeter")
    popover = popover_part(desk, QWidget, "contextPopover")
    last = popover_part(desk, QRadioButton, "contextPolicy_ask")
    assert popover.isVisible()
    assert popover.rect().contains(last.mapTo(popover, last.rect().bottomRight()))
    popover.close()


# What the model no longer sees


def test_what_the_model_no_longer_sees_is_marked_and_moves(open_window: Open) -> None:
    desk = open_window()
    for text in ("One", "Two", "Three"):
        answered(desk, text)
    assert "no longer sees" not in desk.shown
    desk.engines[0].script = replace(desk.engines[0].script, unseen=(0, 1, 2, 3))
    answered(desk, "Four")
    desk.until(lambda: "The model no longer sees what is above" in desk.shown)
    above, _, below = desk.shown.partition("The model no longer sees")
    assert "Two" in above
    assert "Three" not in above
    assert "Three" in below
    desk.engines[0].script = replace(desk.engines[0].script, unseen=())
    answered(desk, "Five")
    desk.until(lambda: "no longer sees" not in desk.shown)


# Where the conversation does not fit


@pytest.mark.parametrize(
    ("nth", "policy"), [(0, ContextPolicy.DROP_OLDEST), (1, ContextPolicy.LAST_EXCHANGE)]
)
def test_a_conversation_that_does_not_fit_asks_and_goes_on(
    open_window: Open, nth: int, policy: ContextPolicy
) -> None:
    desk = open_window(Script(used=5120, available=4096, overfull=True, pause=0))
    answered(desk, "Hi")
    desk.until(lambda: meter(desk).isVisible())
    choose(desk, ContextPolicy.ASK)
    desk.say("Something long")
    desk.until(lambda: "needs 5,120 tokens" in desk.shown)
    desk.until_answered()
    assert "4,096 at once" in desk.shown
    click_spot(desk, SpotKind.ACTION, nth)
    desk.until(lambda: desk.shown.count("scripted answer.") == 2)
    assert "needs 5,120 tokens" not in desk.shown
    assert desk.generated()[-1].context_policy is policy
    desk.until_answered()
    desk.click(ContextMeter, "contextMeter")
    chosen = popover_part(desk, QRadioButton, f"contextPolicy_{policy}")
    assert isinstance(chosen, QRadioButton)
    assert chosen.isChecked()
    popover_part(desk, QWidget, "contextPopover").close()


# Figures, rest, and the parameters beside the chat


def test_the_figures_of_an_answer_unfold_in_place(open_window: Open) -> None:
    desk = open_window(Script(pause=0.01))
    answered(desk, "Hi")
    assert "Device: CPU" not in desk.shown
    click_spot(desk, SpotKind.FIGURES)
    for figure in ("Device: CPU", "Model: fake", "Prompt: ", "Answer: "):
        assert figure in desk.shown


def test_a_model_that_was_let_go_is_told_in_the_status_line(open_window: Open) -> None:
    desk = open_window()
    desk.until(lambda: "CPU" in desk.status)
    unloaded = EngineChanged(
        EngineState.UNLOADED,
        what="Model unloaded after 15 minutes without use.",
        remedy="It loads again with your next message.",
    )
    desk.window._presenter.take(unloaded)
    assert desk.status == f"{unloaded.what} {unloaded.remedy}"
    assert not any("unloaded" in text for text in desk.banners())


def test_best_of_is_in_the_panel_and_reaches_the_engine(open_window: Open) -> None:
    desk = open_window()
    desk.until(lambda: "CPU" in desk.status)
    box = desk.child(QSpinBox, "bestOf")
    assert isinstance(box, QSpinBox)
    desk.window.panel.ensureWidgetVisible(box)
    box.setValue(3)
    answered(desk, "Hi")
    assert desk.generated()[-1].sampling["best_of"] == 3


def test_the_devices_are_one_click_away(open_window: Open) -> None:
    desk = open_window()
    with desk.qtbot.waitSignal(desk.window.pane.devices_wanted):
        desk.click(QToolButton, "devicesButton")
