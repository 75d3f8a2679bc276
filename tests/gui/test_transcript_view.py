"""The transcript as its reader has it: what is shown, reading along, growing answers."""

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop.domain.conversation import Role, State
from desktop.ui.icons import IconSet
from desktop.ui.theme import Theme
from desktop.ui.transcript.entry import Entry
from desktop.ui.transcript.item import SpotKind
from desktop.ui.transcript.view import TranscriptView
from tests.gui.transcript_reader import (
    ANSWER,
    Reader,
    answer,
    talk,
    user,
    within,
)

# What is shown


def test_it_says_what_it_is(reader: Reader) -> None:
    assert reader.view.objectName() == "transcript"
    assert reader.view.accessibleName() == "Conversation"


def test_all_of_the_text_can_be_read_by_programs(reader: Reader) -> None:
    reader.view.set_entries([user("1", "Hi <b>"), answer("2", "**Hello**")])
    assert reader.view.toPlainText() == "You\nHi <b>\n\nCellar\n**Hello**"
    reader.view.add_entry(answer("3", "Half", State.FAILED, problem="It broke. Try again."))
    assert reader.view.toPlainText().endswith("Cellar\nHalf\nIt broke. Try again.")
    reader.view.clear()
    assert reader.view.toPlainText() == ""


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (State.STOPPED, "Stopped."),
        (State.LENGTH, "Cut at the maximum number of tokens."),
        (State.INTERRUPTED, "Interrupted: the program ended while this was written."),
        (State.FAILED, "The answer could not be finished."),
        (State.STOP, ""),
        (State.WRITING, ""),
    ],
)
def test_an_answer_says_how_it_ended(reader: Reader, state: State, words: str) -> None:
    reader.view.set_entries([answer("1", "Text", state)])
    assert reader.view.toPlainText() == "\n".join(["Cellar", "Text", *([words] if words else [])])


def test_messages_can_be_changed_and_taken_away(reader: Reader) -> None:
    reader.view.set_entries(talk(3))
    reader.view.update_entry(answer("a2", "Other"))
    assert reader.view.toPlainText().endswith("Cellar\nOther")
    reader.view.remove_from("u1")
    assert reader.view.toPlainText() == f"You\nA question?\n\nCellar\n{ANSWER}"
    with pytest.raises(KeyError):
        reader.view.remove_from("u1")
    with pytest.raises(KeyError):
        reader.view.append_text("a2", "more")


def test_a_surrogate_without_its_partner_does_no_harm(reader: Reader) -> None:
    reader.view.set_entries([answer("1", "a\ud800b", State.WRITING)])
    reader.view.append_text("1", "c\udfffd")
    reader.picture()
    assert reader.view.toPlainText() == "Cellar\na\ufffdbc\ufffdd"


def test_the_theme_changes_at_once(
    reader: Reader, themes: dict[str, Theme], icons: IconSet
) -> None:
    reader.view.set_entries(talk(2))
    reader.view.select_all()
    place, light = reader.bar.value(), reader.picture()
    reader.view.set_theme(themes["dark"], icons)
    dark = reader.picture()
    assert dark.pixelColor(2, 2).name() == themes["dark"].window
    assert light.pixelColor(2, 2).name() == themes["light"].window
    assert reader.bar.value() == place


# Reading along


def test_a_conversation_opens_at_its_end(reader: Reader) -> None:
    reader.view.set_entries(talk(30))
    assert reader.bar.maximum() > 5_000
    assert reader.at_end()
    assert reader.jump.isHidden()


def test_the_end_is_followed_while_an_answer_is_written(reader: Reader) -> None:
    reader.view.set_entries([*talk(5), answer("w", "", State.WRITING)])
    for _ in range(40):
        reader.view.append_text("w", "A line of text.\n\n")
        assert reader.at_end()
    assert reader.view.follows_end


def test_who_scrolled_up_is_left_alone(reader: Reader) -> None:
    reader.view.set_entries([*talk(5), answer("w", "", State.WRITING)])
    reader.wheel(pixels=300)
    before = reader.picture()
    assert not reader.at_end()
    for text in ("Some text.\n\n", "```\ncode\n", "```\n"):
        reader.view.append_text("w", text * 30)
    reader.view.update_entry(answer("w", "Other text", State.STOPPED))
    assert reader.picture() == before
    reader.view.append_text("w", "x")
    assert reader.jump.isVisible()
    reader.jump.click()
    assert reader.at_end()
    assert reader.view.follows_end
    assert reader.jump.isHidden()


