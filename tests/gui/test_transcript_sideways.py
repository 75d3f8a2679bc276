"""Program text that is not wrapped, and wide tables, scroll sideways in their place."""

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from desktop.domain.conversation import State
from desktop.ui.transcript.item import SpotKind
from desktop.ui.transcript.sideways import Sideways
from tests.gui.transcript_reader import LEFT, PLAIN, SHIFT, Reader, answer, clipboard

LINE = "walk(" + ", ".join(f"step_{number}" for number in range(40)) + ")"
CODE = f"```py\n{LINE}\nx = 1\n```\n"
COLUMNS = 20
TABLE = (
    "|" + "|".join(f"a long title {number}" for number in range(COLUMNS)) + "|\n"
    "|" + "-|" * COLUMNS + "\n|" + "|".join(f"cell {number}" for number in range(COLUMNS)) + "|\n"
)


def way(reader: Reader, piece: int = 0) -> Sideways:
    blocks = reader.view._scene.column.items[0].body.pieces[piece].blocks
    assert blocks
    assert blocks[0].way
    return blocks[0].way


def height(reader: Reader) -> float:
    return reader.view._scene.column.height


def kinds(reader: Reader) -> list[SpotKind]:
    return [placed.key.kind for placed in reader.view._scene.spots()]


def test_the_lines_are_wrapped_or_not_as_one_likes(reader: Reader) -> None:
    reader.view.set_entries([answer("a", CODE)])
    wrapped = height(reader)
    assert SpotKind.SIDEWAYS not in kinds(reader)
    reader.click(reader.spot(SpotKind.WRAP))
    assert height(reader) < wrapped
    assert way(reader).end > 500
    reader.click(reader.spot(SpotKind.WRAP))
    assert height(reader) == wrapped
    assert SpotKind.SIDEWAYS not in kinds(reader)


def test_it_stays_so_while_the_window_lives(reader: Reader) -> None:
    """Also when the text grows, when the messages come again, and at another width."""
    reader.view.set_entries([answer("a", f"Look:\n\n{CODE}", State.WRITING)])
    reader.click(reader.spot(SpotKind.WRAP))
    reader.view.append_text("a", "\nMore words.\n\n```py\ny = 2\n```\n")
    reader.view.update_entry(answer("a", f"Look:\n\n{CODE}\nMore words.\n\n```py\ny = 2\n```\n"))
    assert way(reader, 1).unwrapped
    assert not way(reader, 3).unwrapped
    reader.view.set_entries([answer("b")])
    reader.view.set_entries([answer("a", f"Look:\n\n{CODE}")])
    assert way(reader, 1).unwrapped
    reader.view.resize(500, 600)
    QApplication.processEvents()
    assert way(reader, 1).unwrapped


def test_all_parts_of_long_program_text_go_together(reader: Reader) -> None:
    code = "\n".join(f"{LINE}  # {number}" for number in range(30))
    reader.view.set_entries([answer("a", f"```py\n{code}\n```\n")])
    QTest.keyClick(reader.view, Qt.Key.Key_Home)
    QApplication.processEvents()
    reader.click(reader.spot(SpotKind.WRAP))
    body = reader.view._scene.column.items[0].body
    for _ in range(20):
        reader.wheel(pixels=-200)
        QApplication.processEvents()
    ways = {id(piece.ways.get(piece.begins)) for piece in body.pieces[1:] if piece.begins}
    assert len(body.pieces) > 4
    assert ways == {id(way(reader))}


