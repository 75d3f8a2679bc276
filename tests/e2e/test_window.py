"""The window as a process, with the real engine: it answers, and it survives being killed."""

import os
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import psutil
import pytest

from tests.support import HANG_S, ROOT, Cellar, Ran

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.skipif(os.name == "nt", reason="signals of POSIX"),
]

DRIVER = Path(__file__).with_name("window_driver.py")
STORY = "Tell me a long story about a fox and a dog"


def drive(cellar: Cellar, what: str, text: str) -> Ran:
    environment = {k: v for k, v in os.environ.items() if k != "CI"}
    environment |= {"QT_QPA_PLATFORM": "offscreen", "HOME": str(cellar.home)}
    ran = subprocess.run(
        [sys.executable, str(DRIVER), what, str(cellar.data_dir), text],
        env=environment | {"PYTHONPATH": str(ROOT)},
        cwd=cellar.home,
        capture_output=True,
        check=False,
        timeout=HANG_S,
    )
    return Ran(ran.returncode, ran.stdout.decode(), ran.stderr.decode())


def saved(data_dir: Path) -> list[tuple[str, str, str]]:
    with closing(sqlite3.connect(data_dir / "chats.db")) as database:
        query = "SELECT role, text, state FROM messages ORDER BY position"
        return database.execute(query).fetchall()


def runs(pid: int) -> bool:
    """Whether the process still does anything; who collects its exit code may take a while."""
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def test_the_window_answers_and_keeps_it(cellar: Cellar) -> None:
    ran = drive(cellar, "answer", "What is the capital of France?")
    assert ran.code == 0, ran.err
    assert "Paris" in ran.out
    (_, question, _), (_, answer, state) = saved(cellar.data_dir)
    assert question == "What is the capital of France?"
    assert "Paris" in answer
    assert state == "stop"
    assert "Traceback" not in ran.err


def test_a_window_that_is_killed_in_the_middle_of_an_answer(cellar: Cellar) -> None:
    ran = drive(cellar, "kill", STORY)
    killed = time.monotonic()
    assert ran.code == -signal.SIGKILL, ran.err
    children = [int(pid) for pid in ran.out.split()]
    assert children
    while any(runs(pid) for pid in children):
        assert time.monotonic() - killed < 2.0, "the engine went on without its window"
        time.sleep(0.01)
    (role, question, _), (_, partial, state) = saved(cellar.data_dir)
    assert (role, question) == ("user", STORY)
    assert len(partial) > 20
    assert state == "writing"

    again = drive(cellar, "look", STORY)
    assert again.code == 0, again.err
    (_, question, _), (_, kept, state) = saved(cellar.data_dir)
    assert (question, kept, state) == (STORY, partial, "interrupted")
    words = partial.split()[:3]
    assert " ".join(words) in " ".join(again.out.split())
    assert "interrupted" in again.out.lower()
