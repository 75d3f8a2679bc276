"""`adapter_config.json`, as PEFT writes it beside an adapter: how strongly it was meant to act."""

import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from desktop.domain.adapters import CONFIG
from desktop.domain.errors import Problem
from desktop.domain.words import tr
from desktop.files import world_problem

LARGEST = 2**20  # bytes

# Ways to begin the training that change the model's own weights as well.
_CHANGES_BASE = ("pissa", "olora", "corda", "loftq")
_PLAIN_SUFFIX = re.compile(r"[\w.-]+")


@dataclass(frozen=True, slots=True)
class PeftConfig:
    """What of the file matters here."""

    alpha: float
    alphas: Mapping[str, float] = field(default_factory=dict)  # by the end of a layer's name
    by_root: bool = False  # divided by the root of the rank, instead of the rank
    base: str = ""

    def scale(self, layer: str, rank: int) -> float:
        """What the product of a layer's matrices is multiplied by."""
        alpha = self.alpha
        for suffix, own in self.alphas.items():
            if layer == suffix or layer.endswith(f".{suffix}"):
                alpha = own
                break
        return alpha / (math.sqrt(rank) if self.by_root else rank)


def read_config(folder: Path) -> PeftConfig | None:
    """What stands beside an adapter; None: nothing. Raises Problem for what is not plain LoRA."""
    path = folder / CONFIG
    try:
        if not path.is_file():
            return None
        if path.stat().st_size > LARGEST:
            raise ValueError("far too large")
        body = json.loads(path.read_bytes())
        _refuse_others(body)
        return PeftConfig(
            _alpha(body["lora_alpha"]),
            {_suffix(name): _alpha(own) for name, own in (body.get("alpha_pattern") or {}).items()},
            by_root=bool(body.get("use_rslora")),
            base=str(body.get("base_model_name_or_path") or "")[:200],
        )
    except OSError as error:
        raise world_problem(error, tr("read the adapter’s settings")) from error
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise Problem(
            tr("The adapter’s settings ({config}) cannot be read.", config=CONFIG),
            tr("Get the adapter again."),
        ) from error


def _refuse_others(body: dict[str, Any]) -> None:
    kind = str(body.get("peft_type", "LORA"))
    start = str(body.get("init_lora_weights", "")).lower()
    if kind != "LORA":
        raise Problem(
            tr("This is an adapter of the kind {kind}.", kind=kind[:40]),
            tr("Choose a LoRA adapter."),
        )
    if body.get("use_dora"):
        raise Problem(tr("This is a DoRA adapter."), tr("Choose a LoRA adapter."))
    if start.startswith(_CHANGES_BASE):
        raise Problem(
            tr(
                "This adapter was begun with {start}, which changes the model itself as well.",
                start=start[:40],
            ),
            tr("Have it saved as a plain LoRA adapter, as PEFT can."),
        )


def _alpha(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
        raise ValueError("no number")
    return float(value)


def _suffix(pattern: str) -> str:
    """PEFT takes patterns; those that are not simply names could stand for anything."""
    if not _PLAIN_SUFFIX.fullmatch(pattern):
        raise Problem(
            tr("This adapter acts on its layers by a rule that Cellar does not know."),
            tr("Have it saved with the names of the layers in “alpha_pattern”."),
        )
    return pattern
