"""Small tokenizers of the kinds that models have: some hundred tokens, learned from a few texts."""

from pathlib import Path
from typing import Any

from tokenizers import (
    AddedToken,
    Regex,
    Tokenizer,
    decoders,
    models,
    normalizers,
    pre_tokenizers,
    processors,
    trainers,
)

from desktop.models.jobs.export.tokenizer import samples
from desktop.paths import resources

LEARNED = 700  # tokens
QWEN_RULE = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*"
    r"|\s*[\r\n]+|\s+(?!\S)|\s+"
)
CHATML = ("<|endoftext|>", "<|im_start|>", "<|im_end|>")


def small_tokenizer(kind: str) -> Any:
    """One as transformers has it: like GPT-2's, GPT-NeoX's, OPT's, Qwen's or Llama's."""
    from transformers import PreTrainedTokenizerFast

    makers = {
        "gpt2": lambda: _byte_level(["<|endoftext|>"]),
        "gpt_neox": lambda: _byte_level(["<|endoftext|>", "<|padding|>"]),
        "qwen": lambda: _byte_level(list(CHATML), QWEN_RULE),
        "opt": _opt,
        "llama": _llama,
    }
    made = makers[kind]()
    names = {"eos_token": "<|endoftext|>", "bos_token": "<|endoftext|>"}
    if kind == "opt":
        names = {"bos_token": "</s>", "eos_token": "</s>", "pad_token": "<pad>"}
    elif kind == "llama":
        names = {"bos_token": "<s>", "eos_token": "</s>", "unk_token": "<unk>"}
    return PreTrainedTokenizerFast(tokenizer_object=made, **names)


def _texts() -> list[str]:
    text = (resources() / "quality" / "text.txt").read_text("utf-8")
    return [text, *samples().values()]


def _byte_level(special: list[str], rule: str = "") -> Any:
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    if rule:
        tokenizer.normalizer = normalizers.NFC()
        tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
            [
                pre_tokenizers.Split(Regex(rule), "isolated"),
                pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
            ]
        )
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=LEARNED,
        special_tokens=special,
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    tokenizer.train_from_iterator(_texts(), trainer)
    return tokenizer


def _opt() -> Any:
    """As GPT-2's, but every text begins with </s>."""
    tokenizer = _byte_level(["<s>", "<pad>", "</s>", "<unk>"])
    tokenizer.post_processor = processors.TemplateProcessing(
        single="</s> $A", special_tokens=[("</s>", 2)]
    )
    return tokenizer


def _llama() -> Any:
    """Spaces are letters, and what no token has is written in bytes."""
    learner = Tokenizer(models.BPE())
    learner.normalizer = normalizers.Sequence(
        [normalizers.Prepend("▁"), normalizers.Replace(" ", "▁")]
    )
    trainer = trainers.BpeTrainer(vocab_size=LEARNED, show_progress=False, max_token_length=8)
    words = [word for text in _texts()[:1] for word in text.split(" ")]
    learner.train_from_iterator(words, trainer)
    learned = learner.get_vocab()
    first = ["<unk>", "<s>", "</s>", *(f"<0x{byte:02X}>" for byte in range(256))]
    ordered = sorted(learned, key=lambda token: learned[token])
    vocabulary = {token: number for number, token in enumerate([*first, *ordered])}
    merges = _merges(learner)
    tokenizer = Tokenizer(
        models.BPE(vocabulary, merges, byte_fallback=True, fuse_unk=True, unk_token="<unk>")
    )
    tokenizer.normalizer = learner.normalizer
    tokenizer.decoder = decoders.Sequence(
        [
            decoders.Replace("▁", " "),
            decoders.ByteFallback(),
            decoders.Fuse(),
            decoders.Strip(" ", 1, 0),
        ]
    )
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A", special_tokens=[("<s>", 1)]
    )
    tokenizer.add_special_tokens([AddedToken(t, special=True) for t in first[:3]])
    return tokenizer


def _merges(tokenizer: Any) -> list[tuple[str, str]]:
    import json

    pairs = json.loads(tokenizer.to_str())["model"]["merges"]
    return [tuple(pair) if isinstance(pair, list) else tuple(pair.split(" ")) for pair in pairs]


def saved(kind: str, folder: Path) -> Any:
    """The tokenizer, with its files in a folder."""
    tokenizer = small_tokenizer(kind)
    tokenizer.save_pretrained(folder)
    return tokenizer
