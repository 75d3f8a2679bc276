"""What the commands print and return, with the scripted engine."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from desktop.cli import main
from desktop.cli.display import need_display, qt_problem
from desktop.domain.errors import Problem
from desktop.engine.fake import FakeEngine, Script
from desktop.logs import stop_logging
from desktop.program import Program

Run = Callable[..., "Outcome"]


class Outcome:
    """Exit code and what was printed."""

    def __init__(self, code: int, out: str, err: str) -> None:
        self.code, self.out, self.err = code, out, err

    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.out.splitlines()]


@pytest.fixture
def run(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs a command line in this process, on the scripted engine."""

    def run_(*words: str, script: Script | None = None) -> Outcome:
        engine = FakeEngine(script or Script(answers=("Bonjour,\n🙂!",), pause=0))
        monkeypatch.setattr(Program, "make_engine", lambda _: engine)
        monkeypatch.setattr(main, "install_crash_hook", lambda *_, **__: None)  # stays for good
        code = main.run(["--data-dir", str(tmp_path), "--engine", "fake", *words])
        stop_logging()
        captured = capsys.readouterr()
        return Outcome(code, captured.out, captured.err)

    return run_


def test_an_answer_and_nothing_else_is_on_standard_output(run: Run) -> None:
    outcome = run("ask", "Hello")
    assert (outcome.code, outcome.out) == (0, "Bonjour,\n🙂!\n")
    assert "Loading the model" in outcome.err


def test_json_is_an_object_a_line_and_ends_with_done(run: Run) -> None:
    outcome = run("ask", "Hello", "--json", "--seed", "7")
    lines = outcome.lines()
    assert outcome.err == ""
    tokens = [line["text"] for line in lines if line["event"] == "token"]
    assert "".join(tokens) == lines[-1]["text"] == "Bonjour,\n🙂!"
    assert lines[0] == {"event": "stage", "stage": "loading", "done": 0, "total": 0}
    assert lines[-1] | {"tokens_per_s": 0} == {
        "event": "done",
        "text": "Bonjour,\n🙂!",
        "finish_reason": "stop",
        "prompt_tokens": 1,
        "generated_tokens": 3,
        "ttft_ms": 0.0,
        "tokens_per_s": 0,
        "model": "fake",
        "device": "CPU",
        "seed": 7,
        "adapters": {},
    }


def test_a_failure_in_the_middle_keeps_what_was_printed(run: Run) -> None:
    outcome = run("ask", "Hello", script=Script(pause=0, dies_after=2))
    assert (outcome.code, outcome.out) == (3, "This is a \n")
    last = outcome.err.splitlines()[-1]
    assert last == "cellar: The engine stopped unexpectedly (code -11). Try again."


def test_a_failure_ends_json_with_done_as_well(run: Run) -> None:
    outcome = run("ask", "Hello", "--json", script=Script(pause=0, dies_after=2))
    assert outcome.code == 3
    done = outcome.lines()[-1]
    assert (done["event"], done["finish_reason"], done["text"]) == ("done", "failed", "This is a ")
    outcome = run("ask", "Hello", "--json", script=Script(load_failure="It does not fit."))
    assert outcome.lines()[-1]["finish_reason"] == "failed"
    assert outcome.err == "cellar: It does not fit. Choose another device.\n"


def test_a_failure_before_the_answer_prints_nothing(run: Run) -> None:
    outcome = run("ask", "Hello", script=Script(load_failure="It does not fit."))
    assert (outcome.code, outcome.out) == (3, "")


@pytest.mark.parametrize("words", [["--temperature", "9"], ["--device", "XPU"]])
def test_wrong_usage_is_2(run: Run, words: list[str]) -> None:
    outcome = run("ask", "Hello", *words)
    assert outcome.code == 2
    assert outcome.out == ""
    assert len(outcome.err.splitlines()) == 1


def test_a_model_that_is_not_there_is_3(run: Run) -> None:
    outcome = run("ask", "Hello", "--model", "ghost")
    assert outcome.code == 3
    assert "“ghost” is not installed" in outcome.err


def test_devices(run: Run) -> None:
    outcome = run("devices")
    assert outcome.code == 0
    assert outcome.out.splitlines()[:2] == [
        "CPU   A scripted processor",
        "GPU   –  There is no graphics in a script.",
    ]
    document = json.loads(run("devices", "--json").out)
    assert document[0] == {
        "name": "CPU",
        "full_name": "A scripted processor",
        "why_not": "",
        "available": True,
    }
    assert [device["available"] for device in document] == [True, False, False, True]


def test_models(run: Run) -> None:
    assert run("models", "list").out == "fake  Fake model  INT4  0.0 MB\n"
    (document,) = json.loads(run("models", "list", "--json").out)
    assert (document["id"], document["weights"], document["size"]) == ("fake", "int4", 0)
    assert isinstance(document["folder"], str)


def test_ctrl_c_is_130(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr("desktop.cli.devices.run", interrupted)
    outcome = run("devices")
    assert (outcome.code, outcome.err) == (130, "cellar: interrupted\n")


# the window


def test_a_window_needs_a_display(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.platform", "linux")
    for name in ("QT_QPA_PLATFORM", "WAYLAND_DISPLAY", "DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(Problem, match=r"no display.*cellar ask"):
        need_display()


@pytest.mark.parametrize("name", ["QT_QPA_PLATFORM", "WAYLAND_DISPLAY"])
def test_a_display_that_needs_no_x11(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.setenv(name, "x")
    need_display()


@pytest.mark.parametrize("platform", ["win32", "darwin"])
def test_elsewhere_there_is_always_a_display(
    monkeypatch: pytest.MonkeyPatch, platform: str
) -> None:
    monkeypatch.setattr("sys.platform", platform)
    monkeypatch.delenv("DISPLAY", raising=False)
    need_display()


def test_a_library_that_qt_lacks_is_named() -> None:
    error = ImportError("libEGL.so.1: cannot open shared object file: No such file or directory")
    problem = qt_problem(error)
    assert "libEGL.so.1" in problem.what
    assert "sudo apt install" in problem.remedy
    assert "Install Cellar again" in qt_problem(ImportError("No module named PySide6")).remedy
