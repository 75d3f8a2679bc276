"""How much is done at once: only what is near the view is taken up, made, measured and told."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtGui import QColor
from pytestqt.qtbot import QtBot

from desktop.domain.conversation import Message, Role, State, Statistics
from desktop.services.chat import notices
from desktop.ui.passage_asker import AROUND, nearby
from desktop.ui.transcript import entry
from desktop.ui.transcript.body import Body
from desktop.ui.transcript.column import KEPT_BLOCKS
from desktop.ui.transcript.message_entry import entry_of
from tests.gui.desk import Open
from tests.gui.told import TALK, Told
from tests.gui.transcript_reader import Reader, answer, talk, user

pytestmark = pytest.mark.gui
FLOOD = "- a\n" * 2_000
TABLE = "|" + "cell|" * 24 + "\n|" + "-|" * 24 + "\n" + ("|" + "cell|" * 24 + "\n") * 300


def counted(monkeypatch: pytest.MonkeyPatch, owner: object, name: str) -> list[object]:
    """What a function is called with from now on; a method's first is itself."""
    calls: list[object] = []
    done: Callable[..., object] = getattr(owner, name)

    def noted(*what: object) -> object:
        calls.append(what[0])
        return done(*what)

    monkeypatch.setattr(owner, name, noted)
    return calls


