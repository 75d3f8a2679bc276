"""Conversions that are refused, shut in, and ended in the middle."""

import json
import os
import queue
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from desktop.domain.errors import Problem
from desktop.domain.events import Event, JobDone, Progress
from desktop.domain.model import Recipe
from desktop.engine.client import Child
from desktop.engine.protocol import ExportCheckpoint
from desktop.models.jobs import needs
from desktop.models.jobs.export import job, tokenizer
from desktop.models.jobs.export.checkpoint import examined
from desktop.models.library import Library
from desktop.services.installer import Installer
from desktop.services.jobs import Cancelled, Work
from desktop.services.plans import Request, plan
from tests.models.tiny_ir import snapshot
from tests.models.tiny_kinds import tiny_kinds
from tests.support import ROOT

pytestmark = pytest.mark.integration

Change = Callable[[Path], object]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small checkpoint. To be read only."""
    return tiny_kinds(tmp_path_factory.mktemp("tiny"), ["llama"])["llama"].folder


@pytest.fixture
def checkpoint(made: Path, tmp_path: Path) -> Path:
    """A copy that may be changed."""
    folder = tmp_path / "checkpoint"
    folder.mkdir()
    for path in made.iterdir():
        (folder / path.name).write_bytes(path.read_bytes())
    return folder


def written(name: str, body: bytes = b"x") -> Change:
    return lambda folder: (folder / name).write_bytes(body)


def with_setting(**changes: object) -> Change:
    def change(folder: Path) -> None:
        path = folder / "config.json"
        path.write_text(json.dumps(json.loads(path.read_text()) | changes))

    return change


def linked(folder: Path) -> None:
    (folder / "model.safetensors").rename(folder.parent / "elsewhere")
    (folder / "model.safetensors").symlink_to(folder.parent / "elsewhere")


def cut(folder: Path) -> None:
    path = folder / "model.safetensors"
    path.write_bytes(path.read_bytes()[:-1000])


def sharded(folder: Path) -> None:
    (folder / "model.safetensors").rename(folder / "model-00001-of-00002.safetensors")
    index = {"weight_map": {"a": "model-00001-of-00002.safetensors", "b": "../../secret"}}
    (folder / "model.safetensors.index.json").write_text(json.dumps(index))


REFUSED: dict[str, tuple[Change, str]] = {
    "program code": (written("modeling_llama.py"), "program code"),
    "a pickle instead": (
        lambda f: (f / "model.safetensors").rename(f / "pytorch_model.bin"),
        "run program code when they are opened",
    ),
    "code in config.json": (with_setting(auto_map={"AutoModel": "x--y.Z"}), "asks for program"),
    "code in the tokenizer": (
        written("tokenizer_config.json", b'{"auto_map": {"AutoTokenizer": ["x.y", null]}}'),
        "asks for program code",
    ),
    "a link": (linked, "is a link to another place"),
    "a file cut off": (cut, "no safetensors file, or it is damaged"),
    "a shard elsewhere": (sharded, "A file with weights is missing (../../secret)"),
    "compressed weights": (with_setting(quantization_config={"bits": 4}), "compressed already"),
    "gemma2": (with_setting(model_type="gemma2"), "the kind gemma2, which cannot be converted"),
    "no text model": (with_setting(architectures=["T5Model"]), "no model that just writes text"),
    "no context": (with_setting(max_position_embeddings=None), "how many tokens it can read"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_is_refused_before_any_library_sees_it(
    checkpoint: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    monkeypatch.delitem(sys.modules, "torch", raising=False)  # other tests have imported it
    change, sentence = REFUSED[what]
    change(checkpoint)
    command = ExportCheckpoint(str(checkpoint), str(tmp_path / "target"))
    (tmp_path / "target").mkdir()
    with pytest.raises(Problem) as told:
        job.export_checkpoint(command, lambda _: None)
    assert sentence in told.value.what
    assert told.value.remedy
    assert list((tmp_path / "target").iterdir()) == []
    assert "torch" not in sys.modules


def test_a_folder_that_is_harmless(made: Path) -> None:
    checkpoint = examined(made)
    assert (checkpoint.kind, checkpoint.wide) == ("llama", False)
    assert checkpoint.kept == (
        *("config.json", "generation_config.json", "tokenizer.json", "tokenizer_config.json"),
    )
    assert (
        checkpoint.loaded == 2 * checkpoint.parameters < (made / "model.safetensors").stat().st_size
    )


def test_too_little_memory_and_too_little_disk_are_told_in_numbers(
    made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    command = ExportCheckpoint(str(made), str(tmp_path), "int8")
    monkeypatch.setattr(needs, "available_memory", lambda: 500_000_000)
    with pytest.raises(Problem, match=r"Converting this model takes .* of memory, and 500\.0 MB"):
        job.export_checkpoint(command, lambda _: None)
    monkeypatch.undo()
    monkeypatch.setattr(needs, "free_space", lambda _: 100_000)
    with pytest.raises(Problem, match=r"takes 0\.\d MB of disk, and 0\.1 MB are free"):
        job.export_checkpoint(command, lambda _: None)


def test_a_kind_that_nobody_knows_is_told_by_the_job(checkpoint: Path, tmp_path: Path) -> None:
    with_setting(model_type="wonder", architectures=["WonderForCausalLM"])(checkpoint)
    (tmp_path / "target").mkdir()
    command = ExportCheckpoint(str(checkpoint), str(tmp_path / "target"))
    with pytest.raises(Problem, match="“wonder” cannot be converted here"):
        Work(Child).run(command, lambda _: None)


SHUT_IN = """
import pickle, socket, subprocess, sys, tempfile
from pathlib import Path
from desktop.models.jobs.export.seclusion import seclude
seclude(Path(sys.argv[1]))
data = pickle.dumps(pickle.Pickler)
tries = {
    "address": lambda: socket.getaddrinfo("localhost", 80),
    "connection": lambda: socket.create_connection(("127.0.0.1", 9)),
    "server": lambda: socket.create_server(("127.0.0.1", 0)),
    "program": lambda: subprocess.run(["true"]),
    "pickle": lambda: pickle.loads(data),
}
for name, attempt in tries.items():
    try:
        attempt()
    except OSError as error:
        print(name, error)
