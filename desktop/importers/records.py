"""Records of a conversation each: {"messages": […]}, or {"prompt": …, "completion": …}."""

from typing import Any

from desktop.domain.chats import Whole
from desktop.domain.conversation import (
    Conversation,
    ConversationSettings,
    Message,
    Role,
    clean_text,
    now,
)
from desktop.domain.words import number, tr
from desktop.importers import values
from desktop.importers.content import text_of_parts
from desktop.importers.values import Amiss

_TITLE_LENGTH = 60  # characters
_ROLES = {
    "system": Role.SYSTEM,
    "developer": Role.SYSTEM,
    "user": Role.USER,
    "human": Role.USER,
    "assistant": Role.ASSISTANT,
    "model": Role.ASSISTANT,
    "tool": Role.ASSISTANT,
    "function": Role.ASSISTANT,
}


def chat_of(body: object) -> Whole:
    """The conversation of one record. Raises Amiss."""
    facts = values.table(body, tr("It"))
    if "messages" in facts:
        return of_messages(values.listed(facts, "messages"), facts.get("title"))
    if not isinstance(facts.get("prompt"), str) or not isinstance(facts.get("completion"), str):
        raise Amiss(tr("It has neither “messages” nor the texts “prompt” and “completion”."))
    return _chat([(Role.USER, facts["prompt"]), (Role.ASSISTANT, facts["completion"])], "")


def of_messages(messages: list[Any], title: object = None) -> Whole:
    """The conversation of a list of messages. Raises Amiss."""
    if not messages:
        raise Amiss(tr("It has no messages."))
    turns = [_turn(number, each) for number, each in enumerate(messages, 1)]
    return _chat(turns, title if isinstance(title, str) else "")


def _turn(place: int, body: object) -> tuple[Role, str]:
    try:
        facts = values.table(body, tr("It"))
        name = facts.get("role")
        if not isinstance(name, str) or name not in _ROLES:
            raise Amiss(tr("“role” cannot be “{name}”.", name=str(name)[:40]))
        if facts.get("content") is None and not facts.get("tool_calls"):
            raise Amiss(tr("“content” is missing."))
        text = text_of_parts(facts.get("content"))
    except Amiss as error:
        raise Amiss(tr("Message {number}: {error}", number=number(place), error=error)) from None
    if facts.get("tool_calls"):
        text = f"{text}\n\n{tr('[A call of a tool in this place was not imported]')}".lstrip()
    return _ROLES[name], text


def _chat(turns: list[tuple[Role, str]], title: str) -> Whole:
    moment = now()
    systems: list[str] = []
    while turns and turns[0][0] is Role.SYSTEM:
        systems.append(clean_text(turns[0][1]))
        turns = turns[1:]
    messages: list[Message] = []
    for role, text in turns:
        parent = messages[-1].id if messages else ""
        messages.append(Message(role, clean_text(text), parent_id=parent, created_at=moment))
    if not title and messages:
        title = " ".join(messages[0].text[: 10 * _TITLE_LENGTH].split())[:_TITLE_LENGTH]
    settings = ConversationSettings(system_prompt="\n\n".join(systems))
    return Whole(
        Conversation(
            title=clean_text(title)[: values.LONGEST_TITLE],
            settings=settings,
            messages=tuple(messages),
        ),
        messages[-1].id if messages else "",
        created_at=moment,
        updated_at=moment,
    )
