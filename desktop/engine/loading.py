"""Which back-end runs a model."""

from pathlib import Path

from desktop.engine.adapters import size_of
from desktop.engine.memory import available_memory, needed, refuse_unless_fits
from desktop.engine.pipeline import Additions, PagedPipeline
from desktop.engine.protocol import Load
from desktop.engine.runtime import Runtime
from desktop.engine.stateful import NPU, StatefulPipeline


def loaded(command: Load, device: str) -> Runtime:
    """The model, ready to be asked. Raises Problem when there is not the memory for it."""
    folder, context_length = Path(command.folder), command.context_length
    need = needed(folder, context_length, command.properties, size_of(command.adapters))
    refuse_unless_fits(need, available_memory())
    places = (folder, device, context_length, command.cache_folder, command.properties)
    if command.paged and not device.startswith(NPU):
        return PagedPipeline(*places, Additions(command.adapters, command.prompt_lookup))
    return StatefulPipeline(*places, command.adapters)
