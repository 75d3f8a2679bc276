"""A window under measurement: the real program, driven by code in its own event loop.

Run as a script, it makes one measurement and prints it as JSON.
"""

import argparse
import json
import sys
import time
from collections.abc import Callable
from pathlib import Path

TICK_MS = 4
PATIENCE_S = 120.0
LONG_QUESTION = "Write a long story about a fox, a vineyard and a cellar, with many details."


class Probe:
    """The program, built as it is for a user, and a clock that ticks in its event loop."""

    def __init__(self, arguments: list[str]) -> None:
        from PySide6.QtCore import QElapsedTimer, Qt, QTimer

        from desktop import pauses
        from desktop.app import build

        self.app, self.window = build(arguments)
        pauses.keep_short()  # as a user's window does
        self._since = QElapsedTimer()
        self._timer = QTimer(timerType=Qt.TimerType.PreciseTimer, interval=TICK_MS)
        self._timer.timeout.connect(self._tick)
        self.gaps_ms: list[float] = []

    def wait(self, until: Callable[[], bool]) -> float:
        """Let the program live until something is so; returns the seconds that took."""
        started = time.perf_counter()
        while not until():
            self.app.processEvents()
            time.sleep(0.0005)
            if time.perf_counter() - started > PATIENCE_S:
                raise TimeoutError("the window did not come to where it was expected")
        return time.perf_counter() - started

    def watch_gaps(self) -> None:
        """Begin to note how long the event loop does not come round."""
        self.gaps_ms = []
        self._since.start()
        self._timer.start()

    def stop_watching(self) -> list[float]:
        """The gaps in milliseconds, beyond the clock's own interval."""
        self._timer.stop()
        return self.gaps_ms

    def close(self) -> None:
        """Close the window as a user does."""
        self.window.close()
        self.app.processEvents()

    def _tick(self) -> None:
        self.gaps_ms.append(max(0.0, self._since.nsecsElapsed() / 1e6 - TICK_MS))
        self._since.restart()

    # what a user sees and does

    @property
    def ready(self) -> bool:
        """True when the status line names the device of a loaded model and nothing is going on."""
        return "CPU" in self.window.pane.status.text()

    @property
    def busy(self) -> bool:
        """True while the Stop button is on show."""
        return self.window.pane.composer.findChild(object, "stopButton").isVisible()

    @property
    def shown(self) -> str:
        """The text of the conversation."""
        return self.window.pane.transcript.toPlainText()

    def say(self, text: str) -> None:
        """Write a message and press the button."""
        from PySide6.QtWidgets import QPushButton

        self.window.pane.composer.set_text(text)
        self.window.findChild(QPushButton, "sendButton").click()


def startup(data_dir: Path, process_started: float) -> dict[str, object]:
    """Seconds from the start of the process to the first painted window."""
    probe = Probe(["--data-dir", str(data_dir), "--engine", "fake"])
    handle = probe.window.windowHandle()
    probe.wait(handle.isExposed)
    probe.app.processEvents()
    seconds = time.time() - process_started
    heavy = [name for name in ("openvino", "openvino_genai", "torch") if name in sys.modules]
    probe.close()
    return {"seconds": seconds, "heavy_modules": heavy}


def streaming(data_dir: Path, tokens: int) -> dict[str, object]:
    """Gaps of the event loop while an answer of the real model streams; then the time of a Stop."""
    probe = Probe(["--data-dir", str(data_dir)])
    probe.wait(lambda: probe.ready)
    probe.window.panel.findChild(object, "maxNewTokens").setValue(tokens)
    probe.say(LONG_QUESTION)
    probe.wait(lambda: "Cellar" in probe.shown and len(probe.shown) > len(LONG_QUESTION) + 60)
    probe.watch_gaps()
    probe.wait(lambda: not probe.busy)
    gaps = probe.stop_watching()
    stops = [_stop_once(probe) for _ in range(5)]
    heavy = [name for name in ("openvino", "openvino_genai", "torch") if name in sys.modules]
    characters = len(probe.shown)
    probe.close()
    return {"gaps_ms": gaps, "stops_ms": stops, "heavy_modules": heavy, "characters": characters}


def _stop_once(probe: Probe) -> float:
    """Milliseconds from the click on Stop until the text has ended and one can send again."""
    from PySide6.QtWidgets import QPushButton, QToolButton

    probe.window.findChild(QToolButton, "clearButton").click()
    probe.wait(lambda: not probe.shown)
    probe.say(LONG_QUESTION)
    probe.wait(lambda: len(probe.shown) > len(LONG_QUESTION) + 80)
    started = time.perf_counter()
    probe.window.findChild(QPushButton, "stopButton").click()
    probe.wait(lambda: not probe.busy)
    return 1000 * (time.perf_counter() - started)


def main() -> None:
    """Make the measurement that the command line names."""
    options = argparse.ArgumentParser()
    options.add_argument("what", choices=("startup", "streaming", "flood"))
    options.add_argument("--data-dir", type=Path, required=True)
    options.add_argument("--started", type=float, default=0.0)
    options.add_argument("--tokens", type=int, default=600)
    given = options.parse_args()
    if given.what == "startup":
        figures = startup(given.data_dir, given.started)
    elif given.what == "flood":
        from flood import flood

        figures = flood(given.data_dir)
    else:
        figures = streaming(given.data_dir, given.tokens)
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
