"""What the transcript says about reading, about what is no longer seen, and about an answer."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import QLocale, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest

from desktop.domain.conversation import Conversation, Message, Role, State, Statistics
from desktop.services.chat.notices import AnswerReading, Opened
from desktop.ui.theme import Theme
from desktop.ui.transcript.entry import Entry
from desktop.ui.transcript.item import SpotKind
from desktop.ui.transcript.message_entry import entry_of, full_entry
from desktop.ui.transcript_presenter import TranscriptPresenter
from tests.gui.transcript_reader import Reader, answer, clipboard, talk, user

STATISTICS = Statistics(
    prompt_tokens=1290,
    cached_tokens=1204,
    generated_tokens=128,
    ttft_ms=310,
    tokens_per_s=48.2,
    steps=64,
    model="smollm2-135m-int4",
    weights="int4",
    device="CPU",
    properties={"INFERENCE_PRECISION_HINT": "f32", "SOMETHING_NEW": "1"},
    sampling={"seed": 42, "temperature": 0.7},
)
ABOVE = "The model no longer sees what is above"


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    before = QLocale()
    QLocale.setDefault(QLocale("en_US"))
    yield
    QLocale.setDefault(before)


def answered() -> Entry:
    return entry_of(Message(Role.ASSISTANT, "Yes.", id="a", statistics=STATISTICS))


def darkest(picture: QImage, top: int, bottom: int) -> int:
    rows = range(max(0, top), min(bottom, picture.height()))
    columns = range(0, picture.width() - 40, 1)  # without the scroll bar
    return min(picture.pixelColor(x, y).lightness() for y in rows for x in columns)


# Reading the prompt


def test_reading_stands_where_the_answer_will_be_and_moves_nothing(reader: Reader) -> None:
    reader.view.set_entries([user("u"), answer("w", "", State.WRITING)])
    before = reader.view._scene.column.height
    reader.view.update_entry(answer("w", "", State.WRITING, reading=(2300, 4687)))
    assert reader.view.toPlainText().endswith("Cellar\nReading 2,300 of 4,687 tokens")
    assert reader.view._scene.column.height == before
    reader.view.append_text("w", "Once")
    assert reader.view.toPlainText().endswith("Cellar\nOnce")


def test_the_bar_grows_with_what_is_read(reader: Reader, themes: dict[str, Theme]) -> None:
    reader.view.set_entries([answer("w", "", State.WRITING)])
    lengths = []
    for done in (100, 2300, 4687):
        reader.view.update_entry(answer("w", "", State.WRITING, reading=(done, 4687)))
        picture = reader.picture()
        scene = reader.view._scene
        item = scene.column.items[0]
        y = round(scene.column.tops[0] - scene.top + item.body_bottom) + 6
        colours = [picture.pixelColor(scene.left + x, y).name() for x in range(240)]
        lengths.append(colours.count(themes["light"].accent))
    assert 0 < lengths[0] < lengths[1] < lengths[2]
    assert lengths[1] == pytest.approx(240 * 2300 / 4687, abs=6)


def test_a_prompt_that_is_read_at_once_shows_no_bar(reader: Reader) -> None:
    presenter = TranscriptPresenter(reader.view, reader.view)
    writing = Message(Role.ASSISTANT, "", id="w", state=State.WRITING)
    presenter.show(Opened(Conversation(messages=(writing,))))
    presenter.read(AnswerReading("w", 30, 40))
    assert "Reading" not in reader.view.toPlainText()
    presenter.grow("w", "Once")
    presenter._patience.timeout.emit()
    assert "Reading" not in reader.view.toPlainText()
    presenter.flush()
    presenter.read(AnswerReading("w", 40, 40))
    assert reader.view.toPlainText() == "Cellar\nOnce"


# What the model no longer sees


def test_a_divider_stands_below_what_is_no_longer_seen(reader: Reader) -> None:
    reader.view.set_entries(talk(3))
    assert ABOVE not in reader.view.toPlainText()
    reader.view.set_unseen(frozenset({"u0", "a0"}))
    before, _, after = reader.view.toPlainText().partition(ABOVE)
    assert before.count("A question?") == 1
    assert after.count("A question?") == 2
    reader.view.set_unseen(frozenset({"u0", "a0", "u1", "a1"}))
    assert reader.view.toPlainText().count(ABOVE) == 1
    assert reader.view.toPlainText().partition(ABOVE)[0].count("A question?") == 2
    reader.view.set_unseen(frozenset())
    assert ABOVE not in reader.view.toPlainText()


def test_with_a_pinned_beginning_the_divider_counts(reader: Reader) -> None:
    reader.view.set_entries(talk(4))
    reader.view.set_unseen(frozenset({"u1", "a1", "u2", "a2"}))
    text = reader.view.toPlainText()
    assert ABOVE not in text
    assert "The model no longer sees these 4 messages" in text
    assert text.partition("no longer sees")[2].count("A question?") == 1


def test_what_is_no_longer_seen_is_faded_but_legible(
    reader: Reader, themes: dict[str, Theme]
) -> None:
    reader.view.set_entries([user("u0", "WWWW MMMM"), user("u1", "WWWW MMMM")])
    reader.view.set_unseen(frozenset({"u0"}))
    picture, scene = reader.picture(), reader.view._scene
    faded, plain = (
        darkest(
            picture,
            round(scene.column.tops[index] + item.body_top - scene.top),
            round(scene.column.tops[index] + item.body_bottom - scene.top),
        )
        for index, item in enumerate(scene.column.items)
    )
    assert faded > plain + 20
    assert scene.column.items[0].style.theme.text == themes["light"].text_muted


def test_the_marks_stay_through_another_theme_and_more_messages(
    reader: Reader, themes: dict[str, Theme]
) -> None:
    reader.view.set_entries(talk(2))
    reader.view.set_unseen(frozenset({"u0", "a0"}))
    reader.view.set_theme(themes["dark"], reader.view._scene.style.icons)
    reader.view.add_entry(user("u2"))
    reader.view.update_entry(answer("a0", "Other"))
    first = reader.view._scene.column.items[0]
    assert first.style.theme.text == themes["dark"].text_muted
    assert reader.view.toPlainText().count(ABOVE) == 1
    reader.view.set_entries(talk(3))
    assert reader.view.toPlainText().count(ABOVE) == 1


def test_a_mark_that_comes_or_moves_does_not_move_what_one_reads(reader: Reader) -> None:
    reader.view.set_entries(talk(40))
    reader.bar.setValue(reader.bar.maximum() // 2)
    scene = reader.view._scene
    index = scene.column.at(scene.top)
    first_in_view = scene.column.items[index].entry.id
    for last in (index // 4, index // 2, 0):
        ids = frozenset(item.entry.id for item in scene.column.items[:last])
        before = scene.column.tops[scene.index(first_in_view)] - scene.top
        picture = reader.picture()
        reader.view.set_unseen(ids)
        assert scene.column.tops[scene.index(first_in_view)] - scene.top == before
        assert reader.picture() == picture
        assert reader.bar.value() == scene.top
    assert not reader.view.follows_end


def test_the_end_is_still_followed_when_a_mark_comes(reader: Reader) -> None:
    reader.view.set_entries(talk(20))
    assert reader.at_end()
    reader.view.set_unseen(frozenset(f"u{n}" for n in range(5)))
    assert reader.at_end()


def test_a_mark_survives_scrolling_far_away_and_back(reader: Reader) -> None:
    reader.view.set_entries(talk(120))
    reader.view.set_unseen(frozenset({"u0", "a0"}))
    reader.bar.setValue(0)
    there = reader.picture()
    reader.bar.setValue(reader.bar.maximum())
    reader.bar.setValue(reader.bar.maximum() // 2)
    reader.bar.setValue(0)
    assert reader.picture() == there


# An answer that waits for a choice


def test_a_conversation_that_does_not_fit_offers_two_ways_on(reader: Reader) -> None:
    message = Message(Role.ASSISTANT, "", id="a", state=State.FAILED, problem="Too long.")
    reader.view.set_entries([user("u"), full_entry(message, 9120, 8192)])
    text = reader.view.toPlainText()
    assert "needs 9,120 tokens" in text
    assert "8,192 at once" in text
    for nth in range(2):
        reader.click(reader.spot(SpotKind.ACTION, nth))
    assert reader.actions == [("a", "drop oldest"), ("a", "last exchange")]
    assert not reader.view._scene.item("a").entry.failed


# Figures


@pytest.mark.parametrize(
    ("changes", "note"),
    [
        ({}, "48 tok/s · 0.3 s"),
        ({"ttft_ms": 43}, "48 tok/s · 0.04 s"),
        ({"tokens_per_s": 0.0}, "128 tokens · 0.3 s"),
    ],
)
def test_the_line_under_an_answer_is_short(changes: dict[str, float], note: str) -> None:
    message = Message(Role.ASSISTANT, "Yes.", statistics=replace(STATISTICS, **changes))  # type: ignore[arg-type]
    assert entry_of(message).note == note


def test_a_click_unfolds_all_figures_and_folds_them_again(reader: Reader) -> None:
    reader.view.set_entries([user("u"), answered()])
    folded = reader.view._scene.column.height
    reader.click(reader.spot(SpotKind.FIGURES))
    lines = reader.view.toPlainText().split("\n")
    for line in (
        "Speed: 48.2 tokens per second",
        "First token: after 0.31 s",
        "Prompt: 1,290 tokens, 1,204 of 1,290 from cache",
        "Answer: 128 tokens",
        "Accepted: 2.00 tokens per step",
        "Seed: 42",
        "Model: smollm2-135m-int4",
        "Weights: INT4",
        "Device: CPU",
        "Precision: f32",
        "SOMETHING_NEW: 1",
    ):
        assert line in lines
    assert reader.view._scene.column.height > folded + 100
    reader.click(reader.spot(SpotKind.FIGURES))
    assert reader.view._scene.column.height == folded


def test_figures_are_reached_and_copied_by_the_keyboard(reader: Reader) -> None:
    reader.view.set_entries([answered()])
    reader.view.focusNextPrevChild(True)
    QTest.keyClick(reader.view, Qt.Key.Key_Return)
    assert "Seed: 42" in reader.view.toPlainText()
    for _ in range(4):  # past the icons
        reader.view.focusNextPrevChild(True)
    QTest.keyClick(reader.view, Qt.Key.Key_Return)
    assert "Seed: 42" in clipboard()
    assert "1,204 of 1,290 from cache" in clipboard()


def test_the_pointer_on_the_short_line_is_told_all(reader: Reader) -> None:
    reader.view.set_entries([answered()])
    placed = next(p for p in reader.view._scene.spots() if p.key.kind is SpotKind.FIGURES)
    assert "Seed: 42\nModel:" in placed.spot.label


@pytest.mark.parametrize(
    ("changes", "absent"),
    [
        ({"steps": 125}, "Accepted"),
        ({"steps": 0}, "Accepted"),
        ({"cached_tokens": 0}, "cache"),
        ({"sampling": {"seed": 42, "temperature": 0}}, "Seed"),
        ({"weights": ""}, "Weights"),
    ],
)
def test_a_figure_that_says_nothing_is_left_out(changes: dict[str, object], absent: str) -> None:
    message = Message(Role.ASSISTANT, "Yes.", statistics=replace(STATISTICS, **changes))  # type: ignore[arg-type]
    assert absent not in entry_of(message).figures_text
    assert "Answer: 128 tokens" in entry_of(message).figures_text
