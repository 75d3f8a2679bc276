"""Reports of exceptions that nobody caught: versions and places in the program, nothing else."""

import contextlib
import faulthandler
import logging
import os
import platform
import re
import sys
import threading
import traceback
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from types import TracebackType
from typing import TextIO

import desktop
from desktop.domain.conversation import now
from desktop.domain.errors import Problem
from desktop.files import create_private, free_name, time_for_name

FAULTS_FILE = "faults.txt"
REPORTS = "crash-*.txt"

_FRAMES_SHOWN = 60
_LINKS_SHOWN = 10
_REPORTS_AT_MOST = 20
_PACKAGES = ("PySide6-Essentials", "openvino", "openvino-genai", "openvino-tokenizers")

_log = logging.getLogger(__name__)

# What faulthandler prints: kinds of faults, threads, and places in programs.
_FAULT = re.compile(
    r"(Fatal Python error|Windows fatal exception): [\w .:()-]+$"
    r"|((Current )?[Tt]hread|Stack of|Python runtime state:)[\w .:<>()-]*$"
    r"|  (File .* in [\w<>.]+$|\.\.\.|<no Python frame>)"
)

# On Windows it prints also what is handled afterwards; that has a code instead of a name.
_FATAL = re.compile("Fatal Python error: |Windows fatal exception: (?!code )")
_UNCAUGHT = f" CRITICAL {__name__}: "  # in a child's log, where it was not written to a file

OnCrash = Callable[[Path | None], None]


def install_crash_hook(
    folder: Path | None, on_crash: OnCrash | None = None, role: str = "window"
) -> "CrashHook":
    """Report what nobody catches into `folder`, and native crashes into its `faults.txt`.

    `on_crash` gets the report, or None when it could not be written, in the thread that failed.
    It is told also of what was caught but should not have been raised, and of children that
    crashed: what is logged as such. Without it, one line goes to standard error.
    """
    return CrashHook(folder, on_crash or say_on_stderr, role, listens=on_crash is not None)


def child_crashed(role: str, code: int, lines: Iterable[str]) -> None:
    """Tell of a child process that ended over a bug; of its last lines only places are kept."""
    told = []
    for line in lines:
        _, ours, words = line.partition(_UNCAUGHT)
        if ours or _FAULT.match(line):
            told.append(_without_homes(words or line))
    _log.error("the %s process crashed (%d)", role, code, extra={CHILD: (role, code, told)})


CHILD = "cellar_child"  # marks a record of the log


class CrashEar(logging.Handler):
    """Hears of bugs that were caught, as they are logged."""

    def __init__(self, hear: Callable[[list[str]], object]) -> None:
        super().__init__(logging.ERROR)
        self._hear = hear

    def emit(self, record: logging.LogRecord) -> None:
        error = record.exc_info[1] if record.exc_info else None
        if child := getattr(record, CHILD, None):
            role, code, lines = child
            self._hear([f"The {role} process ended with code {code}.", *lines])
        elif error is not None and not isinstance(error, Problem):
            self._hear(list(exception_lines(error, words=False)))


class CrashHook:
    """Stands in for Python's own hooks, which would print messages and texts."""

    def __init__(
        self, folder: Path | None, on_crash: OnCrash, role: str, *, listens: bool = False
    ) -> None:
        self._folder = folder
        self._on_crash = on_crash
        self._role = role
        self._reported: set[str] = set()
        self._keep_old_faults()
        self._faults = _open_faults(folder)
        self._ear = CrashEar(self._keep)
        if listens:
            logging.getLogger("desktop").addHandler(self._ear)
        self._before = (sys.excepthook, threading.excepthook)
        sys.excepthook = self._uncaught
        threading.excepthook = self._uncaught_in_thread

    def remove(self) -> None:
        """Put back what was there before."""
        sys.excepthook, threading.excepthook = self._before
        logging.getLogger("desktop").removeHandler(self._ear)
        if self._faults is not None:
            faulthandler.disable()
            self._faults.close()
            self._faults = None

    def _uncaught(
        self, kind: type[BaseException], error: BaseException, _: TracebackType | None
    ) -> None:
        if isinstance(error, KeyboardInterrupt):
            self._before[0](kind, error, _)
            return
        self._report(error)

    def _uncaught_in_thread(self, args: threading.ExceptHookArgs) -> None:
        if args.exc_value is not None and not isinstance(args.exc_value, SystemExit):
            self._report(args.exc_value)

    def _report(self, error: BaseException) -> None:
        lines = list(exception_lines(error, words=False))
        is_new = "\n".join(lines) not in self._reported
        self._keep(lines, "%s was not caught; report: %s")
        if is_new and self._folder is None:
            for line in lines[1:]:  # a child's: whoever reads its log keeps them
                _log.critical("%s", line)

    def _keep(self, lines: list[str], say: str = "") -> None:
        """Write a report, unless there is one like it, and tell of it."""
        summary = "\n".join(lines)
        if summary in self._reported or len(self._reported) >= _REPORTS_AT_MOST:
            return  # a timer can fail thirty times a second
        self._reported.add(summary)
        report = self._written(lines)
        if say:
            _log.critical(say, lines[0], report.name if report else "none")
        self._on_crash(report)

    def _keep_old_faults(self) -> None:
        """Make a report of the native crash of an earlier run."""
        if self._folder is None:
            return
        faults = self._folder / FAULTS_FILE
        with contextlib.suppress(OSError):
            lines = faults.read_text("utf-8", "replace").splitlines()
            if any(map(_FATAL.match, lines)):
                self._written([_without_homes(line) for line in lines if _FAULT.match(line)])
            if lines:
                os.truncate(faults, 0)

    def _written(self, lines: list[str]) -> Path | None:
        if self._folder is None:
            return None
        text = "\n".join([*_heading(self._role), "", *lines, ""])
        with contextlib.suppress(OSError):
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            report = free_name(self._folder, f"crash-{time_for_name()}", ".txt")
            with create_private(report) as file:
                file.write(text.encode("utf-8", "backslashreplace"))
            return report
        return None


