"""The whole window, with a scripted engine behind it."""

import sqlite3
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPlainTextEdit, QPushButton, QSlider, QToolButton

from desktop.engine import protocol
from desktop.engine.fake import Script
from desktop.ui.theme import ThemeWatcher
from tests.gui.desk import ENDLESS, Open

pytestmark = pytest.mark.gui


def test_a_message_is_answered_and_both_are_there_after_a_restart(open_window: Open) -> None:
    desk = open_window()
    desk.say("Hello there")
    desk.until(lambda: "This is a scripted answer." in desk.shown)
    desk.until_answered()
    desk.window.close()

    again = open_window()
    again.until(lambda: "Hello there" in again.shown)
    assert "This is a scripted answer." in again.shown


def test_what_is_sent_while_the_model_loads_is_answered_when_it_is_ready(
    open_window: Open,
) -> None:
    desk = open_window(Script(load_time=0.5, pause=0))
    desk.say("Are you there?")
    desk.until(lambda: "Are you there?" in desk.shown)
    assert "scripted" not in desk.shown
    desk.until(lambda: "This is a scripted answer." in desk.shown)


def test_stop_keeps_what_was_written_and_one_can_go_on(open_window: Open) -> None:
    desk = open_window(ENDLESS)
    desk.say("Talk")
    desk.until(lambda: "word word" in desk.shown)
    desk.click(QPushButton, "stopButton")
    desk.until_answered()
    kept = desk.shown
    assert "word word" in kept
    assert "Stopped." in kept
    desk.qtbot.wait(100)
    assert desk.shown.count("word") == kept.count("word")
    desk.say("Again")
    desk.until(lambda: desk.shown.count("word") > kept.count("word"))


def test_escape_stops_too(open_window: Open) -> None:
    desk = open_window(ENDLESS)
    desk.say("Talk")
    desk.until(lambda: "word word" in desk.shown)
    desk.qtbot.keyClick(desk.composer, Qt.Key.Key_Escape)
    desk.until_answered()
    assert "Stopped." in desk.shown


def test_clear_empties_the_conversation_and_undo_brings_it_back(open_window: Open) -> None:
    desk = open_window()
    desk.say("Remember me")
    desk.until(lambda: "scripted answer." in desk.shown)
    desk.until_answered()
    before = desk.shown
    desk.click(QToolButton, "clearButton")
    desk.until(lambda: desk.shown == "")
    assert desk.window.pane.examples.isVisible()
    assert desk.composer.hasFocus()  # and not the button beside the one that is off now
    desk.click(QPushButton, "bannerAction_undo")
    desk.until(lambda: desk.shown == before)


def test_a_long_conversation_that_is_back_is_shown_from_its_end(open_window: Open) -> None:
    desk = open_window(Script(answers=("A line.\n\n" * 200,), pause=0.0))
    desk.say("Write much")
    desk.until_answered()
    desk.until(lambda: desk.shown.count("A line.") == 200)
    bar = desk.window.pane.transcript.verticalScrollBar()
    desk.until(lambda: bar.maximum() > 0 and bar.value() == bar.maximum())
    desk.click(QToolButton, "clearButton")
    desk.until(lambda: desk.shown == "")
    desk.click(QPushButton, "bannerAction_undo")
    desk.until(lambda: desk.shown.count("A line.") == 200)
    assert bar.value() == bar.maximum() > 0


def test_what_was_cleared_is_not_sent_to_the_model_any_more(open_window: Open) -> None:
    desk = open_window()
    desk.say("My secret")
    desk.until_answered()
    desk.until(lambda: "scripted answer." in desk.shown)
    desk.click(QToolButton, "clearButton")
    desk.until(lambda: desk.shown == "")
    desk.say("What did I say?")
    desk.until(lambda: "scripted answer." in desk.shown)
    assert "secret" not in str(desk.generated()[-1].turns)


def test_sliders_and_system_prompt_reach_the_next_answer(open_window: Open) -> None:
    desk = open_window()
    desk.until(lambda: "CPU" in desk.status)
    slider = desk.child(QSlider, "temperature")
    assert isinstance(slider, QSlider)
    desk.qtbot.keyClick(slider, Qt.Key.Key_Home)
    system = desk.child(QPlainTextEdit, "systemPrompt")
    desk.qtbot.keyClicks(system, "Be brief")
    desk.say("Hi")
    desk.until(lambda: bool(desk.generated()))
    request = desk.generated()[-1]
    assert request.sampling["temperature"] == 0
    assert request.turns[0] == protocol.Turn("system", "Be brief")


def test_settings_of_the_chat_are_there_after_a_restart(open_window: Open) -> None:
    desk = open_window()
    desk.until(lambda: "CPU" in desk.status)
    desk.qtbot.keyClick(desk.child(QSlider, "topK"), Qt.Key.Key_Home)
    desk.window.close()
    again = open_window()
    again.until(lambda: again.window.panel.changed().get("top_k") == 0)


