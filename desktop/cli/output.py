"""What commands print: results on standard output, everything else on standard error."""

import errno
import json
import os
import re
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from desktop.files import world_problem

CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
BETWEEN_LINES_S = 3.0  # where progress goes to a file or a pipe


def show(text: str, *, end: str = "\n") -> None:
    """Print a part of the result at once; a terminal gets no control characters from it."""
    with printing():
        sys.stdout.write((CONTROL.sub("\ufffd", text) if sys.stdout.isatty() else text) + end)
        sys.stdout.flush()


@contextmanager
def printing() -> Iterator[None]:
    """Raises Problem when nothing can be printed, BrokenPipeError when whoever read it has gone."""
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as error:
        discard_output()
        if error.errno == errno.EINVAL:  # what Windows says of a pipe that nobody reads
            raise BrokenPipeError from None
        raise world_problem(error, "print the result") from error


def discard_output() -> None:
    """Let go of what could not be printed: the interpreter would try it again when it ends."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def show_json(body: object, *, indent: int | None = None) -> None:
    """Print a JSON document; on one line unless an indent is given."""
    show(json.dumps(body, ensure_ascii=False, indent=indent))


class Progress:
    """One line on standard error that is overwritten on a terminal, and kept apart elsewhere."""

    def __init__(self) -> None:
        self._on_terminal = sys.stderr is not None and sys.stderr.isatty()
        self._last = ""
        self._said_at = 0.0

    def show(self, text: str) -> None:
        """Tell how far it is."""
        same_stage = text.partition("(")[0] == self._last.partition("(")[0]
        soon = time.monotonic() - self._said_at < BETWEEN_LINES_S
        if text == self._last or (not self._on_terminal and same_stage and soon):
            return
        sys.stderr.write(f"\r\x1b[K{text}" if self._on_terminal else f"{text}\n")
        sys.stderr.flush()
        self._last, self._said_at = text, time.monotonic()

    def note(self, text: str) -> None:
        """Say something that stays."""
        self.done()
        sys.stderr.write((CONTROL.sub("\ufffd", text) if self._on_terminal else text) + "\n")
        sys.stderr.flush()

    def done(self) -> None:
        """Leave an empty line for what follows."""
        if self._last and self._on_terminal:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()
        self._last = ""
