"""Measures what the issue of speed is about and writes `docs/performance.md`.

`python3 dev.py bench` runs it. Figures hold for the machine that is named in the file.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import textwrap
import time
from pathlib import Path

ROOT = Path(__file__).parents[2]
PROBE = Path(__file__).with_name("probe.py")
sys.path[:0] = [str(ROOT), str(Path(__file__).parent)]  # run as a script, from anywhere

from reports import PERFORMANCE, renew, this_computer  # noqa: E402 - the path above is needed first
from speed import speed_sections  # noqa: E402 - the path above is needed first

STARTS = 7


def probe(what: str, data_dir: Path, *more: str) -> dict[str, object]:
    """One measurement in a process of its own."""
    environment = os.environ | {"QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": str(ROOT)}
    environment |= {"PYTHONPYCACHEPREFIX": str(data_dir / "bytecode")}  # as an installation has it
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    command = [sys.executable, str(PROBE), what, "--data-dir", str(data_dir)]
    run = subprocess.run(
        [*command, "--started", str(time.time()), *more],
        env=environment,
        stdout=subprocess.PIPE,
        check=True,
    )
    figures: dict[str, object] = json.loads(run.stdout)
    return figures


def share(values: list[float], quantile: float) -> float:
    """The value that this share of the values does not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(quantile * len(ordered)))]


def rows(data_dir: Path) -> list[tuple[str, str, str]]:
    """Each figure: what, how much, how much is wanted."""
    starts = [probe("startup", data_dir) for _ in range(STARTS + 1)][1:]  # the first one is cold
    seconds = [float(str(start["seconds"])) for start in starts]
    streamed = probe("streaming", data_dir)
    flooded = probe("flood", data_dir / "flood")
    flood = flooded["gaps_ms"]
    gaps, stops = streamed["gaps_ms"], streamed["stops_ms"]
    assert isinstance(gaps, list)
    assert isinstance(stops, list)
    assert isinstance(flood, list)
    heavy = {str(name) for figures in (*starts, streamed) for name in figures["heavy_modules"]}
    return [
        (
            f"Window on screen after the process started, warm, median of {STARTS}",
            f"{statistics.median(seconds):.2f} s ({min(seconds):.2f} to {max(seconds):.2f})",
            "1.0 s",
        ),
        (
            f"Longest gap of the window's event loop while an answer streams ({len(gaps):,} ticks)",
            f"{max(gaps):.0f} ms",
            "50 ms",
        ),
        ("The same, 99 % of the ticks under", f"{share(gaps, 0.99):.1f} ms", "16 ms"),
        (
            f"Longest gap while 10,000 tokens stream in {flooded['seconds']:.0f} s, from a script",
            f"{max(flood):.0f} ms",
            "50 ms",
        ),
        (
            f"The same, 99 % of the {len(flood):,} ticks under",
            f"{share(flood, 0.99):.1f} ms",
            "16 ms",
        ),
        (
            f"Stop: from the click until the answer has ended, longest of {len(stops)}",
            f"{max(stops):.0f} ms",
            "150 ms",
        ),
        (
            "OpenVINO or PyTorch imported by the window's process",
            ", ".join(sorted(heavy)) or "never",
            "never",
        ),
    ]


def window_section(found: list[tuple[str, str, str]]) -> str:
    """What the window's figures are."""
    about = (
        "Made by `python3 dev.py bench`, as is “Speed to reach”, with the starter model and Qt's"
        f" offscreen platform ({this_computer()})."
    )
    lines = [
        "## The window",
        "",
        textwrap.fill(about, 100),
        "",
        "| figure | measured | wanted |",
        "| --- | --- | --- |",
        *(f"| {what} | {measured} | {wanted} |" for what, measured, wanted in found),
        "",
    ]
    return "\n".join(lines)


def main() -> None:
    """Measure, print, write."""
    with tempfile.TemporaryDirectory() as folder:
        found = rows(Path(folder))
    for section in (window_section(found), "\n".join(speed_sections())):
        renew(PERFORMANCE, section)
        sys.stdout.write(section)


if __name__ == "__main__":
    main()
