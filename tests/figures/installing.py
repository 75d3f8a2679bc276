"""Measures the window while a model is downloaded and compressed, beside a chat.

Writes “The window meanwhile” of `docs/reliability.md`. The hub is the one of the tests, in this
process; the window is in a process of its own.
"""

import json
import os
import subprocess
import sys
import tempfile
import textwrap
from dataclasses import replace
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT), str(Path(__file__).parent)]  # run as a script, from anywhere

from bench import share  # noqa: E402
from probe import LONG_QUESTION, Probe  # noqa: E402
from reports import RELIABILITY, renew, this_computer  # noqa: E402

from desktop.domain.catalogue import Source, SourceKind  # noqa: E402
from desktop.domain.fit import Machine  # noqa: E402
from desktop.models.catalogue import read_catalogue  # noqa: E402
from desktop.paths import resources  # noqa: E402
from desktop.program import Program  # noqa: E402
from desktop.services.shelf.commands import Get  # noqa: E402
from tests.hub.models import folder_files  # noqa: E402
from tests.hub.server import Hub  # noqa: E402
from tests.models.starter_fp16 import starter_fp16_ir  # noqa: E402

TITLE = "## The window meanwhile"
REPOSITORY = "cellar/starter-fp16-ov"
GIB = 2**30


def one_model() -> None:
    """Let the catalogue be one model that the hub has, whatever this computer is."""
    starter = next(e for e in read_catalogue(resources() / "catalogue") if e.starter)
    source = Source(SourceKind.OPENVINO_FP16, REPOSITORY, "fp16", checked=True)
    other = replace(starter, id="other", name="Other", starter=None, sources=(source,))
    Program.catalogue = (starter, other)  # type: ignore[assignment]
    machine = Machine(16 * GIB, 12 * GIB, 100 * GIB, ("CPU",), 20e9, 4)
    Program.machine = lambda _: machine  # type: ignore[method-assign]


def watch(data_dir: str) -> dict[str, object]:
    """The gaps of the window's event loop while a model comes and an answer is written."""
    one_model()
    probe = Probe(["--data-dir", data_dir])
    probe.wait(lambda: probe.ready)
    page = probe.window.models_page
    probe.watch_gaps()
    page.asked.emit(Get("other", "int4"))
    probe.say(LONG_QUESTION)
    probe.wait(lambda: any("is ready" in b.text() for b in probe.window.pane.banners.banners()))
    gaps = probe.stop_watching()
    probe.close()
    return {"gaps_ms": gaps}


def measure(folder: Path) -> list[float]:
    """Run the window against a hub that has the starter as FP16."""
    model = starter_fp16_ir(folder / "fp16")
    with Hub() as hub:
        hub.publish(REPOSITORY, folder_files(model))
        environment = os.environ | {"HF_ENDPOINT": hub.url, "QT_QPA_PLATFORM": "offscreen"}
        command = [sys.executable, __file__, "window", str(folder / "data")]
        run = subprocess.run(command, env=environment, stdout=subprocess.PIPE, check=True)
    gaps: list[float] = json.loads(run.stdout)["gaps_ms"]
    return gaps


def section(gaps: list[float]) -> str:
    """The section of the report."""
    about = (
        "Made by `tests/figures/installing.py`: from the click on Get until the model is ready, a"
        " model with 269 MB of FP16 weights is downloaded from a hub on the same computer and"
        f" compressed to INT4, while the starter writes an answer ({this_computer()})."
    )
    rows = (
        ("longest gap of the window's event loop", f"{max(gaps):.0f} ms", "50 ms"),
        ("99 % of the gaps under", f"{share(gaps, 0.99):.1f} ms", "16 ms"),
        ("ticks of the clock", f"{len(gaps):,}", ""),
    )
    table = "\n".join(f"| {what} | {measured} | {wanted} |" for what, measured, wanted in rows)
    head = "| figure | measured | wanted |\n| --- | --- | --- |"
    return f"{TITLE}\n\n{textwrap.fill(about, 100)}\n\n{head}\n{table}\n"


def main() -> None:
    """Measure and write, or be the window that is measured."""
    if sys.argv[1:2] == ["window"]:
        sys.stdout.write(json.dumps(watch(sys.argv[2])))
        return
    with tempfile.TemporaryDirectory() as folder:
        new = section(measure(Path(folder)))
    renew(RELIABILITY, new)
    sys.stdout.write(new)


if __name__ == "__main__":
    main()
