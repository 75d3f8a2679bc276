"""From the names and sizes of files to what kind of model they are."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from desktop.domain.catalogue import WEIGHTS, SourceKind
from desktop.domain.errors import Problem
from desktop.domain.repository import GGUF_WEIGHTS, RepositoryFile
from desktop.domain.words import tr
from desktop.models.jobs import bundle
from desktop.models.jobs.fetch import choice

GGUF = ".gguf"
SAFETENSORS = ".safetensors"
WHOLE, INDEX = "model.safetensors", "model.safetensors.index.json"
SHARD = ("model-", SAFETENSORS)
ADAPTER = "adapter_config.json"
NOT_MODELS = ("mmproj", "-of-0")  # in names of GGUF files: eyes, and parts of larger files


@dataclass(frozen=True, slots=True)
class Contents:
    """What was found."""

    kind: SourceKind
    files: tuple[RepositoryFile, ...]
    formats: tuple[str, ...] = ()


def contents_of(repository: str, files: Sequence[RepositoryFile]) -> Contents:
    """What these files are, in the order of preference of the kinds. Raises Problem."""
    names = [file.path for file in files]
    choice.refuse_code(repository, names)
    top = [name for name in names if "/" not in name]
    for find in (_openvino, _gguf, _checkpoint):
        if found := find(repository, top):
            kind, taken = found
            chosen = tuple(file for file in files if file.path in taken)
            return Contents(kind, chosen, _formats(kind, chosen))
    raise _nothing(repository, names, top)


Found = tuple[SourceKind, list[str]] | None
Find = Callable[[str, list[str]], Found]


def _openvino(repository: str, top: list[str]) -> Found:
    if not {*bundle.IR, *bundle.TOKENIZER, bundle.SETTINGS} <= set(top):
        return None
    return SourceKind.OPENVINO, choice.chosen(repository, top, ())


def _gguf(_: str, top: list[str]) -> Found:
    files = [name for name in top if name.lower().endswith(GGUF)]
    whole = [name for name in files if not any(part in name.lower() for part in NOT_MODELS)]
    known = [name for name in whole if _gguf_format(name)]
    taken = known or (whole if len(whole) == 1 else [])
    return (SourceKind.GGUF, taken) if taken else None


def _checkpoint(repository: str, top: list[str]) -> Found:
    if bundle.SETTINGS not in top:
        return None
    if WHOLE in top:
        weights = [WHOLE]
    elif INDEX in top:
        weights = [n for n in top if n.startswith(SHARD[0]) and n.endswith(SHARD[1])]
    else:
        weights = []
    if not weights:
        return None
    taken = choice.chosen(repository, top, ())
    others = [n for n in taken if not n.endswith((SAFETENSORS, ".xml", ".bin"))]
    return SourceKind.PYTORCH, [*others, *weights]


def _formats(kind: SourceKind, files: Sequence[RepositoryFile]) -> tuple[str, ...]:
    if kind is SourceKind.PYTORCH:
        return WEIGHTS
    if kind is SourceKind.GGUF:
        there = {_gguf_format(file.path) for file in files}
        return tuple(weights for weights in WEIGHTS if weights in there)
    return ()


def _gguf_format(name: str) -> str:
    file = RepositoryFile(name, 0)
    for weights, kinds in GGUF_WEIGHTS.items():
        if any(file.is_gguf_of(kind) for kind in kinds):
            return weights
    return ""


def _nothing(repository: str, names: Sequence[str], top: Sequence[str]) -> Problem:
    if ADAPTER in top:
        return Problem(
            tr("{repository} is an adapter (LoRA), not a whole model.", repository=repository),
            tr("Add the model that it was made for, and then the adapter to that one."),
        )
    for name, kind in bundle.OTHER_KINDS.items():
        if name in top:
            return Problem(
                tr(
                    "{repository} is {kind}, and Cellar runs text models only so far.",
                    repository=repository,
                    kind=tr(kind),
                )
            )
    if set(bundle.IR) <= set(top):
        return Problem(
            tr(
                "{repository} holds an OpenVINO model without its tokenizer.", repository=repository
            ),
            tr(choice.REMEDY),
        )
    if any(name.lower().endswith(GGUF) for name in top):
        return Problem(
            tr("{repository} has no GGUF file that can be read here.", repository=repository),
            tr("Choose one with weights as Q4_K_M, Q4_0, Q4_1, Q6_K, Q8_0 or F16, in one file."),
        )
    try:
        choice.chosen(repository, names, ())
    except Problem as problem:
        return problem
    return Problem(
        tr("{repository} has no model that Cellar can use.", repository=repository),
        tr(choice.REMEDY),
    )
