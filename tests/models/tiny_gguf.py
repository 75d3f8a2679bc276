"""Small GGUF models with random weights, of any architecture and weight type, honest or not."""

from pathlib import Path
from typing import Any

import numpy as np
from gguf import GGMLQuantizationType, GGUFWriter, LlamaFileType, TokenType
from gguf.quants import quantize

HIDDEN, HEADS, KV_HEADS, LAYERS, FEED_FORWARD = 256, 4, 2, 2, 512
SPECIAL = ("<|endoftext|>", "<|im_start|>", "<|im_end|>")
K_BLOCK = 256  # weights
K_BYTES = {GGMLQuantizationType.Q4_K: 144, GGMLQuantizationType.Q6_K: 210}
TEMPLATE = (
    "{% for message in messages %}<|im_start|>{{ message['role'] }}\n"
    "{{ message['content'] }}<|im_end|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)


def byte_letters() -> list[str]:
    """The letters that byte-level BPE has for the 256 bytes, in the order of the bytes."""
    shown = {*range(33, 127), *range(161, 173), *range(174, 256)}
    hidden = iter(range(256, 512))
    return [chr(byte if byte in shown else next(hidden)) for byte in range(256)]


def write_gguf(
    path: Path,
    architecture: str = "llama",
    kind: GGMLQuantizationType = GGMLQuantizationType.F16,
    file_type: LlamaFileType = LlamaFileType.MOSTLY_F16,
    **changed: Any,
) -> Path:
    """Write a model. `changed` replaces metadata (dots as two underscores); None leaves it out."""
    writer = GGUFWriter(path, architecture)
    tokens = [*SPECIAL, *byte_letters(), "th"]
    values = _metadata(architecture, tokens) | {
        name.replace("__", "."): value for name, value in changed.items()
    }
    if values.pop("general.file_type", file_type) is not None:
        writer.add_file_type(file_type)
    for name, value in values.items():
        _add(writer, name, value)
    head = values.get(f"{architecture}.attention.key_length", HIDDEN // HEADS)
    vocabulary = len(values["tokenizer.ggml.tokens"] or tokens)
    for name, shape in _shapes(architecture, vocabulary, head).items():
        _add_tensor(writer, name, shape, kind)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path


def _metadata(architecture: str, tokens: list[str]) -> dict[str, Any]:
    of_model = {
        "block_count": LAYERS,
        "context_length": 512,
        "embedding_length": HIDDEN,
        "feed_forward_length": FEED_FORWARD,
        "attention.head_count": HEADS,
        "attention.head_count_kv": KV_HEADS,
        "attention.layer_norm_rms_epsilon": 1e-5,
        "rope.freq_base": 10000.0,
        "rope.dimension_count": HIDDEN // HEADS,
        "vocab_size": len(tokens),
    }
    kinds = [TokenType.CONTROL] * len(SPECIAL) + [TokenType.NORMAL] * (len(tokens) - len(SPECIAL))
    return {f"{architecture}.{name}": value for name, value in of_model.items()} | {
        "general.name": "Tiny",
        "tokenizer.ggml.model": "gpt2",
        "tokenizer.ggml.pre": "smollm",
        "tokenizer.ggml.tokens": tokens,
        "tokenizer.ggml.token_type": [int(kind) for kind in kinds],
        "tokenizer.ggml.merges": ["t h"],
        "tokenizer.ggml.bos_token_id": 1,
        "tokenizer.ggml.eos_token_id": 2,
        "tokenizer.ggml.unknown_token_id": 0,
        "tokenizer.ggml.padding_token_id": 2,
        "tokenizer.ggml.add_bos_token": False,
        "tokenizer.chat_template": TEMPLATE,
    }


def _add(writer: GGUFWriter, name: str, value: Any) -> None:
    if isinstance(value, bool):
        writer.add_bool(name, value)
    elif isinstance(value, int):
        writer.add_uint32(name, value)
    elif isinstance(value, float):
        writer.add_float32(name, value)
    elif isinstance(value, str):
        writer.add_string(name, value)
    elif value is not None:
        writer.add_array(name, value)


def _shapes(architecture: str, vocabulary: int, head: int) -> dict[str, tuple[int, ...]]:
    queries, kv = head * HEADS, head * KV_HEADS
    shapes: dict[str, tuple[int, ...]] = {
        "token_embd.weight": (vocabulary, HIDDEN),
        "output_norm.weight": (HIDDEN,),
    }
    for number in range(LAYERS):
        layer = {
            "attn_norm.weight": (HIDDEN,),
            "ffn_norm.weight": (HIDDEN,),
            "attn_q.weight": (queries, HIDDEN),
            "attn_k.weight": (kv, HIDDEN),
            "attn_v.weight": (kv, HIDDEN),
            "attn_output.weight": (HIDDEN, queries),
            "ffn_gate.weight": (FEED_FORWARD, HIDDEN),
            "ffn_up.weight": (FEED_FORWARD, HIDDEN),
            "ffn_down.weight": (HIDDEN, FEED_FORWARD),
        }
        if architecture == "qwen2":
            layer |= {"attn_q.bias": (queries,), "attn_k.bias": (kv,), "attn_v.bias": (kv,)}
        if architecture == "qwen3":
            layer |= {"attn_q_norm.weight": (head,), "attn_k_norm.weight": (head,)}
        shapes |= {f"blk.{number}.{name}": shape for name, shape in layer.items()}
    return shapes


def _add_tensor(
    writer: GGUFWriter, name: str, shape: tuple[int, ...], kind: GGMLQuantizationType
) -> None:
    random = np.random.default_rng(len(name) * 1000 + shape[0])
    if len(shape) == 1:
        writer.add_tensor(name, np.ones(shape, np.float32))
    elif kind in K_BYTES:
        writer.add_tensor(name, _k_blocks(random, shape, kind), raw_dtype=kind)
    else:
        values = random.standard_normal(shape, np.float32) * np.float32(0.05)
        writer.add_tensor(name, quantize(values, kind), raw_dtype=kind)


def _k_blocks(
    random: np.random.Generator, shape: tuple[int, ...], kind: GGMLQuantizationType
) -> np.ndarray[Any, Any]:
    """Random bits as weights, with scales that keep them small."""
    rows, blocks = shape[0], shape[1] // K_BLOCK
    data = random.integers(0, 256, (rows, blocks, K_BYTES[kind]), dtype=np.uint8)
    scale = np.array([0.0002], np.float16).view(np.uint8)
    if kind is GGMLQuantizationType.Q6_K:
        data[..., -2:] = scale
    else:
        data[..., 0:2] = data[..., 2:4] = scale
    return data.reshape(rows, blocks * K_BYTES[kind])
