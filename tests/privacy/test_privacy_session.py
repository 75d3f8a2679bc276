"""A whole session leaves nothing and tells nobody: traced, and without any network."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.privacy.table import allowed, unexplained
from tests.privacy.trace import Traced, run_traced
from tests.support import ROOT, linked_copy

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.skipif(sys.platform != "linux", reason="strace is Linux's"),
]

WORD = "qxzwalrus"
CANARY = f"The purple {WORD} lives in room 5417."
TOKEN = "hf_" + "canarytoken" * 3
CAPITALS = ("PROGRAM", "DATA", "HOME", "ATTACHED", "SCRATCH")
DRIVER = Path(__file__).with_name("session_driver.py")


@dataclass(frozen=True)
class Session:
    """What a person did, and what came of it."""

    folder: Path
    traced: Traced
    told: dict[str, Any]

    @property
    def data(self) -> Path:
        return self.folder / "data"

    def everything(self) -> dict[str, bytes]:
        """Every file that is left, by its name, without the models."""
        files = (path for path in self.folder.rglob("*") if path.is_file())
        return {
            str(path.relative_to(self.folder)): path.read_bytes()
            for path in files
            if "models" not in path.parts and "notes" not in path.parts
        }


@contextmanager
def display(platform: str) -> Iterator[dict[str, str]]:
    """What tells Qt where to draw; for X11 a display of its own."""
    if platform == "offscreen":
        yield {"QT_QPA_PLATFORM": platform}
        return
    reader, writer = os.pipe()
    command = ["Xvfb", "-displayfd", str(writer), "-screen", "0", "1280x800x24"]
    server = subprocess.Popen(command, pass_fds=[writer], stderr=subprocess.DEVNULL)
    os.close(writer)
    try:
        with os.fdopen(reader) as numbers:
            yield {"QT_QPA_PLATFORM": platform, "DISPLAY": f":{numbers.readline().strip()}"}
    finally:
        server.terminate()
        server.wait()


@pytest.fixture(scope="module", params=["offscreen", pytest.param("xcb", marks=pytest.mark.slow)])
def session(
    request: pytest.FixtureRequest,
    installed_data_dir: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> Session:
    """One session for all tests: it takes a while."""
    folder = tmp_path_factory.mktemp("session")
    linked_copy(installed_data_dir, folder / "data")
    for name in ("home", "scratch", "notes", "attached"):
        (folder / name).mkdir()
    attached = folder / "attached" / f"{WORD} plan.txt"
    attached.write_text(f"{CANARY}\n")
    asked = {
        "data_dir": str(folder / "data"),
        "canary": CANARY,
        "word": WORD,
        "attached": str(attached),
    }
    command = [sys.executable, "-P", str(DRIVER)]
    with display(request.param) as where:
        environment = environment_of(folder) | where
        traced = run_traced(
            command, environment, folder / "home", json.dumps(asked), folder / "notes"
        )
    assert traced.code == 0, traced.err
    attached.unlink()
    return Session(folder, traced, json.loads(traced.out))


def environment_of(folder: Path) -> dict[str, str]:
    """As a user has it: above all without CI, which would hide telemetry."""
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(folder / "home"),
        "TMPDIR": str(folder / "scratch"),
        "LANG": "C.UTF-8",
        "PYTHONPATH": str(ROOT),
        "PYTHONDONTWRITEBYTECODE": "1",
        "HF_TOKEN": TOKEN,
    }


def places(session: Session) -> dict[str, list[Path]]:
    """What the names in capitals stand for in the tables."""
    program = [ROOT, Path(sys.prefix), Path(sys.base_prefix), Path(sys.executable).resolve()]
    return {
        "PROGRAM": program,
        "DATA": [session.data],
        "HOME": [session.folder / "home"],
        "ATTACHED": [session.folder / "attached"],
        "SCRATCH": [session.folder / "scratch"],
    }


def test_the_session_was_a_real_one(session: Session) -> None:
    assert CANARY in session.told["shown"]
    assert session.told["hits"] > 0
    roles = {process["role"] for process in session.told["processes"]}
    assert {"window", "engine"} <= roles
    assert len(session.traced.files(written=False)) > 200
    assert len(session.traced.files(written=True)) > 5


def test_nobody_is_called_and_nobody_can_call(session: Session) -> None:
    assert session.traced.of_network == ()


def test_only_the_data_directory_is_written_to(session: Session) -> None:
    written = session.traced.files(written=True)
    assert unexplained(written, allowed("Written"), places(session)) == []
    assert list((session.folder / "home").iterdir()) == []  # no ~/intel, no ~/.cache
    assert list((session.folder / "scratch").iterdir()) == []


def test_every_file_that_is_read_has_its_reason(session: Session) -> None:
    read = session.traced.files(written=False)
    assert unexplained(read, allowed("Read"), places(session)) == []


def test_what_was_said_is_in_the_database_and_its_backups_only(session: Session) -> None:
    held = session.told["held"]
    assert any(name.startswith("chats.db") for name in held)
    assert any(name.startswith("backups/") for name in held)
    strangers = [name for name in held if not name.startswith(("chats.db", "backups/"))]
    assert strangers == []
    assert WORD not in session.traced.err


def test_what_was_deleted_is_nowhere(session: Session) -> None:
    names = [name for name, body in session.everything().items() if WORD.encode() in body]
    assert names == []
    assert any(name.startswith("data/backups/") for name in session.everything())


def test_no_process_is_told_by_its_command_line_or_environment(session: Session) -> None:
    for process in session.told["processes"]:
        facts = json.dumps([process["command"], process["environment"]])
        assert WORD not in facts, process["role"]
        assert (TOKEN in facts) == (process["role"] == "window"), process["role"]


def test_the_token_is_in_no_file(session: Session) -> None:
    names = [name for name, body in session.everything().items() if TOKEN.encode() in body]
    assert names == []
    assert TOKEN not in session.traced.err


SPY = """
import os, socket, subprocess, sys
home = os.environ["HOME"]
open(home + "/intel", "w").write("x")
open("/etc/hostname").close()
for kind in (socket.SOCK_DGRAM, socket.SOCK_STREAM):
    try:
        socket.socket(socket.AF_INET, kind).connect(("192.0.2.1", 53))
    except OSError:
        pass
server = socket.socket(socket.AF_INET6)
try:
    server.bind(("::1", 0))
except OSError:
    pass
server.listen()
subprocess.run([sys.executable, "-c", "import socket; socket.socket()"])
"""


def test_a_spy_would_be_found(tmp_path: Path) -> None:
    for name in ("home", "scratch", "notes"):
        (tmp_path / name).mkdir()
    environment = environment_of(tmp_path)
    command = [sys.executable, "-c", SPY]
    traced = run_traced(command, environment, tmp_path, "", tmp_path / "notes")
    assert traced.code == 0, traced.err
    names = [call.name for call in traced.of_network]
    assert (names.count("socket"), names.count("connect"), names.count("bind")) == (4, 2, 1)
    where = {name: [tmp_path / "data"] for name in CAPITALS}
    home = str(tmp_path / "home" / "intel")
    assert home in unexplained(traced.files(written=True), allowed("Written"), where)
    assert "/etc/hostname" in unexplained(traced.files(written=False), allowed("Read"), where)
