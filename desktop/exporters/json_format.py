"""JSON with everything in it: all branches, settings, statistics, flags and times.

Each message has a line of its own, so a file can be compared and is never held in memory whole.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, replace
from math import isfinite
from typing import Any

from desktop.domain.chats import Whole
from desktop.domain.conversation import Message, State
from desktop.exporters.common import Options

FORMAT = "cellar-chats"
VERSION = 1


def write(chats: Iterable[Whole], _: Options) -> Iterator[str]:
    """The pieces of the document."""
    yield f'{{"format":"{FORMAT}","version":{VERSION},"conversations":['
    for number, chat in enumerate(chats):
        yield ",\n" if number else "\n"
        yield from _conversation(chat)
    yield "\n]}\n"


def _conversation(chat: Whole) -> Iterator[str]:
    facts = document(chat)
    messages = facts.pop("messages")
    yield f'{_json(facts)[:-1]},"messages":['
    for number, message in enumerate(messages):
        yield (",\n" if number else "\n") + _json(message)
    yield "\n]}"


def document(chat: Whole) -> dict[str, Any]:
    """A conversation as it stands in the file."""
    conversation = chat.conversation
    return {
        "id": conversation.id,
        "title": conversation.title,
        "created_at": chat.created_at,
        "updated_at": chat.updated_at,
        "pinned": chat.pinned,
        "archived": chat.archived,
        "title_origin": chat.title_origin,
        "settings": asdict(conversation.settings),
        "draft": chat.draft,
        "draft_attachments": [asdict(each) for each in chat.draft_attachments],
        "head_id": chat.head_id,
        "choices": dict(sorted(chat.choices.items())),
        "messages": [message_document(message) for message in conversation.messages],
    }


def message_document(message: Message) -> dict[str, Any]:
    """A message as it stands in the file. What is still being written ends there."""
    if message.state is State.WRITING:
        message = replace(message, state=State.INTERRUPTED)
    document = asdict(message)
    if statistics := document["statistics"]:
        for name, value in statistics.items():
            if isinstance(value, float) and not isfinite(value):  # JSON has no such numbers
                statistics[name] = 0.0
    return document


def _json(body: object) -> str:
    return json.dumps(body, ensure_ascii=False, separators=(",", ":"))
