"""`cellar models`: adding from a hub, a file and a folder; checking and removing."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.hub.faults import Cut
from tests.hub.models import folder_files, ir_files, safetensors_files
from tests.hub.server import Hub
from tests.models.starter_fp16 import starter_checkpoint, starter_gguf
from tests.support import STARTER_ID, Cellar

pytestmark = pytest.mark.e2e

REPOSITORY = "cellar/starter-fp16-ov"
QUESTION = "What is the capital of France?"


@pytest.fixture(scope="module")
def checkpoint(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The starter as a repository of PyTorch weights; made in 6 s."""
    return starter_checkpoint(tmp_path_factory.mktemp("starter") / "checkpoint")


@pytest.fixture
def hub(starter_fp16: Path, checkpoint: Path) -> Iterator[Hub]:
    with Hub() as made:
        made.publish(REPOSITORY, folder_files(starter_fp16))
        made.publish("cellar/checkpoint", folder_files(checkpoint))
        made.publish("cellar/code", {**ir_files(), "modeling_x.py": b"open('/tmp/canary', 'w')"})
        gemma = {**safetensors_files(), "config.json": b'{"model_type": "gemma2"}'}
        made.publish("cellar/gemma", gemma)
        made.publish("cellar/pickle", {"config.json": b"{}", "pytorch_model.bin": b"x"})
        yield made


@pytest.mark.slow
def test_a_hub_model_is_compressed_asked_checked_and_removed(
    fresh_cellar: Cellar, hub: Hub
) -> None:
    hub.fail(REPOSITORY, "openvino_model.bin", Cut(50_000_000))
    online = {"HF_ENDPOINT": hub.url}
    source = f"hf:{REPOSITORY}"
    added = fresh_cellar(
        "models", "add", source, "--weights", "int8", "--as", "mine", "--json", environment=online
    )
    assert added.code == 0, added.err
    lines = [json.loads(line) for line in added.out.splitlines()]
    assert {"inspected", "stage", "transfer", "installed"} == {line["event"] for line in lines}
    installed = lines[-1]
    assert (installed["id"], installed["weights"]) == ("mine", "int8")
    assert installed["uncompressed_size"] > 1.8 * installed["size"]
    assert 0 <= installed["quality"]["kl_divergence"] < 0.05

    asked = fresh_cellar("ask", QUESTION, "--model", "mine", "--temperature", "0")
    assert "Paris" in asked.out
    assert "every file is as it was installed" in fresh_cellar("models", "verify", "mine").out
    again = fresh_cellar("models", "add", source, "--as", "mine", environment=online)
    assert again.code == 3
    assert "installed already" in again.err

    weights = fresh_cellar.data_dir / "models" / "mine" / "openvino_model.bin"
    data = weights.read_bytes()
    weights.write_bytes(data[:-1] + bytes([data[-1] ^ 1]))
    damaged = fresh_cellar("models", "verify", "--json")
    assert damaged.code == 3
    assert "damaged" in json.loads(damaged.out)["mine"]

    assert fresh_cellar("models", "remove", "mine").code == 0
    assert json.loads(fresh_cellar("models", "list", "--json").out) == []
    assert [p.name for p in (fresh_cellar.data_dir / "models").iterdir()] == []


