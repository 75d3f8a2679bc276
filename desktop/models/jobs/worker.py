"""A job process: carries out one job and ends."""

import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

from desktop.domain import events
from desktop.domain.errors import Problem
from desktop.domain.words import mark, tr
from desktop.engine.channel import Channel
from desktop.engine.protocol import (
    AdoptIr,
    CheckParts,
    Compress,
    ExportCheckpoint,
    Fetch,
    ImportGguf,
    Inspect,
    InspectLocal,
    SearchHub,
)
from desktop.files import world_problem

log = logging.getLogger(__name__)

Send = Callable[[events.Event], None]
Answer = events.JobDone | events.Inspected | events.FoundRepositories | events.PartsChecked
Job = Callable[[Any, Send], Answer]


def _import_gguf(command: ImportGguf, send: Send) -> events.JobDone:
    from desktop.models.jobs.gguf_import import import_gguf

    return import_gguf(command, lambda stage: send(events.Progress(stage)))


def _fetch(command: Fetch, send: Send) -> events.JobDone:
    from desktop.models.jobs.fetch.job import fetch

    return fetch(command, send)


def _inspect(command: Inspect, send: Send) -> events.Inspected:
    from desktop.models.jobs.inspection.hub import inspect

    return inspect(command, send)


def _inspect_local(command: InspectLocal, send: Send) -> events.Inspected:
    from desktop.models.jobs.inspection.local import inspect_local

    return inspect_local(command, send)


def _search(command: SearchHub, send: Send) -> events.FoundRepositories:
    from desktop.models.jobs.inspection.search import search

    return search(command, send)


def _export(command: ExportCheckpoint, send: Send) -> events.JobDone:
    from desktop.models.jobs.export.job import export_checkpoint

    return export_checkpoint(command, lambda stage: send(events.Progress(stage)))


def _compress(command: Compress, send: Send) -> events.JobDone:
    from desktop.models.jobs.compress import compress

    return compress(command, lambda stage: send(events.Progress(stage)))


def _adopt_ir(command: AdoptIr, send: Send) -> events.JobDone:
    from desktop.models.jobs.adopt_ir import adopt_ir

    return adopt_ir(command, lambda stage: send(events.Progress(stage)))


def _check_convert(command: CheckParts, _: Send) -> events.PartsChecked:
    from desktop.models.jobs.self_check import check_convert

    return check_convert(Path(command.folder))


def _check_fetch(command: CheckParts, _: Send) -> events.PartsChecked:
    from desktop.models.jobs.self_check import check_fetch

    return check_fetch(Path(command.folder))


# Which commands each role serves. A handler imports what it needs when it is called.
JOBS: dict[str, dict[type, Job]] = {
    "convert": {
        ImportGguf: _import_gguf,
        ExportCheckpoint: _export,
        Compress: _compress,
        AdoptIr: _adopt_ir,
        InspectLocal: _inspect_local,
        CheckParts: _check_convert,
    },
    "fetch": {Fetch: _fetch, Inspect: _inspect, SearchHub: _search, CheckParts: _check_fetch},
}
FAILURES = {
    "convert": mark("The model could not be converted"),
    "fetch": mark("The model could not be downloaded"),
}


def run(role: str) -> None:
    """Wait for the job, do it, report how it went."""
    channel = Channel()
    command = next(channel.commands())
    try:
        job = JOBS[role].get(type(command))
        if job is None:
            raise TypeError(f"{type(command).__name__} is no job of {role}")
        channel.send(job(command, channel.send))
    except Problem as problem:
        channel.send(events.Failed("", problem.what, problem.remedy))
    except OSError as error:
        cause = world_problem(error, tr("finish this model"))
        channel.send(events.Failed("", cause.what, cause.remedy))
    except Exception as error:  # whatever a library raised, the parent gets a sentence
        log.error("the job failed: %s", type(error).__name__, exc_info=True)
        reason = " ".join(str(error).split())[:300]
        channel.send(events.Failed("", f"{tr(FAILURES[role])}: {reason}", tr("Try again.")))
