"""Showing more of a message, or less, or in another way; nothing of it is changed."""

from PySide6.QtCore import QPointF, Qt

from desktop.ui.transcript.item import SpotKind
from desktop.ui.transcript.piece import LaidBlock
from desktop.ui.transcript.scene import Scene, SpotKey
from desktop.ui.transcript.sideways import Sideways

STEP = 60  # pixels that an arrow key scrolls sideways


def fold_figures(scene: Scene, entry_id: str) -> None:
    """Show all figures of an answer, or only those in short again."""
    index = scene.index(entry_id)
    scene.column.items[index].unfolded = not scene.column.items[index].unfolded
    scene.column.changed(index)


def fold_thought(scene: Scene, entry_id: str) -> None:
    """Unfold what was thought before an answer, or fold it; the line itself stays in place."""
    index = scene.index(entry_id)
    scene.follows_end = False
    scene.column.items[index].body.fold()
    scene.column.items[index].note_thought()
    scene.column.changed(index)


def rewrap(scene: Scene, key: SpotKey) -> None:
    """Wrap the lines of program text, or do not."""
    laid = laid_of(scene, key)
    if laid and laid.way:
        laid.way.turn()
        index = scene.index(key.entry_id)
        scene.follows_end = False
        scene.column.items[index].body.rewrap()
        scene.column.changed(index)


def go_sideways(scene: Scene, key: int) -> bool:
    """Scroll the block that the focus is in, as an arrow key says; False for any other key."""
    steps = {Qt.Key.Key_Left: -STEP, Qt.Key.Key_Right: STEP}
    laid = laid_of(scene, scene.focused) if scene.focused else None
    if key not in steps or laid is None or laid.way is None or not laid.way.end:
        return False
    laid.way.scroll(steps[Qt.Key(key)])
    return True


def way_at(scene: Scene, point: QPointF) -> Sideways | None:
    """What can be scrolled sideways at a point."""
    place, item = scene.place_at(point), scene.item_at(point)
    if place is None or item is None or place.piece >= len(item.body.pieces):
        return None
    blocks = item.body.pieces[place.piece].blocks or []
    way = blocks[place.block].way if place.block < len(blocks) else None
    return way if way and way.unwrapped and way.end else None


def laid_of(scene: Scene, key: SpotKey) -> LaidBlock | None:
    """The block that a spot is about which stands in the text."""
    if key.kind not in (SpotKind.COPY_CODE, SpotKind.WRAP, SpotKind.SIDEWAYS):
        return None
    piece, block = map(int, key.value.split(":"))
    pieces = scene.item(key.entry_id).body.pieces[piece : piece + 1]
    laid = (pieces[0].blocks or [])[block : block + 1] if pieces else []
    return laid[0] if laid else None
