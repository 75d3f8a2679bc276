"""A prompt layout as a TOML file, and back. What somebody else wrote is checked first."""

from dataclasses import dataclass, fields
from typing import Any

from desktop.domain.errors import Problem
from desktop.domain.layout import Layout, SystemPlace
from desktop.domain.words import number, tr
from desktop.services.toml_table import Table, read_table

FORMAT, VERSION = "cellar-layout", 1
LARGEST_WINDOW = 10_000  # turns
_DEFAULT = Layout()


@dataclass(frozen=True, slots=True)
class NamedLayout:
    """A layout that comes with Cellar, or is in a file."""

    id: str
    name: str
    description: str  # whose form it is, and what is to be known of it
    layout: Layout


def read(data: bytes, id: str) -> NamedLayout:
    """The layout of a file's bytes. Raises Problem, which does not name the file."""
    table = read_table(data, _amiss)
    table.version(FORMAT, VERSION, tr("a prompt layout"))
    made = NamedLayout(
        id,
        name=table.label("name").strip(),
        description=table.text("description").strip(),
        layout=layout_from(Table(table.take("layout", {}), _amiss)),
    )
    table.end()
    if not made.name:
        raise _amiss(tr("it has no name"))
    return made


def layout_from(table: Table) -> Layout:
    """The layout in a table of a file. Raises Problem."""
    system = table.text("system", _DEFAULT.system.value)
    if system not in list(SystemPlace):
        raise table.amiss(tr("“system” cannot be “{system}”", system=system[:40]))
    window = table.take("window", _DEFAULT.window)
    if not 0 <= window <= LARGEST_WINDOW:
        raise table.amiss(
            tr("“window” must be from 0 to {largest}", largest=number(LARGEST_WINDOW))
        )
    layout = Layout(
        user=table.text("user", _DEFAULT.user),
        assistant=table.text("assistant", _DEFAULT.assistant),
        separator=table.text("separator", _DEFAULT.separator),
        after_system=table.text("after_system", _DEFAULT.after_system),
        begin=table.text("begin"),
        before_system=table.text("before_system"),
        after_user=table.text("after_user"),
        after_assistant=table.text("after_assistant"),
        answer=table.text("answer") if table.has("answer") else None,
        system=SystemPlace(system),
        stop=table.texts("stop"),
        stop_tokens=table.texts("stop_tokens"),
        control=table.texts("control"),
        window=window,
        trimmed=table.take("trimmed", _DEFAULT.trimmed),
        keeps_tokens=table.take("keeps_tokens", _DEFAULT.keeps_tokens),
    )
    table.end()
    return layout


def written_layout(layout: Layout) -> dict[str, Any]:
    """The layout as a table: the four parts of a simple one, and what else is not the default."""
    simple = ("user", "assistant", "separator", "after_system")
    return {
        field.name: _plain(value)
        for field in fields(layout)
        if (value := getattr(layout, field.name)) != getattr(_DEFAULT, field.name)
        or field.name in simple
    }


def _plain(value: Any) -> Any:
    if isinstance(value, SystemPlace):
        return value.value
    return list(value) if isinstance(value, tuple) else value


def _amiss(why: str) -> Problem:
    return Problem(
        tr("The prompt layout cannot be used: {why}.", why=why),
        tr("Correct the file, or choose another one."),
    )
