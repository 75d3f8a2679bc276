"""One message of the transcript: its measures, and what can be clicked in it."""

import math
from dataclasses import dataclass, replace
from enum import StrEnum

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QFontMetricsF

from desktop.domain.conversation import Role
from desktop.ui.i18n import number as number_text
from desktop.ui.i18n import tr, trn
from desktop.ui.transcript import figures, tools
from desktop.ui.transcript.body import Body
from desktop.ui.transcript.chips import Chips
from desktop.ui.transcript.ending import Ending
from desktop.ui.transcript.entry import Entry
from desktop.ui.transcript.sideways import Sideways
from desktop.ui.transcript.sideways_bar import bar_of
from desktop.ui.transcript.style import Style, code_copy_rect, code_wrap_rect
from desktop.ui.transcript.thought import Thought
from desktop.ui.transcript.tools import Row

UNDER_LABEL = 4
ENDING_GAP = 8


class SpotKind(StrEnum):
    """What a click on a spot does."""

    LINK = "link"
    ACTION = "action"
    COPY_CODE = "copy code"
    COPY_MESSAGE = "copy message"
    TOOL = "tool"
    FIGURES = "figures"
    COPY_FIGURES = "copy figures"
    SHOW_ALL = "show all"
    THOUGHT = "thought"
    WRAP = "wrap"
    SIDEWAYS = "sideways"
    ATTACHMENT = "attachment"


@dataclass(frozen=True, slots=True)
class Spot:
    """A place that can be clicked, relative to its message."""

    kind: SpotKind
    rect: QRectF
    value: str = ""
    label: str = ""  # for the tooltip and for assistive tools


