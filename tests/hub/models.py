"""Files to publish on the hub for tests."""

import json
import random
from pathlib import Path

from tests.hub.repository import Content

STARTER = "starter/SmolLM2-135M-Instruct-GGUF"
STARTER_FILE = "SmolLM2-135M-Instruct.Q4_1.gguf"


def noise(size: int, seed: int = 1) -> bytes:
    """Bytes without a pattern, the same each time."""
    return random.Random(seed).randbytes(size)  # noqa: S311


def ir_files(size: int = 300_000) -> dict[str, bytes]:
    """What looks like a model in OpenVINO's format, with weights of that size; none that runs."""
    config = {"model_type": "llama", "max_position_embeddings": 2048}
    return {
        ".gitattributes": b"*.bin filter=lfs diff=lfs merge=lfs -text\n",
        "README.md": b"# A model\n",
        "config.json": json.dumps(config, indent=2).encode(),
        "generation_config.json": b'{"eos_token_id": 2}',
        "openvino_detokenizer.bin": noise(900, 2),
        "openvino_detokenizer.xml": b"<net name='detokenizer'/>",
        "openvino_model.bin": noise(size),
        "openvino_model.xml": b"<net name='model'>" + b" " * 5000 + b"</net>",
        "openvino_tokenizer.bin": noise(70_000, 3),
        "openvino_tokenizer.xml": b"<net name='tokenizer'/>",
        "special_tokens_map.json": b"{}",
        "tokenizer.json": noise(9_000, 4).hex().encode(),
        "tokenizer_config.json": b'{"chat_template": "{{ messages }}"}',
    }


def safetensors_files(size: int = 200_000) -> dict[str, bytes]:
    """What looks like a checkpoint of PyTorch; none that runs."""
    files = {p: c for p, c in ir_files().items() if not p.startswith("openvino_")}
    return files | {"model.safetensors": noise(size), "pytorch_model.bin": noise(size, 5)}


def folder_files(folder: Path) -> dict[str, Content]:
    """All files below a folder, read when they are asked for."""
    found = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {path.relative_to(folder).as_posix(): path for path in found}


def starter_files() -> dict[str, Content]:
    """The model that comes with the program, as a repository of one GGUF file."""
    from desktop.paths import resources

    return {"README.md": b"# SmolLM2\n", STARTER_FILE: resources() / "starter" / STARTER_FILE}
