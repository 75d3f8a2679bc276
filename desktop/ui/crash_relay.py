"""Brings the word of a crash from whatever thread it happened in to the window's."""

from pathlib import Path

from PySide6.QtCore import QObject, Signal

from desktop.crashes import say_on_stderr


class CrashRelay(QObject):
    """Make it in the window's thread."""

    met = Signal()

    def hear(self, report: Path | None) -> None:
        """A part of the program has crashed."""
        say_on_stderr(report)
        self.met.emit()