class Item:
    """A message at a certain width. All places are relative to the corner of its text column."""

    def __init__(
        self, entry: Entry, width: float, style: Style, ways: dict[str, Sideways] | None = None
    ) -> None:
        self.entry = entry
        self.style = style
        self.width = width
        self.body = Body(entry.text, self.on_tint, entry.writing, width, style)
        self.chips = Chips(entry.attachments, width, style)
        self.body.ways = {} if ways is None else ways
        self.thought = Thought()
        self.note_thought()
        self.ending = Ending(entry, width, style)
        self.unseen = False  # by the model
        self._sized = ("", "")  # a long text, and how long it is, in words
        self.divider = ""  # what stands below the last of a run of unseen ones
        self.unfolded = False  # all figures are on show
        self.editor = 0.0  # height of the editor that is in the message's place
        self._theme_style = style

    @property
    def on_tint(self) -> bool:
        """True for the user's own turns: plain text on a tint."""
        return self.entry.role is not Role.ASSISTANT

    # From top to bottom

    @property
    def label_top(self) -> float:
        """Where the speaker's name begins."""
        sizes = self.style.sizes
        return sizes.over_panel + sizes.inside if self.on_tint else sizes.outside

    @property
    def panel(self) -> QRectF:
        """The tint behind the user's own turns."""
        sizes = self.style.sizes
        width, top = self.width + 2 * sizes.panel, sizes.over_panel
        return QRectF(-sizes.panel, top, width, self._text_end - top - 4)

    @property
    def body_top(self) -> float:
        """Where the text begins."""
        return self.chips_top + self.chips.height

    @property
    def chips_top(self) -> float:
        """Where the attachments are, over the text."""
        return self.label_top + self.style.small_line + UNDER_LABEL + (4 if self.chips.row else 0)

    @property
    def body_bottom(self) -> float:
        """Where the text ends. A line is kept for the first words of an answer."""
        height = self.body.height
        if self.entry.writing and not self.entry.text.strip():
            height = max(height, self.style.line)
        return self.body_top + height

    @property
    def more(self) -> QRectF | None:
        """The line that offers the rest of the text."""
        if not self.body.is_cut:
            return None
        words = QFontMetricsF(self.style.body).horizontalAdvance(self.more_words)
        place = QRectF(0, self.body_bottom + 8, words, self.style.line)
        return self.style.placed(place, self.width)

    @property
    def more_words(self) -> str:
        """What it says."""
        return tr("Show all ({size})", size=self._size)

    @property
    def _size(self) -> str:
        text = self.chips.text or self.entry.text
        if self._sized[0] is not text:
            self._sized = (text, _size(len(text.encode())))
        return self._sized[1]

    @property
    def ending_top(self) -> float:
        """Where the line about the ending begins."""
        above = self.more
        return (above.bottom() if above else self.body_bottom) + ENDING_GAP

    @property
    def text_bottom(self) -> float:
        """The end of all that is said in the message."""
        if self.has_ending:
            return self.ending_top + self.ending.height
        above = self.more
        return above.bottom() if above else self.body_bottom

    @property
    def footer(self) -> QRectF:
        """The strip of the note and the copy icon under an answer."""
        return QRectF(0, self.text_bottom + 4, self.width, self.style.sizes.footer)

    @property
    def figures(self) -> QRectF | None:
        """Where all figures are, while they are unfolded."""
        if not (self.unfolded and self.entry.figures) or self.on_tint:
            return None
        return figures.area(self.entry, self.footer.bottom(), self.width, self.style)

    @property
    def _text_end(self) -> float:
        if self.editor:
            return self.style.sizes.over_panel + self.editor + 4
        if self.on_tint:
            return self.text_bottom + self.style.sizes.inside + 4
        unfolded = self.figures
        return unfolded.bottom() if unfolded else self.footer.bottom()

    @property
    def height(self) -> float:
        """All of it."""
        return self._text_end + (self.style.sizes.divider if self.divider else 0)

    # The line about the ending

    @property
    def has_ending(self) -> bool:
        """True when there is something to say or to do about how the message ended."""
        return bool(self.entry.ending or self.entry.actions)

    @property
    def is_ready(self) -> bool:
        """False until everything but the pieces is laid out, at the latest when it is in view."""
        return self.body.is_open and (self.ending.is_laid or not self.has_ending)

    def prepare(self) -> None:
        """Lay out everything but the pieces."""
        if not self.body.is_open:
            self.body.open()
        if self.has_ending:
            self.ending.document.size()

    # What the model no longer sees

    def set_unseen(self, unseen: bool, run: int, from_start: bool) -> bool:
        """Fade, and say so below the last of a run of such messages (0: it is not the last).

        The answer is whether that changed anything.
        """
        before = (self.unseen, self.divider)
        self.divider = ""
        if run and from_start:
            self.divider = tr("The model no longer sees what is above")
        elif run:
            self.divider = trn(
                "The model no longer sees this message",
                "The model no longer sees these {count} messages",
                run,
            )
        if unseen != self.unseen:
            self.unseen = unseen
            self.restyle(self._theme_style)
        return (self.unseen, self.divider) != before

    # Changes

    def update(self, entry: Entry, reach: float = math.inf) -> None:
        """Show another state of the same message; `reach` as for a body that grows."""
        before = self.entry
        self.entry = entry
        self.ending = Ending(entry, self.width, self.style)
        if not entry.text.startswith(before.text) or entry.role is not before.role:
            ways = self.body.ways
            self.body = Body(entry.text, self.on_tint, entry.writing, self.width, self.style)
            self.body.ways = ways
            self.note_thought()
            return
        if len(entry.text) > len(before.text):
            self.body.append(entry.text[len(before.text) :], reach)
        if self.body.growing and not entry.writing:
            self.body.finish()
        self.body.growing = entry.writing
        self.note_thought()

    def append(self, text: str, reach: float = math.inf) -> None:
        """Grow."""
        self.entry = replace(self.entry, text=self.entry.text + text, reading=(0, 0))
        self.body.append(text, reach)
        self.note_thought()

    def note_thought(self, *, renew: bool = False) -> None:
        """Say of the thought before the answer how far it is, or how long it took."""
        self.body.set_opened(self.entry.opened)
        self.thought.note(self.entry, self.body.parts, renew=renew)
        self.body.set_fold(self.thought.words, self.thought.glimpse)

    def fold_attachment(self, index: int) -> None:
        """Show the text of an attachment over that of the message, or no longer."""
        self.chips.fold(index)
        self.body.quote(self.chips.shown)

    def resize(self, width: float) -> None:
        """Take another width."""
        self.width = width
        self.body.resize(width)
        self.chips.lay(width, self.style)
        self.ending = Ending(self.entry, width, self.style)

    def restyle(self, style: Style) -> None:
        """Take other colours."""
        self._theme_style = style
        self.style = style.faded if self.unseen else style
        self.body.restyle(self.style)
        self.chips.lay(self.width, self.style)
        self.ending = Ending(self.entry, self.width, self.style)

    # What can be clicked

    def spots(self) -> list[Spot]:
        """Everything clickable in the pieces that are laid out, from top to bottom."""
        if self.editor:
            return []
        spots = self._row_spots() if self.on_tint else []
        spots += _chip_spots(self)
        for index in range(len(self.body.pieces)):
            spots += _piece_spots(self, index)
        more = self.more
        if more:
            spots.append(Spot(SpotKind.SHOW_ALL, more, label=self.more_words))
        if self.has_ending:
            spots += [
                Spot(SpotKind.ACTION, rect.translated(0, self.ending_top), action, label)
                for rect, action, label in self.ending.links
            ]
        return spots if self.on_tint else spots + self._footer_spots()

    def _footer_spots(self) -> list[Spot]:
        """The figures and the icons under an answer."""
        spots = self._row_spots()
        if self.entry.figures:
            words = tr("Hide the figures") if self.unfolded else self.entry.figures_text
            note = Spot(SpotKind.FIGURES, self.row.note, label=words)
            spots.insert(sum(self.leads(turn) for turn, _ in self.row.turns), note)
        unfolded = self.figures
        if unfolded:
            rect = figures.copy_rect(unfolded, self.style)
            spots.append(Spot(SpotKind.COPY_FIGURES, rect, label=figures.copy_words()))
        return spots

    def _row_spots(self) -> list[Spot]:
        """The ways to other versions, and the icons."""
        spots = []
        for tool, rect in self.row.turns:
            if self.leads(tool):
                label = f"{tools.words(tool)} ({tools.spoken_position(self.entry)})"
                spots.append(Spot(SpotKind.TOOL, rect, tool, label))
        for tool, rect in self.row.tools:
            copies = tool == tools.COPY
            kind, value = (SpotKind.COPY_MESSAGE, "") if copies else (SpotKind.TOOL, tool)
            spots.append(Spot(kind, rect, value, tools.words(tool)))
        return spots

    def leads(self, turn: str) -> bool:
        """True where there is a version before this one, or after it."""
        if turn == tools.PREVIOUS:
            return self.entry.version > 1
        return self.entry.version < self.entry.versions

    @property
    def row(self) -> Row:
        """Where the icons are."""
        if self.on_tint:
            strip = QRectF(0, self.label_top, self.width, self.style.small_line)
            row = tools.corner_of(self.entry, self._tools, strip, self.style)
        else:
            row = tools.row_of(self.entry, self._tools, self.footer, self.style)
        return row.mirrored(self.style, self.width) if self.style.mirrored else row

    @property
    def _tools(self) -> tuple[str, ...]:
        """Those with an icon."""
        entry = self.entry
        if not entry.tools:
            return (tools.COPY,) if self.can_copy else ()
        if self.on_tint:
            return entry.tools
        shown = tuple(tool for tool in entry.tools if tool not in tools.ONLY_IN_MENU)
        return (*shown, tools.MORE) if len(shown) < len(entry.tools) else shown

    @property
    def can_copy(self) -> bool:
        """True for an answer that has ended with some text."""
        return not self.on_tint and not self.entry.writing and bool(self.entry.text)


