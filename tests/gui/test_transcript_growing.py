"""While an answer is written: what is rendered again, how often, and what stays where it is."""

import pytest
from PySide6.QtCore import QObject, QPoint
from pytestqt.qtbot import QtBot

from desktop.domain.conversation import Conversation, Message, Role, State
from desktop.services.chat import notices
from desktop.ui.transcript.item import SpotKind
from desktop.ui.transcript.piece import Piece
from desktop.ui.transcript_presenter import FLUSH_MS, TranscriptPresenter
from tests.gui.transcript_reader import ANSWER, Reader, answer, talk, user

PARTS = [
    "A para",
    "graph.\n\n",
    "- one\n- t",
    "wo\n\n```py\nx = ",
    "1\n```\n\n| a |",
    "\n|---|\n| 1 |\n",
]


class Renderings:
    """Which sections were rendered, in their order."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.sources: list[str] = []
        lay = Piece.lay

        def noted(piece: Piece, *what: object) -> None:
            self.sources.append(piece.section.source)
            lay(piece, *what)  # type: ignore[arg-type]

        monkeypatch.setattr(Piece, "lay", noted)

    def taken(self) -> list[str]:
        sources, self.sources = self.sources, []
        return sources


@pytest.fixture
def renderings(monkeypatch: pytest.MonkeyPatch) -> Renderings:
    return Renderings(monkeypatch)


def test_only_the_end_is_rendered_again(reader: Reader, renderings: Renderings) -> None:
    """However long the answer is: the section that grows, and those that begin."""
    reader.view.set_entries([user("u"), answer("w", ANSWER * 20, State.WRITING)])
    reader.picture()
    renderings.taken()
    for part in PARTS * 4:
        body = reader.view._scene.item("w").body
        last = body.pieces[-1]
        reader.view.append_text("w", part)
        new = body.pieces[body.pieces.index(last) if last in body.pieces else -3 :]
        rendered = renderings.taken()
        assert 1 <= len(rendered) <= 4
        assert set(rendered) <= {last.section.source, *(piece.section.source for piece in new)}
        reader.picture()
        assert renderings.taken() == []


def test_what_is_written_out_of_sight_is_not_rendered(
    reader: Reader, renderings: Renderings
) -> None:
    reader.view.set_entries([*talk(6), answer("w", "Some words.\n\n", State.WRITING)])
    reader.wheel(pixels=2_000)
    renderings.taken()
    for part in PARTS * 4:
        reader.view.append_text("w", part)
    assert renderings.taken() == []


def test_a_folded_thought_is_not_rendered_while_it_grows(
    reader: Reader, renderings: Renderings
) -> None:
    reader.view.set_entries([user("u"), answer("w", "<think>\n", State.WRITING)])
    renderings.taken()
    for part in PARTS * 4:
        reader.view.append_text("w", part)
    assert renderings.taken() == []


def test_a_burst_of_words_is_one_update(
    reader: Reader, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert 1000 / FLUSH_MS <= 31
    parent = QObject()
    presenter = TranscriptPresenter(reader.view, parent)
    writing = Message(Role.ASSISTANT, "", id="w", state=State.WRITING)
    presenter.show(notices.Opened(Conversation(messages=(writing,)), {}))
    updates: list[str] = []
    grow = reader.view.append_text

    def noted(entry_id: str, text: str) -> None:
        updates.append(text)
        grow(entry_id, text)

    monkeypatch.setattr(reader.view, "append_text", noted)
    for number in range(500):
        presenter.grow("w", f"word{number} ")
    assert updates == []
    qtbot.waitUntil(lambda: bool(updates))
    assert len(updates) == 1
    assert updates[0].count("word") == 500


def test_a_selection_in_the_growing_answer_stays(reader: Reader) -> None:
    reader.view.set_entries([answer("w", "First words.\n\nSecond ones", State.WRITING)])
    start = reader.text_place("w")
    reader.drag(start, start + QPoint(600, 0))
    selected = reader.view.selected_text()
    assert selected == "First words."
    for part in PARTS * 5:
        reader.view.append_text("w", part)
    assert reader.view.selected_text() == selected


def test_the_reader_s_place_stays_when_a_thought_turns_out_to_be_one(reader: Reader) -> None:
    """Some templates open the thought themselves: only its end tells."""
    reader.view.set_entries([*talk(4), answer("w", "Some thought.\n" * 9, State.WRITING)])
    reader.wheel(pixels=900)
    before = reader.picture()
    reader.view.append_text("w", "\n</think>\n\nThe answer.")
    assert reader.picture() == before
    reader.view.scroll_to_end()
    assert reader.spot(SpotKind.THOUGHT)
    assert reader.view.toPlainText().endswith("\n\nThe answer.")
