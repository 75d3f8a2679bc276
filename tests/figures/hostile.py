"""The window while it shows texts that were made to stop it: gaps of its event loop.

Writes “Hostile texts” of `docs/performance.md`; with `--json` or some names it prints only.
"""

import argparse
import json
import os
import sys
import tempfile
import textwrap
import time
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT), str(Path(__file__).parent)]

from probe import Probe  # noqa: E402 - the path above is needed first
from PySide6.QtCore import QPoint, QPointF, Qt, QTimer  # noqa: E402
from PySide6.QtGui import QWheelEvent  # noqa: E402
from PySide6.QtTest import QTest  # noqa: E402
from PySide6.QtWidgets import QApplication  # noqa: E402
from reports import PERFORMANCE, renew, this_computer  # noqa: E402

from desktop.engine.fake import FakeEngine, Script  # noqa: E402
from desktop.program import Program  # noqa: E402
from desktop.ui.transcript.item import SpotKind  # noqa: E402

TITLE = "## Hostile texts"
TICK_MS = 4
TURNS = 30  # of the wheel, in each place
PIECE = 4_000  # characters that come at once while it is written
PAUSE_S = 0.02


def table(columns: int, rows: int) -> str:
    """A table of that size."""
    row = "|" + "|".join(f"c{column}" for column in range(columns)) + "|\n"
    return f"{row}|{'-|' * columns}\n{row * rows}"


TEXTS = {
    "1 MB without a break": "x" * 1_000_000,
    "a table of 1,000 columns": table(1_000, 20),
    "a table of 24 columns and 500 rows": table(24, 500),
    "50,000 combining marks on one letter": "a" + "\u0301\u0316" * 25_000,
    "10,000 nested quotes": "> " * 10_000 + "deep",
    "200,000 bidirectional overrides": "\u202eabc\u202c" * 100_000,
    "1 MB of zero-width spaces": "\u200b" * 330_000,
    "100,000 emphasis marks": "**a " * 50_000,
    "program text of 100,000 lines": "```python\n" + "x = f(y)[1]  # text\n" * 100_000 + "```\n",
    "1 MB of program text in one line": "```python\n" + "x = 1;" * 170_000 + "\n```\n",
    "50,000 links": "[a](https://example.org) " * 50_000,
    "a list of 250,000 items": "- a\n" * 250_000,
    "1 MB of families in one cluster each": "👩\u200d👩\u200d👧\u200d👦" * 40_000,
}


class Clock:
    """Ticks in the event loop: how long it does not come round, and how long of that it works.

    On a computer that does other things as well, the work is what the window can be blamed for.
    """

    def __init__(self) -> None:
        self._timer = QTimer(timerType=Qt.TimerType.PreciseTimer, interval=TICK_MS)
        self._timer.timeout.connect(self._tick)
        self._at = (0.0, 0.0)
        self.gaps_ms: list[float] = []
        self.work_ms: list[float] = []

    def start(self) -> None:
        """Begin to watch."""
        self._at = (time.perf_counter(), time.thread_time())
        self._timer.start()

    def stop(self) -> None:
        """Watch no more."""
        self._timer.stop()

    def _tick(self) -> None:
        now = (time.perf_counter(), time.thread_time())
        self.gaps_ms.append(max(0.0, 1000 * (now[0] - self._at[0]) - TICK_MS))
        self.work_ms.append(1000 * (now[1] - self._at[1]))
        self._at = now


