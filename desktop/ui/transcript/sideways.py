"""Program text whose lines are not wrapped, and wide tables: scrolled sideways in their place."""

from dataclasses import dataclass

REACH = 12  # height of what can be taken hold of below a block
COLUMN = 96  # of a table, at least; below that it is scrolled


@dataclass(slots=True)
class Sideways:
    """How a block is shown: it stays so while the window lives, wherever its text moves."""

    unwrapped: bool = False
    left: float = 0.0  # what is scrolled out of sight
    widest: float = 0.0  # of the parts of it that were laid out
    room: float = 0.0

    @property
    def end(self) -> float:
        """How far one can scroll."""
        return max(0.0, self.widest - self.room)

    def turn(self) -> None:
        """Wrap the lines, or do not."""
        self.unwrapped = not self.unwrapped
        self.left = self.widest = 0.0

    def fit(self, across: float, room: float) -> None:
        """Take note of a part that was laid out."""
        self.widest = max(self.widest, across)
        self.room = room
        self.left = min(self.left, self.end)

    def scroll(self, pixels: float) -> bool:
        """Move, and say whether there was anywhere to go."""
        wanted = min(max(self.left + pixels, 0.0), self.end)
        moved, self.left = wanted != self.left, wanted
        return moved
