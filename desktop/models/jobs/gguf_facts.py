"""What a GGUF file says of its model, in the form of Hugging Face's settings files."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path
from typing import Any

from desktop.domain.errors import Problem
from desktop.domain.words import tr
from desktop.models.jobs.gguf_checks import refuse_unsupported
from desktop.models.jobs.gguf_header import BadGguf, Header, read_header


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
NEEDED_LISTS = ("tokenizer.ggml.tokens", "tokenizer.ggml.token_type")
# Llama 3.1 and later stretch positions by this table, which GenAI leaves out: they are right as far
# as the model before them went.
STRETCHED = "rope_freqs.weight"
UNSTRETCHED_CONTEXT = 8192  # tokens


@dataclass(frozen=True, slots=True)
class GgufFacts:
    """The settings that the engine reads, each as the body of its JSON file."""

    context_length: int  # tokens
    splitting: str  # the name of how text is cut before it becomes tokens
    config: dict[str, Any]
    generation_config: dict[str, Any]
    tokenizer_config: dict[str, Any]


def read_facts(path: Path) -> GgufFacts:
    """Read the header of a GGUF file. Raises Problem for one that cannot be used here."""
    try:
        header = read_header(path, wanted=lambda name: name in NEEDED_LISTS)
        refuse_unsupported(path, header)
        return _facts(header)
    except (BadGguf, KeyError, IndexError, TypeError, ValueError, OSError) as error:
        raise Problem(
            tr("{name} is not a GGUF model that can be read.", name=path.name),
            tr("Get the file again."),
        ) from error


def _facts(header: Header) -> GgufFacts:
    values = header.facts
    architecture = values["general.architecture"]

    def of_model(name: str) -> Any:
        return values.get(f"{architecture}.{name}")

    context_length = int(values[f"{architecture}.context_length"])
    if any(table.name == STRETCHED for table in header.tables):
        context_length = min(context_length, UNSTRETCHED_CONTEXT)
    if context_length < 1:
        raise BadGguf("a model that can read nothing")
    heads = of_model("attention.head_count")
    config = {
        "model_type": architecture,
        "max_position_embeddings": context_length,
        "num_hidden_layers": of_model("block_count"),
        "hidden_size": of_model("embedding_length"),
        "num_attention_heads": heads,
        "num_key_value_heads": of_model("attention.head_count_kv") or heads,
    }
    if head_size := of_model("attention.key_length"):
        config["head_dim"] = head_size
    ends = [values[name] for name in TURN_ENDS if name in values]
    return GgufFacts(
        context_length=context_length,
        splitting=str(values["tokenizer.ggml.pre"]),
        config=config,
        generation_config={"eos_token_id": ends},
        tokenizer_config=_tokenizer_config(values),
    )


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
