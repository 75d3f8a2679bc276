"""Takes the pictures of the documentation: `python3 dev.py screenshots`.

The first one shows a real answer of the starter model; the others use the scripted engine.
"""

import os
import sys
import tempfile
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT), str(Path(__file__).parent)]

from probe import Probe  # noqa: E402 - the path above is needed first

PICTURES = ROOT / "docs"
QUESTIONS = ("What is the capital of France?", "And what language do they speak there?")


def real_answer(data_dir: Path) -> None:
    """Ask the real model and show what it says."""
    probe = Probe(["--data-dir", str(data_dir)])
    probe.wait(lambda: probe.ready)
    for question in QUESTIONS:
        probe.say(question)
        probe.wait(lambda: probe.busy)
        probe.wait(lambda: not probe.busy)
    take(probe, "chat")
    probe.close()


def first_run(data_dir: Path) -> None:
    """An empty conversation."""
    probe = Probe(["--data-dir", str(data_dir), "--engine", "fake"])
    probe.wait(lambda: probe.ready)
    take(probe, "first-run")
    probe.close()


def take(probe: Probe, name: str) -> None:
    """Write the window as it is now."""
    probe.app.processEvents()
    PICTURES.mkdir(exist_ok=True)
    path = PICTURES / f"{name}.png"
    probe.window.grab().save(str(path))
    sys.stdout.write(f"{path.relative_to(ROOT)}\n")


def main() -> None:
    """Take every picture, each from a fresh data directory."""
    for picture in (real_answer, first_run):
        with tempfile.TemporaryDirectory() as folder:
            picture(Path(folder))


if __name__ == "__main__":
    main()
