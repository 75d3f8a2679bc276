"""The smoke test: unpacks an archive as a stranger would, and uses what is in it.

The folder has a space and foreign letters in its name and cannot be written, the home is empty, and
of the environment only the least is left. Usage: smoke.py ARCHIVE [PYTHON]; with the Python of the
converter's environment, the bundle is a full one, and has to convert a checkpoint.
"""

import contextlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import dev

FOLDER = "Cellar für Ωμέγα 日本"
NOBODY = 65534  # on Linux: root could write into any folder
WITHIN_S = 420.0  # for a self-test, on a busy machine
FIRST_TOKEN_TARGET_S = 8.0
# What may stand on standard error: Qt's words on an environment without a language or a session.
ALLOWED = re.compile(
    "|".join(
        (
            r"Detected locale .* which is not UTF-8\.",
            r"Qt depends on a UTF-8 locale",
            r"If this causes problems, reconfigure your locale",
            r"for more information\.$",
            r"QStandardPaths: (XDG_RUNTIME_DIR|runtime directory)",
            r"qt\.qpa\.services: Failed to register with host portal",
        )
    )
)


@dataclass(frozen=True)
class Place:
    """An unpacked bundle, and who uses it there."""

    scratch: Path
    program: Path
    user: "int | None"  # None: whoever runs this

    def home(self, name: str) -> Path:
        """A new empty home."""
        home = self.scratch / name
        home.mkdir(mode=0o700)
        if self.user is not None:
            os.chown(home, self.user, self.user)
        return home

    def start(self, home: Path, *arguments: str, **variables: str) -> "subprocess.Popen[bytes]":
        """Start the program with hardly any environment."""
        return subprocess.Popen(
            [str(self.program), *arguments],
            env=environment(home, **variables),
            cwd=home,
            user=self.user,
            group=self.user,
            extra_groups=[] if self.user is not None else None,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )


def environment(home: Path, **variables: str) -> "dict[str, str]":
    """What every program gets on this system, and nothing else."""
    if sys.platform == "win32":
        least = {"SYSTEMROOT": os.environ["SYSTEMROOT"], "USERPROFILE": str(home)}
        least |= {"APPDATA": str(home), "LOCALAPPDATA": str(home), "TEMP": str(home)}
        return least | variables
    return {"HOME": str(home), "PATH": "/usr/bin:/bin", "TMPDIR": str(home), **variables}


def run(packed: Path, converting: "Path | None") -> None:
    """Test what is in the archive. `converting`: the Python of the converter's environment, for a
    full bundle. Raises Problem.
    """
    converter = converting is not None
    with unpacked(packed.resolve()) as place:
        self_test(place, converter, "offscreen")
        first_token(place)
        if converting is not None:
            convert(place, converting)
        if sys.platform == "linux":
            import smoke_window  # needs an X server, a window manager and xdotool

            with smoke_window.display() as number:
                self_test(place, converter, "xcb", DISPLAY=number)
                smoke_window.click_through(place, number)
    dev.say("The smoke test has passed.")


@contextlib.contextmanager
def unpacked(packed: Path) -> Iterator[Place]:
    """The archive in a folder that cannot be written; removed afterwards."""
    scratch = Path(tempfile.mkdtemp(prefix="cellar-smoke-"))
    try:
        scratch.chmod(0o755)
        folder = scratch / FOLDER
        folder.mkdir()
        if packed.suffix == ".zip":
            with zipfile.ZipFile(packed) as archive:
                archive.extractall(folder)  # made a moment ago
        else:
            subprocess.run(["tar", "--extract", "--file", str(packed)], cwd=folder, check=True)
        _make_read_only(folder)
        root = hasattr(os, "geteuid") and os.geteuid() == 0
        yield Place(scratch, _program(folder), NOBODY if root else None)
    finally:
        _remove(scratch)


def _program(folder: Path) -> Path:
    top = next(folder.iterdir())
    names = {"win32": "cellar-console.exe", "darwin": "Cellar.app/Contents/MacOS/cellar"}
    return top / names.get(sys.platform, "cellar")


def _make_read_only(folder: Path) -> None:
    for path in [folder, *folder.rglob("*")]:
        if not path.is_symlink():
            path.chmod(path.stat().st_mode & ~0o222)


def _remove(folder: Path) -> None:
    for path in folder.rglob("*"):
        if path.is_dir() and not path.is_symlink():
            path.chmod(0o755)
    shutil.rmtree(folder, ignore_errors=True)


