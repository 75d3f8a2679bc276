"""Sizes: from a grid of 4 pixels, by the text's size and the density that the user has chosen.

Numbers in the code are pixels at 100 % and comfortable. `gap` makes them the room between things,
`side` the extent of things that hold text or stand beside it.
"""

from dataclasses import dataclass

from PySide6.QtWidgets import QApplication

GRID = 4
TEXT_SIZES = (70, 80, 90, 100, 110, 125, 150, 175, 200)  # percent, as keys and wheel step through
TIGHT = 0.66  # how much of a gap is left in the compact density
COMFORTABLE, COMPACT = "comfortable", "compact"
_PROPERTY = "cellarMetrics"  # of the program: what Qt's widgets are laid out by


@dataclass(frozen=True, slots=True)
class Metrics:
    """How large text is, and how close things stand."""

    text_size: int = 100  # percent
    density: str = COMFORTABLE

    @property
    def scale(self) -> float:
        """The size of text as a factor."""
        return self.text_size / 100

    def gap(self, pixels: int) -> int:
        """Room between things."""
        if self.density != COMPACT or pixels <= GRID:
            return pixels
        return max(GRID, GRID * round(pixels * TIGHT / GRID))

    def side(self, pixels: int) -> int:
        """The extent of something that grows with the text."""
        return round(pixels * self.scale)

    def row(self, pixels: int) -> int:
        """The height of a row: text, and room that the density takes some of."""
        room = pixels // 2
        return self.side(pixels - room) + self.gap(room)

    def stepped(self, step: int) -> "Metrics":
        """The next text size, larger (1) or smaller (-1)."""
        sizes = TEXT_SIZES if step > 0 else TEXT_SIZES[::-1]
        beyond = (size for size in sizes if (size - self.text_size) * step > 0)
        return Metrics(next(beyond, self.text_size), self.density)


def metrics() -> Metrics:
    """Those that the program has on."""
    app = QApplication.instance()
    worn = app.property(_PROPERTY) if app else None
    return worn if isinstance(worn, Metrics) else Metrics()


def put_on(app: QApplication, worn: Metrics) -> None:
    """Have these from now on; what is on screen follows with the theme."""
    app.setProperty(_PROPERTY, worn)
