"""An adapter as its maker saved it, and whether it fits a model."""

import math
import re
import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from desktop.domain.adapters import CONFIG, SUFFIX, Layers
from desktop.domain.errors import Problem
from desktop.domain.wording import megabytes
from desktop.domain.words import mark, number, tr
from desktop.files import world_problem
from desktop.models.peft import PeftConfig, read_config
from desktop.models.safetensors import Tensor, read_header, read_tensor

WEIGHTS = f"adapter_model{SUFFIX}"
LARGEST = 4 * 2**30  # bytes
LARGEST_RANK = 1024
LONGEST_NAME = 80  # characters
PREFIX = "base_model.model."  # of PEFT, which OpenVINO GenAI expects

UNSCALED = mark(
    "Its file does not tell how strongly it was meant to act: strength 1 adds it as it stands."
)

_MATRIX = re.compile(r"(.+)\.lora_([AB])(?:\.default)?\.weight|(.+)\.lora_(down|up)\.weight")
_ALPHA = re.compile(r"(.+)\.alpha")
_UNPACK = {"F32": "<f", "F16": "<e", "BF16": "<f"}
_LICENCE = re.compile(r"^license:[ \t]*[\"']?([\w .+-]{1,60}?)[\"']?[ \t]*$", re.MULTILINE)
_OLD_FORMATS = (".bin", ".pt", ".pth", ".ckpt", ".pkl")


@dataclass(frozen=True, slots=True)
class Change:
    """What the adapter does to one layer: adds the product of two matrices to its weights."""

    layer: str
    down: Tensor  # rank by inputs, "A"
    up: Tensor  # outputs by rank, "B"
    scale: float

    @property
    def rank(self) -> int:
        """Numbers between the two matrices."""
        return self.down.shape[0]


@dataclass(frozen=True, slots=True)
class Lora:
    """An adapter that was read and found to be one."""

    file: Path
    name: str
    changes: tuple[Change, ...]
    base: str = ""
    licence: str = ""
    note: str = ""


def read_lora(source: Path) -> Lora:
    """A `.safetensors` file, or a folder as PEFT makes it. Raises Problem."""
    file = _file_of(source)
    config = read_config(file.parent)
    pairs, alphas = _sorted_out(file, read_header(file))
    changes = []
    scaled = config is not None
    for layer, (down, up) in sorted(pairs.items()):
        _refuse_odd(layer, down, up)
        scale = _scale(file, config, layer, down.shape[0], alphas.get(layer))
        scaled = scaled or layer in alphas
        changes.append(Change(layer, down, up, scale))
    name = file.parent.name if file.name == WEIGHTS else file.stem
    return Lora(
        file,
        " ".join(name.split())[:LONGEST_NAME] or "adapter",
        tuple(changes),
        config.base if config else "",
        _licence(file.parent),
        "" if scaled else UNSCALED,
    )


def refuse_misfit(lora: Lora, layers: Layers, model_name: str) -> None:
    """Raise Problem unless each change is for one layer of the model, and as large as that."""
    other = tr("Choose an adapter that was made for this model.")
    if not any("." in name for name in layers):
        raise Problem(
            tr(
                "The layers of “{model_name}” have no names, so no adapter can be added to it.",
                model_name=model_name,
            ),
            tr("Remove the model and install it again."),
        )
    changed: set[str] = set()
    for change in lora.changes:
        places = [name for name in layers if change.layer in name]
        if len(places) != 1 or places[0] in changed:
            layer = change.layer[:100]
            if places:
                what = tr("The adapter changes “{layer}” more than once.", layer=layer)
            else:
                what = tr(
                    "The adapter changes “{layer}”, which “{model_name}” does not have.",
                    layer=layer,
                    model_name=model_name,
                )
            raise Problem(what, other)
        changed.add(places[0])
        linear = layers[places[0]]
        wanted = (linear.inputs, linear.outputs)
        given = (change.down.shape[1], change.up.shape[0])
        if wanted != given:
            raise Problem(
                tr(
                    "The adapter was made for a model of another size: where it has {inputs} by"
                    " {outputs} numbers, “{model_name}” has {wanted_inputs} by {wanted_outputs}.",
                    inputs=number(given[0]),
                    outputs=number(given[1]),
                    model_name=model_name,
                    wanted_inputs=number(wanted[0]),
                    wanted_outputs=number(wanted[1]),
                ),
                other,
            )


