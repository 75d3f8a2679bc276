"""Which files of a repository are taken, and which repositories are not."""

import json
from collections.abc import Iterable, Sequence
from fnmatch import fnmatchcase
from pathlib import PurePosixPath
from typing import Any

from desktop.domain.errors import Problem
from desktop.models.jobs.fetch.names import PART

SAFE = (".bin", ".gguf", ".jinja", ".json", ".model", ".safetensors", ".txt", ".xml")
WEIGHTS = (".bin", ".gguf", ".safetensors")
PICKLES = (
    *(".bin", ".ckpt", ".dill", ".h5", ".hdf5", ".joblib", ".keras", ".msgpack", ".npy", ".npz"),
    *(".pickle", ".pkl", ".pt", ".pth", ".t7"),
)
OURS = ("manifest.json", "cellar.lock")  # names that mean something in a folder of models
EXAMINED = ("config.json", "generation_config.json", "tokenizer_config.json")
CODE_KEYS = ("auto_map", "_attn_implementation_internal")  # settings that make loaders run code

IR = "openvino_model.xml"
REMEDY = "Use another repository of this model, best one that is made for OpenVINO."


def chosen(repository: str, names: Sequence[str], patterns: Sequence[str]) -> list[str]:
    """The names to be fetched, in the order given. Raises Problem.

    Without patterns: all that a model needs, of the top folder. What can run code when it is
    opened is never taken, whatever the patterns; a repository that has nothing else, or that has
    program code, is refused.
    """
    refuse_code(repository, names)
    safe = [name for name in names if _is_safe(name, names)]
    if patterns:
        asked = [name for name in names if _is_asked(name, patterns)]
        if taken := [name for name in asked if name in safe]:
            return taken
        raise _nothing(repository, asked)
    taken = _for_a_model(safe)
    if not any(_suffix(name) in WEIGHTS for name in taken):
        raise _nothing(repository, names)
    return taken


def _is_asked(name: str, patterns: Sequence[str]) -> bool:
    return name in patterns or any(fnmatchcase(name, pattern) for pattern in patterns)


def refuse_code(repository: str, names: Iterable[str]) -> None:
    """Raise Problem for a repository that has program code."""
    for name in names:
        if _suffix(name) in (".py", ".pyc"):
            raise Problem(
                f"{repository} was refused: it brings program code of its own ({name:.80}).", REMEDY
            )


def _nothing(repository: str, names: Iterable[str]) -> Problem:
    for name in names:
        if _suffix(name) in PICKLES:
            return Problem(
                f"{repository} was refused: its weights are in a format that can run program code"
                f" when they are opened ({name:.80}).",
                REMEDY,
            )
    return Problem(f"{repository} has no model that Cellar can use.", REMEDY)


def _is_safe(name: str, names: Iterable[str]) -> bool:
    last = name.rpartition("/")[2]
    if last.startswith(".") or last.endswith(PART) or last in OURS:
        return False
    if _suffix(name) == ".bin":  # of OpenVINO when its description is beside it, else a pickle
        return f"{name[:-4]}.xml" in names
    return _suffix(name) in SAFE


def _for_a_model(safe: Sequence[str]) -> list[str]:
    top = [name for name in safe if "/" not in name and _suffix(name) != ".gguf"]
    if IR in top:  # the same weights once more would be gigabytes for nothing
        return [name for name in top if _suffix(name) != ".safetensors"]
    return [name for name in top if not fnmatchcase(name, "consolidated*.safetensors")]


def _suffix(name: str) -> str:
    return PurePosixPath(name).suffix.lower()


def refuse_code_in_settings(repository: str, name: str, body: bytes) -> None:
    """Raise Problem when a settings file asks for code to be run. One that is no JSON asks not."""
    try:
        settings = json.loads(body)
    except (ValueError, RecursionError):
        return
    if key := _code_key(settings):
        raise Problem(
            f"{repository} was refused: its {name} asks for program code to be run ({key}).", REMEDY
        )


def _code_key(settings: Any) -> str:
    waiting = [settings]
    while waiting:
        part = waiting.pop()
        if isinstance(part, dict):
            for key in CODE_KEYS:
                if key in part:
                    return key
            waiting += part.values()
        elif isinstance(part, list):
            waiting += part
    return ""
