"""Measures the window with a conversation of 100,000 messages, for `docs/performance.md`.

With `--json` it prints only.

Run by hand; it takes about three minutes, most of them to make the conversation.
"""

import argparse
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import textwrap
import time
from collections.abc import Callable, Iterator
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))  # run as a script, from anywhere
sys.path.insert(0, str(Path(__file__).parent))

from flood import CODE, LIST, PARAGRAPH, PAUSE_S, PIECE, TABLE, TOKENS  # noqa: E402
from probe import Probe  # noqa: E402
from reports import PERFORMANCE, renew, this_computer  # noqa: E402

TITLE = "## A conversation of 100,000 messages"
MESSAGES = 100_000
PAGES = 400  # up from the end, one after the other
DRAGS = 250  # places of the scroll bar from the end to the start
RARE = "quicksilver"


def chain(count: int) -> Iterator[object]:
    """Questions and answers of many lengths, with lists, code and tables among them."""
    from desktop.domain.conversation import Message, Role, Statistics

    chance = random.Random(3)  # noqa: S311
    made = Statistics(100, 20, 60, 210.0, 31.5, model="smollm2", sampling={"seed": 7})
    parent = ""
    for number in range(count):
        if number % 2:
            parts = chance.choices((PARAGRAPH, LIST, CODE, TABLE), (6, 1, 1, 1), k=2)
            text = f"{number}. " + "".join(parts) * chance.choice((1, 1, 1, 2, 4))
        else:
            text = f"Question {number}: what comes after {chance.randrange(1000)}?"
        text += RARE if number % 9973 == 0 else ""
        role = Role.ASSISTANT if number % 2 else Role.USER
        figures = made if number % 2 else None
        message = Message(role, text.strip(), parent_id=parent, statistics=figures)
        parent = message.id
        yield message


def build(folder: Path) -> None:
    """Make the conversation, and a short one that was used later."""
    from desktop.domain.chats import Whole
    from desktop.domain.conversation import Conversation, ConversationSettings
    from desktop.paths import Paths
    from desktop.storage import saving
    from desktop.storage.opening import open_store

    store, problems = open_store(Paths.of(folder))
    assert not problems
    settings = ConversationSettings(model="smollm2")
    with store._database.writing("build") as connection:
        for title, count, day in (("Long", MESSAGES, 1), ("Short", 4, 2)):
            messages = tuple(chain(count))
            moment = f"2026-11-{day:02}T10:00:00.000+00:00"
            conversation = Conversation(title=title, settings=settings, messages=messages)
            whole = Whole(conversation, messages[-1].id, {}, moment, moment)
            saving.insert_whole(connection, whole)
    store.close()