@pytest.mark.slow
def test_a_checkpoint_is_converted_to_int4_with_progress(fresh_cellar: Cellar, hub: Hub) -> None:
    hub.repositories["cellar/checkpoint"].about = {"cardData": {"license": "apache-2.0"}}
    words = ("models", "add", "hf:cellar/checkpoint", "--weights", "int4", "--json")
    added = fresh_cellar(*words, environment={"HF_ENDPOINT": hub.url})
    assert added.code == 0, added.err
    lines = [json.loads(line) for line in added.out.splitlines()]
    looked_at = next(line for line in lines if line["event"] == "inspected")
    assert (looked_at["kind"], looked_at["architecture"]) == ("pytorch", "llama")
    assert "cellar/checkpoint: llama, 0.13 B parameters" in added.err
    stages = {line["name"] for line in lines if line["event"] == "stage"}
    assert {"converting", "checking the tokenizer", "compressing", "trying it out"} <= stages
    installed = lines[-1]
    assert (installed["id"], installed["weights"]) == ("checkpoint-int4", "int4")
    assert (installed["licence"], installed["note"], installed["paged"]) == ("Apache-2.0", "", True)
    assert 2.5 < installed["uncompressed_size"] / installed["size"] < 3.5
    assert installed["quality"]["kl_divergence"] < 0.35
    asked = fresh_cellar("ask", QUESTION, "--model", "checkpoint-int4", "--temperature", "0")
    assert "Paris" in asked.out
    assert [p.name for p in (fresh_cellar.data_dir / "models").iterdir()] == ["checkpoint-int4"]


@pytest.mark.slow
@pytest.mark.parametrize("weights", ["fp16", "int8"])
def test_a_checkpoint_on_this_computer(
    fresh_cellar: Cellar, checkpoint: Path, weights: str
) -> None:
    added = fresh_cellar("models", "add", str(checkpoint), "--weights", weights, "--as", "mine")
    assert added.code == 0, added.err
    assert f"mine: {weights.upper()}" in added.out
    assert "Paris" in fresh_cellar("ask", QUESTION, "--model", "mine", "--temperature", "0").out


def test_a_gguf_file(fresh_cellar: Cellar) -> None:
    added = fresh_cellar("models", "add", str(starter_gguf()), "--as", "from-file")
    assert added.code == 0, added.err
    assert "from-file: INT4" in added.out
    assert "Paris" in fresh_cellar("ask", QUESTION, "--model", "from-file", "--seed", "1").out


def test_a_folder_with_ir(cellar: Cellar) -> None:
    folder = cellar.data_dir / "models" / STARTER_ID
    added = cellar("models", "add", str(folder), "--as", "copy")
    assert added.code == 0, added.err
    assert {m["id"] for m in json.loads(cellar("models", "list", "--json").out)} == {
        STARTER_ID,
        "copy",
    }


@pytest.mark.parametrize(
    ("words", "code", "sentence"),
    [
        (("no-such-model",), 2, "neither in the catalogue nor a file or folder"),
        (("hf:nonsense",), 2, "is no repository"),
        (("qwen3-0.6b", "--weights", "int3"), 2, "no weight format"),
        (("qwen3-0.6b", "--offline"), 3, "Cellar is offline"),
        (("hf:cellar/missing",), 3, "cellar/missing"),
        (("hf:cellar/gemma", "--weights", "int4"), 3, "cannot be converted here"),
        (("hf:cellar/pickle",), 3, "can run program code when they are opened"),
        (("hf:cellar/checkpoint", "--weights", "int4", "--offline"), 3, "Cellar is offline"),
        (("hf:cellar/code",), 3, "program code"),
        (("hf:cellar/starter-fp16-ov", "--as", "../up"), 2, "cannot be a model's name"),
    ],
)
def test_what_cannot_be_added_is_told_in_one_line(
    fresh_cellar: Cellar, hub: Hub, words: tuple[str, ...], code: int, sentence: str
) -> None:
    added = fresh_cellar("models", "add", *words, environment={"HF_ENDPOINT": hub.url})
    assert added.code == code
    assert sentence in added.err.splitlines()[-1]
    assert "Traceback" not in added.err
    assert json.loads(fresh_cellar("models", "list", "--json").out) == []


def test_the_catalogue_is_listed(fresh_cellar: Cellar) -> None:
    listed = fresh_cellar("models", "list", "--all", "--json")
    assert {"id", "name", "licence", "sources"} <= set(json.loads(listed.out)[0])
    assert STARTER_ID in fresh_cellar("models", "list", "--all").out