@pytest.mark.parametrize("text", [CODE, TABLE], ids=["code", "table"])
def test_it_is_scrolled_by_keys_wheel_and_mouse(reader: Reader, text: str) -> None:
    reader.view.set_entries([answer("a", text)])
    if text == CODE:
        reader.click(reader.spot(SpotKind.WRAP))
    before = reader.picture()
    moved = way(reader)
    assert moved.left == 0
    while not (focused := reader.view._scene.focused) or focused.kind is not SpotKind.SIDEWAYS:
        assert reader.view.focusNextPrevChild(True)
    QTest.keyClick(reader.view, Qt.Key.Key_Right)
    assert moved.left > 0
    QTest.keyClick(reader.view, Qt.Key.Key_Left)
    assert moved.left == 0
    turn_wheel(reader, QPoint(-120, 0))
    assert moved.left == 120
    turn_wheel(reader, QPoint(0, 120), SHIFT)
    assert moved.left == 0
    bar = reader.spot(SpotKind.SIDEWAYS)
    QTest.mousePress(reader.screen, LEFT, pos=bar)
    reader.drag_on(bar + QPoint(50, 0))
    QTest.mouseRelease(reader.screen, LEFT, pos=bar + QPoint(50, 0))
    assert moved.left > 50
    QTest.mouseMove(reader.screen, QPoint(5, 400))
    reader.view._set_pointed(None)
    assert reader.picture() != before
    assert reader.view.selected_text() == ""


def test_a_wheel_that_goes_down_scrolls_the_conversation(reader: Reader) -> None:
    reader.view.set_entries([answer(str(number), TABLE) for number in range(12)])
    top = reader.bar.value()
    reader.wheel(pixels=100)
    assert reader.bar.value() < top


def test_what_is_scrolled_is_selected_where_it_is_seen(reader: Reader) -> None:
    reader.view.set_entries([answer("a", CODE)])
    reader.click(reader.spot(SpotKind.WRAP))
    way(reader).left = way(reader).end
    place = reader.text_place("a", offset=QPoint(620, 50))
    QTest.mouseDClick(reader.screen, LEFT, pos=place)
    QTest.mouseRelease(reader.screen, LEFT, pos=place)
    assert reader.view.selected_text().startswith("step_3")


def test_it_is_copied_whole(reader: Reader) -> None:
    reader.view.set_entries([answer("a", CODE)])
    reader.click(reader.spot(SpotKind.WRAP))
    reader.click(reader.spot(SpotKind.COPY_CODE))
    assert clipboard() == f"{LINE}\nx = 1"


def test_a_table_that_fits_is_not_scrolled(reader: Reader) -> None:
    reader.view.set_entries([answer("a", "|a|b|c|d|e|f|g|h|i|\n|" + "-|" * 9 + "\n|1|2|3|\n")])
    assert SpotKind.SIDEWAYS not in kinds(reader)


def test_a_table_is_seamless_and_copied_whole(reader: Reader) -> None:
    """A long one is laid out in parts, of the same columns and without another head."""
    rows = "".join(f"|{number}|{'word ' * (number % 4)}|\n" for number in range(200))
    reader.view.set_entries([answer("a", f"|n|words|\n|-|-|\n{rows}")])
    QTest.keyClick(reader.view, Qt.Key.Key_Home)
    for _ in range(60):
        reader.wheel(pixels=-200)
        QApplication.processEvents()
    pieces = reader.view._scene.column.items[0].body.pieces
    assert len(pieces) > 2
    assert len({piece.columns for piece in pieces}) == 1
    reader.view.select_all()
    copied = reader.view.selected_text().split("\n")
    assert (len(copied), copied[0], copied.count("n\twords")) == (201, "n\twords", 1)


def test_where_a_link_leads_is_shown_at_the_foot(reader: Reader) -> None:
    reader.view.set_entries([answer("a", "See [good](https://evil.example/x).")])
    without = reader.picture()
    reader.view._hover(QPointF(reader.spot(SpotKind.LINK)))
    foot = reader.picture().copy(0, 540, 400, 60)
    assert foot != without.copy(0, 540, 400, 60)


def turn_wheel(reader: Reader, notches: QPoint, modifiers: Qt.KeyboardModifier = PLAIN) -> None:
    place = QPointF(reader.text_place("a", offset=QPoint(100, 45)))
    event = QWheelEvent(
        place,
        place,
        QPoint(),
        notches,
        Qt.MouseButton.NoButton,
        modifiers,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(reader.screen, event)
