"""The documents that hold the figures; each script writes sections of its own."""

import os
import platform
import re
from pathlib import Path

import psutil

DOCS = Path(__file__).parents[2] / "docs"
PERFORMANCE, RELIABILITY = DOCS / "performance.md", DOCS / "reliability.md"
TITLES = {PERFORMANCE: "# Performance\n", RELIABILITY: "# Reliability\n"}


def this_computer() -> str:
    """What the figures were measured on."""
    memory = psutil.virtual_memory().total / 2**30
    return (
        f"{platform.system()} {platform.machine()}, {os.cpu_count()} processor cores,"
        f" {memory:.0f} GB of memory, Python {platform.python_version()}"
    )


def with_section(text: str, new: str) -> str:
    """The file with this section in the place of the old one of its title, or at the end."""
    title = re.escape(new.partition("\n")[0])
    found = re.search(rf"^{title}$.*?(?=^## |\Z)", text, re.MULTILINE | re.DOTALL)
    if found is None:
        return f"{text.rstrip()}\n\n{new}"
    rest = text[found.end() :]
    return text[: found.start()] + new + ("\n" + rest if rest else "")


def renew(report: Path, section: str) -> None:
    """Write the section, its title its first line, and leave the others alone."""
    text = report.read_text("utf-8") if report.exists() else TITLES[report]
    report.write_text(with_section(text, section.rstrip() + "\n"), "utf-8")
