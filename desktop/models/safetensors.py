"""The safetensors format: named tables of numbers, and nothing that could be run.

https://github.com/huggingface/safetensors#format: eight bytes with the length of the header, the
header as JSON, then the numbers.
"""

import hashlib
import json
import struct
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import prod
from pathlib import Path
from typing import Any

from desktop.domain.errors import Problem
from desktop.domain.words import tr
from desktop.files import world_problem

LARGEST_HEADER = 16 * 2**20  # bytes
MOST_TENSORS = 20_000
LONGEST_NAME = 500  # characters
MOST_DIMENSIONS = 8

SIZES = {"F64": 8, "F32": 4, "F16": 2, "BF16": 2, "I64": 8, "I32": 4, "I16": 2, "I8": 1, "U8": 1}

_CHUNK = 4 * 2**20  # bytes


@dataclass(frozen=True, slots=True)
class Tensor:
    """A table of numbers in a file."""

    name: str
    dtype: str  # a name of SIZES
    shape: tuple[int, ...]
    begin: int  # the first byte in the file
    size: int  # bytes


def read_header(path: Path) -> tuple[Tensor, ...]:
    """What is in a file. Raises Problem for one that is damaged or something else."""
    try:
        total = path.stat().st_size
        with path.open("rb") as file:
            (length,) = struct.unpack("<Q", file.read(8))
            if not 2 <= length <= min(LARGEST_HEADER, total - 8):
                raise ValueError("the header does not fit into the file")
            header = json.loads(file.read(length), object_pairs_hook=_without_repetition)
        return _tensors(header, 8 + length, total)
    except OSError as error:
        raise world_problem(error, tr("read the adapter")) from error
    except (ValueError, TypeError, KeyError, RecursionError, struct.error) as error:
        raise Problem(
            tr("“{name}” is no safetensors file, or it is damaged.", name=path.name),
            tr("Get the file again."),
        ) from error


def read_tensor(path: Path, tensor: Tensor) -> bytes:
    """The bytes of one. Raises Problem."""
    try:
        with path.open("rb") as file:
            file.seek(tensor.begin)
            return file.read(tensor.size)
    except OSError as error:
        raise world_problem(error, tr("read the adapter")) from error


def copy_tensors(
    source: Path,
    tensors: Sequence[tuple[str, Tensor]],
    target: Path,
    on_progress: Callable[[int], None] = lambda _: None,
) -> str:
    """Write a file with some of another's tensors under new names; its SHA-256. Raises OSError."""
    header: dict[str, object] = {}
    end = 0
    for name, tensor in tensors:
        begin, end = end, end + tensor.size
        facts = {"dtype": tensor.dtype, "shape": tensor.shape, "data_offsets": [begin, end]}
        header[name] = facts
    text = json.dumps(header, separators=(",", ":")).encode("ascii")
    text += b" " * (-len(text) % 8)
    digest = hashlib.sha256()
    done = 0
    with source.open("rb") as given, target.open("xb") as made:
        pieces = struct.pack("<Q", len(text)) + text
        digest.update(pieces)
        made.write(pieces)
        for _, tensor in tensors:
            given.seek(tensor.begin)
            left = tensor.size
            while left:
                piece = given.read(min(left, _CHUNK))
                if not piece:
                    raise OSError("the file has become shorter while it was read")
                digest.update(piece)
                made.write(piece)
                left -= len(piece)
                done += len(piece)
                on_progress(done)
    return digest.hexdigest()


def _tensors(header: dict[str, Any], data: int, total: int) -> tuple[Tensor, ...]:
    """Raises ValueError and its like for what the format does not allow."""
    header.pop("__metadata__", None)
    if not 0 < len(header) <= MOST_TENSORS:
        raise ValueError("no tensors, or too many")
    found = sorted((_tensor(n, facts, data) for n, facts in header.items()), key=_by_place)
    place = data
    for tensor in found:
        if tensor.begin != place:
            raise ValueError("tensors overlap, or leave a gap")
        place += tensor.size
    if place != total:
        raise ValueError("the tensors do not fill the file")
    return tuple(found)


def _tensor(name: str, facts: dict[str, Any], data: int) -> Tensor:
    begin, end = facts["data_offsets"]
    shape = tuple(facts["shape"])
    whole = all(type(number) is int and number >= 0 for number in (*shape, begin, end))
    fits = begin <= end and len(shape) <= MOST_DIMENSIONS and len(name) <= LONGEST_NAME
    if not whole or not fits:
        raise ValueError("a shape or place that is none")
    size = SIZES.get(facts["dtype"])
    if size is not None and end - begin != prod(shape) * size:
        raise ValueError("a tensor is not as large as its shape")
    return Tensor(name, str(facts["dtype"]), shape, data + begin, end - begin)


def _by_place(tensor: Tensor) -> tuple[int, int]:
    return tensor.begin, tensor.size


def _without_repetition(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name stands twice")
    return found
