"""The column in its window: folding away, files, backups, shortcuts."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QShortcut
from PySide6.QtWidgets import QFileDialog, QLineEdit, QPushButton

from desktop.services.chat import commands
from desktop.services.history import commands as history
from desktop.services.history import notices
from desktop.services.history.formats import CHOICES
from desktop.services.house.commands import SaveSetting
from desktop.ui.dialogs.shortcuts_dialog import ShortcutsDialog
from desktop.ui.shortcuts import SHORTCUTS, WRITING
from desktop.ui.sidebar.files import file_stem
from tests.gui.hand_fed import HandFed, chat, listed

pytestmark = pytest.mark.gui

CTRL = Qt.KeyboardModifier.ControlModifier
BACKUP = notices.BackupRow("chats-daily-1.db", datetime.now(UTC), 4096, "daily", 12)


def trigger(fed: HandFed, name: str) -> None:
    action = fed.sidebar.findChild(QAction, name)
    assert action is not None, name
    action.trigger()


# folding away


def test_the_column_folds_away_and_the_window_remembers(fed: HandFed) -> None:
    assert fed.sidebar.isVisible()
    fed.press(fed.window, Qt.Key.Key_B, CTRL)
    assert not fed.sidebar.isVisible()
    assert fed.window.pane.sidebar_button.isVisible()
    fed.window.close()
    assert not fed.settings.switch("show_sidebar")
    assert SaveSetting("show_sidebar") in fed.house.asked
    fed.window.pane.sidebar_button.click()
    assert fed.sidebar.isVisibleTo(fed.window)


def test_a_narrow_window_has_it_over_the_chat_when_asked(fed: HandFed) -> None:
    fed.tell(listed(chat("Fox")))
    fed.window.resize(480, 700)
    assert not fed.sidebar.isVisible()
    width = fed.window.pane.width()
    fed.press(fed.window, Qt.Key.Key_B, CTRL)
    assert fed.sidebar.isVisible()
    assert fed.window.pane.width() == width
    fed.click_row("Fox")
    assert not fed.sidebar.isVisible()
    fed.press(fed.window, Qt.Key.Key_K, CTRL)
    assert fed.sidebar.search.hasFocus()
    fed.press(fed.sidebar.search, Qt.Key.Key_Escape)
    assert not fed.sidebar.isVisible()
    fed.window.resize(1200, 700)
    assert fed.sidebar.isVisible()
    assert fed.sidebar.geometry().right() < fed.window.pane.geometry().left() + 1


# files


def test_an_export_asks_where_and_in_which_format(
    fed: HandFed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    offered: list[str] = []

    def ask(_parent: object, _title: str, name: str, filters: str, _first: str) -> tuple[str, str]:
        offered.extend((name, *filters.split(";;")))
        return str(tmp_path / "mine"), next(each for each in offered if "*.html" in each)

    monkeypatch.setattr(QFileDialog, "getSaveFileName", ask)
    fed.tell(listed(chat("Fox: a story?")))
    fed.opened(chat("Fox: a story?"))
    fed.click_row("Fox: a story?", menu=True)
    trigger(fed, "do_export")
    html = next(each.id for each in CHOICES if each.suffix == ".html")
    ids = (chat("Fox: a story?").id,)
    assert fed.history.asked == [history.Export(ids, tmp_path / "mine.html", html)]
    assert Path(offered[0]).name.startswith("Fox a story.")
    suffixes = [each.rpartition("*")[2].rstrip(")") for each in offered[1:]]
    assert sorted(suffixes) == [".html", ".json", ".jsonl", ".jsonl", ".md", ".txt"]


def test_an_import_shows_how_far_it_is_and_can_be_stopped(
    fed: HandFed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = str(tmp_path / "conversations.json")
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *_: ([name], ""))
    trigger(fed, "importChats")
    assert fed.history.asked == [history.Import((Path(name),))]
    fed.tell_history(notices.Transferring("conversations.json", 0, True))
    assert not fed.sidebar.transfer.isVisible()
    fed.until(fed.sidebar.transfer.isVisible)
    fed.tell_history(notices.Transferring("conversations.json", 1204, True))
    assert "conversations.json" in fed.sidebar.transfer.text()
    assert "204" in fed.sidebar.transfer.text()
    stop = fed.sidebar.findChild(QPushButton, "stopTransfer")
    fed.qtbot.mouseClick(stop, Qt.MouseButton.LeftButton)
    assert fed.history.asked[-1] == history.StopTransfer()
    fed.tell_history(notices.TransferStopped())
    assert not fed.sidebar.transfer.isVisible()
    assert fed.banners() == ["Stopped; nothing of the file was kept."]


def test_what_was_imported_is_told_and_listed(fed: HandFed) -> None:
    skipped = tuple(f"Chat {number}: no." for number in range(5))
    fed.tell_history(notices.Imported("a.json", "2 chats imported, 5 left out.", skipped, 2))
    assert fed.banners() == [
        "2 chats imported, 5 left out.\nChat 0: no.\nChat 1: no.\nChat 2: no.\nAnd 2 more."
    ]
    assert fed.chat.asked == [commands.ListChats(False)]


def test_what_goes_wrong_is_a_sentence_in_its_place(fed: HandFed) -> None:
    fed.tell_history(notices.Transferring("a.json", 5, True))
    fed.tell_history(notices.HistoryTrouble("The file is a ZIP archive.", "Unpack it."))
    assert fed.banners() == ["The file is a ZIP archive. Unpack it."]
    fed.qtbot.wait(350)
    assert not fed.sidebar.transfer.isVisible()


@pytest.mark.parametrize(
    ("title", "stem"),
    [
        ("a/b\\c: d?", "a b c d"),
        ("..", "Chat"),
        ("", "Chat"),
        ("日本 🎂", "日本"),
        ("x" * 99, "x" * 60),
    ],
)
def test_a_title_makes_a_file_name_that_every_system_takes(title: str, stem: str) -> None:
    assert file_stem(title) == stem


# backups


def test_a_backup_is_restored_after_a_question_in_its_place(fed: HandFed) -> None:
    trigger(fed, "showBackups")
    assert fed.history.asked == [history.ListBackups()]
    fed.tell_history(notices.BackupsListed((BACKUP,)))
    popover = fed.presenter._backups
    row = popover.findChild(object, f"backup_{BACKUP.name}")
    fed.qtbot.mouseClick(row.findChild(QPushButton, "ask"), Qt.MouseButton.LeftButton)
    assert fed.chat.asked == []
    fed.qtbot.mouseClick(row.findChild(QPushButton, "confirm"), Qt.MouseButton.LeftButton)
    assert fed.history.asked[-1] == history.ReadyRestore(BACKUP.name)
    assert not popover.isVisible()
    fed.tell_history(notices.RestoreReady(BACKUP.name))
    assert fed.chat.asked == [commands.RestoreBackup(BACKUP.name)]


def test_a_backup_is_made_and_deleted_chats_are_erased_on_request(fed: HandFed) -> None:
    trigger(fed, "showBackups")
    fed.tell_history(notices.BackupsListed(()))
    popover = fed.presenter._backups
    button = popover.findChild(QPushButton, "backUpNow")
    fed.qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert not button.isEnabled()
    fed.tell_history(notices.BackupsListed((BACKUP,)))
    assert button.isEnabled()
    erase = popover.findChild(object, "purgeChats")
    fed.qtbot.mouseClick(erase.findChild(QPushButton, "ask"), Qt.MouseButton.LeftButton)
    fed.qtbot.mouseClick(erase.findChild(QPushButton, "confirm"), Qt.MouseButton.LeftButton)
    assert fed.chat.asked == [commands.PurgeChats()]
    assert history.BackUp() in fed.history.asked
    popover.close()


def test_the_popover_is_as_high_as_what_it_asks(fed: HandFed) -> None:
    fed.presenter._backups.show_under(fed.sidebar.head.more)
    rows = [
        notices.BackupRow(f"{day}.db", BACKUP.made_at - timedelta(days=day), 10, "daily", day)
        for day in range(4)
    ]
    popover = fed.presenter._backups
    popover.show_backups(rows)
    for each in popover.findChildren(QPushButton, "ask"):
        each.click()
    fed.qtbot.wait(20)
    assert popover._list.geometry().bottom() < popover._back_up.geometry().top()
    assert popover._purge.geometry().bottom() < popover.height()
    popover.close()


# shortcuts


def test_every_shortcut_is_bound_once(fed: HandFed) -> None:
    bound = [each.objectName() for each in fed.window.findChildren(QShortcut)]
    buttons = {each.shortcut().toString() for each in fed.window.pane.findChildren(QPushButton)} | {
        button.shortcut().toString() for button in _tool_buttons(fed)
    }
    for each in SHORTCUTS:
        if each.group != WRITING:
            assert bound.count(f"shortcut_{each.id}") + (each.keys in buttons) == 1, each.id
    keys = [each.keys for each in SHORTCUTS]
    assert len(keys) == len(set(keys))


def _tool_buttons(fed: HandFed) -> list[object]:
    pane = fed.window.pane
    return [pane.devices_button, pane.models_button, pane.clear_button, pane.panel_button]


def test_the_dialog_lists_all_shortcuts_and_finds_one(fed: HandFed) -> None:
    fed.press(fed.window, Qt.Key.Key_Slash, CTRL)
    dialog = fed.window.findChild(ShortcutsDialog)
    assert dialog is not None
    assert dialog.isVisible()
    assert dialog.shown() == [each.words for each in SHORTCUTS]
    field = dialog.findChild(QLineEdit, "shortcutSearch")
    fed.qtbot.keyClicks(field, "ctrl+k")
    assert dialog.shown() == ["Search all chats"]
    fed.qtbot.keyClicks(field, "nonsense")
    assert dialog.shown() == []
    fed.qtbot.keyClick(field, Qt.Key.Key_Escape)
    assert not dialog.isVisible()
