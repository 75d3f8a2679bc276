"""The engine process: holds one model and answers commands until its parent is gone."""

from __future__ import annotations

import functools
import logging
import secrets
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from desktop.domain import events
from desktop.domain.errors import Problem
from desktop.domain.events import Stage
from desktop.domain.layout import Layout
from desktop.domain.words import tr
from desktop.engine import protocol
from desktop.engine.budget import Budget
from desktop.engine.channel import Channel
from desktop.engine.placing import fit_in
from desktop.engine.prompt.layout_prompt import begun_at_text, leaves_space, stops_with
from desktop.engine.prompt.prompts import Prompts, asked_about
from desktop.engine.protocol import Command, Generate, Load, Stop
from desktop.files import sha256_of

if TYPE_CHECKING:
    from desktop.engine.runtime import Runtime

log = logging.getLogger(__name__)

SEEDS = 2**31 - 1


class EngineWorker:
    """One handler a command. Heavy imports wait until a command needs them."""

    def __init__(self) -> None:
        self._stopped: set[str] = set()
        self._pipeline: Runtime | None = None
        self._prompts: Prompts | None = None
        # By layout, None for the model's own template, and whether an answer is gone on with.
        self._budgets: dict[tuple[Layout | None, bool], Budget] = {}
        self._device = ""
        self._channel = Channel(urgent=self._note_stop)
        self._handlers: dict[type, Callable[..., None]] = {
            Load: self._load,
            Generate: self._generate,
            protocol.Fit: self._fit,
            protocol.Unload: self._unload,
            protocol.ListDevices: self._list_devices,
            protocol.CountTokens: self._count,
            protocol.Render: self._render,
            protocol.Tune: self._tune,
            protocol.CheckParts: self._check_parts,
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
        self._let_go()
        self._check_files(command)
        self._channel.send(events.Loading(Stage("loading")))
        from desktop.engine import devices
        from desktop.engine.loading import loaded

        self._prompts = Prompts(Path(command.folder))
        self._prompts.begin_trial()
        self._device = devices.resolve(command.device)
        pipeline = self._pipeline = loaded(command, self._device)
        self._channel.send(events.Loading(Stage("warming up")))
        pipeline.writes(2)
        note = self._prompts.trial()
        seconds = time.perf_counter() - started
        self._channel.send(
            events.Loaded(
                self._device,
                pipeline.context_length,
                round(seconds, 3),
                note,
                dict(pipeline.properties),
            )
        )

    def _check_files(self, command: Load) -> None:
        total = sum(facts.size for facts in command.unverified)
        done = 0
        for facts in command.unverified:
            self._channel.send(events.Loading(Stage("checking", done, total)))
            path = Path(command.folder, facts.path)
            if path.stat().st_size != facts.size or sha256_of(path) != facts.sha256:
                raise Problem(
                    tr("The model's file {path} is damaged.", path=facts.path),
                    tr("Remove the model and install it again."),
                )
            done += facts.size

    def _generate(self, command: Generate) -> None:
        pipeline, prompts = self._ready()
        values = dict(command.sampling)
        if values["seed"] is None:
            values["seed"] = secrets.randbelow(SEEDS)
        prompt = self._fitting_prompt(command)
        if not prompt:
            return
        layout = command.layout or prompts.layout
        if layout:
            values["stop"] = stops_with(layout, values["stop"])
        request_id = command.request_id
        answer = pipeline.generate(
            request_id, prompt, values, stopped=lambda: request_id in self._stopped
        )
        if layout and leaves_space(command.turns, continues=command.continues):
            answer = begun_at_text(answer)
        for event in answer:
            self._channel.send(event)

    def _fit(self, command: protocol.Fit) -> None:
        self._fitting_prompt(command)

    def _fitting_prompt(self, command: Generate | protocol.Fit) -> str:
        """Tell what the model sees of a request. The prompt; none where the user is to be asked."""
        continues = isinstance(command, Generate) and command.continues
        _, prompts = self._ready()
        budget = self._budget(command.layout, continues=continues)
        fitting = fit_in(command.layout or prompts.layout, budget, command)
        self._channel.send(fitting.report)
        return fitting.prompt

    def _budget(self, layout: Layout | None, *, continues: bool) -> Budget:
        """Counts prompts as they are written in a layout, or else by the model's template."""
        key = layout, continues
        if key not in self._budgets:
            pipeline, prompts = self._ready()
            make = functools.partial(prompts.text_in, layout) if layout else prompts.text
            render: Callable[[Sequence[protocol.Turn]], str] = functools.partial(
                make, continues=continues
            )
            self._budgets[key] = Budget(
                pipeline.count, render, pipeline.context_length, pipeline.prompt_limit
            )
        return self._budgets[key]

    def _unload(self, _: protocol.Unload) -> None:
        self._let_go()

    def _let_go(self) -> None:
        self._pipeline = None
        self._budgets.clear()
        if self._prompts is not None:
            self._prompts.end()
            self._prompts = None

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
        self._channel.send(events.Rendered(command.request_id, asked_about(command)))

    def _tune(self, command: protocol.Tune) -> None:
        from desktop.engine.tuning import tune

        self._channel.send(tune(command, self._channel.send))

    def _check_parts(self, command: protocol.CheckParts) -> None:
        from desktop.engine.self_check import check_engine

        self._channel.send(check_engine(Path(command.folder)))

    def _ready(self) -> tuple[Runtime, Prompts]:
        if self._pipeline is None or self._prompts is None:
            raise Problem(tr("No model is loaded."), tr("Choose a model first."))
        return self._pipeline, self._prompts


def _unexpected(command: Command, error: Exception) -> Problem:
    """A sentence for what a native library raised; its own words help who reports it."""
    reason = str(error).strip().splitlines()[-1][:300] if str(error).strip() else repr(error)
    if isinstance(command, Load):
        return _load_problem(command.device, reason)
    return Problem(tr("The engine could not do this: {reason}", reason=reason), tr("Try again."))


def _load_problem(device: str, reason: str) -> Problem:
    """Where the device is missing, that is what to say: a library's words would blame the model."""
    from desktop.engine.devices import why_missing

    remedy = tr("Choose another device, or remove the model and install it again.")
    if missing := why_missing(device) if device != "AUTO" else "":
        reason, remedy = missing, tr("Choose another device.")
    what = tr("The model could not be loaded on {device}: {reason}", device=device, reason=reason)
    return Problem(what if what.endswith((".", "!", "?", "。")) else f"{what}.", remedy)
