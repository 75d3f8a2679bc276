"""Tiny random models of the older chatbots' kinds, each with a small tokenizer of the right kind.

Made in a process of their own, because torch's memory would stay with the tests.
"""

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from tests.support import ROOT

CONTEXT = 256
VOCABULARY = 500
# The special tokens of each, in the order of their ids.
TOKENS: dict[str, tuple[str, ...]] = {
    "gpt_neox": ("<|endoftext|>", "<|padding|>"),  # RedPajama-INCITE-Chat
    "llama": ("<unk>", "<s>", "</s>"),  # Llama 2
    "mpt": ("<|endoftext|>", "<|padding|>", "<|im_start|>", "<|im_end|>"),  # MPT-7B-Chat
    "gpt2": ("<|endoftext|>",),  # DialoGPT
    "gpt_neo": ("<|endoftext|>", "<bos>", "<eos>", "<pad>", "<speaker1>", "<speaker2>"),
    "opt": ("<s>", "<pad>", "</s>", "<unk>"),  # DeepSpeed-Chat
}
ANSWER_TOKENS = 12
WRITTEN = "written.json"  # beside the IR: what transformers writes after each of the prompts
_ENDS = {"llama": "</s>", "opt": "</s>", "gpt_neo": "<eos>"}


def tiny_chatbots(folder: Path, prompts: Mapping[str, str]) -> dict[str, Path]:
    """Fill a folder with IR of each kind, as optimum-intel exports it; half a minute.

    Transformers answers the prompt of each kind, greedily; the ids of that are in `WRITTEN`.
    """
    command = [sys.executable, "-P", __file__, str(folder)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "HF_HUB_OFFLINE": "1"}
    made = subprocess.run(
        command,
        env=environment,
        input=json.dumps(dict(prompts)).encode(),
        capture_output=True,
        check=False,
    )
    assert made.returncode == 0, made.stderr.decode("utf-8", "replace")[-3000:]
    return {kind: folder / kind / "ir" for kind in TOKENS}


def _tokenizer(kind: str, text: Sequence[str]) -> Any:
    """Byte-level BPE, as of GPT-2 and GPT-NeoX; for Llama BPE of words with “▁” before them."""
    from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, trainers

    special = list(TOKENS[kind])
    if kind == "llama":
        made = Tokenizer(models.BPE(unk_token="<unk>", byte_fallback=True, fuse_unk=True))
        made.pre_tokenizer = pre_tokenizers.Metaspace()
        every_byte = [f"<0x{number:02X}>" for number in range(256)]
        trainer = trainers.BpeTrainer(
            vocab_size=VOCABULARY + 256, special_tokens=[*special, *every_byte]
        )
        made.train_from_iterator(text, trainer)
        made = _without_special_bytes(made, special)
        made.normalizer = normalizers.Sequence(
            [normalizers.Prepend("▁"), normalizers.Replace(" ", "▁")]
        )
        made.decoder = decoders.Sequence(
            [
                decoders.Replace("▁", " "),
                decoders.ByteFallback(),
                decoders.Fuse(),
                decoders.Strip(" ", 1, 0),
            ]
        )
        return made
    made = Tokenizer(models.BPE())
    made.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    made.decoder = decoders.ByteLevel()
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    trainer = trainers.BpeTrainer(
        vocab_size=VOCABULARY, special_tokens=special, initial_alphabet=alphabet
    )
    made.train_from_iterator(text, trainer)
    return made


def _without_special_bytes(trained: Any, special: Sequence[str]) -> Any:
    """The same model, in which bytes are no special tokens."""
    from tokenizers import Tokenizer

    body = json.loads(trained.to_str())
    body["added_tokens"] = [each for each in body["added_tokens"] if each["content"] in special]
    body["pre_tokenizer"] = None
    return Tokenizer.from_str(json.dumps(body))


def _config(kind: str, vocabulary: int, end: int) -> Any:
    from transformers import AutoConfig

    usual = {
        "hidden_size": 64,
        "num_hidden_layers": 2,
        "num_attention_heads": 4,
        "max_position_embeddings": CONTEXT,
    }
    shapes: dict[str, dict[str, object]] = {
        "gpt_neox": {**usual, "intermediate_size": 128, "rotary_pct": 0.25},
        "llama": {**usual, "intermediate_size": 128, "num_key_value_heads": 4},
        "mpt": {"d_model": 64, "n_heads": 4, "n_layers": 2, "max_seq_len": CONTEXT},
        "gpt2": {"n_embd": 64, "n_layer": 2, "n_head": 4, "n_positions": CONTEXT},
        "gpt_neo": {
            "hidden_size": 64,
            "num_layers": 2,
            "num_heads": 4,
            "attention_types": [[["global", "local"], 1]],
            "max_position_embeddings": CONTEXT,
        },
        "opt": {**usual, "ffn_dim": 128, "word_embed_proj_dim": 64},
    }
    return AutoConfig.for_model(
        kind,
        vocab_size=vocabulary,
        initializer_range=0.2,
        init_std=0.2,
        bos_token_id=end,
        eos_token_id=end,
        pad_token_id=end,
        **shapes[kind],
    )


def _written(model: Any, tokenizer: Any, prompt: str) -> list[int]:
    import torch

    ids = tokenizer(prompt, return_tensors="pt", add_special_tokens=False).input_ids
    mask = torch.ones_like(ids)
    out = model.generate(ids, attention_mask=mask, do_sample=False, max_new_tokens=ANSWER_TOKENS)
    return [int(number) for number in out[0, ids.shape[1] :]]


def _make(kind: str, folder: Path, text: Sequence[str], prompt: str) -> None:
    import torch
    from optimum.exporters.openvino import main_export
    from transformers import AutoModelForCausalLM, PreTrainedTokenizerFast

    end = _ENDS.get(kind, "<|endoftext|>")
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_object=_tokenizer(kind, text),
        eos_token=end,
        additional_special_tokens=[token for token in TOKENS[kind] if token != end],
        model_max_length=CONTEXT,
    )
    config = _config(kind, len(tokenizer), tokenizer.convert_tokens_to_ids(end))
    torch.manual_seed(7)
    model = AutoModelForCausalLM.from_config(config).eval()
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
    ids = _written(model, tokenizer, prompt)
    (folder / WRITTEN).write_text(json.dumps(ids), "utf-8")


def _main(folder: Path) -> None:
    prompts = json.load(sys.stdin)
    text = (ROOT / "resources" / "quality" / "text.txt").read_text("utf-8").splitlines()
    for kind in TOKENS:
        _make(kind, folder / kind, text, prompts[kind])


if __name__ == "__main__":
    sys.modules["openvino_telemetry"] = None  # type: ignore[assignment]
    _main(Path(sys.argv[1]))
