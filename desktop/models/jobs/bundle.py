"""The files of a model folder: which belong to a model, brought to another folder, hashed."""

import hashlib
import json
import os
import re
import stat
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from desktop.domain.errors import Problem
from desktop.domain.model import ModelFile
from desktop.domain.words import mark, tr
from desktop.files import sha256_of

IR = ("openvino_model.xml", "openvino_model.bin")
TOKENIZER = (
    *("openvino_tokenizer.xml", "openvino_tokenizer.bin"),
    *("openvino_detokenizer.xml", "openvino_detokenizer.bin"),
)
SETTINGS = "config.json"
OTHER_KINDS = {
    "openvino_language_model.xml": mark("a model for pictures and text"),
    "openvino_decoder_model.xml": mark("a model with an encoder"),
    "openvino_encoder_model.xml": mark("a model with an encoder"),
}
BELONG = (".json", ".jinja", ".model", ".txt")  # beside IR, what is read and not run
SAFE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,199}")
OURS = ("manifest.json",)  # says what a folder is, so it never comes from elsewhere

# Names under which models tell how many tokens they can read.
CONTEXT_LENGTHS = (
    *("max_position_embeddings", "n_positions", "max_sequence_length", "max_seq_len"),
    *("seq_length", "n_ctx"),
)
_CHUNK = 4 * 2**20  # bytes

OnBytes = Callable[[int], None]
OnPart = Callable[[int, int], None]


def names_of(folder: Path) -> tuple[str, ...]:
    """The files of a folder that belong to a model of IR. Raises OSError."""
    names = sorted(entry.name for entry in os.scandir(folder))
    return tuple(name for name in names if SAFE.fullmatch(name) and _belongs(name, names))


def _belongs(name: str, names: Iterable[str]) -> bool:
    stem, suffix = os.path.splitext(name)
    if name in OURS:
        return False
    if suffix in (".xml", ".bin"):  # a .bin without its .xml may be a pickle
        return {f"{stem}.xml", f"{stem}.bin"} <= set(names)
    return suffix in BELONG


def complete_names(folder: Path) -> tuple[str, ...]:
    """The files of a folder that holds all that a model of IR needs. Raises Problem, OSError."""
    names = names_of(folder)
    if missing := [name for name in IR if name not in names]:
        raise _no_ir(folder, missing)
    if missing := [name for name in TOKENIZER if name not in names]:
        raise Problem(
            tr("The model's tokenizer is missing ({missing}).", missing=missing[0]),
            _tokenizer_remedy(names),
        )
    if SETTINGS not in names:
        raise Problem(
            tr(
                "The model has no {settings}, so Cellar cannot tell how much it can read.",
                settings=SETTINGS,
            ),
            tr("Add the complete folder of the model."),
        )
    return names


def _no_ir(folder: Path, missing: list[str]) -> Problem:
    for name, kind in OTHER_KINDS.items():
        if (folder / name).exists():
            return Problem(
                tr("This is {kind}, and Cellar runs text models only so far.", kind=tr(kind))
            )
    return Problem(
        tr("The folder holds no OpenVINO model ({missing} is missing).", missing=missing[0]),
        tr("Choose the folder that has openvino_model.xml and openvino_model.bin in it."),
    )


def _tokenizer_remedy(names: Iterable[str]) -> str:
    if "tokenizer.json" in names:
        return tr(
            "tokenizer.json has to be converted first, which needs Cellar's full bundle;"
            " or add a repository that has openvino_tokenizer.xml."
        )
    return tr("Add the complete folder of the model.")


def refuse_unless_regular(path: Path) -> None:
    """Raise Problem for a link or a device. Raises OSError."""
    facts = path.lstat()
    if stat.S_ISLNK(facts.st_mode):
        raise Problem(
            tr(
                "{name} is a link to another place, and a model must have its files itself.",
                name=path.name,
            ),
            tr("Copy the folder so that it holds the files, and add the copy."),
        )
    if not stat.S_ISREG(facts.st_mode):
        raise Problem(
            tr("{name} is no ordinary file.", name=path.name), tr("Choose another folder.")
        )


def copied(source: Path, target: Path, on_bytes: OnBytes = lambda _: None) -> ModelFile:
    """Copy a file and hash what is copied; `on_bytes` gets the size of each piece.

    A copy, not a hard link: who edits the source must not change the model. Raises OSError.
    """
    digest, size = hashlib.sha256(), 0
    with source.open("rb", buffering=0) as reader, target.open("xb", buffering=0) as writer:
        while piece := reader.read(_CHUNK):
            digest.update(piece)
            writer.write(piece)
            size += len(piece)
            on_bytes(len(piece))
    return ModelFile(target.name, size, digest.hexdigest())


def linked(source: Path, target: Path, on_bytes: OnBytes = lambda _: None) -> ModelFile:
    """Share a file that nobody edits, where the file system can; else copy it. Raises OSError."""
    try:
        os.link(source, target)
    except OSError:
        return copied(source, target, on_bytes)
    return hashed(target, on_bytes)


def hashed(path: Path, on_bytes: OnBytes = lambda _: None) -> ModelFile:
    """A file as the manifest has it. Raises OSError."""
    done = 0

    def progress(now: int) -> None:
        nonlocal done
        on_bytes(now - done)
        done = now

    return ModelFile(path.name, path.stat().st_size, sha256_of(path, progress))


def all_hashed(folder: Path, on_part: OnPart = lambda _done, _total: None) -> tuple[ModelFile, ...]:
    """Every file of a finished folder. `on_part` gets bytes done of all bytes. Raises OSError."""
    paths = sorted(folder.iterdir())
    total = sum(path.stat().st_size for path in paths)
    done = 0

    def progress(size: int) -> None:
        nonlocal done
        done += size
        on_part(done, total)

    return tuple(hashed(path, progress) for path in paths)


def settings_of(folder: Path, name: str = SETTINGS) -> dict[str, Any]:
    """The object of a settings file. Raises Problem."""
    try:
        body = json.loads((folder / name).read_bytes())
    except (OSError, ValueError, RecursionError):
        body = None
    if not isinstance(body, dict):
        raise Problem(
            tr("The model's {name} cannot be read: it is damaged.", name=name),
            tr("Get the model again."),
        )
    return body


def context_length_of(settings: dict[str, Any]) -> int:
    """Tokens that the model can read, as its settings say. Raises Problem."""
    inner = settings.get("text_config")
    for body in (settings, inner if isinstance(inner, dict) else {}):
        for name in CONTEXT_LENGTHS:
            value = body.get(name)
            if isinstance(value, int) and not isinstance(value, bool) and 0 < value < 2**31:
                return value
    raise Problem(
        tr("The model's {settings} does not say how many tokens it can read.", settings=SETTINGS),
        tr("Add “max_position_embeddings” to it, or use another repository of this model."),
    )
