"""What the formats share: who speaks, what is shown, and what an export is made with."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from desktop.domain import thinking
from desktop.domain.chats import Whole
from desktop.domain.conversation import Message, Role, State
from desktop.domain.presets import Preset, system_text_of
from desktop.domain.tree import Tree
from desktop.domain.words import mark, tr

UNTITLED = mark("Untitled chat")

_ENDINGS = {
    State.LENGTH: mark("cut at the maximum length"),
    State.STOPPED: mark("stopped"),
    State.FAILED: mark("failed"),
    State.INTERRUPTED: mark("interrupted"),
    State.WRITING: mark("interrupted"),  # a file never sees the rest of it
}


@dataclass(frozen=True, slots=True)
class Options:
    """What an export is made with, beside the conversations."""

    presets: Mapping[str, Preset] = field(default_factory=dict)  # by their ids
    layout_of: str = ""  # the preset whose layout counts for conversations without one

    def preset_of(self, chat: Whole) -> Preset | None:
        """The preset that a conversation is held with, if it is still there."""
        return self.presets.get(chat.conversation.settings.preset)

    def system_text(self, chat: Whole) -> str:
        """What stands before the dialogue, its form included."""
        return system_text_of(chat.conversation.settings, self.preset_of(chat))


Writer: TypeAlias = Callable[[Iterable[Whole], Options], Iterator[str]]


def title(chat: Whole) -> str:
    """The title on one line."""
    return " ".join(chat.conversation.title.split()) or tr(UNTITLED)


def branch(chat: Whole) -> tuple[Message, ...]:
    """The messages in view."""
    by_id = {message.id: message for message in chat.conversation.messages}
    tree = Tree({id_: message.parent_id for id_, message in by_id.items()}, chat.head_id)
    return tuple(by_id[id_] for id_ in tree.path)


def shown(chat: Whole) -> tuple[Message, ...]:
    """The messages in view that have something to show."""
    return tuple(each for each in branch(chat) if each.text or each.problem)


def speaker(message: Message) -> str:
    """Who speaks, such as “You” or the name of the model."""
    if message.role is Role.USER:
        return tr("You")
    if message.role is Role.SYSTEM:
        return tr("System")
    return (message.statistics.model if message.statistics else "") or tr("Assistant")


def thought_of(message: Message) -> tuple[str, str, str]:
    """Of an answer: a line about the thought before it, the thought, and what is said then.

    The first two are empty where there is none.
    """
    seconds = message.statistics.thinking_ms / 1000 if message.statistics else 0.0
    found = thinking.parted(message.text, opened=seconds > 0)
    if message.role is not Role.ASSISTANT or not found.thinks:
        return "", "", message.text
    line = thinking.thought_words(found, seconds)
    return line, found.thought.strip("\n"), found.answer.lstrip("\n")


def ending(message: Message) -> str:
    """How an answer ended, where it is not complete; with the reason when it failed."""
    how = tr(_ENDINGS.get(message.state, ""))
    return f"{how}: {message.problem}" if how and message.problem else how


def moment(created_at: str) -> str:
    """A time as people read it, such as “2026-11-21 09:58 UTC”."""
    day, _, clock = created_at.partition("T")
    return f"{day} {clock[:5]} UTC" if clock else day