def self_test(place: Place, converter: bool, platform: str, **variables: str) -> None:
    """Everything that the program proves of itself. Raises Problem."""
    home = place.home(f"self-test {platform}")
    begun = time.monotonic()
    process = place.start(home, "--self-test", QT_QPA_PLATFORM=platform, **variables)
    out, err, code = _ended(process)
    try:
        report = json.loads(out)
    except ValueError:
        raise dev.Problem(f"The self-test ({platform}) ended with {code}: {out}{err}") from None
    wrong = [f"{name}: {c['detail']}" for name, c in report["checks"].items() if not c["ok"]]
    if code or not report["ok"] or wrong:
        raise dev.Problem(f"The self-test ({platform}) found:\n  " + "\n  ".join(wrong or [out]))
    if platform not in report["checks"]["qt"]["detail"]:
        raise dev.Problem(f"Qt did not use {platform}: {report['checks']['qt']['detail']}")
    can_convert = "torch" in report["versions"]
    if can_convert != converter:
        raise dev.Problem(f"Whether the bundle converts: {can_convert}; it should: {converter}.")
    refuse_noise(err)
    count = len(report["checks"])
    dev.say(f"Self-test on {platform}: {count} checks in {time.monotonic() - begun:.1f} s")


def refuse_noise(err: str) -> None:
    """Raise Problem for a line on standard error that nobody expects."""
    noise = [line for line in err.splitlines() if line.strip() and not ALLOWED.search(line)]
    if noise:
        raise dev.Problem("On standard error:\n  " + "\n  ".join(noise[:20]))


def first_token(place: Place) -> None:
    """From start to the first token: the first start of all, then with nothing in the cache."""
    home = place.home("first token")
    dev.say(f"First start, the model not prepared yet: {_asked(place, home):.1f} s to first token")
    forget(place.program.parent)
    forget(home)
    seconds = _asked(place, home)
    dev.say(f"Cold start to first token: {seconds:.1f} s (aim: {FIRST_TOKEN_TARGET_S:.0f} s)")


def convert(place: Place, python: Path) -> None:
    """Make INT8 of a tiny PyTorch checkpoint, and write with it. Raises Problem."""
    checkpoint = place.scratch / "checkpoint"
    script = Path(__file__).with_name("tiny_checkpoint.py")
    environment = dev.clean_environment(HF_HUB_OFFLINE="1")
    subprocess.run([str(python), str(script), str(checkpoint)], env=environment, check=True)
    home, begun = place.home("conversion"), time.monotonic()
    add = ("models", "add", str(checkpoint), "--weights", "int8", "--as", "tiny")
    ask = ("ask", "--model", "tiny", "--max-new-tokens", "8", "Hello")
    for command in (add, ask):
        out, err, code = _ended(place.start(home, "--offline", *command))
        if code:
            raise dev.Problem(f"`{' '.join(command[:2])}` ended with {code}: {out}{err}")
    dev.say(f"A PyTorch checkpoint was converted and used in {time.monotonic() - begun:.1f} s")


def _asked(place: Place, home: Path) -> float:
    """Ask in the terminal; seconds to the first token. Raises Problem."""
    question = ("ask", "--json", "--temperature", "0", "What is the capital of France?")
    begun = time.monotonic()
    process = place.start(home, *question)
    found, events = 0.0, b""
    for line in process.stdout or ():
        events += line
        if not found and json.loads(line).get("event") == "token":
            found = time.monotonic() - begun
    _, err, code = _ended(process)
    if code or b"Paris" not in events:
        raise dev.Problem(f"`ask` ended with {code}: {events.decode()[-300:]}{err}")
    return found


def forget(folder: Path) -> None:
    """Ask the system to keep nothing of these files in memory."""
    if not hasattr(os, "posix_fadvise"):
        return
    for path in folder.rglob("*"):
        if path.is_file():
            with open(path, "rb") as file:
                os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def _ended(process: "subprocess.Popen[bytes]") -> "tuple[str, str, int]":
    """What it said, and its exit code. Raises Problem when it goes on for too long."""
    try:
        out, err = process.communicate(timeout=WITHIN_S)
    except subprocess.TimeoutExpired:
        process.kill()
        out, err = process.communicate()
        raise dev.Problem(f"No end within {WITHIN_S:.0f} s: {out!r} {err!r}") from None
    return out.decode("utf-8", "replace"), err.decode("utf-8", "replace"), process.returncode


if __name__ == "__main__":
    archive, *python = map(Path, sys.argv[1:])
    sys.exit(dev.guarded(lambda: run(archive, *(python or [None])) or 0))
