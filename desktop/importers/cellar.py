"""Our own JSON: the conversations come back exactly as they were exported."""

from dataclasses import replace
from typing import Any

from desktop.domain.attachments import Attachment, Quotation, attachment_of
from desktop.domain.chats import TitleOrigin, Whole
from desktop.domain.conversation import (
    Conversation,
    ConversationSettings,
    Message,
    Role,
    State,
    Statistics,
)
from desktop.domain.words import number, tr
from desktop.importers import values
from desktop.importers.order import parents_first
from desktop.importers.values import Amiss


def chat_of(body: object) -> Whole:
    """One conversation of the file. Raises Amiss."""
    facts = values.table(body, tr("It"))
    messages = _tree(
        [_message(number, each) for number, each in enumerate(values.listed(facts, "messages"), 1)]
    )
    head_id = values.identity(facts, "head_id", needed=False)
    settings = values.filled(
        ConversationSettings, values.table(facts.get("settings", {}), "“settings”")
    )
    return Whole(
        Conversation(values.identity(facts, "id"), values.title(facts), settings, messages),
        head_id if any(message.id == head_id for message in messages) else "",
        _choices(facts, {message.id for message in messages}),
        values.moment(facts, "created_at"),
        values.moment(facts, "updated_at"),
        values.flag(facts, "pinned"),
        values.flag(facts, "archived"),
        values.choice(facts, "title_origin", TitleOrigin.RULE),
        values.text(facts, "draft"),
        _draft_attachments(facts),
    )


def _choices(facts: dict[str, Any], known: set[str]) -> dict[str, str]:
    """Which branch was last in view at each fork; what names no message is left out."""
    given = values.table(facts.get("choices", {}), "“choices”")
    return {
        parent: child
        for parent, child in given.items()
        if parent in {"", *known} and isinstance(child, str) and child in known
    }


def _message(place: int, body: object) -> Message:
    try:
        return _checked_message(values.table(body, tr("It")))
    except Amiss as error:
        raise Amiss(tr("Message {number}: {error}", number=number(place), error=error)) from None


def _checked_message(facts: dict[str, Any]) -> Message:
    if "role" not in facts or "text" not in facts:
        raise Amiss(tr("“role” or “text” is missing."))
    statistics = facts.get("statistics")
    if statistics is not None:
        statistics = values.filled(Statistics, values.table(statistics, "“statistics”"))
    message = Message(
        role=values.choice(facts, "role", Role.USER),
        text=values.text(facts, "text"),
        id=values.identity(facts, "id"),
        parent_id=values.identity(facts, "parent_id", needed=False),
        created_at=values.moment(facts, "created_at"),
        state=values.choice(facts, "state", State.STOP),
        problem=values.text(facts, "problem"),
        statistics=statistics,
        attachments=_quotations(facts),
    )
    interrupted = message.state is State.WRITING  # whoever wrote it is not here
    return replace(message, state=State.INTERRUPTED) if interrupted else message


def _quotations(facts: dict[str, Any]) -> tuple[Quotation, ...]:
    """Which parts of the text are attachments."""
    listed = [
        values.table(each, tr("An attachment")) for each in values.listed(facts, "attachments")
    ]
    lengths = [each.get("length") for each in listed]
    if not all(type(length) is int for length in lengths):
        raise Amiss(tr("“length” of an attachment is not a whole number."))
    return tuple(Quotation(values.text(each, "name"), each["length"]) for each in listed)


def _draft_attachments(facts: dict[str, Any]) -> tuple[Attachment, ...]:
    listed = values.listed(facts, "draft_attachments")
    tables = [values.table(each, tr("An attachment")) for each in listed]
    return tuple(
        attachment_of(values.text(each, "name"), values.text(each, "text")) for each in tables
    )


def _tree(messages: list[Message]) -> tuple[Message, ...]:
    """The messages; one whose parent was lost begins a branch. Raises Amiss when they are none."""
    known: set[str] = set()
    for message in messages:
        if message.id in known:
            raise Amiss(tr("Two messages have the id “{id}”.", id=message.id))
        known.add(message.id)
    if len(parents_first(messages)) < len(messages):
        raise Amiss(tr("Its messages follow each other in a circle."))
    return tuple(
        each if each.parent_id in known or not each.parent_id else replace(each, parent_id="")
        for each in messages
    )
