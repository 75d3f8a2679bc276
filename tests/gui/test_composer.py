"""The composer: what its keys, buttons and hints do."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QMimeData, Qt, QUrl
from PySide6.QtGui import QColor, QImage, QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPlainTextEdit, QPushButton
from pytestqt.qtbot import QtBot

from desktop.ui.composer.composer import Composer
from tests.effort import effort

CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


class Desk:
    """A composer on screen, and what it asked for."""

    def __init__(self, composer: Composer) -> None:
        self.composer = composer
        field = composer.findChild(QPlainTextEdit, "composer")
        send = composer.findChild(QPushButton, "sendButton")
        stop = composer.findChild(QPushButton, "stopButton")
        assert field
        assert send
        assert stop
        self.field, self.send, self.stop = field, send, stop
        self.sent: list[str] = []
        self.stops = 0
        composer.send_requested.connect(self.sent.append)
        composer.stop_requested.connect(self._count)

    def _count(self) -> None:
        self.stops += 1

    def type(self, text: str) -> None:
        QTest.keyClicks(self.field, text)

    def press(
        self, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier
    ) -> None:
        QTest.keyClick(self.field, key, modifier)

    def paste(self, data: QMimeData) -> None:
        QApplication.clipboard().setMimeData(data)
        self.field.paste()

    def send_and_take(self, text: str) -> None:
        self.type(text)
        self.press(Qt.Key.Key_Return)
        self.composer.clear()


@pytest.fixture
def desk(qtbot: QtBot) -> Iterator[Desk]:
    composer = Composer()
    qtbot.addWidget(composer)
    composer.resize(600, 120)
    composer.show()
    composer.setFocus()
    yield Desk(composer)
    QApplication.clipboard().clear()


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Enter])
def test_enter_sends_and_leaves_the_text_to_its_owner(desk: Desk, key: Qt.Key) -> None:
    desk.type("Hello there")
    desk.press(key)
    assert desk.sent == ["Hello there"]
    assert desk.composer.text() == "Hello there"
    desk.composer.clear()
    assert desk.composer.text() == ""


def test_ctrl_enter_sends(desk: Desk) -> None:
    desk.type("Hello")
    desk.press(Qt.Key.Key_Return, CTRL)
    assert desk.sent == ["Hello"]


def test_shift_enter_breaks_the_line(desk: Desk) -> None:
    desk.type("one")
    desk.press(Qt.Key.Key_Return, SHIFT)
    desk.type("two")
    assert desk.sent == []
    assert desk.composer.text() == "one\ntwo"


def test_a_click_on_send_sends(desk: Desk) -> None:
    desk.type("Hello")
    QTest.mouseClick(desk.send, Qt.MouseButton.LeftButton)
    assert desk.sent == ["Hello"]


@pytest.mark.parametrize("blank", ["", "   ", "\n\n", "\u00a0\t "])
def test_blank_text_cannot_be_sent(desk: Desk, blank: str) -> None:
    desk.composer.set_text(blank)
    assert not desk.send.isEnabled()
    desk.press(Qt.Key.Key_Return)
    assert desk.sent == []


def test_send_is_enabled_as_soon_as_there_is_text(desk: Desk) -> None:
    desk.type("a")
    assert desk.send.isEnabled()


def test_stop_takes_the_place_of_send_while_busy(desk: Desk) -> None:
    desk.composer.set_busy(True)
    assert desk.stop.isVisible()
    assert not desk.send.isVisible()
    QTest.mouseClick(desk.stop, Qt.MouseButton.LeftButton)
    assert desk.stops == 1
    desk.composer.set_busy(False)
    assert desk.send.isVisible()
    assert not desk.stop.isVisible()


def test_escape_stops_only_while_busy(desk: Desk) -> None:
    desk.press(Qt.Key.Key_Escape)
    assert desk.stops == 0
    desk.composer.set_busy(True)
    desk.press(Qt.Key.Key_Escape)
    assert desk.stops == 1


def test_while_busy_one_types_on_and_enter_says_why_it_waits(desk: Desk) -> None:
    desk.composer.set_busy(True)
    before = desk.composer.hint()
    desk.type("next question")
    desk.press(Qt.Key.Key_Return)
    assert desk.sent == []
    assert desk.composer.text() == "next question"
    assert desk.composer.hint() != before
    assert "waits" in desk.composer.hint()
    desk.composer.set_busy(False)
    desk.press(Qt.Key.Key_Return)
    assert desk.sent == ["next question"]


def test_a_reason_not_to_send_is_shown_and_holds_the_text(desk: Desk) -> None:
    desk.composer.set_enabled_hint("Install a model first.")
    desk.type("Hello")
    desk.press(Qt.Key.Key_Return)
    assert desk.sent == []
    assert not desk.send.isEnabled()
    assert desk.composer.hint() == "Install a model first."
    desk.composer.set_enabled_hint("")
    desk.press(Qt.Key.Key_Return)
    assert desk.sent == ["Hello"]


def test_enter_does_not_send_while_an_input_method_composes(desk: Desk) -> None:
    desk.type("a")
    QApplication.sendEvent(desk.field, QInputMethodEvent("にほ", []))
    desk.press(Qt.Key.Key_Return)
    assert desk.sent == []
    final = QInputMethodEvent("", [])
    final.setCommitString("日本")
    QApplication.sendEvent(desk.field, final)
    desk.press(Qt.Key.Key_Return)
    assert desk.sent == ["a日本"]


def test_a_problem_is_shown_until_the_text_changes(desk: Desk) -> None:
    desk.type("Hello")
    desk.composer.set_problem("<b>Too</b> long.")
    labels = [label for label in desk.composer.children() if label.property("kind") == "danger"]
    assert labels[0].property("text") == "<b>Too</b> long."
    assert labels[0].property("visible")
    desk.type("!")
    assert not labels[0].property("visible")


def test_sent_messages_come_back_with_ctrl_up(desk: Desk) -> None:
    desk.send_and_take("first")
    desk.send_and_take("second")
    desk.type("draft")
    desk.press(Qt.Key.Key_Up, CTRL)
    assert desk.composer.text() == "second"
    desk.press(Qt.Key.Key_Up, CTRL)
    desk.press(Qt.Key.Key_Up, CTRL)
    assert desk.composer.text() == "first"
    desk.press(Qt.Key.Key_Down, CTRL)
    assert desk.composer.text() == "second"
    desk.press(Qt.Key.Key_Down, CTRL)
    assert desk.composer.text() == "draft"
    desk.press(Qt.Key.Key_Down, CTRL)
    assert desk.composer.text() == "draft"


def test_a_message_that_was_not_taken_is_not_remembered(desk: Desk) -> None:
    desk.type("refused")
    desk.press(Qt.Key.Key_Return)
    desk.composer.set_text("")
    desk.press(Qt.Key.Key_Up, CTRL)
    assert desk.composer.text() == ""


def test_the_field_grows_to_eight_lines_and_then_scrolls(desk: Desk) -> None:
    one = desk.field.height()
    desk.composer.set_text("a\nb\nc")
    three = desk.field.height()
    desk.composer.set_text("\n".join("abcdefgh"))
    eight = desk.field.height()
    desk.composer.set_text("\n".join("abcdefgh" * 5))
    assert one < three < eight == desk.field.height()
    assert eight < 12 * desk.field.fontMetrics().lineSpacing()
    desk.composer.clear()
    assert desk.field.height() == one


def test_a_long_line_wraps_and_makes_the_field_grow(desk: Desk) -> None:
    one = desk.field.height()
    desk.type("many words " * 20)
    QApplication.processEvents()
    assert desk.field.height() > one


def test_pasted_rich_text_becomes_plain(desk: Desk) -> None:
    data = QMimeData()
    data.setHtml(
        "<style>p{}</style><p>Hello <b>you</b></p><p>a &lt; b<img src='file:///x.png'></p>"
    )
    desk.paste(data)
    assert desk.composer.text() == "Hello you\na < b"


def test_pasted_text_stands_as_it_is_even_when_it_looks_rich(desk: Desk) -> None:
    data = QMimeData()
    data.setText("<b>bold</b>\r\n\u00a0é 🙂")
    desk.paste(data)
    assert desk.composer.text() == "<b>bold</b>\n\u00a0é 🙂"


def test_pasted_images_and_files_are_ignored(desk: Desk) -> None:
    image = QMimeData()
    picture = QImage(4, 4, QImage.Format.Format_RGB32)
    picture.fill(QColor("red"))
    image.setImageData(picture)
    desk.paste(image)
    files = QMimeData()
    files.setUrls([QUrl.fromLocalFile("/somewhere/cat.png")])
    files.setText("file:///somewhere/cat.png")  # as file managers do
    desk.paste(files)
    assert desk.composer.text() == ""


@pytest.mark.parametrize("text", ["x" * 1_000_000, "word " * 200_000])
def test_a_megabyte_in_one_line_neither_freezes_nor_changes(desk: Desk, text: str) -> None:
    data = QMimeData()
    data.setText(text)

    def paste() -> None:
        desk.paste(data)
        assert [len(each.text) for each in desk.composer.attachments] == [len(text)]
        desk.composer.tray.inline_wanted.emit(desk.composer.attachments[0])
        QApplication.processEvents()
        desk.type("!")
        desk.composer.grab()

    assert effort(paste) < 1.0  # as one paragraph it takes a minute
    assert desk.composer.text() == text + "!"


def test_a_copy_of_a_long_line_is_the_line(desk: Desk) -> None:
    desk.composer.set_text("x" * 10_000)
    desk.field.selectAll()
    desk.field.copy()
    assert QApplication.clipboard().text() == "x" * 10_000


def test_a_long_line_can_be_broken_by_hand_and_undone(desk: Desk) -> None:
    desk.composer.set_text("x" * 10_000)
    cursor = desk.field.textCursor()
    cursor.setPosition(6_000)
    desk.field.setTextCursor(cursor)
    desk.press(Qt.Key.Key_Return, SHIFT)
    lines = desk.composer.text().split("\n")
    assert [len(line) for line in lines] == [5_998, 4_002]  # two positions are the seam's
    desk.field.undo()
    assert desk.composer.text() == "x" * 10_000


def test_what_no_model_can_read_is_replaced(desk: Desk) -> None:
    desk.composer.set_text("a\0b")
    assert desk.composer.text() == "a\ufffdb"


def test_everything_has_an_accessible_name(desk: Desk) -> None:
    assert all(widget.accessibleName() for widget in (desk.field, desk.send, desk.stop))
