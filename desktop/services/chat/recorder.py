"""Keeping the conversations on disk, also through times when the disk refuses."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from desktop.domain.attachments import Attachment
from desktop.domain.conversation import Conversation, Message
from desktop.domain.errors import Problem
from desktop.services.chat.notices import Notice, SavingFailed, SavingWorks

PARTIAL_EVERY_S = 1.0


class Store(Protocol):
    """Where conversations are kept."""

    def save_conversation(self, conversation: Conversation) -> None:
        """Keep its settings."""

    def save_messages(
        self, conversation_id: str, messages: Sequence[Message], head_id: str
    ) -> None:
        """Keep messages, new or changed, all or none."""

    def delete_messages(self, conversation_id: str, ids: Sequence[str]) -> None:
        """Forget messages for good."""

    def save_draft(self, id: str, text: str) -> None:
        """Keep what was written and not sent."""

    def save_draft_attachments(self, id: str, attachments: Sequence[Attachment]) -> None:
        """Keep the files and pasted texts that are to go with it."""


@dataclass(slots=True)
class _Pending:
    """What of one conversation is not on disk yet."""

    conversation: Conversation
    unsaved: dict[str, Message] = field(default_factory=dict)
    undeleted: list[str] = field(default_factory=list)
    draft: str | None = None
    draft_attachments: tuple[Attachment, ...] | None = None


class Recorder:
    """Saves what changed. What could not be saved is kept and saved with the next success."""

    def __init__(self, store: Store, notify: Callable[[Notice], None]) -> None:
        self._store = store
        self._notify = notify
        self._pending: dict[str, _Pending] = {}
        self._failing = False
        self._saved_at = 0.0

    def save(self, conversation: Conversation, *messages: Message) -> None:
        """Keep the conversation's settings, and these messages of it."""
        pending = self._of(conversation)
        new = {message.id: message for message in messages}
        pending.unsaved |= new
        pending.undeleted = [id_ for id_ in pending.undeleted if id_ not in new]
        self._write()

    def save_partial(self, conversation: Conversation, message: Message) -> None:
        """Keep an answer that grows, about once a second."""
        if time.monotonic() - self._saved_at >= PARTIAL_EVERY_S:
            self.save(conversation, message)

    def save_draft(self, conversation: Conversation, text: str) -> None:
        """Keep what was written and not sent."""
        self._of(conversation).draft = text
        self._write()

    def save_draft_attachments(
        self, conversation: Conversation, attachments: tuple[Attachment, ...]
    ) -> None:
        """Keep the files and pasted texts that are to go with it."""
        self._of(conversation).draft_attachments = attachments
        self._write()

    def delete(self, conversation: Conversation, messages: Sequence[Message]) -> None:
        """Forget messages for good; `conversation` is without them already."""
        pending = self._of(conversation)
        for message in messages:
            pending.undeleted.append(message.id)
            pending.unsaved.pop(message.id, None)
        self._write()

    def forget(self, conversation_id: str) -> None:
        """Nothing of this conversation is to be saved any more."""
        self._pending.pop(conversation_id, None)

    def holds(self, conversation_id: str) -> bool:
        """True while something of a conversation is not on disk."""
        return conversation_id in self._pending

    def finish(self) -> bool:
        """Try once more to keep what could not be saved; True when all is on disk."""
        if self._failing:
            self._write()
        return not self._failing

    def _of(self, conversation: Conversation) -> _Pending:
        pending = self._pending.setdefault(conversation.id, _Pending(conversation))
        pending.conversation = conversation
        return pending

    def _write(self) -> None:
        self._saved_at = time.monotonic()
        try:
            for id_, pending in list(self._pending.items()):
                self._write_one(pending)
                del self._pending[id_]
        except Problem as problem:
            if not self._failing:
                self._notify(SavingFailed(problem.what, problem.remedy))
            self._failing = True
            return
        if self._failing:
            self._failing = False
            self._notify(SavingWorks())

    def _write_one(self, pending: _Pending) -> None:
        conversation = pending.conversation
        head = conversation.messages[-1].id if conversation.messages else ""
        self._store.save_conversation(conversation)
        if pending.unsaved:
            self._store.save_messages(conversation.id, tuple(pending.unsaved.values()), head)
        if pending.undeleted:
            self._store.delete_messages(conversation.id, pending.undeleted)
        if pending.draft is not None:
            self._store.save_draft(conversation.id, pending.draft)
        if pending.draft_attachments is not None:
            self._store.save_draft_attachments(conversation.id, pending.draft_attachments)
