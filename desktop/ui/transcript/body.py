"""The text of one message in pieces, which are cut, guessed and laid out as they are needed."""

import math
from dataclasses import replace
from itertools import accumulate, pairwise

from desktop.domain.thinking import Parted, without_half_mark
from desktop.ui.transcript.markdown import Block, calm, code_block, plain
from desktop.ui.transcript.piece import Piece, begins, guessed_height
from desktop.ui.transcript.sections import Section, Shape, references, split, split_plain
from desktop.ui.transcript.sideways import Sideways
from desktop.ui.transcript.style import Style
from desktop.ui.transcript.table_columns import TableColumns
from desktop.ui.transcript.thought import parts_of

SHOWN_CHARS = 60_000  # of a message, until the user asks for all of it
SHOWN_LINES = 2_500


class Body:
    """A message's text at a certain width. It is cut into pieces when it first comes into view.

    A text that grows is shown whole, and so is one that grew before our eyes. Of any other the
    first 60,000 characters or 2,500 lines are shown, and the rest, on demand, as it is written.
    What the model thought before it answered is folded into one line, until it is unfolded.
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
        self.ways: dict[str, Sideways] = {}
        self._columns = TableColumns()
        self.opened = False  # it begins in the middle of a thought
        self.parts = self._parted()
        self.unfolded = False
        self._fold = Section(Shape.FOLD, "")
        self._limits = self._limited()
        self._rest_shown = False
        self._quoted, self._quoted_shown = "", 0  # what stands over it, and how much of that
        self._guess()

    @property
    def height(self) -> float:
        """All of it, in pixels."""
        return self.tops[-1]

    @property
    def is_cut(self) -> bool:
        """True when there is more text than is shown."""
        if self._rest_shown:
            return False
        thought, answer = self._limits
        hidden = self.unfolded and thought < len(self.parts.thought)
        hidden = hidden or self._quoted_shown < len(self._quoted)
        return hidden or answer < len(self.parts.answer)

    def open(self) -> None:
        """Cut the text into pieces."""
        self.is_open = True
        self._references = references(self.parts.answer[: self._limits[1]])
        self._put(self._sections(), 0)

    def set_fold(self, words: str, glimpse: str) -> None:
        """What the line says that the thought is folded into, and what is thought just now."""
        lead = "" if self.unfolded else glimpse
        if (words, lead) == (self._fold.source, self._fold.lead):
            return
        self._fold = fold = Section(Shape.FOLD, words, lead=lead)
        for piece in self.pieces[:1]:
            if piece.section.shape is Shape.FOLD:
                in_view = piece.blocks is not None
                piece.section = fold
                piece.forget()
                if in_view:
                    self.lay(0)

    def set_opened(self, opened: bool) -> None:
        """Take note of whether it begins in the middle of a thought."""
        if opened == self.opened:
            return
        self.opened = opened
        self.parts = self._parted()
        self._limits = self._limited()
        if self.is_open:
            self._put(self._sections(), 0)
        else:
            self._guess()

    def fold(self) -> None:
        """Unfold the thought, or fold it again."""
        self.unfolded = not self.unfolded
        if self.is_open:
            self._put(self._sections(), 0)

    def quote(self, source: str) -> None:
        """Show a Markdown text over the message's own; an empty one takes it away."""
        self._quoted, self._quoted_shown = source, _shown(source)
        self._rest_shown = False
        if self.is_open:
            self._put(self._sections(), 0)
        else:
            self._guess()

    def copied(self) -> "Body":
        """The same, not open."""
        made = Body(self.text, self._plain, self.growing, self._width, self._style)
        made.unfolded, made._fold = self.unfolded, self._fold
        made.set_opened(self.opened)
        made._quoted, made._quoted_shown = self._quoted, self._quoted_shown
        made._rest_shown = self._rest_shown
        return made

    def append(self, text: str, reach: float = math.inf) -> None:
        """Grow. Only the last piece is made again.

        Of a view that follows the end, `reach` says how much of it is in view.
        """
        before = self.parts
        self.text += text
        self.parts = self._parted()
        self._limits = self._limited()
        if not self.is_open:
            self._guess()
        elif (before.thinks, before.closed) != (self.parts.thinks, self.parts.closed):
            self._put(self._sections(), 0)
        elif not self.parts.thinking or self.unfolded:
            self._grow(text, reach)

    def _grow(self, text: str, reach: float) -> None:
        thought = self.parts.thinking
        last = self.pieces[-1].section if self.pieces else None
        if last and (last.thought is not thought or last.shape is Shape.FOLD):
            last = None
        whole = self.parts.thought if thought else self.parts.answer
        source = last.source + text if last else whole
        cut = split_plain(source) if self._plain else split(source, last)
        if thought:
            cut = [replace(section, thought=True) for section in cut]
        self._put(cut, len(self.pieces) - 1 if last else len(self.pieces), reach)

    def finish(self) -> None:
        """End the growth: from here the text looks as it will when it is opened again."""
        self.growing = False
        self.parts = self._parted()
        if not self.is_open:
            return
        self._references = references(self.parts.answer)
        if self._references:
            for piece in self.pieces:
                piece.forget()
        if self.pieces:
            self.pieces[-1].forget()
        for piece in self.pieces:
            if piece.columns:  # a longer cell may have come since
                piece.forget()
        if len(self.text) <= SHOWN_CHARS:  # cutting a longer one again would take a moment
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
            return piece.parsed(self._references, _calm_thought if piece.section.thought else calm)
        return piece.parsed(self._references)

    def lay(self, index: int) -> None:
        """Lay a piece out."""
        piece = self.pieces[index]
        style = self._style.faded if piece.section.thought else self._style
        piece.ways = self.ways
        piece.begins = self._begins(index)
        piece.columns = self._columns.of(self.pieces, index, self._width, style)
        piece.lay(self.blocks(index), self._width, style)
        self._measure()

    def rewrap(self) -> None:
        """Have all program text laid out anew."""
        for piece in self.pieces:
            if piece.blocks and any(laid.panel for laid in piece.blocks):
                piece.forget()

    def _begins(self, index: int) -> str:
        """What the block begins with that a piece goes on with; empty for no such piece."""
        section = self.pieces[index].section
        goes_on = section.shape is Shape.CODE and section.joined
        if not (index and (goes_on or section.lead)):
            return ""
        above = self.pieces[index - 1]
        if goes_on and not above.begins and above.section.shape is Shape.CODE:
            return begins(code_block(above.section.code[:200], _language(above.section)))
        return above.begins or (begins(above.blocks[-1].block) if above.blocks else "")

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
        self._columns.forget()
        scale = self._width / width
        self._width = width
        for piece in self.pieces:
            piece.forget()
            piece.known = False
            piece.columns = ()
            piece.height = round(piece.height * scale)
        if self.is_open:
            self._measure()
        else:
            self._guess()

    def restyle(self, style: Style) -> None:
        """Take other colours, and sizes: heights are guesses then until `resize`."""
        self._columns.forget()
        resized = style.line != self._style.line
        self._style = style
        for piece in self.pieces:
            piece.forget()
            if resized:
                piece.guess(self._width, style)

    def _parted(self) -> Parted:
        if self._plain:
            return Parted(False, "", self.text, False)
        return parts_of(self.text, growing=self.growing, opened=self.opened)

    def _limited(self) -> tuple[int, int]:
        """How much is shown of the thought and of the answer."""
        thought, answer = self.parts.thought, self.parts.answer
        if self.growing or self.is_open:
            return len(thought), len(answer)
        return _shown(thought), _shown(answer)

    def _sections(self) -> list[Section]:
        sections = self._cut_quoted()
        if self.parts.thinks:
            sections.append(self._fold)
            if self.unfolded:
                thought = self._cut(self.parts.thought, self._limits[0])
                sections += [replace(section, thought=True) for section in thought]
        return sections + self._cut(self.parts.answer, self._limits[1])

    def _cut(self, text: str, shown: int) -> list[Section]:
        sections = split_plain(text[:shown]) if self._plain else split(text[:shown])
        if self._rest_shown:
            rest = split_plain(text[shown:])
            sections += [replace(section, joined=True) for section in rest]
        return sections

    def _cut_quoted(self) -> list[Section]:
        sections = split(self._quoted[: self._quoted_shown])
        if self._rest_shown:
            rest = split_plain(self._quoted[self._quoted_shown :])
            sections += [replace(section, joined=True) for section in rest]
        return sections

    def _put(self, sections: list[Section], start: int, reach: float = math.inf) -> None:
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
        if in_view and new and self.tops[-1] - self.tops[start + 1] < reach:
            self.lay(start)  # a guess would move what is on screen

    def _guess(self) -> None:
        shown = self._quoted[: self._quoted_shown] + self.parts.answer[: self._limits[1]]
        height = guessed_height(shown, self._width, self._style)
        self.tops = [0.0, height]

    def _measure(self) -> None:
        self.tops = list(accumulate((piece.height for piece in self.pieces), initial=0.0))


def _language(section: Section) -> str:
    return section.fence.language if section.fence else ""


def _calm_thought(source: str) -> str:
    return calm(without_half_mark(source))


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
    if end <= SHOWN_CHARS and text.count("\n") < SHOWN_LINES:
        return end
    if end > SHOWN_CHARS:
        newline = text.rfind("\n", SHOWN_CHARS // 2, SHOWN_CHARS)
        end = newline + 1 if newline >= 0 else SHOWN_CHARS
    lines = text[:end].split("\n", SHOWN_LINES)
    return end - len(lines[-1]) if len(lines) > SHOWN_LINES else end