class Reader:
    """Does with a text what a person can do with it."""

    def __init__(self, probe: Probe) -> None:
        self._probe = probe
        self.view = probe.window.pane.transcript

    def rest(self) -> None:
        """Let the window come round."""
        for _ in range(6):
            self._probe.app.processEvents()

    def read(self) -> None:
        """Open it anew, go through it, have all of it shown, copy it, change the window's size."""
        entries = [item.entry for item in self.view._scene.column.items]
        self.view.clear()
        self.rest()
        self.view.set_entries(entries)
        self.rest()
        self._go_through()
        self._show_all()
        self._go_through()
        self.view.select_all()
        self.view.copy()
        self._probe.wait(lambda: not self.view._copying.goes_on)
        size = self._probe.window.size()
        for width in (size.width() - 260, size.width()):
            self._probe.window.resize(width, size.height())
            self.rest()

    def _go_through(self) -> None:
        for key, way in ((Qt.Key.Key_Home, -1), (Qt.Key.Key_End, 1)):
            QTest.keyClick(self.view, key)
            self.rest()
            for _ in range(TURNS):
                self._turn_wheel(way * 2)
                self.rest()
        bar = self.view.verticalScrollBar()
        bar.setValue(bar.maximum() // 2)
        self.rest()

    def _turn_wheel(self, notches: int) -> None:
        place, away = QPointF(300, 200), QPoint(0, 120 * notches)
        event = QWheelEvent(
            place,
            place,
            away,
            away,
            Qt.MouseButton.NoButton,
            Qt.KeyboardModifier.NoModifier,
            Qt.ScrollPhase.NoScrollPhase,
            False,
        )
        QApplication.sendEvent(self.view.viewport(), event)

    def _show_all(self) -> None:
        entry_id = self.view._scene.column.items[-1].entry.id
        if not self.view._scene.item(entry_id).body.is_cut:
            return
        QTest.keyClick(self.view, Qt.Key.Key_End)
        self.rest()
        found = [p for p in self.view._scene.spots() if p.key.kind is SpotKind.SHOW_ALL]
        self.view._click(found[-1])
        self.rest()


def watched(text: str, data_dir: Path) -> Clock:
    """The gaps from the first letter that is written to the last look at it."""
    script = Script(answers=(text,), pause=PAUSE_S, piece=PIECE)
    Program.make_engine = lambda _: FakeEngine(script)  # type: ignore[method-assign]
    probe = Probe(["--data-dir", str(data_dir), "--engine", "fake"])
    probe.window.resize(1040, 720)
    probe.wait(lambda: probe.ready)
    reader = Reader(probe)
    probe.say("Write.")
    probe.wait(lambda: probe.busy)
    clock = Clock()
    clock.start()
    probe.wait(lambda: not probe.busy)
    reader.read()
    clock.stop()
    probe.close()
    return clock


def share(values: list[float], quantile: float) -> float:
    """The value that this share of the values does not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(quantile * len(ordered)))]


def main() -> None:
    """Measure the texts that the command line names, or all, and print."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--json", action="store_true")
    options.add_argument("names", nargs="*", metavar="PART_OF_A_NAME")
    given = options.parse_args()
    figures: list[dict[str, float | str]] = []
    for name, text in TEXTS.items():
        if given.names and not any(part in name for part in given.names):
            continue
        with tempfile.TemporaryDirectory() as folder:
            clock = watched(text, Path(folder))
        figures.append(
            {
                "text": name,
                "longest_ms": max(clock.gaps_ms),
                "p99_ms": share(clock.gaps_ms, 0.99),
                "longest_work_ms": max(clock.work_ms),
                "p99_work_ms": share(clock.work_ms, 0.99),
            }
        )
    if given.json:
        sys.stdout.write(json.dumps(figures) + "\n")
        return
    about = (
        "Made by `tests/figures/hostile.py`: each text is streamed as an answer, opened anew, gone"
        " through, shown whole, copied, and the window resized. A gap is how late the event loop"
        " comes round; work is the processor time of the window's thread in it, which others"
        f" do not lengthen. Wanted: 50 ms at the longest, 99 % under 16 ms ({this_computer()})."
    )
    lines = [
        TITLE,
        "",
        textwrap.fill(about, 100),
        "",
        "| text | longest gap | 99 % of the gaps under | longest work | 99 % of the work under |",
        "| --- | --- | --- | --- | --- |",
    ]
    for each in figures:
        cells = [f"{value:.0f} ms" for value in list(each.values())[1:]]
        lines.append(f"| {each['text']} | {' | '.join(cells)} |")
    section = "\n".join(lines) + "\n"
    sys.stdout.write(section)
    if not given.names:
        renew(PERFORMANCE, section)


if __name__ == "__main__":
    main()
