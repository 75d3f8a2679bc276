"""The columns of a table that is laid out in several parts: of the same widths in all of them."""

from collections.abc import Iterable, Sequence

from desktop.ui.transcript.document import column_widths, document
from desktop.ui.transcript.markdown import Kind, render
from desktop.ui.transcript.piece import Piece
from desktop.ui.transcript.sideways import COLUMN
from desktop.ui.transcript.style import Style


class TableColumns:
    """Those of one message at one width, as they were told last."""

    def __init__(self) -> None:
        self._known: dict[int, tuple[int, tuple[float, ...]]] = {}  # by the piece of the head
        self._longest: dict[int, tuple[int, str]] = {}  # the same: what tells the widths

    def forget(self) -> None:
        """Another width or another look may make them others."""
        self._known.clear()

    def of(
        self, pieces: Sequence[Piece], index: int, width: float, style: Style
    ) -> tuple[float, ...]:
        """Those of the table in a piece; empty for one that is not in several parts."""
        first = last = index
        while first and pieces[first].section.lead:
            first -= 1
        while last + 1 < len(pieces) and pieces[last + 1].section.lead:
            last += 1
        if first == last or pieces[first].section.thought:
            return ()
        sources = [piece.section.source for piece in pieces[first : last + 1]]
        size = sum(map(len, sources))
        if self._known.get(first, (0, ()))[0] != size:
            if self._longest.get(first, (0, ""))[0] != size:
                self._longest[first] = (size, longest_of(pieces[last].section.lead, sources))
            self._known[first] = (size, columns_of(self._longest[first][1], width, style))
        return self._known[first][1]


def longest_of(head: str, parts: Iterable[str]) -> str:
    """A table of the head and one row: the longest cell of each column."""
    longest = _cells(head.split("\n", 1)[0])
    for part in parts:
        for line in part.split("\n"):
            cells = _cells(line)
            if len(cells) == len(longest):
                longest = [max(pair, key=len) for pair in zip(longest, cells, strict=True)]
    return f"{head}|{'|'.join(longest)}|"


def columns_of(table: str, width: float, style: Style) -> tuple[float, ...]:
    """Wide enough for each column of such a table; empty where that cannot be told."""
    blocks = render(table)
    if len(blocks) != 1 or blocks[0].kind is not Kind.TABLE or blocks[0].indents:
        return ()
    made = document(blocks[0], style)
    made.setTextWidth(max(width, COLUMN * len(blocks[0].rows[0])))
    return column_widths(made)


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip().strip("|").split("|")]
