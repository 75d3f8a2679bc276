"""LoRA adapters for OpenVINO GenAI.

Requests that are added one by one see the adapters that the pipeline was made with, and no others:
so these are constants of the loaded model, and the prefix cache never holds what another adapter
has read. Another adapter, or another strength, is another load.
"""

from collections.abc import Sequence
from pathlib import Path

import openvino_genai
from openvino_genai import AdapterConfig

from desktop.domain.adapters import AdapterPart, AppliedAdapter, Strengths
from desktop.domain.errors import Problem
from desktop.domain.words import tr
from desktop.files import sha256_of


def adapter_options(adapters: Sequence[AppliedAdapter], device: str) -> dict[str, object]:
    """What a pipeline is to be made with. Raises Problem for files that are not what they were."""
    if not adapters:
        return {}
    config = AdapterConfig(_mode(device))
    for adapter in adapters:
        for part in adapter.parts:
            config.add(_loaded(adapter, part), adapter.strength * part.scale)
    return {"adapters": config}


def strengths_of(adapters: Sequence[AppliedAdapter]) -> Strengths:
    """For the statistics of an answer."""
    return {adapter.id: adapter.strength for adapter in adapters}


def size_of(adapters: Sequence[AppliedAdapter]) -> int:
    """Bytes of memory that they take."""
    paths = [Path(part.path) for adapter in adapters for part in adapter.parts]
    return sum(path.stat().st_size for path in paths if path.is_file())


def _mode(device: str) -> AdapterConfig.Mode:
    """The NPU takes what the library chooses for it."""
    modes = AdapterConfig.Mode
    return modes.MODE_AUTO if device.startswith("NPU") else modes.MODE_STATIC


def _loaded(adapter: AppliedAdapter, part: AdapterPart) -> openvino_genai.Adapter:
    try:
        if sha256_of(Path(part.path)) == part.sha256:
            return openvino_genai.Adapter(part.path)
    except (OSError, RuntimeError):
        pass
    raise Problem(
        tr("The adapter “{name}” is damaged.", name=adapter.name),
        tr("Switch it off, or remove it and add it again."),
    )
