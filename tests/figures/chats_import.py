"""Measures the import of a large file beside a chat and writes “A large import” of
`docs/reliability.md`.

Run by hand; it takes about a minute and half a gigabyte of disk. Another connection saves a message
twice a second meanwhile, as a chat does that is being answered.
"""

import json
import os
import statistics
import sys
import tempfile
import textwrap
import threading
import time
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT), str(Path(__file__).parent)]

from probe import Probe  # noqa: E402 - the path above is needed first
from reports import RELIABILITY, renew, this_computer  # noqa: E402

from desktop.domain.conversation import Conversation, Message, Role  # noqa: E402
from desktop.paths import Paths  # noqa: E402
from desktop.services.history.notices import HistoryTrouble, Imported  # noqa: E402
from desktop.storage.opening import open_beside  # noqa: E402

TITLE = "## A large import"
SIZE = 200_000_000
WORDS = "the quick brown fox jumps over the lazy dog near river bank " * 8
SAVED_EVERY_S = 0.5


def write(file: Path) -> int:
    """A file of chats with ten messages each, one a line; returns how many."""
    count = 0
    with file.open("w", encoding="utf-8") as lines:
        while lines.tell() < SIZE:
            said = [
                {"role": role, "content": f"{count} {turn} {WORDS}"}
                for turn in range(5)
                for role in ("user", "assistant")
            ]
            lines.write(json.dumps({"messages": said}) + "\n")
            count += 1
    return count


class Chatter:
    """Saves a message now and then, and notes how long each waited."""

    def __init__(self, data_dir: Path) -> None:
        self.waits_ms: list[float] = []
        self._paths = Paths.of(data_dir)
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._save)

    def __enter__(self) -> "Chatter":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()

    def _save(self) -> None:
        store = open_beside(self._paths, to_change=True)
        conversation = Conversation(title="Mine")
        store.save_conversation(conversation)
        message = Message(Role.USER, "Something that must not be lost")
        while not self._ended.wait(SAVED_EVERY_S):
            began = time.perf_counter()
            store.save_messages(conversation.id, [message], message.id)
            self.waits_ms.append(1000 * (time.perf_counter() - began))
        store.close()


def measure(folder: Path) -> str:
    """Import through the window; the section, its title included."""
    file, data_dir = folder / "chats.jsonl", folder / "data"
    count = write(file)
    probe = Probe(["--engine", "fake", "--data-dir", str(data_dir)])
    probe.wait(lambda: probe.ready)
    told: list[object] = []
    probe.window._threads.history.noticed.connect(told.append)
    with Chatter(data_dir) as chatter:
        probe.watch_gaps()
        probe.window._sidebar_presenter.import_files([file])
        took = probe.wait(lambda: any(isinstance(n, Imported | HistoryTrouble) for n in told))
        gaps = sorted(probe.stop_watching())
    probe.close()
    assert not any(isinstance(notice, HistoryTrouble) for notice in told), told[-1]
    about = (
        f"Made by `tests/figures/chats_import.py`: a file of {SIZE / 1e6:,.0f} MB with"
        f" {count:,} chats is imported in {took:.0f} s ({this_computer()}). Meanwhile the window's"
        f" event loop has gaps of {gaps[int(len(gaps) * 0.99)]:.0f} ms at the 99th percentile,"
        f" {gaps[-1]:.0f} ms at the longest, and a message of another chat is saved within"
        f" {statistics.median(chatter.waits_ms):.0f} ms (median),"
        f" {max(chatter.waits_ms):.0f} ms at the longest."
    )
    return f"{TITLE}\n\n{textwrap.fill(about, 100)}\n"


def main() -> None:
    """Measure, print, and renew the report."""
    with tempfile.TemporaryDirectory() as folder:
        section = measure(Path(folder))
    print(section)
    renew(RELIABILITY, section)


if __name__ == "__main__":
    main()
