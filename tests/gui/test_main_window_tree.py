"""Branches and finding in the window with the real services behind it, by keyboard."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QLineEdit, QPlainTextEdit

from desktop.domain.conversation import Conversation, Message, Role
from desktop.engine.fake import Script
from desktop.paths import Paths
from desktop.storage.opening import open_store
from desktop.ui.transcript.entry import Entry
from tests.gui.desk import Desk, Open
from tests.gui.transcript_reader import CTRL, SHIFT

pytestmark = pytest.mark.gui
ALT = Qt.KeyboardModifier.AltModifier
ANSWERS = Script(answers=("First.", "Second.", "Third."), pause=0)


def shown(desk: Desk) -> list[Entry]:
    return [item.entry for item in desk.window.pane.transcript._scene.column.items]


def version(desk: Desk, place: int = -1) -> tuple[int, int]:
    entries = shown(desk)
    return (entries[place].version, entries[place].versions) if entries else (0, 0)


def press(desk: Desk, key: Qt.Key, modifiers: Qt.KeyboardModifier) -> None:
    desk.window.activateWindow()
    desk.qtbot.keyClick(desk.window, key, modifiers)


def test_nothing_that_was_said_is_lost_by_second_thoughts(open_window: Open) -> None:
    desk = open_window(ANSWERS)
    desk.until(lambda: "CPU" in desk.status)
    desk.say("Tell me")
    desk.until(lambda: "First." in desk.shown and not desk.stopping.isVisible())
    press(desk, Qt.Key.Key_R, CTRL)
    desk.until(lambda: "Second." in desk.shown and not desk.stopping.isVisible())
    assert version(desk) == (2, 2)
    press(desk, Qt.Key.Key_Left, ALT)
    desk.until(lambda: version(desk) == (1, 2) and "First." in desk.shown)
    press(desk, Qt.Key.Key_E, CTRL)
    field = desk.child(QPlainTextEdit, "messageEditorField")
    assert isinstance(field, QPlainTextEdit)
    desk.qtbot.keyClicks(field, " more")
    desk.qtbot.keyClick(field, Qt.Key.Key_Return)
    desk.until(lambda: "Third." in desk.shown and not desk.stopping.isVisible())
    assert [entry.text for entry in shown(desk)] == ["Tell me more", "Third."]
    assert version(desk, 0) == (2, 2)
    press(desk, Qt.Key.Key_Up, ALT)
    press(desk, Qt.Key.Key_Up, ALT)
    press(desk, Qt.Key.Key_Delete, CTRL | SHIFT)
    desk.until(lambda: [entry.text for entry in shown(desk)] == ["Tell me", "First."])
    assert "2 messages deleted." in desk.banners()
    press(desk, Qt.Key.Key_T, CTRL | SHIFT)
    desk.until(lambda: [entry.text for entry in shown(desk)] == ["Tell me more", "Third."])


def test_one_finds_what_is_far_above(open_window: Open, tmp_path: Path) -> None:
    store, _ = open_store(Paths.of(str(tmp_path / "data")))
    messages: list[Message] = []
    for number in range(320):
        before = messages[-1].id if messages else ""
        text = f"A needle, {number}" if number in (4, 310) else "Hay"
        messages.append(Message(Role.USER, text, parent_id=before))
    conversation = Conversation(title="Long")
    store.save_conversation(conversation)
    store.save_messages(conversation.id, messages, messages[-1].id)
    store.close()
    desk = open_window(ANSWERS)
    desk.until(lambda: len(shown(desk)) == 200)
    assert "120 earlier messages" in desk.shown
    press(desk, Qt.Key.Key_F, CTRL)
    field, count = desk.child(QLineEdit, "findField"), desk.child(QLabel, "findCount")
    assert isinstance(field, QLineEdit)
    assert isinstance(count, QLabel)
    desk.qtbot.keyClicks(field, "needle")
    desk.until(lambda: count.text() == "1 of 1 · 1 earlier message")
    desk.qtbot.keyClick(field, Qt.Key.Key_Return, SHIFT)
    desk.until(lambda: count.text() == "1 of 1 · 1 later message")
    scene = desk.window.pane.transcript._scene
    assert scene.flashed == messages[4].id
    desk.qtbot.keyClick(field, Qt.Key.Key_Return)
    desk.until(lambda: count.text() == "1 of 1 · 1 earlier message")
    assert scene.flashed == messages[310].id
