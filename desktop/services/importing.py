"""Conversations from files into the store: a file as a whole, or nothing of it."""

from dataclasses import dataclass
from pathlib import Path

from desktop.domain.words import listed, tr, trn
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
        parts = [trn("{count} chat imported", "{count} chats imported", len(self.added.ids))]
        if self.added.copies:
            parts.append(
                trn(
                    "{count} of them as a copy, because the id was taken",
                    "{count} of them as copies, because the ids were taken",
                    self.added.copies,
                )
            )
        if self.added.known:
            parts.append(trn("{count} already there", "{count} already there", self.added.known))
        if self.skipped:
            parts.append(trn("{count} left out", "{count} left out", len(self.skipped)))
        return tr("{sentence}.", sentence=listed(parts))


def import_file(store: ConversationStore, path: Path) -> Imported:
    """Add the conversations of a file in one transaction. Raises Problem, then none was added."""
    reading = Reading(path)
    added = store.add_all(reading)
    return Imported(added, tuple(reading.skipped))
