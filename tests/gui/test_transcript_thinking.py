"""What a model thinks before it answers is folded into one line."""

from dataclasses import replace

import pytest
from PySide6.QtCore import QObject, Qt
from PySide6.QtTest import QTest

from desktop.domain.conversation import Conversation, Message, Role, State, Statistics
from desktop.engine.fake import Script
from desktop.services.chat import notices
from desktop.ui.transcript import thought
from desktop.ui.transcript.item import SpotKind
from desktop.ui.transcript.message_entry import entry_of
from desktop.ui.transcript_presenter import TranscriptPresenter
from tests.gui.desk import Open
from tests.gui.transcript_reader import Reader, answer, clipboard, user

THOUGHT = "<think>\nFoxes, so *mice*.\n</think>\n\n"
SAID = f"{THOUGHT}They eat **mice**."


class Time:
    """A clock that is set by hand."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = 7.0
        monkeypatch.setattr(thought, "monotonic", lambda: self.now)


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> Time:
    return Time(monkeypatch)


def write(reader: Reader, *texts: str) -> None:
    reader.view.set_entries([user("u"), answer("w", "", State.WRITING)])
    for text in texts:
        reader.view.append_text("w", text)


def shown(reader: Reader) -> str:
    return reader.view.toPlainText().removeprefix("You\nA question?\n\nCellar\n")


@pytest.mark.parametrize(
    ("text", "milliseconds", "words"),
    [
        (SAID, 12_300.0, "Thought for 12 s"),
        (SAID, 400.0, "Thought for 1 s"),
        (SAID, 185_000.0, "Thought for 3 min"),
        (SAID, 0.0, "Thought"),
        ("Foxes, so mice.\n</think>\n\nThey eat **mice**.", 2_000.0, "Thought for 2 s"),
    ],
)
def test_a_thought_is_one_line(reader: Reader, text: str, milliseconds: float, words: str) -> None:
    message = Message(Role.ASSISTANT, text, statistics=Statistics(thinking_ms=milliseconds))
    reader.view.set_entries([user("u"), entry_of(message)])
    assert shown(reader).startswith(f"{words}\n\nThey eat **mice**.")
    assert "Foxes" not in shown(reader)


@pytest.mark.parametrize("state", [State.STOPPED, State.LENGTH, State.STOP])
def test_a_thought_that_never_ended_says_so(reader: Reader, state: State) -> None:
    reader.view.set_entries([answer("a", "<think>\nFoxes", state)])
    assert "Thought, not finished" in reader.view.toPlainText()
    assert "Foxes" not in reader.view.toPlainText()


@pytest.mark.parametrize(
    "text", ["```xml\n<think>\nHm.\n</think>\n```", "Write <think>, then `</think>`.", "<thinking>"]
)
def test_marks_in_an_answer_are_text(reader: Reader, text: str) -> None:
    reader.view.set_entries([user("u"), answer("a", text)])
    assert shown(reader) == text
    assert not [placed for placed in reader.view._scene.spots() if placed.key.kind == "thought"]


def test_what_the_user_writes_is_no_thought(reader: Reader) -> None:
    reader.view.set_entries([user("u", SAID)])
    assert reader.view.toPlainText() == f"You\n{SAID}"


def test_it_unfolds_by_mouse_and_folds_again(reader: Reader) -> None:
    reader.view.set_entries([user("u"), answer("a", SAID)])
    folded, height = reader.picture(), reader.view._scene.column.height
    place = reader.spot(SpotKind.THOUGHT)
    reader.click(place)
    assert "Foxes, so *mice*." in shown(reader)
    assert reader.view._scene.column.height > height
    assert reader.spot(SpotKind.THOUGHT) == place
    reader.click(place)
    assert reader.view._scene.column.height == height
    reader.view._hover(reader.view._scene.spots()[-1].spot.rect.bottomRight())
    reader.view._set_pointed(None)
    reader.view._set_hovered("")
    assert reader.picture() == folded


def test_it_unfolds_by_keyboard(reader: Reader) -> None:
    reader.view.set_entries([answer("a", SAID)])
    assert reader.view.focusNextPrevChild(True)
    QTest.keyClick(reader.view, Qt.Key.Key_Space)
    assert "Foxes" in reader.view.toPlainText()
    QTest.keyClick(reader.view, Qt.Key.Key_Return)
    assert "Foxes" not in reader.view.toPlainText()


def test_unfolding_does_not_run_after_the_end(reader: Reader) -> None:
    long = "<think>\n" + "A line of thought.\n\n" * 80 + "</think>\nYes."
    reader.view.set_entries([answer("a", long)])
    before = reader.spot(SpotKind.THOUGHT)
    reader.click(before)
    assert reader.spot(SpotKind.THOUGHT) == before
    assert not reader.view.follows_end


def test_the_time_is_told_while_it_thinks(reader: Reader, time: Time) -> None:
    write(reader, "<think>", "Foxes.\nWhat do")
    assert shown(reader) == "Thinking …"
    assert reader.view._ticker.runs
    time.now += 3.2
    reader.view.append_text("w", " they")
    assert shown(reader) == "Thinking …"  # calm: once a second
    reader.view._ticker.tick()
    assert shown(reader) == "Thinking … 3 s"
    time.now += 1
    reader.view.append_text("w", " eat?\n</think>\n\nMice.")
    assert shown(reader) == "Thought for 4 s\n\nMice."
    assert not reader.view._ticker.runs
    time.now += 9
    reader.view.append_text("w", " And voles.")
    assert shown(reader) == "Thought for 4 s\n\nMice. And voles."


def test_what_is_thought_just_now_stands_beside_it(reader: Reader, time: Time) -> None:
    write(reader, "<think>", "Foxes, so mice.\nHowever")
    reader.view._ticker.tick()
    reader.view.select_all()
    assert "Foxes, so mice." in reader.view.selected_text()
    assert "However" not in reader.view.selected_text()


@pytest.mark.parametrize("step", [1, 3, 1000])
@pytest.mark.parametrize("unfolded", [False, True])
@pytest.mark.parametrize(
    "text", [SAID, SAID.removeprefix("<think>\n"), "<think>\nHm. *So* a\n- b", "<tho"]
)
def test_a_written_thought_looks_as_it_does_when_it_is_opened_again(
    reader: Reader, time: Time, step: int, unfolded: bool, text: str
) -> None:
    reader.view.set_entries([user("u"), answer("w", "", State.WRITING)])
    for start in range(0, len(text), step):
        reader.view.append_text("w", text[start : start + step])
        if unfolded and reader.view._scene.item("w").body.parts.thinks:
            unfolded = False
            reader.view.fold_thought("w")
    end = answer("w", text, thinking_ms=5_000.0)
    reader.view.update_entry(end)
    grown = reader.picture()
    open_now = reader.view._scene.item("w").body.unfolded
    reader.view.clear()
    reader.view.set_entries([user("u"), end])
    if open_now:
        reader.view.fold_thought("w")
    assert reader.picture() == grown


def test_half_a_mark_is_never_seen(reader: Reader) -> None:
    reader.view.set_entries([user("u"), answer("w", "", State.WRITING)])
    empty = shown(reader)
    for letter in "<thin":
        reader.view.append_text("w", letter)
        assert shown(reader) == empty
    reader.view.append_text("w", "k>Hm")
    reader.view.fold_thought("w")
    before = reader.picture()
    reader.view.append_text("w", "</thi")
    assert reader.picture() == before


def test_the_answer_is_copied_without_the_thought(reader: Reader) -> None:
    reader.view.set_entries([answer("a", SAID)])
    reader.click(reader.spot(SpotKind.COPY_MESSAGE))
    assert clipboard() == "They eat **mice**."
    menu = reader.view._entry_menu("a")
    names = {action.text(): action for action in menu.actions() if action.text()}
    names["Copy with the thought"].trigger()
    assert clipboard() == SAID
    names["Show the thought"].trigger()
    assert "Foxes" in reader.view.toPlainText()


def test_what_is_on_show_is_selected(reader: Reader) -> None:
    reader.view.set_entries([answer("a", SAID)])
    reader.view.select_all()
    assert reader.view.selected_text() == "Thought\n\nThey eat mice."
    reader.view.fold_thought("a")
    reader.view.select_all()
    assert reader.view.selected_text() == "Thought\n\nFoxes, so mice.\n\nThey eat mice."


def test_only_a_thought_is_copied_where_there_is_no_answer(reader: Reader) -> None:
    reader.view.set_entries([answer("a", "<think>\nFoxes", State.STOPPED)])
    reader.view.copy_message("a")
    assert clipboard() == "<think>\nFoxes"


def test_a_thought_that_the_prompt_opened_is_folded_from_its_first_word(
    reader: Reader, time: Time
) -> None:
    """Its opening mark stands in the prompt, so that the answer never has it."""
    parent = QObject()
    presenter = TranscriptPresenter(reader.view, parent)
    writing = Message(Role.ASSISTANT, "", id="w", state=State.WRITING)
    presenter.show(notices.Opened(Conversation(messages=(writing,)), {}))
    presenter.think("w")
    presenter.grow("w", "Foxes, so mice.")
    presenter.flush()
    assert reader.view.toPlainText() == "Cellar\nThinking …"
    stopped = Message(Role.ASSISTANT, "Foxes, so mice.", id="w", state=State.STOPPED)
    presenter.end(stopped)
    assert reader.view.toPlainText() == "Cellar\nThought, not finished\nStopped."
    told = replace(stopped, statistics=Statistics(thinking_ms=900.0))
    reader.view.set_entries([])
    reader.view.set_entries([entry_of(told)])
    assert reader.view.toPlainText() == "Cellar\nThought, not finished\nStopped."


def test_in_the_window_the_thought_and_its_time_are_kept(open_window: Open) -> None:
    """From the engine's words to another start of the program."""
    desk = open_window(Script(answers=(SAID,), pause=0.01, piece=12))
    desk.say("What do foxes eat?")
    desk.until(lambda: "They eat **mice**." in desk.shown and not desk.stopping.isVisible())
    assert "Cellar\nThought for 1 s\n\nThey eat" in desk.shown
    desk.window.close()
    again = open_window()
    again.until(lambda: "They eat" in again.shown)
    assert "Cellar\nThought for 1 s\n\nThey eat" in again.shown
