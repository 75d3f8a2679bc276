"""What happens with an exception that nobody caught."""

import logging
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop import crashes
from desktop.domain.errors import Problem
from desktop.logs import CrashHook, install_crash_hook

CANARY = "my secret is a purple walrus"

PROGRAM = f"""
import sys, threading
from pathlib import Path
from desktop.logs import install_crash_hook, start_logging

folder = Path(sys.argv[1])
start_logging(folder, "debug", role="window")
install_crash_hook(folder)

def answer(prompt):
    try:
        {{}}[prompt]
    except KeyError as error:
        wrapped = ValueError(prompt)
        wrapped.add_note(prompt)
        raise ExceptionGroup(prompt, [wrapped]) from error

thread = threading.Thread(target=answer, args=("{CANARY}",))
thread.start()
thread.join()
answer("{CANARY}")
"""


def _run(program: str, folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", program, str(folder)], capture_output=True, text=True, check=False
    )


def test_a_report_names_types_and_places_and_never_a_text(tmp_path: Path) -> None:
    folder = tmp_path / "Ünï 張 🙂"
    done = _run(PROGRAM, folder)
    assert done.returncode == 1
    reports = sorted(folder.glob("crash-*.txt"))
    assert len(reports) == 2  # one of the thread, one of the program
    for report in reports:
        text = report.read_text("utf-8")
        assert "ExceptionGroup" in text
        assert "holds: ValueError" in text
        assert "KeyError" in text
        assert "  <string>:12 in answer\n" in text
        assert "Python: 3." in text
        assert "Cellar: " in text
        assert report.name in done.stderr
    log = (folder / "cellar.log").read_text("utf-8")
    assert log.count("was not caught") == 2
    written = "".join(path.read_text("utf-8") for path in folder.iterdir())
    assert CANARY not in written + done.stderr + done.stdout


def test_a_native_crash_leaves_the_places_of_every_thread(tmp_path: Path) -> None:
    program = (
        "import faulthandler, sys; from pathlib import Path;"
        "from desktop.logs import install_crash_hook; install_crash_hook(Path(sys.argv[1]));"
        "faulthandler._sigsegv()"
    )
    assert _run(program, tmp_path).returncode != 0
    assert "Fatal Python error: Segmentation fault" in (tmp_path / "faults.txt").read_text("utf-8")


def test_without_a_folder_the_program_is_told_all_the_same(tmp_path: Path) -> None:
    (tmp_path / "logs").write_text("a file")
    done = _run(PROGRAM.replace("    {}[prompt]", "    {}[0]"), tmp_path / "logs")
    assert done.returncode == 1
    assert "Cellar ran into an error of its own." in done.stderr
    assert CANARY not in done.stderr


@pytest.fixture
def told() -> list[Path | None]:
    return []


@pytest.fixture
def hook(tmp_path: Path, told: list[Path | None]) -> Iterator[CrashHook]:
    hook = install_crash_hook(None, told.append)
    hook._folder = tmp_path  # without faulthandler, which pytest uses itself
    yield hook
    hook.remove()


def _uncaught(error: BaseException) -> None:
    try:
        raise error
    except BaseException as caught:
        sys.excepthook(type(caught), caught, caught.__traceback__)


def test_the_callback_gets_the_report(hook: CrashHook, told: list[Path | None]) -> None:
    _uncaught(Problem("The disk is full.", "Free some space."))
    assert len(told) == 1
    assert told[0] is not None
    text = told[0].read_text("utf-8")
    assert "desktop.domain.errors.Problem" in text
    assert "disk" not in text  # even a Problem may name a file, and that a title


def test_an_error_that_repeats_is_reported_once(
    hook: CrashHook, told: list[Path | None], tmp_path: Path
) -> None:
    for number in range(50):
        _uncaught(ValueError(number))
    assert len(told) == 1
    assert len(list(tmp_path.iterdir())) == 1


def test_a_storm_of_errors_does_not_fill_the_disk(hook: CrashHook, tmp_path: Path) -> None:
    for number in range(50):
        _uncaught(type(f"Error{number}", (Exception,), {})())
    assert len(list(tmp_path.iterdir())) == crashes._REPORTS_AT_MOST


def test_a_deep_recursion_gives_a_short_report(hook: CrashHook, told: list[Path | None]) -> None:
    def deeper() -> None:
        deeper()

    try:
        deeper()
    except RecursionError as error:
        sys.excepthook(type(error), error, error.__traceback__)
    assert told[0] is not None
    text = told[0].read_text("utf-8")
    assert " more …" in text
    assert len(text.splitlines()) < 100


