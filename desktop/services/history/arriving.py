"""A file of conversations, taken in piece by piece while the chat service saves between them."""

import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from desktop.domain.chats import Whole
from desktop.domain.conversation import Message
from desktop.services.history.erasing import GAP_S
from desktop.storage.conversations import ConversationStore
from desktop.storage.importing import Added

AT_ONCE = 4_000_000  # characters that are saved at once; takes about half a second
MESSAGE = 200  # characters; what a message takes beside its text


class Arrival:
    """Nobody sees anything of it before `show`. Every method raises Problem."""

    def __init__(self, store: ConversationStore) -> None:
        self._store = store
        self.added = Added()

    def take(self, chats: Iterable[Whole]) -> Iterator[None]:
        """Take in the conversations; yields between two pieces, when the file is free."""
        for batch in _batches(chats):
            yield from _gap()
            if len(batch) == 1:
                yield from self._take_long(batch[0])
            else:
                self._note(self._store.add_part(batch))

    def show(self) -> None:
        """Show everything, now that all is there."""
        self._store.show_parts(self.added.ids)

    def _take_long(self, chat: Whole) -> Iterator[None]:
        fitted, added = self._store.fitted(chat)
        self._note(added)
        if fitted is None:
            return
        conversation = fitted.conversation
        pieces = _pieces(conversation.messages)
        first = next(pieces, ())
        beginning = replace(conversation, messages=tuple(first))
        self._store.add_part([replace(fitted, conversation=beginning)])
        start = len(first)
        for piece in pieces:
            yield from _gap()
            self._store.add_messages(conversation.id, piece, start)
            start += len(piece)

    def _note(self, more: Added) -> None:
        added = self.added
        self.added = Added(
            added.ids + more.ids, added.copies + more.copies, added.known + more.known
        )


def _gap() -> Iterator[None]:
    time.sleep(GAP_S)
    yield


def _batches(chats: Iterable[Whole]) -> Iterator[list[Whole]]:
    """The chats in pieces, each read before it is saved: reading must not hold the file."""
    batch: list[Whole] = []
    room = AT_ONCE
    for chat in chats:
        weight = sum(map(_weight, chat.conversation.messages))
        if weight > AT_ONCE:
            yield [chat]
            continue
        batch.append(chat)
        room -= weight
        if room <= 0:
            yield batch
            batch, room = [], AT_ONCE
    if batch:
        yield batch


def _pieces(messages: Sequence[Message]) -> Iterator[Sequence[Message]]:
    start, room = 0, AT_ONCE
    for place, message in enumerate(messages):
        room -= _weight(message)
        if room <= 0:
            yield messages[start : place + 1]
            start, room = place + 1, AT_ONCE
    if start < len(messages):
        yield messages[start:]


def _weight(message: Message) -> int:
    return len(message.text) + MESSAGE
