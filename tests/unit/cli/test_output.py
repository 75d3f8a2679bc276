"""Printing where nothing can be printed."""

import errno
import io
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from desktop.cli.output import show
from desktop.domain.errors import Problem


class Refusing(io.FileIO):
    """A file that takes nothing, as on a full disk."""

    why = errno.ENOSPC

    def write(self, data: object, /) -> int:
        if self.why:
            raise OSError(self.why, os.strerror(self.why))
        return len(bytes(data))  # type: ignore[call-overload]


@contextmanager
def refusing(place: Path, why: int) -> Iterator[Refusing]:
    """Standard output that refuses; pytest puts its own there between fixtures and test."""
    raw = Refusing(place / "out", "w")
    raw.why = why
    with (
        io.TextIOWrapper(io.BufferedWriter(raw), "utf-8") as out,
        pytest.MonkeyPatch.context() as patch,
    ):
        patch.setattr(sys, "stdout", out)
        yield raw
        raw.why = 0


def test_a_full_disk_is_a_sentence_and_nothing_is_tried_again(tmp_path: Path) -> None:
    with refusing(tmp_path, errno.ENOSPC) as raw:
        with pytest.raises(Problem, match="disk is full"):
            show("Paris")
        assert os.path.samestat(os.fstat(raw.fileno()), os.stat(os.devnull))


def test_a_pipe_that_nobody_reads_ends_quietly_on_windows_too(tmp_path: Path) -> None:
    with refusing(tmp_path, errno.EINVAL), pytest.raises(BrokenPipeError):
        show("Paris")
