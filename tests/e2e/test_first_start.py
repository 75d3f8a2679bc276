"""The first start: the starter is made ready, below the data directory and nowhere else."""

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop.paths import resources
from tests.support import HANG_S, STARTER_ID, Cellar, kill_group

pytestmark = pytest.mark.e2e

CAPITAL = "What is the capital of France?"
ASK = ("ask", CAPITAL, "--temperature", "0", "--max-new-tokens", "16")


def all_below(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*"))


@pytest.fixture
def odd_folder(tmp_path: Path) -> Path:
    folder = tmp_path / "with spaces" / "Ünï 張 🙂" / "data"
    folder.parent.mkdir(parents=True)
    return folder


@pytest.fixture
def temporary(tmp_path: Path) -> Path:
    folder = tmp_path / "temporary"
    folder.mkdir()
    return folder


def test_the_first_question_installs_the_starter_and_is_answered(
    fresh_cellar: Cellar, odd_folder: Path, temporary: Path
) -> None:
    ran = fresh_cellar(*ASK, data_dir=odd_folder, environment={"TMPDIR": str(temporary)})
    assert ran.code == 0
    assert "Paris" in ran.out
    progress = ran.err.splitlines()
    assert progress[0] == "Preparing the model: checking the file (0 %)"
    assert "Loading the model …" in progress
    assert len(progress) == len(set(progress)) >= 5
    # Everything that was written is below the data directory, and all of it is expected.
    assert all_below(fresh_cellar.home) == []
    assert all_below(temporary) == []
    assert not fresh_cellar.data_dir.exists()
    assert {path.name for path in odd_folder.iterdir()} <= {"models", "cache", "logs"}
    models = {path.name for path in (odd_folder / "models").iterdir()}
    assert models - {"cellar.lock"} == {STARTER_ID}
    assert (odd_folder / "models" / STARTER_ID / "manifest.json").is_file()
    log = (odd_folder / "logs" / "cellar.log").read_text("utf-8")
    assert "Paris" not in log
    assert "capital" not in log


def test_two_programs_at_once_install_it_once_and_both_answer(fresh_cellar: Cellar) -> None:
    two = [fresh_cellar.start(*ASK, "--json") for _ in range(2)]
    try:
        outcomes = [process.communicate(timeout=HANG_S) for process in two]
    finally:
        for process in two:
            kill_group(process)
    stages = []
    for process, (out, err) in zip(two, outcomes, strict=True):
        assert (process.returncode, err) == (0, b"")
        lines = [json.loads(line) for line in out.splitlines()]
        assert "Paris" in lines[-1]["text"]
        stages.append([line.get("stage") for line in lines])
    assert sorted("converting" in each for each in stages) == [False, True]
    waited = next(each for each in stages if "converting" not in each)
    assert "waiting for another Cellar" in waited


def test_common_options_before_and_after_the_command(cellar: Cellar) -> None:
    data_dir = str(cellar.data_dir)
    before = cellar("--data-dir", data_dir, "--log-level", "error", "models", "list", "--json")
    after = cellar("models", "list", "--json", f"--data-dir={data_dir}", "--offline")
    assert before.code == after.code == 0
    assert json.loads(before.out) == json.loads(after.out)
    (model,) = json.loads(after.out)
    assert model["id"] == STARTER_ID
    assert model["folder"] == str(cellar.data_dir / "models" / STARTER_ID)
    assert model["weights"] == "int4"
    assert model["context_length"] == 8192
    assert model["size"] > 90_000_000
    assert {"name", "licence", "source", "sampling"} <= set(model)


def test_before_the_first_start_there_are_no_models_and_none_is_made(fresh_cellar: Cellar) -> None:
    assert json.loads(fresh_cellar("models", "list", "--json").out) == []
    assert "No model is installed yet" in fresh_cellar("models", "list").out
    assert not (fresh_cellar.data_dir / "models").exists()


# places that do not take it


def test_a_folder_below_a_file(fresh_cellar: Cellar, tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    ran = fresh_cellar(*ASK, data_dir=tmp_path / "file" / "data")
    assert (ran.code, ran.out) == (3, "")
    assert "could not install the model" in ran.problem()


ROOT_ON_LINUX = pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() != 0 or not shutil.which("mount"),
    reason="only root can mount a file system",
)


@pytest.fixture
def mounted(tmp_path: Path) -> Iterator[Path]:
    """An empty folder to mount something on, which is released at the end."""
    place = tmp_path / "mounted"
    place.mkdir()
    yield place
    subprocess.run(["umount", "--lazy", str(place)], check=False, capture_output=True)


def mount(*arguments: str) -> None:
    done = subprocess.run(["mount", *arguments], check=False, capture_output=True, text=True)
    if done.returncode != 0:
        pytest.skip(f"mounting is not allowed here: {done.stderr.strip()}")


@ROOT_ON_LINUX
def test_a_read_only_folder_with_a_model_is_enough_to_ask(
    cellar: Cellar, fresh_cellar: Cellar, mounted: Path
) -> None:
    mount("--bind", str(cellar.data_dir), str(mounted))
    mount("-o", "remount,ro,bind", str(mounted))
    ran = fresh_cellar(*ASK, data_dir=mounted)
    assert ran.code == 0
    assert "Paris" in ran.out


@ROOT_ON_LINUX
def test_a_read_only_folder_without_a_model_is_told(fresh_cellar: Cellar, mounted: Path) -> None:
    mount("-t", "tmpfs", "-o", "ro", "tmpfs", str(mounted))
    ran = fresh_cellar(*ASK, data_dir=mounted / "data")
    assert (ran.code, ran.out) == (3, "")
    assert "read-only" in ran.problem()


@ROOT_ON_LINUX
def test_a_disk_that_is_too_small_is_told_with_numbers(fresh_cellar: Cellar, mounted: Path) -> None:
    mount("-t", "tmpfs", "-o", "size=50m", "tmpfs", str(mounted))
    ran = fresh_cellar(*ASK, data_dir=mounted / "data")
    assert (ran.code, ran.out) == (3, "")
    last = ran.err.splitlines()[-1]
    assert last.startswith("cellar: ")
    assert "MB of disk" in last
    assert "Free some space" in last
    assert "Traceback" not in ran.err
    left = [path for path in mounted.rglob("*") if path.stat().st_size > 1_000_000]
    assert left == []


def test_the_starter_that_comes_with_the_program_is_the_one_of_the_catalogue() -> None:
    assert [path.suffix for path in (resources() / "starter").iterdir()] == [".gguf"]
