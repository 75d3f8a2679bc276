"""The parent's end of the pipe, with small scripts in the place of the real child."""

import logging
import os
import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from desktop.domain.errors import Problem
from desktop.domain.events import Devices, Ended, Event, Token
from desktop.engine import client
from desktop.engine.client import Child, child_environment, why_ended, worker_command
from desktop.engine.protocol import ListDevices, Stop, encode

WITHIN_S = 30.0
POSIX = pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")

Start = Callable[[str], "Started"]


class Started:
    """A child that runs a script, and the events that came from it."""

    def __init__(self, child: Child) -> None:
        self.child = child
        self._events: queue.SimpleQueue[Event] = queue.SimpleQueue()
        child.start(self._events.put)

    def event(self) -> Event:
        return self._events.get(timeout=WITHIN_S)


@pytest.fixture
def start(monkeypatch: pytest.MonkeyPatch) -> Iterator[Start]:
    started: list[Started] = []

    def start_(script: str) -> Started:
        command = [sys.executable, "-u", "-c", script]
        monkeypatch.setattr(client, "worker_command", lambda role: command)
        started.append(Started(Child("engine")))
        return started[-1]

    yield start_
    for each in started:
        each.child.end()


def writes(*lines: bytes) -> str:
    """A script that writes these lines."""
    return f"import sys; sys.stdout.buffer.write({b''.join(lines)!r}); sys.stdout.flush();"


WAIT = "import sys; sys.stdin.read();"
TOKEN = Token("1", "Hällo\n🙂")


def test_events_come_in_order_and_the_end_comes_last(start: Start) -> None:
    started = start(writes(encode(TOKEN), encode(Devices(()))) + "sys.exit(7)")
    assert [started.event() for _ in range(3)] == [TOKEN, Devices(()), Ended(7, expected=False)]
    assert not started.child.alive


def test_lines_that_are_no_events_are_passed_over(start: Start) -> None:
    garbage = (b"a library speaks\n", b"\xff\xfe\n", b"{}\n", b"[" * 100_000 + b"\n", b"\n")
    started = start(writes(*garbage, encode(TOKEN)) + WAIT)
    assert started.event() == TOKEN
    assert started.child.alive


def test_a_command_arrives_as_it_was_sent(start: Start) -> None:
    started = start(f"import sys; assert sys.stdin.buffer.readline() == {encode(ListDevices())!r}")
    started.child.send(ListDevices())
    assert started.event() == Ended(0, expected=False)


def test_end_is_sure_and_expected(start: Start) -> None:
    deaf = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN);"
    started = start(deaf + writes(encode(TOKEN)) + "import time; time.sleep(600)")
    assert started.event() == TOKEN
    started.child.end()
    assert not started.child.alive
    ended = started.event()
    assert isinstance(ended, Ended)
    assert ended.expected


def test_end_twice_and_before_the_start_is_harmless(start: Start) -> None:
    Child("engine").end()
    started = start(WAIT)
    started.child.end()
    started.child.end()


@POSIX
def test_a_child_that_is_killed_is_told_at_once(start: Start) -> None:
    started = start(writes(encode(TOKEN)) + WAIT)
    started.event()
    os.kill(started.child.pid, signal.SIGKILL)
    assert started.event() == Ended(-9, expected=False)


def test_a_command_to_a_dead_child_is_dropped(start: Start) -> None:
    started = start("")
    assert started.event() == Ended(0, expected=False)
    started.child.send(Stop("1"))


def test_a_command_before_the_start_is_dropped() -> None:
    child = Child("engine")
    child.send(Stop("1"))
    assert not child.alive
    assert child.pid == 0


def test_commands_from_several_threads_do_not_mix(start: Start) -> None:
    big = Stop("x" * 100_000)
    script = f"""
import sys
expected = {{{encode(big)!r}, {encode(ListDevices())!r}}}
lines = [sys.stdin.buffer.readline() for _ in range(40)]
sys.exit(0 if set(lines) == expected else 1)
"""
    started = start(script)

    def send() -> None:
        for _ in range(10):
            started.child.send(big)
            started.child.send(ListDevices())

    threads = [threading.Thread(target=send) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert started.event() == Ended(0, expected=False)


def test_only_our_own_lines_of_the_childs_log_are_kept(
    start: Start, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, logger="desktop")
    lines = "2026 engine[12] INFO ours\\nminja quotes: my secret\\n" + "x" * 5000 + "\\n"
    started = start(
        f"import sys; sys.stderr.write('{lines}'); sys.stderr.buffer.write(b'\\xff\\n')"
    )
    started.event()
    deadline = time.monotonic() + WITHIN_S
    while not any("\ufffd" in record.getMessage() for record in caplog.records):
        assert time.monotonic() < deadline
        time.sleep(0.01)
    levels = {record.getMessage(): record.levelno for record in caplog.records}
    assert levels["2026 engine[12] INFO ours"] == logging.INFO
    assert levels["minja quotes: my secret"] == logging.DEBUG
    assert max(map(len, levels)) <= 500


def test_a_program_that_cannot_be_started_is_a_problem(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "worker_command", lambda role: ["/no/such/program"])
    with pytest.raises(Problem) as caught:
        Child("engine").start(lambda _: None)
    assert "could not start" in caught.value.what


def test_the_child_is_offline_and_knows_no_secrets() -> None:
    parent = {"HF_TOKEN": "hf_1", "HUGGING_FACE_HUB_TOKEN": "hf_2", "PATH": "/bin"}
    environment = child_environment(parent)
    assert environment["HF_HUB_OFFLINE"] == "1"
    assert environment["DO_NOT_TRACK"] == "1"
    assert environment["PATH"] == "/bin"
    assert not any(value.startswith("hf_") for value in environment.values())
    assert parent["HF_TOKEN"] == "hf_1"


def test_the_child_runs_this_program_and_no_other_of_the_name(tmp_path: Path) -> None:
    other = tmp_path / "desktop"
    other.mkdir()
    (other / "__init__.py").write_text("raise SystemExit('the wrong program')")
    environment = child_environment({**os.environ, "PYTHONPATH": str(tmp_path)})
    ran = subprocess.run(
        [*worker_command("nobody")], env=environment, cwd=tmp_path, capture_output=True, check=False
    )
    assert ran.returncode == 2
    assert ran.stderr.startswith(b"worker: the role is")


def test_a_frozen_program_starts_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert worker_command("convert") == [sys.executable, "worker", "convert"]
    assert "PYTHONPATH" not in child_environment({})


@pytest.mark.parametrize("code", [-9, 137])
def test_a_kill_by_the_system_is_explained(code: int) -> None:
    assert "memory" in why_ended(code).what


@pytest.mark.parametrize("code", [-11, 1, 0, 3221225477])
def test_any_other_end_is_told_with_its_code(code: int) -> None:
    problem = why_ended(code)
    assert f"(code {code})" in problem.what
    assert problem.remedy == "It starts again with your next message."
