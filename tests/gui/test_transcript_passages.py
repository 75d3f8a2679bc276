"""A conversation of which only a part is loaded: scrolling through it, and what is asked for."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt

from desktop.domain.conversation import Message, Role, State
from desktop.services.chat import commands, notices
from desktop.ui.passage_asker import AROUND, KEPT, STEP
from tests.gui.desk import Open
from tests.gui.told import TALK, Told
from tests.gui.transcript_reader import CTRL

pytestmark = pytest.mark.gui
TOTAL = 10_000


def messages(start: int, count: int) -> tuple[Message, ...]:
    roles = (Role.USER, Role.ASSISTANT)
    return tuple(
        Message(roles[place % 2], f"Text {place}.\n\nMore.", id=f"m{place}")
        for place in range(start, start + count)
    )


@pytest.fixture
def told(open_window: Open) -> Told:
    made = Told(open_window())
    made.opened(replace(TALK, messages=messages(TOTAL - 200, 200)), earlier=TOTAL - 200)
    return made


def asked(told: Told) -> list[commands.LoadPassage]:
    return [each for each in told.posted if isinstance(each, commands.LoadPassage)]


def answer(told: Told) -> None:
    """As the service does."""
    last = asked(told)[-1]
    start = max(0, min(last.start, TOTAL - last.count))
    later = TOTAL - start - last.count
    told.tell(notices.PassageLoaded(messages(start, last.count), start, later))


def shown(told: Told) -> list[int]:
    items = told.view._scene.column.items
    return [int(item.entry.id[1:]) for item in items]


def top(told: Told) -> int:
    """Place of the message at the top of the view."""
    scene = told.view._scene
    return int(scene.column.items[scene.column.at(scene.top)].entry.id[1:])


def test_scrolling_up_loads_more_and_lets_go_of_what_is_far_below(told: Told) -> None:
    for _ in range(4):
        told.view._scroll_by(200 - told.view._scene.top)
        before, place = asked(told)[-1], top(told)
        assert before.count == STEP
        answer(told)
        assert top(told) == place
    assert shown(told) == [*range(TOTAL - 600, TOTAL - 600 + KEPT)]
    assert told.view.extent == (TOTAL - 600, 200)
    assert told.view._jump.isVisible()
    assert not told.view.follows_end


def test_scrolling_down_loads_more_and_lets_go_of_what_is_far_above(told: Told) -> None:
    told.view.place_wanted.emit(5000.0)
    answer(told)
    for _ in range(6):
        told.view._scroll_by(told.view._scene.end - told.view._scene.top - 200)
        place = top(told)
        answer(told)
        assert top(told) == place
    start = 5000 - AROUND // 3
    last = start + AROUND + 6 * STEP
    assert shown(told) == [*range(last - KEPT, last)]
    assert told.view.extent == (last - KEPT, TOTAL - last)


@pytest.mark.parametrize("share", [0.0, 0.25, 0.9])
def test_the_scroll_bar_leads_to_every_place(told: Told, share: float) -> None:
    bar = told.view.verticalScrollBar()
    bar.setSliderDown(True)
    pulled = round(bar.maximum() * share)
    bar.setSliderPosition(pulled)
    answer(told)
    assert abs(top(told) - TOTAL * share) <= 1
    assert bar.value() == pulled  # it stays in the hand
    bar.setSliderDown(False)
    assert bar.value() == pytest.approx(pulled, abs=bar.maximum() / 50)
    assert abs(top(told) - TOTAL * share) <= 1


def test_of_many_places_the_last_one_is_shown(told: Told) -> None:
    bar = told.view.verticalScrollBar()
    bar.setSliderDown(True)
    before = len(asked(told))
    for share in (0.8, 0.6, 0.4):
        bar.setSliderPosition(round(bar.maximum() * share))
    assert len(asked(told)) == before + 1  # one at a time
    answer(told)
    assert top(told) == 8000
    answer(told)
    assert len(asked(told)) == before + 2
    assert top(told) == 4000


def test_home_and_end_lead_to_the_ends(told: Told) -> None:
    told.view.setFocus()
    told.qtbot.keyClick(told.view, Qt.Key.Key_Home)
    answer(told)
    assert top(told) == 0
    assert told.view.verticalScrollBar().value() == 0
    told.qtbot.keyClick(told.view, Qt.Key.Key_End)
    answer(told)
    assert shown(told)[-1] == TOTAL - 1
    assert told.view.follows_end
    assert told.view.extent == (TOTAL - AROUND, 0)


def test_an_answer_that_is_written_out_of_sight_moves_nothing(told: Told) -> None:
    told.view.place_wanted.emit(3000.0)
    answer(told)
    before = told.view._scene.top, shown(told)
    question, reply = messages(TOTAL, 2)
    told.tell(notices.MessageAdded(question))
    told.tell(notices.MessageAdded(replace(reply, state=State.WRITING, text="")))
    assert told.presenter._transcript.writing
    assert told.stopping.isVisible()
    told.tell(notices.AnswerGrew(reply.id, "Words."))
    told.presenter._transcript.flush()
    told.tell(notices.AnswerEnded(reply))
    assert not told.stopping.isVisible()
    assert (told.view._scene.top, shown(told)) == before
    assert asked(told)[-1] == commands.LoadPassage(TOTAL + 1 - AROUND, AROUND)  # to what was said


def test_a_message_far_up_is_answered_again_where_one_reads(told: Told) -> None:
    told.view.place_wanted.emit(3000.0)
    answer(told)
    removed = messages(3001, 1)[0]
    told.tell(notices.MessageRemoved(removed.id))
    assert (shown(told)[-1], told.view.extent[1]) == (3000, 0)
    told.tell(notices.MessageAdded(replace(removed, id="m1", state=State.WRITING, text="")))
    told.tell(notices.AnswerGrew("m1", "Other words."))
    told.presenter._transcript.flush()
    assert "Other words." in told.shown


def test_keys_about_the_last_message_do_nothing_while_it_is_not_loaded(told: Told) -> None:
    told.view.place_wanted.emit(3000.0)
    answer(told)
    told.posted.clear()
    told.press(Qt.Key.Key_R, CTRL)
    assert told.posted == []


def test_what_could_not_be_read_is_asked_for_again(told: Told) -> None:
    told.view.place_wanted.emit(3000.0)
    told.tell(notices.Trouble("The disk is busy."))
    told.view.place_wanted.emit(3000.0)
    assert len(asked(told)) == 2
