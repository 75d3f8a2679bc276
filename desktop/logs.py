"""Logs for the user to read and pass on: never a word of a conversation.

Of an exception only its type and the places it came through are written, because its message may
quote what was being worked on. Only a Problem was worded by us.
"""

import copy
import logging
import os
import sys
import time
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import TextIO

from desktop.crashes import CrashEar, CrashHook, exception_lines, install_crash_hook
from desktop.domain.errors import UsageProblem
from desktop.domain.words import listed, tr

__all__ = ["LEVELS", "CrashHook", "describe", "install_crash_hook", "start_logging", "stop_logging"]

LEVELS: tuple[str, ...] = ("debug", "info", "warning", "error")
LOG_FILE = "cellar.log"

_OURS = logging.getLogger("desktop")  # what other libraries log could quote a conversation
_FILE_SIZE = 1_000_000  # bytes
_OLD_FILES = 4  # five files with the one being written


def describe(text: str) -> str:
    """What a log may say about a text: its length."""
    return f"{len(text):,} character{'' if len(text) == 1 else 's'}"


def start_logging(folder: Path | None, level: str = "", role: str = "window") -> Path | None:
    """Log into the folder, and return the file; None when there is none or it cannot be written.

    `level` is one of LEVELS, or empty when nobody asked for one: then the file gets "info" and
    standard error nothing. Beside a file, standard error gets warnings and errors only. A child
    process has no folder: its standard error, which its parent reads, gets all of the level.
    Raises UsageProblem for another level.
    """
    if level and level.lower() not in LEVELS:
        raise UsageProblem(
            tr("There is no log level “{level}”.", level=level),
            tr("Use one of: {choices}.", choices=listed(LEVELS)),
        )
    stop_logging()
    threshold = logging.getLevelNamesMapping()[(level or "info").upper()]
    form = _Formatter(f"%(asctime)s {role}[{os.getpid()}] %(levelname)s %(name)s: %(message)s")
    form.converter = time.gmtime
    handlers: list[logging.Handler] = [logging.NullHandler()]
    file = None if folder is None else _file_handler(folder)
    if file is not None:
        handlers.append(file)
    if level and sys.stderr is not None:
        stream = _StreamHandler(sys.stderr)
        stream.setLevel(threshold if folder is None else max(threshold, logging.WARNING))
        handlers.append(stream)
    for handler in handlers:
        handler.setFormatter(form)
        _OURS.addHandler(handler)
    _OURS.setLevel(threshold)
    return None if file is None else Path(file.baseFilename)


def stop_logging() -> None:
    """Close the log."""
    for handler in tuple(_OURS.handlers):
        if isinstance(handler, CrashEar):
            continue  # is no part of the log
        _OURS.removeHandler(handler)
        handler.close()


def _file_handler(folder: Path) -> "_FileHandler | None":
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return _FileHandler(
            folder / LOG_FILE,
            maxBytes=_FILE_SIZE,
            backupCount=_OLD_FILES,
            encoding="utf-8",
            errors="backslashreplace",
        )
    except OSError:
        return None


class _Formatter(logging.Formatter):
    """The time in UTC, and exceptions without what they say."""

    default_time_format = "%Y-%m-%dT%H:%M:%S"
    default_msec_format = "%s.%03dZ"

    def format(self, record: logging.LogRecord) -> str:
        plain = copy.copy(record)
        plain.exc_info = plain.exc_text = None
        error = record.exc_info[1] if record.exc_info else None
        return "\n".join([super().format(plain), *(exception_lines(error) if error else ())])


class _FileHandler(RotatingFileHandler):
    """A log that never disturbs what it tells about."""

    def doRollover(self) -> None:
        try:
            super().doRollover()
        except OSError:  # Windows, while another process has the file open
            if self.stream is None:
                self.stream = self._open()

    def handleError(self, record: logging.LogRecord) -> None:
        """Go on without this line: the disk is full, or the folder was taken away."""


class _StreamHandler(logging.StreamHandler[TextIO]):
    """Standard error, which may have been closed by whoever reads it."""

    def handleError(self, record: logging.LogRecord) -> None:
        """Go on without this line."""
