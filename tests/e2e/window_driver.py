"""Runs the window in a process of its own, and kills that process in the middle of an answer.

Arguments: what to do, the data directory, and what to say.
"""

import os
import signal
import sqlite3
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import psutil
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPlainTextEdit, QPushButton, QWidget

from desktop.app import build
from desktop.ui.main_window import MainWindow

WITHIN_S = 100.0


class Driver:
    """A person before the window."""

    def __init__(self, data_dir: Path) -> None:
        self.data_dir = data_dir
        self.app: QApplication
        self.window: MainWindow
        self.app, self.window = build(["--data-dir", str(data_dir)])

    def wait_until(self, holds: Callable[[], object]) -> None:
        deadline = time.monotonic() + WITHIN_S
        while not holds():
            if time.monotonic() > deadline:
                sys.exit(f"it never came to that; the transcript: {self.transcript()!r}")
            self.app.processEvents()
            time.sleep(0.005)

    def say(self, text: str) -> None:
        composer = self.window.findChild(QPlainTextEdit, "composer")
        send = self.window.findChild(QPushButton, "sendButton")
        QTest.keyClicks(composer, text)
        QTest.mouseClick(send, Qt.MouseButton.LeftButton)
        self.wait_until(lambda: text in self.transcript())

    def transcript(self) -> str:
        view = self.window.findChild(QWidget, "transcript")
        return str(view.toPlainText())  # type: ignore[attr-defined]

    def saved(self) -> list[tuple[str, str, str]]:
        """Role, text and state of what is on disk."""
        with closing(sqlite3.connect(self.data_dir / "chats.db")) as database:
            return database.execute(
                "SELECT role, text, state FROM messages ORDER BY position"
            ).fetchall()

    def partial_is_saved(self) -> bool:
        return any(role == "assistant" and len(text) > 20 for role, text, _ in self.saved())


def kill(data_dir: Path, text: str) -> None:
    """Say something, wait for the beginning of an answer, print who works here, and be killed."""
    driver = Driver(data_dir)
    driver.say(text)
    driver.wait_until(driver.partial_is_saved)
    print(*(child.pid for child in psutil.Process().children(recursive=True)), flush=True)
    os.kill(os.getpid(), signal.SIGKILL)


def look(data_dir: Path, text: str) -> None:
    """Print the transcript of a new window as soon as something is in it."""
    driver = Driver(data_dir)
    driver.wait_until(lambda: text in driver.transcript())
    print(driver.transcript(), flush=True)
    driver.window.close()


def answer(data_dir: Path, text: str) -> None:
    """Say something, wait for the whole answer, close the window, print the transcript."""
    driver = Driver(data_dir)
    driver.say(text)
    driver.wait_until(lambda: any(state == "stop" for _, _, state in driver.saved()[1:]))
    stop = driver.window.findChild(QPushButton, "stopButton")
    driver.wait_until(lambda: not stop.isVisible())  # the window learns of it after the disk
    print(driver.transcript(), flush=True)
    driver.window.close()


if __name__ == "__main__":
    {"kill": kill, "look": look, "answer": answer}[sys.argv[1]](Path(sys.argv[2]), sys.argv[3])
