"""The child's end of the pipe: commands in, events out, and nothing else on standard output."""

import io
import logging
import os
import queue
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from typing import BinaryIO

from desktop.domain.events import Event
from desktop.engine import protocol
from desktop.engine.protocol import Command

log = logging.getLogger(__name__)


class Channel:
    """Reads commands in a thread of its own, so that a Stop is seen in the middle of work.

    `urgent` is called in that thread and says whether it has dealt with the command.
    """

    def __init__(self, urgent: Callable[[Command], bool] = lambda _: False) -> None:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to answer
        self._urgent = urgent
        self._commands: queue.SimpleQueue[Command] = queue.SimpleQueue()
        self._sending = threading.Lock()
        self._out = _own_stdout()
        threading.Thread(target=self._read, name="commands", daemon=True).start()

    def commands(self) -> Iterator[Command]:
        """Every command that was not urgent, in order. Ends with the process."""
        while True:
            yield self._commands.get()

    def send(self, event: Event) -> None:
        """Write one event. A parent that is gone ends this process."""
        try:
            with self._sending:
                self._out.write(protocol.encode(event))
                self._out.flush()
        except OSError:
            os._exit(0)

    def _read(self) -> None:
        for line in sys.stdin.buffer:
            try:
                command = protocol.decode(line)
            except protocol.ProtocolError:
                log.warning("a line of %d bytes is no command", len(line))
                continue
            if not self._urgent(command):  # type: ignore[arg-type]
                self._commands.put(command)  # type: ignore[arg-type]
        os._exit(0)  # the parent is gone; native threads may still be busy, so no clean-up


def _own_stdout() -> BinaryIO:
    """Keep the real standard output; what libraries print goes to standard error."""
    sys.stdout.flush()
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(line_buffering=True)  # this process may end without flushing
    kept = os.dup(1)
    os.dup2(2, 1)
    return os.fdopen(kept, "wb")
