"""What the housekeeper tells the window."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from desktop.services.front import Call


class Thing(StrEnum):
    """What is kept on this computer."""

    CHATS = "chats"
    BACKUPS = "backups"
    MODELS = "models"
    ADAPTERS = "adapters"
    SETTINGS = "settings"
    LOGS = "logs"
    CACHE = "cache"
    REST = "rest"  # presets, layouts, what other versions have left


@dataclass(frozen=True, slots=True)
class Kept:
    """Something that is kept, where it is, and its size in bytes."""

    thing: Thing
    path: Path
    size: int


@dataclass(frozen=True, slots=True)
class Measured:
    """All that is kept below the data folder."""

    folder: Path
    things: tuple[Kept, ...]


@dataclass(frozen=True, slots=True)
class Licence:
    """A licence or notice that comes with the program."""

    name: str
    text: str
    folded: str  # both as a search wants them, in lower case


@dataclass(frozen=True, slots=True)
class LicencesRead:
    """The licences; none where the program was not bundled."""

    licences: tuple[Licence, ...]


@dataclass(frozen=True, slots=True)
class Facts:
    """Versions and the system, a line each; nothing of the person."""

    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReportsFound:
    """Crash reports that nobody has seen, the newest first."""

    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReportRead:
    """What is in a crash report."""

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Called:
    """Cellar was started once more: this window is to come to the front."""

    call: Call


@dataclass(frozen=True, slots=True)
class HouseTrouble:
    """Something could not be done."""

    what: str
    remedy: str = ""


HouseNotice = Measured | LicencesRead | Facts | ReportsFound | ReportRead | Called | HouseTrouble
