"""LoRA adapters as their makers save them, with random numbers, and what a merged model writes.

The references are made in a process of their own, because torch's memory would stay with the tests.
"""

import json
import os
import struct
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from tests.support import ROOT

PREFIX = "base_model.model."
RANK = 4
DTYPES = {"float32": "F32", "float16": "F16", "float64": "F64"}
LLAMA = {
    "self_attn.q_proj": (64, 64),
    "self_attn.k_proj": (32, 64),
    "self_attn.v_proj": (32, 64),
    "self_attn.o_proj": (64, 64),
    "mlp.gate_proj": (128, 64),
    "mlp.up_proj": (128, 64),
    "mlp.down_proj": (64, 128),
}  # outputs by inputs, of the tiny checkpoint
LAYERS = 3
# Which strengths of the two adapters are compared with a merged model.
MIXTURES = ((0.0, 0.0), (1.0, 0.0), (0.5, 0.0), (1.0, 0.75))
ALPHAS = (8, 6)

_SEEDS = range(9, 109)  # the first gives telling answers, unless torch draws other numbers

Array = np.ndarray[Any, np.dtype[Any]]
Pairs = Mapping[str, tuple[Array, Array]]  # A and B, by the layer's name


def write_safetensors(path: Path, tensors: Mapping[str, Array]) -> Path:
    """A file of the format."""
    header: dict[str, object] = {"__metadata__": {"format": "pt"}}
    end = 0
    for name, table in tensors.items():
        begin, end = end, end + table.nbytes
        kind = DTYPES[str(table.dtype)]
        header[name] = {"dtype": kind, "shape": table.shape, "data_offsets": [begin, end]}
    text = json.dumps(header).encode()
    data = b"".join(table.tobytes() for table in tensors.values())
    path.write_bytes(struct.pack("<Q", len(text)) + text + data)
    return path


def random_pairs(
    sizes: Mapping[str, tuple[int, int]], seed: int, spread: float, rank: int = RANK
) -> dict[str, tuple[Array, Array]]:
    """Two matrices for each layer of these outputs and inputs."""
    numbers = np.random.default_rng(seed)

    def table(*shape: int) -> Array:
        return (numbers.standard_normal(shape) * spread).astype(np.float32)

    return {name: (table(rank, ins), table(outs, rank)) for name, (outs, ins) in sizes.items()}


def layers_of_llama(layers: int = LAYERS) -> dict[str, tuple[int, int]]:
    """Every linear layer of the tiny checkpoint but the last."""
    return {
        f"model.layers.{number}.{name}": size
        for number in range(layers)
        for name, size in LLAMA.items()
    }


def peft_tensors(pairs: Pairs, prefix: str = PREFIX) -> dict[str, Array]:
    """The matrices under the names that PEFT gives them."""
    named = {}
    for layer, (down, up) in pairs.items():
        named[f"{prefix}{layer}.lora_A.weight"] = down
        named[f"{prefix}{layer}.lora_B.weight"] = up
    return named


def peft_folder(folder: Path, pairs: Pairs, alpha: float, **config: object) -> Path:
    """An adapter as PEFT saves it."""
    folder.mkdir(parents=True)
    write_safetensors(folder / "adapter_model.safetensors", peft_tensors(pairs))
    facts = {"peft_type": "LORA", "r": RANK, "lora_alpha": alpha, **config}
    (folder / "adapter_config.json").write_text(json.dumps(facts))
    return folder


@dataclass(frozen=True)
class Merged:
    """A tiny model, two adapters for it, and what transformers writes with them merged into it."""

    ir: Path
    adapters: tuple[Path, Path]
    texts: Mapping[tuple[float, ...], str]  # by the strengths of the adapters


def merged_references(folder: Path) -> Merged:
    """Fill a folder; 15 s."""
    command = [sys.executable, "-P", __file__, str(folder)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "HF_HUB_OFFLINE": "1"}
    made = subprocess.run(command, env=environment, capture_output=True, check=False)
    assert made.returncode == 0, made.stderr.decode("utf-8", "replace")[-3000:]
    texts = json.loads(made.stdout.splitlines()[-1])
    by_strengths = dict(zip(MIXTURES, texts, strict=True))
    return Merged(folder / "ir", (folder / "first", folder / "second"), by_strengths)


def _merged(state: Mapping[str, Any], adapters: list[Pairs], strengths: tuple[float, ...]) -> Any:
    """The weights of a model with the products of the matrices added to them."""
    import torch

    changed = {name: table.clone() for name, table in state.items()}
    for pairs, alpha, strength in zip(adapters, ALPHAS, strengths, strict=True):
        for layer, (down, up) in pairs.items():
            product = torch.from_numpy(up) @ torch.from_numpy(down)
            changed[f"{layer}.weight"] += strength * alpha / RANK * product
    return changed


def _main(folder: Path) -> None:
    import torch
    from optimum.exporters.openvino import main_export
    from transformers import AutoModelForCausalLM, AutoTokenizer

    from tests.models import tiny_checkpoints as tiny
    from tests.models.starter_fp16 import write_tokenizer

    checkpoint = folder / "checkpoint"
    checkpoint.mkdir(parents=True)
    write_tokenizer(checkpoint)
    tokenizer = AutoTokenizer.from_pretrained(checkpoint)
    tokenizer.chat_template = tiny._CHATML
    ids = tiny._prompts(tokenizer)[0]
    config = tiny._config("llama", len(tokenizer))
    for seed in _SEEDS:
        torch.manual_seed(seed)
        model = AutoModelForCausalLM.from_config(config).eval()
        state = {name: table.clone() for name, table in model.state_dict().items()}
        adapters: list[Pairs] = [random_pairs(layers_of_llama(), seed + n, 0.15) for n in (1, 2)]
        texts = []
        for strengths in MIXTURES:
            model.load_state_dict(_merged(state, adapters, strengths))
            answer, lead = tiny._written(model, ids)
            if not tiny._is_telling(answer, lead, tokenizer):
                break
            texts.append(tokenizer.decode(answer, skip_special_tokens=True))
        if len(set(texts)) == len(MIXTURES):
            break
    else:
        sys.exit("no seed gives telling answers")
    model.load_state_dict(state)
    model.save_pretrained(checkpoint)
    tokenizer.save_pretrained(checkpoint)
    main_export(
        str(checkpoint),
        folder / "ir",
        task="text-generation-with-past",
        library_name="transformers",
        convert_tokenizer=True,
        local_files_only=True,
    )
    for name, pairs, alpha in zip(("first", "second"), adapters, ALPHAS, strict=True):
        peft_folder(folder / name, pairs, alpha)
    print(json.dumps(texts))


if __name__ == "__main__":
    sys.modules["openvino_telemetry"] = None  # type: ignore[assignment]
    _main(Path(sys.argv[1]))
