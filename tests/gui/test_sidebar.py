"""The list of conversations: what it shows, and what is done from it."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QLineEdit, QPushButton

from desktop.domain.presets import Preset
from desktop.services.chat import commands, notices
from desktop.ui.sidebar.chat_model import WRITING_ROLE
from tests.gui.hand_fed import HandFed, chat, listed

pytestmark = pytest.mark.gui

FOX, PARIS, OLD = chat("Fox", 1), chat("Paris", 26), chat("Old", 24 * 5)
CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


def choose(fed: HandFed, row: str, action: str) -> None:
    """An entry of the menu that a row's button opens."""
    view = fed.sidebar.list
    fed.click_row(row, menu=True)
    made = fed.sidebar.findChild(QAction, f"do_{action}")
    assert made is not None
    made.trigger()
    fed.sidebar._menu.close()
    view.clearFocus()


def test_the_newest_is_first_under_its_day_and_pinned_ones_on_top(fed: HandFed) -> None:
    fed.tell(listed(OLD, FOX, PARIS, chat("Cake", 2000, pinned=True)))
    assert fed.rows()[:2] == ["Pinned", "Cake"]
    assert fed.rows()[2:] == [
        *("Today", "Fox", "Yesterday", "Paris", "Previous 7 days", "Old"),
    ]


def test_a_chat_without_a_title_and_one_of_many_lines_have_one_line(fed: HandFed) -> None:
    fed.tell(listed(chat("a\n\nb"), replace(chat("x", 1), title="")))
    assert fed.rows() == ["Today", "a b", "New chat"]


def test_what_is_written_to_moves_up_and_what_is_gone_leaves(fed: HandFed) -> None:
    fed.tell(listed(FOX, PARIS))
    fed.tell(notices.ChatChanged(replace(PARIS, updated_at=chat("", -1).updated_at)))
    assert fed.rows() == ["Today", "Paris", "Fox"]
    fed.tell(notices.ChatGone(FOX.id))
    assert fed.rows() == ["Today", "Paris"]
    fed.tell(notices.ChatGone(PARIS.id))
    assert fed.sidebar._empty.text() == "No chats yet."
    assert fed.sidebar._empty.isVisible()


def test_a_click_opens_a_chat_and_its_title_is_the_windows(fed: HandFed) -> None:
    fed.tell(listed(FOX, PARIS))
    fed.click_row("Paris")
    assert fed.chat.asked == [commands.OpenChat(PARIS.id)]
    fed.opened(PARIS)
    assert fed.window.windowTitle() == "Paris — Cellar"
    fed.tell(notices.ChatChanged(replace(PARIS, title="Lyon")))
    assert fed.window.windowTitle() == "Lyon — Cellar"
    assert fed.sidebar.list.selected()[0].title == "Lyon"


def test_new_chats_of_each_kind(fed: HandFed) -> None:
    fed.tell(notices.PresetsListed((Preset(id="coder", name="Code & more"),)))
    head = fed.sidebar.head
    fed.qtbot.mouseClick(head.new_button, Qt.MouseButton.LeftButton)
    fed.press(fed.window, Qt.Key.Key_N, CTRL)
    fed.press(fed.window, Qt.Key.Key_N, CTRL | SHIFT)
    [coder] = head._presets.actions()
    assert coder.text() == "Code && more"
    coder.trigger()
    assert fed.chat.asked == [
        commands.NewChat(),
        commands.NewChat(),
        commands.NewChat(temporary=True),
        commands.NewChat(preset="coder"),
    ]


def test_a_temporary_chat_is_called_so_and_is_in_no_list(fed: HandFed) -> None:
    fed.tell(listed(FOX))
    fed.opened(replace(chat("x"), title=""), temporary=True)
    assert fed.window.windowTitle() == "Temporary chat — Cellar"
    assert fed.rows() == ["Today", "Fox"]
    assert not fed.sidebar.list.selected()


def test_a_title_is_typed_in_its_place(fed: HandFed) -> None:
    fed.tell(listed(FOX, PARIS))
    fed.opened(PARIS)
    fed.press(fed.window, Qt.Key.Key_F2)
    field = fed.sidebar.list.findChild(QLineEdit, "renameField")
    assert field is not None
    assert field.selectedText() == "Paris"
    fed.qtbot.keyClicks(field, "  City of   light ")
    fed.qtbot.keyClick(field, Qt.Key.Key_Return)
    fed.until(lambda: commands.RenameChat(PARIS.id, "City of light") in fed.chat.asked)


def test_escape_leaves_a_title_as_it_was(fed: HandFed) -> None:
    fed.tell(listed(FOX))
    choose(fed, "Fox", "rename")
    field = fed.sidebar.list.findChild(QLineEdit, "renameField")
    assert field is not None
    fed.qtbot.keyClicks(field, "Wolf")
    fed.qtbot.keyClick(field, Qt.Key.Key_Escape)
    assert fed.chat.asked == []


