"""Cellar started twice with one data folder: one window, and it gets the files."""

import json
import os
import signal
import sqlite3
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import psutil
import pytest

from desktop.files import FolderLock
from tests.support import HANG_S, Cellar, kill_group

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.skipif(os.name == "nt", reason="signals of POSIX"),
]

WINDOW = {"QT_QPA_PLATFORM": "offscreen"}
FAKE = ("--engine", "fake")


def until(so: Callable[[], bool]) -> None:
    end = time.monotonic() + HANG_S
    while not so():
        assert time.monotonic() < end
        time.sleep(0.05)


@pytest.fixture
def cellar(tmp_path: Path) -> Cellar:
    (tmp_path / "home").mkdir()
    return Cellar(tmp_path / "data Ünï", tmp_path / "home")


@pytest.fixture
def window(cellar: Cellar) -> Iterator["subprocess.Popen[bytes]"]:
    process = cellar.start(*FAKE, environment=WINDOW)
    until((cellar.data_dir / "chats.db").exists)
    yield process
    kill_group(process)


def is_open(cellar: Cellar) -> bool:
    lock = FolderLock(cellar.data_dir / "window")
    if not lock.acquire():
        return True
    lock.release()
    return False


def titles(cellar: Cellar) -> set[str]:
    with closing(sqlite3.connect(cellar.data_dir / "chats.db")) as database:
        return {title for (title,) in database.execute("SELECT title FROM conversations")}


def test_a_second_start_hands_its_files_over_and_ends(
    cellar: Cellar, window: "subprocess.Popen[bytes]", tmp_path: Path
) -> None:
    exported = tmp_path / "home" / "chats.jsonl"
    said = [{"role": "user", "content": "Of foxes"}, {"role": "assistant", "content": "Mice."}]
    exported.write_text(json.dumps({"messages": said}) + "\n")
    second = cellar(*FAKE, "--open", "chats.jsonl", environment=WINDOW)
    assert (second.code, second.err) == (0, "")
    assert second.out == "Cellar is open already; its window comes to the front.\n"
    until(lambda: "Of foxes" in titles(cellar))
    assert window.poll() is None
    listening = [
        each.laddr
        for each in psutil.Process(window.pid).net_connections("inet")
        if each.status == psutil.CONN_LISTEN
    ]
    assert listening == []


def test_after_a_crash_the_next_start_opens_a_window(
    cellar: Cellar, window: "subprocess.Popen[bytes]"
) -> None:
    window.send_signal(signal.SIGKILL)
    window.wait(HANG_S)
    third = cellar.start(*FAKE, environment=WINDOW)
    try:
        until(lambda: is_open(cellar))
        second = cellar(*FAKE, environment=WINDOW)
        assert "comes to the front" in second.out, second.err
        third.send_signal(signal.SIGTERM)
        assert third.wait(HANG_S) == 0
    finally:
        kill_group(third)
