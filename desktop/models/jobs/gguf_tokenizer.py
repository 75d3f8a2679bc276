"""Mends the tokenizer that GenAI makes of a GGUF file.

A tokenizer first cuts text into words. GenAI knows the rules of SmolLM and Qwen, and cuts text for
every other model by a rule of its own: the model then sees tokens that it was not trained on.
"""

from pathlib import Path
from typing import Any

import numpy as np
import openvino
import openvino_tokenizers  # noqa: F401  # teaches OpenVINO the operations of tokenizers
from openvino import opset13

NAME = "openvino_tokenizer"
KNOWN = ("default", "qwen2", "smollm")  # to GenAI

_GPT2 = r"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"
_CONTRACTIONS = r"(?:'[sS]|'[tT]|'[rR][eE]|'[vV][eE]|'[mM]|'[lL][lL]|'[dD])"
_REST = r" ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
_LLAMA3 = rf"{_CONTRACTIONS}|[^\r\n\p{{L}}\p{{N}}]?\p{{L}}+|\p{{N}}{{1,3}}|{_REST}"
_QWEN2 = rf"{_CONTRACTIONS}|[^\r\n\p{{L}}\p{{N}}]?\p{{L}}+|\p{{N}}|{_REST}"

# How the models with these names of `tokenizer.ggml.pre` cut text, as their tokenizer.json says.
RULES = {
    "deepseek-r1-qwen": _QWEN2,
    "gpt-2": _GPT2,
    "llama-bpe": _LLAMA3,
    "llama-v3": _LLAMA3,
    "llama3": _LLAMA3,
}


def mend(folder: Path, splitting: str) -> bool:
    """Give the tokenizer in a folder its own rule. False when that rule is not known here."""
    if splitting in KNOWN:
        return True
    if splitting not in RULES:
        return False
    path = folder / f"{NAME}.xml"
    model = openvino.Core().read_model(path)
    _replace_rule(model, RULES[splitting])
    mended = folder / "mended.xml"
    openvino.save_model(model, mended, compress_to_fp16=False)
    del model
    mended.with_suffix(".bin").replace(path.with_suffix(".bin"))
    mended.replace(path)
    return True


def _replace_rule(model: openvino.Model, rule: str) -> None:
    """One cut by the rule, in the place of the several that GenAI makes."""
    first, *others = [n for n in model.get_ordered_ops() if n.get_type_name() == "RegexSplit"]
    letters = opset13.constant(np.frombuffer(rule.encode(), np.uint8))
    first.input(first.get_input_size() - 1).replace_source_output(letters.output(0))
    for node in others:
        _bypass(node)
    model.validate_nodes_and_infer_types()


def _bypass(node: Any) -> None:
    for number in range(node.get_output_size()):
        node.output(number).replace(node.input_value(number))
