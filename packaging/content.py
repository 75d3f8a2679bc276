"""What a bundle must be and must not have: sizes, versions, and names that have no place in it."""

import importlib.metadata
import re
from dataclasses import dataclass
from pathlib import Path

import dev
from installed import canonical

MB = 1_000_000
# What PyInstaller may fail to find: the driver's loader of the computer where Cellar runs, what
# plugins link that are left out, and what code for other systems and makers' GPUs asks for.
NOT_FOUND_ALLOWED = re.compile(
    r"libOpenCL|'libg[dt]k-3\.so|'libze_loader|libamdhip64|libhiprtc|libcuda|libnvrtc"
    r"|^(ntdll|ole32|shell32|user32|kernel32|secur32|libc\.dylib)$"
)
# By name of a folder or file, in the chat program.
FORBIDDEN = ("torch", "transformers", "optimum", "sklearn", "tests", "test", "openvino_telemetry")
FORBIDDEN_EVERYWHERE = ("openvino_telemetry", "torchvision", "sklearn", "pip", "pytest")
ALLOWED = ("numpy/testing", "resources/licences")


@dataclass(frozen=True)
class Budget:
    """Bytes that a bundle may have."""

    unpacked: int
    packed: int | None = None


BUDGETS = {
    "light": Budget(480 * MB, 135 * MB),  # without the model
    "full": Budget(1300 * MB),
}


def refuse_warnings(log: str) -> None:
    """Raise Problem for a library that was not found."""
    found = re.findall(r"WARNING: Library not found: (.*)", log)
    found += re.findall(r"WARNING: Library (\S+) required via ctypes not found", log)
    lacking = [line for line in found if not NOT_FOUND_ALLOWED.search(line)]
    if lacking:
        raise dev.Problem("The build found no library for:\n  " + "\n  ".join(lacking))


def files(folder: Path) -> "list[Path]":
    """Every real file, no links."""
    return sorted(path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())


def size_of(folder: Path) -> int:
    """Bytes of all real files."""
    return sum(path.stat().st_size for path in files(folder))


def model_size(folder: Path) -> int:
    """Bytes of the model that comes along."""
    return sum(path.stat().st_size for path in files(folder) if path.parent.name == "starter")


def largest(folder: Path, count: int = 12) -> "list[str]":
    """The largest files, a line each."""
    found = sorted(files(folder), key=lambda path: -path.stat().st_size)[:count]
    return [f"{path.stat().st_size / MB:8.1f} MB  {path.relative_to(folder)}" for path in found]


def refuse_large(what: str, size: int, budget: int) -> None:
    """Raise Problem above the budget."""
    if size > budget:
        raise dev.Problem(
            f"The bundle is too large: {size / MB:.1f} MB {what}; {budget / MB:.0f} are allowed."
        )


def refuse_forbidden(contents: Path, converter: bool) -> None:
    """Raise Problem for what has no place in a program."""
    names = FORBIDDEN_EVERYWHERE if converter else FORBIDDEN
    found = [
        str(path.relative_to(contents))
        for path in contents.rglob("*")
        if path.stem in names
        and not any(str(path.relative_to(contents)).startswith(place) for place in ALLOWED)
    ]
    if found:
        raise dev.Problem("These have no place in the bundle:\n  " + "\n  ".join(found[:20]))


def refuse_paths(folder: Path, places: "list[Path]") -> None:
    """Raise Problem where a file names a folder of this build."""
    signs = [str(place).encode() + b"/" for place in places]
    found = []
    for path in files(folder):
        content = path.read_bytes() if path.suffix != ".gguf" else b""
        found += [f"{path.relative_to(folder)}: {s.decode()}" for s in signs if s in content]
    if found:
        raise dev.Problem("These name a folder of this build:\n  " + "\n  ".join(found[:20]))


def refuse_other_versions(contents: Path, locked: str) -> None:
    """Raise Problem where a package is not of the version that the lock has."""
    pins = {
        canonical(name): version.partition(" ")[0]
        for name, _, version in (line.partition("==") for line in locked.splitlines())
        if version
    }
    found = {
        canonical(package.metadata["Name"]): package.version.partition("+")[0]
        for package in importlib.metadata.distributions(path=[str(contents)])
    }
    other = [f"{name} {found[name]}" for name in found if pins.get(name) != found[name]]
    if other or not found:
        raise dev.Problem(f"Not of the locked versions: {', '.join(other) or 'all packages'}.")
