"""Model files are data: nothing that comes with a model is ever unpickled, whatever its name is."""

import contextlib
import json
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from desktop.domain.errors import Problem
from desktop.engine.client import Child
from desktop.engine.protocol import AdoptIr, Command, ExportCheckpoint, ImportGguf, InspectLocal
from desktop.models.jobs import examine
from desktop.models.jobs.export.checkpoint import examined as examined_checkpoint
from desktop.models.jobs.gguf_facts import read_facts
from desktop.models.jobs.inspection.local import inspect_local
from desktop.models.lora import read_lora
from desktop.services.jobs import Work
from tests.models.hostile_pickles import hostile_files, opened
from tests.models.tiny_ir import tiny_ir

pytestmark = pytest.mark.integration

NAMES = (  # under which weights come, all of them pickles
    *("pytorch_model.bin", "model.pt", "model.pth", "model.ckpt", "model.pkl", "model.pickle"),
    *("model.joblib", "weights.npy", "weights.npz", "model.keras", "model.h5", "model.dill"),
    *("MODEL.PT", "training_args.bin", "optimizer.t7", "flax_model.msgpack"),
)
KINDS = tuple(hostile_files(Path("canary")))
FOUND: list[str] = []  # classes that were unpickled since the list was emptied
WATCHED = ("pickle.find_class", "os.system")

sys.addaudithook(lambda event, _: FOUND.append(event) if event in WATCHED else None)


@pytest.fixture(autouse=True)
def canary(tmp_path: Path) -> Iterator[Path]:
    """The file that hostile ones make; the test fails if it is there, or anything was unpickled."""
    FOUND.clear()
    path = tmp_path / "canary"
    yield path
    assert not path.exists()
    assert FOUND == []


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_ir(tmp_path_factory.mktemp("tiny") / "made")


