"""The text of one message in pieces, which are cut, guessed and laid out as they are needed."""

from dataclasses import replace
from itertools import accumulate, pairwise

from desktop.ui.transcript.markdown import Block, calm, plain
from desktop.ui.transcript.piece import Piece, guessed_height
from desktop.ui.transcript.sections import Section, Shape, references, split, split_plain
from desktop.ui.transcript.style import Style

SHOWN_CHARS = 60_000  # of a message, until the user asks for all of it
SHOWN_LINES = 5_000


class Body:
    """A message's text at a certain width. It is cut into pieces when it first comes into view.

    A text that grows is shown whole, and so is one that grew before our eyes. Of any other the
    first 60,000 characters or 5,000 lines are shown, and the rest, on demand, as it is written.
    """

    def __init__(
        self, text: str, is_plain: bool, growing: bool, width: float, style: Style
    ) -> None:
        self.text = text
        self.pieces: list[Piece] = []
        self.tops: list[float] = []  # of the pieces, and the bottom of the last
        self.is_open = False
        self.growing = growing
        self._plain = is_plain
        self._width = width
        self._style = style
        self._references = ""
        self._shown = len(text) if growing else _shown(text)
        self._rest_shown = False
        self._guess()

    @property
    def height(self) -> float:
        """All of it, in pixels."""
        return self.tops[-1]

    @property
    def is_cut(self) -> bool:
        """True when there is more text than is shown."""
        return self._shown < len(self.text) and not self._rest_shown

    def open(self) -> None:
        """Cut the text into pieces."""
        self.is_open = True
        self._references = references(self.text[: self._shown])
        self._put(self._sections(), 0)

    def append(self, text: str) -> None:
        """Grow. Only the last piece is made again."""
        self.text += text
        self._shown = len(self.text)
        if not self.is_open:
            self._guess()
            return
        last = self.pieces[-1].section if self.pieces else None
        source = (last.source if last else "") + text
        cut = split_plain(source) if self._plain else split(source, last)
        self._put(cut, max(0, len(self.pieces) - 1))

    def finish(self) -> None:
        """End the growth: from here the text looks as it will when it is opened again."""
        self.growing = False
        if not self.is_open:
            return
        self._references = references(self.text)
        if self._references:
            for piece in self.pieces:
                piece.forget()
        if self.pieces:
            self.pieces[-1].forget()
        self._put(self._sections(), 0)

    def show_all(self) -> None:
        """Show what was left out."""
        self._rest_shown = True
        self._put(self._sections(), 0)

    def blocks(self, index: int) -> list[Block]:
        """What a piece says, without laying it out."""
        piece = self.pieces[index]
        if piece.blocks is not None:
            return [laid.block for laid in piece.blocks]
        if self.growing and index == len(self.pieces) - 1 and not self._plain:
            return piece.parsed(self._references, calm)
        return piece.parsed(self._references)

    def lay(self, index: int) -> None:
        """Lay a piece out."""
        self.pieces[index].lay(self.blocks(index), self._width, self._style)
        self._measure()

    def code(self, index: int, block: int) -> str:
        """The program text that a block begins, with its continuations in the next pieces."""
        piece = self.pieces[index]
        if piece.section.shape is not Shape.CODE:
            return plain(self.blocks(index)[block].runs)
        parts = [piece.section]
        for following in self.pieces[index + 1 :]:
            if following.section.shape is not Shape.CODE or not following.section.joined:
                break
            parts.append(following.section)
        return joined_code(parts)

    def resize(self, width: float) -> None:
        """Take another width. What is laid out is forgotten, its height scaled for a guess."""
        scale = self._width / width
        self._width = width
        for piece in self.pieces:
            piece.forget()
            piece.known = False
            piece.height = round(piece.height * scale)
        if self.is_open:
            self._measure()
        else:
            self._guess()

    def restyle(self, style: Style) -> None:
        """Take other colours."""
        self._style = style
        for piece in self.pieces:
            piece.forget()

    def _sections(self) -> list[Section]:
        shown = self.text[: self._shown]
        sections = split_plain(shown) if self._plain else split(shown)
        if self._rest_shown:
            rest = split_plain(self.text[self._shown :])
            sections += [replace(section, joined=True) for section in rest]
        return sections

    def _put(self, sections: list[Section], start: int) -> None:
        """Have these sections from the piece `start` on; pieces that stay the same are kept."""
        same = 0
        for piece, section in zip(self.pieces[start:], sections, strict=False):
            if piece.section != section:
                break
            same += 1
        start += same
        in_view = start < len(self.pieces) and self.pieces[start].blocks is not None
        new = [Piece(section) for section in sections[same:]]
        for piece in new:
            piece.guess(self._width, self._style)
        self.pieces[start:] = new
        if self.pieces:
            self.pieces[0].first = True
        for above, below in pairwise(self.pieces[max(0, start - 1) :]):
            above.set_followed(below)
        self._measure()
        if in_view and new:
            self.lay(start)  # a guess would move what is on screen

    def _guess(self) -> None:
        height = guessed_height(self.text[: self._shown], self._width, self._style)
        self.tops = [0.0, height]

    def _measure(self) -> None:
        self.tops = list(accumulate((piece.height for piece in self.pieces), initial=0.0))


def joined_code(parts: list[Section]) -> str:
    """The program text of sections that continue one another."""
    text = ""
    for part in parts:
        text += part.code
        if part is not parts[-1] and part.source.endswith("\n"):
            text += "\n"
    return text


def _shown(text: str) -> int:
    """How much of a text is shown at first: whole lines, if they are not too long."""
    end = len(text)
    if end > SHOWN_CHARS:
        newline = text.rfind("\n", SHOWN_CHARS // 2, SHOWN_CHARS)
        end = newline + 1 if newline >= 0 else SHOWN_CHARS
    lines = text[:end].split("\n", SHOWN_LINES)
    return end - len(lines[-1]) if len(lines) > SHOWN_LINES else end
