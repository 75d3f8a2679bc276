"""Attachments in the whole window: dropped, sent, shown as chips, kept."""

import json
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent
from PySide6.QtWidgets import QFileDialog, QLabel, QToolButton

from desktop.domain.attachments import attachment_of, composed
from desktop.engine.fake import Script
from desktop.exporters.common import Options
from desktop.exporters.json_format import write
from desktop.ui.composer.composer import Composer
from desktop.ui.transcript.item import SpotKind
from desktop.ui.transcript.scene import PlacedSpot
from tests.chat_trees import dialogue
from tests.gui.desk import ENDLESS, Desk, Open

pytestmark = pytest.mark.gui

NOTES = "The fox is red.\nIt sleeps by day.\n"


@pytest.fixture
def notes(tmp_path: Path) -> Path:
    path = tmp_path / "notes.txt"
    path.write_text(NOTES, "utf-8")
    return path


def drop(desk: Desk, *paths: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    copy, left = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
    none = Qt.KeyboardModifier.NoModifier
    desk.window.dropEvent(QDropEvent(QPointF(5, 5), copy, data, left, none))


def composer_of(desk: Desk) -> Composer:
    return desk.window.pane.composer


def attached(desk: Desk) -> list[str]:
    return [each.name for each in composer_of(desk).attachments]


def problem(desk: Desk) -> str:
    labels = composer_of(desk).findChildren(QLabel)
    shown = (each for each in labels if each.property("kind") == "danger" and each.isVisible())
    return " ".join(label.text() for label in shown)


def chips(desk: Desk) -> list[PlacedSpot]:
    spots = desk.window.pane.transcript._scene.spots()
    return [spot for spot in spots if spot.key.kind is SpotKind.ATTACHMENT]


def click(desk: Desk, spot: PlacedSpot) -> None:
    viewport = desk.window.pane.transcript.viewport()
    place = spot.spot.rect.center().toPoint()
    desk.qtbot.mouseClick(viewport, Qt.MouseButton.LeftButton, pos=place)


def test_a_dropped_file_is_sent_as_quoted_text_and_shown_as_a_chip(
    open_window: Open, notes: Path
) -> None:
    desk = open_window()
    drop(desk, notes)
    desk.until(lambda: attached(desk) == ["notes.txt"])
    desk.say("Which colour?")
    desk.until(lambda: bool(desk.generated()))
    desk.until_answered()
    told = desk.generated()[0].turns[-1].content
    assert told == composed([attachment_of("notes.txt", NOTES)], "Which colour?")[0]
    assert attached(desk) == []
    [chip] = chips(desk)
    assert chip.spot.label == "Show notes.txt, 2 lines"
    assert "The fox is red." not in desk.shown
    click(desk, chip)
    assert "The fox is red." in desk.shown
    assert chips(desk)[0].spot.label == "Hide notes.txt, 2 lines"
    click(desk, chips(desk)[0])
    assert "The fox is red." not in desk.shown
    assert "Which colour?" in desk.shown


def test_files_over_the_window_are_shown_where_to_go(open_window: Open, notes: Path) -> None:
    desk = open_window()
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(notes))])
    copy, left = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
    none = Qt.KeyboardModifier.NoModifier
    invitation = "Drop the files here to attach them"
    before = composer_of(desk).hint()
    desk.window.dragEnterEvent(QDragEnterEvent(QPoint(5, 5), copy, data, left, none))
    assert composer_of(desk).hint() == invitation
    desk.window.dragLeaveEvent(QDragLeaveEvent())
    assert composer_of(desk).hint() == before
    composer_of(desk).field.dragEnterEvent(QDragEnterEvent(QPoint(5, 5), copy, data, left, none))
    assert composer_of(desk).hint() == invitation
    drop(desk, notes)
    assert composer_of(desk).hint() != invitation


def test_an_edited_message_keeps_its_files(open_window: Open, notes: Path) -> None:
    desk = open_window()
    drop(desk, notes)
    desk.until(lambda: attached(desk) == ["notes.txt"])
    desk.say("Which colour?")
    desk.until_answered()
    desk.until(lambda: len(desk.generated()) == 1)
    transcript = desk.window.pane.transcript
    [first, _] = [item.entry for item in transcript._scene.column.items]
    assert first.text == "Which colour?"
    transcript.edited.emit(first.id, "Which animal?")
    desk.until(lambda: len(desk.generated()) == 2)
    desk.until_answered()
    told = desk.generated()[1].turns[-1].content
    assert told == composed([attachment_of("notes.txt", NOTES)], "Which animal?")[0]
    assert len(chips(desk)) == 1


