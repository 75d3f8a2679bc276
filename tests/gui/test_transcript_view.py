"""The transcript as its reader has it: reading along, selecting, copying, clicking."""

import time
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QGuiApplication, QHelpEvent, QImage, QMouseEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QToolButton, QToolTip
from pytestqt.qtbot import QtBot

from desktop.domain.conversation import Role, State
from desktop.ui.icons import IconSet
from desktop.ui.theme import Theme
from desktop.ui.transcript.entry import Entry
from desktop.ui.transcript.item import SpotKind
from desktop.ui.transcript.view import TranscriptView

CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
PLAIN = Qt.KeyboardModifier.NoModifier
NEAR_START = QPoint(2, 12)  # of a text, on its first line
LEFT = Qt.MouseButton.LeftButton
ANSWER = """# Title

Some **strong** words and `code`, then [a link](https://example.org/x).

```python
def f() -> int:
    return 1
```

- one
- two

| a | b |
|---|---|
| 1 | 2 |

"""


def user(entry_id: str, text: str = "A question?") -> Entry:
    return Entry(entry_id, Role.USER, text)


def answer(entry_id: str, text: str = ANSWER, state: State = State.STOP, **more: object) -> Entry:
    return Entry(entry_id, Role.ASSISTANT, text, state, **more)  # type: ignore[arg-type]


def talk(turns: int) -> list[Entry]:
    return [
        entry
        for i in range(turns)
        for entry in (user(f"u{i}"), answer(f"a{i}", ANSWER * (1 + i % 3)))
    ]


class Reader:
    """A view on screen, with what a person does to it."""

    def __init__(self, view: TranscriptView) -> None:
        self.view = view
        self.screen = view.viewport()
        self.bar = view.verticalScrollBar()
        jump = view.findChild(QToolButton, "jumpToLatest")
        assert jump
        self.jump = jump
        self.links: list[str] = []
        self.actions: list[tuple[str, str]] = []
        view.link_activated.connect(self.links.append)
        view.action_triggered.connect(lambda *what: self.actions.append(what))

    def at_end(self) -> bool:
        return self.bar.value() == self.bar.maximum()

    def picture(self) -> QImage:
        self.jump.hide()
        return self.screen.grab().toImage()

    def spot(self, kind: SpotKind, nth: int = 0) -> QPoint:
        found = [placed for placed in self.view._scene.spots() if placed.key.kind is kind]
        return found[nth].spot.rect.center().toPoint()

    def text_place(self, entry: str, piece: int = 0, offset: QPoint = NEAR_START) -> QPoint:
        scene = self.view._scene
        top = scene.column.piece_top(scene.index(entry), piece) - scene.top
        return QPoint(scene.left, round(top)) + offset

    def click(self, place: QPoint, modifiers: Qt.KeyboardModifier = PLAIN) -> None:
        QTest.mouseClick(self.screen, LEFT, modifiers, place)

    def drag(self, start: QPoint, end: QPoint) -> None:
        QTest.mousePress(self.screen, LEFT, pos=start)
        self.drag_on(end)
        QTest.mouseRelease(self.screen, LEFT, pos=end)

    def drag_on(self, to: QPoint) -> None:
        place = QPointF(to)
        event = QMouseEvent(
            QEvent.Type.MouseMove, place, self.screen.mapToGlobal(place), LEFT, LEFT, PLAIN
        )
        QApplication.sendEvent(self.screen, event)

    def wheel(self, pixels: int = 0, notches: int = 0) -> None:
        event = QWheelEvent(
            QPointF(300, 200),
            QPointF(300, 200),
            QPoint(0, pixels),
            QPoint(0, 120 * notches),
            Qt.MouseButton.NoButton,
            PLAIN,
            Qt.ScrollPhase.NoScrollPhase,
            False,
        )
        QApplication.sendEvent(self.screen, event)


@pytest.fixture
def reader(qtbot: QtBot, themes: dict[str, Theme], icons: IconSet) -> Reader:
    view = TranscriptView(themes["light"], icons)
    qtbot.addWidget(view)
    view.setGeometry(300, 300, 800, 600)  # away from the pointer
    view.show()
    qtbot.waitExposed(view)
    return Reader(view)


def clipboard() -> str:
    return QGuiApplication.clipboard().text()


def within(seconds: float, work: Callable[[], object]) -> None:
    """Processor time, so that a busy machine fails no test."""
    started = time.process_time()
    work()
    QApplication.processEvents()
    assert time.process_time() - started < seconds


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


# Selecting and copying


def test_a_drag_selects_across_messages(reader: Reader) -> None:
    reader.view.set_entries([user("1", "First question"), answer("2", "An **answer** here.")])
    reader.drag(reader.text_place("1"), reader.text_place("2", offset=QPoint(600, 12)))
    assert reader.view.selected_text() == "You\nFirst question\n\nCellar\nAn answer here."
    QTest.keyClick(reader.view, Qt.Key.Key_C, CTRL)
    assert clipboard() == reader.view.selected_text()