def tensors_by_scale(lora: Lora) -> Mapping[float, Sequence[tuple[str, Tensor]]]:
    """The matrices under the names that OpenVINO GenAI looks for, those of one scale together."""
    found: dict[float, list[tuple[str, Tensor]]] = {}
    for change in lora.changes:
        stem = f"{PREFIX}{change.layer}"
        pair = ((f"{stem}.lora_A.weight", change.down), (f"{stem}.lora_B.weight", change.up))
        found.setdefault(change.scale, []).extend(pair)
    return found


def _file_of(source: Path) -> Path:
    try:
        file = source / WEIGHTS if source.is_dir() else source
        if not file.is_file():
            raise Problem(
                tr("There is no adapter in “{name}”.", name=source.name),
                tr(
                    "Choose a {suffix} file, or a folder with {config} and {weights}.",
                    suffix=SUFFIX,
                    config=CONFIG,
                    weights=WEIGHTS,
                ),
            )
        if file.suffix.lower() in _OLD_FORMATS:
            raise Problem(
                tr("“{name}” is in a format that can hold programs.", name=file.name),
                tr("Have the adapter saved as {suffix}.", suffix=SUFFIX),
            )
        if file.suffix.lower() != SUFFIX:
            raise Problem(
                tr("“{name}” is no adapter.", name=file.name),
                tr("Choose a {suffix} file.", suffix=SUFFIX),
            )
        size = file.stat().st_size
    except OSError as error:
        raise world_problem(error, tr("read the adapter")) from error
    if size > LARGEST:
        raise Problem(
            tr(
                "“{name}” is too large for an adapter: {size}.",
                name=file.name,
                size=megabytes(size),
            ),
            tr("Choose a LoRA adapter; a whole model is added on the models page."),
        )
    return file


def _sorted_out(
    file: Path, tensors: Sequence[Tensor]
) -> tuple[dict[str, tuple[Tensor, Tensor]], dict[str, Tensor]]:
    """The two matrices of each layer, and what is to be divided by the rank, where it is there."""
    halves: dict[tuple[str, str], Tensor] = {}
    alphas: dict[str, Tensor] = {}
    for tensor in tensors:
        name = tensor.name.removeprefix(PREFIX)
        if found := _MATRIX.fullmatch(name):
            which = found[2] or ("A" if found[4] == "down" else "B")
            halves[found[1] or found[3], which] = tensor
        elif found := _ALPHA.fullmatch(name):
            alphas[found[1]] = tensor
        else:
            raise Problem(
                tr(
                    "“{name}” holds more than a LoRA adapter: “{layer}”.",
                    name=file.name,
                    layer=tensor.name[:100],
                ),
                tr("Choose an adapter of the LoRA kind, without layers of its own."),
            )
    layers = {layer for layer, _ in halves}
    if not layers or any((layer, which) not in halves for layer in layers for which in "AB"):
        raise Problem(
            tr("“{name}” is no complete LoRA adapter.", name=file.name), tr("Get the file again.")
        )
    return {layer: (halves[layer, "A"], halves[layer, "B"]) for layer in layers}, alphas


def _refuse_odd(layer: str, down: Tensor, up: Tensor) -> None:
    shapes = len(down.shape) == len(up.shape) == 2 and down.shape[0] == up.shape[1]
    if not shapes or not 0 < down.shape[0] <= LARGEST_RANK or not layer.isascii():
        raise Problem(
            tr("The matrices of “{layer}” do not belong together.", layer=layer[:100]),
            tr("Get the adapter again."),
        )
    if down.dtype != up.dtype or down.dtype not in _UNPACK:
        raise Problem(
            tr(
                "The adapter’s numbers are of the kind {dtype}, which is not supported.",
                dtype=down.dtype[:10],
            ),
            tr("Have it saved as 16- or 32-bit numbers."),
        )


def _scale(
    file: Path, config: PeftConfig | None, layer: str, rank: int, alpha: Tensor | None
) -> float:
    if config is not None:
        return config.scale(layer, rank)
    if alpha is None:
        return 1.0
    if math.prod(alpha.shape) != 1 or alpha.dtype not in _UNPACK:
        raise Problem(
            tr("“{name}” is no complete LoRA adapter.", name=file.name), tr("Get the file again.")
        )
    data = read_tensor(file, alpha)
    (value,) = struct.unpack(_UNPACK[alpha.dtype], b"\0\0" * (alpha.dtype == "BF16") + data)
    if not math.isfinite(value):
        raise Problem(tr("“{name}” is damaged.", name=file.name), tr("Get the file again."))
    return float(value) / rank


def _licence(folder: Path) -> str:
    """What the description beside an adapter says of its licence."""
    try:
        with (folder / "README.md").open("rb") as file:
            found = _LICENCE.search(file.read(4096).decode("utf-8", "replace"))
    except OSError:
        return ""
    return found[1] if found else ""
