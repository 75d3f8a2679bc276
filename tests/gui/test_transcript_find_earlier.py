"""Finding words in the messages of a conversation that are not loaded."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QLineEdit, QPlainTextEdit

from desktop.domain.conversation import Message, Role
from desktop.services.chat import commands, notices
from desktop.services.history.commands import FindIn
from desktop.services.history.notices import FoundIn
from tests.gui.desk import Open
from tests.gui.told import ANSWERED, TALK, Told
from tests.gui.transcript_reader import CTRL, SHIFT

pytestmark = pytest.mark.gui
OLD = Message(Role.ASSISTANT, "It was. Was it?", id="old")
FAR = ["older", *"1234567", "old", "u", "a", "new", "newer"]  # with nine earlier ones


@pytest.fixture
def told(open_window: Open) -> Told:
    return Told(open_window())


def field(told: Told) -> QLineEdit:
    return told.child(QLineEdit, "findField")  # type: ignore[return-value]


def count(told: Told) -> str:
    return told.child(QLabel, "findCount").text()  # type: ignore[attr-defined,no-any-return]


def asked(told: Told) -> list[object]:
    """Of the services, by the bar."""
    return [each for each in told.posted if isinstance(each, (FindIn, commands.OpenChat))]


def find(told: Told, text: str) -> None:
    told.window.pane.find_bar.open()
    field(told).clear()
    told.qtbot.keyClicks(field(told), text)
    told.until(lambda: told.view.finder.sought == text and told.view.finder.result.complete)


def found(told: Told, *ids: str, text: str = "it", problem: str = "") -> None:
    places = tuple(FAR.index(id_) for id_ in ids)
    told.finding.take_history(FoundIn("c", text, ids, problem, places))


def test_one_goes_up_into_messages_that_are_not_loaded(told: Told) -> None:
    told.opened(earlier=9)
    find(told, "it")
    assert asked(told) == [FindIn("c", "it")]
    found(told, "older", "old", "u", "a")
    assert count(told) == "1 of 2 \u00b7 2 earlier messages"
    told.qtbot.keyClick(field(told), Qt.Key.Key_Return)
    assert count(told).startswith("2 of 2")
    told.qtbot.keyClick(field(told), Qt.Key.Key_Return, SHIFT)
    assert asked(told)[1:] == []
    told.qtbot.keyClick(field(told), Qt.Key.Key_Return, SHIFT)
    assert asked(told)[1:] == [commands.OpenChat("c", "old")]
    more = replace(TALK, messages=(OLD, *TALK.messages))
    told.opened(more, earlier=5, same=True, message_id="old")
    told.until(lambda: count(told) == "2 of 4 \u00b7 1 earlier message")  # the last one of it
    assert field(told).hasFocus()
    assert len(asked(told)) == 2  # the disk was asked once


def test_one_goes_down_again_into_messages_that_are_not_loaded(told: Told) -> None:
    told.opened(earlier=9, later=2)
    find(told, "it")
    found(told, "older", "u", "new", "newer")
    assert count(told) == "1 of 2 \u00b7 1 earlier message \u00b7 2 later messages"
    told.qtbot.keyClick(field(told), Qt.Key.Key_Return)
    told.qtbot.keyClick(field(told), Qt.Key.Key_Return)
    assert asked(told)[1:] == [commands.OpenChat("c", "new")]
    new = Message(Role.USER, "It is it, is it?", id="new")
    told.opened(replace(TALK, messages=(new,)), earlier=11, later=1, same=True, message_id="new")
    told.until(lambda: count(told) == "1 of 3 \u00b7 2 earlier messages \u00b7 1 later message")


def test_what_is_only_before_what_is_loaded_is_reached_by_enter(told: Told) -> None:
    told.opened(earlier=9)
    find(told, "zebra")
    assert count(told) == "Nothing found"
    found(told, "old", text="zebra")
    assert count(told) == "Found in 1 earlier message"
    told.qtbot.keyClick(field(told), Qt.Key.Key_Return)
    assert asked(told)[-1] == commands.OpenChat("c", "old")


def test_an_answer_to_an_older_question_is_no_answer(told: Told) -> None:
    told.opened(earlier=9)
    find(told, "it")
    found(told, "old", text="i")
    assert count(told) == "1 of 2"
    found(told, "old")
    told.opened(replace(TALK, id="other"), earlier=2)
    found(told, "old")
    assert "earlier" not in count(told)
    assert asked(told) == [FindIn("c", "it"), FindIn("other", "it")]


def test_messages_that_come_are_searched_where_all_others_are(told: Told) -> None:
    told.opened(earlier=1)
    find(told, "it")
    found(told, "old", "u", "a")
    told.tell(notices.PassageLoaded((OLD,), 0, 2))
    told.until(lambda: count(told).endswith("of 4"))


@pytest.mark.parametrize("temporary", [True, False])
def test_what_cannot_be_searched_is_not_kept_quiet(told: Told, temporary: bool) -> None:
    told.opened(earlier=3, temporary=temporary)
    find(told, "zebra")
    if not temporary:
        found(told, text="zebra", problem="The disk is gone.")
    assert count(told) == "Nothing found \u00b7 earlier messages not searched"
    assert asked(told) == ([] if temporary else [FindIn("c", "zebra")])


def test_nobody_asks_the_disk_when_everything_is_loaded(told: Told) -> None:
    told.opened()
    find(told, "it")
    assert asked(told) == []


def test_closing_the_bar_goes_back_even_where_the_editor_was(told: Told) -> None:
    told.opened()
    told.press(Qt.Key.Key_E, CTRL)
    editor = told.child(QPlainTextEdit, "messageEditorField")
    assert isinstance(editor, QPlainTextEdit)
    told.qtbot.keyClick(editor, Qt.Key.Key_F, CTRL)
    assert field(told).hasFocus()
    told.opened(replace(TALK, id="other", messages=(replace(ANSWERED, id="b"),)))
    told.until(lambda: told.window.findChild(QPlainTextEdit, "messageEditorField") is None)
    told.qtbot.keyClick(field(told), Qt.Key.Key_Escape)
    assert told.view.hasFocus()
    assert not told.view.attended
