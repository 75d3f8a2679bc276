"""Which back-end runs a model."""

from pathlib import Path

from desktop.engine.memory import available_memory, needed, refuse_unless_fits
from desktop.engine.pipeline import PagedPipeline
from desktop.engine.protocol import Load
from desktop.engine.runtime import Runtime
from desktop.engine.stateful import NPU, StatefulPipeline


def loaded(command: Load, device: str) -> Runtime:
    """The model, ready to be asked. Raises Problem when there is not the memory for it."""
    folder, context_length = Path(command.folder), command.context_length
    refuse_unless_fits(needed(folder, context_length, command.properties), available_memory())
    places = (folder, device, context_length, command.cache_folder, command.properties)
    if command.paged and not device.startswith(NPU):
        return PagedPipeline(*places, prompt_lookup=command.prompt_lookup)
    return StatefulPipeline(*places)
