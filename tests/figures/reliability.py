"""Measures downloads that are disturbed and writes “Downloads” of `docs/reliability.md`.

The hub is the one of the tests, on this computer. Other sections of the file are left alone.
"""

import random
import sys
import tempfile
import textwrap
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT), str(Path(__file__).parent)]  # run as a script, from anywhere

from reports import RELIABILITY, renew, this_computer  # noqa: E402 - the path above is needed first

from desktop.domain.events import JobDone  # noqa: E402
from tests.hub.faults import Cut, Fault, Stall, Status, WrongBytes  # noqa: E402
from tests.hub.fetching import REPOSITORY, ChildFetch, wait_until  # noqa: E402
from tests.hub.models import ir_files, noise  # noqa: E402
from tests.hub.server import Hub  # noqa: E402

FILE = "openvino_model.bin"
SIZE = 60_000_000  # bytes
RATE = 30e6  # bytes per second of a connection, where a process is killed in the middle
TITLE = "## Downloads"


@dataclass(frozen=True)
class Figure:
    """What one disturbed download came to."""

    what: str
    tries: int  # requests for the file
    twice: int  # bytes that were on disk and came again
    lost: int  # bytes that were on the way when the process was killed
    seconds: float


class Trial:
    """One download of a file of 60 MB, from an empty folder."""

    def __init__(self, hub: Hub, folder: Path) -> None:
        self.hub = hub
        self.folder = folder
        self.part = folder / f"{FILE}.part"
        self.kept: list[int] = []  # bytes on disk after each kill

    def finish(self) -> None:
        """Let a process bring it to its end."""
        child = ChildFetch(self.hub, self.folder)
        outcome = child.outcome()
        child.kill()
        if not isinstance(outcome, JobDone):
            raise RuntimeError(f"the download did not end well: {outcome}")

    def kill_at(self, size: int) -> None:
        """Let a process begin, and kill it when so much is on disk."""
        child = ChildFetch(self.hub, self.folder)
        wait_until(lambda: self.part.exists() and self.part.stat().st_size >= size)
        child.kill()
        self.kept.append(self.part.stat().st_size)

    def figure(self, what: str, seconds: float) -> Figure:
        """Count, and check that the file is right."""
        if (self.folder / FILE).read_bytes() != CONTENT:
            raise RuntimeError("the file is not what it should be")
        starts = [r.start for r in self.hub.asked(FILE) if r.host == self.hub.storage[7:]]
        sent = self.hub.sent[REPOSITORY, FILE]
        if not self.kept:
            return Figure(what, len(starts), sent - SIZE, 0, seconds)
        again = sum(kept - start for kept, start in zip(self.kept, starts[1:], strict=True))
        return Figure(what, len(starts), again, sent - SIZE - again, seconds)


CONTENT = noise(SIZE)


@contextmanager
def trial(*faults: Fault, rate: float = 0.0) -> Iterator[Trial]:
    """A hub of its own, and an empty folder."""
    with Hub() as hub, tempfile.TemporaryDirectory() as folder:
        hub.publish(REPOSITORY, ir_files() | {FILE: CONTENT})
        hub.fail(REPOSITORY, FILE, *faults)
        hub.rate = rate
        yield Trial(hub, Path(folder) / "x")


def disturbed(what: str, *faults: Fault) -> Figure:
    """A download in one process, with a hub that does these things wrong."""
    with trial(*faults) as download:
        began = time.monotonic()
        download.finish()
        return download.figure(what, time.monotonic() - began)


def killed(what: str, *sizes: int) -> Figure:
    """A download whose process is killed when these sizes are on disk, and started again."""
    with trial(rate=RATE) as download:
        began = time.monotonic()
        for size in sizes:
            download.kill_at(size)
        download.finish()
        return download.figure(what, time.monotonic() - began)


def figures() -> Iterator[Figure]:
    """Every disturbance, one after another."""
    tenth = SIZE // 10
    yield disturbed("nothing")
    cuts = (Cut(tenth), Cut(4 * tenth), Cut(SIZE - 5 * tenth - tenth // 10))
    yield disturbed("connection cut at 10, 50 and 99 %", *cuts)
    yield disturbed("connection cut 20 times", *[Cut(SIZE // 21)] * 20)
    yield disturbed("429, 500 and 503, each once", Status(429), Status(500), Status(503))
    yield disturbed("silence of 60 s at 50 %", Stall(SIZE // 2))
    yield disturbed("wrong bytes, once", WrongBytes())
    for share in (10, 50, 99):
        yield killed(f"process killed at {share} %", SIZE * share // 100)
    moments = sorted(random.Random(7).sample(range(SIZE), 8))  # noqa: S311
    yield killed("process killed at 8 random moments", *moments)


def section(found: list[Figure]) -> str:
    """The section, its title included."""
    rows = [
        f"| {f.what} | {f.tries} | {f.twice:,} | {f.lost:,} | {f.seconds:.1f} s |" for f in found
    ]
    about = (
        f"Made by `tests/figures/reliability.py`: a model with a file of {SIZE // 10**6} MB, from a"
        f" hub on the same computer ({this_computer()}). Every"
        " file was right in the end. Where a process is killed, the hub sends"
        f" {RATE / 1e6:.0f} MB/s and a new process goes on; what was on the way then had never"
        " been on disk. After 20 s"
        " of silence the connection is made anew. Wrong bytes show only at the end, so that file"
        " comes again as a whole."
    )
    return "\n".join(
        [
            TITLE,
            "",
            *textwrap.wrap(about, 100),
            "",
            "| disturbance | requests for the file | bytes fetched twice | bytes lost on the way |"
            " time |",
            "| --- | --- | --- | --- | --- |",
            *rows,
            "",
        ]
    )


def main() -> None:
    """Measure, print, write."""
    found = []
    for figure in figures():
        sys.stdout.write(f"{figure}\n")
        found.append(figure)
    renew(RELIABILITY, section(found))


if __name__ == "__main__":
    main()