def test_a_draft_keeps_its_files_through_another_chat_and_a_restart(
    open_window: Open, notes: Path
) -> None:
    desk = open_window()
    desk.until(lambda: not desk.status.startswith("Starting"))
    drop(desk, notes)
    desk.until(lambda: attached(desk) == ["notes.txt"])
    presenter = desk.window._sidebar_presenter
    desk.until(lambda: bool(presenter._current))
    presenter.new_chat()
    desk.until(lambda: attached(desk) == [])
    presenter.go(1)
    desk.until(lambda: attached(desk) == ["notes.txt"])
    desk.window.close()
    again = open_window()
    again.until(lambda: attached(again) == ["notes.txt"])


def test_the_attach_button_opens_the_systems_dialog(
    open_window: Open, notes: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = open_window()
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *_: ([str(notes)], ""))
    desk.click(QToolButton, "attachButton")
    desk.until(lambda: attached(desk) == ["notes.txt"])


def test_what_cannot_be_attached_is_told_in_place_and_nothing_is_lost(
    open_window: Open, notes: Path, tmp_path: Path
) -> None:
    desk = open_window()
    composer_of(desk).set_text("Which colour?")
    (tmp_path / "cat.png").write_bytes(b"x")
    (tmp_path / "a.out").write_bytes(b"\x7fELF\0")
    drop(desk, tmp_path / "cat.png", notes, tmp_path / "a.out")
    desk.until(lambda: "“cat.png” is a picture" in problem(desk))
    assert "“a.out” is not a text file" in problem(desk)
    assert attached(desk) == ["notes.txt"]
    assert composer_of(desk).text() == "Which colour?"


def test_exported_chats_are_imported_and_other_json_is_attached(
    open_window: Open, tmp_path: Path
) -> None:
    desk = open_window()
    chats, other = tmp_path / "chats.json", tmp_path / "package.json"
    chats.write_text("".join(write([dialogue("Hello", "Hi", title="Kept")], Options())), "utf-8")
    other.write_text(json.dumps({"name": "fox"}), "utf-8")
    drop(desk, chats, other)
    desk.until(lambda: attached(desk) == ["package.json"])
    rows = desk.window.sidebar.list.model()
    desk.until(lambda: "Kept" in [str(rows.index(row, 0).data()) for row in range(rows.rowCount())])


def test_what_was_sent_can_be_taken_up_again_in_another_chat(
    open_window: Open, notes: Path
) -> None:
    desk = open_window(ENDLESS)
    drop(desk, notes)
    desk.until(lambda: attached(desk) == ["notes.txt"])
    desk.say("Which colour?")
    desk.until(desk.stopping.isVisible)
    desk.qtbot.keyClick(desk.composer, Qt.Key.Key_Escape)
    desk.until_answered()
    desk.window._sidebar_presenter.new_chat()
    desk.until(lambda: "word" not in desk.shown)
    desk.qtbot.keyClick(desk.composer, Qt.Key.Key_Up)
    assert composer_of(desk).text() == "Which colour?"
    assert attached(desk) == ["notes.txt"]


def test_tokens_are_counted_while_one_writes(open_window: Open) -> None:
    desk = open_window(Script(pause=0))
    composer_of(desk).attach([attachment_of("notes.txt", NOTES)])
    desk.qtbot.keyClicks(desk.composer, "Which colour is it?")
    weight = composer_of(desk).findChild(QLabel, "draftTokens")
    assert weight is not None
    desk.until(lambda: weight.text() == "12 tokens")  # the scripted engine counts words
    composer_of(desk).set_text("")
    composer_of(desk).set_attachments([])
    desk.until(lambda: weight.text() == "")


def test_what_will_be_left_out_is_told_while_one_writes(open_window: Open) -> None:
    desk = open_window(Script(pause=0, used=4000, unseen=(0, 1)))
    desk.say("One")
    desk.until_answered()
    desk.until(lambda: len(desk.generated()) == 1)
    desk.qtbot.keyClicks(desk.composer, "Two")
    label = composer_of(desk)._fit
    desk.until(lambda: "no longer see the 2 oldest messages" in label.text())
    desk.qtbot.keyClicks(desk.composer, "!")
    assert label.text() == ""