def _piece_spots(item: Item, index: int) -> list[Spot]:
    """What can be clicked in a piece that is laid out."""
    spots = []
    corner = QPointF(0, item.body_top + item.body.tops[index])
    for number, laid in enumerate(item.body.pieces[index].blocks or []):
        value = f"{index}:{number}"
        if laid.fold:
            words = tr("Hide the thought") if item.body.unfolded else tr("Show the thought")
            spots.append(Spot(SpotKind.THOUGHT, laid.fold.translated(corner), label=words))
        for rect, url in laid.links:
            seen = rect.translated(-laid.shift, 0) & laid.window
            if not seen.isEmpty():
                spots.append(Spot(SpotKind.LINK, seen.translated(corner), url, url))
        if laid.panel and laid.head:
            rect = code_copy_rect(laid.panel, item.style).translated(corner)
            unwrapped = laid.way is not None and laid.way.unwrapped
            words = tr("Wrap lines") if unwrapped else tr("Do not wrap lines")
            beside = code_wrap_rect(laid.panel, item.style).translated(corner)
            spots.append(Spot(SpotKind.WRAP, beside, value, words))
            spots.append(Spot(SpotKind.COPY_CODE, rect, value, tr("Copy code")))
        bar = bar_of(laid)
        if bar:
            words = tr("Scroll sideways")
            spots.append(Spot(SpotKind.SIDEWAYS, bar.translated(corner), value, words))
    return spots


def _chip_spots(item: Item) -> list[Spot]:
    """The attachments, over the text."""
    kind, top, chips = SpotKind.ATTACHMENT, item.chips_top, item.chips
    return [
        Spot(kind, chip.rect.translated(0, top), str(index), chips.label(index))
        for index, chip in enumerate(chips.row)
    ]


def _size(count: int) -> str:
    if count >= 1e5:
        return tr("{number} MB", number=number_text(count / 1e6, 1))
    return tr("{number} KB", number=number_text(count / 1e3, 0))
