"""What one does with the transcript: selecting, copying, clicking, by mouse and keyboard."""

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QGuiApplication, QHelpEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QToolTip
from pytestqt.qtbot import QtBot

from desktop.domain.conversation import State
from desktop.ui.theme import Theme
from desktop.ui.transcript.item import SpotKind
from tests.gui.transcript_reader import (
    CTRL,
    LEFT,
    SHIFT,
    Reader,
    answer,
    clipboard,
    talk,
    user,
    within,
)

# Selecting and copying


def test_a_drag_selects_across_messages(reader: Reader) -> None:
    reader.view.set_entries([user("1", "First question"), answer("2", "An **answer** here.")])
    reader.drag(reader.text_place("1"), reader.text_place("2", offset=QPoint(600, 12)))
    assert reader.view.selected_text() == "You\nFirst question\n\nCellar\nAn answer here."
    QTest.keyClick(reader.view, Qt.Key.Key_C, CTRL)
    assert clipboard() == reader.view.selected_text()


def test_a_drag_backwards_selects_the_same(reader: Reader) -> None:
    reader.view.set_entries([answer("2", "An **answer** here.")])
    reader.drag(reader.text_place("2", offset=QPoint(600, 12)), reader.text_place("2"))
    assert reader.view.selected_text() == "An answer here."


def test_selected_text_is_painted(reader: Reader, themes: dict[str, Theme]) -> None:
    reader.view.set_entries([answer("2", "word " * 8)])
    reader.view.select_all()
    spot = reader.text_place("2", offset=QPoint(1, 5))
    assert reader.picture().pixelColor(spot).name() == themes["light"].selection


def test_everything_can_be_selected(reader: Reader) -> None:
    reader.view.set_entries([user("1", "<b>Hi</b>"), answer("2")])
    QTest.keyClick(reader.view, Qt.Key.Key_A, CTRL)
    QTest.keyClick(reader.view, Qt.Key.Key_C, CTRL)
    assert clipboard() == (
        "You\n<b>Hi</b>\n\nCellar\nTitle\n\nSome strong words and code, then a link.\n\n"
        "def f() -> int:\n    return 1\n\n• one\n• two\n\na\tb\n1\t2"
    )


def test_a_table_is_copied_in_rows_and_columns(reader: Reader) -> None:
    reader.view.set_entries([answer("1", "| a | b |\n|---|---|\n| 1 | 2 |")])
    start = reader.text_place("1")
    reader.drag(start - QPoint(0, 10), start + QPoint(300, 60))
    assert reader.view.selected_text() == "a\tb\n1\t2"


def test_a_double_click_selects_a_word_and_a_third_the_paragraph(reader: Reader) -> None:
    reader.view.set_entries([answer("1", "Some `inline_code` here.\n\nNext.")])
    place = reader.text_place("1", offset=QPoint(4, 12))
    QTest.mouseDClick(reader.screen, LEFT, pos=place)
    assert reader.view.selected_text() == "Some"
    QTest.mousePress(reader.screen, LEFT, pos=place)
    assert reader.view.selected_text() == "Some inline_code here."
    QTest.mouseRelease(reader.screen, LEFT, pos=place)


def test_shift_and_click_extend_the_selection(reader: Reader) -> None:
    reader.view.set_entries([user("1", "First"), answer("2", "Second")])
    reader.click(reader.text_place("1"))
    reader.click(reader.text_place("2", offset=QPoint(600, 12)), SHIFT)
    assert reader.view.selected_text() == "You\nFirst\n\nCellar\nSecond"
    reader.click(reader.text_place("1", offset=QPoint(600, 12)), SHIFT)
    assert reader.view.selected_text() == "First"
    reader.click(reader.text_place("2"))
    assert reader.view.selected_text() == ""


def test_a_drag_beyond_the_view_scrolls_and_selects(reader: Reader, qtbot: QtBot) -> None:
    reader.view.set_entries(talk(10))
    start = reader.bar.value()
    QTest.mousePress(reader.screen, LEFT, pos=QPoint(200, 300))
    reader.drag_on(QPoint(200, -60))
    qtbot.waitUntil(lambda: reader.bar.value() < start - 200)
    QTest.mouseRelease(reader.screen, LEFT, pos=QPoint(200, -60))
    stopped = reader.bar.value()
    QTest.qWait(80)
    assert reader.bar.value() == stopped
    assert len(reader.view.selected_text()) > 100


def test_a_selection_stays_while_more_is_written(reader: Reader) -> None:
    reader.view.set_entries([user("1", "Keep this"), answer("w", "A beginning", State.WRITING)])
    reader.drag(reader.text_place("1"), reader.text_place("1", offset=QPoint(600, 12)))
    for _ in range(20):
        reader.view.append_text("w", " and more.\n\n")
    reader.view.update_entry(answer("w", "A beginning" + " and more.\n\n" * 20))
    assert reader.view.selected_text() == "Keep this"


def test_a_selection_goes_with_its_messages(reader: Reader) -> None:
    reader.view.set_entries([user("1"), answer("2")])
    reader.drag(reader.text_place("1"), reader.text_place("2", offset=QPoint(600, 12)))
    reader.view.remove_from("2")
    assert reader.view.selected_text() == ""


def test_copying_nothing_leaves_the_clipboard_alone(reader: Reader) -> None:
    QGuiApplication.clipboard().setText("precious")
    reader.view.set_entries([user("1")])
    reader.view.copy()
    assert clipboard() == "precious"


