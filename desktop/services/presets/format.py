"""A preset as a TOML file, and back. What somebody else wrote is checked before it is believed."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any, TypeVar

import tomlkit

from desktop.domain.conversation import ContextPolicy, clean_text
from desktop.domain.errors import Problem
from desktop.domain.layout import Layout
from desktop.domain.presets import Field, Preset
from desktop.domain.sampling import BY_NAME, Values, checked_values

FORMAT, VERSION = "cellar-preset", 1
LARGEST = 256 * 1024  # bytes of a file
ID = re.compile(r"[a-z0-9][a-z0-9-]{0,59}")
# tomllib takes memory with the square of a key's parts: 200 KB of dots would end the process.
_ENDLESS_KEY = re.compile(rb"""(?:[ \t]*\.[ \t]*(?:[\w-]+|"[^"\n]*"|'[^'\n]*')){100}""")
_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
_LONGEST_LABEL = 200  # characters of what stands in a list or a form
_MOST_FIELDS = 20
_KINDS: dict[type, str] = {str: "a text", bool: "true or false", dict: "a table", list: "a list"}
T = TypeVar("T")


def read(data: bytes, id: str, *, shipped: bool = False) -> Preset:
    """The preset of a file's bytes. Raises Problem, which does not name the file."""
    if len(data) > LARGEST:
        raise _amiss(f"it has more than {LARGEST // 1024} KB")
    if _ENDLESS_KEY.search(data):
        raise _amiss("it has a name of more than 100 parts")
    try:
        body = tomllib.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise _amiss("it is not text in UTF-8") from None
    except RecursionError:
        raise _amiss("it is nested too deeply") from None
    except ValueError as error:
        raise _amiss(f"{error}".rstrip(".")) from None
    return _preset(_Table(body), id, shipped)


def write(preset: Preset) -> bytes:
    """The preset as a file that people can read and change."""
    document = tomlkit.document()
    facts: dict[str, Any] = {
        "format": FORMAT,
        "version": VERSION,
        "name": preset.name,
        "description": preset.description,
        "system_prompt": preset.system_prompt,
        "context_policy": preset.context_policy.value,
        "pin_first": preset.pin_first,
    }
    for key, value in facts.items():
        document.add(key, tomlkit.string(value) if isinstance(value, str) else tomlkit.item(value))
    if sampling := _written(preset.sampling):
        document.add("sampling", tomlkit.item(sampling))
    if layout := preset.layout:
        document.add("layout", tomlkit.item(asdict(layout)))
    if preset.fields:
        tables = tomlkit.aot()
        for each in preset.fields:
            tables.append(tomlkit.item(asdict(each)))
        document.add("fields", tables)
    return tomlkit.dumps(document).encode("utf-8")


def _written(sampling: Values) -> dict[str, Any]:
    """The values as TOML has them, in the order of the table; it has nothing for "not set"."""
    given = {name: sampling[name] for name in BY_NAME if sampling.get(name) is not None}
    return {n: list(value) if isinstance(value, tuple) else value for n, value in given.items()}


class _Table:
    """A table of a file, whose keys are taken one by one until none may be left."""

    def __init__(self, body: Mapping[str, Any]) -> None:
        self._body = dict(body)

    def take(self, key: str, default: T) -> T:
        """The value of a key, of the same type as the default. Raises Problem."""
        value = self._body.pop(key, default)
        if type(value) is not type(default):
            raise _amiss(f"“{key}” must be {_KINDS[type(default)]}")
        return value

    def text(self, key: str, default: str = "") -> str:
        """A text of any length. Raises Problem."""
        return clean_text(self.take(key, default))

    def label(self, key: str) -> str:
        """A text on one line that is not too long. Raises Problem."""
        value = self.text(key)
        if len(value) > _LONGEST_LABEL or len(value.splitlines()) > 1:
            raise _amiss(f"“{key}” must be one line of at most {_LONGEST_LABEL} characters")
        return value

    def version(self) -> None:
        """Raises Problem for a file that is no preset, or of a newer version."""
        version = self._body.pop("version", None)
        if self._body.pop("format", None) != FORMAT or type(version) is not int or version < 1:
            raise _amiss("it does not say that it is a preset of Cellar")
        if version > VERSION:
            raise _amiss("it was made by a newer Cellar")

    def end(self) -> None:
        """Raises Problem when a key was not taken."""
        for key in self._body:
            raise _amiss(f"“{key:.40}” is not known")


def _preset(table: _Table, id: str, shipped: bool) -> Preset:
    table.version()
    policy = table.take("context_policy", ContextPolicy.DROP_OLDEST.value)
    if policy not in list(ContextPolicy):
        raise _amiss(f"“context_policy” cannot be “{policy:.40}”")
    try:
        sampling = checked_values(table.take("sampling", {}))
    except Problem as problem:
        raise _amiss(problem.what.rstrip(".")) from None
    preset = Preset(
        id,
        name=table.label("name").strip(),
        description=table.label("description"),
        system_prompt=table.text("system_prompt"),
        sampling=sampling,
        context_policy=ContextPolicy(policy),
        pin_first=table.take("pin_first", False),
        layout=_layout(table.take("layout", {})),
        fields=_fields(table.take("fields", [])),
        shipped=shipped,
    )
    table.end()
    if not preset.name:
        raise _amiss("it has no name")
    return preset


def _layout(body: dict[str, Any]) -> Layout | None:
    if not body:
        return None
    table, default = _Table(body), Layout()
    layout = Layout(
        user=table.text("user", default.user),
        assistant=table.text("assistant", default.assistant),
        separator=table.text("separator", default.separator),
        after_system=table.text("after_system", default.after_system),
    )
    table.end()
    return layout


def _fields(bodies: list[Any]) -> tuple[Field, ...]:
    if len(bodies) > _MOST_FIELDS:
        raise _amiss(f"its form has more than {_MOST_FIELDS} fields")
    if not all(isinstance(body, dict) for body in bodies):
        raise _amiss("“fields” must be tables")
    fields = tuple(_field(_Table(body)) for body in bodies)
    if len({each.name for each in fields}) < len(fields):
        raise _amiss("two fields of its form have the same name")
    return fields


def _field(table: _Table) -> Field:
    made = Field(
        name=table.text("name"),
        label=table.label("label").strip(),
        help=table.label("help"),
        multiline=table.take("multiline", False),
        heading=table.text("heading"),
    )
    table.end()
    if not _NAME.fullmatch(made.name) or not made.label:
        raise _amiss("a field of its form has no proper name or no label")
    return made


def _amiss(why: str) -> Problem:
    return Problem(f"The preset cannot be used: {why}.", "Correct the file, or get it again.")
