"""How many tokens the KV cache of a model may hold on this computer."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import psutil

from desktop.domain.sizes import CACHE_BYTES

WIDE_BYTES = 4  # of a number in the cache, where that was asked for
SHARE = 0.4  # of the memory that is free when the model is loaded
UNKNOWN = 16_384  # tokens, where the model's settings do not tell its size
FEWEST = 2_048  # tokens; with less there is no conversation


def cached_tokens(
    folder: Path, context_length: int, properties: Mapping[str, str] | None = None
) -> int:
    """Two conversations of full length, as far as memory goes: the cache grows up to this size."""
    wanted = 2 * context_length
    per_token = bytes_per_token(folder, properties)
    if not per_token:
        return min(wanted, max(UNKNOWN, FEWEST))
    affordable = int(SHARE * psutil.virtual_memory().available / per_token)
    return min(wanted, max(affordable, FEWEST))


def bytes_per_token(folder: Path, properties: Mapping[str, str] | None = None) -> int:
    """A key and a value in each layer, as `config.json` says; 0 when it does not tell."""
    try:
        config: dict[str, Any] = json.loads((folder / "config.json").read_bytes())
        layers = int(config["num_hidden_layers"])
        heads = int(config["num_attention_heads"])
        kv_heads = int(config.get("num_key_value_heads") or heads)
        head_size = int(config.get("head_dim") or config["hidden_size"] // heads)
    except (OSError, ValueError, KeyError, TypeError, ZeroDivisionError):
        return 0
    wide = (properties or {}).get("KV_CACHE_PRECISION") == "f32"
    return 2 * layers * kv_heads * head_size * (WIDE_BYTES if wide else CACHE_BYTES)
