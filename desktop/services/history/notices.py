"""What the service of all conversations tells the window."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from desktop.domain.chats import Hit


@dataclass(frozen=True, slots=True)
class Found:
    """What a search has found, the best first."""

    text: str  # that was sought
    hits: tuple[Hit, ...]
    problem: str = ""  # why nothing could be sought


@dataclass(frozen=True, slots=True)
class FoundIn:
    """Which messages of the branch in view hold a text, from the first on."""

    chat_id: str
    text: str  # that was sought
    ids: tuple[str, ...]
    problem: str = ""  # why they could not be searched
    places: tuple[int, ...] = ()  # of each in the branch


@dataclass(frozen=True, slots=True)
class Transferring:
    """An export or import is under way."""

    name: str  # of the file
    chats: int  # done
    imports: bool


@dataclass(frozen=True, slots=True)
class Exported:
    """Conversations are in a file now."""

    path: Path
    chats: int
    empty: bool = False  # the format had nothing to write of them


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of a file of conversations."""

    name: str
    sentence: str  # how many came
    skipped: tuple[str, ...] = ()  # sentences
    chats: int = 0  # that are new


@dataclass(frozen=True, slots=True)
class TransferStopped:
    """An export or import was stopped by the user; nothing of it stays."""


@dataclass(frozen=True, slots=True)
class Erased:
    """Deleted conversations, as the user wanted, are in no file any more."""

    chats: int


@dataclass(frozen=True, slots=True)
class BackupRow:
    """A backup as the list shows it."""

    name: str
    made_at: datetime  # UTC
    size: int  # bytes
    kind: str  # "daily", "manual", "schema"
    chats: int | None  # None: it cannot be read


@dataclass(frozen=True, slots=True)
class BackupsListed:
    """The backups, newest first."""

    backups: tuple[BackupRow, ...]


@dataclass(frozen=True, slots=True)
class RestoreReady:
    """Nothing stands in the way of restoring this backup."""

    backup: str


@dataclass(frozen=True, slots=True)
class HistoryTrouble:
    """Something went wrong."""

    what: str
    remedy: str = ""


HistoryNotice = (
    Found
    | FoundIn
    | Transferring
    | Exported
    | Imported
    | TransferStopped
    | Erased
    | BackupsListed
    | RestoreReady
    | HistoryTrouble
)
