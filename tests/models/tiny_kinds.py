"""Tiny random PyTorch checkpoints of every architecture that Cellar promises to convert.

Made in a process of their own, because torch's memory would stay with the tests. Run as a script
it prints what transformers writes with each model, as JSON.
"""

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.support import ROOT

PROMPTS = ("Hello, cellar. ", "Human: Is the wine good?\nAI:")
NEW_TOKENS = 12
CONTEXT = 512

_SEEDS = range(60)
_MARGIN = 0.003  # of the spread of the scores: far more than rounding at f32 moves them
_SHAPE = {
    "hidden_size": 64,
    "intermediate_size": 128,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "max_position_embeddings": CONTEXT,
    "initializer_range": 0.2,
}
# By architecture: the kind of tokenizer, and what differs in the configuration.
KINDS: dict[str, tuple[str, dict[str, object]]] = {
    "gpt_neox": ("gpt_neox", {"rotary_pct": 0.25}),
    "llama": ("llama", {"num_key_value_heads": 2}),
    "mpt": (
        "gpt_neox",
        {"d_model": 64, "n_heads": 4, "n_layers": 2, "max_seq_len": CONTEXT},
    ),
    "gpt2": ("gpt2", {}),
    "gpt_neo": ("gpt2", {"attention_types": [[["global", "local"], 1]], "num_layers": 2}),
    "opt": ("opt", {"ffn_dim": 128, "word_embed_proj_dim": 64}),
    "qwen2": ("qwen", {"num_key_value_heads": 2}),
    "qwen3": ("qwen", {"num_key_value_heads": 2, "head_dim": 16}),
    "phi3": ("llama", {"num_key_value_heads": 2, "original_max_position_embeddings": CONTEXT}),
}


@dataclass(frozen=True)
class Tiny:
    """A checkpoint, and what transformers writes after each of the prompts."""

    folder: Path
    texts: tuple[str, ...]
    distinct_tokens: tuple[int, ...]


def tiny_kinds(folder: Path, names: Sequence[str] = tuple(KINDS)) -> dict[str, Tiny]:
    """Fill a folder with checkpoints in FP16; some seconds for all of them."""
    command = [sys.executable, "-P", __file__, str(folder), *names]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "HF_HUB_OFFLINE": "1"}
    made = subprocess.run(command, env=environment, capture_output=True, check=False)
    assert made.returncode == 0, made.stderr.decode("utf-8", "replace")[-3000:]
    facts = json.loads(made.stdout.splitlines()[-1])
    return {name: Tiny(folder / name, *map(tuple, lists)) for name, lists in facts.items()}


def _config(name: str, tokenizer: Any) -> Any:
    from transformers import AutoConfig

    return AutoConfig.for_model(
        name,
        **_SHAPE | KINDS[name][1],
        vocab_size=len(tokenizer),
        bos_token_id=tokenizer.bos_token_id,
        eos_token_id=tokenizer.eos_token_id,
        pad_token_id=tokenizer.pad_token_id or tokenizer.eos_token_id,
    )


def _model(name: str, tokenizer: Any, seed: int) -> Any:
    """Random weights as FP16 has them, that never choose a piece of a character."""
    import torch
    from transformers import AutoModelForCausalLM

    torch.manual_seed(seed)
    model = AutoModelForCausalLM.from_config(_config(name, tokenizer)).eval()
    head = model.get_output_embeddings().weight.data
    vague = [n for n in range(len(tokenizer)) if not _is_plain(tokenizer.decode([n]))]
    head[vague + tokenizer.all_special_ids] = 0.0
    return model.half().float()


def _is_plain(text: str) -> bool:
    return text.isascii() and text.replace("\n", " ").isprintable()


def _written(model: Any, ids: Any) -> tuple[list[int], float]:
    """What the model writes greedily, and the smallest lead of a chosen token over the next."""
    import torch

    out = model.generate(
        ids,
        attention_mask=torch.ones_like(ids),
        do_sample=False,
        max_new_tokens=NEW_TOKENS,
        output_scores=True,
        return_dict_in_generate=True,
    )
    leads = []
    for scores in out.scores:
        first, second = scores[0].topk(2).values
        leads.append(float((first - second) / scores[0].std()))
    return out.sequences[0, ids.shape[1] :].tolist(), min(leads)


def _make(name: str, folder: Path) -> tuple[list[str], list[int]]:
    """One architecture, with the first seed whose answers are of full length and without ties."""
    from tests.models.small_tokenizers import saved

    tokenizer = saved(KINDS[name][0], folder)
    prompts = [
        tokenizer(text, return_tensors="pt", add_special_tokens=False).input_ids for text in PROMPTS
    ]
    for seed in _SEEDS:
        model = _model(name, tokenizer, seed)
        answers = [_written(model, ids) for ids in prompts]
        if all(
            lead > _MARGIN and len(ids) == NEW_TOKENS and len(set(ids)) > NEW_TOKENS // 2
            for ids, lead in answers
        ):
            break
    else:
        sys.exit(f"no seed gives {name} telling answers")
    model.half().save_pretrained(folder)
    texts = [tokenizer.decode(ids, skip_special_tokens=True) for ids, _ in answers]
    return texts, [len(set(ids)) for ids, _ in answers]


def _main(folder: Path, names: Sequence[str]) -> None:
    print(json.dumps({name: _make(name, folder / name) for name in names}))


if __name__ == "__main__":
    sys.modules["openvino_telemetry"] = None  # type: ignore[assignment]
    _main(Path(sys.argv[1]), sys.argv[2:])
