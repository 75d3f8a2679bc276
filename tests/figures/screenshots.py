"""Takes the pictures of the documentation: `python3 dev.py screenshots`.

Two show real answers of the starter model; the others use the scripted engine.
"""

import os
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT), str(Path(__file__).parent)]

from probe import Probe  # noqa: E402 - the path above is needed first
from PySide6.QtCore import QLocale  # noqa: E402
from PySide6.QtGui import QPainter  # noqa: E402
from PySide6.QtWidgets import QWidget  # noqa: E402

from desktop.domain.conversation import ContextPolicy  # noqa: E402
from desktop.engine.fake import FakeEngine, Script  # noqa: E402
from desktop.program import Program  # noqa: E402
from desktop.ui.theme import ThemeWatcher  # noqa: E402
from desktop.ui.transcript.item import SpotKind  # noqa: E402

PICTURES = ROOT / "docs"
QUESTIONS = ("What is the capital of France?", "And what language do they speak there?")
FOX = {
    "What do foxes eat?": "Mice and voles first of all, then berries, beetles and fallen fruit. In"
    " towns they take what our bins have to offer.",
    "Where do they sleep?": "In an *earth*: a burrow they dig themselves, or take over from a"
    " rabbit or a badger. Outside the cold months many sleep in the open, under a hedge.",
    "How many cubs do they have?": "Four or five as a rule, born in March or April. They leave the"
    " earth after about four weeks.",
    "Are they seen by day?": "More often than one would think, above all in spring, when the cubs"
    " must be fed.",
}
SETTLED_S = 0.3  # the engine counts once more after an answer
PAUSE_S = 0.02  # as a small model on a laptop writes
LONG = Script(answers=tuple(FOX.values()), used=7012, available=8192, pause=PAUSE_S)


def real_answer(data_dir: Path) -> None:
    """Ask the real model, show what it says, and all its figures."""
    probe = Probe(["--data-dir", str(data_dir)])
    probe.wait(lambda: probe.ready)
    for question in QUESTIONS:
        ask(probe, question)
    take(probe, "chat")
    unfold(probe)
    take(probe, "figures")
    probe.close()


def first_run(data_dir: Path) -> None:
    """An empty conversation."""
    probe = Probe(["--data-dir", str(data_dir), "--engine", "fake"])
    probe.wait(lambda: probe.ready)
    take(probe, "first-run")
    probe.close()


def reading(data_dir: Path) -> None:
    """A long prompt is being read."""
    steps = tuple((min(4687, read), 4687) for read in range(0, 4800, 46))
    probe = scripted(data_dir, Script(reading=steps, used=4687, available=8192, pause=0.03))
    probe.say("Which of these minutes speak of the roof? (a long text follows)")
    probe.wait(lambda: "Reading 2," in probe.shown)
    take(probe, "reading")
    probe.close()


def context_choices(data_dir: Path) -> None:
    """What happens when the context is full, over the meter."""
    probe = scripted(data_dir, LONG)
    talk(probe)
    probe.window.pane.context.click()
    take(probe, "context", probe.window.pane.context.findChild(QWidget, "contextPopover"))
    probe.close()


def left_out(data_dir: Path) -> None:
    """The mark of what the model no longer sees, in the dark theme."""
    probe = scripted(data_dir, replace(LONG, unseen=(0, 1, 2, 3), used=4210))
    probe.window.findChild(ThemeWatcher).choose("dark")
    talk(probe)
    take(probe, "left-out")
    probe.window.findChild(ThemeWatcher).choose("light")
    probe.close()


def context_full(data_dir: Path) -> None:
    """A conversation that does not fit, where the user wants to be asked."""
    probe = scripted(data_dir, replace(LONG, used=8410, overfull=True))
    talk(probe)
    probe.window.pane.context.choice_made.emit(ContextPolicy.ASK, False)
    probe.say("And what do their calls mean?")
    probe.wait(lambda: "at once" in probe.shown)
    take(probe, "context-full")
    probe.close()


def scripted(data_dir: Path, script: Script) -> Probe:
    """A window with a scripted engine, without the line about better models."""
    Program.make_engine = lambda _: FakeEngine(script)  # type: ignore[method-assign]
    probe = Probe(["--data-dir", str(data_dir), "--engine", "fake"])
    probe.wait(lambda: probe.ready)
    probe.wait(lambda: bool(probe.window.pane.banners.banners()))
    probe.window.pane.banners.clear()
    probe.window.resize(1040, 720)
    return probe


def talk(probe: Probe) -> None:
    """A conversation about foxes."""
    for question in FOX:
        ask(probe, question)


def ask(probe: Probe, question: str) -> None:
    """Say something and wait for the whole answer."""
    messages = len(probe.window.pane.transcript._scene.column.items)
    probe.say(question)
    probe.wait(lambda: len(probe.window.pane.transcript._scene.column.items) == messages + 2)
    probe.wait(lambda: not probe.busy)


def unfold(probe: Probe) -> None:
    """Show all figures of the last answer."""
    view = probe.window.pane.transcript
    found = [placed for placed in view._scene.spots() if placed.key.kind is SpotKind.FIGURES]
    view._click(found[-1])


def take(probe: Probe, name: str, over: QWidget | None = None) -> None:
    """Write the window as it is now, with what has opened over it."""
    began = time.monotonic()
    probe.wait(lambda: time.monotonic() - began > SETTLED_S)
    PICTURES.mkdir(exist_ok=True)
    path = PICTURES / f"{name}.png"
    picture = probe.window.grab()
    if over is not None:
        painter = QPainter(picture)
        painter.drawPixmap(probe.window.mapFromGlobal(over.pos()), over.grab())
        painter.end()
        over.close()
    picture.save(str(path))
    sys.stdout.write(f"{path.relative_to(ROOT)}\n")


def main() -> None:
    """Take the pictures that the command line names, or all, each from a fresh data directory."""
    QLocale.setDefault(QLocale("en_US"))
    pictures: tuple[Callable[[Path], None], ...] = (
        real_answer,
        first_run,
        reading,
        context_choices,
        left_out,
        context_full,
    )
    for picture in pictures:
        if len(sys.argv) < 2 or picture.__name__ in sys.argv[1:]:
            with tempfile.TemporaryDirectory() as folder:
                picture(Path(folder))


if __name__ == "__main__":
    main()
