"""What one can do with a message in the transcript: icons, versions, editing in place."""

from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPlainTextEdit, QPushButton

from desktop.domain.conversation import Message, Role, State, Statistics
from desktop.domain.tree import Fork
from desktop.ui.transcript import tools
from desktop.ui.transcript.entry import Entry
from desktop.ui.transcript.item import SpotKind
from desktop.ui.transcript.message_entry import entry_of
from tests.gui.transcript_reader import SHIFT, Reader, clipboard, talk

ANSWERED = Message(Role.ASSISTANT, "Yes.", id="a", statistics=Statistics(tokens_per_s=48.0))
ASKED = Message(Role.USER, "Is it so?", id="u")
SECOND_OF_THREE = Fork(("x", "a", "z"), 1)


def entries(fork: Fork | None = None, answer: Message = ANSWERED) -> list[Entry]:
    return [entry_of(ASKED), entry_of(answer, last=True, fork=fork)]


def tool(reader: Reader, entry_id: str, name: str) -> QPoint:
    for placed in reader.view._scene.spots():
        if placed.key.entry_id == entry_id and placed.key.value == name:
            return placed.spot.rect.center().toPoint()
    raise AssertionError(name)


def names(reader: Reader, entry_id: str) -> list[str]:
    spots = reader.view._scene.spots()
    return [placed.key.value for placed in spots if placed.key.entry_id == entry_id]


def field(reader: Reader) -> QPlainTextEdit:
    found = reader.view.findChild(QPlainTextEdit, "messageEditorField")
    assert isinstance(found, QPlainTextEdit)
    return found


