"""The process that runs a model's chat template, and ends when the template does not.

One step of Python, such as `range(10**9)|list`, looks at no deadline, can take all memory, and can
crash the process. So this one has a limit of memory and a watch outside of Python: when it ends,
nothing else is lost.
"""

import contextlib
import faulthandler
import os
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from desktop.domain import events
from desktop.domain.errors import Problem
from desktop.engine.channel import Channel
from desktop.engine.prompt import sandbox
from desktop.engine.prompt.format import read_format
from desktop.engine.prompt.render import render
from desktop.engine.protocol import Command, Render

_GRACE_S = 1.0  # beyond the sandbox's own limit, which ends most templates with less ado
_MEMORY = 2**30  # bytes of addresses; Python and the libraries take 100 MB
_formats = lru_cache(maxsize=1)(read_format)  # a model's files stay as they are while it is loaded


def run() -> None:
    """Serve until standard input ends. A Failed without an id: the template itself is no good."""
    _limit_memory()
    channel = Channel()
    with open(os.devnull, "w", encoding="utf-8") as nowhere:
        for command in channel.commands():
            with _watched(nowhere.fileno()):
                event = _answer(command)
            channel.send(event)


def _answer(command: Command) -> events.Rendered | events.Failed:
    if not isinstance(command, Render):
        raise TypeError(f"{type(command).__name__} is not for this process")
    request_id = command.request_id
    try:
        format = _formats(Path(command.source))
        text = render(format, command.turns, generation_prompt=command.generation_prompt)
    except sandbox.Unusable as problem:
        return events.Failed("", problem.what, problem.remedy)
    except Problem as problem:
        return events.Failed(request_id, problem.what, problem.remedy)
    return events.Rendered(request_id, text)


@contextlib.contextmanager
def _watched(report_to: int) -> Iterator[None]:
    """End this process when the block takes too long; the thread that does needs no Python."""
    faulthandler.dump_traceback_later(sandbox.TIME_LIMIT + _GRACE_S, file=report_to, exit=True)
    try:
        yield
    finally:
        faulthandler.cancel_dump_traceback_later()


def _limit_memory() -> None:
    """Where the system can. Elsewhere the watch ends what takes long to fill its memory."""
    try:
        import resource
    except ImportError:  # Windows
        return
    for limit, value in ((resource.RLIMIT_AS, _MEMORY), (resource.RLIMIT_CORE, 0)):
        with contextlib.suppress(OSError, ValueError):
            resource.setrlimit(limit, (value, value))
