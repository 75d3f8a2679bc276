"""Keeping the conversation on disk, also through times when the disk refuses."""

import time
from collections.abc import Callable, Sequence
from typing import Protocol

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


class Recorder:
    """Saves what changed. What could not be saved is kept and saved with the next success."""

    def __init__(self, store: Store, notify: Callable[[Notice], None]) -> None:
        self._store = store
        self._notify = notify
        self._unsaved: dict[str, Message] = {}
        self._undeleted: list[str] = []
        self._failing = False
        self._saved_at = 0.0

    def save(self, conversation: Conversation, *messages: Message) -> None:
        """Keep the conversation's settings, and these messages of it."""
        new = {message.id: message for message in messages}
        self._unsaved |= new
        self._undeleted = [message_id for message_id in self._undeleted if message_id not in new]
        self._write(conversation)

    def save_partial(self, conversation: Conversation, message: Message) -> None:
        """Keep an answer that grows, about once a second."""
        if time.monotonic() - self._saved_at >= PARTIAL_EVERY_S:
            self.save(conversation, message)

    def delete(self, conversation: Conversation, messages: Sequence[Message]) -> None:
        """Forget messages for good; `conversation` is without them already."""
        ids = [message.id for message in messages]
        self._undeleted += ids
        for message_id in ids:
            self._unsaved.pop(message_id, None)
        self._write(conversation)

    def finish(self, conversation: Conversation) -> None:
        """Try once more to keep what could not be saved."""
        if self._failing:
            self._write(conversation)

    def _write(self, conversation: Conversation) -> None:
        self._saved_at = time.monotonic()
        head = conversation.messages[-1].id if conversation.messages else ""
        try:
            self._store.save_conversation(conversation)
            if self._unsaved:
                self._store.save_messages(conversation.id, tuple(self._unsaved.values()), head)
            if self._undeleted:
                self._store.delete_messages(conversation.id, self._undeleted)
        except Problem as problem:
            if not self._failing:
                self._notify(SavingFailed(problem.what, problem.remedy))
            self._failing = True
            return
        self._unsaved, self._undeleted = {}, []
        if self._failing:
            self._failing = False
            self._notify(SavingWorks())
