"""The formats that conversations can be exported to. A new one is a module and a line here."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from desktop.domain.chats import Whole
from desktop.domain.conversation import clean_text
from desktop.domain.words import mark
from desktop.exporters import (
    html_format,
    json_format,
    markdown_format,
    text_format,
    training,
)
from desktop.exporters.common import Options, Writer

_PIECE = 2**16  # characters that are gathered before they are passed on


@dataclass(frozen=True, slots=True)
class Format:
    """One format: how it is called, what its files are called, and what writes it."""

    name: str
    label: str
    suffix: str
    write: Writer
    shape: str = ""  # tells formats of the same name apart


FORMATS: tuple[Format, ...] = (
    Format("markdown", "Markdown", ".md", markdown_format.write),
    Format("json", mark("JSON (complete, can be imported)"), ".json", json_format.write),
    Format("html", mark("Web page (HTML)"), ".html", html_format.write),
    Format("text", mark("Plain text"), ".txt", text_format.write),
    Format(
        "jsonl",
        mark("Training data: messages (JSONL)"),
        ".jsonl",
        training.write_messages,
        "messages",
    ),
    Format(
        "jsonl",
        mark("Training data: prompt and completion (JSONL)"),
        ".jsonl",
        training.write_prompts,
        "prompt-completion",
    ),
)
NAMES = tuple(dict.fromkeys(each.name for each in FORMATS))
SHAPES = tuple(each.shape for each in FORMATS if each.shape)


def format_named(name: str, shape: str = "") -> Format:
    """The format; without a shape, the first of its name. Raises KeyError."""
    for each in FORMATS:
        if each.name == name and shape in ("", each.shape):
            return each
    raise KeyError(name, shape)


def encoded(form: Format, chats: Iterable[Whole], options: Options) -> Iterator[bytes]:
    """The file's bytes, piece by piece: no more than one conversation is in memory."""
    gathered: list[str] = []
    size = 0
    for piece in form.write(chats, options):
        gathered.append(piece)
        size += len(piece)
        if size >= _PIECE:
            yield _bytes(gathered)
            gathered, size = [], 0
    yield _bytes(gathered)


def _bytes(pieces: list[str]) -> bytes:
    return clean_text("".join(pieces)).encode("utf-8")
