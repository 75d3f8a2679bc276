"""What the shelf tells the models page."""

from dataclasses import dataclass, field
from enum import StrEnum

from desktop.domain.catalogue import Entry, Source
from desktop.domain.events import Stage
from desktop.domain.fit import Verdict
from desktop.domain.model import Model
from desktop.domain.repository import RepositoryFacts, RepositoryFound


@dataclass(frozen=True, slots=True)
class Offer:
    """A model of the catalogue in one weight format, as it would be on this computer."""

    entry: Entry
    weights: str
    download: int  # bytes to fetch
    disk: int  # bytes, once installed
    memory: int  # bytes, while it runs
    verdict: Verdict
    reason: str  # a sentence with the numbers
    tokens_per_s: float  # a rough estimate
    how: str  # in words: "ready", "compressed here", "from GGUF"; "" when it cannot be had yet
    source: Source | None = None  # where it comes from; None: from nowhere
    missing: str = ""  # sentences: what of this Cellar is missing to get it


@dataclass(frozen=True, slots=True)
class Offered:
    """The whole catalogue, and the one that is best for this computer."""

    offers: tuple[Offer, ...]
    recommended: Offer | None


@dataclass(frozen=True, slots=True)
class Shelved:
    """The installed models."""

    models: tuple[Model, ...]


@dataclass(frozen=True, slots=True)
class Means:
    """What this Cellar can do. A sentence that is empty says that it can."""

    why_no_hub: str = ""
    why_no_conversion: str = ""  # with how to change that


@dataclass(frozen=True, slots=True)
class Found:
    """What a search came to: some repositories, or what went wrong."""

    text: str
    repositories: tuple[RepositoryFound, ...] = ()
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Choice:
    """A weight format that an examined source can be had in. Sizes in bytes, estimated."""

    weights: str
    how: str  # as in an Offer
    download: int  # 0: nothing
    disk: int
    memory: int
    verdict: Verdict
    reason: str  # a sentence with the numbers
    installed: bool = False  # already


@dataclass(frozen=True, slots=True)
class Examined:
    """What a source holds and can be had in, or why that could not be told."""

    source: str
    facts: RepositoryFacts | None = None
    choices: tuple[Choice, ...] = ()
    problem: str = ""


class JobState(StrEnum):
    """How far a job is."""

    WAITING = "waiting"
    RUNNING = "running"
    PAUSED = "paused"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Job:
    """One installation."""

    id: str
    name: str  # of the model, with its weight format
    state: JobState
    stage: Stage = field(default_factory=lambda: Stage("waiting"))
    done: int = 0  # bytes, while downloading
    total: int = 0
    bytes_per_s: float = 0.0
    problem: str = ""  # why it failed, and what to do


@dataclass(frozen=True, slots=True)
class JobsChanged:
    """Every job that is not over."""

    jobs: tuple[Job, ...]


@dataclass(frozen=True, slots=True)
class ModelReady:
    """A job ended well."""

    model: Model


@dataclass(frozen=True, slots=True)
class Verified:
    """The files of a model were hashed: all right, or what is wrong and what to do."""

    model: Model
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Removed:
    """A model is gone; so many bytes are free again once it cannot be undone."""

    model: Model


@dataclass(frozen=True, slots=True)
class ShelfTrouble:
    """Something could not be done."""

    what: str
    remedy: str = ""


ShelfNotice = (
    Offered
    | Shelved
    | Means
    | Found
    | Examined
    | JobsChanged
    | ModelReady
    | Verified
    | Removed
    | ShelfTrouble
)
