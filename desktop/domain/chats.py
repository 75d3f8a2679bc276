"""What is known of many conversations: a row of the list, an open one, what was found."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from uuid import uuid4

from desktop.domain.attachments import Attachment
from desktop.domain.conversation import Conversation, Message, Role
from desktop.domain.folding import Range
from desktop.domain.tree import Fork


class TitleOrigin(StrEnum):
    """Who gave a conversation its title."""

    RULE = "rule"  # made from the first exchange
    MODEL = "model"
    USER = "user"  # never replaced by another


@dataclass(frozen=True, slots=True)
class Summary:
    """A conversation as one row of the list."""

    id: str
    title: str = ""
    title_origin: TitleOrigin = TitleOrigin.RULE
    updated_at: str = ""  # ISO 8601, UTC: when it was last written to
    pinned: bool = False
    archived: bool = False
    message_count: int = 0  # of all branches
    model: str = ""


@dataclass(frozen=True, slots=True)
class View:
    """An open conversation: all ids of the branch in view, and the last of its messages."""

    conversation: Conversation  # `messages` are the last of `path`
    path: tuple[str, ...]
    forks: Mapping[str, Fork]  # by message of the path, where it has siblings
    title_origin: TitleOrigin = TitleOrigin.RULE
    draft: str = ""
    draft_attachments: tuple[Attachment, ...] = ()

    @property
    def earlier(self) -> int:
        """How many messages of the branch are before those that were read."""
        return len(self.path) - len(self.conversation.messages)


@dataclass(frozen=True, slots=True)
class Whole:
    """Everything that is kept of a conversation, to be exported, copied or imported."""

    conversation: Conversation  # `messages` are those of all branches, as they were written
    head_id: str = ""
    choices: Mapping[str, str] = field(default_factory=dict)
    created_at: str = ""
    updated_at: str = ""
    pinned: bool = False
    archived: bool = False
    title_origin: TitleOrigin = TitleOrigin.RULE
    draft: str = ""
    draft_attachments: tuple[Attachment, ...] = ()

    def renewed(self) -> "Whole":
        """The same with new ids, so that it can stand beside the original."""
        old = self.conversation
        new = [uuid4().hex for _ in old.messages]
        ids = {message.id: id_ for message, id_ in zip(old.messages, new, strict=True)}
        messages = tuple(
            replace(each, id=id_, parent_id=ids.get(each.parent_id, ""))
            for each, id_ in zip(old.messages, new, strict=True)
        )
        return replace(
            self,
            conversation=replace(old, id=uuid4().hex, messages=messages),
            head_id=ids.get(self.head_id, ""),
            choices={
                ids.get(parent, ""): ids[child]
                for parent, child in self.choices.items()
                if child in ids
            },
        )


@dataclass(frozen=True, slots=True)
class Removed:
    """A branch that was deleted, kept in memory for as long as it can be undone."""

    conversation_id: str
    messages: tuple[Message, ...]
    positions: tuple[int, ...]  # among the messages of the conversation
    head_id: str  # what was in view before
    choices: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Hit:
    """A title or a message in which all that was sought is found."""

    conversation_id: str
    title: str
    message_id: str = ""  # empty: the title is what was found
    role: Role | None = None
    created_at: str = ""
    excerpt: str = ""
    ranges: tuple[Range, ...] = ()  # what to highlight of the excerpt, in Python's characters
    rank: float = 0.0  # the smaller the better
