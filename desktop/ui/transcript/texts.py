"""The text of messages, for the clipboard and for programs that read the screen."""

from desktop.ui.transcript.item import Item, SpotKind
from desktop.ui.transcript.scene import Scene, SpotKey


def text_of(scene: Scene, key: SpotKey) -> str:
    """What a spot of the copying kinds copies."""
    item = scene.item(key.entry_id)
    if key.kind is SpotKind.COPY_CODE:
        piece, block = map(int, key.value.split(":"))
        return item.body.code(piece, block)
    if key.kind is SpotKind.COPY_FIGURES:
        return item.entry.figures_text
    return item.entry.answer or item.entry.text


def plain_text(scene: Scene) -> str:
    """All messages with their speakers, as they are written, and what is said about them."""
    parts = [scene.earlier_words] if scene.earlier else []
    for item in scene.column.items:
        entry = item.entry
        figures = entry.figures_text if item.unfolded else ""
        said = (item.chips.words, shown_text(item), entry.reading_words)
        below = (entry.ending, figures, item.divider)
        parts.append("\n".join(filter(None, (entry.speaker, *said, *below))))
    return "\n\n".join(parts)


def shown_text(item: Item) -> str:
    """What of the text is on show: the line of a folded thought, and the answer."""
    parts = item.body.parts
    if not parts.thinks:
        return parts.answer
    thought = parts.thought.strip("\n") if item.body.unfolded else ""
    said = (item.thought.words, thought, parts.answer.lstrip("\n"))
    return "\n\n".join(part for part in said if part)