def test_a_drag_backwards_selects_the_same(reader: Reader) -> None:
    reader.view.set_entries([answer("2", "An **answer** here.")])
    reader.drag(reader.text_place("2", offset=QPoint(600, 12)), reader.text_place("2"))
    assert reader.view.selected_text() == "An answer here."


def test_selected_text_is_painted(reader: Reader, themes: dict[str, Theme]) -> None:
    reader.view.set_entries([answer("2", "word " * 8)])
    reader.view.select_all()
    spot = reader.text_place("2", offset=QPoint(1, 5))
    assert reader.picture().pixelColor(spot).name() == themes["light"].selection


def test_everything_can_be_selected(reader: Reader) -> None:
    reader.view.set_entries([user("1", "<b>Hi</b>"), answer("2")])
    QTest.keyClick(reader.view, Qt.Key.Key_A, CTRL)
    QTest.keyClick(reader.view, Qt.Key.Key_C, CTRL)
    assert clipboard() == (
        "You\n<b>Hi</b>\n\nCellar\nTitle\n\nSome strong words and code, then a link.\n\n"
        "def f() -> int:\n    return 1\n\n• one\n• two\n\na\tb\n1\t2"
    )


def test_a_table_is_copied_in_rows_and_columns(reader: Reader) -> None:
    reader.view.set_entries([answer("1", "| a | b |\n|---|---|\n| 1 | 2 |")])
    start = reader.text_place("1")
    reader.drag(start - QPoint(0, 10), start + QPoint(300, 60))
    assert reader.view.selected_text() == "a\tb\n1\t2"


def test_a_double_click_selects_a_word_and_a_third_the_paragraph(reader: Reader) -> None:
    reader.view.set_entries([answer("1", "Some `inline_code` here.\n\nNext.")])
    place = reader.text_place("1", offset=QPoint(4, 12))
    QTest.mouseDClick(reader.screen, LEFT, pos=place)
    assert reader.view.selected_text() == "Some"
    QTest.mousePress(reader.screen, LEFT, pos=place)
    assert reader.view.selected_text() == "Some inline_code here."
    QTest.mouseRelease(reader.screen, LEFT, pos=place)


def test_shift_and_click_extend_the_selection(reader: Reader) -> None:
    reader.view.set_entries([user("1", "First"), answer("2", "Second")])
    reader.click(reader.text_place("1"))
    reader.click(reader.text_place("2", offset=QPoint(600, 12)), SHIFT)
    assert reader.view.selected_text() == "You\nFirst\n\nCellar\nSecond"
    reader.click(reader.text_place("1", offset=QPoint(600, 12)), SHIFT)
    assert reader.view.selected_text() == "First"
    reader.click(reader.text_place("2"))
    assert reader.view.selected_text() == ""


def test_a_drag_beyond_the_view_scrolls_and_selects(reader: Reader, qtbot: QtBot) -> None:
    reader.view.set_entries(talk(10))
    start = reader.bar.value()
    QTest.mousePress(reader.screen, LEFT, pos=QPoint(200, 300))
    reader.drag_on(QPoint(200, -60))
    qtbot.waitUntil(lambda: reader.bar.value() < start - 200)
    QTest.mouseRelease(reader.screen, LEFT, pos=QPoint(200, -60))
    stopped = reader.bar.value()
    QTest.qWait(80)
    assert reader.bar.value() == stopped
    assert len(reader.view.selected_text()) > 100


def test_a_selection_stays_while_more_is_written(reader: Reader) -> None:
    reader.view.set_entries([user("1", "Keep this"), answer("w", "A beginning", State.WRITING)])
    reader.drag(reader.text_place("1"), reader.text_place("1", offset=QPoint(600, 12)))
    for _ in range(20):
        reader.view.append_text("w", " and more.\n\n")
    reader.view.update_entry(answer("w", "A beginning" + " and more.\n\n" * 20))
    assert reader.view.selected_text() == "Keep this"


def test_a_selection_goes_with_its_messages(reader: Reader) -> None:
    reader.view.set_entries([user("1"), answer("2")])
    reader.drag(reader.text_place("1"), reader.text_place("2", offset=QPoint(600, 12)))
    reader.view.remove_from("2")
    assert reader.view.selected_text() == ""


def test_copying_nothing_leaves_the_clipboard_alone(reader: Reader) -> None:
    QGuiApplication.clipboard().setText("precious")
    reader.view.set_entries([user("1")])
    reader.view.copy()
    assert clipboard() == "precious"


def test_all_of_a_long_conversation_is_copied_in_moments(reader: Reader) -> None:
    reader.view.set_entries(talk(1_500))
    reader.view.select_all()
    within(1.0, reader.view.copy)
    assert clipboard().count("return 1") == 3_000


# Clicking


def test_a_message_is_copied_as_it_was_written(reader: Reader) -> None:
    reader.view.set_entries([answer("1", "**Source**")])
    reader.click(reader.spot(SpotKind.COPY_MESSAGE))
    assert clipboard() == "**Source**"


