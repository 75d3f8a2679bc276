"""Banners, the status line, the context meter and the examples."""

from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QLocale, QPointF, Qt
from PySide6.QtGui import QEnterEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QProgressBar, QPushButton, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from desktop.ui import spacing
from desktop.ui.icons import IconSet
from desktop.ui.metrics import Metrics
from desktop.ui.theme import load_themes
from desktop.ui.widgets.banner import PROBLEM, Banner
from desktop.ui.widgets.banner_area import BannerArea
from desktop.ui.widgets.context_meter import ContextMeter
from desktop.ui.widgets.elided_label import ElidedLabel
from desktop.ui.widgets.examples import ExampleCard, Examples, example_prompts
from desktop.ui.widgets.status_line import StatusLine

RESOURCES = Path(__file__).parents[2] / "resources"


@pytest.fixture
def area(qtbot: QtBot) -> BannerArea:
    area = BannerArea()
    qtbot.addWidget(area)
    area.resize(600, 100)
    area.move(200, 200)  # away from the pointer, under which a message stays
    return area


@pytest.fixture
def status(qtbot: QtBot) -> StatusLine:
    status = StatusLine()
    qtbot.addWidget(status)
    status.resize(600, 24)
    status.show()
    return status


@pytest.fixture
def english() -> object:
    before = QLocale()
    QLocale.setDefault(QLocale("en_US"))
    yield
    QLocale.setDefault(before)


def button(banner: Banner, label: str) -> QPushButton:
    return next(each for each in banner.findChildren(QPushButton) if each.text() == label)


def close_button(banner: Banner) -> QToolButton:
    return banner.findChildren(QToolButton)[0]


def test_an_action_is_reported_and_ends_the_message(area: BannerArea) -> None:
    done: list[str] = []
    area.action_triggered.connect(done.append)
    banner = area.show_message("Conversation cleared.", [("undo", "Undo")])
    QTest.mouseClick(button(banner, "Undo"), Qt.MouseButton.LeftButton)
    assert done == ["undo"]
    assert area.banners() == []
    assert not area.isVisible()


