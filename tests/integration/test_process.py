"""The engine process itself: how it ends, what it prints, and what it never does."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from desktop.domain.events import Devices, Done, Ended, Loaded, Token
from desktop.domain.sampling import defaults
from desktop.engine import protocol
from desktop.engine.client import child_environment, worker_command
from desktop.engine.protocol import Generate, ListDevices, Load, Turn
from tests.integration.engine_process import CONTEXT, WITHIN_S, EngineProcess
from tests.support import ROOT

pytestmark = pytest.mark.integration

POSIX = pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
STORY = "Tell me a long story about a fox."

PARENT = """
import sys, time
from desktop.domain.events import Loaded, Token
from desktop.domain.sampling import defaults
from desktop.engine.client import Child
from desktop.engine.protocol import Generate, Load, Turn

def hear(event):
    if isinstance(event, Loaded):
        values = defaults() | {"max_new_tokens": 2000}
        child.send(Generate("1", (Turn("user", sys.argv[2]),), values))
    elif isinstance(event, Token):
        print(child.pid, flush=True)

child = Child("engine")
child.start(hear)
child.send(Load(sys.argv[1], "CPU", context_length=4096))
time.sleep(600)
"""


@pytest.fixture
def own_engine(model_folder: Path) -> Iterator[EngineProcess]:
    """An engine that the test may ruin."""
    engine = EngineProcess()
    engine.load(model_folder)
    yield engine
    engine.end()


@POSIX
def test_a_kill_in_the_middle_of_an_answer_is_told_within_a_second(
    own_engine: EngineProcess,
) -> None:
    values = defaults() | {"max_new_tokens": 2000}
    own_engine.send(Generate("1", (Turn("user", STORY),), values))
    own_engine.until(Token)
    killed = time.monotonic()
    os.kill(own_engine.child.pid, signal.SIGKILL)
    while True:
        moment, event = own_engine.next()
        if isinstance(event, Ended):
            break
    assert event == Ended(-9, expected=False)
    assert moment - killed < 1.0
    assert not own_engine.child.alive


@POSIX
def test_a_parent_that_is_killed_leaves_no_orphan(model_folder: Path) -> None:
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT, str(model_folder), STORY],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    assert parent.stdout
    try:
        child = psutil.Process(int(parent.stdout.readline()))
        assert child.is_running()
        parent.kill()
        _, alive = psutil.wait_procs([child], timeout=2.0)
        assert not alive, "the engine went on without its parent"
    finally:
        parent.kill()
        parent.communicate()


class Raw:
    """The worker as a bare process: every byte that it prints is seen."""

    def __init__(self, environment: dict[str, str], cwd: Path) -> None:
        self.process = subprocess.Popen(
            worker_command("engine"),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=environment,
            cwd=cwd,
        )

    def talk(self, *commands: protocol.Command) -> tuple[bytes, bytes]:
        """Send commands, read until the last of them is answered, and hang up."""
        assert self.process.stdin
        assert self.process.stdout
        for command in commands:
            self.process.stdin.write(protocol.encode(command))
        self.process.stdin.flush()
        lines = []
        for line in self.process.stdout:
            lines.append(line)
            if b'"Done"' in line or b'"Failed"' in line:
                break
        rest, errors = self.process.communicate(timeout=WITHIN_S)
        return b"".join(lines) + rest, errors


def test_it_prints_events_only_tells_nobody_and_writes_nowhere(
    model_folder: Path, tmp_path: Path
) -> None:
    """With CI unset (OpenVINO is quiet where CI is set) and an empty home directory."""
    home, spies, cwd = tmp_path / "home", tmp_path / "spies", tmp_path / "cwd"
    for folder in (home, cwd, spies / "openvino_telemetry"):
        folder.mkdir(parents=True)
    (spies / "openvino_telemetry" / "__init__.py").write_text(
        f"open({str(tmp_path / 'imported')!r}, 'w').close()\n"
    )
    kept = {k: v for k, v in os.environ.items() if k != "CI" and not k.startswith("XDG_")}
    environment = child_environment(kept | {"PYTHONPATH": str(spies)})
    environment |= {"HOME": str(home), "USERPROFILE": str(home)}
    values = defaults() | {"max_new_tokens": 5, "seed": 1}
    out, errors = Raw(environment, cwd).talk(
        ListDevices(),
        Load(str(model_folder), "CPU", context_length=CONTEXT),
        Generate("1", (Turn("user", "Hello, my canary sentence."),), values),
    )
    events = [protocol.decode(line) for line in out.splitlines(keepends=True)]
    assert {Devices, Loaded, Done} <= {type(event) for event in events}
    assert not (tmp_path / "imported").exists()
    assert [*home.rglob("*"), *cwd.rglob("*")] == []
    assert b"canary" not in errors


def test_a_spy_would_be_found(tmp_path: Path) -> None:
    """The test above can fail: without Cellar's precaution OpenVINO imports the spy."""
    (tmp_path / "openvino_telemetry").mkdir()
    (tmp_path / "openvino_telemetry" / "__init__.py").write_text("print('imported')\n")
    environment = {k: v for k, v in os.environ.items() if k != "CI"}
    ran = subprocess.run(
        [sys.executable, "-c", "import openvino"],
        env=environment | {"PYTHONPATH": str(tmp_path), "HOME": str(tmp_path)},
        capture_output=True,
        check=False,
        timeout=WITHIN_S,
    )
    assert b"imported" in ran.stdout


def test_it_opens_no_socket(engine: EngineProcess) -> None:
    assert psutil.Process(engine.child.pid).net_connections() == []