def test_the_copy_icon_is_there_while_the_pointer_is(reader: Reader) -> None:
    reader.view.set_entries([answer("1", "Text")])
    icon = reader.spot(SpotKind.COPY_MESSAGE)
    QApplication.sendEvent(reader.screen, QEvent(QEvent.Type.Leave))
    without = reader.picture()
    QTest.mouseMove(reader.screen, icon + QPoint(60, 0))
    reader.view._hover(QPointF(icon + QPoint(60, 0)))
    assert reader.picture() != without
    QApplication.sendEvent(reader.screen, QEvent(QEvent.Type.Leave))
    assert reader.picture() == without


def test_program_text_is_copied_whole_however_long(reader: Reader) -> None:
    code = "\n".join(f"x{i} = {i}" for i in range(500))
    reader.view.set_entries([answer("1", f"Look:\n\n```py\n{code}\n```\n")])
    QTest.keyClick(reader.view, Qt.Key.Key_Home)
    reader.click(reader.spot(SpotKind.COPY_CODE))
    assert clipboard() == code


def test_program_text_in_a_list_is_copied(reader: Reader) -> None:
    reader.view.set_entries([answer("1", "1. a\n   ```sh\n   ls\n     -l\n   ```\n")])
    reader.click(reader.spot(SpotKind.COPY_CODE))
    assert clipboard() == "ls\n  -l"


def test_a_link_is_told_and_not_opened(reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[object] = []
    monkeypatch.setattr("PySide6.QtGui.QDesktopServices.openUrl", opened.append)
    reader.view.set_entries(
        [answer("1", "[x](javascript:a) [good](https://g\u043e\u043ed.example)")]
    )
    place = reader.spot(SpotKind.LINK)
    reader.click(place)
    assert reader.links == ["https://xn--gd-fmca.example"]
    assert opened == []


def test_the_true_target_of_a_link_is_shown(
    reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown: list[str] = []
    monkeypatch.setattr(QToolTip, "showText", lambda _, text, *rest: shown.append(text))
    reader.view.set_entries([answer("1", "[https://good.example](https://evil.example/?a=b&c=d)")])
    place = reader.spot(SpotKind.LINK)
    event = QHelpEvent(QEvent.Type.ToolTip, place, reader.screen.mapToGlobal(place))
    QApplication.sendEvent(reader.screen, event)
    assert len(shown) == 1
    assert "https://evil.example/?a=b&amp;c=d" in shown[0]


def test_a_press_that_ends_elsewhere_clicks_nothing(reader: Reader) -> None:
    reader.view.set_entries([answer("1", "[a link](https://example.org)")])
    reader.drag(reader.spot(SpotKind.LINK), QPoint(400, 400))
    reader.drag(QPoint(400, 400), reader.spot(SpotKind.LINK))
    assert reader.links == []


def test_actions_stand_beside_the_problem(reader: Reader) -> None:
    ways = (("restart", "Restart engine"), ("retry", "Try again"))
    reader.view.set_entries(
        [answer("1", "Half", State.FAILED, problem="The engine ended.", actions=ways)]
    )
    reader.click(reader.spot(SpotKind.ACTION, 1))
    reader.click(reader.spot(SpotKind.ACTION, 0))
    assert reader.actions == [("1", "retry"), ("1", "restart")]


def test_everything_clickable_can_be_reached_by_keyboard(reader: Reader, qtbot: QtBot) -> None:
    reader.view.set_entries([answer("1"), answer("2", "Half", actions=(("retry", "Try again"),))])
    reader.view.activateWindow()
    reader.view.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.waitUntil(reader.view.hasFocus)
    if not reader.view._scene.focused:  # the window became active later than it got the focus
        QTest.keyClick(reader.view, Qt.Key.Key_Tab)
    for _ in range(5):
        focused = reader.picture()
        QTest.keyClick(reader.view, Qt.Key.Key_Return)
        QTest.keyClick(reader.view, Qt.Key.Key_Tab)
        assert reader.picture() != focused
    assert reader.links == ["https://example.org/x"]
    assert reader.actions == [("2", "retry")]
    assert clipboard() == "Half"


def test_tab_leaves_the_view_after_the_last_spot(reader: Reader) -> None:
    reader.view.set_entries([answer("1", "Text")])
    assert reader.view.focusNextPrevChild(True)
    assert not reader.view._move_focus(1)
    assert reader.view._move_focus(-1)
    assert not reader.view._move_focus(-1)


def test_the_menu_offers_what_can_be_done(reader: Reader) -> None:
    reader.view.set_entries([answer("1", "**Text**")])
    menu = reader.view._context_menu(reader.text_place("1"))
    names = {action.text(): action for action in menu.actions() if action.text()}
    assert list(names) == ["Copy", "Copy message", "Select all"]
    assert not names["Copy"].isEnabled()
    names["Copy message"].trigger()
    assert clipboard() == "**Text**"
    names["Select all"].trigger()
    assert reader.view.selected_text() == "Text"


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


def test_resources_are_where_the_tests_think(themes: dict[str, Theme]) -> None:
    assert Path(themes["light"].icons, "copy.svg").is_file()
