"""The header of a GGUF file: its facts, and which tables of weights it holds.

The format: https://github.com/ggml-org/ggml/blob/master/docs/gguf.md. Nothing in a file is believed
before it is known to lie within the file, so a hostile one costs an error, not the memory.
"""

import mmap
import struct
from collections.abc import Callable
from dataclasses import dataclass, replace
from math import prod
from pathlib import Path
from typing import Any

MAGIC = b"GGUF"
VERSIONS = (2, 3)
STRING, ARRAY = 8, 9
NUMBERS = dict(zip((0, 1, 2, 3, 4, 5, 6, 7, 10, 11, 12), "BbHhIif?Qqd", strict=True))
MOST_DIMENSIONS = 4
ALIGNMENT = "general.alignment"

# Types of tables by their number: name, weights in a block, bytes of a block.
TABLE_TYPES = {
    0: ("F32", 1, 4),
    1: ("F16", 1, 2),
    2: ("Q4_0", 32, 18),
    3: ("Q4_1", 32, 20),
    6: ("Q5_0", 32, 22),
    7: ("Q5_1", 32, 24),
    8: ("Q8_0", 32, 34),
    10: ("Q2_K", 256, 84),
    11: ("Q3_K", 256, 110),
    12: ("Q4_K", 256, 144),
    13: ("Q5_K", 256, 176),
    14: ("Q6_K", 256, 210),
    30: ("BF16", 1, 2),
}


class BadGguf(ValueError):
    """The file is not what the format asks for."""


@dataclass(frozen=True, slots=True)
class Table:
    """A table of weights."""

    name: str
    kind: str  # such as "Q4_K"; "type 99" for one that is not known
    dimensions: int
    end: int  # where in the file its last byte is followed by the next; 0: not known


@dataclass(frozen=True, slots=True)
class Header:
    """What stands before the weights."""

    facts: dict[str, Any]
    tables: tuple[Table, ...]

    @property
    def size(self) -> int:
        """Bytes that the whole file must have."""
        return max((table.end for table in self.tables), default=0)


def read_header(path: Path, wanted: Callable[[str], bool] = lambda _: True) -> Header:
    """Read a file's header. Long lists are read only where their name is `wanted`.

    Raises BadGguf, OSError.
    """
    with path.open("rb") as file:
        if not path.stat().st_size:
            raise BadGguf("the file is empty")
        with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
            return _Reader(data).header(wanted)


class _Reader:
    def __init__(self, data: mmap.mmap) -> None:
        self._data = data
        self._at = 0

    def header(self, wanted: Callable[[str], bool]) -> Header:
        if self._taken(4) != MAGIC or self._number("I") not in VERSIONS:
            raise BadGguf("the file does not begin as GGUF does")
        table_count, fact_count = self._number("Q"), self._number("Q")
        self._check(fact_count * 13 + table_count * 24)  # the least that each can take
        facts: dict[str, Any] = {}
        for _ in range(fact_count):
            name = self._text()
            facts[name] = self._value(self._number("I"), wanted(name))
        return Header(facts, self._tables(table_count, facts.get(ALIGNMENT, 32)))

    def _tables(self, count: int, alignment: Any) -> tuple[Table, ...]:
        if not isinstance(alignment, int) or not 0 < alignment <= 65536:
            raise BadGguf("the alignment is no sensible number")
        entries = [self._entry() for _ in range(count)]
        start = -(-self._at // alignment) * alignment
        return tuple(replace(table, end=start + table.end if table.end else 0) for table in entries)

    def _entry(self) -> Table:
        """One table; its end counts from where the weights begin."""
        name = self._text()
        dimensions = self._number("I")
        if dimensions > MOST_DIMENSIONS:
            raise BadGguf("a table has too many dimensions")
        weights = prod(self._number("Q") for _ in range(dimensions))
        number, offset = self._number("I"), self._number("Q")
        kind, block, size = TABLE_TYPES.get(number, (f"type {number}", 1, 0))
        end = offset + weights // block * size if size else 0
        return Table(name, kind, dimensions, end)

    def _value(self, kind: int, wanted: bool) -> Any:
        if kind == STRING:
            return self._text()
        if kind == ARRAY:
            return self._list(wanted)
        if kind not in NUMBERS:
            raise BadGguf("a fact is of an unknown type")
        return self._number(NUMBERS[kind])

    def _list(self, wanted: bool) -> Any:
        kind, count = self._number("I"), self._number("Q")
        if kind == STRING:
            self._check(count * 8)
            if wanted:
                return [self._text() for _ in range(count)]
            for _ in range(count):
                self._skip(self._number("Q"))
            return None
        if kind not in NUMBERS:
            raise BadGguf("a list of lists")
        letter = NUMBERS[kind]
        size = struct.calcsize(f"<{letter}")
        self._check(count * size)
        return list(struct.unpack(f"<{count}{letter}", self._taken(count * size)))

    def _text(self) -> str:
        return self._taken(self._number("Q")).decode("utf-8", "replace")

    def _number(self, letter: str) -> Any:
        (value,) = struct.unpack(f"<{letter}", self._taken(struct.calcsize(f"<{letter}")))
        return value

    def _taken(self, size: int) -> bytes:
        self._check(size)
        piece = self._data[self._at : self._at + size]
        self._at += size
        return piece

    def _skip(self, size: int) -> None:
        self._check(size)
        self._at += size

    def _check(self, size: int) -> None:
        if size > len(self._data) - self._at:
            raise BadGguf("the file ends in its header")
