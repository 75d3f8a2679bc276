"""Conversations from files into the store: a file as a whole, or nothing of it."""

from dataclasses import dataclass
from pathlib import Path

from desktop.importers.reading import Reading
from desktop.storage.conversations import ConversationStore
from desktop.storage.importing import Added


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of a file."""

    added: Added
    skipped: tuple[str, ...] = ()  # sentences: which chat was left out, where, and why

    def sentence(self) -> str:
        """What happened, in one sentence."""
        parts = [f"{_chats(len(self.added.ids))} imported"]
        if self.added.copies:
            parts.append(f"{self.added.copies:,} of them as copies, because the ids were taken")
        if self.added.known:
            parts.append(f"{self.added.known:,} already there")
        if self.skipped:
            parts.append(f"{len(self.skipped):,} left out")
        return ", ".join(parts) + "."


def import_file(store: ConversationStore, path: Path) -> Imported:
    """Add the conversations of a file in one transaction. Raises Problem, then none was added."""
    reading = Reading(path)
    added = store.add_all(reading)
    return Imported(added, tuple(reading.skipped))


def _chats(count: int) -> str:
    return "1 chat" if count == 1 else f"{count:,} chats"
