"""Scrolling to a message, or to a match in one, whose heights so far are guesses."""

from desktop.ui.transcript.find_painting import match_rect
from desktop.ui.transcript.finding import Match
from desktop.ui.transcript.scene import Scene

ABOVE = 24  # pixels over what is brought into view
ROUNDS = 4  # what comes into view may turn out higher than guessed


def bring(scene: Scene, entry_id: str) -> None:
    """Have a message begin near the top of the view. Raises KeyError for an unknown one."""
    index = scene.index(entry_id)
    for _ in range(ROUNDS):
        before = scene.top
        scene.scroll_to(max(0, min(scene.end, round(scene.column.tops[index] - ABOVE))))
        if scene.top == before:
            break


def bring_tools(scene: Scene, entry_id: str) -> None:
    """Have the icons of a message in view, with the rest of it as far as there is room.

    Raises KeyError for an unknown one.
    """
    index = scene.index(entry_id)
    for _ in range(ROUNDS):
        item, top, height = scene.column.items[index], scene.column.tops[index], scene.size.height()
        rects = [rect for _, rect in item.row.tools]
        first = top - ABOVE
        last = top + max([item.height, *(rect.bottom() for rect in rects)]) + ABOVE
        if last - first > height and not item.on_tint:
            first = last - height
        before = scene.top
        if first < scene.top or last - first > height:
            scene.scroll_to(max(0, min(scene.end, round(first))))
        elif last > scene.top + height:
            scene.scroll_to(max(0, min(scene.end, round(last) - height)))
        if scene.top == before:
            break


def bring_match(scene: Scene, match: Match) -> None:
    """Have a match in view: in the upper third, when it was not."""
    index = scene.column.index_of(match.entry_id)
    for _ in range(ROUNDS if index >= 0 else 0):
        y = _match_top(scene, index, match)
        if y is None or scene.top + ABOVE <= y <= scene.top + scene.size.height() - 3 * ABOVE:
            return
        scene.scroll_to(max(0, min(scene.end, round(y - scene.size.height() / 3))))


def _match_top(scene: Scene, index: int, match: Match) -> float | None:
    """Where a match is in the column; None when the message has changed since it was found."""
    item = scene.column.items[index]
    before = item.height
    item.prepare()
    if match.piece >= len(item.body.pieces):
        return None
    if item.body.pieces[match.piece].blocks is None:
        item.body.lay(match.piece)
    above = scene.column.tops[index] < scene.top
    scene.column.changed(index)
    if above:
        scene.top += round(item.height - before)
    blocks = item.body.pieces[match.piece].blocks or []
    if match.block >= len(blocks):
        return None
    within = match_rect(match, blocks[match.block]).top()
    return scene.column.piece_top(index, match.piece) + within
