"""The child's end of the pipe, in a real process."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop.domain.events import Token
from desktop.engine.protocol import ListDevices, Stop, encode

WITHIN_S = 30.0
ROOT = Path(__file__).parents[3]

ECHO = """
import os, sys
from desktop.domain.events import Token
from desktop.engine.channel import Channel
from desktop.engine.protocol import Stop

def urgent(command):
    if isinstance(command, Stop):
        channel.send(Token("urgent", command.request_id))
    return isinstance(command, Stop)

channel = Channel(urgent)
print("printed")
os.write(1, b"written to descriptor 1\\n")
os.system("echo from a child of the child")
channel.send(Token("ready", ""))
for command in channel.commands():
    channel.send(Token("got", type(command).__name__))
    if busy:
        while True:
            pass
"""


class Worker:
    def __init__(self, *, busy: bool = False) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", f"busy = {busy}\n{ECHO}"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=ROOT,
        )

    def write(self, data: bytes) -> None:
        assert self.process.stdin
        self.process.stdin.write(data)
        self.process.stdin.flush()

    def line(self) -> bytes:
        assert self.process.stdout
        return self.process.stdout.readline()

    def close_stdin(self) -> tuple[bytes, bytes]:
        """What was still on standard output, and all of standard error."""
        return self.process.communicate(timeout=WITHIN_S)


@pytest.fixture
def worker() -> Iterator[Worker]:
    worker = Worker()
    yield worker
    end(worker)


@pytest.fixture
def busy_worker() -> Iterator[Worker]:
    worker = Worker(busy=True)
    yield worker
    end(worker)


def end(worker: Worker) -> None:
    worker.process.kill()
    worker.process.communicate()


def test_standard_output_holds_events_and_nothing_else(worker: Worker) -> None:
    assert worker.line() == encode(Token("ready", ""))
    worker.write(encode(ListDevices()))
    assert worker.line() == encode(Token("got", "ListDevices"))
    rest, errors = worker.close_stdin()
    assert rest == b""
    for text in (b"printed", b"written to descriptor 1", b"from a child of the child"):
        assert text in errors


def test_the_end_of_the_parent_ends_the_child(worker: Worker) -> None:
    worker.line()
    worker.close_stdin()
    assert worker.process.returncode == 0


def test_the_end_of_the_parent_ends_a_child_in_the_middle_of_work(busy_worker: Worker) -> None:
    busy_worker.line()
    busy_worker.write(encode(ListDevices()))
    busy_worker.line()
    busy_worker.close_stdin()
    assert busy_worker.process.returncode == 0


def test_a_reader_that_is_gone_ends_the_child(worker: Worker) -> None:
    worker.line()
    assert worker.process.stdout
    worker.process.stdout.close()
    worker.write(encode(ListDevices()))
    assert worker.process.wait(WITHIN_S) == 0


def test_an_urgent_command_is_seen_in_the_middle_of_work(busy_worker: Worker) -> None:
    busy_worker.line()
    busy_worker.write(encode(ListDevices()))
    busy_worker.line()
    busy_worker.write(encode(Stop("now")))
    assert busy_worker.line() == encode(Token("urgent", "now"))


def test_a_line_that_is_no_command_is_passed_over(worker: Worker) -> None:
    worker.line()
    worker.write(b"hello\n\n{}\n" + b"[" * 100_000 + b"\n\xff\n" + encode(ListDevices()))
    assert worker.line() == encode(Token("got", "ListDevices"))


@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
def test_ctrl_c_is_the_parents_to_answer(worker: Worker) -> None:
    worker.line()
    worker.process.send_signal(signal.SIGINT)
    worker.write(encode(ListDevices()))
    assert worker.line() == encode(Token("got", "ListDevices"))
