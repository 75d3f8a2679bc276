"""A program under strace, in a network namespace without any route: what it opened and reached."""

import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

PACKAGES = {"strace": "strace", "unshare": "util-linux"}
CALLS = (
    *("%network", "open", "openat", "openat2", "creat", "mkdir", "mkdirat", "mknod", "mknodat"),
    *("rename", "renameat", "renameat2", "link", "linkat", "symlink", "symlinkat", "truncate"),
    *("unlink", "unlinkat", "rmdir", "execve"),
)
OPENS = ("open", "openat", "openat2", "creat")
OF_FILES = frozenset(CALLS[1:])
_LINE = re.compile(r"(\w+)\((.*)\)\s+= (-?\d+|\?)(.*)")
_OPENED = re.compile(r"<(/.*)>$")
_WRITES = re.compile(r"O_WRONLY|O_RDWR|O_CREAT|O_TRUNC|O_APPEND|O_TMPFILE")
_NAMES = re.compile(r'(?:(?:AT_FDCWD|\d+)(?:<([^>]*)>)?, )?"((?:[^"\\]|\\.)*)"')
_STRING = re.compile(r'"(?:[^"\\]|\\.)*"')
_FAMILY = re.compile(r"\b[AP]F_\w+")
LOCAL = {"AF_UNIX", "AF_LOCAL"}


@dataclass(frozen=True)
class Call:
    """A system call that was made."""

    name: str
    arguments: str
    result: int
    rest: str

    @property
    def paths(self) -> tuple[str, ...]:
        """The files that it is about, absolute where strace knew it."""
        if self.name in OPENS and (opened := _OPENED.search(self.rest)):
            return (opened[1],)
        found = _NAMES.findall(self.arguments)
        return tuple(
            name if name.startswith("/") or not folder else f"{folder}/{name}"
            for folder, name in (found[:1] if self.name == "execve" else found)
        )

    @property
    def is_foreign(self) -> bool:
        """True for one that names a family of addresses other than Unix's."""
        families = set(_FAMILY.findall(_STRING.sub("", self.arguments)))
        return bool(families - LOCAL)

    @property
    def writes(self) -> bool:
        """True for one that makes or changes a file or folder."""
        if self.name in OPENS:
            return self.name == "creat" or bool(_WRITES.search(self.arguments))
        return self.name != "execve"


@dataclass(frozen=True)
class Traced:
    """What came of a program, and every call of it and its children that was looked at."""

    code: int
    out: str
    err: str
    calls: tuple[Call, ...]

    @property
    def of_network(self) -> tuple[Call, ...]:
        """Those that make or use a socket that is not of this computer's own kind.

        Whatever is done with a socket later, it was made first.
        """
        return tuple(call for call in self.calls if call.name not in OF_FILES and call.is_foreign)

    def files(self, *, written: bool) -> set[str]:
        """The files that were read, or those that were written, where that succeeded."""
        return {
            path
            for call in self.calls
            if call.result >= 0 and call.name in OF_FILES and call.writes == written
            for path in call.paths
        }


def need_tools() -> None:
    """Fail where this cannot be tried: a test that proves nothing must not pass."""
    missing = [package for tool, package in PACKAGES.items() if shutil.which(tool) is None]
    if missing:
        pytest.fail(f"Install what these tests need: apt-get install {' '.join(missing)}")
    tried = subprocess.run(["unshare", "-n", "true"], capture_output=True, check=False)
    if tried.returncode:
        pytest.fail(f"A network namespace is needed; run as root: {tried.stderr.decode()}")


def run_traced(
    command: Sequence[str], environment: Mapping[str, str], cwd: Path, stdin: str, notes: Path
) -> Traced:
    """Run it to the end. `notes` is an empty folder for what strace writes."""
    need_tools()
    strace = ["strace", "-ff", "-qq", "-y", "--seccomp-bpf", "-s", "4096", "-e", "signal=none"]
    strace += ["-e", f"trace={','.join(CALLS)}", "-o", str(notes / "calls")]
    ran = subprocess.run(
        ["unshare", "-n", *strace, *command],
        env=environment,
        cwd=cwd,
        input=stdin,
        capture_output=True,
        text=True,
        check=False,
    )
    calls = tuple(call for path in sorted(notes.iterdir()) for call in _calls(path))
    return Traced(ran.returncode, ran.stdout, ran.stderr, calls)


def _calls(path: Path) -> Iterator[Call]:
    for line in path.read_text("utf-8", "replace").splitlines():
        if found := _LINE.match(line):
            result = -1 if found[3] == "?" else int(found[3])
            yield Call(found[1], found[2], result, found[4])
        elif not line.startswith(("exit", "+++", "---")):
            raise AssertionError(f"strace wrote a line that is not understood: {line:.300}")
