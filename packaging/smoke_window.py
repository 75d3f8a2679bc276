"""The real window of a bundle, used with real keys: open, ask, watch it write, stop, quit."""

import contextlib
import os
import shutil
import sqlite3
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import dev
from smoke import Place, refuse_noise

NEEDED = {"Xvfb": "xvfb", "openbox": "openbox", "xdotool": "xdotool"}  # by Debian's package
DATABASE = Path(".local", "share", "Cellar", "chats.db")
QUESTION, EXPECTED = "What is the capital of France?", "Paris"
LONG = "Write a very long story about a lighthouse keeper, in many chapters."
WITHIN_S = 240.0  # on a busy machine
START_TARGET_S = 1.5


@contextlib.contextmanager
def display() -> Iterator[str]:
    """An X server with a small window manager; yields its name."""
    missing = [package for name, package in NEEDED.items() if shutil.which(name) is None]
    if missing:
        raise dev.Problem(f"For the smoke test: sudo apt install {' '.join(missing)}")
    end, other = os.pipe()
    command = ["Xvfb", "-displayfd", str(other), "-screen", "0", "1280x800x24", "-nolisten", "tcp"]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    server = subprocess.Popen(command, pass_fds=(other,), **quiet)  # type: ignore[call-overload]
    os.close(other)
    with open(end, encoding="ascii") as told:
        number = f":{told.readline().strip()}"
    manager = subprocess.Popen(["openbox"], env={**os.environ, "DISPLAY": number}, **quiet)  # type: ignore[call-overload]
    try:
        yield number
    finally:
        for process in (manager, server):
            process.terminate()
            process.wait()


def click_through(place: Place, number: str) -> None:
    """Use the program as a person does. Raises Problem."""
    home = place.home("window")
    database = home / DATABASE
    with _window(place, home, number) as keys:
        keys.type(QUESTION)
        _until(lambda: EXPECTED in _answer(database, "stop"), "the answer to the question")
        keys.type(LONG)
        _until(lambda: len(_answer(database, "writing")) > 20, "an answer being written")
        keys.press("Escape")
        _until(lambda: len(_answer(database, "stopped")) > 20, "the answer to be stopped")
        keys.press("ctrl+q")
        keys.await_end()
    with _window(place, home, number) as keys:
        keys.press("ctrl+q")
        keys.await_end()
        dev.say(
            f"Warm start to window: {keys.opened:.2f} s, of which {keys.worked:.2f} s of work"
            f" (aim: {START_TARGET_S} s)"
        )
    dev.say("The window was opened, asked, stopped and quit, with keys")


class Keys:
    """A window on the display, and a person's hands."""

    def __init__(self, process: "subprocess.Popen[bytes]", number: str) -> None:
        self._process = process
        self._display = {**os.environ, "DISPLAY": number}
        begun = time.monotonic()
        self._id = ""
        _until(self._found, "the window", process)
        self.opened = time.monotonic() - begun
        self.worked = _processor_time(process.pid)  # the same on a busy machine
        self._do("windowactivate", "--sync", self._id)

    def type(self, text: str) -> None:
        """Write a text and send it."""
        time.sleep(1)  # as long as a person takes
        self._do("type", "--delay", "20", text)
        self._do("key", "Return")

    def press(self, keys: str) -> None:
        """Press keys together."""
        self._do("key", keys)

    def await_end(self) -> None:
        """Wait until the program has ended well. Raises Problem."""
        _, err = self._process.communicate(timeout=WITHIN_S)
        if self._process.returncode:
            raise dev.Problem(f"The window ended with {self._process.returncode}: {err!r}")
        refuse_noise(err.decode("utf-8", "replace"))

    def _found(self) -> bool:
        found = self._do("search", "--onlyvisible", "--pid", str(self._process.pid))
        self._id = found.split("\n")[0]
        return bool(self._id)

    def _do(self, *command: str) -> str:
        done = subprocess.run(
            ["xdotool", *command], env=self._display, capture_output=True, text=True, check=False
        )
        return done.stdout.strip()


def _processor_time(pid: int) -> float:
    """Seconds that a process has used of all cores."""
    fields = Path("/proc", str(pid), "stat").read_text("utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@contextlib.contextmanager
def _window(place: Place, home: Path, number: str) -> Iterator[Keys]:
    process = place.start(home, DISPLAY=number)
    try:
        yield Keys(process, number)
    finally:
        if process.poll() is None:
            process.kill()
            process.communicate()


def _until(
    holds: Callable[[], bool], what: str, process: "subprocess.Popen[bytes] | None" = None
) -> None:
    """Wait for something. Raises Problem when it does not come."""
    end = time.monotonic() + WITHIN_S
    while not holds():
        if process is not None and process.poll() is not None:
            said = process.communicate()[1].decode("utf-8", "replace")
            raise dev.Problem(f"The program ended with {process.returncode}: {said}")
        if time.monotonic() > end:
            raise dev.Problem(f"Waited {WITHIN_S:.0f} s in vain for {what}.")
        time.sleep(0.02)


def _answer(database: Path, state: str) -> str:
    """The text of the newest answer in this state; empty without one."""
    if not database.is_file():
        return ""
    query = (
        "SELECT text FROM messages WHERE role = 'assistant' AND state = ? ORDER BY position DESC"
    )
    with (
        contextlib.suppress(sqlite3.Error),
        contextlib.closing(
            sqlite3.connect(f"{database.as_uri()}?mode=ro", uri=True, timeout=1)
        ) as connection,
    ):
        row = connection.execute(query, (state,)).fetchone()
        return str(row[0]) if row else ""
    return ""
