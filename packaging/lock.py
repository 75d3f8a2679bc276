"""Pins the newest versions that pyproject.toml allows, on Linux, for every system."""

import json
import sys
import tempfile
import tomllib
from pathlib import Path

import dev

ROOT = Path(__file__).resolve().parents[1]
HEADER = "# Made by `python3 dev.py lock` from pyproject.toml; do not edit."
# What pip chooses on other systems only.
OTHER_SYSTEMS = {
    "run": [
        'colorama==0.4.6 ; sys_platform == "win32"',
        'pywin32-ctypes==0.2.3 ; sys_platform == "win32"',
    ],
    "bundle": [
        'pefile==2024.8.26 ; sys_platform == "win32"',
        'macholib==1.16.4 ; sys_platform == "darwin"',
    ],
}


def lock() -> int:
    """Write the files of pinned packages."""
    settings = tomllib.loads(dev.source_text("project", dev.Checkout(ROOT)))
    wanted = settings["build-system"]["requires"] + settings["project"]["dependencies"]
    extras = settings["project"]["optional-dependencies"]
    tests = [dev.cpu_torch(line) for name in ("convert", "test", "lint") for line in extras[name]]
    with tempfile.TemporaryDirectory() as folder:
        scratch = dev.Checkout(Path(folder))
        dev.make_venv(scratch)
        dev.say("Resolving …")
        needed = resolve(scratch, wanted)
        everything = resolve(scratch, needed + tests)
        torch = [dev.cpu_torch(pin) for pin in everything if pin.startswith("torch==")]
        converting = names(resolve(scratch, needed + extras["convert"] + torch))
        building = resolve(scratch, needed + extras["bundle"])
    more = [pin for pin in everything if pin not in needed]
    write("run", needed)
    write("test", more)
    write("convert", [pin for pin in more if names([pin]) <= converting])
    write("bundle", [pin for pin in building if pin not in needed])
    return 0


def names(pins: list[str]) -> set[str]:
    """What is pinned, without versions."""
    return {pin.partition("==")[0] for pin in pins}


def write(name: str, pins: list[str]) -> None:
    """Write the pins of one kind, and what other systems need beside them."""
    lines = sorted(pins + OTHER_SYSTEMS.get(name, []), key=str.lower)
    (ROOT / dev.SOURCES[name]).write_text("\n".join([HEADER, *lines]) + "\n", encoding="utf-8")


def resolve(scratch: dev.Checkout, wanted: list[str]) -> list[str]:
    """Return pip's choice as `name==version`, without local parts such as `+cpu`."""
    report = scratch.root / "report.json"
    options = ["--dry-run", "--ignore-installed", "--report", str(report)]
    dev.pip_with_torch(scratch, "Resolving", "install", *options, *wanted)
    chosen = [item["metadata"] for item in json.loads(dev.text_of(report))["install"]]
    return [f"{item['name']}=={item['version'].partition('+')[0]}" for item in chosen]


if __name__ == "__main__":
    sys.exit(dev.guarded(lock))
