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
            lead = pieces[last].section.lead
            self._known[first] = (size, columns_of(lead, sources, width, style))
        return self._known[first][1]


def columns_of(head: str, parts: Iterable[str], width: float, style: Style) -> tuple[float, ...]:
    """Wide enough for the longest cell of each; empty where that cannot be told."""
    longest = _cells(head.split("\n", 1)[0])
    for part in parts:
        for line in part.split("\n"):
            cells = _cells(line)
            if len(cells) == len(longest):
                longest = [max(pair, key=len) for pair in zip(longest, cells, strict=True)]
    blocks = render(f"{head}|{'|'.join(longest)}|")
    if len(blocks) != 1 or blocks[0].kind is not Kind.TABLE or blocks[0].indents:
        return ()
    made = document(blocks[0], style)
    made.setTextWidth(max(width, COLUMN * len(longest)))
    return column_widths(made)


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip().strip("|").split("|")]
