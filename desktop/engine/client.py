"""The parent's end: starts a child process, sends it commands, hands on its events."""

import contextlib
import logging
import os
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import IO, Protocol

from desktop.crashes import child_crashed
from desktop.domain.errors import Problem
from desktop.domain.events import Ended, Event
from desktop.domain.words import tr
from desktop.engine import protocol
from desktop.engine.environment import of_child
from desktop.engine.protocol import Command
from desktop.files import world_problem
from desktop.languages import environment as language_of_children
from desktop.paths import converter

log = logging.getLogger(__name__)

CONVERTING = ("convert",)  # roles of the full bundle's second program
EXIT_PATIENCE_S = 2.0
KILLED = (-9, 137)  # by the system, when memory runs out
NO_BUGS = (0, *KILLED, -2, -15)  # ended by the system or by a person
LAST_LINES = 100


class Engine(Protocol):
    """What runs a model for us: a child process, or a scripted one in tests."""

    @property
    def alive(self) -> bool:
        """True while commands are answered."""

    def start(self, on_event: Callable[[Event], None]) -> None:
        """Begin. Events are handed over in a thread of the engine's own. Raises Problem."""

    def send(self, command: Command) -> None:
        """Pass on a command. One that cannot be delivered is dropped: Ended tells why."""

    def end(self) -> None:
        """End at once, with all that it holds in memory."""


class Child:
    """A worker process. Its end, wished or not, is reported as the event Ended."""

    def __init__(self, role: str) -> None:
        self._role = role
        self._process: subprocess.Popen[bytes] | None = None
        self._expected = False
        self._sending = threading.Lock()
        self._said: deque[str] = deque(maxlen=LAST_LINES)

    @property
    def alive(self) -> bool:
        """True from the start until the process has ended."""
        return self._process is not None and self._process.poll() is None

    @property
    def pid(self) -> int:
        """The process's number, 0 before it was started."""
        return self._process.pid if self._process else 0

    def start(self, on_event: Callable[[Event], None]) -> None:
        """Start the process. Events are handed over in a thread of this object's own.

        Raises Problem.
        """
        self._expected = False
        try:
            process = subprocess.Popen(
                worker_command(self._role),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                env=child_environment(os.environ, self._role),
                creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
            )
        except OSError as error:
            raise world_problem(error, tr("start its {role} process", role=self._role)) from error
        self._process = process
        self._said.clear()
        log_of = threading.Thread(
            target=self._keep_log, args=[process], name=self._role, daemon=True
        )
        log_of.start()
        reading = (process, on_event, log_of)
        threading.Thread(target=self._read, args=reading, name=self._role, daemon=True).start()

    def send(self, command: Command) -> None:
        """Pass on a command; may wait until the child has taken earlier ones."""
        if self._process is None:
            return
        pipe = _pipe(self._process.stdin)
        try:
            with self._sending:
                pipe.write(protocol.encode(command))
                pipe.flush()
        except (OSError, ValueError):
            log.info("%s: %s was not delivered", self._role, type(command).__name__)

    def end(self) -> None:
        """Kill the process and wait until it is gone."""
        self._expected = True
        if self._process is not None and self._process.poll() is None:
            self._process.kill()
            with contextlib.suppress(subprocess.TimeoutExpired):  # a driver may hold it for long
                self._process.wait(EXIT_PATIENCE_S)

    def _read(
        self,
        process: subprocess.Popen[bytes],
        on_event: Callable[[Event], None],
        log_of: threading.Thread,
    ) -> None:
        with _pipe(process.stdout) as lines:
            for line in lines:
                try:
                    on_event(protocol.decode(line))  # type: ignore[arg-type]
                except protocol.ProtocolError:
                    log.warning("%s: a line of %d bytes is no event", self._role, len(line))
        code = process.wait()
        log.info("%s ended with %d", self._role, code)
        with contextlib.suppress(OSError):
            _pipe(process.stdin).close()
        expected = self._expected
        on_event(Ended(code, expected))
        if not expected and code not in NO_BUGS:
            log_of.join(EXIT_PATIENCE_S)
            child_crashed(self._role, code, tuple(self._said))

    def _keep_log(self, process: subprocess.Popen[bytes]) -> None:
        with _pipe(process.stderr) as lines:
            for line in lines:
                text = line.decode("utf-8", "replace").rstrip()[:500]
                self._said.append(text)
                ours = f" {self._role}[" in text  # what libraries print could quote a conversation
                log.log(logging.INFO if ours else logging.DEBUG, "%s", text)


def _pipe(end: IO[bytes] | None) -> IO[bytes]:
    if end is None:
        raise RuntimeError("the child was started without this pipe")
    return end


def worker_command(role: str) -> list[str]:
    """The command line of a worker, from source and frozen alike."""
    if getattr(sys, "frozen", False):
        second = converter() if role in CONVERTING else None
        return [str(second or sys.executable), "worker", role]
    return [sys.executable, "-P", "-m", "desktop", "worker", role]


def child_environment(parent: Mapping[str, str], role: str = "engine") -> dict[str, str]:
    """What a child needs of the parent's environment, offline; finds this same program."""
    environment = of_child(parent, role) | language_of_children()
    if not getattr(sys, "frozen", False):
        root = str(Path(__file__).parents[2])
        others = parent.get("PYTHONPATH", "")
        environment["PYTHONPATH"] = os.pathsep.join(filter(None, (root, others)))
    return environment


def why_ended(exit_code: int, who: str = "") -> Problem:
    """A sentence for a child that ended unasked. On POSIX a negative code is a signal."""
    who = who or tr("The engine")
    remedy = tr("It starts again with your next message.")
    if exit_code in KILLED:
        return Problem(
            tr("{who} was ended by the system, most likely because memory ran out.", who=who),
            remedy,
        )
    return Problem(
        tr("{who} stopped unexpectedly (code {exit_code}).", who=who, exit_code=exit_code), remedy
    )