print(tempfile.gettempdir())
"""


def test_the_process_is_shut_in(tmp_path: Path) -> None:
    command = [sys.executable, "-c", SHUT_IN, str(tmp_path)]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    *refused, scratch = ran.stdout.splitlines()
    assert [line.split()[0] for line in refused] == [
        *("address", "connection", "server", "program", "pickle"),
    ]
    assert scratch == str(tmp_path)


def test_tokenizers_that_differ() -> None:
    assert tokenizer.judged([]) == ""
    assert "(Thai, emoji)" in tokenizer.judged(["Thai", "emoji"])
    with pytest.raises(Problem, match="comes out wrong"):
        tokenizer.judged(["English", "Thai"])


# ended in the middle


class Conversion:
    """One that runs in a thread, in an empty library, with an empty HOME and place for buffers."""

    def __init__(self, source: Path, folder: Path) -> None:
        self.library = Library(folder / "models", folder / "verified.json")
        self.stages: queue.SimpleQueue[str] = queue.SimpleQueue()
        self.outcome: queue.SimpleQueue[object] = queue.SimpleQueue()
        self.children: list[Child] = []
        self.work = Work(self._child)
        planned = plan(Request(str(source), "int4", "mine"), (), Path())

        def install() -> None:
            try:
                self.outcome.put(Installer(self.library, self.work).install(planned, self._hear))
            except (Problem, Cancelled) as error:
                self.outcome.put(error)

        self.thread = threading.Thread(target=install)
        self.thread.start()

    def _child(self, role: str) -> Child:
        self.children.append(Child(role))
        return self.children[-1]

    def _hear(self, event: Event) -> None:
        if isinstance(event, Progress):
            self.stages.put(event.stage.name)

    def until(self, stage: str) -> None:
        """Wait for a stage of the job."""
        while self.stages.get(timeout=120) != stage:
            pass


@pytest.fixture
def outside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where programs keep things that are not below the data folder."""
    folder = tmp_path / "outside"
    folder.mkdir()
    for name in ("HOME", "USERPROFILE", "TMPDIR", "TEMP", "TMP", "XDG_CACHE_HOME"):
        monkeypatch.setenv(name, str(folder))
    monkeypatch.delenv("HF_HOME", raising=False)
    monkeypatch.setattr(tempfile, "tempdir", None)
    return folder


@pytest.mark.parametrize("how", ["cancelled", "killed"])
def test_nothing_is_left_of_one_that_was_ended(
    made: Path, tmp_path: Path, outside: Path, how: str
) -> None:
    before = snapshot(made)
    conversion = Conversion(made, tmp_path / "data")
    conversion.until("converting")
    child = conversion.children[-1]
    process = psutil.Process(child.pid)
    assert process.children(recursive=True) == []
    assert not [name for name in process.environ() if "TOKEN" in name and "HUB" not in name]
    if how == "cancelled":
        conversion.work.end()
    else:
        os.kill(child.pid, 9)
    outcome = conversion.outcome.get(timeout=60)
    conversion.thread.join(60)
    if how == "cancelled":
        assert isinstance(outcome, Cancelled)
    else:
        assert "memory ran out" in str(outcome)
    assert not process.is_running()
    conversion.library.work_folder("mine").discard()
    assert [path for path in (tmp_path / "data").rglob("*") if path.is_file()] == []
    assert list(outside.iterdir()) == []
    assert snapshot(made) == before


def test_a_whole_conversion_writes_nothing_outside(
    made: Path, tmp_path: Path, outside: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_TOKEN", "hf_canary")
    (tmp_path / "target").mkdir()
    command = ExportCheckpoint(str(made), str(tmp_path / "target"), "int4", "Qwen/Qwen3-8B")
    done = Work(Child).run(command, lambda _: None)
    assert isinstance(done, JobDone)
    assert done.recipe == Recipe(symmetric=False, group=128, ratio=1.0)  # of optimum-intel
    assert list(outside.iterdir()) == []
    assert sorted(path.name for path in (tmp_path / "target").iterdir()) == [
        *("config.json", "generation_config.json"),
        *("openvino_detokenizer.bin", "openvino_detokenizer.xml"),
        *("openvino_model.bin", "openvino_model.xml"),
        *("openvino_tokenizer.bin", "openvino_tokenizer.xml"),
        *("tokenizer.json", "tokenizer_config.json"),
    ]
