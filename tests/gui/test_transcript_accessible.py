"""What a screen reader is told of the transcript."""

import gc
from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QAccessibleInterface,
    QKeyEvent,
)
from PySide6.QtWidgets import QApplication, QToolButton

from desktop.domain.conversation import State
from desktop.ui import motion
from desktop.ui.transcript import accessible
from desktop.ui.transcript.item import SpotKind
from tests.gui.transcript_reader import Reader, answer, clipboard, talk, user

pytestmark = pytest.mark.gui
NAME = QAccessible.Text.Name
LONG = "A first sentence, which is long enough. And a second one after it."


@pytest.fixture(autouse=True)
def listening() -> Iterator[None]:
    """As with a screen reader."""
    QAccessible.setActive(True)
    yield
    QAccessible.setActive(False)


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """What Qt passes on to it."""
    events: list[object] = []

    def note(event: object) -> None:
        if isinstance(event, QAccessibleAnnouncementEvent):
            events.append(event.message())
        elif event.type() is QAccessible.Event.Focus:  # type: ignore[attr-defined]
            events.append(event.accessibleInterface().text(NAME))  # type: ignore[attr-defined]

    monkeypatch.setattr(QAccessible, "updateAccessibility", note)
    return events


def heard(reader: Reader) -> QAccessibleInterface:
    found = QAccessible.queryAccessibleInterface(reader.view)
    assert isinstance(found, accessible.TranscriptAccess)
    return found


def children(of: QAccessibleInterface) -> list[QAccessibleInterface]:
    return [of.child(index) for index in range(of.childCount())]


def test_the_messages_in_view_are_a_list(reader: Reader) -> None:
    note = "48 tok/s"
    reader.view.set_entries(
        [user("u", "Is it?"), answer("a", "It **is**.", State.STOPPED, note=note)]
    )
    access = heard(reader)
    assert (access.role(), access.text(NAME)) == (QAccessible.Role.List, "Conversation")
    question, reply = children(access)
    assert question.role() == QAccessible.Role.ListItem
    assert question.text(NAME) == "You: Is it?"
    assert reply.text(NAME) == "Cellar: It **is**.\nStopped.\n48 tok/s"
    assert reply.parent() is access
    assert [access.indexOfChild(each) for each in (question, reply)] == [0, 1]
    middle = reply.rect().center()
    assert access.childAt(middle.x(), middle.y()) is reply
    corner = reader.view.mapToGlobal(QPoint(0, 0))
    assert question.rect().top() >= corner.y()
    assert question.rect().bottom() <= reply.rect().top() + 1


def test_only_what_is_in_view_is_told_and_the_rest_counted(reader: Reader) -> None:
    reader.view.set_entries(talk(60), earlier=5)
    access = heard(reader)
    assert 1 <= access.childCount() < 12
    assert access.text(QAccessible.Text.Description) == "5 earlier messages"
    reader.view._scroll_by(-3000)
    assert reader.jump.isVisible()
    names = [each.text(NAME) for each in children(access)]
    assert "Jump to the latest message" in names


def test_what_can_be_done_is_pressed(reader: Reader) -> None:
    reader.view.set_entries([user("u"), answer("a", "See [this](https://example.org/x).")])
    _, reply = children(heard(reader))
    spots = {each.text(NAME): each for each in children(reply)}
    link = spots["https://example.org/x"]
    assert link.role() == QAccessible.Role.Link
    action = link.actionInterface()
    assert action.actionNames() == ["Press"]
    action.doAction("Press")
    assert reader.links == ["https://example.org/x"]
    copy = next(each for name, each in spots.items() if name.startswith("Copy"))
    assert copy.role() == QAccessible.Role.Button
    assert reader.view.rect().contains(reader.view.mapFromGlobal(copy.rect().center()))
    copy.actionInterface().doAction("Press")
    assert clipboard().startswith("See [this]")


def test_the_focus_is_told(reader: Reader, told: list[object]) -> None:
    reader.view.set_entries([user("u"), answer("a", "See [this](https://example.org/x).")])
    reader.view.setFocus()
    reader.view._scene.focused = None
    assert reader.view._move_focus(1)
    keys = [each.key for each in reader.view.scene.spots()]
    while reader.view.scene.focused and reader.view.scene.focused.kind is not SpotKind.LINK:
        assert reader.view.scene.focused in keys
        reader.view._move_focus(1)
    focused = heard(reader).focusChild()
    assert focused.text(NAME) == told[-1] == "https://example.org/x"
    assert focused.state().focused


def test_interfaces_outlive_what_they_were_for(reader: Reader) -> None:
    kept = []
    for turn in range(4):
        reader.view.set_entries([replace(each, id=f"{turn}{each.id}") for each in talk(5)])
        message = children(heard(reader))[-1]
        kept += [message, *children(message)]
        ids = [QAccessible.uniqueId(each) for each in kept]
        gc.collect()
        QApplication.processEvents()
    assert all(QAccessible.accessibleInterface(each) is not None for each in ids)
    assert [each.isValid() for each in kept].count(True) < len(kept)
    assert not kept[0].isValid()
    assert (kept[0].text(NAME), kept[0].childCount(), kept[0].rect().isNull()) == ("", 0, True)


def test_of_very_many_messages_the_oldest_are_forgotten(
    reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(accessible, "KEPT", 3)
    for turn in range(6):
        reader.view.set_entries([user(f"{turn}{n}") for n in range(2)])
        for message in children(heard(reader)):
            QAccessible.uniqueId(message)
            children(message)
    gc.collect()
    assert len(heard(reader)._messages) == 3  # type: ignore[attr-defined]


def test_an_answer_is_told_by_sentence_and_once(reader: Reader, told: list[object]) -> None:
    reader.view.set_entries([user("u"), answer("a", "", State.WRITING)])
    for start in range(0, len(LONG), 5):
        reader.view.append_text("a", LONG[start : start + 5])
    assert told == ["Cellar\nA first sentence, which is long enough."]
    reader.view.update_entry(answer("a", LONG))
    assert told[1:] == ["And a second one after it.\nAnswer complete"]


def test_how_an_answer_failed_is_told(reader: Reader, told: list[object]) -> None:
    reader.view.set_entries([user("u"), answer("a", "", State.WRITING)])
    reader.view.update_entry(answer("a", "Half", State.FAILED, problem="The engine is gone."))
    assert told == ["Cellar\nHalf\nThe engine is gone."]


@pytest.mark.parametrize(("reduced", "glides"), [("on", False), ("off", True)])
def test_nothing_glides_or_blinks_when_motion_is_reduced(
    reader: Reader, reduced: str, glides: bool
) -> None:
    motion.choose(reduced)
    try:
        reader.view.set_entries([*talk(20), answer("w", "Writing", State.WRITING)])
        top = reader.bar.value()
        reader.view.keyPressEvent(_key(Qt.Key.Key_PageUp))
        assert reader.view._glide._timer.isActive() is glides
        assert reader.view._blink.isActive() is glides
        assert glides or top - reader.bar.value() > 400
        reader.view.show_entry("u3")
        assert reader.view._flash._animated is glides
    finally:
        motion.choose("system")


def _key(key: Qt.Key) -> QKeyEvent:
    return QKeyEvent(QEvent.Type.KeyPress, key, Qt.KeyboardModifier.NoModifier)


def test_the_way_to_the_end_is_a_button_with_a_name(reader: Reader) -> None:
    button = reader.view.findChild(QToolButton, "jumpToLatest")
    assert button
    assert button.accessibleName()
