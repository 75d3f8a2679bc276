"""A preset as a TOML file, and back. What somebody else wrote is checked before it is believed."""

import re
from dataclasses import asdict
from typing import Any

import tomlkit

from desktop.domain.conversation import ContextPolicy
from desktop.domain.errors import Problem
from desktop.domain.layout import Layout
from desktop.domain.presets import Field, Preset
from desktop.domain.sampling import BY_NAME, Values, checked_values
from desktop.domain.words import tr
from desktop.services.layouts.format import layout_from, written_layout
from desktop.services.toml_table import Table, read_table

FORMAT, VERSION = "cellar-preset", 1
ID = re.compile(r"[a-z0-9][a-z0-9-]{0,59}")
_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
_MOST_FIELDS = 20


def read(data: bytes, id: str, *, shipped: bool = False) -> Preset:
    """The preset of a file's bytes. Raises Problem, which does not name the file."""
    return _preset(read_table(data, _amiss), id, shipped)


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
        document.add("layout", tomlkit.item(written_layout(layout)))
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


def _preset(table: Table, id: str, shipped: bool) -> Preset:
    table.version(FORMAT, VERSION, tr("a preset"))
    policy = table.take("context_policy", ContextPolicy.DROP_OLDEST.value)
    if policy not in list(ContextPolicy):
        raise _amiss(tr("“context_policy” cannot be “{policy}”", policy=policy[:40]))
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
        raise _amiss(tr("it has no name"))
    return preset


def _layout(body: dict[str, Any]) -> Layout | None:
    return layout_from(Table(body, _amiss)) if body else None


def _fields(bodies: list[Any]) -> tuple[Field, ...]:
    if len(bodies) > _MOST_FIELDS:
        raise _amiss(tr("its form has more than {most} fields", most=_MOST_FIELDS))
    if not all(isinstance(body, dict) for body in bodies):
        raise _amiss(tr("“fields” must be tables"))
    fields = tuple(_field(Table(body, _amiss)) for body in bodies)
    if len({each.name for each in fields}) < len(fields):
        raise _amiss(tr("two fields of its form have the same name"))
    return fields


def _field(table: Table) -> Field:
    made = Field(
        name=table.text("name"),
        label=table.label("label").strip(),
        help=table.label("help"),
        multiline=table.take("multiline", False),
        heading=table.text("heading"),
    )
    table.end()
    if not _NAME.fullmatch(made.name) or not made.label:
        raise _amiss(tr("a field of its form has no proper name or no label"))
    return made


def _amiss(why: str) -> Problem:
    return Problem(
        tr("The preset cannot be used: {why}.", why=why), tr("Correct the file, or get it again.")
    )