@pytest.mark.parametrize(
    ("place", "start"), [(0, 0), (100, 100 - AROUND // 3), (199, 200 - AROUND)]
)
def test_what_is_near_a_message_is_as_much_at_the_ends(place: int, start: int) -> None:
    ids = [str(number) for number in range(200)]
    assert nearby(ids, str(place)) == range(start, start + AROUND)
    assert nearby(["a", "b"], "b") == range(2)


def test_going_to_a_message_far_away_takes_up_what_is_near_it(open_window: Open) -> None:
    told = Told(open_window())
    told.opened(earlier=900)
    before = told.earlier_asked()
    messages = tuple(Message(Role.USER, f"Text {n}.", id=f"m{n}") for n in range(200))
    told.opened(
        replace(TALK, messages=messages), earlier=500, later=202, same=True, message_id="m90"
    )
    start = 90 - AROUND // 3
    assert told.view.entry_ids == {f"m{n}" for n in range(start, start + AROUND)}
    assert told.view.extent == (500 + start, 202 + 200 - start - AROUND)
    scene = told.view._scene
    assert scene.item_at(QPoint(scene.left, 40).toPointF()) is scene.item("m90")
    assert told.earlier_asked() == before  # the way there leads past no end


def test_an_answer_that_is_written_far_below_where_one_goes_is_known(open_window: Open) -> None:
    told = Told(open_window())
    messages = [Message(Role.USER, f"Text {n}.", id=f"m{n}") for n in range(200)]
    messages[-1] = Message(Role.ASSISTANT, "Text", state=State.WRITING, id="m199")
    talk_now = replace(TALK, messages=tuple(messages))
    told.opened(talk_now, earlier=500, same=True, message_id="m90", answering="m199")
    assert told.stopping.isVisible()
    told.tell(notices.AnswerEnded(replace(messages[-1], state=State.STOP)))
    assert not told.stopping.isVisible()
    assert "m199" not in told.view.entry_ids


def test_a_short_conversation_is_all_there_wherever_one_goes(open_window: Open) -> None:
    told = Told(open_window())
    messages = tuple(Message(Role.USER, f"Text {n}.", id=f"m{n}") for n in range(150))
    told.opened(replace(TALK, messages=messages), message_id="m90")
    assert len(told.view.entry_ids) == 150


def test_only_what_is_near_the_target_is_laid_out(
    reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    reader.view.set_entries([user("x")])
    laid = counted(monkeypatch, Body, "lay")
    reached: list[None] = []
    reader.view.near_top.connect(lambda: reached.append(None))
    reader.view.set_entries(talk(60), hold=True, earlier=50, target="u30")
    place = reader.view._scene.index("u30")
    items = reader.view._scene.column.items
    near = [number for number, item in enumerate(items) if item.body in laid]
    assert near
    assert set(near) <= set(range(place - 2, place + 8))
    assert not reached


def test_figures_are_put_in_words_where_they_are_seen(
    reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    worded = counted(monkeypatch, entry, "figures_of")
    made = Statistics(100, 20, 60, 210.0, 31.5)
    messages = [Message(Role.ASSISTANT, "Yes.", id=f"{n}", statistics=made) for n in range(100)]
    entries = [entry_of(message) for message in messages]
    assert not worded
    reader.view.set_entries(entries)
    reader.picture()
    assert 0 < len(worded) < 20
    reader.picture()
    reader.view._scene.spots()
    assert len(worded) < 20  # once each
    assert "tokens per second" in entries[0].figures_text


def test_a_flood_lays_out_the_end_that_is_in_view(
    reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    reader.view.set_entries([user("u"), answer("w", "- a\n", State.WRITING)])
    laid = counted(monkeypatch, Body, "lay")
    pieces = reader.view._scene.item("w").body.pieces
    reader.view.append_text("w", FLOOD)
    assert reader.at_end()
    assert len(pieces) > 20
    assert not pieces[0].blocks  # it was in view, and is far above by now
    assert len(laid) <= 4
    assert pieces[-1].blocks


def test_a_flood_moves_nothing_under_who_reads_above_it(reader: Reader) -> None:
    reader.view.set_entries([user("u"), answer("w", "- a\n" * 35, State.WRITING)])
    reader.wheel(pixels=200)
    assert not reader.view.follows_end
    before = reader.picture().copy(0, 0, 600, 600)
    reader.view.append_text("w", "- a\n" + FLOOD)
    assert reader.picture().copy(0, 0, 600, 600) == before


def test_a_search_without_matches_is_told_of_twice(reader: Reader, qtbot: QtBot) -> None:
    """When it begins and when it is through: each time all of the view is painted."""
    reader.view.set_entries([user(f"u{n}", "Some zebras. " * 300) for n in range(300)])
    told: list[bool] = []
    reader.view.finder.found.connect(lambda: told.append(reader.view.finder.result.complete))
    reader.view.look_for("zebra and")
    qtbot.waitUntil(lambda: reader.view.finder.result.complete)
    assert told == [False, True]


def test_the_cells_of_tables_out_of_view_are_let_go_of(reader: Reader) -> None:
    reader.view.set_entries([answer("a", TABLE)])
    for _ in range(60):
        reader.wheel(pixels=200)
        for _ in range(3):
            reader.view._go_on()
    scene = reader.view._scene
    seen = scene.column.visible_pieces(0, scene.top, scene.top + scene.size.height())
    pieces = scene.item("a").body.pieces
    away = [piece for place, piece in enumerate(pieces) if place not in seen]
    assert 0 < sum(piece.bulk for piece in away) <= KEPT_BLOCKS


def test_tables_have_a_line_between_rows_and_a_strong_one_under_the_head(reader: Reader) -> None:
    reader.view.set_entries([answer("a", TABLE)])
    reader.view._scene.scroll_to(0)
    for _ in range(8):
        reader.view._go_on()
    first, second = reader.view._scene.item("a").body.pieces[:2]
    assert first.blocks
    assert second.blocks
    assert len(first.blocks[0].lines) == len(first.blocks[0].block.rows) - 1
    assert len(second.blocks[0].lines) == len(second.blocks[0].block.rows)  # it has no head
    picture, theme = reader.picture(), reader.view._scene.style.theme
    corner = reader.text_place("a", 0, QPoint(4, 0))
    colours = [theme.text_muted, *[theme.border] * (len(first.blocks[0].lines) - 1)]
    for line, colour in zip(first.blocks[0].lines, colours, strict=True):
        assert picture.pixelColor(corner + QPoint(0, round(line.y()))) == QColor(colour)
