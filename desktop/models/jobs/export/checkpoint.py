"""A folder with a PyTorch checkpoint, examined before anything of it is opened by a library."""

import os
from dataclasses import dataclass
from math import prod
from pathlib import Path
from typing import Any

from desktop.domain.catalogue import SourceKind
from desktop.domain.errors import Problem
from desktop.domain.repository import RepositoryFile
from desktop.domain.words import tr
from desktop.models.jobs import bundle
from desktop.models.jobs.fetch.choice import REMEDY, refuse_code_in_settings
from desktop.models.jobs.inspection.contents import INDEX, contents_of
from desktop.models.jobs.inspection.description import refuse_inconvertible
from desktop.models.safetensors import Tensor, read_header

FLOATS = ("F64", "F32", "F16", "BF16")
WIDE = ("F64", "F32")
HALF = ("float16", "bfloat16")  # in config.json
LARGEST_SETTINGS = 256 * 2**20  # bytes of a tokenizer or of settings


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What is known of it."""

    folder: Path
    settings: dict[str, Any]
    kept: tuple[str, ...]  # the names of files that belong to the model in every form
    layers: tuple[int, ...]  # numbers in each table, largest first
    wide: bool  # converted as float32, and only written as FP16

    @property
    def kind(self) -> str:
        """The architecture, such as “llama”."""
        return str(self.settings.get("model_type", ""))

    @property
    def parameters(self) -> int:
        """Numbers in all the tables."""
        return sum(self.layers)

    @property
    def loaded(self) -> int:
        """Bytes of the weights while they are converted."""
        return self.parameters * (4 if self.wide else 2)


def examined(folder: Path) -> Checkpoint:
    """The checkpoint of a folder. Raises Problem, OSError."""
    sizes = {entry.name: entry.stat(follow_symlinks=False).st_size for entry in os.scandir(folder)}
    files = [RepositoryFile(name, size) for name, size in sorted(sizes.items())]
    contents = contents_of(tr("The folder"), files)
    if contents.kind is not SourceKind.PYTORCH:
        raise Problem(tr("The folder holds no PyTorch checkpoint in safetensors."), tr(REMEDY))
    for file in contents.files:
        bundle.refuse_unless_regular(folder / file.path)
    weights = [file.path for file in contents.files if file.path.endswith(".safetensors")]
    others = tuple(file.path for file in contents.files if file.path not in weights)
    _examine_settings(folder, others, sizes)
    settings = bundle.settings_of(folder)
    refuse_inconvertible(tr("The model"), settings)
    if INDEX in others:
        _refuse_strange_shards(bundle.settings_of(folder, INDEX), weights)
    tensors = [tensor for name in weights for tensor in read_header(folder / name)]
    return _checkpoint(folder, settings, tuple(n for n in others if n != INDEX), tensors)


def _examine_settings(folder: Path, names: tuple[str, ...], sizes: dict[str, int]) -> None:
    for name in names:
        if sizes[name] > LARGEST_SETTINGS:
            raise Problem(tr("The model's {name} is far too large.", name=name), tr(REMEDY))
        if name.endswith(".json") and name != INDEX:
            refuse_code_in_settings(tr("The folder"), name, (folder / name).read_bytes())


def _refuse_strange_shards(index: dict[str, Any], weights: list[str]) -> None:
    """The index names files, which must be those that were examined."""
    places = index.get("weight_map")
    named = set(places.values()) if isinstance(places, dict) else {None}
    if strange := sorted(str(name) for name in named - set(weights)):
        raise Problem(
            tr("A file with weights is missing ({strange}).", strange=strange[0][:80]),
            tr("Get the whole model again."),
        )


def _checkpoint(
    folder: Path, settings: dict[str, Any], kept: tuple[str, ...], tensors: list[Tensor]
) -> Checkpoint:
    tables = [tensor for tensor in tensors if tensor.dtype in FLOATS]
    others = sum(tensor.size for tensor in tensors if tensor.dtype not in FLOATS)
    if not tables or others > sum(tensor.size for tensor in tables):
        raise Problem(
            tr("The model's weights are in a format that cannot be converted here."),
            tr("Use the repository that it was made from, or a ready OpenVINO one."),
        )
    sizes = sorted((prod(tensor.shape) for tensor in tables), reverse=True)
    given = str(settings.get("dtype", settings.get("torch_dtype", ""))).removeprefix("torch.")
    largest = max(tables, key=lambda tensor: tensor.size)
    wide = given not in HALF if given else largest.dtype in WIDE
    return Checkpoint(folder, settings, kept, tuple(sizes), wide)
