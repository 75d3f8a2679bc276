"""Attachments in the transcript: chips over the message, their text in place on demand."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from desktop.domain.attachments import attachment_of
from desktop.domain.conversation import Role
from desktop.ui.theme import Theme
from desktop.ui.transcript.body import SHOWN_CHARS
from desktop.ui.transcript.entry import Entry
from desktop.ui.transcript.item import SpotKind
from tests.gui.transcript_reader import Reader, answer, clipboard, user, within

CODE = attachment_of("fox.py", "def fox():\n    return 'red'  # ``` inside")
PASTED = attachment_of("", "one\ntwo")


def asked(*attachments: object, text: str = "What is this?") -> Entry:
    return Entry("u", Role.USER, text, attachments=attachments)  # type: ignore[arg-type]


def labels(reader: Reader) -> list[str]:
    spots = reader.view._scene.spots()
    return [placed.spot.label for placed in spots if placed.key.kind is SpotKind.ATTACHMENT]


def test_chips_stand_between_the_name_and_the_text(reader: Reader) -> None:
    reader.view.set_entries([asked(CODE, PASTED), answer("a", "Code.")])
    item = reader.view._scene.item("u")
    assert labels(reader) == ["Show fox.py, 2 lines", "Show Pasted text, 2 lines"]
    assert item.label_top < item.chips_top < item.body_top
    assert item.panel.bottom() > item.body_bottom
    assert "fox.py · 2 lines" in reader.view.toPlainText()
    assert "def fox" not in reader.view.toPlainText()


def test_a_message_without_any_looks_as_before(reader: Reader) -> None:
    reader.view.set_entries([user("u"), answer("a")])
    item = reader.view._scene.item("u")
    assert labels(reader) == []
    assert item.chips.height == 0
    assert item.body_top == item.chips_top


def test_a_click_unfolds_the_text_and_another_folds_it(reader: Reader) -> None:
    reader.view.set_entries([asked(CODE, PASTED), answer("a", "Code.")])
    item = reader.view._scene.item("u")
    before = item.height
    reader.click(reader.spot(SpotKind.ATTACHMENT))
    assert item.height > before
    assert "return 'red'  # ``` inside" in reader.view.toPlainText()
    assert labels(reader)[0] == "Hide fox.py, 2 lines"
    reader.click(reader.spot(SpotKind.COPY_CODE))
    assert clipboard() == CODE.text
    reader.click(reader.spot(SpotKind.ATTACHMENT, 1))  # one at a time
    assert labels(reader) == ["Show fox.py, 2 lines", "Hide Pasted text, 2 lines"]
    reader.click(reader.spot(SpotKind.ATTACHMENT, 1))
    assert item.height == before
    assert item.body.text == "What is this?"


def test_the_keyboard_reaches_them(reader: Reader, qtbot: QtBot) -> None:
    reader.view.set_entries([asked(CODE)])
    reader.view.activateWindow()
    reader.view.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.waitUntil(reader.view.hasFocus)
    for _ in range(6):
        focused = reader.view._scene.focused
        if focused and focused.kind is SpotKind.ATTACHMENT:
            break
        QTest.keyClick(reader.view, Qt.Key.Key_Tab)
    QTest.keyClick(reader.view, Qt.Key.Key_Return)
    assert "def fox" in reader.view.toPlainText()


def test_what_is_unfolded_stays_so_in_another_look_and_width(
    reader: Reader, themes: dict[str, Theme]
) -> None:
    reader.view.set_entries([asked(CODE, PASTED)])
    reader.click(reader.spot(SpotKind.ATTACHMENT))
    reader.view.resize(420, 600)
    reader.view.set_theme(themes["dark"], reader.view._scene.style.icons)
    assert labels(reader)[0] == "Hide fox.py, 2 lines"
    assert "def fox" in reader.view.toPlainText()


@pytest.mark.parametrize("width", [360, 800])
def test_many_chips_wrap_within_the_column(reader: Reader, width: int) -> None:
    reader.view.resize(width, 600)
    many = [attachment_of(f"a long name of file number {n}.txt", "x") for n in range(9)]
    reader.view.set_entries([asked(*many)])
    item = reader.view._scene.item("u")
    rects = [chip.rect for chip in item.chips.row]
    assert all(rect.left() >= 0 and rect.right() <= item.width for rect in rects)
    assert len({rect.top() for rect in rects}) > 1
    assert not any(a.intersects(b) for a in rects for b in rects if a is not b)


def test_files_alone_need_no_text(reader: Reader) -> None:
    reader.view.set_entries([asked(CODE, text=""), answer("a", "Code.")])
    assert labels(reader) == ["Show fox.py, 2 lines"]
    reader.click(reader.spot(SpotKind.ATTACHMENT))
    assert "def fox" in reader.view.toPlainText()
    reader.view.select_all()
    assert "def fox" in reader.view.selected_text()


def test_a_large_file_is_shown_in_part_until_all_is_wanted(reader: Reader) -> None:
    large = attachment_of("large.txt", "\n".join(f"line {n}" for n in range(150_000)))
    assert len(large.text) > 20 * SHOWN_CHARS
    reader.view.set_entries([asked(large)])
    item = reader.view._scene.item("u")
    within(1.5, lambda: reader.click(reader.spot(SpotKind.ATTACHMENT)))
    assert item.body.is_cut
    assert item.more_words == "Show all (1.7 MB)"
    within(3.0, lambda: reader.view._scene.show_all("u"))
    assert not item.body.is_cut


def test_copying_the_message_copies_what_was_typed(reader: Reader) -> None:
    reader.view.set_entries([asked(CODE)])
    reader.view.copy_message("u")
    assert clipboard() == "What is this?"
