"""How much the KV cache may hold."""

import json
from pathlib import Path
from types import SimpleNamespace

import psutil
import pytest

from desktop.engine.cache_budget import bytes_per_token, cached_tokens

LLAMA_8B = {
    "num_hidden_layers": 32,
    "num_attention_heads": 32,
    "num_key_value_heads": 8,
    "hidden_size": 4096,
}


def with_free_memory(monkeypatch: pytest.MonkeyPatch, free: int) -> None:
    monkeypatch.setattr(psutil, "virtual_memory", lambda: SimpleNamespace(available=free))


def test_the_bytes_follow_from_the_settings(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text(json.dumps(LLAMA_8B))
    assert bytes_per_token(tmp_path) == 2 * 32 * 8 * 128 * 2


def test_plenty_of_memory_holds_two_conversations(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "config.json").write_text(json.dumps(LLAMA_8B))
    with_free_memory(monkeypatch, 64 * 2**30)
    assert cached_tokens(tmp_path, 8192) == 16_384


def test_a_long_context_is_cut_to_what_memory_allows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "config.json").write_text(json.dumps(LLAMA_8B))
    with_free_memory(monkeypatch, 8 * 2**30)
    tokens = cached_tokens(tmp_path, 131_072)
    assert 20_000 < tokens < 30_000
    assert tokens * bytes_per_token(tmp_path) < 4 * 2**30


@pytest.mark.parametrize("text", [None, "{}", "[]", "nonsense", '{"num_hidden_layers": 3}'])
def test_unknown_sizes_get_a_moderate_cache(tmp_path: Path, text: str | None) -> None:
    if text is not None:
        (tmp_path / "config.json").write_text(text)
    assert cached_tokens(tmp_path, 4_096) == 8_192
    assert cached_tokens(tmp_path, 131_072) == 16_384
