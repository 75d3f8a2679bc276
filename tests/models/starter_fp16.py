"""The starter model in the forms that hubs have: a PyTorch checkpoint and uncompressed IR.

Both are made from the GGUF file that comes with the program, in a process of their own, because
what that takes in memory would stay with the tests.
"""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from desktop.paths import resources
from tests.support import ROOT

GGUF_NAME = "SmolLM2-135M-Instruct.Q4_1.gguf"
HEADS, KV_HEADS = 9, 3
CONTROL = 3  # a type of token

CONFIG = {
    "architectures": ["LlamaForCausalLM"],
    "attention_bias": False,
    "bos_token_id": 1,
    "dtype": "float16",
    "eos_token_id": 2,
    "hidden_act": "silu",
    "hidden_size": 576,
    "intermediate_size": 1536,
    "max_position_embeddings": 8192,
    "model_type": "llama",
    "num_attention_heads": HEADS,
    "num_hidden_layers": 30,
    "num_key_value_heads": KV_HEADS,
    "pad_token_id": 2,
    "rms_norm_eps": 1e-05,
    "rope_theta": 100000.0,
    "tie_word_embeddings": True,
    "vocab_size": 49152,
}
GENERATION_CONFIG = {"bos_token_id": 1, "eos_token_id": 2, "pad_token_id": 2}

# From GGUF's names of the parts of a layer to those of a checkpoint.
PARTS = {
    "attn_norm": "input_layernorm",
    "attn_q": "self_attn.q_proj",
    "attn_k": "self_attn.k_proj",
    "attn_v": "self_attn.v_proj",
    "attn_output": "self_attn.o_proj",
    "ffn_norm": "post_attention_layernorm",
    "ffn_gate": "mlp.gate_proj",
    "ffn_up": "mlp.up_proj",
    "ffn_down": "mlp.down_proj",
}
WHOLE = {
    "token_embd.weight": "model.embed_tokens.weight",
    "output_norm.weight": "model.norm.weight",
}

Array = np.ndarray[Any, np.dtype[Any]]


def starter_gguf() -> Path:
    """The file that comes with the program."""
    return resources() / "starter" / GGUF_NAME


def starter_fp16_ir(folder: Path) -> Path:
    """Fill a folder as a repository of OpenVINO IR in FP16 does; 15 s, 1.2 GB."""
    return _made_apart(folder, "ir")


def starter_checkpoint(folder: Path) -> Path:
    """Fill a folder as a repository of PyTorch weights does: safetensors and tokenizer; 6 s."""
    return _made_apart(folder, "checkpoint")


def starter_fp16_gguf(folder: Path) -> Path:
    """Fill a folder with the GGUF file in F16; 6 s. Returns the folder."""
    return _made_apart(folder, "gguf")


def exported_ir(folder: Path, checkpoint: Path) -> Path:
    """IR as optimum-intel exports it from a checkpoint, with torch; 20 s, 1.3 GB."""
    return _made_apart(folder, "export", str(checkpoint))