@pytest.mark.parametrize(
    ("action", "asked"),
    [
        ("pin", commands.PinChat(FOX.id, True)),
        ("archive", commands.ArchiveChat(FOX.id, True)),
        ("duplicate", commands.DuplicateChat(FOX.id)),
        ("delete", commands.DeleteChat(FOX.id)),
    ],
)
def test_the_menu_of_a_row(fed: HandFed, action: str, asked: object) -> None:
    fed.tell(listed(FOX, PARIS))
    choose(fed, "Fox", action)
    assert fed.chat.asked == [asked]


def test_undo_brings_back_what_was_deleted(fed: HandFed) -> None:
    fed.tell(listed(FOX, PARIS))
    choose(fed, "Fox", "delete")
    fed.tell(notices.ChatGone(FOX.id), notices.ChatDeleted(FOX.id, "Fox"))
    assert fed.banners() == ["“Fox” deleted."]
    undo = fed.sidebar.findChild(QPushButton, "bannerAction_undo")
    fed.qtbot.mouseClick(undo, Qt.MouseButton.LeftButton)
    assert fed.chat.asked[-1] == commands.UndeleteChat(FOX.id)
    fed.until(lambda: fed.banners() == [])


def test_several_are_deleted_together_and_come_back_together(fed: HandFed) -> None:
    fed.tell(listed(FOX, PARIS, OLD))
    fed.click_row("Fox")
    fed.qtbot.keyClick(fed.sidebar.list, Qt.Key.Key_Down, SHIFT)
    fed.qtbot.keyClick(fed.sidebar.list, Qt.Key.Key_Delete)
    deleted = [each for each in fed.chat.asked if isinstance(each, commands.DeleteChat)]
    assert deleted == [commands.DeleteChat(FOX.id), commands.DeleteChat(PARIS.id)]
    for each in (FOX, PARIS):
        fed.tell(notices.ChatGone(each.id), notices.ChatDeleted(each.id, each.title))
    assert fed.banners() == ["2 chats deleted."]
    fed.chat.asked.clear()
    undo = fed.sidebar.findChild(QPushButton, "bannerAction_undo")
    fed.qtbot.mouseClick(undo, Qt.MouseButton.LeftButton)
    assert fed.chat.asked == [commands.UndeleteChat(FOX.id), commands.UndeleteChat(PARIS.id)]


def test_the_archive_is_a_list_of_its_own(fed: HandFed) -> None:
    fed.tell(listed(FOX))
    fed.sidebar.footer.archive.click()
    assert fed.chat.asked == [commands.ListChats(archived=True)]
    fed.tell(listed(chat("Put away", archived=True), archived=True))
    assert fed.rows() == ["Today", "Put away"]
    fed.tell(notices.ChatChanged(FOX))
    assert fed.rows() == ["Today", "Put away"]
    choose(fed, "Put away", "unarchive")
    assert fed.chat.asked[-1] == commands.ArchiveChat(chat("Put away").id, False)
    fed.sidebar.footer.archive.click()
    assert fed.chat.asked[-1] == commands.ListChats(archived=False)


def test_the_next_and_the_previous_chat_by_keys(fed: HandFed) -> None:
    fed.tell(listed(FOX, PARIS))
    fed.opened(FOX)
    fed.press(fed.window, Qt.Key.Key_PageDown, CTRL)
    fed.opened(PARIS)
    fed.press(fed.window, Qt.Key.Key_PageDown, CTRL)
    fed.press(fed.window, Qt.Key.Key_PageUp, CTRL)
    opened = [each for each in fed.chat.asked if isinstance(each, commands.OpenChat)]
    assert opened == [commands.OpenChat(PARIS.id), commands.OpenChat(FOX.id)]


def test_a_chat_in_which_an_answer_is_written_is_marked(fed: HandFed) -> None:
    fed.tell(listed(FOX, PARIS), notices.AnswerElsewhere(PARIS.id))
    index = fed.sidebar.list.chats.index_of(PARIS.id)
    assert index.data(WRITING_ROLE)
    fed.tell(notices.AnswerElsewhere(""))
    assert not index.data(WRITING_ROLE)


def test_ten_thousand_chats_stay_where_one_is_put(fed: HandFed) -> None:
    many = [chat(f"Chat {number}", number / 10) for number in range(10_000)]
    fed.tell(listed(*many))
    fed.tell(notices.ChatChanged(replace(many[7000], updated_at=chat("", -1).updated_at)))
    assert fed.rows()[1] == "Chat 7000"
    assert len([row for row in fed.rows() if row.startswith("Chat ")]) == 10_000
    assert fed.rows().count("Chat 7000") == 1
