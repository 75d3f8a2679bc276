"""The transcript's measures at a text size and a density, in whole pixels."""

from dataclasses import dataclass

from desktop.ui.metrics import COMPACT, Metrics


@dataclass(frozen=True, slots=True)
class Sizes:
    """Made once a style: a long conversation asks for them often."""

    measure: int  # of a line of text, at most
    margin: int  # beside the text, at least
    panel: int  # what a panel reaches beyond its text on each side
    indent: int  # of a level of a list or a quote, and beside the alert icon
    line: float  # height of a line, of the font's size
    outside: int  # over a message
    over_panel: int  # over one of the user's, and under it a quarter of that
    inside: int  # between a panel's edge and its text
    footer: int  # the note and the copy icon; always there, so that nothing jumps
    divider: int  # below the last message of those that the model no longer sees
    icon: int
    target: int  # the side of an icon's clickable square
    fold_mark: int  # beside the note: a chevron, where there are more figures
    code_head: int  # language and copy icon over program text
    code_foot: int
    block_gap: int  # between paragraphs
    heading_gap: int  # over a heading

    @property
    def inset(self) -> float:
        """By which squares stand out, so that icons are in line with text."""
        return (self.target - self.icon) / 2


def sizes_of(worn: Metrics) -> Sizes:
    """Those for a text size and a density."""
    side, gap, row = worn.side, worn.gap, worn.row
    return Sizes(
        measure=side(720),
        margin=gap(20),
        panel=gap(16),
        indent=side(24),
        line=1.4 if worn.density == COMPACT else 1.55,
        outside=gap(12),
        over_panel=gap(16),
        inside=gap(12),
        footer=side(28),
        divider=row(36),
        icon=side(16),
        target=side(28),
        fold_mark=side(18),
        code_head=row(36),
        code_foot=gap(12),
        block_gap=gap(12),
        heading_gap=gap(24),
    )
