"""Taking over a folder of IR: what is copied, what is refused."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import openvino
import pytest
from openvino import opset13

from desktop.domain.errors import Problem
from desktop.domain.events import JobDone, Stage
from desktop.engine.client import Child
from desktop.engine.protocol import AdoptIr
from desktop.files import sha256_of
from desktop.models.jobs import adopt_ir as job
from desktop.models.jobs import needs
from desktop.services.jobs import Work
from tests.models.tiny_ir import snapshot, tiny_ir

pytestmark = pytest.mark.integration


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_ir(tmp_path_factory.mktemp("tiny") / "made")


@pytest.fixture
def source(made: Path, tmp_path: Path) -> Path:
    """A folder of the user's, with what repositories have beside the model."""
    folder = shutil.copytree(made, tmp_path / "source")
    (folder / "README.md").write_text("# A model")
    (folder / "manifest.json").write_text('{"format": 1, "id": "stolen"}')
    return folder


@pytest.fixture
def target(tmp_path: Path) -> Path:
    folder = tmp_path / "target"
    folder.mkdir()
    return folder


def adopt(source: Path, target: Path, stages: list[Stage] | None = None) -> JobDone:
    on_stage = stages.append if stages is not None else lambda _: None
    return job.adopt_ir(AdoptIr(str(source), str(target)), on_stage)


def test_a_folder_is_copied(source: Path, target: Path) -> None:
    before = snapshot(source)
    stages: list[Stage] = []
    done = adopt(source, target, stages)
    assert (done.weights, done.context_length, done.quality) == ("fp16", 512, None)
    assert {file.path for file in done.files} == set(before) - {"README.md", "manifest.json"}
    assert all(sha256_of(target / file.path) == file.sha256 for file in done.files)
    assert snapshot(source) == before
    assert list(dict.fromkeys(stage.name for stage in stages)) == list(job.SHARES)


def test_what_the_user_changes_later_does_not_change_the_model(source: Path, target: Path) -> None:
    done = adopt(source, target)
    for path in source.iterdir():
        with path.open("r+b") as file:
            file.write(b"edited in place")
    assert all(sha256_of(target / file.path) == file.sha256 for file in done.files)


def test_what_is_cellar_s_own_is_shared(source: Path, target: Path) -> None:
    job.adopt_ir(AdoptIr(str(source), str(target), owned=True), lambda _: None)
    name = "openvino_model.bin"
    assert (target / name).samefile(source / name)


def test_in_a_child(source: Path, target: Path) -> None:
    command = AdoptIr(str(source), str(target))
    assert Work(Child).run(command, lambda _: None).weights == "fp16"


def put(name: str, content: str | bytes) -> Callable[[Path], None]:
    data = content.encode() if isinstance(content, str) else content

    def change(folder: Path) -> None:
        (folder / name).write_bytes(data)

    return change


def remove(*names: str) -> Callable[[Path], None]:
    def change(folder: Path) -> None:
        for name in names:
            (folder / name).unlink()

    return change


def with_setting(name: str, value: object) -> Callable[[Path], None]:
    def change(folder: Path) -> None:
        settings = json.loads((folder / "config.json").read_text())
        (folder / "config.json").write_text(json.dumps(settings | {name: value}))

    return change


def without_tokenizer(folder: Path) -> None:
    for path in folder.glob("openvino_*tokenizer.*"):
        path.unlink()
    (folder / "tokenizer.json").write_text("{}")


def link_away(folder: Path) -> None:
    (folder / "config.json").rename(folder.parent / "config.json")
    (folder / "config.json").symlink_to(folder.parent / "config.json")


def link_to_a_device(folder: Path) -> None:
    (folder / "openvino_model.bin").unlink()
    (folder / "openvino_model.bin").symlink_to("/dev/zero")


def cut_weights(folder: Path) -> None:
    weights = folder / "openvino_model.bin"
    weights.write_bytes(weights.read_bytes()[:1_000_000])


def of_another_kind(folder: Path) -> None:
    """A model that takes pictures."""
    (folder / "openvino_model.bin").unlink()
    parameter = opset13.parameter([1, 3, 224, 224], name="pixels")
    table = opset13.constant([[1.0] * 4096])
    outputs = [opset13.relu(parameter).output(0), table.output(0)]
    model = openvino.Model(outputs, [parameter], "pictures")
    openvino.save_model(model, folder / "openvino_model.xml")


REFUSED: dict[str, tuple[Callable[[Path], None], str]] = {
    "program code": (put("modeling_x.py", "1/0"), r"brings program code \(modeling_x.py\)"),
    "a pickle": (
        put("pytorch_model.bin", b"\x80\x04"),
        r"pytorch_model\.bin is in a format",
    ),
    "a pickle as .pt": (put("model.pt", b"PK"), "model.pt is in a format that can run program"),
    "code in settings": (with_setting("auto_map", {"AutoModel": "x.X"}), "asks for program code"),
    "no tokenizer": (without_tokenizer, "tokenizer.json has to be converted first"),
    "no model": (remove("openvino_model.xml"), "holds no OpenVINO model"),
    "no settings": (remove("config.json"), "has no config.json"),
    "no context length": (with_setting("max_position_embeddings", None), "how many tokens"),
    "a link": (link_away, "config.json is a link to another place"),
    "a link to a device": (link_to_a_device, "openvino_model.bin is a link"),
    "cut weights": (cut_weights, r"cannot be read|does not load|is no number"),
    "no XML": (put("openvino_model.xml", "<net"), "description cannot be read"),
    "a tokenizer that is none": (put("openvino_tokenizer.xml", "<net/>"), "does not load"),
    "pictures": (of_another_kind, "does not read text"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_not_taken_is_told(source: Path, target: Path, name: str) -> None:
    change, told = REFUSED[name]
    change(source)
    with pytest.raises(Problem, match=told):
        adopt(source, target)


def test_a_model_without_a_state_of_its_own(made: Path, source: Path, target: Path) -> None:
    model = openvino.Core().read_model(made / "openvino_model.xml")
    parameter = opset13.parameter([-1, 2, -1, 64], name="past")
    parameter.output(0).set_names({"past_key_values.0.key"})
    model.add_parameters([parameter])
    model.add_results([opset13.result(parameter)])
    for name in ("openvino_model.xml", "openvino_model.bin"):
        (source / name).unlink()
    openvino.save_model(model, source / "openvino_model.xml")
    with pytest.raises(Problem, match="exported without a state"):
        adopt(source, target)


def test_too_little_memory(source: Path, target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(needs, "available_memory", lambda: 1_000_000)
    with pytest.raises(Problem, match=r"Running this model takes \d+\.\d MB of memory"):
        adopt(source, target)
    assert list(target.iterdir()) == []


def test_too_little_disk(source: Path, target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(needs, "free_space", lambda _: 1_000)
    with pytest.raises(Problem, match=r"Copying this model takes .* of disk"):
        adopt(source, target)
    assert list(target.iterdir()) == []
