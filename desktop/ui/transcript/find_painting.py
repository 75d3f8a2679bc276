"""What was found, as it is painted and as a place in a laid out block."""

from collections.abc import Sequence
from typing import cast

from PySide6.QtCore import QRectF
from PySide6.QtGui import (
    QAbstractTextDocumentLayout,
    QColor,
    QTextCharFormat,
    QTextCursor,
    QTextTable,
)

from desktop.ui.theme import mixed
from desktop.ui.transcript.document import shown, stretch_rects, units
from desktop.ui.transcript.finding import Found, Match
from desktop.ui.transcript.markdown import Kind, Run
from desktop.ui.transcript.piece import LaidBlock
from desktop.ui.transcript.style import Style

OTHERS = 0.72  # how much of the background is in the tint of the matches that are not in turn


def match_looks(
    found: Found, entry_id: str, place: tuple[int, int], laid: LaidBlock, style: Style
) -> list[QAbstractTextDocumentLayout.Selection]:
    """The matches in a block, with their colours; the one in turn stands out."""
    looks = []
    for match in found.of(entry_id):
        if (match.piece, match.block) == place:
            looks.append(_look(match, laid, style, found.current == match))
    return looks


def match_rect(match: Match, laid: LaidBlock) -> QRectF:
    """Where a match begins, relative to the piece's corner."""
    rects = stretch_rects(laid.made, *_stretch(match, laid))
    first = rects[0] if rects else QRectF(0, 0, 0, laid.height)
    return first.translated(laid.corner)


def _look(
    match: Match, laid: LaidBlock, style: Style, in_turn: bool
) -> QAbstractTextDocumentLayout.Selection:
    start, end = _stretch(match, laid)
    made = QAbstractTextDocumentLayout.Selection()
    cursor = QTextCursor(laid.made)
    last = laid.made.characterCount() - 1
    cursor.setPosition(min(start, last))
    cursor.setPosition(min(end, last), QTextCursor.MoveMode.KeepAnchor)
    look = QTextCharFormat()
    theme = style.theme
    look.setBackground(
        QColor(theme.accent if in_turn else mixed(theme.accent, theme.window, OTHERS))
    )
    look.setForeground(QColor(theme.on_accent if in_turn else theme.text))
    made.cursor = cursor
    made.format = look
    return made


def _stretch(match: Match, laid: LaidBlock) -> tuple[int, int]:
    """The match as places in the block's document."""
    runs: Sequence[Run] = laid.block.runs
    base = 0
    if laid.block.kind is Kind.TABLE:
        row, column = match.cell
        table = cast(QTextTable, laid.made.rootFrame().childFrames()[0])
        runs = laid.block.rows[row][column].runs
        base = table.cellAt(row, column).firstPosition()
    edges = laid.block.kind is not Kind.HEADING  # headings have no room around their code
    return base + _position(runs, match.start, edges), base + _position(runs, match.end, edges)


def _position(runs: Sequence[Run], offset: int, edges: bool) -> int:
    """A place in the text of runs, as the document counts."""
    position = 0
    for run in runs:
        edge = 1 if run.code and edges else 0
        if offset <= len(run.text):
            within = bool(offset) if run.drawn else units(run.text[:offset])
            return position + edge + within
        offset -= len(run.text)
        position += units(shown(run)) if edges else units(run.text)
    return position
