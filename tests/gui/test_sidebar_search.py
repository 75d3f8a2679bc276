"""Searching all conversations while typing."""

import pytest
from PySide6.QtCore import Qt

from desktop.domain.chats import Hit
from desktop.domain.conversation import Role
from desktop.services.chat import commands, notices
from desktop.services.history import commands as history
from desktop.services.history import notices as history_notices
from desktop.ui.sidebar.hit_model import HIT_ROLE
from tests.gui.hand_fed import HandFed, chat, found, listed

pytestmark = pytest.mark.gui

IN_TITLE = Hit("c1", "Fox story", excerpt="Fox story", ranges=((0, 3),))
IN_TEXT = Hit(
    "c2",
    "Animals",
    message_id="m",
    role=Role.USER,
    excerpt="a red fox",
    ranges=((6, 9),),
)


def seek(fed: HandFed, text: str) -> None:
    fed.qtbot.keyClick(fed.window, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    fed.qtbot.keyClicks(fed.sidebar.search, text)
    fed.until(lambda: history.Search(text) in fed.history.asked)


def test_typing_asks_once_it_rests(fed: HandFed) -> None:
    seek(fed, "fox")
    assert fed.history.asked == [history.Search("fox")]


def test_a_click_goes_to_the_message(fed: HandFed) -> None:
    fed.tell(listed(chat("Fox")))
    seek(fed, "fox")
    fed.tell_history(found("fox", (IN_TITLE, IN_TEXT)))
    view = fed.sidebar.results
    assert view.isVisible()
    place = view.visualRect(view.model().index(1, 0)).center()
    fed.qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert fed.chat.asked == [commands.OpenChat("c2", "m")]


def test_enter_goes_to_the_best_and_the_arrow_keys_to_others(fed: HandFed) -> None:
    seek(fed, "fox")
    fed.tell_history(found("fox", (IN_TITLE, IN_TEXT)))
    fed.qtbot.keyClick(fed.sidebar.search, Qt.Key.Key_Return)
    fed.press(fed.sidebar.search, Qt.Key.Key_Down)
    fed.qtbot.keyClick(fed.sidebar.results, Qt.Key.Key_Down)
    fed.qtbot.keyClick(fed.sidebar.results, Qt.Key.Key_Return)
    assert fed.chat.asked == [commands.OpenChat("c1", ""), commands.OpenChat("c2", "m")]


def test_an_answer_to_what_was_typed_before_is_passed_over(fed: HandFed) -> None:
    seek(fed, "fox")
    fed.tell_history(found("fo", (IN_TEXT,)))
    assert fed.sidebar.results.hits.rowCount() == 0


def test_nothing_found_is_said_and_why(fed: HandFed) -> None:
    seek(fed, "fox")
    fed.tell_history(found("fox", ()))
    assert fed.sidebar._empty.text() == "Nothing found for “fox”."
    fed.tell_history(history_notices.Found("fox", (), "The disk reports an error."))
    assert fed.sidebar._empty.text() == "The disk reports an error."


def test_escape_shows_the_list_again(fed: HandFed) -> None:
    fed.tell(listed(chat("Fox")))
    seek(fed, "fox")
    fed.tell_history(found("fox", (IN_TEXT,)))
    fed.qtbot.keyClick(fed.sidebar.search, Qt.Key.Key_Escape)
    assert fed.sidebar.list.isVisible()
    assert fed.sidebar.search.text() == ""


def test_a_chat_that_is_deleted_leaves_the_findings(fed: HandFed) -> None:
    seek(fed, "fox")
    fed.tell_history(found("fox", (IN_TITLE, IN_TEXT)))
    fed.tell(notices.ChatDeleted("c2", "Animals"))
    hits = fed.sidebar.results.hits
    assert [hits.index(row).data(HIT_ROLE) for row in range(hits.rowCount())] == [IN_TITLE]


def test_what_was_found_is_marked_in_the_accent(fed: HandFed) -> None:
    fed.window.resize(1280, 800)
    seek(fed, "fox")

    def selection_pixels(hit: Hit) -> int:
        fed.tell_history(found("fox", (hit,)))
        image = fed.sidebar.results.viewport().grab().toImage()
        colour = fed.watcher.theme.selection.lower()
        return sum(
            image.pixelColor(x, y).name() == colour for x in range(0, 240, 2) for y in range(60)
        )

    unmarked = Hit("c2", "Animals", message_id="m", excerpt="a red fox")
    assert selection_pixels(unmarked) == 0
    assert selection_pixels(IN_TEXT) > 20
    assert selection_pixels(IN_TITLE) > 20
