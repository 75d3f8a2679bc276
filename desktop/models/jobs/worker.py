"""The job process: carries out one job and ends."""

import logging

from desktop.domain import events
from desktop.domain.errors import Problem
from desktop.engine.channel import Channel
from desktop.engine.protocol import ImportGguf

log = logging.getLogger(__name__)


def run() -> None:
    """Wait for the job, do it, report how it went."""
    channel = Channel()
    command = next(channel.commands())
    try:
        if not isinstance(command, ImportGguf):
            raise TypeError(f"{type(command).__name__} is no job")
        from desktop.models.jobs.gguf_import import import_gguf

        channel.send(import_gguf(command, lambda stage: channel.send(events.Progress(stage))))
    except Problem as problem:
        channel.send(events.Failed("", problem.what, problem.remedy))
    except Exception as error:  # whatever a library raised, the parent gets a sentence
        log.error("the job failed: %s", type(error).__name__, exc_info=True)
        reason = " ".join(str(error).split())[:300]
        channel.send(events.Failed("", f"The model could not be converted: {reason}", "Try again."))
