"""A conversation: messages, how each one ended, and what it was made with."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from enum import StrEnum
from uuid import uuid4

from desktop.domain.adapters import Strengths
from desktop.domain.attachments import Quotation
from desktop.domain.sampling import Values


def now() -> str:
    """This moment, as conversations store it."""
    return datetime.now(UTC).isoformat(timespec="milliseconds")


class Role(StrEnum):
    """Who speaks."""

    SYSTEM = "system"
    USER = "user"
    ASSISTANT = "assistant"


class State(StrEnum):
    """How far a message is, or how it ended."""

    WRITING = "writing"
    STOP = "stop"  # complete: the model ended its turn
    LENGTH = "length"  # cut at the maximum number of new tokens
    STOPPED = "stopped"  # the user pressed Stop
    FAILED = "failed"  # the engine could not go on; `Message.problem` says why
    INTERRUPTED = "interrupted"  # the program ended in the middle of the answer


class ContextPolicy(StrEnum):
    """What to do when a conversation has grown longer than the model can read."""

    DROP_OLDEST = "drop-oldest"  # leave out the oldest turns, many at a time
    LAST_EXCHANGE = "last-exchange"  # keep only the question in hand
    ASK = "ask"  # send nothing, and have the user choose


@dataclass(frozen=True, slots=True)
class Statistics:
    """What an answer took, and what it was made with."""

    prompt_tokens: int = 0
    cached_tokens: int = 0  # of the prompt tokens, those that needed no reading
    generated_tokens: int = 0
    ttft_ms: float = 0.0  # time to first token, milliseconds
    tokens_per_s: float = 0.0  # while writing, after the first token
    steps: int = 0  # of writing; fewer than tokens where several were accepted at once
    model: str = ""
    weights: str = ""  # the format they are in, such as "int4"
    device: str = ""
    properties: dict[str, str] = field(default_factory=dict)  # OpenVINO's, where not its defaults
    adapters: Strengths = field(default_factory=dict)  # that were applied, by their ids
    sampling: Values = field(default_factory=dict)  # the seed that was used among them
    system_text: str = ""  # what stood before the dialogue
    preset: str = ""  # the id of the one that laid the prompt out
    thinking_ms: float = 0.0  # of the time before the answer, what its thought took


@dataclass(frozen=True, slots=True)
class Message:
    """One turn. An empty `parent_id` starts the conversation."""

    role: Role
    text: str
    id: str = field(default_factory=lambda: uuid4().hex)
    parent_id: str = ""
    created_at: str = field(default_factory=now)  # ISO 8601, UTC
    state: State = State.STOP
    problem: str = ""
    statistics: Statistics | None = None
    attachments: tuple[Quotation, ...] = ()  # parts of the text, from its beginning

    @property
    def is_cut(self) -> bool:
        """True for an answer that ended before the model had ended it, and can be gone on with."""
        ended = self.state not in (State.STOP, State.WRITING)
        return self.role is Role.ASSISTANT and ended and bool(self.text)

    def with_text(self, text: str) -> "Message":
        """The same message, its text grown or replaced."""
        return replace(self, text=text)


@dataclass(frozen=True, slots=True)
class ConversationSettings:
    """What a conversation is held with. Empty values mean "the default"."""

    model: str = ""
    device: str = ""
    system_prompt: str = ""
    sampling: Values = field(default_factory=dict)  # only what the user changed
    context_policy: ContextPolicy = ContextPolicy.DROP_OLDEST
    pin_first: bool = False  # the first exchange is kept when the oldest are left out
    preset: str = ""  # the preset's id, for its form and its prompt layout
    form: dict[str, str] = field(default_factory=dict)  # what was filled in, by the field's name
    adapters: Strengths = field(default_factory=dict)  # by their ids; of other models among them

    @property
    def is_special(self) -> bool:
        """True when what the model is told, or how it answers, was set for this conversation."""
        told = self.system_prompt or self.form or self.preset
        return bool(told or self.sampling or self.adapters)


@dataclass(frozen=True, slots=True)
class Conversation:
    """The messages from the first to the one in view, and the settings they are held with."""

    id: str = field(default_factory=lambda: uuid4().hex)
    title: str = ""
    settings: ConversationSettings = field(default_factory=ConversationSettings)
    messages: tuple[Message, ...] = ()

    @property
    def last_id(self) -> str:
        """The id of the last message; empty when there is none."""
        return self.messages[-1].id if self.messages else ""

    def message(self, id: str) -> Message | None:
        """The message with this id, if it is one of these."""
        return next((message for message in self.messages if message.id == id), None)

    def having(self, *changed: Message) -> "Conversation":
        """The same with these messages in the place of those with their ids."""
        by_id = {message.id: message for message in changed}
        messages = tuple(by_id.get(message.id, message) for message in self.messages)
        return replace(self, messages=messages)


def clean_text(text: str) -> str:
    """The text without what no database, tokenizer or screen can hold.

    NUL becomes U+FFFD, and so does a surrogate without its partner; the rest is kept as it is.
    """
    if "\0" not in text:
        try:
            text.encode()
        except UnicodeEncodeError:
            pass
        else:
            return text
    return (
        text.encode("utf-16", "surrogatepass").decode("utf-16", "replace").replace("\0", "\ufffd")
    )
