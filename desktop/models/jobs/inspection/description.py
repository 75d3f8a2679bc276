"""What the settings of a model tell of it, and why some checkpoints cannot be converted."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from desktop.domain.catalogue import WEIGHTS
from desktop.domain.errors import Problem
from desktop.domain.words import mark, tr
from desktop.models.jobs import bundle

OTHER_SOURCES = mark("Use a ready OpenVINO repository of this model, or a GGUF file.")
CAUSAL = ("ForCausalLM", "LMHeadModel")  # end the names of classes that write text
# Kinds whose export needs transformers up to 5.0, which runs code of strangers.
TOO_OLD = ("gemma2", "gemma3", "gemma3_text", "gemma3n")
_BITS = re.compile(r"(?:^|[-_.])(int4|int8|fp16)(?:[-_.]|$)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Description:
    """What config.json says. What is not known is empty or 0."""

    architecture: str = ""
    context_length: int = 0
    number_size: int = 2  # bytes of a weight


def described(settings: Mapping[str, Any]) -> Description:
    """What the settings of a model say."""
    try:
        context_length = bundle.context_length_of(dict(settings))
    except Problem:
        context_length = 0
    kind = settings.get("dtype", settings.get("torch_dtype"))
    return Description(_text(settings.get("model_type")), context_length, 4 if _is_32(kind) else 2)


def refuse_inconvertible(name: str, settings: Mapping[str, Any]) -> None:
    """Raise Problem for a checkpoint that is known not to be convertible here."""
    kind = _text(settings.get("model_type"))
    if kind in TOO_OLD:
        raise Problem(
            tr(
                "{name} is of the kind {kind}, which cannot be converted here: that needs an"
                " older library with a known hole.",
                name=name,
                kind=kind,
            ),
            tr(OTHER_SOURCES),
        )
    if settings.get("quantization_config") or settings.get("compression_config"):
        raise Problem(
            tr(
                "The weights of {name} are compressed already, in a way that cannot be converted.",
                name=name,
            ),
            tr("Use the repository that it was made from, or a ready OpenVINO one."),
        )
    given = settings.get("architectures")
    classes = [_text(one) for one in given] if isinstance(given, list) else []
    if settings.get("is_encoder_decoder") or not all(one.endswith(CAUSAL) for one in classes):
        what = ", ".join(classes) or kind
        raise Problem(
            tr("{name} is no model that just writes text: {what}.", name=name, what=what),
            tr("Choose another model."),
        )


def weights_of_ir(settings: Mapping[str, Any], name: str) -> str:
    """The format of ready weights: as optimum-intel has noted it, else as the name says."""
    noted = _text(settings.get("dtype"))
    if noted in WEIGHTS:
        return noted
    found = _BITS.search(name)
    return found[1].lower() if found else ""


def settings_in(body: bytes) -> dict[str, Any]:
    """The object of a JSON file; empty when it is none."""
    try:
        settings = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return settings if isinstance(settings, dict) else {}


def _is_32(kind: object) -> bool:
    return kind in ("float32", "torch.float32")


def _text(value: object) -> str:
    return value[:100] if isinstance(value, str) else ""
