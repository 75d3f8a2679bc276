"""Tiny random models of several architectures, as PyTorch checkpoints and as exported IR.

Made in a process of their own, because torch's memory would stay with the tests. Run as a script
it prints what transformers writes with each model, as JSON.
"""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.support import ROOT

ARCHITECTURES = ("llama", "qwen2", "gpt2", "gpt_neox")
WITHOUT_TEMPLATE = "gpt2"
QUESTIONS = ("Hello, cellar.", "Is the wine good, or is it not? Count to 12 in French.")
NEW_TOKENS = 16
CONTEXT = 512

_SEEDS = range(100)
_MARGIN = 0.003  # of the spread of the scores: far more than rounding at f32 moves them
_CHATML = (
    "{% for m in messages %}<|im_start|>{{ m.role }}\n{{ m.content }}<|im_end|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)


@dataclass(frozen=True)
class Reference:
    """What transformers writes with one model, for each of the questions."""

    ir: Path
    prompt_tokens: tuple[int, ...]
    texts: tuple[str, ...]
    distinct_tokens: tuple[int, ...]


def references(folder: Path) -> dict[str, Reference]:
    """Fill a folder with the checkpoints and their IR; half a minute."""
    command = [sys.executable, "-P", __file__, str(folder)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "HF_HUB_OFFLINE": "1"}
    made = subprocess.run(command, env=environment, capture_output=True, check=False)
    assert made.returncode == 0, made.stderr.decode("utf-8", "replace")[-3000:]
    facts = json.loads(made.stdout.splitlines()[-1])
    return {
        name: Reference(folder / name / "ir", *(tuple(each) for each in lists))
        for name, lists in facts.items()
    }


def _config(name: str, vocabulary: int) -> Any:
    from transformers import AutoConfig

    shapes: dict[str, dict[str, object]] = {
        "llama": {"num_key_value_heads": 2},
        "qwen2": {"num_key_value_heads": 2},
        "gpt2": {},
        "gpt_neox": {"rotary_pct": 0.25},
    }
    return AutoConfig.for_model(
        name,
        vocab_size=vocabulary,
        hidden_size=64,
        intermediate_size=128,
        num_hidden_layers=3,
        num_attention_heads=4,
        max_position_embeddings=CONTEXT,
        initializer_range=0.2,
        bos_token_id=1,
        eos_token_id=2,
        pad_token_id=2,
        **shapes[name],
    )


def _prompts(tokenizer: Any) -> list[Any]:
    """The questions as ids: by the template, or in the plain layout that Cellar has for none."""
    texts = [
        tokenizer.apply_chat_template(
            [{"role": "user", "content": said}], tokenize=False, add_generation_prompt=True
        )
        if tokenizer.chat_template
        else f"User: {said}\nAssistant:"
        for said in QUESTIONS
    ]
    return [tokenizer(t, return_tensors="pt", add_special_tokens=False).input_ids for t in texts]


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


def _is_telling(ids: list[int], lead: float, tokenizer: Any) -> bool:
    """An answer of full length and whole characters, without ties, that does not repeat itself."""
    varied = len(ids) == NEW_TOKENS and len(set(ids)) > NEW_TOKENS // 2
    return varied and lead > _MARGIN and "\ufffd" not in tokenizer.decode(ids)


def _make(name: str, folder: Path, starter: Path) -> tuple[list[int], list[str], list[int]]:
    """One architecture, with the first seed whose answers are telling."""
    import torch
    from optimum.exporters.openvino import main_export
    from transformers import AutoModelForCausalLM, AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(starter)
    tokenizer.chat_template = None if name == WITHOUT_TEMPLATE else _CHATML
    prompts = _prompts(tokenizer)
    config = _config(name, len(tokenizer))
    for seed in _SEEDS:
        torch.manual_seed(seed)
        model = AutoModelForCausalLM.from_config(config).eval()
        answers = [_written(model, ids) for ids in prompts]
        if all(_is_telling(ids, lead, tokenizer) for ids, lead in answers):
            break
    else:
        sys.exit(f"no seed gives {name} telling answers")
    model.save_pretrained(folder / "checkpoint")
    tokenizer.save_pretrained(folder / "checkpoint")
    main_export(
        str(folder / "checkpoint"),
        folder / "ir",
        task="text-generation-with-past",
        library_name="transformers",
        convert_tokenizer=True,
        local_files_only=True,
    )
    texts = [tokenizer.decode(ids, skip_special_tokens=True) for ids, _ in answers]
    return [p.shape[1] for p in prompts], texts, [len(set(ids)) for ids, _ in answers]


def _main(folder: Path) -> None:
    from tests.models.starter_fp16 import write_tokenizer

    starter = folder / "tokenizer"
    starter.mkdir(parents=True)
    write_tokenizer(starter)
    made = {name: _make(name, folder / name, starter) for name in ARCHITECTURES}
    print(json.dumps(made))


if __name__ == "__main__":
    sys.modules["openvino_telemetry"] = None  # type: ignore[assignment]
    _main(Path(sys.argv[1]))
