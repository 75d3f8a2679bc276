"""The model itself: read by transformers, written as IR by optimum-intel."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from desktop.domain.errors import Problem
from desktop.domain.words import tr
from desktop.models.jobs.export.checkpoint import Checkpoint
from desktop.models.jobs.inspection.description import OTHER_SOURCES
from desktop.models.jobs.proof import reason_of

TASK = "text-generation-with-past"
EXPORTER = "openvino"


def load(checkpoint: Checkpoint) -> Any:
    """The model in memory. Raises Problem."""
    _refuse_unknown(checkpoint.kind)
    import torch
    from transformers import AutoModelForCausalLM

    try:
        return AutoModelForCausalLM.from_pretrained(
            checkpoint.folder,
            dtype=torch.float32 if checkpoint.wide else torch.float16,
            local_files_only=True,
            trust_remote_code=False,
            use_safetensors=True,
        )
    except MemoryError:
        raise
    except Exception as error:  # whatever of it the library does not understand
        raise Problem(
            tr("The model cannot be read: {error}", error=reason_of(error)), tr(OTHER_SOURCES)
        ) from error


def export(model: Any, tokenizer: Any, folder: Path, *, wide: bool) -> None:
    """Write FP16 IR with a state into the folder. Raises Problem."""
    from optimum.exporters.openvino import export_from_model
    from optimum.intel.openvino import OVConfig

    try:
        with _traced_once():
            export_from_model(
                model=model,
                output=folder,
                task=TASK,
                ov_config=OVConfig(dtype="fp16"),
                stateful=True,
                preprocessors=[tokenizer],
                patch_16bit_model=not wide,
            )
    except MemoryError:
        raise
    except Exception as error:  # of the many things that can be different in a model
        raise Problem(
            tr("The model cannot be converted: {error}", error=reason_of(error)), tr(OTHER_SOURCES)
        ) from error


@contextmanager
def _traced_once() -> Iterator[None]:
    """Without torch's own check, which takes most of the time: what comes out is checked here."""
    import torch

    original = torch.jit.trace
    torch.jit.trace = partial(original, check_trace=False)
    try:
        yield
    finally:
        torch.jit.trace = original


def _refuse_unknown(kind: str) -> None:
    """Raise Problem for an architecture that optimum-intel does not know."""
    import optimum.exporters.openvino  # noqa: F401  # tells the manager what it can export
    from optimum.exporters.tasks import TasksManager

    try:
        tasks = TasksManager.get_supported_tasks_for_model_type(
            kind, EXPORTER, library_name="transformers"
        )
    except KeyError:
        tasks = {}
    if TASK not in tasks:
        raise Problem(
            tr("Models of the kind “{kind}” cannot be converted here.", kind=kind[:40]),
            tr(OTHER_SOURCES),
        )