class Reader:
    """The window, and what is done in it."""

    def __init__(self, folder: Path) -> None:
        from desktop.engine.fake import FakeEngine, Script
        from desktop.program import Program

        part = 5 * PARAGRAPH + LIST + 3 * PARAGRAPH + CODE + TABLE
        answer = (part * (TOKENS * PIECE // len(part) + 1))[: TOKENS * PIECE]
        script = Script(answers=(answer,), pause=PAUSE_S, piece=PIECE)
        Program.make_engine = lambda _: FakeEngine(script)  # type: ignore[method-assign]
        self.probe = Probe(["--data-dir", str(folder), "--engine", "fake"])
        self.probe.wait(lambda: self.probe.ready)
        self.view = self.probe.window.pane.transcript
        self.gaps: dict[str, list[float]] = {}
        self.times: dict[str, float] = {}

    def watched(self, name: str, work: Callable[[], None]) -> None:
        """Note the gaps of the event loop, and how long it all took."""
        self.probe.watch_gaps()
        began = time.perf_counter()
        work()
        self.times[name] = time.perf_counter() - began
        self.live(0.05)
        self.gaps[name] = self.probe.stop_watching()

    def live(self, seconds: float) -> None:
        """Let the event loop run."""
        until = time.perf_counter() + seconds
        self.probe.wait(lambda: time.perf_counter() > until)

    def open_long(self) -> None:
        """From the click on its row until its last message is painted."""
        from PySide6.QtWidgets import QListView

        rows = self.probe.window.findChild(QListView, "conversationList")
        place = next(
            rows.model().index(row, 0)
            for row in range(rows.model().rowCount())
            if rows.model().index(row, 0).data() == "Long"
        )
        last = f"{MESSAGES - 1}. "
        rows.clicked.emit(place)
        self.probe.wait(lambda: last in self.probe.shown)
        self.view.viewport().repaint()

    def stream(self) -> None:
        """Ten thousand tokens."""
        self.probe.say("Write as much as you can.")
        self.probe.wait(lambda: self.probe.busy)
        self.probe.wait(lambda: not self.probe.busy)

    def page_up(self) -> None:
        """Press Page Up again and again."""
        from PySide6.QtCore import QEvent, Qt
        from PySide6.QtGui import QKeyEvent

        for _ in range(PAGES):
            event = QKeyEvent(
                QEvent.Type.KeyPress, Qt.Key.Key_PageUp, Qt.KeyboardModifier.NoModifier
            )
            self.probe.app.postEvent(self.view, event)
            self.live(0.02)

    def drag(self) -> None:
        """Pull the scroll bar from the end to the start, then back in a few large steps."""
        bar = self.view.verticalScrollBar()
        bar.setSliderDown(True)
        top = bar.maximum()
        places = [top - top * step // DRAGS for step in range(DRAGS + 1)]
        for place in [*places, top // 3, top * 2 // 3, top // 5, 0]:
            bar.setSliderPosition(place)
            self.live(0.02)
        bar.setSliderDown(False)
        self.probe.wait(lambda: "Question 0:" in self.probe.shown)

    def to_end(self) -> None:
        """Press End."""
        self.view.scroll_to_end()
        self.probe.wait(lambda: "0. " in self.probe.shown[-60_000:])

    def find(self) -> None:
        """A rare word: the count, then from match to match."""
        from PySide6.QtWidgets import QLabel, QLineEdit

        window = self.probe.window
        window.pane.find_bar.open()
        window.findChild(QLineEdit, "findField").setText(RARE)
        words = window.findChild(QLabel, "findCount")
        window.pane.find_bar._look()
        found = self.view.finder
        self.probe.wait(lambda: found.result.complete and "later" in words.text())
        for _ in range(4):
            before = self.view.entry_ids
            window.pane.find_bar.step(1)
            self.probe.wait(lambda before=before: self.view.entry_ids != before)
            self.live(0.2)
        window.pane.find_bar.close_bar()


def measure(folder: Path) -> dict[str, object]:
    """All figures."""
    reader = Reader(folder)
    reader.live(0.5)
    reader.watched("opening it", reader.open_long)
    reader.watched(f"{PAGES} pages up from the end", reader.page_up)
    reader.watched("pulling the scroll bar from end to start", reader.drag)
    reader.watched("finding a rare word, and four steps to it", reader.find)
    reader.watched(f"{TOKENS:,} tokens streaming into it", reader.stream)
    reader.probe.close()
    return {"gaps_ms": reader.gaps, "seconds": reader.times, "load": os.getloadavg()[0]}


def table(found: dict[str, dict[str, list[float]]]) -> str:
    """The figures as Markdown."""
    rows = ["| what | median | 99 % under | longest | took |", "| --- | --- | --- | --- | --- |"]
    for name, gaps in found["gaps_ms"].items():
        late = sorted(gaps)[min(len(gaps) - 1, int(0.99 * len(gaps)))]
        seconds = found["seconds"][name]
        rows.append(
            f"| {name} | {statistics.median(gaps):.1f} ms | {late:.1f} ms"
            f" | {max(gaps):.1f} ms | {seconds:.2f} s |"
        )
    return "\n".join(rows)


def main() -> None:
    """Build, measure in another process, print."""
    options = argparse.ArgumentParser()
    options.add_argument("--json", action="store_true")
    options.add_argument("--folder", type=Path, help="measure with what was built here")
    options.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    given = options.parse_args()
    if given.inside:
        print(json.dumps(measure(given.folder)))
        return
    with tempfile.TemporaryDirectory() as scratch:
        folder = given.folder or Path(scratch)
        if not list(folder.glob("**/*.db*")):
            build(folder)
        call = [sys.executable, __file__, "--inside", "--folder", str(folder)]
        said = subprocess.run(call, check=True, stdout=subprocess.PIPE, text=True).stdout
    found = json.loads(said.splitlines()[-1])
    if given.json:
        print(json.dumps(found))
        return
    about = (
        "Made by `tests/figures/big_chat.py`: gaps of the window's event loop. Wanted: 50 ms at the"
        " longest, 99 % under 16 ms, and opening within 300 ms"
        f" ({this_computer()}; load of the machine: {found['load']:.1f})."
    )
    section = f"{TITLE}\n\n{textwrap.fill(about, 100)}\n\n{table(found)}\n"
    print(section)
    renew(PERFORMANCE, section)


if __name__ == "__main__":
    main()
