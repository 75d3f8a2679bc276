"""Values of a file that somebody else wrote, each checked before it is believed."""

import re
from collections.abc import Mapping
from dataclasses import fields
from datetime import UTC, datetime
from enum import StrEnum
from math import isfinite
from typing import Any, TypeVar

from desktop.domain.adapters import sensible_strengths
from desktop.domain.conversation import clean_text
from desktop.domain.errors import UsageProblem
from desktop.domain.sampling import BY_NAME, Values, checked
from desktop.domain.words import tr

_Made = TypeVar("_Made")
_Choice = TypeVar("_Choice", bound=StrEnum)
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?(\+00:00|Z)")
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
_LARGEST = 2**53  # what JSON's numbers hold exactly
LONGEST_TITLE = 1_000  # characters


class Amiss(ValueError):
    """A chat is not as it should be; the text completes "Chat 3 was left out: …"."""


def table(value: object, name: str) -> dict[str, Any]:
    """A JSON object. Raises Amiss."""
    if not isinstance(value, dict):
        raise Amiss(tr("{name} is not a JSON object.", name=name))
    return value


def listed(body: Mapping[str, Any], key: str) -> list[Any]:
    """A JSON list, empty when it is missing. Raises Amiss."""
    value = body.get(key, [])
    if not isinstance(value, list):
        raise Amiss(tr("“{key}” is not a list.", key=key))
    return value


def text(body: Mapping[str, Any], key: str) -> str:
    """A text, empty when it is missing. Raises Amiss."""
    value = body.get(key, "")
    if not isinstance(value, str):
        raise Amiss(tr("“{key}” is not a text.", key=key))
    return clean_text(value)


def flag(body: Mapping[str, Any], key: str) -> bool:
    """True or false, false when it is missing. Raises Amiss."""
    value = body.get(key, False)
    if not isinstance(value, bool):
        raise Amiss(tr("“{key}” is neither true nor false.", key=key))
    return value


def identity(body: Mapping[str, Any], key: str, *, needed: bool = True) -> str:
    """An id. Raises Amiss."""
    value = text(body, key)
    if not (_ID.fullmatch(value) or (not value and not needed)):
        raise Amiss(tr("“{key}” cannot be “{value}”.", key=key, value=value[:40]))
    return value


def moment(body: Mapping[str, Any], key: str) -> str:
    """A time of ISO 8601 in UTC, empty when it is missing. Raises Amiss."""
    value = text(body, key)
    try:
        if value and not _MOMENT.fullmatch(value):
            raise ValueError
        if value:
            datetime.fromisoformat(value)
    except ValueError:
        raise Amiss(
            tr("“{key}” cannot be “{value}”: it is no time in UTC.", key=key, value=value[:40])
        ) from None
    return value


def moment_of_seconds(value: object) -> str:
    """The time that many seconds after 1970, as conversations store it; empty for what is none."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return ""
    try:
        return datetime.fromtimestamp(value, UTC).isoformat(timespec="milliseconds")
    except (ValueError, OverflowError, OSError):
        return ""


def choice(body: Mapping[str, Any], key: str, default: _Choice) -> _Choice:
    """One of the values that the default's kind has. Raises Amiss."""
    value = body.get(key, default.value)
    kind = type(default)
    if not isinstance(value, str) or value not in [each.value for each in kind]:
        raise Amiss(tr("“{key}” cannot be “{value}”.", key=key, value=str(value)[:40]))
    return kind(value)


def title(body: Mapping[str, Any], key: str = "title") -> str:
    """A title, of a length that a list can show. Raises Amiss."""
    return text(body, key)[:LONGEST_TITLE]


def filled(cls: type[_Made], body: Mapping[str, Any]) -> _Made:
    """A dataclass of plain fields, all of which have defaults. Raises Amiss.

    Fields that this version does not know are left out.
    """
    defaults = cls()
    given = {
        each.name: _like(getattr(defaults, each.name), body, each.name)
        for each in fields(cls)  # type: ignore[arg-type]  # a dataclass, as its callers see to
        if each.name in body
    }
    return cls(**given)


def _like(default: object, body: Mapping[str, Any], key: str) -> object:
    """The value of a key in the type of the default. Raises Amiss."""
    if isinstance(default, StrEnum):
        return choice(body, key, default)
    if isinstance(default, str):
        return text(body, key)
    if isinstance(default, bool):
        return flag(body, key)
    if isinstance(default, dict):
        values = table(body[key], f"“{key}”")
        if key == "adapters":
            return sensible_strengths({clean_text(name): each for name, each in values.items()})
        return _sampling(values) if key == "sampling" else _texts(values, key)
    number = body[key]
    if isinstance(number, bool) or not isinstance(number, (int, float)):
        raise Amiss(tr("“{key}” is not a number.", key=key))
    if not isfinite(number) or not 0 <= number <= _LARGEST:
        raise Amiss(tr("“{key}” cannot be {number}.", key=key, number=str(number)[:40]))
    if isinstance(default, int) and number != int(number):
        raise Amiss(tr("“{key}” is not a whole number.", key=key))
    return type(default)(number)  # type: ignore[call-arg]  # int or float


def _texts(values: Mapping[str, Any], key: str) -> dict[str, str]:
    if not all(isinstance(value, str) for value in values.values()):
        raise Amiss(tr("“{key}” holds what is not a text.", key=key))
    return {clean_text(name): clean_text(value) for name, value in values.items()}


def _sampling(values: Mapping[str, Any]) -> Values:
    known = {name: value for name, value in values.items() if name in BY_NAME}
    try:
        return {name: _clean(checked(BY_NAME[name], value)) for name, value in known.items()}
    except UsageProblem as problem:
        raise Amiss(problem.what) from None


def _clean(value: Any) -> Any:
    return tuple(map(clean_text, value)) if isinstance(value, tuple) else value