def _made_apart(folder: Path, *what: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-P", __file__, str(folder), *what]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "HF_HUB_OFFLINE": "1"}
    made = subprocess.run(command, env=environment, capture_output=True, check=False)
    assert made.returncode == 0, made.stderr.decode("utf-8", "replace")[-2000:]
    return folder


def _make_ir(folder: Path) -> None:
    import openvino_genai

    _make_gguf(folder)
    openvino_genai.LLMPipeline(str(folder / "f16.gguf"), "CPU", enable_save_ov_model=True)
    (folder / "f16.gguf").unlink()
    write_tokenizer(folder)


def _make_gguf(folder: Path) -> None:
    import gguf

    reader = _reader()
    writer = gguf.GGUFWriter(folder / "f16.gguf", "llama")
    for name, field in reader.fields.items():
        if name.startswith("GGUF.") or name in ("general.architecture", "general.file_type"):
            continue
        kind, *_, inner = field.types[0], field.types[-1]
        is_list = kind == gguf.GGUFValueType.ARRAY
        writer.add_key_value(name, field.contents(), kind, inner if is_list else None)
    writer.add_file_type(gguf.LlamaFileType.MOSTLY_F16)
    for name, values in _tables():
        writer.add_tensor(name, values)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


@cache
def _reader() -> Any:
    from gguf import GGUFReader

    return GGUFReader(starter_gguf())


def _tables() -> Iterator[tuple[str, Array]]:
    """Every table by GGUF's name: matrices in float16, vectors in float32."""
    from gguf.quants import dequantize

    for tensor in _reader().tensors:
        values = dequantize(tensor.data, tensor.tensor_type)
        yield tensor.name, values.astype(np.float16) if values.ndim > 1 else values


def _make_checkpoint(folder: Path) -> None:
    from safetensors.numpy import save_file

    tables = {_checkpoint_name(name): _as_in_checkpoint(name, t) for name, t in _tables()}
    save_file(tables, folder / "model.safetensors", metadata={"format": "pt"})
    write_tokenizer(folder)


def _checkpoint_name(name: str) -> str:
    if name in WHOLE:
        return WHOLE[name]
    _, number, part, kind = name.split(".")
    return f"model.layers.{number}.{PARTS[part]}.{kind}"


def _as_in_checkpoint(name: str, table: Array) -> Array:
    """GGUF has the rows of queries and keys in another order: pairs instead of halves."""
    for part, heads in (("attn_q", HEADS), ("attn_k", KV_HEADS)):
        if part in name:
            pairs = table.reshape(heads, -1, 2, table.shape[1])
            table = pairs.swapaxes(1, 2).reshape(table.shape)
    return np.ascontiguousarray(table.astype(np.float16))


def write_tokenizer(folder: Path) -> None:
    """The starter's tokenizer and settings, as a checkpoint of transformers has them."""
    fields = _reader().fields
    facts = {name: field.contents() for name, field in fields.items() if "tokenizer" in name}
    tokens = facts["tokenizer.ggml.tokens"]
    kinds = zip(tokens, facts["tokenizer.ggml.token_type"], strict=True)
    special = [token for token, kind in kinds if kind == CONTROL]
    _save_tokenizer(facts, special, folder / "tokenizer.json")
    settings = {
        "config.json": CONFIG,
        "generation_config.json": GENERATION_CONFIG,
        "tokenizer_config.json": _tokenizer_config(tokens, special, facts),
    }
    for name, body in settings.items():
        (folder / name).write_text(json.dumps(body, indent=2), "utf-8")


def _tokenizer_config(
    tokens: list[str], special: list[str], facts: dict[str, Any]
) -> dict[str, Any]:
    return {
        "added_tokens_decoder": {
            str(tokens.index(token)): {"content": token, "special": True} for token in special
        },
        "bos_token": tokens[1],
        "chat_template": facts["tokenizer.chat_template"],
        "eos_token": tokens[2],
        "model_max_length": CONFIG["max_position_embeddings"],
        "pad_token": tokens[2],
        "tokenizer_class": "PreTrainedTokenizerFast",
        "unk_token": tokens[0],
    }


def _save_tokenizer(facts: dict[str, Any], special: list[str], path: Path) -> None:
    """Byte-level BPE of the GGUF's tokens and merges, which cuts text as SmolLM2 does."""
    from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers

    vocabulary = {token: number for number, token in enumerate(facts["tokenizer.ggml.tokens"])}
    merges = [tuple(merge.split(" ")) for merge in facts["tokenizer.ggml.merges"]]
    tokenizer = Tokenizer(models.BPE(vocab=vocabulary, merges=merges))
    digits = pre_tokenizers.Digits(individual_digits=True)
    byte_level = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([digits, byte_level])
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.add_special_tokens([AddedToken(token, special=True) for token in special])
    tokenizer.save(str(path))


def _export(folder: Path, checkpoint: str) -> None:
    """What `optimum-cli export openvino --weight-format fp16` does."""
    from optimum.exporters.openvino import main_export
    from optimum.intel.openvino import OVConfig

    main_export(
        checkpoint,
        folder,
        task="text-generation-with-past",
        ov_config=OVConfig(dtype="fp16"),
        convert_tokenizer=True,
        local_files_only=True,
    )


if __name__ == "__main__":
    sys.modules["openvino_telemetry"] = None  # type: ignore[assignment]
    makers = {
        "ir": _make_ir,
        "checkpoint": _make_checkpoint,
        "gguf": _make_gguf,
        "export": _export,
    }
    target = Path(sys.argv[1])
    try:
        makers[sys.argv[2]](target, *sys.argv[3:])  # type: ignore[operator]
    except BaseException:
        shutil.rmtree(target, ignore_errors=True)
        raise