def test_scrolling_back_to_the_end_follows_it_again(reader: Reader) -> None:
    reader.view.set_entries([*talk(5), answer("w", "", State.WRITING)])
    reader.wheel(pixels=300)
    reader.wheel(pixels=-300)
    reader.view.append_text("w", "More.\n\n" * 20)
    assert reader.at_end()


def test_a_question_of_one_s_own_brings_the_end_into_view(reader: Reader) -> None:
    reader.view.set_entries(talk(5))
    reader.wheel(pixels=500)
    reader.view.add_entry(answer("late"))
    assert not reader.at_end()
    reader.view.add_entry(user("next"))
    assert reader.at_end()


def test_the_same_conversation_again_does_not_move(reader: Reader) -> None:
    reader.view.set_entries(talk(5))
    reader.wheel(pixels=500)
    before = reader.picture()
    reader.view.set_entries([*talk(5), user("new")])
    assert reader.picture() == before


def test_what_is_on_screen_does_not_jump_when_more_comes_into_view(reader: Reader) -> None:
    """Heights are guessed until they are seen: a wrong guess must not be noticed."""
    poems = [
        answer(str(i), "word\n" * (1 + i % 7) + "long words " * (i % 5) * 20) for i in range(40)
    ]
    reader.view.set_entries(poems)
    before = reader.picture()
    for _ in range(120):
        reader.wheel(pixels=37)
        now = reader.picture()
        moved = before.copy(0, 0, before.width(), before.height() - 37)
        assert now.copy(0, 37, now.width(), now.height() - 37) == moved
        before = now


def test_the_beginning_is_reached_by_scrolling_and_by_key(reader: Reader) -> None:
    reader.view.set_entries(talk(40))
    QTest.keyClick(reader.view, Qt.Key.Key_Home)
    assert reader.bar.value() == 0
    top = reader.picture()
    QTest.keyClick(reader.view, Qt.Key.Key_End)
    assert reader.at_end()
    for _ in range(400):
        reader.wheel(pixels=200)
    assert reader.bar.value() == 0
    assert reader.picture() == top


def test_keys_and_wheel_glide(reader: Reader, qtbot: QtBot) -> None:
    reader.view.set_entries(talk(20))
    start = reader.bar.value()
    QTest.keyClick(reader.view, Qt.Key.Key_PageUp)
    qtbot.waitUntil(lambda: start - reader.bar.value() > 400)
    start = reader.bar.value()
    reader.wheel(notches=1)
    qtbot.waitUntil(lambda: start - reader.bar.value() > 40)


