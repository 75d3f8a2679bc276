"""What the child processes report, as plain data."""

from dataclasses import dataclass, field

from desktop.domain.checks import Checked
from desktop.domain.conversation import State, Statistics
from desktop.domain.hardware import Device
from desktop.domain.model import ModelFile, Quality, Recipe
from desktop.domain.repository import RepositoryFacts, RepositoryFound


@dataclass(frozen=True, slots=True)
class Stage:
    """A step of something that takes time. `total` 0: how much there is to do is not known."""

    name: str  # such as "checking", "loading", "converting"
    done: int = 0
    total: int = 0


@dataclass(frozen=True, slots=True)
class Loading:
    """The engine is on its way to a model that answers."""

    stage: Stage


@dataclass(frozen=True, slots=True)
class Loaded:
    """The engine is ready. `device` is what a choice of AUTO came to."""

    device: str
    context_length: int
    seconds: float
    note: str = ""  # a sentence for the user, such as why a plain prompt layout is used
    properties: dict[str, str] = field(default_factory=dict)  # OpenVINO's, where not its defaults


@dataclass(frozen=True, slots=True)
class Fitted:
    """What the model sees of a request: sent before the answer, or in answer to Fit."""

    request_id: str
    used: int  # tokens of the prompt that is sent, the template's own among them
    available: int  # tokens that prompt and answer may have together
    unseen: tuple[int, ...] = ()  # indices of the request's turns that were left out
    note: str = ""  # a sentence: what the layout has no place for
    thinks: bool = False  # the prompt itself opens the thought that the answer begins with


@dataclass(frozen=True, slots=True)
class Overfull:
    """The turns do not fit, and the policy is to ask. Nothing was generated."""

    request_id: str
    needed: int  # tokens of the whole prompt
    available: int  # tokens that a prompt may have


@dataclass(frozen=True, slots=True)
class Tried:
    """One setting was measured. Speeds in tokens a second; seconds of the typical turn."""

    properties: dict[str, str]  # OpenVINO's; none: its defaults
    reading: float
    writing: float
    turn_s: float
    accurate: bool = True  # no less than with the defaults
    deviation: float = 0.0  # of the log-probability of a fixed text, per token, from the reference


@dataclass(frozen=True, slots=True)
class Tuned:
    """The comparison is over; `best` is one of those tried. `complete`: none was left out."""

    best: Tried
    tried: tuple[Tried, ...]
    complete: bool = True


@dataclass(frozen=True, slots=True)
class Reading:
    """The model reads the prompt: tokens read of tokens to read."""

    request_id: str
    done: int
    total: int


@dataclass(frozen=True, slots=True)
class Token:
    """More text of an answer: whole characters, from one token or a few."""

    request_id: str
    text: str


@dataclass(frozen=True, slots=True)
class Done:
    """An answer ended as its `state` says; the pieces sent before join to `text`."""

    request_id: str
    text: str
    state: State
    statistics: Statistics


@dataclass(frozen=True, slots=True)
class Failed:
    """A request could not be carried out. An empty id: the engine itself, or loading."""

    request_id: str
    what: str
    remedy: str = ""


@dataclass(frozen=True, slots=True)
class Devices:
    """The answer to a question for the devices."""

    devices: tuple[Device, ...]


@dataclass(frozen=True, slots=True)
class Counted:
    """The number of tokens of each text, in the order they were given."""

    request_id: str
    counts: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Rendered:
    """The exact prompt text of a list of messages."""

    request_id: str
    text: str


@dataclass(frozen=True, slots=True)
class Progress:
    """A job goes on."""

    stage: Stage


@dataclass(frozen=True, slots=True)
class Transferring:
    """A download goes on. Bytes done of all bytes, those of earlier tries among them."""

    done: int
    total: int
    bytes_per_s: float
    file: str  # the one that last moved


@dataclass(frozen=True, slots=True)
class Contacted:
    """The network was used: which host, what for, and how many bytes came."""

    host: str
    why: str
    received: int


@dataclass(frozen=True, slots=True)
class JobDone:
    """A job ended well: the model's context length (tokens) and the files that were made."""

    context_length: int
    files: tuple[ModelFile, ...]
    weights: str = ""  # the format that they are in, where the job has found out
    uncompressed_size: int = 0  # bytes, of what they were made from; 0: not known
    quality: Quality | None = None
    note: str = ""  # a sentence for the user, such as why the quality was not measured
    paged: bool = True  # False: the paged-attention back-end gets this model wrong
    recipe: Recipe | None = None  # for compressing what was made, where one is known


@dataclass(frozen=True, slots=True)
class Inspected:
    """What a repository or a folder holds."""

    facts: RepositoryFacts


@dataclass(frozen=True, slots=True)
class FoundRepositories:
    """The repositories that a search has found, most used first."""

    found: tuple[RepositoryFound, ...]


@dataclass(frozen=True, slots=True)
class BareOpened:
    """A library that Cellar is compared with has the model, and has warmed up."""


@dataclass(frozen=True, slots=True)
class Measured:
    """What a library that Cellar is compared with took for a prompt."""

    prompt_tokens: int
    answer_tokens: int
    first_ms: float  # from the text of the prompt to the first token
    whole_ms: float  # to the last one
    text: str


@dataclass(frozen=True, slots=True)
class PartsChecked:
    """What a child found when it checked itself, and the versions of its libraries."""

    parts: tuple[Checked, ...]
    versions: dict[str, str]


@dataclass(frozen=True, slots=True)
class Ended:
    """The child process is gone. Made by the parent's side, never sent over the pipe."""

    exit_code: int
    expected: bool


Event = (
    Loading
    | Loaded
    | Fitted
    | Overfull
    | Tried
    | Tuned
    | Reading
    | Token
    | Done
    | Failed
    | Devices
    | Counted
    | Rendered
    | Progress
    | Transferring
    | Contacted
    | JobDone
    | Inspected
    | FoundRepositories
    | BareOpened
    | Measured
    | PartsChecked
    | Ended
)
