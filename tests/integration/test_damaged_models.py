"""A model whose files are not what was installed: a sentence, and never a wrong answer."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from desktop.domain.errors import Problem
from desktop.domain.events import Ended, Failed, Loaded
from desktop.domain.model import Model
from desktop.models.library import Library
from desktop.paths import Paths
from tests.integration.engine_process import EngineProcess
from tests.support import STARTER_ID

pytestmark = pytest.mark.integration


@pytest.fixture
def library(data_dir_with_model: Path) -> Library:
    paths = Paths.of(data_dir_with_model)
    return Library(paths.models, paths.cache / "verified.json")


@pytest.fixture
def model(library: Library) -> Model:
    return library.get(STARTER_ID)


@pytest.fixture(scope="module")
def empty_engine() -> Iterator[EngineProcess]:
    """An engine without a model, for loads that fail."""
    engine = EngineProcess()
    yield engine
    engine.end()


def change(path: Path, edit: Callable[[bytearray], bytes | bytearray]) -> None:
    """Change a file of this copy only (its data is shared), and leave the time of a change."""
    before = path.stat()
    data = edit(bytearray(path.read_bytes()))
    path.unlink()
    path.write_bytes(data)
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns + 1_000_000))


def flip_a_bit(data: bytearray) -> bytearray:
    data[len(data) // 2] ^= 0x10
    return data


def test_a_sound_model_is_not_hashed_again(library: Library, model: Model) -> None:
    assert library.unverified(model) == ()


@pytest.mark.parametrize("name", ["openvino_model.bin", "openvino_tokenizer.xml"])
def test_a_file_that_was_cut_is_refused_before_anything_is_loaded(
    library: Library, model: Model, name: str
) -> None:
    change(model.folder / name, lambda data: data[: len(data) // 2])
    with pytest.raises(Problem, match=rf"{name} of “SmolLM2 135M Instruct” is damaged"):
        library.unverified(model)


@pytest.mark.parametrize(
    "name",
    ["openvino_model.bin", "openvino_model.xml", "openvino_tokenizer.bin", "tokenizer_config.json"],
)
def test_one_flipped_bit_is_found(
    library: Library, model: Model, empty_engine: EngineProcess, name: str
) -> None:
    change(model.folder / name, flip_a_bit)
    unverified = library.unverified(model)
    assert [file.path for file in unverified] == [name]
    failed = empty_engine.try_to_load(model.folder, unverified=unverified)
    assert failed == Failed(
        "", f"The model's file {name} is damaged.", "Remove the model and install it again."
    )


def test_a_file_that_was_only_touched_is_hashed_and_loaded(
    library: Library, model: Model, empty_engine: EngineProcess
) -> None:
    change(model.folder / "openvino_model.bin", lambda data: data)
    unverified = library.unverified(model)
    assert len(unverified) == 1
    assert isinstance(empty_engine.try_to_load(model.folder, unverified=unverified), Loaded)


def cut(folder: Path, name: str) -> None:
    change(folder / name, lambda data: data[: len(data) // 2])


@pytest.mark.parametrize(
    "damage",
    [
        lambda folder: cut(folder, "openvino_model.bin"),
        lambda folder: cut(folder, "openvino_model.xml"),
        lambda folder: (folder / "openvino_model.xml").unlink(),
        lambda folder: (folder / "openvino_tokenizer.xml").unlink(),
        lambda folder: (folder / "tokenizer_config.json").write_text("{"),
        shutil.rmtree,
    ],
    ids=["bin cut", "xml cut", "no xml", "no tokenizer", "settings cut", "no folder"],
)
def test_what_no_checksum_guards_still_ends_in_a_sentence(
    model: Model, damage: Callable[[Path], None]
) -> None:
    """As when files are damaged between the check and the load."""
    settings = model.folder / "tokenizer_config.json"
    data = settings.read_bytes()
    settings.unlink()
    settings.write_bytes(data)
    damage(model.folder)
    engine = EngineProcess()
    result = engine.try_to_load(model.folder)
    engine.end()
    assert isinstance(result, (Failed, Ended))
    if isinstance(result, Failed):
        assert "could not" in result.what or "is damaged" in result.what
        assert result.remedy
        assert "Traceback" not in result.what


@pytest.mark.parametrize("device", ["GPU", "NPU", "GPU.7"])
def test_a_device_that_is_not_there_is_a_sentence(
    model: Model, empty_engine: EngineProcess, device: str
) -> None:
    result = empty_engine.try_to_load(model.folder, device=device)
    if isinstance(result, Loaded):
        pytest.skip(f"this computer has {device}")
    assert isinstance(result, Failed)
    assert f"could not be loaded on {device}" in result.what
    assert "Choose another device" in result.remedy
