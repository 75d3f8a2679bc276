"""How many tokens the KV cache of a model may hold on this computer."""

import json
from pathlib import Path
from typing import Any

import psutil

CACHE_BYTES = 2  # of a number in the cache: FP16, what CPU and GPU take by default
SHARE = 0.4  # of the memory that is free when the model is loaded
UNKNOWN = 16_384  # tokens, where the model's settings do not tell its size
FEWEST = 2_048  # tokens; with less there is no conversation


def cached_tokens(folder: Path, context_length: int) -> int:
    """Two conversations of full length, as far as memory goes: the cache grows up to this size."""
    wanted = 2 * context_length
    per_token = bytes_per_token(folder)
    if not per_token:
        return min(wanted, max(UNKNOWN, FEWEST))
    affordable = int(SHARE * psutil.virtual_memory().available / per_token)
    return min(wanted, max(affordable, FEWEST))


def bytes_per_token(folder: Path) -> int:
    """A key and a value in each layer, as `config.json` says; 0 when it does not tell."""
    try:
        config: dict[str, Any] = json.loads((folder / "config.json").read_bytes())
        layers = int(config["num_hidden_layers"])
        heads = int(config["num_attention_heads"])
        kv_heads = int(config.get("num_key_value_heads") or heads)
        head_size = int(config.get("head_dim") or config["hidden_size"] // heads)
    except (OSError, ValueError, KeyError, TypeError, ZeroDivisionError):
        return 0
    return 2 * layers * kv_heads * head_size * CACHE_BYTES