@pytest.fixture(scope="module")
def checkpoint(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What is around the weights of one."""
    folder = tmp_path_factory.mktemp("checkpoint")
    settings = {
        "model_type": "llama",
        "architectures": ["LlamaForCausalLM"],
        "max_position_embeddings": 512,
    }
    (folder / "config.json").write_text(json.dumps(settings))
    for name in ("tokenizer.json", "tokenizer_config.json"):
        (folder / name).write_text("{}")
    (folder / "model.safetensors").write_bytes(b"to be replaced")
    return folder


def test_the_samples_are_hostile(canary: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Opened as a careless program would, most of them do run code; the rest need a library."""
    samples = hostile_files(canary)
    ran = []
    for kind, content in samples.items():
        with contextlib.suppress(Exception):  # damage that comes after the code
            opened(content)
        if canary.exists():
            ran.append(kind)
            canary.unlink()
    assert len(samples) >= 20
    assert {"protocol 0", "protocol 5", "GLOBAL", "INST", "OBJ", "STACK_GLOBAL", "nested"} <= {*ran}
    assert "broken at the end" in ran
    assert "pickle.find_class" in FOUND  # so the other tests would notice
    FOUND.clear()


@pytest.mark.parametrize("name", NAMES)
def test_a_pickle_beside_a_model_is_refused_by_its_name(
    made: Path, canary: Path, tmp_path: Path, name: str
) -> None:
    folder = Path(shutil.copytree(made, tmp_path / "model"))
    (folder / name).write_bytes(hostile_files(canary)["torch's archive"])
    with pytest.raises(Problem, match="is in a format that can run program code"):
        examine.examined(folder)


@pytest.mark.parametrize("name", NAMES)
def test_weights_that_are_pickles_are_no_checkpoint(
    checkpoint: Path, canary: Path, tmp_path: Path, name: str
) -> None:
    folder = Path(shutil.copytree(checkpoint, tmp_path / "model"))
    (folder / "model.safetensors").unlink()
    (folder / name).write_bytes(hostile_files(canary)["protocol 4"])
    with pytest.raises(Problem, match=r"can run program code|no model that Cellar can use"):
        examined_checkpoint(folder)


@pytest.mark.parametrize("kind", KINDS)
def test_a_pickle_with_an_honest_name_is_not_opened(
    checkpoint: Path, canary: Path, tmp_path: Path, kind: str
) -> None:
    """As safetensors, as GGUF, as settings: each reader finds that it is none of its own."""
    content = hostile_files(canary)[kind]
    folder = Path(shutil.copytree(checkpoint, tmp_path / "model"))
    (folder / "model.safetensors").write_bytes(content)
    (tmp_path / "model.gguf").write_bytes(content)
    (tmp_path / "adapter.safetensors").write_bytes(content)
    readers: tuple[Callable[[], object], ...] = (
        lambda: examined_checkpoint(folder),
        lambda: read_facts(tmp_path / "model.gguf"),
        lambda: read_lora(tmp_path / "adapter.safetensors"),
    )
    for read in readers:
        with pytest.raises(Problem) as told:
            read()
        assert "Traceback" not in str(told.value)
    (folder / "config.json").write_bytes(content)
    facts = inspect_local(InspectLocal(str(folder)), lambda _: None).facts
    assert "posix" not in f"{facts.what} {facts.remedy}"


# in the processes that open models

SPY = """
import os, sys
with open(os.environ["CELLAR_SPY"], "a") as file:
    file.write("watching\\n")
def note(event, arguments):
    if event in ("pickle.find_class", "os.system", "subprocess.Popen"):
        name = ".".join(map(str, arguments[:2]))
        with open(os.environ["CELLAR_SPY"], "a") as file:
            file.write(f"{event} {name}\\n")
sys.addaudithook(note)
"""


@pytest.fixture
def spied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Children of this test note what they unpickle and which programs they start."""
    folder = tmp_path / "spy"
    folder.mkdir()
    (folder / "sitecustomize.py").write_text(SPY)
    monkeypatch.setenv("PYTHONPATH", str(folder))
    monkeypatch.setenv("CELLAR_SPY", str(tmp_path / "noted"))
    return tmp_path / "noted"


def as_checkpoint(folder: Path, made: Path, content: bytes, target: Path) -> Command:
    (folder / "model.safetensors").write_bytes(content)
    return ExportCheckpoint(str(folder), str(target))


def as_gguf(folder: Path, made: Path, content: bytes, target: Path) -> Command:
    (folder / "model.gguf").write_bytes(content)
    return ImportGguf(str(folder / "model.gguf"), str(target))


def as_weights_of_ir(folder: Path, made: Path, content: bytes, target: Path) -> Command:
    shutil.copytree(made, folder / "ir")
    size = (folder / "ir" / "openvino_model.bin").stat().st_size
    (folder / "ir" / "openvino_model.bin").write_bytes(content.ljust(size, b"\0"))
    return AdoptIr(str(folder / "ir"), str(target))


def as_tokenizer_of_ir(folder: Path, made: Path, content: bytes, target: Path) -> Command:
    shutil.copytree(made, folder / "ir")
    (folder / "ir" / "openvino_tokenizer.bin").write_bytes(content)
    return AdoptIr(str(folder / "ir"), str(target))


@pytest.mark.parametrize("way", [as_checkpoint, as_gguf, as_weights_of_ir, as_tokenizer_of_ir])
def test_a_child_that_is_given_one_tells_so(
    checkpoint: Path,
    made: Path,
    canary: Path,
    spied: Path,
    tmp_path: Path,
    way: Callable[[Path, Path, bytes, Path], Command],
) -> None:
    folder, target = Path(shutil.copytree(checkpoint, tmp_path / "model")), tmp_path / "target"
    target.mkdir()
    command = way(folder, made, hostile_files(canary)["protocol 2"], target)
    with pytest.raises(Problem) as told:
        Work(Child).run(command, lambda _: None)
    assert "Traceback" not in str(told.value)
    noted = spied.read_text().splitlines()
    assert noted[0] == "watching"
    assert [line for line in noted if "posix" in line or "system" in line] == []
