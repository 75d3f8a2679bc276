"""Conversations from a file, added in one transaction: all of them, or none."""

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass

from desktop.domain.chats import Whole
from desktop.storage import branches, saving


@dataclass(frozen=True, slots=True)
class Added:
    """What became of the conversations of a file."""

    ids: tuple[str, ...] = ()  # of those that were added, copies among them
    copies: int = 0  # added under new ids, because theirs were taken by something else
    known: int = 0  # not added: all of their messages are there already


def add_all(connection: sqlite3.Connection, chats: Iterable[Whole]) -> Added:
    """Add the conversations that are not there yet."""
    ids: list[str] = []
    copies = known = 0
    for chat in chats:
        if _is_known(connection, chat):
            known += 1
            continue
        taken = saving.is_taken(connection, chat)
        added = chat.renewed() if taken else chat
        saving.insert_whole(connection, added)
        ids.append(added.conversation.id)
        copies += taken
    return Added(tuple(ids), copies, known)


def fitted(connection: sqlite3.Connection, chat: Whole) -> tuple[Whole | None, Added]:
    """The conversation as it can be added, and what adding it comes to; None: it is there."""
    if _is_known(connection, chat):
        return None, Added(known=1)
    taken = saving.is_taken(connection, chat)
    chat = chat.renewed() if taken else chat
    return chat, Added((chat.conversation.id,), copies=taken)


def _is_known(connection: sqlite3.Connection, chat: Whole) -> bool:
    """True when nothing would be won: every message is there, in the same conversation."""
    there = branches.whole(connection, chat.conversation.id)
    if there is None:
        return False
    messages = {message.id: message for message in there.conversation.messages}
    return all(messages.get(each.id) == each for each in chat.conversation.messages)
