"""One window for a data folder; a second start calls the first."""

import json
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from desktop.domain.errors import Problem
from desktop.services.front import Call, Front

CALL = Call(("/chats.json", "/model.gguf"), offline=True, token="from the desktop")
WITHIN_S = 30.0


def answering(front: Front, calls: list[Call]) -> threading.Thread:
    def answer() -> None:
        end = time.monotonic() + WITHIN_S
        while not calls and time.monotonic() < end:
            calls.extend(front.calls())
            time.sleep(0.005)

    thread = threading.Thread(target=answer)
    thread.start()
    return thread


def test_the_first_opens_and_the_second_calls_it(tmp_path: Path) -> None:
    first = Front(tmp_path)
    assert first.enter(Call())
    calls: list[Call] = []
    thread = answering(first, calls)
    assert not Front(tmp_path).enter(CALL)
    thread.join()
    assert calls == [CALL]
    assert first.calls() == []
    first.leave()


def test_another_data_folder_is_another_window(tmp_path: Path) -> None:
    one, other = Front(tmp_path / "one"), Front(tmp_path / "other")
    assert one.enter(Call())
    assert other.enter(Call())
    one.leave()
    other.leave()


def test_a_window_that_is_just_being_closed_makes_room(tmp_path: Path) -> None:
    first, second = Front(tmp_path), Front(tmp_path)
    assert first.enter(Call())
    timer = threading.Timer(0.2, first.leave)
    timer.start()
    assert second.enter(CALL)
    assert second.calls() == []  # its own call was for another
    second.leave()


def test_a_window_that_was_killed_holds_nothing(tmp_path: Path) -> None:
    program = (
        "import os, sys; from pathlib import Path;"
        "from desktop.services.front import Call, Front;"
        "assert Front(Path(sys.argv[1])).enter(Call()); os._exit(9)"
    )
    ran = subprocess.run([sys.executable, "-c", program, str(tmp_path)], check=False)
    assert ran.returncode == 9
    front = Front(tmp_path)
    assert front.enter(Call(), patience_s=0.0)
    front.leave()


def test_a_window_that_does_not_answer_is_told_of(tmp_path: Path) -> None:
    first = Front(tmp_path)
    assert first.enter(Call())
    with pytest.raises(Problem, match="does not answer"):
        Front(tmp_path).enter(CALL, patience_s=0.1)
    assert first.calls() == []  # nobody waits for the answer any more
    first.leave()


def test_a_folder_that_cannot_be_used_is_left_to_the_window(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file")
    assert Front(tmp_path / "data").enter(Call())


@pytest.mark.parametrize(
    "note",
    [
        b"",
        b"[]",
        b"\xff",
        json.dumps({"files": [3], "offline": False, "token": ""}).encode(),
        json.dumps({"files": [], "offline": False, "token": 3}).encode(),
        json.dumps({"files": []}).encode(),
        b"[" * 100_000,
        b" " * 1_000_001,
    ],
)
def test_what_is_no_note_is_passed_over(tmp_path: Path, note: bytes) -> None:
    front = Front(tmp_path)
    assert front.enter(Call())
    (front.folder / "call-strange.json").write_bytes(note)
    assert front.calls() == []
    assert list(front.folder.glob("call-*")) == []
    front.leave()


def test_files_are_meant_from_where_the_second_was_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_ACTIVATION_TOKEN", "token")
    call = Call.of((Path("chats.json"),), offline=False)
    assert call == Call((str(tmp_path / "chats.json"),), False, "token")