def test_another_width_keeps_the_place(reader: Reader) -> None:
    reader.view.set_entries([answer("1", "\n\n".join(f"Paragraph {i}. " * 20 for i in range(60)))])
    reader.bar.setValue(reader.bar.maximum() // 2)
    reader.click(QPoint(200, 0))
    shown = reader.view._scene.place_at(QPointF(200, 0))
    reader.view.resize(480, 600)
    QApplication.processEvents()
    again = reader.view._scene.place_at(QPointF(200, 0))
    assert shown
    assert again
    assert again.piece == shown.piece
    reader.view.resize(800, 300)
    QApplication.processEvents()
    place = reader.view._scene.place_at(QPointF(200, 0))
    assert place
    assert abs(place.piece - shown.piece) <= 1


def test_another_width_keeps_the_place_within_a_long_paragraph(reader: Reader) -> None:
    words = " ".join(f"word{i}" for i in range(400))
    reader.view.set_entries([answer(str(i), words) for i in range(3)])
    reader.bar.setValue(reader.bar.maximum() // 2)
    shown = reader.view._scene.place_at(QPointF(200, 0))
    reader.view.resize(520, 600)
    QApplication.processEvents()
    again = reader.view._scene.place_at(QPointF(200, 0))
    assert shown
    assert again
    assert shown.item == again.item == 1
    assert shown.offset > 400
    assert abs(again.offset - shown.offset) < 200


def test_the_footer_never_moves_anything(reader: Reader) -> None:
    reader.view.set_entries([answer("1", "Short."), user("2")])
    reader.view.update_entry(answer("1", "Short.", note="48 tokens/s"))
    with_note = reader.view._scene.column.tops
    reader.view.update_entry(answer("1", "Short."))
    assert reader.view._scene.column.tops == with_note


# Growing


@pytest.mark.parametrize("step", [1, 7, 100])
@pytest.mark.parametrize(
    "end", ["**open", "```\nnever closed", "A line\n-", "See [it][1].\n\n[1]: https://example.org"]
)
def test_a_written_answer_looks_as_it_does_when_it_is_opened_again(
    reader: Reader, step: int, end: str
) -> None:
    text = ANSWER + end
    reader.view.set_entries([user("u"), answer("w", "", State.WRITING)])
    for start in range(0, len(text), step):
        reader.view.append_text("w", text[start : start + step])
    reader.view.update_entry(answer("w", text))
    grown = reader.picture()
    reader.view.clear()
    reader.view.set_entries([user("u"), answer("w", text)])
    assert reader.picture() == grown


def test_what_is_read_of_a_growing_paragraph_stays_in_place(reader: Reader) -> None:
    reader.view.set_entries([answer("w", "A line of a poem.\n" * 50, State.WRITING)])
    reader.wheel(pixels=250)
    before = reader.picture()
    for _ in range(20):
        reader.view.append_text("w", "Another line of it.\n")
        assert reader.picture() == before


def test_appending_to_a_long_answer_is_quick(reader: Reader) -> None:
    reader.view.set_entries([user("u"), answer("w", ANSWER * 200, State.WRITING)])
    pieces = ["More ", "and ", "more.\n\n", "```py\n", "x = 1\n", "```\n"]

    def write() -> None:
        for piece in pieces * 10:
            reader.view.append_text("w", piece)

    within(60 * 0.008, write)


def test_a_thousand_messages_open_at_once(reader: Reader) -> None:
    within(0.3, lambda: reader.view.set_entries(talk(500)))


@pytest.mark.parametrize("role", [Role.USER, Role.ASSISTANT])
@pytest.mark.parametrize(
    "text",
    ["x" * 1_000_000, "word " * 200_000, "\n" * 1_000_000, "[" * 1_000_000, "- a\n" * 250_000],
    ids=["one word", "words", "lines", "brackets", "list"],
)
def test_a_hostile_message_does_not_block(reader: Reader, role: Role, text: str) -> None:
    reader.view.set_entries([Entry("0", role, "warm")])
    within(0.2, lambda: reader.view.set_entries([Entry("1", role, text)]))
    within(0.2, lambda: QTest.keyClick(reader.view, Qt.Key.Key_Home))


@pytest.mark.parametrize("line", ["Line {} of many.\n", "{}\n"])
def test_the_rest_of_a_long_message_is_shown_on_demand(reader: Reader, line: str) -> None:
    text = "".join(line.format(i) for i in range(20_000))
    reader.view.set_entries([user("1", text)])
    cut = reader.bar.maximum()
    reader.click(reader.spot(SpotKind.SHOW_ALL))
    assert reader.bar.maximum() > 2 * cut
    reader.view.scroll_to_end()
    end = reader.picture()
    reader.view.set_entries([user("2", text[-2_000:])])
    assert end.copy(0, 300, 700, 250) == reader.picture().copy(0, 300, 700, 250)


def test_a_finished_answer_is_told_to_assistive_tools(reader: Reader) -> None:
    reader.view.set_entries([answer("1", "", State.WRITING)])
    reader.view.append_text("1", "The answer.")
    assert reader.view.accessibleDescription() == ""
    reader.view.update_entry(answer("1", "The answer."))
    assert reader.view.accessibleDescription() == "The answer."
    reader.view.set_entries([answer("1", "Earlier"), user("2")])
    assert reader.view.accessibleDescription() == "Earlier"


def test_it_can_be_filled_before_it_is_on_screen(
    qtbot: QtBot, themes: dict[str, Theme], icons: IconSet
) -> None:
    view = TranscriptView(themes["dark"], icons)
    qtbot.addWidget(view)
    view.set_entries(talk(20))
    view.append_text("a19", "more")
    view.resize(700, 500)
    view.show()
    qtbot.waitExposed(view)
    assert view.verticalScrollBar().value() == view.verticalScrollBar().maximum() > 1_000
