"""What the chat service tells the window."""

from dataclasses import dataclass
from enum import StrEnum

from desktop.domain.conversation import Conversation, Message
from desktop.domain.events import Stage
from desktop.domain.hardware import Device
from desktop.domain.model import Model
from desktop.domain.sampling import Values


class EngineState(StrEnum):
    """How far the engine is."""

    STARTING = "starting"
    PREPARING = "preparing"  # the first model is being installed
    LOADING = "loading"
    READY = "ready"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Opened:
    """The conversation as it was left."""

    conversation: Conversation


@dataclass(frozen=True, slots=True)
class ModelsListed:
    """The installed models, and the one that is in use (None: none yet)."""

    models: tuple[Model, ...]
    current: Model | None


@dataclass(frozen=True, slots=True)
class DevicesListed:
    """What can run a model, and the choice in use."""

    devices: tuple[Device, ...]
    current: str


@dataclass(frozen=True, slots=True)
class DefaultsChanged:
    """The sampling values of the model in use, and those that the user has changed."""

    defaults: Values
    changed: Values


@dataclass(frozen=True, slots=True)
class EngineChanged:
    """The engine's state; when it failed, what happened and what to do."""

    state: EngineState
    stage: Stage | None = None
    device: str = ""  # where the model runs, once it is ready
    what: str = ""
    remedy: str = ""
    repairable: bool = False  # by installing the model again from the program's own files


@dataclass(frozen=True, slots=True)
class MessageAdded:
    """A message is new at the end of the conversation. The user's are on disk by now."""

    message: Message


@dataclass(frozen=True, slots=True)
class MessageRemoved:
    """A message, and all after it, is no longer in the conversation."""

    message_id: str


@dataclass(frozen=True, slots=True)
class AnswerReading:
    """The model reads the prompt: tokens read of tokens to read."""

    message_id: str
    done: int
    total: int


@dataclass(frozen=True, slots=True)
class AnswerGrew:
    """More text at the end of an answer."""

    message_id: str
    text: str


@dataclass(frozen=True, slots=True)
class AnswerEnded:
    """An answer is as it will stay. Its statistics may come later, after a Stop."""

    message: Message


@dataclass(frozen=True, slots=True)
class ContextUsed:
    """Tokens of the model's context that the conversation takes."""

    used: int
    available: int


@dataclass(frozen=True, slots=True)
class Cleared:
    """The conversation is empty now; it can be brought back when there was something in it."""

    messages: int


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something went wrong that is not about one answer."""

    what: str
    remedy: str = ""


@dataclass(frozen=True, slots=True)
class SavingFailed:
    """What is said is in memory only, until SavingWorks comes."""

    what: str
    remedy: str = ""


@dataclass(frozen=True, slots=True)
class SavingWorks:
    """Everything that could not be saved is saved now."""


Notice = (
    Opened
    | ModelsListed
    | DevicesListed
    | DefaultsChanged
    | EngineChanged
    | MessageAdded
    | MessageRemoved
    | AnswerReading
    | AnswerGrew
    | AnswerEnded
    | ContextUsed
    | Cleared
    | Trouble
    | SavingFailed
    | SavingWorks
)
