"""The column with the real services behind it, and a scripted engine."""

import json
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton

from desktop.services.chat import commands
from desktop.services.history import commands as history
from desktop.services.history.formats import CHOICES
from desktop.services.history.notices import BackupsListed
from desktop.ui.sidebar.chat_model import Heading
from tests.gui.desk import Desk, Open

pytestmark = pytest.mark.gui

JSON = next(each.id for each in CHOICES if each.suffix == ".json")


def titles(desk: Desk) -> list[str]:
    return [each.title for each in desk.window.sidebar.list.chats.chats()]


def say_in_new_chat(desk: Desk, text: str) -> None:
    desk.window.sidebar.head.new_button.click()
    desk.until(lambda: desk.shown == "")
    desk.say(text)
    desk.until(lambda: "scripted answer." in desk.shown)
    desk.until_answered()
    desk.until(lambda: text in titles(desk))


def two_chats(open_window: Open) -> Desk:
    desk = open_window()
    desk.until(lambda: "CPU" in desk.status)
    say_in_new_chat(desk, "Tell me of foxes")
    say_in_new_chat(desk, "Tell me of whales")
    return desk


def test_chats_are_listed_and_opened_and_are_there_after_a_restart(open_window: Open) -> None:
    desk = two_chats(open_window)
    assert titles(desk) == ["Tell me of whales", "Tell me of foxes"]
    desk.qtbot.keyClick(desk.window, Qt.Key.Key_PageDown, Qt.KeyboardModifier.ControlModifier)
    desk.until(lambda: "foxes" in desk.shown)
    assert desk.window.windowTitle() == "Tell me of foxes — Cellar"
    desk.window.close()
    again = open_window()
    again.until(lambda: titles(again) == ["Tell me of whales", "Tell me of foxes"])


def test_a_message_is_found_and_shown(open_window: Open) -> None:
    desk = two_chats(open_window)
    desk.qtbot.keyClicks(desk.window.sidebar.search, "foxes")
    results = desk.window.sidebar.results
    desk.until(lambda: results.hits.rowCount() == 2)  # the title and the message
    place = results.visualRect(results.hits.index(1)).center()
    desk.qtbot.mouseClick(results.viewport(), Qt.MouseButton.LeftButton, pos=place)
    desk.until(lambda: "foxes" in desk.shown)


def test_what_is_deleted_comes_back_by_undo(open_window: Open) -> None:
    desk = two_chats(open_window)
    desk.window._sidebar_presenter.delete()
    desk.until(lambda: titles(desk) == ["Tell me of foxes"])
    desk.click(QPushButton, "bannerAction_undo")
    desk.until(lambda: titles(desk) == ["Tell me of whales", "Tell me of foxes"])


def test_a_temporary_chat_is_never_listed(open_window: Open) -> None:
    desk = open_window()
    desk.until(lambda: "CPU" in desk.status)
    desk.window._sidebar_presenter.new_temporary_chat()
    desk.until(lambda: desk.window.windowTitle() == "Temporary chat — Cellar")
    desk.say("A secret")
    desk.until(lambda: "scripted answer." in desk.shown)
    desk.until_answered()
    assert titles(desk) == []
    desk.window.close()
    again = open_window()
    again.until(lambda: "CPU" in again.status)
    assert titles(again) == []


def test_all_chats_are_exported_and_come_back(open_window: Open, tmp_path: Path) -> None:
    desk = two_chats(open_window)
    path = tmp_path / "out.json"
    desk.window._threads.history.post(history.Export((), path, JSON))
    desk.until(path.exists)
    desk.until(lambda: "2 chats exported to “out.json”." in column_banners(desk))
    assert len(json.loads(path.read_text("utf-8"))["conversations"]) == 2
    other = open_window(data_dir=tmp_path / "other")
    other.until(lambda: "CPU" in other.status)
    other.window._sidebar_presenter.import_files([path])
    other.until(lambda: titles(other) == ["Tell me of whales", "Tell me of foxes"])


def test_a_backup_brings_back_what_was_there(open_window: Open) -> None:
    desk = two_chats(open_window)
    listed: list[BackupsListed] = []
    desk.window._threads.history.noticed.connect(
        lambda notice: listed.append(notice) if isinstance(notice, BackupsListed) else None
    )
    desk.window._threads.history.post(history.BackUp())
    desk.until(lambda: bool(listed))
    fox = desk.window.sidebar.list.chats.chats()[1]
    desk.window._threads.generation.post(commands.RenameChat(fox.id, "Otherwise"))
    desk.until(lambda: "Otherwise" in titles(desk))
    name = next(row.name for row in listed[-1].backups if row.kind == "manual")
    desk.window._sidebar_presenter._backups.restore_wanted.emit(name)
    desk.until(lambda: titles(desk) == ["Tell me of whales", "Tell me of foxes"])
    desk.qtbot.keyClicks(desk.window.sidebar.search, "whales")
    desk.until(lambda: desk.window.sidebar.results.hits.rowCount() == 2)


def column_banners(desk: Desk) -> list[str]:
    return [banner.text() for banner in desk.window.sidebar.banners.banners()]


def test_headings_are_never_taken_for_chats(open_window: Open) -> None:
    desk = two_chats(open_window)
    model = desk.window.sidebar.list.chats
    headings = [row for row in model._rows if isinstance(row, Heading)]
    assert [each.text for each in headings] == ["Today"]
    assert model.flags(model.index(0)) == Qt.ItemFlag.NoItemFlags
