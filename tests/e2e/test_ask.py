"""`cellar ask`, as a user or a script runs it, with the real model."""

import json
import os
import shlex
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from tests.support import HANG_S, ROOT, STARTER_ID, Cellar, Ran, kill_group

pytestmark = pytest.mark.e2e

POSIX = pytest.mark.skipif(os.name == "nt", reason="signals and pipes of POSIX")
CAPITAL = "What is the capital of France?"
STORY = "Tell me a long story about a fox and a dog."
GREEDY = ("--temperature", "0")
STRANGE = b"What is the capital of\0 France?"


def lines(ran: Ran) -> list[dict[str, Any]]:
    return [json.loads(line) for line in ran.out.splitlines()]


def test_a_question_is_answered_on_standard_output(cellar: Cellar) -> None:
    ran = cellar("ask", CAPITAL, *GREEDY, "--top-p", "0.9", "--top-k", "40", "--seed", "1")
    assert ran.code == 0
    assert "Paris" in ran.out
    assert ran.out.endswith("\n")
    assert "Loading the model" in ran.err
    assert "Traceback" not in ran.err
    assert list(cellar.home.iterdir()) == []


def test_standard_input_a_system_text_and_json(cellar: Cellar) -> None:
    ran = cellar("ask", "-", "--json", "--system", "You are a teacher.", *GREEDY, stdin=STRANGE)
    *_, done = lines(ran)
    assert (ran.code, ran.err) == (0, "")
    tokens = [line["text"] for line in lines(ran) if line["event"] == "token"]
    assert "".join(tokens) == done["text"]
    assert done["event"] == "done"
    assert done["finish_reason"] == "stop"
    assert done["model"] == STARTER_ID
    assert done["device"] == "CPU"
    for name in ("prompt_tokens", "generated_tokens", "ttft_ms", "tokens_per_s"):
        assert done[name] > 0


def test_messages_from_a_file_and_what_is_asked_after_them(cellar: Cellar, tmp_path: Path) -> None:
    messages = [
        {"role": "user", "content": CAPITAL},
        {"role": "assistant", "content": "The capital of France is Paris."},
    ]
    (tmp_path / "messages.json").write_text(json.dumps(messages), "utf-8")
    words = ("--messages", str(tmp_path / "messages.json"), *GREEDY, "--max-new-tokens", "8")
    ran = cellar("ask", "And what language do they speak there?", *words, "--json")
    done = lines(ran)[-1]
    assert "French" in done["text"]
    assert done["generated_tokens"] <= 8


def test_stop_texts_and_a_seed(cellar: Cellar) -> None:
    words = ("--json", *GREEDY, "--stop", "never", "--stop", "Paris", "--seed", "5")
    done = lines(cellar("ask", CAPITAL, *words))[-1]
    assert done["text"].endswith(" is ")
    assert (done["finish_reason"], done["seed"]) == ("stop", 5)


# what goes wrong


def test_a_model_that_is_not_installed(cellar: Cellar) -> None:
    ran = cellar("ask", "Hello", "--model", "ghost")
    assert (ran.code, ran.out) == (3, "")
    assert STARTER_ID in ran.problem()


def test_a_device_that_is_not_there(cellar: Cellar) -> None:
    ran = cellar("ask", "Hello", "--device", "GPU.7")
    assert (ran.code, ran.out) == (3, "")
    *_, last = ran.err.splitlines()
    assert last.startswith("cellar: The model could not be loaded on GPU.7")
    assert "Traceback" not in ran.err


@pytest.mark.parametrize(
    "words",
    [
        ("ask", "Hello", "--device", "XPU"),
        ("ask", "Hello", "--temperature", "0,7"),
        ("ask", "Hello", "--temperature", "nan"),
        ("ask", "Hello", "--top-p", "1.5"),
        ("ask", "Hello", "--max-new-tokens", "0"),
        ("ask", "Hello", "--seed", "-1"),
        ("ask", ""),
        ("ask",),
    ],
    ids=" ".join,
)
def test_wrong_usage(fresh_cellar: Cellar, words: tuple[str, ...]) -> None:
    ran = fresh_cellar(*words)
    assert (ran.code, ran.out) == (2, "")
    assert ran.problem()