def test_an_end_that_was_asked_for_is_no_crash(
    told: list[Path | None], monkeypatch: pytest.MonkeyPatch
) -> None:
    passed_on: list[type[BaseException]] = []
    monkeypatch.setattr(sys, "excepthook", lambda kind, error, trace: passed_on.append(kind))
    hook = install_crash_hook(None, told.append)
    thread = threading.Thread(target=sys.exit)
    thread.start()
    thread.join()
    _uncaught(KeyboardInterrupt())
    hook.remove()
    assert told == []
    assert passed_on == [KeyboardInterrupt]


def test_removing_the_hook_puts_the_old_one_back() -> None:
    before = (sys.excepthook, threading.excepthook)
    hook = install_crash_hook(None)
    assert sys.excepthook != before[0]
    hook.remove()
    assert (sys.excepthook, threading.excepthook) == before


def test_a_native_crash_becomes_a_report_with_the_next_start(tmp_path: Path) -> None:
    test_a_native_crash_leaves_the_places_of_every_thread(tmp_path)
    with (tmp_path / "faults.txt").open("a") as faults:
        faults.write(f"a library says: {CANARY}\n")
    assert _run("import sys; from pathlib import Path;" + START, tmp_path).returncode == 0
    (report,) = tmp_path.glob("crash-*.txt")
    text = report.read_text("utf-8")
    assert "Fatal Python error: Segmentation fault\n" in text
    assert '  File "<string>", line 1 in <module>\n' in text
    assert CANARY not in text
    assert (tmp_path / "faults.txt").read_text() == ""
    assert _run("import sys; from pathlib import Path;" + START, tmp_path).returncode == 0
    assert len(list(tmp_path.glob("crash-*.txt"))) == 1


def test_what_windows_tells_and_handles_is_no_crash(tmp_path: Path) -> None:
    told = "Windows fatal exception: code 0x8001010d\n\nThread 0x1 (most recent call first):\n"
    (tmp_path / "faults.txt").write_text(told)
    assert _run("import sys; from pathlib import Path;" + START, tmp_path).returncode == 0
    assert list(tmp_path.glob("crash-*.txt")) == []
    assert (tmp_path / "faults.txt").read_text() == ""


START = "from desktop.logs import install_crash_hook; install_crash_hook(Path(sys.argv[1]))"


@pytest.fixture
def listening(tmp_path: Path, told: list[Path | None]) -> Iterator[CrashHook]:
    hook = CrashHook(None, told.append, "window", listens=True)
    hook._folder = tmp_path
    yield hook
    hook.remove()


def test_a_bug_that_was_caught_and_logged_is_reported(
    listening: CrashHook, told: list[Path | None]
) -> None:
    log = logging.getLogger("desktop.services.anything")
    try:
        raise ValueError(CANARY)
    except ValueError:
        log.exception("%s was not handled", "Send")
    try:
        raise Problem(f"There is no {CANARY}.", "")
    except Problem:
        log.exception("not done")  # the world's fault
    assert len(told) == 1
    assert told[0] is not None
    text = told[0].read_text("utf-8")
    assert "ValueError" in text
    assert "in test_a_bug_that_was_caught_and_logged_is_reported" in text
    assert CANARY not in text


def test_a_crash_of_a_child_is_reported_without_what_libraries_say(
    listening: CrashHook, told: list[Path | None]
) -> None:
    home = Path.home()
    lines = [
        f"terminate called after throwing: {CANARY}",
        "Fatal Python error: Segmentation fault",
        "",
        "Current thread 0x00007f1c (most recent call first):",
        f'  File "{home}/cellar/desktop/engine/stepper.py", line 12 in step',
        f"  {CANARY}",
        "2026-11-21T09:00:00.000Z engine[7] INFO desktop.engine: loaded",
        "2026-11-21T09:00:00.000Z engine[7] CRITICAL desktop.crashes: KeyError was not caught",
        "2026-11-21T09:00:00.000Z engine[7] CRITICAL desktop.crashes:   ~/worker.py:3 in run",
    ]
    crashes.child_crashed("engine", -11, lines)
    assert told[0] is not None
    text = told[0].read_text("utf-8")
    assert text.endswith(
        "The engine process ended with code -11.\n"
        "Fatal Python error: Segmentation fault\n"
        "Current thread 0x00007f1c (most recent call first):\n"
        '  File "~/cellar/desktop/engine/stepper.py", line 12 in step\n'
        "KeyError was not caught\n"
        "  ~/worker.py:3 in run\n"
    )
    assert str(home) not in text


def test_without_a_listener_nothing_is_made_of_the_log(told: list[Path | None]) -> None:
    hook = install_crash_hook(None)
    try:
        crashes.child_crashed("engine", -11, ())
    finally:
        hook.remove()
    assert told == []