def test_all_of_a_long_conversation_is_copied_in_moments(reader: Reader) -> None:
    reader.view.set_entries(talk(1_500))
    reader.view.select_all()
    within(1.0, reader.view.copy)
    assert clipboard().count("return 1") == 3_000


# Clicking


def test_a_message_is_copied_as_it_was_written(reader: Reader) -> None:
    reader.view.set_entries([answer("1", "**Source**")])
    reader.click(reader.spot(SpotKind.COPY_MESSAGE))
    assert clipboard() == "**Source**"


def test_the_copy_icon_is_there_while_the_pointer_is(reader: Reader) -> None:
    reader.view.set_entries([answer("1", "Text")])
    icon = reader.spot(SpotKind.COPY_MESSAGE)
    QApplication.sendEvent(reader.screen, QEvent(QEvent.Type.Leave))
    without = reader.picture()
    QTest.mouseMove(reader.screen, icon + QPoint(60, 0))
    reader.view._hover(QPointF(icon + QPoint(60, 0)))
    assert reader.picture() != without
    QApplication.sendEvent(reader.screen, QEvent(QEvent.Type.Leave))
    assert reader.picture() == without


def test_program_text_is_copied_whole_however_long(reader: Reader) -> None:
    code = "\n".join(f"x{i} = {i}" for i in range(500))
    reader.view.set_entries([answer("1", f"Look:\n\n```py\n{code}\n```\n")])
    QTest.keyClick(reader.view, Qt.Key.Key_Home)
    reader.click(reader.spot(SpotKind.COPY_CODE))
    assert clipboard() == code


def test_program_text_in_a_list_is_copied(reader: Reader) -> None:
    reader.view.set_entries([answer("1", "1. a\n   ```sh\n   ls\n     -l\n   ```\n")])
    reader.click(reader.spot(SpotKind.COPY_CODE))
    assert clipboard() == "ls\n  -l"


def test_a_link_is_told_and_not_opened(reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[object] = []
    monkeypatch.setattr("PySide6.QtGui.QDesktopServices.openUrl", opened.append)
    reader.view.set_entries(
        [answer("1", "[x](javascript:a) [good](https://g\u043e\u043ed.example)")]
    )
    place = reader.spot(SpotKind.LINK)
    reader.click(place)
    assert reader.links == ["https://xn--gd-fmca.example"]
    assert opened == []


def test_the_true_target_of_a_link_is_shown(
    reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown: list[str] = []
    monkeypatch.setattr(QToolTip, "showText", lambda _, text, *rest: shown.append(text))
    reader.view.set_entries([answer("1", "[https://good.example](https://evil.example/?a=b&c=d)")])
    place = reader.spot(SpotKind.LINK)
    event = QHelpEvent(QEvent.Type.ToolTip, place, reader.screen.mapToGlobal(place))
    QApplication.sendEvent(reader.screen, event)
    assert len(shown) == 1
    assert "https://evil.example/?a=b&amp;c=d" in shown[0]


def test_a_press_that_ends_elsewhere_clicks_nothing(reader: Reader) -> None:
    reader.view.set_entries([answer("1", "[a link](https://example.org)")])
    reader.drag(reader.spot(SpotKind.LINK), QPoint(400, 400))
    reader.drag(QPoint(400, 400), reader.spot(SpotKind.LINK))
    assert reader.links == []


def test_actions_stand_beside_the_problem(reader: Reader) -> None:
    ways = (("restart", "Restart engine"), ("retry", "Try again"))
    reader.view.set_entries(
        [answer("1", "Half", State.FAILED, problem="The engine ended.", actions=ways)]
    )
    reader.click(reader.spot(SpotKind.ACTION, 1))
    reader.click(reader.spot(SpotKind.ACTION, 0))
    assert reader.actions == [("1", "retry"), ("1", "restart")]


def test_everything_clickable_can_be_reached_by_keyboard(reader: Reader, qtbot: QtBot) -> None:
    reader.view.set_entries([answer("1"), answer("2", "Half", actions=(("retry", "Try again"),))])
    reader.view.activateWindow()
    reader.view.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.waitUntil(reader.view.hasFocus)
    if not reader.view._scene.focused:  # the window became active later than it got the focus
        QTest.keyClick(reader.view, Qt.Key.Key_Tab)
    for _ in range(6):
        focused = reader.picture()
        QTest.keyClick(reader.view, Qt.Key.Key_Return)
        QTest.keyClick(reader.view, Qt.Key.Key_Tab)
        assert reader.picture() != focused
    assert reader.links == ["https://example.org/x"]
    assert reader.actions == [("2", "retry")]
    assert clipboard() == "Half"


def test_tab_leaves_the_view_after_the_last_spot(reader: Reader) -> None:
    reader.view.set_entries([answer("1", "Text")])
    assert reader.view.focusNextPrevChild(True)
    assert not reader.view._move_focus(1)
    assert reader.view._move_focus(-1)
    assert not reader.view._move_focus(-1)


def test_the_menu_offers_what_can_be_done(reader: Reader) -> None:
    reader.view.set_entries([answer("1", "**Text**")])
    menu = reader.view._context_menu(reader.text_place("1"))
    names = {action.text(): action for action in menu.actions() if action.text()}
    assert list(names) == ["Copy", "Copy message", "Select all"]
    assert not names["Copy"].isEnabled()
    names["Copy message"].trigger()
    assert clipboard() == "**Text**"
    names["Select all"].trigger()
    assert reader.view.selected_text() == "Text"