@pytest.mark.parametrize("words", [("explode",), ("ask", "--no-such"), ("--log-level", "loud")])
def test_words_that_the_command_line_does_not_have(
    fresh_cellar: Cellar, words: tuple[str, ...]
) -> None:
    ran = fresh_cellar(*words)
    assert (ran.code, ran.out) == (2, "")
    assert "usage: cellar" in ran.err
    assert not fresh_cellar.data_dir.exists()


def test_messages_that_are_none(fresh_cellar: Cellar, tmp_path: Path) -> None:
    (tmp_path / "broken.json").write_bytes(b"{")
    (tmp_path / "deep.json").write_bytes(b"[" * 100_000)
    (tmp_path / "wrong.json").write_bytes(b'[{"role": "root", "content": "a"}]')
    for name, code in (("broken.json", 3), ("deep.json", 3), ("none.json", 3), ("wrong.json", 2)):
        ran = fresh_cellar("ask", "--messages", str(tmp_path / name))
        assert ran.code == code
        assert ran.problem()


# interrupted


def interrupted(process: "subprocess.Popen[bytes]", after: bytes) -> Ran:
    """Press Ctrl-C once this has been printed: the signal goes to the whole process group."""
    assert process.stdout
    printed = b""
    while after not in printed:
        piece = os.read(process.stdout.fileno(), 1000)
        assert piece, printed
        printed += piece
    os.killpg(process.pid, signal.SIGINT)
    out, err = process.communicate(timeout=HANG_S)
    return Ran(process.returncode, (printed + out).decode(), err.decode())


@POSIX
def test_ctrl_c_keeps_what_was_written(cellar: Cellar) -> None:
    process = cellar.start("ask", STORY, "--max-new-tokens", "2000", "--seed", "1")
    ran = interrupted(process, after=b"fox")
    assert ran.code == 130
    assert len(ran.out) < 5000
    assert "Traceback" not in ran.err


@POSIX
def test_ctrl_c_ends_json_with_done(cellar: Cellar) -> None:
    process = cellar.start("ask", STORY, "--max-new-tokens", "2000", "--json")
    ran = interrupted(process, after=b'"token"')
    done = lines(ran)[-1]
    assert (ran.code, ran.err) == (130, "")
    assert (done["event"], done["finish_reason"]) == ("done", "stopped")
    assert done["text"]
    tokens = [line["text"] for line in lines(ran) if line["event"] == "token"]
    assert done["text"].startswith("".join(tokens[:1]))


@POSIX
def test_ctrl_c_before_the_answer(cellar: Cellar) -> None:
    process = cellar.start("ask", STORY)
    assert process.stderr
    assert b"Loading" in process.stderr.readline()
    started = time.monotonic()
    os.killpg(process.pid, signal.SIGINT)
    out, err = process.communicate(timeout=HANG_S)
    assert (process.returncode, out) == (130, b"")
    assert b"Traceback" not in err
    assert time.monotonic() - started < 10


@POSIX
def test_a_reader_that_has_enough(cellar: Cellar) -> None:
    command = [sys.executable, "-P", "-m", "desktop", "--data-dir", str(cellar.data_dir)]
    command += ["ask", STORY, "--max-new-tokens", "300"]
    pipeline = f"{shlex.join(command)} | head -c 5; exit ${{PIPESTATUS[0]}}"
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "HOME": str(cellar.home)}
    ran = subprocess.run(
        ["bash", "-c", pipeline],
        env=environment,
        capture_output=True,
        check=False,
        timeout=HANG_S,
    )
    assert ran.returncode == 0
    assert len(ran.stdout) == 5
    said = ran.stderr.decode().splitlines()
    assert [line for line in said if not line.endswith("…")] == []  # progress, and nothing else


@POSIX
def test_a_program_that_is_killed_leaves_no_engine_behind(cellar: Cellar) -> None:
    import psutil

    process = cellar.start("ask", STORY, "--max-new-tokens", "2000", "--json")
    try:
        assert process.stdout
        while b'"token"' not in process.stdout.readline():
            pass
        children = psutil.Process(process.pid).children(recursive=True)
        assert children
        process.kill()
        _, alive = psutil.wait_procs(children, timeout=2.0)
        assert not alive
    finally:
        kill_group(process)
