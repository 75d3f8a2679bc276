"""Conversations and messages as rows of the database, and back."""

import contextlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, fields
from enum import StrEnum
from typing import Any, TypeAlias, TypeVar

from desktop.domain.adapters import sensible_strengths
from desktop.domain.attachments import Attachment, Quotation
from desktop.domain.conversation import (
    ConversationSettings,
    Message,
    Role,
    State,
    Statistics,
    clean_text,
)
from desktop.domain.errors import UsageProblem
from desktop.domain.sampling import BY_NAME, Values, checked

Row: TypeAlias = tuple[Any, ...]
_Made = TypeVar("_Made", ConversationSettings, Statistics)

MESSAGE_COLUMNS = "id, parent_id, role, text, state, problem, statistics, created_at, attachments"

_ROLES = {role.value: role for role in Role}
_STATES = {state.value: state for state in State}


def message_row(message: Message) -> Row:
    """The values of MESSAGE_COLUMNS."""
    return (
        message.id,
        message.parent_id,
        message.role.value,
        clean_text(message.text),
        message.state.value,
        clean_text(message.problem),
        None if message.statistics is None else to_json(message.statistics),
        message.created_at,
        list_json(message.attachments),
    )


def message_of(row: Row) -> Message:
    """The message of a row with MESSAGE_COLUMNS. What makes no sense is taken mildly."""
    id_, parent_id, role, text, state, problem, statistics, created_at, attachments = row
    return Message(
        id=str(id_),
        parent_id=_text(parent_id),
        role=_ROLES.get(role, Role.ASSISTANT),
        text=_text(text),
        state=_STATES.get(state, State.INTERRUPTED),
        problem=_text(problem),
        statistics=None if statistics is None else from_json(Statistics, statistics),
        created_at=_text(created_at),
        attachments=quotations_of(attachments),
    )


def to_json(value: ConversationSettings | Statistics) -> str:
    """The fields as a JSON object."""
    return clean_text(json.dumps(asdict(value), ensure_ascii=False, separators=(",", ":")))


def from_json(cls: type[_Made], text: object) -> _Made:
    """The fields of a JSON object. Unknown ones, and values of another type, are left out."""
    try:
        body = json.loads(text) if isinstance(text, str) else {}
    except (ValueError, RecursionError):
        body = {}
    defaults = cls()
    given: dict[str, Any] = {}
    if isinstance(body, dict):
        for name in {field.name for field in fields(cls)} & body.keys():
            value = _like(name, getattr(defaults, name), body[name])
            if value is not None:
                given[name] = value
    return cls(**given)


def list_json(values: Sequence[Quotation | Attachment]) -> str:
    """The fields of each as a JSON list."""
    listed = [asdict(value) for value in values]
    return clean_text(json.dumps(listed, ensure_ascii=False, separators=(",", ":")))


def quotations_of(text: object) -> tuple[Quotation, ...]:
    """The quotations of a column: all, or none where they make no sense."""
    listed = _objects(text)
    made = [
        Quotation(name, length)
        for name, length in ((each.get("name"), each.get("length")) for each in listed)
        if isinstance(name, str) and isinstance(length, int)
    ]
    return tuple(made) if len(made) == len(listed) else ()


def attachments_of(text: object) -> tuple[Attachment, ...]:
    """The attachments of a column, without those that make no sense."""
    pairs = ((each.get("name"), each.get("text")) for each in _objects(text))
    return tuple(
        Attachment(name, text)
        for name, text in pairs
        if isinstance(name, str) and isinstance(text, str)
    )


def _objects(text: object) -> list[dict[str, Any]]:
    try:
        body = json.loads(text) if isinstance(text, str) else []
    except (ValueError, RecursionError):
        return []
    return [each for each in body if isinstance(each, dict)] if isinstance(body, list) else []


def _like(name: str, default: object, value: object) -> object | None:
    """The value in the type of the default; None when it has another."""
    if isinstance(default, dict):
        if not isinstance(value, Mapping):
            return None
        readers = {"sampling": _sampling, "adapters": sensible_strengths}
        return readers.get(name, _texts)(value)
    if isinstance(default, StrEnum):
        return next((choice for choice in type(default) if choice == value), None)
    if isinstance(default, float) and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    return value if type(value) is type(default) else None


def _sampling(values: Mapping[str, object]) -> Values:
    known: Values = {}
    for name, value in values.items():
        with contextlib.suppress(KeyError, UsageProblem, OverflowError):
            known[name] = checked(BY_NAME[name], value)
    return known


def _texts(values: Mapping[str, object]) -> dict[str, str]:
    return {name: text for name, text in values.items() if isinstance(text, str)}


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