def test_the_cross_grows_with_the_text(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    banner = Banner()
    qtbot.addWidget(banner)
    usual = close_button(banner).iconSize().width()
    grown = Metrics(text_size=200)
    monkeypatch.setattr(spacing, "metrics", lambda: grown)
    larger = Banner()
    qtbot.addWidget(larger)
    assert close_button(larger).iconSize().width() == 2 * usual


def test_messages_stack_and_close_one_by_one(area: BannerArea) -> None:
    first = area.show_message("One.")
    area.show_message("Two.", kind=PROBLEM)
    assert [banner.text() for banner in area.banners()] == ["One.", "Two."]
    QTest.mouseClick(close_button(first), Qt.MouseButton.LeftButton)
    assert [banner.text() for banner in area.banners()] == ["Two."]
    assert area.isVisible()


def test_the_same_message_again_replaces_the_first(area: BannerArea) -> None:
    area.show_message("The engine stopped.")
    area.show_message("The engine stopped.", [("restart", "Restart")])
    assert [banner.text() for banner in area.banners()] == ["The engine stopped."]
    assert button(area.banners()[0], "Restart").isVisible()


def test_only_the_latest_messages_are_kept(area: BannerArea) -> None:
    for number in range(6):
        area.show_message(f"Message {number}.")
    assert [banner.text() for banner in area.banners()] == [
        "Message 3.",
        "Message 4.",
        "Message 5.",
    ]


def test_a_message_with_a_time_goes_away(area: BannerArea, qtbot: QtBot) -> None:
    banner = area.show_message("Copied.", timeout_s=0.02)
    with qtbot.waitSignal(banner.closed):
        pass
    assert area.banners() == []


def test_a_message_stays_while_the_pointer_is_on_it(area: BannerArea, qtbot: QtBot) -> None:
    banner = area.show_message("Undo?", [("undo", "Undo")], timeout_s=0.05)
    place = QPointF(5, 5)
    QApplication.sendEvent(banner, QEnterEvent(place, place, place))
    qtbot.wait(120)
    assert area.banners() == [banner]
    with qtbot.waitSignal(banner.closed):
        QApplication.sendEvent(banner, QEvent(QEvent.Type.Leave))


def test_escape_closes_the_message_one_is_in(area: BannerArea) -> None:
    banner = area.show_message("Hm.", [("retry", "Try again")])
    QTest.keyClick(button(banner, "Try again"), Qt.Key.Key_Escape)
    assert area.banners() == []


def test_a_message_is_never_rich_text(area: BannerArea) -> None:
    banner = area.show_message("<img src='file:///x'><b>no</b>")
    labels = [label for label in banner.findChildren(QLabel) if label.text()]
    assert [label.textFormat() for label in labels] == [Qt.TextFormat.PlainText]
    assert banner.accessibleName() == banner.text()


def test_actions_go_below_a_text_that_would_be_too_narrow(area: BannerArea) -> None:
    text = "The engine stopped unexpectedly. Your conversation is safe, all of it."
    banner = area.show_message(text, [("restart", "Restart engine"), ("log", "Show the log")])
    restart = button(banner, "Restart engine")
    heights = {}
    for width in (900, 320):
        area.resize(width, max(area.heightForWidth(width), 40))
        QApplication.processEvents()
        label = next(each for each in banner.findChildren(QLabel) if each.text())
        top = restart.mapTo(banner, restart.rect().topLeft()).y()
        heights[width] = (top, label.geometry().bottom())
        assert label.geometry().right() < banner.width()
        assert label.height() >= label.heightForWidth(label.width())
    assert heights[900][0] < heights[900][1]
    assert heights[320][0] > heights[320][1]


def test_banners_to_come_wear_the_theme(area: BannerArea) -> None:
    theme = load_themes(RESOURCES / "themes")["dark"]
    area.set_theme(theme, IconSet(RESOURCES / "icons", theme))
    banner = area.show_message("Hello.", kind=PROBLEM)
    assert not close_button(banner).icon().isNull()


def test_the_status_line_tells_model_device_and_speed(status: StatusLine, english: object) -> None:
    status.set_model("SmolLM2 135M · INT4")
    status.set_device("CPU")
    status.set_speed(48.23, 310)
    assert status.text() == "SmolLM2 135M · INT4 · CPU · 48 tokens/s · 0.31 s to first token"
    status.set_model("Qwen 3")
    assert status.text() == "Qwen 3 · CPU"


def test_a_state_stands_in_front_until_it_is_cleared(status: StatusLine, english: object) -> None:
    status.set_model("SmolLM2")
    status.set_state("Checking the model (40 %)", 40, 100)
    assert status.text() == "Checking the model (40 %)"
    status.clear_state()
    assert status.text() == "SmolLM2"


def test_a_model_that_was_unloaded_is_told_until_it_loads_again(
    status: StatusLine, qtbot: QtBot
) -> None:
    status.set_model("SmolLM2")
    status.set_rest("Model unloaded after 15 minutes without use.")
    assert status.text() == "Model unloaded after 15 minutes without use."
    assert status.accessibleDescription() == status.text()
    status.set_state("Loading the model …")
    assert status.text() == "Loading the model …"
    status.clear_state()
    assert status.text() == "SmolLM2"


def test_a_bar_appears_for_what_takes_long_and_knows_large_numbers(
    status: StatusLine, qtbot: QtBot
) -> None:
    bar = status.findChildren(QProgressBar)[0]
    status.set_state("Downloading", 3_100_000_000, 4_600_000_000)
    assert not bar.isVisible()
    qtbot.waitUntil(bar.isVisible, timeout=2000)
    assert round(100 * bar.value() / bar.maximum()) == 67
    status.clear_state()
    assert not bar.isVisible()


def test_a_long_status_does_not_widen_the_window(status: StatusLine) -> None:
    status.set_model("<b>A very long name</b> " * 20)
    assert status.minimumSizeHint().width() < 120
    assert status.text().startswith("<b>A very long name</b>")


@pytest.mark.parametrize(
    ("room", "shown"),
    [
        (2000, "SmolLM2 · CPU · 48 tokens/s · 0.31 s to first token"),
        (-1, "SmolLM2 · CPU · 48 tokens/s"),
        (-2, "48 tokens/s"),
    ],
)
def test_where_there_is_little_room_the_speed_stays(
    status: StatusLine, qtbot: QtBot, english: object, room: int, shown: str
) -> None:
    status.set_model("SmolLM2")
    status.set_device("CPU")
    status.set_speed(48.23, 310)
    label = status.findChildren(ElidedLabel)[0]
    whole, width = status.text(), label.fontMetrics().horizontalAdvance
    less = (whole, "SmolLM2 · CPU · 48 tokens/s")
    label.resize(room if room > 0 else width(less[-room - 1]) - 1, label.height())
    assert label.shown() == shown
    assert status.text() == whole


def test_the_context_meter_is_hidden_until_it_knows(qtbot: QtBot, english: object) -> None:
    home = QWidget()
    qtbot.addWidget(home)
    meter = ContextMeter(home)
    home.show()
    assert not meter.isVisible()
    meter.set_usage(1204, 8192)
    assert meter.isVisible()
    assert meter.text() == "1,204 / 8,192"
    for told in (meter.toolTip(), meter.accessibleDescription()):
        assert "1,204 of the 8,192 tokens" in told
        assert "15 %" in told
    meter.set_usage(0, 0)
    assert not meter.isVisible()


def test_a_narrow_meter_keeps_its_numbers(qtbot: QtBot) -> None:
    home = QWidget()
    qtbot.addWidget(home)
    meter = ContextMeter(home)
    meter.set_usage(412, 8192)
    home.show()
    meter.resize(meter.sizeHint())
    bar, numbers = meter.findChild(QProgressBar), meter.findChild(QLabel)
    assert bar.isVisible()
    meter.resize(meter.minimumSizeHint())
    QApplication.processEvents()
    assert not bar.isVisible()
    assert numbers.width() >= numbers.sizeHint().width()
    meter.resize(meter.sizeHint())
    assert bar.isVisible()


def test_the_context_meter_warns_from_four_fifths_on(qtbot: QtBot) -> None:
    meter = ContextMeter()
    qtbot.addWidget(meter)
    bar = meter.findChildren(QProgressBar)[0]
    meter.set_usage(799, 1000)
    assert bar.property("kind") != "warning"
    assert "full" not in meter.text()
    meter.set_usage(800, 1000)
    assert bar.property("kind") == "warning"
    assert meter.text().endswith("nearly full")
    meter.set_usage(5000, 1000)
    assert bar.value() == bar.maximum()
    assert meter.text().endswith("· full")
    meter.set_usage(10, 1000)
    assert bar.property("kind") != "warning"


@pytest.fixture
def examples(qtbot: QtBot) -> Examples:
    examples = Examples()
    qtbot.addWidget(examples)
    examples.resize(720, 500)
    examples.show()
    return examples


def test_every_example_can_be_clicked(examples: Examples) -> None:
    chosen: list[str] = []
    examples.chosen.connect(chosen.append)
    for card in examples.findChildren(ExampleCard):
        QTest.mouseClick(card, Qt.MouseButton.LeftButton)
    assert chosen == list(example_prompts())
    assert len(chosen) == 7


def test_examples_are_reached_by_tab_and_chosen_by_space(examples: Examples) -> None:
    chosen: list[str] = []
    examples.chosen.connect(chosen.append)
    cards = examples.findChildren(ExampleCard)
    cards[0].setFocus()
    QTest.keyClick(cards[0], Qt.Key.Key_Tab)
    assert cards[1].hasFocus()
    QTest.keyClick(cards[1], Qt.Key.Key_Space)
    assert chosen == [example_prompts()[1]]


@pytest.mark.parametrize("width", [320, 480, 720, 1200])
def test_examples_fit_every_width_without_overlap(examples: Examples, width: int) -> None:
    examples.resize(width, 700)
    QApplication.processEvents()
    places = [card.geometry() for card in examples.findChildren(ExampleCard)]
    home = examples.findChildren(ExampleCard)[0].parentWidget()
    assert home
    assert all(home.rect().contains(place) for place in places)
    for number, place in enumerate(places):
        assert not any(place.intersects(other) for other in places[number + 1 :])


def test_a_long_example_wraps_where_the_window_is_narrow(qtbot: QtBot) -> None:
    prompt = "A long prompt about R&D <b>that</b> needs more than one line. " * 2
    examples = Examples([prompt])
    qtbot.addWidget(examples)
    examples.show()
    heights = []
    for width in (1600, 320):
        examples.resize(width, 500)
        QApplication.processEvents()
        card = examples.findChildren(ExampleCard)[0]
        heights.append(card.height())
        assert card.width() <= width
    assert heights[1] > heights[0]
