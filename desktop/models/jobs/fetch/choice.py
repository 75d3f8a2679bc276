"""Which files of a repository are taken, and which repositories are not."""

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from fnmatch import fnmatchcase
from pathlib import PurePosixPath
from typing import Any

from desktop.domain.errors import Problem
from desktop.domain.words import mark, tr
from desktop.models.jobs.fetch.names import PART

SAFE = (".bin", ".gguf", ".jinja", ".json", ".model", ".safetensors", ".txt", ".xml")
WEIGHTS = (".bin", ".gguf", ".safetensors")
PICKLES = (
    *(".bin", ".ckpt", ".dill", ".h5", ".hdf5", ".joblib", ".keras", ".msgpack", ".npy", ".npz"),
    *(".pickle", ".pkl", ".pt", ".pth", ".t7"),
)
OURS = ("manifest.json", "cellar.lock")  # names that mean something in a folder of models
EXAMINED = ("config.json", "generation_config.json", "tokenizer_config.json")
# Settings that make loaders run code; those of attention do where they name a repository.
CODE_KEYS = ("auto_map", "_attn_implementation_internal", "custom_pipelines", "custom_generate")
TEMPLATE_NAME = re.compile("[A-Za-z0-9_-][A-Za-z0-9_. -]{0,99}")
ATTENTION = ("_attn_implementation", "attn_implementation")

IR = "openvino_model.xml"
REMEDY = mark("Use another repository of this model, best one that is made for OpenVINO.")


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
                tr(
                    "{repository} was refused: it brings program code of its own ({name}).",
                    repository=repository,
                    name=name[:80],
                ),
                tr(REMEDY),
            )


def _nothing(repository: str, names: Iterable[str]) -> Problem:
    for name in names:
        if _suffix(name) in PICKLES:
            return Problem(
                tr(
                    "{repository} was refused: its weights are in a format that can run program"
                    " code when they are opened ({name}).",
                    repository=repository,
                    name=name[:80],
                ),
                tr(REMEDY),
            )
    return Problem(
        tr("{repository} has no model that Cellar can use.", repository=repository), tr(REMEDY)
    )


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
    """Raise Problem when a settings file asks for code to be run, or names places of its own.

    One that is no JSON asks for nothing.
    """
    try:
        settings = json.loads(body)
    except (ValueError, RecursionError):
        return
    if key := _code_key(settings):
        raise Problem(
            tr(
                "{repository} was refused: its {name} asks for program code to be run ({key}).",
                repository=repository,
                name=name,
                key=key,
            ),
            tr(REMEDY),
        )
    if not all(map(_is_plain, _template_names(settings))):
        raise Problem(
            tr(
                "{repository} was refused: its {name} has a chat template whose name leads out of"
                " its folder.",
                repository=repository,
                name=name,
            ),
            tr(REMEDY),
        )


def _template_names(settings: Any) -> Iterator[object]:
    """The names of chat templates, of which transformers makes names of files."""
    given = settings.get("chat_template") if isinstance(settings, dict) else None
    if isinstance(given, dict):
        yield from given
    elif isinstance(given, list):
        yield from (one.get("name") if isinstance(one, dict) else None for one in given)


def _is_plain(name: object) -> bool:
    return isinstance(name, str) and TEMPLATE_NAME.fullmatch(name) is not None


def _code_key(settings: Any) -> str:
    waiting = [settings]
    while waiting:
        part = waiting.pop()
        if isinstance(part, dict):
            for key in (*CODE_KEYS, *ATTENTION):
                if key in part and (key in CODE_KEYS or "/" in str(part[key])):
                    return key
            waiting += part.values()
        elif isinstance(part, list):
            waiting += part
    return ""
