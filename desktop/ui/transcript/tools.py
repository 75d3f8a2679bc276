"""What one can do with a message: the icons of its row, where each one is, and their words."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from PySide6.QtCore import QRectF
from PySide6.QtGui import QFontMetricsF

from desktop.ui.i18n import tr
from desktop.ui.transcript.style import Style

if TYPE_CHECKING:
    from desktop.ui.transcript.entry import Entry

COPY, REGENERATE, CONTINUE, AGAIN = "copy", "regenerate", "continue", "make again"
EDIT, DELETE, MORE = "edit", "delete", "more"
PREVIOUS, NEXT = "previous", "next"
ICONS = {
    COPY: "copy",
    REGENERATE: "refresh",
    CONTINUE: "continue",
    EDIT: "edit",
    DELETE: "trash",
    MORE: "more",
    PREVIOUS: "chevron-left",
    NEXT: "chevron-right",
}
ONLY_IN_MENU = (AGAIN, DELETE)  # of an answer
ALWAYS = (COPY, MORE)  # possible while an answer is being written too
GAP = 4
BESIDE = 4  # at each side of the words "2/3"

Places: TypeAlias = tuple[tuple[str, QRectF], ...]


@dataclass(frozen=True, slots=True)
class Row:
    """Where everything of a message's row is."""

    note: QRectF
    tools: Places = ()
    position: QRectF | None = None  # of the words "2/3"
    turns: Places = ()  # to the versions beside this one

    def mirrored(self, style: Style, width: float) -> "Row":
        """The same in a strip that is read from the right."""
        return Row(
            style.placed(self.note, width),
            tuple((tool, style.placed(rect, width)) for tool, rect in self.tools),
            style.placed(self.position, width) if self.position else None,
            tuple((turn, style.placed(rect, width)) for turn, rect in self.turns),
        )


def words(tool: str) -> str:
    """What a tool does."""
    return {
        COPY: tr("Copy message"),
        REGENERATE: tr("Write another answer"),
        CONTINUE: tr("Continue the answer"),
        AGAIN: tr("Make it again exactly"),
        EDIT: tr("Edit"),
        DELETE: tr("Delete this and what follows"),
        MORE: tr("More actions"),
        PREVIOUS: tr("Previous version"),
        NEXT: tr("Next version"),
    }[tool]


def row_of(entry: "Entry", tools: tuple[str, ...], strip: QRectF, style: Style) -> Row:
    """The row under an answer: which version, the figures in short, the icons."""
    sizes = style.sizes
    left = 0.0
    position: QRectF | None = None
    turns: Places = ()
    if entry.versions > 1:
        position, turns = _versions(entry, -sizes.inset, strip.top(), style)
        left = turns[-1][1].right() + GAP
    start = left + (GAP if entry.note else 0) if entry.note or turns else -sizes.inset
    tools = _fitting(tools, strip.width() + sizes.inset - start, style)
    note = QFontMetricsF(style.small).horizontalAdvance(entry.note)
    note += sizes.fold_mark if entry.figures else 0
    room = strip.width() - left - len(tools) * sizes.target - GAP
    rect = QRectF(left, strip.top(), max(0.0, min(note, room)), strip.height())
    return Row(rect, _squares(tools, start + rect.width(), strip.top(), style), position, turns)


def corner_of(entry: "Entry", tools: tuple[str, ...], strip: QRectF, style: Style) -> Row:
    """The same at the right end of the line with the speaker's name, for the user's own turns."""
    sizes = style.sizes
    top = strip.center().y() - sizes.target / 2
    right = strip.right() + sizes.inset
    position: QRectF | None = None
    turns: Places = ()
    if entry.versions > 1:
        width = 2 * sizes.target + _position_width(entry, style)
        position, turns = _versions(entry, right - width, top, style)
        right -= width + GAP
    squares = _squares(tools, right - len(tools) * sizes.target, top, style)
    return Row(QRectF(), squares, position, turns)


def position_words(entry: "Entry") -> str:
    """Which version is in view, as it is shown."""
    return f"{entry.version}/{entry.versions}"


def spoken_position(entry: "Entry") -> str:
    """Which version is in view, as it is told to assistive tools."""
    return tr("Version {number} of {count}", number=entry.version, count=entry.versions)


def _fitting(tools: tuple[str, ...], room: float, style: Style) -> tuple[str, ...]:
    """The tools that have room; the menu has them all, so that its icon stays."""
    fit = int(room // style.sizes.target)
    return tools if len(tools) <= fit else (*tools[: max(0, fit - 1)], *tools[-1:])


def _position_width(entry: "Entry", style: Style) -> float:
    return QFontMetricsF(style.small).horizontalAdvance(position_words(entry)) + 2 * BESIDE


def _versions(entry: "Entry", x: float, top: float, style: Style) -> tuple[QRectF, Places]:
    width, side = _position_width(entry, style), style.sizes.target
    before = QRectF(x, top, side, side)
    position = QRectF(before.right(), top, width, side)
    after = QRectF(position.right(), top, side, side)
    return position, ((PREVIOUS, before), (NEXT, after))


def _squares(tools: tuple[str, ...], x: float, top: float, style: Style) -> Places:
    side = style.sizes.target
    return tuple(
        (tool, QRectF(x + index * side, top, side, side)) for index, tool in enumerate(tools)
    )
