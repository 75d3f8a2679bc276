"""Formulas in the transcript: pictures of what is written."""

import time
from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtGui import QColor
from pytestqt.qtbot import QtBot

from desktop.domain.conversation import State
from desktop.ui.icons import IconSet
from desktop.ui.theme import Theme
from desktop.ui.transcript.formula_object import OBJECT
from desktop.ui.transcript.formulas import workshop
from desktop.ui.transcript.item import Item
from tests.gui.transcript_reader import Reader, answer, clipboard, user

pytestmark = pytest.mark.gui
ROOTS = "The roots of $ax^2 = {}$ are *here*, and then\n\n$$x = \\frac{{-b}}{{{}a}}$$\n\nthe end."


def shown(reader: Reader, entry_id: str = "a") -> str:
    """What stands in the documents of a message."""
    item: Item = reader.view.scene.item(entry_id)
    laid = [each for piece in item.body.pieces for each in piece.blocks or []]
    return "\n".join(each.made.toPlainText() for each in laid)


def until_drawn(reader: Reader, qtbot: QtBot, count: int) -> None:
    qtbot.waitUntil(lambda: shown(reader).count(OBJECT) == count, timeout=20_000)


def source(mark: int) -> str:
    """A text whose formulas no other test had typeset."""
    return ROOTS.format(mark, mark)


def test_formulas_are_shown_as_written_until_they_are_typeset(reader: Reader, qtbot: QtBot) -> None:
    reader.view.set_entries([user("u"), answer("a", source(71))])
    assert "$ax^2 = 71$" in shown(reader)
    before = reader.picture()
    until_drawn(reader, qtbot, 2)
    assert "$" not in shown(reader)
    assert reader.picture() != before


def test_what_is_copied_is_the_source(reader: Reader, qtbot: QtBot) -> None:
    reader.view.set_entries([user("u"), answer("a", source(72))])
    until_drawn(reader, qtbot, 2)
    reader.view.select_all()
    reader.view.copy()
    assert clipboard().endswith(source(72).replace("*", ""))
    across = QPoint(round(reader.view.scene.width) - 8, 0)
    reader.drag(reader.text_place("a"), reader.text_place("a") + across)
    reader.view.copy()
    assert "$ax^2 = 72$ are" in clipboard()


def test_formulas_wear_the_colours_of_the_theme(
    reader: Reader, qtbot: QtBot, themes: dict[str, Theme], icons: IconSet
) -> None:
    reader.view.set_entries([answer("a", "$$\\boxed{\\frac{W_{73}}{M}}$$")])
    until_drawn(reader, qtbot, 1)
    assert _has(reader, themes["light"].text)
    reader.view.set_theme(themes["dark"], icons)
    assert _has(reader, themes["dark"].text)
    assert not _has(reader, themes["light"].text)


def _has(reader: Reader, colour: str) -> bool:
    picture = reader.picture()
    scene = reader.view.scene
    rows = range(round(scene.column.piece_top(0, 0)), round(scene.column.tops[1]))
    wanted = QColor(colour).rgb()
    columns = range(picture.width() // 4, picture.width() * 3 // 4)
    return any(picture.pixel(x, y) == wanted for y in rows for x in columns)


def test_a_formula_streams_in_when_it_is_closed(reader: Reader, qtbot: QtBot) -> None:
    text = "So $\\frac{a}{74}$ is"
    reader.view.set_entries([user("u"), answer("a", "", State.WRITING)])
    for letter in text[: text.rindex("$")]:
        reader.view.append_text("a", letter)
    assert "$\\frac{a}{74}" in shown(reader)
    reader.view.append_text("a", text[text.rindex("$") :])
    until_drawn(reader, qtbot, 1)
    assert shown(reader) == f"So {OBJECT} is"


def test_what_is_read_stays_when_a_formula_above_is_typeset(reader: Reader, qtbot: QtBot) -> None:
    text = f"$$\\frac{{75}}{{\\frac{{a}}{{b}}}}$$\n\n{'A line.' * 20}\n\n" * 3
    entries = [answer("a", text)] + [answer(f"b{n}", "Words. " * 200) for n in range(3)]
    reader.view.set_entries([replace(each) for each in entries])
    scene = reader.view.scene
    reader.view.show_entry("b0")
    place = scene.column.tops[scene.index("b0")] - scene.top
    qtbot.waitUntil(
        lambda: workshop().formula("\\frac{75}{\\frac{a}{b}}", display=True) is not None
    )
    qtbot.wait(50)
    assert scene.column.tops[scene.index("b0")] - scene.top == pytest.approx(place, abs=1)


def test_hostile_formulas_hold_nothing_up(reader: Reader, qtbot: QtBot) -> None:
    deep = "{" * 60 + "x" + "}" * 60
    entries = [answer("a", f"$${deep}$$\n\nBut $y_{{76}}$ is drawn.\n\n$${'x+' * 50_000}$$")]
    started = time.process_time()
    reader.view.set_entries(entries)
    reader.view.show_entry("a")
    until_drawn(reader, qtbot, 1)
    assert time.process_time() - started < 10
    assert deep in shown(reader)
