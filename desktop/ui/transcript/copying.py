"""Copying a long stretch of the conversation: bit by bit, so that nothing stops."""

from collections.abc import Callable, Iterator

from PySide6.QtCore import QObject, QTimer

AT_ONCE = 9_000  # letters' worth of work


class Copying(QObject):
    """Gathers a text and hands it on when it is whole; a short one at once."""

    def __init__(self, copied: Callable[[str], None], parent: QObject) -> None:
        super().__init__(parent)
        self._copied = copied
        self._parts: Iterator[tuple[str, int]] = iter(())
        self._gathered: list[str] = []
        self._timer = QTimer(self, interval=0)
        self._timer.timeout.connect(self._gather)

    @property
    def goes_on(self) -> bool:
        """True until the text is handed on."""
        return self._timer.isActive()

    def begin(self, parts: Iterator[tuple[str, int]]) -> None:
        """Copy these parts, each with the work that it takes; what was under way is dropped."""
        self._parts, self._gathered = parts, []
        self._timer.start()
        self._gather()

    def _gather(self) -> None:
        room = AT_ONCE
        for text, work in self._parts:
            self._gathered.append(text)
            room -= work
            if room <= 0:
                return
        self._timer.stop()
        self._copied("".join(self._gathered))
