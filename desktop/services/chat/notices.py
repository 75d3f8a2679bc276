"""What the chat service tells the window."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from desktop.domain.attachments import Attachment
from desktop.domain.chats import Summary
from desktop.domain.conversation import Conversation, Message
from desktop.domain.errors import Problem
from desktop.domain.events import Stage
from desktop.domain.hardware import Device
from desktop.domain.model import Model
from desktop.domain.presets import Preset
from desktop.domain.sampling import Values
from desktop.domain.tree import Fork
from desktop.services.layouts.format import NamedLayout
from desktop.services.layouts.store import Choice


class EngineState(StrEnum):
    """How far the engine is."""

    STARTING = "starting"
    PREPARING = "preparing"  # the first model is being installed
    LOADING = "loading"
    READY = "ready"
    UNLOADED = "unloaded"  # after a time without a question; the next one loads the model again
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Opened:
    """A conversation is in view: as it was left, or after its branch has changed."""

    conversation: Conversation  # its messages are those of the branch in view that are shown
    forks: Mapping[str, Fork] = field(default_factory=dict)  # by message, where it has siblings
    earlier: int = 0  # messages of the branch before those
    draft: str = ""
    draft_attachments: tuple[Attachment, ...] = ()
    temporary: bool = False  # never written to disk
    same: bool = False  # it was in view before: the place in it and the draft stay
    message_id: str = ""  # the message to show; none: the end
    later: int = 0  # messages of the branch after those shown
    answering: str = ""  # id of the last message of the branch while it is being written


@dataclass(frozen=True, slots=True)
class ForksChanged:
    """Where the branch in view has siblings now."""

    forks: Mapping[str, Fork]


@dataclass(frozen=True, slots=True)
class PassageLoaded:
    """Messages of the branch in view that were asked for."""

    messages: tuple[Message, ...]
    earlier: int  # messages of the branch before them
    later: int  # and after them


@dataclass(frozen=True, slots=True)
class BranchDeleted:
    """A branch is gone; it can be brought back."""

    messages: int


@dataclass(frozen=True, slots=True)
class ChatsListed:
    """The conversations, pinned ones first, newest first."""

    chats: tuple[Summary, ...]
    archived: bool = False


@dataclass(frozen=True, slots=True)
class ChatChanged:
    """A conversation is new in the list, or has changed there, and may have another place."""

    chat: Summary


@dataclass(frozen=True, slots=True)
class ChatGone:
    """A conversation is no longer in the list: deleted, or moved to or from the archive."""

    chat_id: str


@dataclass(frozen=True, slots=True)
class ChatDeleted:
    """A conversation was deleted; it can be brought back."""

    chat_id: str
    title: str


@dataclass(frozen=True, slots=True)
class AllChatsDeleted:
    """Every conversation is gone from the list; they are in the files until they are erased."""

    count: int


@dataclass(frozen=True, slots=True)
class BackupRestored:
    """The conversations are those of a backup; those of before are in a file of this name."""

    kept: str  # empty: there were none


@dataclass(frozen=True, slots=True)
class AnswerElsewhere:
    """An answer is being written in a conversation that is not in view; none: no longer."""

    chat_id: str


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
    """The engine's state; when it failed or was unloaded, what happened and what to do."""

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

    used: int  # by what is sent of it
    available: int
    unseen: tuple[str, ...] = ()  # ids of the messages that the model no longer sees
    thinks: str = ""  # id of the answer that begins in the middle of a thought


@dataclass(frozen=True, slots=True)
class DraftWeighed:
    """The tokens of what is written and not sent, and what sending it would come to."""

    text: str
    attachments: tuple[Attachment, ...]
    tokens: tuple[int, ...]  # of the text, and of each attachment
    unseen: int = 0  # messages that the model would no longer see
    asks: bool = False  # the conversation would not fit, and the user would be asked
    problem: str = ""  # why it could not be sent


@dataclass(frozen=True, slots=True)
class ContextFull:
    """The conversation does not fit, and what to do about it is for the user to say.

    The answer has ended as failed. ChangeContext and then Retry go on.
    """

    message_id: str  # of the answer that was not written
    needed: int  # tokens of the whole conversation
    available: int  # tokens that the model can read at once


@dataclass(frozen=True, slots=True)
class Cleared:
    """The conversation is empty now; it can be brought back when there was something in it."""

    messages: int


@dataclass(frozen=True, slots=True)
class PresetsListed:
    """The presets, shipped ones first, and what is wrong with files that are none."""

    presets: tuple[Preset, ...]
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class PresetDeleted:
    """A preset was deleted; it can be brought back."""

    name: str


@dataclass(frozen=True, slots=True)
class PresetImported:
    """A preset from a file is now among the user's own."""

    preset: str
    name: str


@dataclass(frozen=True, slots=True)
class PresetExported:
    """A preset was written to a file."""

    name: str
    file: str


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


@dataclass(frozen=True, slots=True)
class LayoutsListed:
    """In what prompt layout the model in view is asked."""

    model: Model
    layouts: tuple[NamedLayout, ...]  # that come with Cellar
    native: NamedLayout | None  # that the model was trained with; None: its own template
    choice: Choice  # the user's, for this model
    of_preset: str  # the preset whose layout stands in the place of it in this chat; or none


@dataclass(frozen=True, slots=True)
class LayoutPreviewed:
    """The exact prompt in the layout that was asked about, or why there is none."""

    text: str
    problem: str = ""


Notice = (
    Opened
    | ForksChanged
    | PassageLoaded
    | BranchDeleted
    | ChatsListed
    | ChatChanged
    | ChatGone
    | ChatDeleted
    | AllChatsDeleted
    | BackupRestored
    | AnswerElsewhere
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
    | DraftWeighed
    | ContextFull
    | Cleared
    | PresetsListed
    | PresetDeleted
    | PresetImported
    | PresetExported
    | LayoutsListed
    | LayoutPreviewed
    | Trouble
    | SavingFailed
    | SavingWorks
)
