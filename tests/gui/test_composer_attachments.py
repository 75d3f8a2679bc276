"""What goes with a message: chips, their keys, long pastes, drops."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QColor, QDropEvent, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from desktop.domain.attachments import Attachment, attachment_of
from desktop.ui.composer.chip import AttachmentChip
from desktop.ui.composer.composer import MOST, Composer
from desktop.ui.composer.message_input import LONG_LINES, LONG_TEXT
from desktop.ui.theme import Theme

NOTES = attachment_of("notes.txt", "one\ntwo\nthree")
PASTED = attachment_of("", "word\n" * 214)
LONG = "a line of text\n" * (LONG_LINES + 5)


class Hands:
    """A composer on screen, and what one does to it."""

    def __init__(self, composer: Composer) -> None:
        self.composer = composer
        self.field = composer.field
        self.offered: list[tuple[Path, ...]] = []
        self.sent: list[str] = []
        composer.files_offered.connect(self.offered.append)
        composer.send_requested.connect(self.sent.append)

    @property
    def chips(self) -> list[AttachmentChip]:
        found = self.composer.tray.findChildren(AttachmentChip)
        return [chip for chip in found if not chip.isHidden()]

    @property
    def problem(self) -> str:
        labels = self.composer.findChildren(QLabel)
        shown = [label for label in labels if label.property("kind") == "danger"]
        return " ".join(label.text() for label in shown if not label.isHidden())

    def paste(self, text: str = "", files: tuple[Path, ...] = ()) -> None:
        data = QMimeData()
        if text:
            data.setText(text)
        if files:
            data.setUrls([QUrl.fromLocalFile(str(path)) for path in files])
        QApplication.clipboard().setMimeData(data)
        self.field.paste()

    def drop(self, data: QMimeData) -> None:
        copy, left = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
        none = Qt.KeyboardModifier.NoModifier
        self.field.dropEvent(QDropEvent(QPointF(5, 5), copy, data, left, none))


@pytest.fixture
def hands(qtbot: QtBot) -> Iterator[Hands]:
    composer = Composer()
    qtbot.addWidget(composer)
    composer.resize(600, 160)
    composer.show()
    qtbot.waitExposed(composer)
    composer.activateWindow()
    composer.setFocus()
    yield Hands(composer)
    QApplication.clipboard().clear()


def test_a_chip_tells_its_name_and_size_and_then_its_tokens(hands: Hands) -> None:
    hands.composer.attach([NOTES, PASTED])
    hands.composer.set_text("Why?")
    assert [chip.facts() for chip in hands.chips] == ["3 lines", "214 lines"]
    hands.composer.set_weight((2, 1302, 14))
    assert [chip.facts() for chip in hands.chips] == [
        "3 lines · 1,302 tokens",
        "214 lines · 14 tokens",
    ]
    weight = hands.composer.findChild(QLabel, "draftTokens")
    assert weight is not None
    assert weight.text() == "1,318 tokens"
    hands.composer.set_weight(None)
    assert weight.text() == ""


def test_every_part_of_a_chip_has_an_accessible_name(hands: Hands) -> None:
    hands.composer.attach([NOTES, PASTED])
    notes, pasted = hands.chips
    assert notes.accessibleName() == "Attached: notes.txt, 3 lines"
    assert notes.remove.accessibleName() == "Remove notes.txt"
    assert pasted.accessibleName() == "Attached: Pasted text, 214 lines"
    assert pasted.inline.accessibleName() == "Put it into the message"
    assert notes.inline.isHidden()


def test_a_chip_is_taken_away_by_its_button_and_by_keys(hands: Hands) -> None:
    told: list[tuple[Attachment, ...]] = []
    hands.composer.attachments_changed.connect(lambda: told.append(hands.composer.attachments))
    hands.composer.attach([NOTES, PASTED])
    QTest.mouseClick(hands.chips[0].remove, Qt.MouseButton.LeftButton)
    assert told == [(NOTES, PASTED), (PASTED,)]
    hands.chips[0].remove.setFocus()
    QTest.keyClick(hands.chips[0].remove, Qt.Key.Key_Delete)
    assert hands.composer.attachments == ()
    assert hands.composer.tray.isHidden()
    assert hands.field.hasFocus()


def test_the_tab_key_goes_over_the_chips_to_the_text(hands: Hands) -> None:
    hands.composer.attach([PASTED])
    hands.composer.attach([NOTES])
    pasted, notes = hands.chips
    attach = hands.composer.findChild(QToolButton, "attachButton")
    stops: list[QWidget] = [pasted.inline, pasted.remove, notes.remove, attach, hands.field]
    stops[0].setFocus()
    for stop in stops[1:]:
        QTest.keyClick(QApplication.focusWidget() or hands.field, Qt.Key.Key_Tab)
        assert QApplication.focusWidget() is stop


def test_attachments_alone_can_be_sent_and_go_with_the_message(hands: Hands) -> None:
    send = hands.composer.findChild(QPushButton, "sendButton")
    assert send is not None
    assert not send.isEnabled()
    hands.composer.attach([NOTES])
    assert send.isEnabled()
    QTest.keyClick(hands.field, Qt.Key.Key_Return)
    assert hands.sent == [""]
    assert hands.composer.attachments == (NOTES,)
    hands.composer.clear()
    assert hands.composer.attachments == ()


def test_nothing_is_sent_while_a_file_is_read(hands: Hands) -> None:
    hands.composer.set_text("Why?")
    hands.composer.set_reading(True)
    QTest.keyClick(hands.field, Qt.Key.Key_Return)
    assert hands.sent == []
    assert "Reading" in hands.composer.hint()
    hands.composer.set_reading(False)
    QTest.keyClick(hands.field, Qt.Key.Key_Return)
    assert hands.sent == ["Why?"]


def test_the_same_file_is_not_attached_twice(hands: Hands) -> None:
    hands.composer.attach([NOTES])
    hands.composer.attach([NOTES, PASTED, PASTED])
    assert hands.composer.attachments == (NOTES, PASTED)


def test_there_is_an_end_to_attachments(hands: Hands) -> None:
    many = [attachment_of(f"{number}.txt", "x") for number in range(MOST + 3)]
    hands.composer.attach(many)
    assert len(hands.composer.attachments) == MOST
    assert f"At most {MOST} attachments" in hands.problem


@pytest.mark.parametrize("text", [LONG, "x" * (LONG_TEXT + 1)], ids=["lines", "letters"])
def test_a_long_paste_becomes_an_attachment_that_can_be_put_back(hands: Hands, text: str) -> None:
    hands.composer.set_text("before ")
    hands.paste(text)
    assert hands.composer.text() == "before "
    assert hands.composer.attachments == (attachment_of("", text),)
    QTest.mouseClick(hands.chips[0].inline, Qt.MouseButton.LeftButton)
    assert hands.composer.text() == "before " + text.removesuffix("\n")
    assert hands.composer.attachments == ()
    assert hands.field.hasFocus()


def test_a_short_paste_stays_text(hands: Hands) -> None:
    hands.paste("line\n" * (LONG_LINES - 1))
    assert hands.composer.attachments == ()
    assert hands.composer.text() == "line\n" * (LONG_LINES - 1)


def test_text_that_is_dragged_within_the_field_stays_text(
    hands: Hands, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = QMimeData()
    data.setText(LONG)
    monkeypatch.setattr(QDropEvent, "source", lambda _: hands.field.viewport())
    hands.drop(data)
    assert hands.composer.attachments == ()
    monkeypatch.undo()
    hands.drop(data)
    assert hands.composer.attachments == (attachment_of("", LONG),)


def test_files_that_are_pasted_or_dropped_are_offered(hands: Hands, tmp_path: Path) -> None:
    hands.paste(files=(tmp_path / "a.txt", tmp_path / "b.txt"))
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(tmp_path / "c.txt")), QUrl("file://elsewhere/d.txt")])
    hands.drop(data)
    assert hands.offered == [(tmp_path / "a.txt", tmp_path / "b.txt"), (tmp_path / "c.txt",)]
    assert hands.composer.text() == ""


def test_the_attach_button_asks_for_files(hands: Hands) -> None:
    button = hands.composer.findChild(QToolButton, "attachButton")
    assert button is not None
    assert button.accessibleName() == "Attach files"
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert hands.offered == [()]


def test_a_picture_is_refused_in_a_sentence(hands: Hands) -> None:
    picture = QImage(4, 4, QImage.Format.Format_RGB32)
    picture.fill(QColor("red"))
    QApplication.clipboard().setImage(picture)
    hands.field.paste()
    assert hands.problem == "This is a picture, and the model reads only text."
    assert hands.composer.attachments == ()


def test_what_becomes_of_the_chat_is_said_above_the_field(hands: Hands) -> None:
    hands.composer.set_fit("Too long.", serious=True)
    assert hands.problem == "Too long."
    hands.composer.set_fit("")
    assert hands.problem == ""


def test_up_in_an_empty_field_brings_back_what_was_sent(hands: Hands) -> None:
    hands.composer.set_text("first")
    QTest.keyClick(hands.field, Qt.Key.Key_Return)
    hands.composer.clear()
    QTest.keyClick(hands.field, Qt.Key.Key_Up)
    assert hands.composer.text() == "first"
    hands.field.undo()
    assert hands.composer.text() == ""
    hands.composer.set_text("a\nb")
    QTest.keyClick(hands.field, Qt.Key.Key_Up)
    assert hands.composer.text() == "a\nb"


def test_what_was_sent_comes_back_with_what_went_with_it(hands: Hands) -> None:
    for text, attached in (("first", [NOTES]), ("second", [])):
        hands.composer.attach(attached)
        hands.composer.set_text(text)
        QTest.keyClick(hands.field, Qt.Key.Key_Return)
        hands.composer.clear()
    hands.composer.attach([PASTED])
    ctrl = Qt.KeyboardModifier.ControlModifier
    QTest.keyClick(hands.field, Qt.Key.Key_Up, ctrl)
    assert (hands.composer.text(), hands.composer.attachments) == ("second", ())
    QTest.keyClick(hands.field, Qt.Key.Key_Up, ctrl)
    assert (hands.composer.text(), hands.composer.attachments) == ("first", (NOTES,))
    QTest.keyClick(hands.field, Qt.Key.Key_Down, ctrl)
    QTest.keyClick(hands.field, Qt.Key.Key_Down, ctrl)
    assert (hands.composer.text(), hands.composer.attachments) == ("", (PASTED,))


def test_many_chips_wrap_and_stay_within_a_narrow_composer(
    hands: Hands, qtbot: QtBot, themes: dict[str, Theme]
) -> None:
    hands.composer.resize(440, 300)
    hands.composer.attach([attachment_of(f"report {n} of a long name.txt", "x") for n in range(5)])
    tray = hands.composer.tray

    def wrapped() -> bool:
        right = max(chip.mapTo(tray, QPoint(chip.width(), 0)).x() for chip in hands.chips)
        return right <= tray.width() and len({chip.y() for chip in hands.chips}) > 1

    qtbot.waitUntil(wrapped, timeout=2000)