def read_in_the_middle(reader: Reader) -> tuple[str, int]:
    """Scroll up, and say which message is at the top and where it is."""
    reader.view.set_entries(talk(12))
    reader.bar.setValue(reader.bar.maximum() // 2)
    return place(reader)


def place(reader: Reader, entry_id: str = "") -> tuple[str, int]:
    scene = reader.view._scene
    index = scene.index(entry_id) if entry_id else scene.column.at(scene.top) + 1
    return scene.column.items[index].entry.id, round(scene.column.tops[index]) - scene.top


@pytest.mark.parametrize(
    ("message", "offered"),
    [
        (ASKED, (tools.COPY, tools.EDIT, tools.DELETE)),
        (ANSWERED, (tools.COPY, tools.REGENERATE, tools.AGAIN, tools.DELETE)),
        (
            Message(Role.ASSISTANT, "Half", state=State.STOPPED),
            (tools.COPY, tools.REGENERATE, tools.CONTINUE, tools.DELETE),
        ),
        (Message(Role.ASSISTANT, "", state=State.FAILED), (tools.REGENERATE, tools.DELETE)),
        (Message(Role.ASSISTANT, "Once", state=State.WRITING), ()),
    ],
)
def test_what_is_offered_depends_on_how_the_message_is(
    message: Message, offered: tuple[str, ...]
) -> None:
    assert entry_of(message).tools == offered


def test_icons_tell_what_they_do(reader: Reader) -> None:
    reader.view.set_entries(entries(SECOND_OF_THREE))
    reader.click(tool(reader, "a", tools.REGENERATE))
    reader.click(tool(reader, "a", tools.PREVIOUS))
    reader.click(tool(reader, "a", tools.NEXT))
    reader.click(tool(reader, "u", tools.DELETE))
    assert reader.actions == [
        ("a", "regenerate"),
        ("a", "previous"),
        ("a", "next"),
        ("u", "delete"),
    ]


def test_there_is_no_way_beyond_the_first_and_the_last_version(reader: Reader) -> None:
    reader.view.set_entries(entries(Fork(("a", "z"), 0)))
    assert tools.PREVIOUS not in names(reader, "a")
    reader.view.set_entries(entries(Fork(("x", "a"), 1)))
    assert tools.NEXT not in names(reader, "a")
    reader.view.set_entries(entries())
    assert {tools.NEXT, tools.PREVIOUS}.isdisjoint(names(reader, "a"))


def test_which_version_it_is_is_told_with_the_ways(reader: Reader) -> None:
    reader.view.set_entries(entries(SECOND_OF_THREE))
    labels = [placed.spot.label for placed in reader.view._scene.spots()]
    assert "Previous version (Version 2 of 3)" in labels


def test_the_last_answer_shows_its_icons_and_another_only_under_the_pointer(
    reader: Reader,
) -> None:
    first, last = replace(ANSWERED, id="b"), ANSWERED
    shown = [entry_of(ASKED), entry_of(first), entry_of(last, last=True)]
    reader.view.set_entries(shown)
    reader.view._set_hovered("")
    quiet = reader.picture()
    for one, looks_other in (("b", True), ("a", True), ("u", True)):
        reader.view._set_hovered(one)
        assert (reader.picture() != quiet) is looks_other
    reader.view._set_hovered("")
    reader.view.set_entries([*shown[:2], replace(shown[2], last=False)])
    assert reader.picture() != quiet


def test_icons_move_nothing(reader: Reader) -> None:
    plain = [replace(entry, tools=()) for entry in entries()]
    reader.view.set_entries(plain)
    height = reader.view._scene.column.height
    reader.view.set_entries(entries(SECOND_OF_THREE))
    assert reader.view._scene.column.height == height


def test_while_an_answer_is_written_only_copying_is_possible(reader: Reader) -> None:
    reader.view.set_entries(entries(SECOND_OF_THREE))
    reader.view.set_busy(True)
    assert names(reader, "u") == [""]
    assert set(names(reader, "a")) <= {"", tools.MORE}
    menu = reader.view._context_menu(reader.text_place("a"))
    possible = {action.text() for action in menu.actions() if action.isEnabled()}
    assert tools.words(tools.REGENERATE) not in possible
    reader.view.set_busy(False)
    assert tools.REGENERATE in names(reader, "a")


def test_the_menu_has_all_that_the_icons_have_and_more(reader: Reader) -> None:
    reader.view.set_entries(entries())
    menu = reader.view._entry_menu("a")
    actions = {action.text(): action for action in menu.actions() if action.text()}
    assert list(actions) == [
        "Copy message",
        "Show the figures",
        "Write another answer",
        "Make it again exactly",
        "Delete this and what follows",
    ]
    actions["Make it again exactly"].trigger()
    assert reader.actions == [("a", tools.AGAIN)]
    actions["Copy message"].trigger()
    assert clipboard() == "Yes."


def test_icons_are_pressed_by_the_keyboard(reader: Reader) -> None:
    reader.view.set_entries(entries(SECOND_OF_THREE))
    for _ in range(20):
        reader.view._move_focus(1)
        focused = reader.view._scene.focused
        if focused and focused.value == tools.NEXT:
            break
    assert reader.view.attended == "a"
    QTest.keyClick(reader.view, Qt.Key.Key_Return)
    assert reader.actions == [("a", tools.NEXT)]


def test_the_focus_goes_from_message_to_message(reader: Reader) -> None:
    long = replace(ANSWERED, text="A line.\n\n" * 80)
    others = [replace(entry, tools=(tools.COPY,)) for entry in talk(3)]
    reader.view.set_entries([*others, *entries(SECOND_OF_THREE, long)])
    seen = []
    for step in (-1, -1, -1, 1, 1, 1):
        reader.view.attend(step)
        seen.append(reader.view.attended)
        assert reader.view._scene.focused in [each.key for each in reader.view._scene.spots()]
    assert seen == ["a", "u", "a2", "u", "a", "a"]
    assert reader.at_end()
    for _ in range(20):
        reader.view.attend(-1)
    assert (reader.view.attended, reader.bar.value()) == ("u0", 0)


def test_nothing_to_act_on_takes_no_focus(reader: Reader) -> None:
    reader.view.set_entries([])
    reader.view.attend(-1)
    assert not reader.view.attended


def test_the_menu_unfolds_the_figures(reader: Reader) -> None:
    reader.view.set_entries(entries())
    for words in ("Show the figures", "Hide the figures"):
        menu = reader.view._entry_menu("a")
        next(action for action in menu.actions() if action.text() == words).trigger()
    assert not reader.view._scene.item("a").unfolded


@pytest.mark.parametrize(
    ("changes", "ways"),
    [
        ({"state": State.STOPPED}, [tools.CONTINUE, "retry"]),
        ({"state": State.LENGTH}, [tools.CONTINUE, "retry"]),
        ({"state": State.STOPPED, "text": " "}, ["retry"]),
        ({}, []),
    ],
)
def test_an_answer_that_was_cut_short_offers_the_ways_on(
    reader: Reader, changes: dict[str, object], ways: list[str]
) -> None:
    cut = replace(ANSWERED, **changes)  # type: ignore[arg-type]
    reader.view.set_entries(entries(answer=cut))
    reader.picture()
    spots = reader.view._scene.spots()
    assert [each.key.value for each in spots if each.key.kind is SpotKind.ACTION] == ways


def test_a_narrow_view_keeps_every_icon_in_the_column(reader: Reader) -> None:
    reader.view.resize(260, 500)
    cut = replace(ANSWERED, state=State.LENGTH)
    reader.view.set_entries(entries(SECOND_OF_THREE, cut))
    scene = reader.view._scene
    for placed in scene.spots():
        assert placed.spot.rect.right() <= scene.left + scene.width + 8
        assert placed.spot.rect.left() >= scene.left - 8


# Editing


def test_a_message_is_edited_in_its_place_and_sent(reader: Reader) -> None:
    sent: list[tuple[str, str]] = []
    reader.view.edited.connect(lambda *what: sent.append(what))
    reader.view.set_entries(entries())
    reader.click(tool(reader, "u", tools.EDIT))
    assert field(reader).toPlainText() == "Is it so?"
    QTest.keyClicks(field(reader), " Really")
    QTest.keyClick(field(reader), Qt.Key.Key_Return, SHIFT)
    QTest.keyClicks(field(reader), "?")
    QTest.keyClick(field(reader), Qt.Key.Key_Return)
    assert sent == [("u", "Is it so? Really\n?")]
    assert not reader.view._editing.entry_id
    assert "Is it so?" in reader.view.toPlainText()


def test_escape_gives_the_edit_up(reader: Reader) -> None:
    sent: list[object] = []
    reader.view.edited.connect(lambda *what: sent.append(what))
    reader.view.set_entries(entries())
    height = reader.view._scene.column.height
    reader.view.edit("u")
    assert reader.view._scene.column.height > height
    QTest.keyClick(field(reader), Qt.Key.Key_Escape)
    assert reader.view._scene.column.height == height
    assert sent == []
    assert reader.view.hasFocus()
    assert not reader.view.attended


def test_nothing_empty_and_nothing_during_an_answer_is_sent(reader: Reader) -> None:
    reader.view.set_entries(entries())
    reader.view.edit("u")
    send = reader.view.findChild(QPushButton, "sendEdited")
    assert isinstance(send, QPushButton)
    assert send.isEnabled()
    reader.view.set_busy(True)
    assert not send.isEnabled()
    reader.view.set_busy(False)
    field(reader).setPlainText(" \n")
    assert not send.isEnabled()


def test_the_editor_lies_over_its_message_and_grows_with_the_text(reader: Reader) -> None:
    reader.view.set_entries([*talk(6), *entries()])
    reader.view.edit("u")
    scene = reader.view._scene

    def lies_right() -> bool:
        panel = scene.item("u").panel
        top = scene.column.tops[scene.index("u")] + panel.top() - scene.top
        shape = field(reader).parentWidget().geometry()
        return abs(shape.top() - top) <= 1 and abs(shape.height() - panel.height()) <= 1

    assert lies_right()
    height = scene.item("u").height
    field(reader).setPlainText("line\n" * 9)
    reader.view.window().repaint()
    QTest.qWait(20)
    assert scene.item("u").height > height
    assert lies_right()
    reader.wheel(pixels=120)
    assert lies_right()


def test_the_message_does_not_jump_when_it_is_edited(reader: Reader) -> None:
    messages = talk(6)
    messages[6] = replace(messages[6], tools=(tools.EDIT,))
    reader.view.set_entries(messages)
    reader.view._scene.scroll_to(round(reader.view._scene.column.tops[6]) - 200)
    reader.view._arrange()
    before = place(reader, "u3")
    reader.view.edit("u3")
    assert place(reader, "u3") == before
    QTest.keyClick(field(reader), Qt.Key.Key_Escape)
    assert place(reader, "u3") == before


def test_the_editor_goes_with_its_message(reader: Reader) -> None:
    reader.view.set_entries(entries())
    reader.view.edit("u")
    reader.view.set_entries(talk(1))
    assert not reader.view._editing.entry_id


# Other branches, earlier messages, one that was looked for


def test_another_branch_leaves_what_is_read_where_it_is(reader: Reader) -> None:
    entry_id, at = read_in_the_middle(reader)
    kept = [item.entry for item in reader.view._scene.column.items]
    index = reader.view._scene.index(entry_id)
    reader.view.set_entries([*kept[: index + 1], *talk(3)[1:]], hold=True)
    assert place(reader, entry_id) == (entry_id, at)


def test_an_answer_that_is_longer_than_the_view_gives_way_to_the_start_of_the_other(
    reader: Reader,
) -> None:
    question, long = talk(1)
    long = replace(long, text=long.text * 12)
    reader.view.set_entries([question, long])
    assert reader.at_end()
    reader.view.set_entries([question, replace(long, id="b", text=long.text * 2)], hold=True)
    at = place(reader, "b")[1]
    assert 0 <= at <= 40


def test_earlier_messages_come_without_moving_what_is_read(reader: Reader) -> None:
    entry_id, at = read_in_the_middle(reader)
    earlier = [replace(entry, id=f"e{entry.id}") for entry in talk(30)]
    reader.view.select_all()
    reader.view.prepend_entries(earlier)
    assert place(reader, entry_id) == (entry_id, at)
    assert reader.view._scene.column.items[0].entry.id == "eu0"


def test_how_many_are_before_is_said_and_moves_nothing(reader: Reader) -> None:
    reader.view.set_entries(talk(12), earlier=234)
    assert reader.view.toPlainText().startswith("234 earlier messages\n\nYou\n")
    reader.view._scroll_by(-reader.view._scene.top)
    told = reader.picture()
    reader.view.set_entries(talk(12), earlier=235, hold=True)
    assert reader.picture() != told
    reader.bar.setValue(reader.bar.maximum() // 2)
    entry_id, at = place(reader)
    reader.view.prepend_entries([replace(entry, id=f"e{entry.id}") for entry in talk(1)], earlier=1)
    assert place(reader, entry_id) == (entry_id, at)
    assert reader.view.toPlainText().startswith("1 earlier message\n")
    reader.view.prepend_entries([replace(entry, id=f"f{entry.id}") for entry in talk(1)])
    assert place(reader, entry_id) == (entry_id, at)
    assert reader.view.toPlainText().startswith("You")


def test_a_selection_stays_on_its_words_when_earlier_messages_come(reader: Reader) -> None:
    reader.view.set_entries(talk(1))
    reader.drag(reader.text_place("u0"), reader.text_place("u0", offset=QPoint(600, 12)))
    before = reader.view.selected_text()
    reader.view.prepend_entries([replace(entry, id=f"e{entry.id}") for entry in talk(2)])
    assert before
    assert reader.view.selected_text() == before


def test_nearing_the_top_is_told(reader: Reader) -> None:
    told: list[object] = []
    reader.view.set_entries(talk(20))
    reader.view.near_top.connect(lambda: told.append(True))
    reader.bar.setValue(reader.bar.maximum() - 50)
    assert not told
    reader.bar.setValue(40)
    assert told


def test_a_message_that_was_looked_for_is_shown_and_marked_for_a_moment(reader: Reader) -> None:
    reader.view.set_entries(talk(20))
    reader.view.show_entry("a7")
    at = place(reader, "a7")[1]
    assert 0 <= at <= 60
    marked = reader.picture()
    QTest.qWait(1_900)
    reader.view._hover(QPointF(-5, -5))
    assert not reader.view._scene.flashed
    assert reader.picture() != marked
