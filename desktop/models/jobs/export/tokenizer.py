"""The tokenizer: converted to OpenVINO, and held against the original on text of many scripts."""

import tomllib
from pathlib import Path
from typing import Any

import openvino_genai

from desktop.domain.errors import Problem
from desktop.domain.words import tr
from desktop.models.jobs import bundle
from desktop.models.jobs.inspection.description import OTHER_SOURCES
from desktop.models.jobs.proof import reason_of
from desktop.paths import resources

INDISPENSABLE = "English"  # a tokenizer that gets this wrong is of no use


def load(folder: Path) -> Any:
    """The original. Raises Problem."""
    from transformers import AutoTokenizer

    try:
        return AutoTokenizer.from_pretrained(
            folder, local_files_only=True, trust_remote_code=False, use_fast=True
        )
    except Exception as error:  # whatever of it the library does not understand
        raise Problem(
            tr("The model's tokenizer cannot be read: {error}", error=reason_of(error)),
            tr(OTHER_SOURCES),
        ) from error


def convert(tokenizer: Any, folder: Path) -> str:
    """Write both directions into a folder; a note where they differ from the original.

    Raises Problem where it cannot be converted, or is wrong.
    """
    from optimum.exporters.openvino.convert import export_tokenizer

    export_tokenizer(tokenizer, folder, task="text-generation-with-past")
    if not all((folder / name).is_file() for name in bundle.TOKENIZER):
        kind = type(tokenizer).__name__
        raise Problem(
            tr("The model's tokenizer ({kind}) cannot be converted.", kind=kind), tr(OTHER_SOURCES)
        )
    return judged(differences(tokenizer, openvino_genai.Tokenizer(str(folder))))


def differences(original: Any, converted: openvino_genai.Tokenizer) -> list[str]:
    """The names of the samples that become other tokens, or another text from the same tokens."""
    return [name for name, text in samples().items() if not _same(original, converted, text)]


def judged(different: list[str]) -> str:
    """A sentence on what differs, empty when nothing does. Raises Problem."""
    if INDISPENSABLE in different:
        raise Problem(
            tr("The model's tokenizer comes out wrong when it is converted."), tr(OTHER_SOURCES)
        )
    if not different:
        return ""
    names = ", ".join(different)
    return tr(
        "The converted tokenizer cuts some text otherwise than the original ({names}):"
        " answers to such text may be worse than they should be.",
        names=names,
    )


def samples() -> dict[str, str]:
    """Texts by the name of what they are."""
    text = (resources() / "quality" / "scripts.toml").read_text("utf-8")
    return {name: str(sample) for name, sample in tomllib.loads(text).items()}


def _same(original: Any, converted: openvino_genai.Tokenizer, text: str) -> bool:
    ids = original(text, add_special_tokens=False)["input_ids"]
    found = converted.encode(text, add_special_tokens=False).input_ids.data[0].tolist()
    if found != ids:
        return False
    back = original.decode(ids, skip_special_tokens=True, clean_up_tokenization_spaces=False)
    return bool(converted.decode(ids, skip_special_tokens=True) == back)