def exception_lines(error: BaseException, *, words: bool = True) -> Iterator[str]:
    """The exception's type and the places it came through, and those of what led to it.

    What it says is told only of a Problem, and only where `words` are wanted: any other message
    may quote a conversation, and even a Problem may name a file.
    """
    seen: set[int] = set()
    link: BaseException | None = error
    while link is not None and id(link) not in seen and len(seen) < _LINKS_SHOWN:
        if seen:
            yield "which came after:"
        seen.add(id(link))
        yield _name(link, words)
        yield from _places(link.__traceback__)
        if isinstance(link, BaseExceptionGroup):
            yield "  holds: " + ", ".join(_name(inner, words) for inner in link.exceptions)
        link = link.__cause__ or (None if link.__suppress_context__ else link.__context__)


def _name(error: BaseException, words: bool) -> str:
    kind = type(error)
    name = f"{kind.__module__}.{kind.__qualname__}".removeprefix("builtins.")
    return f"{name}: {error}" if words and isinstance(error, Problem) else name


def _places(trace: TracebackType | None) -> Iterator[str]:
    frames = [(frame.f_code, line) for frame, line in traceback.walk_tb(trace)]
    hidden = len(frames) - _FRAMES_SHOWN
    half = _FRAMES_SHOWN // 2
    for index, (code, line) in enumerate(frames):
        if hidden <= 0 or index < half or index >= half + hidden:
            yield f"  {_without_home(code.co_filename)}:{line} in {code.co_qualname}"
        elif index == half:
            yield f"  … {hidden} more …"


def _without_home(name: str) -> str:
    home = os.path.expanduser("~")
    return "~" + name[len(home) :] if len(home) > 1 and name.startswith(home + os.sep) else name


def _without_homes(line: str) -> str:
    """A line that quotes a path, without the name of the user."""
    home = os.path.expanduser("~")
    return line.replace(home + os.sep, "~" + os.sep) if len(home) > 1 else line


def _heading(role: str) -> Iterator[str]:
    yield "Cellar crash report"
    yield "It holds versions and places in the program, and nothing of your conversations."
    yield ""
    yield f"Time: {now()}"
    yield f"Process: {role}"
    yield from program_facts()


def program_facts() -> Iterator[str]:
    """Versions and the system, a line each."""
    import sqlite3
    from importlib.metadata import PackageNotFoundError, version

    yield f"Cellar: {desktop.__version__}{' (bundle)' if getattr(sys, 'frozen', False) else ''}"
    yield f"Python: {platform.python_version()}"
    yield f"System: {platform.platform()}"
    yield f"SQLite: {sqlite3.sqlite_version}"
    for package in _PACKAGES:
        with contextlib.suppress(PackageNotFoundError):
            yield f"{package}: {version(package)}"


def _open_faults(folder: Path | None) -> TextIO | None:
    if folder is None:
        return None
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        file = (folder / FAULTS_FILE).open("a", encoding="utf-8")
    except OSError:
        return None
    faulthandler.enable(file)
    return file


def say_on_stderr(report: Path | None) -> None:
    """One line for whoever has started Cellar in a terminal."""
    if sys.stderr is not None:
        where = f" A report is in {report}." if report else ""
        with contextlib.suppress(OSError, ValueError):
            print(f"Cellar ran into an error of its own.{where}", file=sys.stderr)
