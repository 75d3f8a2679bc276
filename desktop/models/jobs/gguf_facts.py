"""What a GGUF file says of its model, in the form of Hugging Face's settings files."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path
from typing import Any

import gguf

from desktop.domain.errors import Problem


class TokenType(IntEnum):
    """The GGUF specification's `tokenizer.ggml.token_type`."""

    NORMAL = 1
    UNKNOWN = 2
    CONTROL = 3
    USER_DEFINED = 4
    UNUSED = 5
    BYTE = 6


NAMED_TOKENS = {
    "bos_token": "tokenizer.ggml.bos_token_id",
    "eos_token": "tokenizer.ggml.eos_token_id",
    "unk_token": "tokenizer.ggml.unknown_token_id",
    "pad_token": "tokenizer.ggml.padding_token_id",
}
TURN_ENDS = ("tokenizer.ggml.eos_token_id", "tokenizer.ggml.eot_token_id")


@dataclass(frozen=True, slots=True)
class GgufFacts:
    """The settings that the engine reads, each as the body of its JSON file."""

    context_length: int  # tokens
    config: dict[str, Any]
    generation_config: dict[str, Any]
    tokenizer_config: dict[str, Any]


def read_facts(path: Path) -> GgufFacts:
    """Read the header of a GGUF file. Raises Problem when it has none or lacks a fact."""
    try:
        fields = gguf.GGUFReader(path).fields
        values = {name: field.contents() for name, field in fields.items()}
        return _facts(values)
    except (ValueError, KeyError, IndexError, OSError, UnicodeDecodeError) as error:
        raise Problem(
            f"{path.name} is not a GGUF model that can be read.", "Get the file again."
        ) from error


def _facts(values: dict[str, Any]) -> GgufFacts:
    architecture = values["general.architecture"]

    def of_model(name: str) -> Any:
        return values.get(f"{architecture}.{name}")

    context_length = int(values[f"{architecture}.context_length"])
    heads = of_model("attention.head_count")
    config = {
        "model_type": architecture,
        "max_position_embeddings": context_length,
        "num_hidden_layers": of_model("block_count"),
        "hidden_size": of_model("embedding_length"),
        "num_attention_heads": heads,
        "num_key_value_heads": of_model("attention.head_count_kv") or heads,
    }
    ends = [values[name] for name in TURN_ENDS if name in values]
    return GgufFacts(context_length, config, {"eos_token_id": ends}, _tokenizer_config(values))


def _tokenizer_config(values: dict[str, Any]) -> dict[str, Any]:
    tokens = values["tokenizer.ggml.tokens"]
    types = values["tokenizer.ggml.token_type"]
    named = {name: tokens[values[key]] for name, key in NAMED_TOKENS.items() if key in values}
    return {
        **named,
        "chat_template": values.get("tokenizer.chat_template", ""),
        "added_tokens_decoder": _added_tokens(tokens, types),
    }


def _added_tokens(tokens: Iterable[str], types: Iterable[int]) -> dict[str, dict[str, Any]]:
    return {
        str(number): {"content": token, "special": kind == TokenType.CONTROL}
        for number, (token, kind) in enumerate(zip(tokens, types, strict=True))
        if kind in (TokenType.CONTROL, TokenType.USER_DEFINED)
    }
