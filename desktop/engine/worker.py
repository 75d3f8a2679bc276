"""The engine process: holds one model and answers commands until its parent is gone."""

from __future__ import annotations

import logging
import secrets
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from desktop.domain import events
from desktop.domain.errors import Problem
from desktop.domain.events import Stage
from desktop.engine import protocol
from desktop.engine.channel import Channel
from desktop.engine.prompt.format import PromptFormat, read_format
from desktop.engine.prompt.render import render
from desktop.engine.protocol import Command, Generate, Load, Stop
from desktop.files import sha256_of

if TYPE_CHECKING:
    from desktop.engine.pipeline import PagedPipeline

log = logging.getLogger(__name__)

SEEDS = 2**31 - 1


class EngineWorker:
    """One handler a command. Heavy imports wait until a command needs them."""

    def __init__(self) -> None:
        self._stopped: set[str] = set()
        self._pipeline: PagedPipeline | None = None
        self._format: PromptFormat | None = None
        self._device = ""
        self._channel = Channel(urgent=self._note_stop)
        self._handlers: dict[type, Callable[..., None]] = {
            Load: self._load,
            Generate: self._generate,
            protocol.Unload: self._unload,
            protocol.ListDevices: self._list_devices,
            protocol.CountTokens: self._count,
            protocol.Render: self._render,
        }

    def run(self) -> None:
        """Serve until standard input ends."""
        for command in self._channel.commands():
            try:
                self._handlers[type(command)](command)
            except Problem as problem:
                self._fail(command, problem)
            except Exception as error:  # a child that lives on is worth more than a clean stack
                log.error("%s failed: %s", type(command).__name__, type(error).__name__)
                log.debug("details", exc_info=True)
                self._fail(command, _unexpected(command, error))

    def _note_stop(self, command: Command) -> bool:
        if isinstance(command, Stop):
            self._stopped.add(command.request_id)
            return True
        return False

    def _fail(self, command: Command, problem: Problem) -> None:
        request_id = getattr(command, "request_id", "")
        self._channel.send(events.Failed(request_id, problem.what, problem.remedy))

    def _load(self, command: Load) -> None:
        started = time.perf_counter()
        self._pipeline = None
        self._check_files(command)
        self._channel.send(events.Loading(Stage("loading")))
        from desktop.engine import devices
        from desktop.engine.pipeline import PagedPipeline

        folder = Path(command.folder)
        self._format = read_format(folder)
        self._device = devices.resolve(command.device)
        self._pipeline = PagedPipeline(
            folder, self._device, command.context_length, command.cache_folder
        )
        self._channel.send(events.Loading(Stage("warming up")))
        self._pipeline.writes(1)
        seconds = time.perf_counter() - started
        self._channel.send(
            events.Loaded(self._device, self._pipeline.context_length, round(seconds, 3))
        )

    def _check_files(self, command: Load) -> None:
        total = sum(facts.size for facts in command.unverified)
        done = 0
        for facts in command.unverified:
            self._channel.send(events.Loading(Stage("checking", done, total)))
            path = Path(command.folder, facts.path)
            if path.stat().st_size != facts.size or sha256_of(path) != facts.sha256:
                raise Problem(
                    f"The model's file {facts.path} is damaged.",
                    "Remove the model and install it again.",
                )
            done += facts.size

    def _generate(self, command: Generate) -> None:
        pipeline, prompt_format = self._ready()
        values = dict(command.sampling)
        if values["seed"] is None:
            values["seed"] = secrets.randbelow(SEEDS)
        prompt = render(prompt_format, command.turns)
        request_id = command.request_id
        for event in pipeline.generate(
            request_id, prompt, values, stopped=lambda: request_id in self._stopped
        ):
            self._channel.send(event)

    def _unload(self, _: protocol.Unload) -> None:
        self._pipeline = None

    def _list_devices(self, _: protocol.ListDevices) -> None:
        from desktop.engine import devices

        try:
            found = devices.list_devices()
        except RuntimeError as error:  # a driver that is broken; a load will say more
            log.error("the devices could not be listed: %s", type(error).__name__)
            found = ()
        self._channel.send(events.Devices(found))

    def _count(self, command: protocol.CountTokens) -> None:
        pipeline, _ = self._ready()
        counts = tuple(pipeline.count(text) for text in command.texts)
        self._channel.send(events.Counted(command.request_id, counts))

    def _render(self, command: protocol.Render) -> None:
        text = render(
            read_format(Path(command.source)),
            command.turns,
            generation_prompt=command.generation_prompt,
        )
        self._channel.send(events.Rendered(command.request_id, text))

    def _ready(self) -> tuple[PagedPipeline, PromptFormat]:
        if self._pipeline is None or self._format is None:
            raise Problem("No model is loaded.", "Choose a model first.")
        return self._pipeline, self._format


def _unexpected(command: Command, error: Exception) -> Problem:
    """A sentence for what a native library raised; its own words help who reports it."""
    reason = str(error).strip().splitlines()[-1][:300] if str(error).strip() else repr(error)
    if isinstance(command, Load):
        return Problem(
            f"The model could not be loaded on {command.device}: {reason}",
            "Choose another device, or remove the model and install it again.",
        )
    return Problem(f"The engine could not do this: {reason}", "Try again.")
