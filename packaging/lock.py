"""Pins the newest versions that pyproject.toml allows, on Linux, for every system."""

import json
import re
import shutil
import sys
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
    scratch = dev.Checkout(ROOT, "build/environments/lock")
    scratch.venv.parent.mkdir(parents=True, exist_ok=True)
    dev.make_venv(scratch)
    fetch_torch(scratch, tests)
    # All at once: what the program alone could have is too new for what converts models.
    everything = resolve(scratch, wanted + tests)
    needed = resolve(scratch, wanted, everything)
    converting = resolve(scratch, extras["convert"], everything)
    building = resolve(scratch, extras["bundle"], everything)
    write("run", needed)
    write("test", [pin for pin in everything if pin not in needed])
    write("convert", [pin for pin in converting if pin not in needed])
    write("bundle", [pin for pin in building if pin not in needed])
    shutil.rmtree(scratch.venv)
    return 0


def fetch_torch(scratch: dev.Checkout, wanted: list[str]) -> None:
    """Put torch's CPU build where each resolve finds it, so that none needs PyTorch's index."""
    dev.say("Fetching torch (about 190 MB) …")
    torch = [line for line in wanted if line.startswith("torch==")]
    options = ["--no-deps", "--only-binary=:all:", "--dest", str(scratch.venv / "torch")]
    dev.pip_with_torch(scratch, "Fetching torch", "download", *options, *torch)


def resolve(scratch: dev.Checkout, wanted: list[str], chosen: list[str] | None = None) -> list[str]:
    """Return pip's choice as `name==version`, without local parts such as `+cpu`.

    Of what is chosen already, it takes just these versions.
    """
    dev.say(f"Resolving {len(wanted)} requirements …")
    constraints, report = scratch.venv / "constraints.txt", scratch.venv / "report.json"
    constraints.write_text("\n".join(chosen or []), encoding="utf-8")
    options = ["--dry-run", "--ignore-installed", "--only-binary=:all:", "--report", str(report)]
    places = ["--find-links", str(scratch.venv / "torch"), "--constraint", str(constraints)]
    try:
        dev.pip(scratch, "Resolving", "install", *options, *places, *wanted)
    except dev.Problem as problem:
        raise conflict(scratch) or problem from None
    found = [item["metadata"] for item in json.loads(dev.text_of(report))["install"]]
    return [f"{item['name']}=={item['version'].partition('+')[0]}" for item in found]


def write(name: str, pins: list[str]) -> None:
    """Write the pins of one kind, and what other systems need beside them."""
    lines = sorted(pins + OTHER_SYSTEMS.get(name, []), key=str.lower)
    (ROOT / dev.SOURCES[name]).write_text("\n".join([HEADER, *lines]) + "\n", encoding="utf-8")


def conflict(scratch: dev.Checkout) -> dev.Problem | None:
    """What pip said of requirements that exclude each other, if it did."""
    causes = re.search(r"The conflict is caused by:\n((?: +.*\n)+)", dev.text_of(scratch.log))
    if not causes:
        return None
    problem = dev.Problem(
        "No versions fit all these requirements: change a bound in pyproject.toml. "
        f"(Log: {scratch.log})"
    )
    problem.add_note(causes[1].rstrip())
    return problem


if __name__ == "__main__":
    sys.exit(dev.guarded(lock))
