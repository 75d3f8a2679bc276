"""What one does with messages in the window: which commands follow, and what is shown of it."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QLabel, QPlainTextEdit, QPushButton

from desktop.domain.conversation import Conversation, Message, State, Statistics
from desktop.domain.tree import Fork
from desktop.services.chat import commands, notices
from desktop.ui.shortcuts import SHORTCUTS, takes
from desktop.ui.transcript import tools
from desktop.ui.transcript.message_entry import RETRY
from tests.gui.desk import Open
from tests.gui.told import ANSWERED, ASKED, FORKS, TALK, Told
from tests.gui.transcript_reader import CTRL, SHIFT, clipboard

pytestmark = pytest.mark.gui
ALT = Qt.KeyboardModifier.AltModifier


@pytest.fixture
def told(open_window: Open) -> Told:
    return Told(open_window())


def talk_of(**changes: object) -> Conversation:
    answer = replace(ANSWERED, **changes)  # type: ignore[arg-type]
    return replace(TALK, messages=(ASKED, answer))


@pytest.mark.parametrize(
    ("tool", "command"),
    [
        (tools.REGENERATE, commands.Regenerate("a")),
        (tools.AGAIN, commands.MakeAgain("a")),
        (tools.CONTINUE, commands.ContinueAnswer("a")),
        (tools.DELETE, commands.DeleteBranch("a")),
        (tools.PREVIOUS, commands.ChooseBranch("x")),
        (tools.NEXT, commands.ChooseBranch("z")),
    ],
)
def test_each_tool_is_a_command(told: Told, tool: str, command: object) -> None:
    told.opened(forks=FORKS)
    told.view.use_tool("a", tool)
    assert told.posted == [command]


@pytest.mark.parametrize(
    ("text", "command"), [("Half", commands.Regenerate("a")), ("", commands.Retry())]
)
def test_trying_again_never_overwrites_what_was_written(
    told: Told, text: str, command: object
) -> None:
    told.opened(talk_of(text=text, state=State.FAILED, problem="The engine ended."))
    told.view.action_triggered.emit("a", RETRY)
    assert told.posted == [command]


def test_nothing_is_written_anew_while_an_answer_is_being_written(told: Told) -> None:
    told.opened(talk_of(state=State.WRITING))
    told.view.use_tool("a", tools.REGENERATE)
    told.press(Qt.Key.Key_R, CTRL)
    told.press(Qt.Key.Key_E, CTRL)
    assert told.posted == []
    assert told.window.findChild(QPlainTextEdit, "messageEditorField") is None
    told.tell(notices.AnswerEnded(ANSWERED))
    told.press(Qt.Key.Key_R, CTRL)
    told.press(Qt.Key.Key_R, CTRL)
    assert told.posted == [commands.Regenerate("a")]


def test_a_refusal_ends_the_waiting(told: Told) -> None:
    told.opened()
    told.view.use_tool("a", tools.REGENERATE)
    assert told.stopping.isVisible()
    told.tell(notices.Trouble("That does not work."))
    assert not told.stopping.isVisible()


def test_the_keys_of_the_last_messages(told: Told) -> None:
    told.opened(forks=FORKS)
    told.press(Qt.Key.Key_C, CTRL | Qt.KeyboardModifier.ShiftModifier)
    assert clipboard() == "Yes, **it** is."
    told.press(Qt.Key.Key_Left, ALT)
    told.press(Qt.Key.Key_Right, ALT)
    assert told.posted == [commands.ChooseBranch("x"), commands.ChooseBranch("z")]
    told.press(Qt.Key.Key_E, CTRL)
    field = told.child(QPlainTextEdit, "messageEditorField")
    assert isinstance(field, QPlainTextEdit)
    told.qtbot.keyClicks(field, " Really?")
    told.qtbot.keyClick(field, Qt.Key.Key_Return)
    assert told.posted[-1] == commands.EditMessage("u", "Is it so? Really?")


@pytest.mark.parametrize(
    ("key", "modifiers", "command"),
    [
        (Qt.Key.Key_R, CTRL, commands.Regenerate("a")),
        (Qt.Key.Key_R, CTRL | SHIFT, commands.MakeAgain("a")),
        (Qt.Key.Key_Return, CTRL | SHIFT, commands.ContinueAnswer("a")),
        (Qt.Key.Key_Delete, CTRL | SHIFT, commands.DeleteBranch("a")),
    ],
)
def test_keys_are_about_the_last_message(
    told: Told, key: Qt.Key, modifiers: Qt.KeyboardModifier, command: object
) -> None:
    told.opened(talk_of(state=State.LENGTH, statistics=Statistics()))
    told.press(key, modifiers)
    assert told.posted == [command]


def test_keys_are_about_the_message_with_the_focus(told: Told) -> None:
    first = (replace(ASKED, id="u0"), replace(ANSWERED, id="a0"))
    told.opened(replace(TALK, messages=(*first, *TALK.messages)))
    for _ in range(3):
        told.qtbot.keyClick(told.window, Qt.Key.Key_Up, ALT)
    assert told.view.attended == "a0"
    told.qtbot.keyClick(told.view, Qt.Key.Key_Delete, CTRL | SHIFT)
    told.qtbot.keyClick(told.view, Qt.Key.Key_R, CTRL)
    assert told.posted == [commands.DeleteBranch("a0"), commands.Regenerate("a0")]


def test_what_an_answer_does_not_offer_its_keys_do_not_do(told: Told) -> None:
    told.opened()
    told.press(Qt.Key.Key_R, CTRL | SHIFT)
    told.press(Qt.Key.Key_Return, CTRL | SHIFT)
    assert told.posted == []
    assert not told.stopping.isVisible()


def test_versions_come_and_go_with_what_the_service_tells(told: Told) -> None:
    told.opened()
    assert told.view._scene.item("a").entry.versions == 1
    told.tell(notices.ForksChanged(FORKS))
    entry = told.view._scene.item("a").entry
    assert (entry.version, entry.versions) == (2, 3)
    told.tell(notices.ForksChanged({}))
    assert told.view._scene.item("a").entry.versions == 1


def test_the_keyboard_stays_on_the_arrow_when_the_version_changes(told: Told) -> None:
    told.opened(forks=FORKS)
    while not told.view.attended or told.view._scene.focused.value != tools.NEXT:
        told.view._move_focus(1)
    told.view.press(told.view.scene.focused)
    third = replace(ANSWERED, id="z", text="No.")
    told.opened(
        replace(TALK, messages=(ASKED, third)), forks={"z": Fork(("x", "a", "z"), 2)}, same=True
    )
    assert told.view.attended == "z"
    assert "No." in told.shown


def test_a_continued_answer_grows_again(told: Told) -> None:
    told.opened(talk_of(text="One two", state=State.LENGTH))
    told.tell(notices.AnswerGrew("a", " three"))
    assert told.stopping.isVisible()
    told.until(lambda: "One two three" in told.shown)
    told.tell(notices.AnswerEnded(replace(ANSWERED, text="One two three")))
    assert not told.stopping.isVisible()
    assert "Cut at" not in told.shown


def test_a_deleted_branch_can_be_brought_back(told: Told) -> None:
    told.opened()
    told.tell(notices.BranchDeleted(3))
    assert told.banners()[-1] == "3 messages deleted."
    told.click(QPushButton, "bannerAction_undoBranch")
    assert told.posted == [commands.UndoDeleteBranch()]
    assert "3 messages deleted." not in told.banners()
    told.press(Qt.Key.Key_T, CTRL | SHIFT)
    assert len(told.posted) == 1
    told.tell(notices.BranchDeleted(2))
    told.press(Qt.Key.Key_T, CTRL | SHIFT)
    assert told.posted == 2 * [commands.UndoDeleteBranch()]
    told.tell(notices.BranchDeleted(1))
    assert told.banners()[-1] == "1 message deleted."
    told.opened(replace(TALK, id="other"))
    assert "1 message deleted." not in told.banners()


def test_the_draft_is_kept_soon_and_at_once_when_one_leaves(told: Told) -> None:
    told.opened()
    told.qtbot.keyClicks(told.composer, "Half a")
    assert told.posted == []
    told.until(lambda: told.posted == [commands.SaveDraft("Half a")])
    told.qtbot.keyClicks(told.composer, " thought")
    told.presenter.flush()
    assert told.posted[-1] == commands.SaveDraft("Half a thought")
    told.presenter.flush()
    assert len(told.posted) == 2


def test_each_conversation_has_its_own_draft(told: Told) -> None:
    told.opened()
    told.qtbot.keyClicks(told.composer, "Mine")
    told.presenter.flush()
    told.opened(replace(TALK, id="other"), draft="Another")
    assert told.composer.toPlainText() == "Another"
    told.opened(replace(TALK, id="other"), draft="", same=True)
    assert told.composer.toPlainText() == "Another"
    told.opened(replace(TALK, id="third"))
    assert told.composer.toPlainText() == ""
    told.presenter.flush()
    assert told.posted == [commands.SaveDraft("Mine")]


def test_what_is_sent_is_no_draft_any_more(told: Told) -> None:
    told.opened(draft="To be sent")
    told.composer.setFocus()
    told.qtbot.keyClick(told.composer, Qt.Key.Key_Return)
    told.presenter.flush()
    assert told.posted == [commands.Send("To be sent"), commands.SaveDraft("")]


@pytest.mark.parametrize("messages", [(), (ASKED, ANSWERED)])
def test_a_temporary_chat_says_so(told: Told, messages: tuple[Message, ...]) -> None:
    line = told.child(QLabel, "temporaryLine")
    assert isinstance(line, QLabel)
    told.opened(replace(TALK, messages=messages), temporary=True)
    assert line.isVisible()
    assert told.status.startswith("temporary")
    told.opened()
    assert not line.isVisible()
    assert "temporary" not in told.status


def test_earlier_messages_are_asked_for_once_and_come_before(told: Told) -> None:
    long = [replace(ANSWERED, id=f"m{i}", text="A line.\n\n" * 30) for i in range(6)]
    told.opened(replace(TALK, messages=tuple(long)), earlier=4)
    assert told.earlier_asked() == 0
    bar = told.view.verticalScrollBar()
    above = bar.value() - told.view._scene.top  # of the messages that are not loaded
    assert above > 4 * 100
    for value in (300, 200, 100):
        bar.setValue(above + value)
    assert told.earlier_asked() == 1
    before = [replace(ANSWERED, id=f"e{i}", text="Before.\n\n" * 30) for i in range(4)]
    first = told.view._scene.column.tops[0] - told.view._scene.top
    told.tell(notices.PassageLoaded(tuple(before), 0, 6))
    scene = told.view._scene
    assert scene.column.tops[scene.index("m0")] - scene.top == first
    bar.setValue(0)
    assert told.earlier_asked() == 1


def test_earlier_messages_that_could_not_be_read_are_asked_for_again(told: Told) -> None:
    told.opened(earlier=4)
    assert told.earlier_asked() == 1
    assert "4 earlier messages" in told.shown
    told.tell(notices.Trouble("The disk is busy."))
    told.view.near_top.emit()
    assert told.earlier_asked() == 2


def test_an_answer_in_another_chat_is_told_in_the_status_line(told: Told) -> None:
    told.opened()
    told.tell(notices.AnswerElsewhere("other"))
    assert told.status.startswith("Writing an answer in another chat")
    told.tell(notices.AnswerElsewhere(""))
    assert "another" not in told.status


def test_a_message_that_was_searched_is_shown(told: Told) -> None:
    long = [replace(ANSWERED, id=f"m{i}", text="A line.\n\n" * 30) for i in range(6)]
    told.opened(replace(TALK, messages=tuple(long)), message_id="m2")
    scene = told.view._scene
    assert 0 <= scene.column.tops[2] - scene.top <= 60
    assert scene.flashed == "m2"


def test_statistics_with_whole_numbers_are_shown(told: Told) -> None:
    whole = Statistics(tokens_per_s=48, ttft_ms=300)
    told.opened(talk_of(statistics=whole))
    assert told.view._scene.item("a").entry.note.startswith("48 tok/s")


# The table of shortcuts


def test_every_shortcut_has_keys_of_its_own() -> None:
    sequences = [QKeySequence(each.keys).toString() for each in SHORTCUTS]
    assert all(sequences)
    assert len(set(sequences)) == len(sequences)
    assert len({each.id for each in SHORTCUTS}) == len(SHORTCUTS)


def test_the_window_wants_its_keys_even_where_a_field_has_them_too() -> None:
    assert takes(QKeySequence("Ctrl+E")[0])
    assert not takes(QKeySequence("Return")[0])
    assert not takes(QKeySequence("Alt+Left")[0])
    assert not takes(QKeySequence("Ctrl+C")[0])
