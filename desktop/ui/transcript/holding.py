"""A bar under a block that the mouse has taken hold of."""

from dataclasses import dataclass

from PySide6.QtCore import QPointF

from desktop.ui.transcript.changing import laid_of
from desktop.ui.transcript.item import SpotKind
from desktop.ui.transcript.scene import Scene
from desktop.ui.transcript.sideways import Sideways
from desktop.ui.transcript.sideways_bar import dragged


@dataclass(frozen=True, slots=True)
class Held:
    """Where it was taken hold of."""

    way: Sideways
    bar_width: float
    x: float
    left: float

    @classmethod
    def at(cls, scene: Scene, point: QPointF) -> "Held | None":
        """The bar at a point, if there is one."""
        placed = scene.spot_at(point)
        laid = laid_of(scene, placed.key) if placed else None
        if placed is None or placed.key.kind is not SpotKind.SIDEWAYS or not laid or not laid.way:
            return None
        return cls(laid.way, placed.spot.rect.width(), point.x(), laid.way.left)

    def draw(self, point: QPointF) -> None:
        """Move the block with the mouse."""
        moved = dragged(self.way, self.bar_width, point.x() - self.x)
        self.way.scroll(self.left + moved - self.way.left)
