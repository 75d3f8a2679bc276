"""A whole session in the real window: start, load, attach, chat, search, back up, delete, quit.

Standard input gives one JSON object: the data directory, the canary sentence, a word of it, and a
file to attach. Standard output gets one: of each process the command line and the environment
while the model answered, what the window showed, and which files held the word when.
"""

import json
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psutil
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QListView

from desktop.services.history import commands as history
from desktop.ui.attaching_presenter import AttachingPresenter
from desktop.ui.composer.composer import Composer
from tests.e2e.window_driver import Driver

LOOK_EACH_S = 0.2


class Session:
    """A person who says something that nobody else is to know."""

    def __init__(self, data_dir: Path, canary: str, word: str, attached: Path) -> None:
        self._driver = Driver(data_dir)
        self._data_dir, self._canary, self._word = data_dir, canary, word
        self._attached = attached
        self._processes: dict[int, dict[str, object]] = {}
        self._looked_at = 0.0

    def live(self) -> dict[str, object]:
        """Do it all; what was seen."""
        self._chat()
        shown = self._driver.transcript()
        hits = self._search()
        self._back_up()
        before = self._holding()
        self._delete()
        self._driver.window.close()
        return {
            "shown": shown,
            "hits": hits,
            "held": before,
            "processes": list(self._processes.values()),
        }

    def _chat(self) -> None:
        composer = self._driver.window.findChild(Composer)
        self._driver.window.findChild(AttachingPresenter).read([self._attached])
        self._until(lambda: composer.attachments)
        self._driver.say(f"{self._canary} Say this back to me.")
        self._until(self._answered)

    def _answered(self) -> bool:
        if time.monotonic() - self._looked_at > LOOK_EACH_S:
            self._looked_at = time.monotonic()
            for process in (psutil.Process(), *psutil.Process().children(recursive=True)):
                self._processes.setdefault(process.pid, _facts(process))
        return any(state in ("stop", "length") for _, _, state in self._driver.saved()[1:])

    def _search(self) -> int:
        field = self._driver.window.findChild(QLineEdit, "searchField")
        found = self._driver.window.findChild(QListView, "searchResults")
        QTest.keyClicks(field, self._word)
        self._until(lambda: found.model().rowCount() > 0)
        hits = found.model().rowCount()
        QTest.keyClick(field, Qt.Key.Key_Escape)
        return int(hits)

    def _back_up(self) -> None:
        self._post(history.BackUp())
        self._until(lambda: list((self._data_dir / "backups").glob("*.db")))

    def _delete(self) -> None:
        """As the list's menu and the page of privacy do it."""
        self._driver.window._sidebar_presenter.delete()
        self._until(lambda: self._canary not in self._driver.transcript())
        self._post(history.EraseDeleted())
        self._until(lambda: not self._holding())

    def _post(self, command: history.HistoryCommand) -> None:
        self._driver.window._threads.history.post(command)

    def _until(self, holds: Callable[[], object]) -> None:
        self._driver.wait_until(holds)

    def _holding(self) -> list[str]:
        """The files below the data directory that have the word in them."""
        files = [path for path in self._data_dir.rglob("*") if path.is_file()]
        return sorted(
            path.relative_to(self._data_dir).as_posix()
            for path in files
            if "models" not in path.parts and self._word.encode() in _body(path)
        )


def _body(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:  # a scratch file that was there a moment ago
        return b""


def _facts(process: psutil.Process) -> dict[str, object]:
    command = process.cmdline()
    role = "window" if process.pid == os.getpid() else command[-1]
    return {"role": role, "command": command, "environment": process.environ()}


if __name__ == "__main__":
    asked = json.load(sys.stdin)
    session = Session(
        Path(asked["data_dir"]), asked["canary"], asked["word"], Path(asked["attached"])
    )
    print(json.dumps(session.live()), flush=True)