def test_an_engine_that_dies_is_told_and_comes_back_with_the_next_message(
    open_window: Open,
) -> None:
    desk = open_window(Script(answers=("one two three four",), dies_after=2, pause=0))
    desk.say("Hello")
    desk.until(lambda: "stopped unexpectedly" in desk.shown)
    assert "one two" in desk.shown
    desk.engines[0].script = Script()
    desk.say("Hello again")
    desk.until(lambda: len(desk.generated()) == 2)
    assert len(desk.engines) == 2


def test_a_model_that_does_not_load_is_told_and_the_message_is_kept(open_window: Open) -> None:
    desk = open_window(Script(load_failure="The model does not fit."))
    desk.say("Hello")
    desk.until(lambda: "The model does not fit." in desk.shown)
    desk.until_answered()
    assert "Hello" in desk.shown


def test_a_new_user_can_click_an_example(open_window: Open) -> None:
    desk = open_window()
    cards = desk.window.pane.examples.findChildren(QPushButton)
    assert len(cards) == 7
    desk.qtbot.mouseClick(cards[1], Qt.MouseButton.LeftButton)
    desk.until(lambda: "scripted answer." in desk.shown)
    assert cards[1].text() in desk.shown


def test_two_windows_on_one_folder_both_live_and_the_second_says_so(open_window: Open) -> None:
    first = open_window()
    first.until(lambda: "CPU" in first.status)
    second = open_window()
    second.until(lambda: any("already open" in text for text in second.banners()))
    second.say("Still works?")
    second.until(lambda: "scripted answer." in second.shown)


def test_a_data_folder_that_cannot_be_made_leaves_a_window_that_works(
    open_window: Open, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("in the way")
    desk = open_window(data_dir=tmp_path / "file" / "data")
    desk.until(lambda: bool(desk.banners()))
    desk.say("Hello")
    desk.until(lambda: "scripted answer." in desk.shown)


@pytest.mark.parametrize(
    "text", ["a\0b", "half a pair \ud83d", "\u202ertl\u202c \U0001f469\u200d\U0001f467 e\u0301"]
)
def test_strange_text_is_shown_saved_and_answered(
    open_window: Open, tmp_path: Path, text: str
) -> None:
    desk = open_window()
    desk.window.pane.composer.set_text(text)
    desk.click(QPushButton, "sendButton")
    desk.until(lambda: "scripted answer." in desk.shown)
    desk.until_answered()
    desk.window.close()
    with sqlite3.connect(tmp_path / "data" / "chats.db") as database:
        rows = database.execute("SELECT text FROM messages WHERE role = 'user'").fetchall()
    database.close()
    assert len(rows) == 1
    assert rows[0][0]


def test_a_megabyte_is_taken_without_harm(open_window: Open) -> None:
    desk = open_window()
    desk.window.pane.composer.set_text("x" * 1_000_000)
    desk.click(QPushButton, "sendButton")
    desk.until(lambda: "scripted answer." in desk.shown)
    assert len(desk.generated()[0].turns[0].content) == 1_000_000


def test_fast_clicks_send_one_message(open_window: Open) -> None:
    desk = open_window(ENDLESS)
    desk.composer.setPlainText("Once")
    for _ in range(5):
        desk.qtbot.keyClick(desk.composer, Qt.Key.Key_Return)
    desk.until(lambda: "word" in desk.shown)
    assert desk.shown.count("Once") == 1
    for _ in range(5):
        desk.click(QToolButton, "clearButton")
    desk.until(lambda: desk.shown == "")


def test_closing_in_mid_answer_keeps_the_partial_answer(open_window: Open) -> None:
    desk = open_window(ENDLESS)
    desk.say("Talk")
    desk.until(lambda: "word word" in desk.shown)
    desk.window.close()
    again = open_window()
    again.until(lambda: "word word" in again.shown)


def test_the_panel_folds_away_in_a_narrow_window(open_window: Open) -> None:
    desk = open_window()
    assert desk.window.panel.isVisible()
    desk.window.resize(600, 600)
    assert not desk.window.panel.isVisible()
    desk.window.resize(1100, 700)
    assert desk.window.panel.isVisible()


def test_light_and_dark_change_while_the_window_is_open(open_window: Open) -> None:
    desk = open_window()
    watcher = desk.window.findChild(ThemeWatcher)
    lightness = {}
    for choice in ("dark", "light"):
        watcher.choose(choice)
        lightness[choice] = desk.window.grab().toImage().pixelColor(5, 300).lightness()
    watcher.choose("system")
    assert lightness["dark"] < 80
    assert lightness["light"] > 200
