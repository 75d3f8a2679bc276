"""The text of a file, in whatever encoding it is, or one sentence why it has none."""

import codecs
import stat
from pathlib import Path

from desktop.domain.attachments import Attachment, attachment_of
from desktop.domain.conversation import clean_text
from desktop.domain.errors import Problem
from desktop.domain.words import number, tr
from desktop.files import world_problem
from desktop.importers.reading import Reading

LARGEST = 2 * 10**6  # bytes
CHATS = (".json", ".jsonl")
_GUESSED = 64 * 1024  # bytes from which the encoding is guessed
_MODELS = (".gguf", ".safetensors")
_PICTURES = (".png", ".jpg", ".jpeg", ".gif", ".webp", ".bmp", ".tif", ".tiff", ".heic", ".ico")
_BOMS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF32_LE: "utf-32",  # begins as UTF-16 does, so it comes first
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
_NEVER_IN_TEXT = bytes({*range(0x20), 0x7F} - {*b"\t\n\v\f\r\x1b"})


def read_attachment(path: Path) -> Attachment:
    """A file as an attachment. Raises Problem."""
    name = clean_text(path.name)
    try:
        facts = path.stat()
        if stat.S_ISDIR(facts.st_mode):
            raise Problem(
                tr("“{name}” is a folder.", name=name), tr("Attach the files that are in it.")
            )
        if not stat.S_ISREG(facts.st_mode):
            raise Problem(tr("“{name}” is not a file that can be read.", name=name))
        if path.suffix.lower() in (*_PICTURES, *_MODELS):
            raise _not_text(path, name)
        if facts.st_size > LARGEST:
            raise _too_large(name, facts.st_size)
        with path.open("rb") as file:
            data = file.read(LARGEST + 1)
    except OSError as error:
        raise world_problem(error, tr("attach “{name}”", name=name)) from error
    if len(data) > LARGEST:
        raise _too_large(name, len(data))
    text = decoded(data)
    if text is None:
        raise _not_text(path, name)
    if not text.strip():
        raise Problem(tr("“{name}” is empty.", name=name), tr("There is nothing to attach."))
    return attachment_of(name, clean_text(text))


def holds_chats(path: Path) -> bool:
    """True for a file of conversations that can be imported. A JSON file of anything else: no."""
    if path.suffix.lower() not in CHATS:
        return False
    reading = Reading(path)
    try:
        found = next(iter(reading), None)
    except Problem:
        return False
    return found is not None or bool(reading.skipped)


def decoded(data: bytes) -> str | None:
    """The text of a file's bytes; None for what is no text."""
    marked = next((name for bom, name in _BOMS.items() if data.startswith(bom)), "")
    if not marked and data.translate(None, _NEVER_IN_TEXT) != data:
        return None
    for encoding in filter(None, (marked or "utf-8", "" if marked else _guessed(data))):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None if marked else data.decode("cp1252", "replace")


def _guessed(data: bytes) -> str:
    """The encoding of a text that is not UTF-8, as far as its beginning tells; empty: unknown."""
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        from charset_normalizer import from_bytes

        start = max(0, error.start - _GUESSED // 2)  # around what is not ASCII
        best = from_bytes(data[start : start + _GUESSED]).best()
        return best.encoding if best else ""
    return ""


def _too_large(name: str, size: int) -> Problem:
    return Problem(
        tr(
            "“{name}” has {size} MB; at most {most} MB can be attached.",
            name=name,
            size=number(size / 1e6, 1),
            most=LARGEST // 10**6,
        ),
        tr("Attach the part of it that matters."),
    )


def _not_text(path: Path, name: str) -> Problem:
    suffix = path.suffix.lower()
    if suffix in _PICTURES:
        return Problem(tr("“{name}” is a picture, and the model reads only text.", name=name))
    if suffix in _MODELS:
        return Problem(
            tr("“{name}” is a model, not a text.", name=name), tr("Add it on the models page.")
        )
    return Problem(tr("“{name}” is not a text file, so it cannot be attached.", name=name))
