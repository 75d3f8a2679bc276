"""What the window asks of the service of all conversations."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class UseStore:
    """The chat service has opened the conversations; if they are kept, they are in the folder."""

    kept: bool


@dataclass(frozen=True, slots=True)
class Search:
    """Find titles and messages. A newer search makes an older one pointless."""

    text: str


@dataclass(frozen=True, slots=True)
class FindIn:
    """Find the messages of one conversation that hold a text. Only the newest one is answered."""

    chat_id: str
    text: str


@dataclass(frozen=True, slots=True)
class Export:
    """Write conversations to a file; no ids: all of them."""

    ids: tuple[str, ...]
    path: Path
    format_id: str  # of a FormatName


@dataclass(frozen=True, slots=True)
class Import:
    """Add the conversations of files."""

    paths: tuple[Path, ...]


@dataclass(frozen=True, slots=True)
class StopTransfer:
    """End the export or import that is under way, and those that wait; nothing of them stays."""


@dataclass(frozen=True, slots=True)
class EraseDeleted:
    """Erase every deleted conversation from all files, the backups among them."""


@dataclass(frozen=True, slots=True)
class ListBackups:
    """Tell which backups there are."""


@dataclass(frozen=True, slots=True)
class BackUp:
    """Make a backup now."""


@dataclass(frozen=True, slots=True)
class ReadyRestore:
    """End what is under way, for a backup is to be put in the place of the file."""

    backup: str  # its name


@dataclass(frozen=True, slots=True)
class Quit:
    """End, with what is under way."""


HistoryCommand = (
    UseStore
    | Search
    | FindIn
    | Export
    | Import
    | StopTransfer
    | EraseDeleted
    | ListBackups
    | BackUp
    | ReadyRestore
    | Quit
)
