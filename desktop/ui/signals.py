"""Ctrl-C and the system's wish to end, heard inside Qt's event loop."""

import signal
import socket
from collections.abc import Callable

from PySide6.QtCore import QObject, QSocketNotifier, Slot

HEARD = (signal.SIGINT, signal.SIGTERM)


class SignalWatcher(QObject):
    """Calls `on_signal` in the window's thread. Make it in the main thread.

    Python runs its handlers only when it is given a turn, which an idle Qt loop never does; the
    byte that Python writes for each signal wakes it.
    """

    def __init__(self, on_signal: Callable[[], object]) -> None:
        super().__init__()
        self._on_signal = on_signal
        self._in, self._out = socket.socketpair()
        self._in.setblocking(False)
        self._out.setblocking(False)
        self._wakeup_before = signal.set_wakeup_fd(self._out.fileno(), warn_on_full_buffer=False)
        self._before = {number: signal.signal(number, self._ignore) for number in HEARD}
        self._notifier = QSocketNotifier(self._in.fileno(), QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._heard)

    def stop(self) -> None:
        """Let signals do what they did before."""
        self._notifier.setEnabled(False)
        signal.set_wakeup_fd(self._wakeup_before)
        for number, handler in self._before.items():
            signal.signal(number, handler)
        self._in.close()
        self._out.close()

    @Slot()
    def _heard(self) -> None:
        numbers = self._in.recv(64)
        if any(number in HEARD for number in numbers):
            self._on_signal()

    @staticmethod
    def _ignore(_number: int, _frame: object) -> None:
        """Something must be set for Python to write the byte."""
