"""The formats of an export, as the window offers them."""

from dataclasses import dataclass

from desktop.exporters.registry import FORMATS, Format, format_named


@dataclass(frozen=True, slots=True)
class FormatName:
    """A format that can be chosen."""

    id: str
    label: str
    suffix: str


def _id(form: Format) -> str:
    return f"{form.name}/{form.shape}"


CHOICES: tuple[FormatName, ...] = tuple(
    FormatName(_id(form), form.label, form.suffix) for form in FORMATS
)
IMPORTED = (".json", ".jsonl")  # suffixes of files that may hold conversations


def chosen(format_id: str) -> Format:
    """The format of a choice. Raises KeyError."""
    name, _, shape = format_id.partition("/")
    return format_named(name, shape)
