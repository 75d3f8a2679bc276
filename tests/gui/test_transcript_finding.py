"""Finding words in the conversation."""

import time
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QLineEdit
from pytestqt.qtbot import QtBot

from desktop.domain.conversation import State
from desktop.ui.theme import Theme
from desktop.ui.transcript.find_painting import match_looks
from desktop.ui.transcript.finding import may_hold
from tests.effort import old_garbage_out_of_sight
from tests.gui.desk import Desk, Open
from tests.gui.told import Told
from tests.gui.transcript_reader import CTRL, SHIFT, Reader, answer, talk, user


def find(reader: Reader, qtbot: QtBot, sought: str) -> int:
    reader.view.look_for(sought)
    qtbot.waitUntil(lambda: reader.view.finder.result.complete)
    return len(reader.view.finder.result.matches)


@pytest.mark.parametrize(
    ("sought", "times"),
    [
        ("strong words", 1),  # across marks of the source
        ("STRONG", 1),
        ("cafe", 2),  # without case and accents
        ("caf\u00e9", 2),
        ("def f", 1),
        ("1", 2),  # in a table and in program text
        ("https://example.org", 0),  # the source of a link is not shown
        ("**", 0),
        ("you & me", 1),  # written as an entity
        ("nowhere", 0),
        ("\u4f60\u597d", 1),
    ],
)
def test_what_is_shown_is_found(reader: Reader, qtbot: QtBot, sought: str, times: int) -> None:
    more = "Caf\u00e9 and CAFE, you &amp; me. \u4f60\u597d"
    reader.view.set_entries([answer("1"), answer("2", more)])
    assert find(reader, qtbot, sought) == times


def test_matches_are_painted_and_the_one_in_turn_stronger(
    reader: Reader, qtbot: QtBot, themes: dict[str, Theme]
) -> None:
    reader.view.set_entries([answer("1", "word and `word` and **word**")])
    plain = reader.picture()
    find(reader, qtbot, "word")
    first = reader.picture()
    reader.view.finder.step(1)
    assert reader.picture() != first != plain
    colours = {first.pixelColor(x, y).name() for x in range(30, 400) for y in range(20, 80)}
    assert themes["light"].accent in colours


def test_the_place_in_a_block_counts_what_is_put_in_for_looks(reader: Reader, qtbot: QtBot) -> None:
    text = "\U0001f600 `a` `b` then **here** it is\n\n| x | `y` here |\n|---|---|\n| here | z |"
    reader.view.set_entries([answer("1", text)])
    assert find(reader, qtbot, "here") == 3
    body = reader.view._scene.column.items[0].body
    for match in reader.view.finder.result.matches:
        laid = (body.pieces[match.piece].blocks or [])[match.block]
        place = (match.piece, match.block)
        style = reader.view._scene.style
        looks = match_looks(reader.view._scene.found, "1", place, laid, style)
        assert {look.cursor.selectedText() for look in looks} == {"here"}


def test_enter_goes_on_from_what_is_read_and_around(reader: Reader, qtbot: QtBot) -> None:
    reader.view.set_entries([user(f"u{i}", f"needle {i}\n" + "hay\n" * 30) for i in range(6)])
    reader.view._scene.scroll_to(round(reader.view._scene.column.tops[3]) + 5)
    reader.view._arrange()
    assert find(reader, qtbot, "needle") == 6
    finder = reader.view.finder
    assert finder.result.place == 3
    seen = []
    for _ in range(6):
        current = finder.result.current
        assert current
        seen.append(current.entry_id)
        scene = reader.view._scene
        top = scene.column.tops[scene.index(current.entry_id)] - scene.top
        assert -40 < top < scene.size.height()
        finder.step(1)
    assert seen == ["u3", "u4", "u5", "u0", "u1", "u2"]
    finder.step(-1)
    assert finder.result.matches[finder.result.place].entry_id == "u2"


def test_a_match_in_a_message_that_was_never_in_view_is_reached(
    reader: Reader, qtbot: QtBot
) -> None:
    entries = talk(40)
    entries[3] = answer("far", "filling\n\n" * 200 + "the needle\n\n" + "filling\n\n" * 200)
    reader.view.set_entries(entries)
    assert find(reader, qtbot, "needle") == 1
    looks = reader.picture()
    accent = reader.view._scene.style.theme.accent
    screen = {
        looks.pixelColor(x, y).name()
        for x in range(reader.view._scene.left, reader.view._scene.left + 90)
        for y in range(looks.height())
    }
    assert accent in screen


def test_an_answer_that_grows_is_searched_again(reader: Reader, qtbot: QtBot) -> None:
    reader.view.set_entries([answer("w", "needle", State.WRITING)])
    assert find(reader, qtbot, "needle") == 1
    reader.view.append_text("w", " and needle")
    qtbot.waitUntil(lambda: len(reader.view.finder.result.matches) == 2)
    assert reader.view.finder.result.place == 0


def test_nothing_stops_while_2000_messages_are_searched(reader: Reader, qtbot: QtBot) -> None:
    entries = [replace(entry, text=entry.text * 4) for entry in talk(1_000)]
    reader.view.set_entries(entries)
    slowest = 0.0
    finder = reader.view.finder
    slices = finder._slice

    def timed() -> None:
        nonlocal slowest
        started = time.thread_time()
        slices()
        slowest = max(slowest, time.thread_time() - started)

    finder._slices.timeout.disconnect()
    finder._slices.timeout.connect(timed)
    with old_garbage_out_of_sight():
        reader.view.look_for("return 1")
        qtbot.waitUntil(lambda: finder.result.complete, timeout=60_000)
    assert len(finder.result.matches) > 1_000
    assert slowest < 0.05


@pytest.mark.parametrize(
    ("source", "needle", "holds"),
    [
        ("so **bo**ld", "bold", True),
        ("plain", "other", False),
        ("a [b](c)", "z", True),  # such a source has to be looked at
        ("some\nwords", "some words", True),
    ],
)
def test_a_message_is_passed_over_only_when_it_cannot_hold_the_words(
    source: str, needle: str, holds: bool
) -> None:
    assert may_hold(source, needle) is holds


# The bar


def count(desk: Desk) -> str:
    label = desk.child(QLabel, "findCount")
    assert isinstance(label, QLabel)
    return label.text()


def field(desk: Desk) -> QLineEdit:
    found = desk.child(QLineEdit, "findField")
    assert isinstance(found, QLineEdit)
    return found


@pytest.mark.gui
def test_the_bar_counts_goes_on_and_closes(open_window: Open) -> None:
    desk = Told(open_window())
    desk.opened()
    desk.composer.setFocus()
    desk.qtbot.keyClick(desk.composer, Qt.Key.Key_F, CTRL)
    assert field(desk).isVisible()
    desk.qtbot.keyClicks(field(desk), "IT")
    desk.until(lambda: count(desk) in ("1 of 2", "2 of 2"))
    first = count(desk)
    desk.qtbot.keyClick(field(desk), Qt.Key.Key_Return)
    assert count(desk) != first
    desk.qtbot.keyClick(field(desk), Qt.Key.Key_Return, SHIFT)
    assert count(desk) == first
    field(desk).clear()
    desk.qtbot.keyClicks(field(desk), "zebra")
    desk.until(lambda: count(desk) == "Nothing found")
    desk.qtbot.keyClick(field(desk), Qt.Key.Key_Escape)
    assert not field(desk).isVisible()
    assert not desk.window.pane.transcript.finder.sought
    assert desk.composer.hasFocus()
