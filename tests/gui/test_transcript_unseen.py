"""Characters that nobody sees cannot make a text read as another one, nor stop the window."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from desktop.ui.transcript.column import LAID_AT_ONCE
from desktop.ui.transcript.item import SpotKind
from desktop.ui.transcript.markdown import Kind, plain, render
from desktop.ui.transcript.piece import Piece
from desktop.ui.transcript.sections import SECTION_CHARS, split, weigh
from desktop.ui.transcript.unseen import KEPT, visible
from tests.gui.transcript_reader import Reader, answer, clipboard, user


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("invoice\u202egnp.exe", "invoice⟨RLO⟩gnp.exe"),
        ("a\u2066b\u2069", "a⟨LRI⟩b⟨PDI⟩"),
        ("\u202dx\u202c", "⟨LRO⟩x⟨PDF⟩"),
        ("e\u0301 👩\u200d👩\u200d👧 שלום\u200f", "e\u0301 👩\u200d👩\u200d👧 שלום\u200f"),
        ("a" + "\u0301" * 50_000, f"a{chr(0x301) * KEPT}⟨+{50_000 - KEPT}⟩"),
        ("a" + "\u200b" * 100 + "b", f"a{chr(0x200B) * KEPT}⟨+{100 - KEPT}⟩b"),
        ("plain", "plain"),
    ],
    ids=["override", "isolates", "forced", "harmless", "combining", "zero width", "plain"],
)
def test_what_turns_or_floods_is_shown(text: str, shown: str) -> None:
    assert visible(text) == shown


@pytest.mark.parametrize(
    "source",
    ["x \u202egnp", "`x \u202egnp`", "[x \u202egnp](https://a.example)", "```\nx \u202egnp\n```"],
)
@pytest.mark.parametrize("mine", [False, True])
def test_it_is_shown_wherever_it_stands(reader: Reader, source: str, mine: bool) -> None:
    reader.view.set_entries([user("a", source) if mine else answer("a", source)])
    reader.view.select_all()
    assert "x ⟨RLO⟩gnp" in reader.view.selected_text()
    reader.view.copy_message("a")
    assert clipboard() == source


def test_a_link_leads_where_it_says_it_does() -> None:
    (block,) = render("[https://good.example/\u202emoc.live//:sptth](https://evil.example/)")
    assert block.runs[0].link == "https://evil.example/"
    assert "⟨RLO⟩" in block.runs[0].text
    (block,) = render("[x](https://good.example/\u202ey)")
    assert block.runs[0].link == "https://good.example/%E2%80%AEy"


def test_a_table_of_a_thousand_columns_is_shown_as_it_is_written() -> None:
    source = "|" + "a|" * 1_000 + "\n|" + "-|" * 1_000 + "\n|" + "b|" * 1_000
    (block,) = render(source)
    assert block.kind is Kind.CODE
    assert plain(block.runs) == source


@pytest.mark.parametrize(
    "text",
    ["**a " * 50_000, "[a](https://a.example) " * 40_000, "|a" * 20_000, "x" * 300_000],
    ids=["emphasis", "links", "bars", "one word"],
)
def test_no_section_is_much_work(text: str) -> None:
    weights = [weigh(section.source) for section in split(text[:60_000])]
    assert max(weights) <= 4 * SECTION_CHARS


def test_what_takes_long_is_laid_out_in_turns(
    reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One after the other, with the window answering in between; in the end all is there."""
    weights: list[int] = []
    lay = Piece.lay

    def noted(piece: Piece, *what: object) -> None:
        weights.append(piece.section.weight)
        lay(piece, *what)  # type: ignore[arg-type]

    monkeypatch.setattr(Piece, "lay", noted)
    monkeypatch.setattr(reader.view._rest, "start", lambda: None)  # the turns are given by hand
    reader.view.set_entries([answer("a", "[a](https://a.example) " * 40_000)])
    turns = 1
    while reader.view._scene.column.unfinished:
        assert len(weights) <= 1 or sum(weights) <= 2 * LAID_AT_ONCE
        weights.clear()
        reader.view._go_on()
        turns += 1
        assert turns < 100
    assert turns > 2
    scene = reader.view._scene
    pieces = scene.column.visible_pieces(0, scene.top, scene.top + scene.size.height())
    assert all(scene.column.items[0].body.pieces[number].blocks for number in pieces)


def test_an_ordinary_page_is_there_at_once(reader: Reader) -> None:
    reader.view.set_entries([answer(str(number)) for number in range(20)])
    assert not reader.view._scene.column.unfinished


def test_program_text_of_100_000_lines_is_cut_short(reader: Reader) -> None:
    text = "```py\n" + "x = f(y)  # text\n" * 100_000 + "```\n"
    reader.view.set_entries([answer("a", text)])
    body = reader.view._scene.item("a").body
    assert body.is_cut
    assert reader.view._scene.item("a").more_words == "Show all (1.7 MB)"
    reader.view.scroll_to_end()
    reader.click(reader.spot(SpotKind.SHOW_ALL))
    assert not body.is_cut
    assert "".join(piece.section.source for piece in body.pieces) == text


def test_a_long_copy_goes_on_beside_the_window(reader: Reader, qtbot: object) -> None:
    reader.view.set_entries([answer("a", "**a b** " * 7_000)])
    reader.view.select_all()
    QTest.keyClick(reader.view, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert reader.view._copying.goes_on
    qtbot.waitUntil(lambda: not reader.view._copying.goes_on)  # type: ignore[attr-defined]
    assert clipboard().count("a b") == 7_000
