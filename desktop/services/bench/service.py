"""Runs the contestants in turn, round after round, so that a noisy machine disturbs all alike."""

import functools
import logging
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from desktop.domain.bench import (
    Contestant,
    DeviceReport,
    Report,
    Step,
    Work,
)
from desktop.domain.errors import Problem
from desktop.domain.events import Tried
from desktop.domain.fit import Machine
from desktop.domain.model import Model
from desktop.domain.tuning import setting_text
from desktop.domain.words import tr
from desktop.engine.client import Engine
from desktop.engine.protocol import OpenBare
from desktop.models.tunings import TuningStore
from desktop.services.bench.contestants import (
    BareRunner,
    CellarRunner,
    MakeEngine,
    MakeHost,
    Runner,
)
from desktop.services.bench.rounds import Field, OnStep
from desktop.services.bench.tune import tune

log = logging.getLogger(__name__)

EACH = 2  # times the weights, that a contestant may take in memory
SDPA = {"ATTENTION_BACKEND": "SDPA"}  # as Cellar runs what the other back-end gets wrong
WEIGHTS = "openvino_model.bin"
TUNED = (Contestant.CELLAR, Contestant.LIBRARY_TUNED)


@dataclass(frozen=True)
class Parts:
    """What a comparison is made with."""

    make_host: MakeHost
    make_engine: MakeEngine
    make_child: Callable[[str], Engine]
    tunings: TuningStore
    gguf_of: Callable[[Model], Path | None]  # the file that a model was made from
    machine: Callable[[], Machine]


class Bench:
    """One comparison. `run` blocks; `cancel` may be called from any thread."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._cancelled = threading.Event()

    def tune(
        self, model: Model, devices: Sequence[str], on_step: OnStep, *, anew: bool = True
    ) -> None:
        """Find and keep the best settings on each device; unless `anew`, where none are known.

        A device that fails is passed over: `run` tells why. Raises Cancelled.
        """
        parts, turn = self._parts, self._parts.tunings.turn()
        for name in devices:
            device = parts.tunings.resolved(name)
            if not anew and parts.tunings.find(model, device):
                continue
            on_step(Step(device, tr("comparing settings")))
            tell = functools.partial(_tell_trial, device, on_step)
            try:
                found = tune(parts.make_engine(), model, device, turn, tell, self._cancelled)
            except Problem as problem:
                log.info("tuning on %s failed: %s", device, problem.what)
                continue
            parts.tunings.keep(model, device, found)

    def cancel(self) -> None:
        """End the comparison; `run` raises Cancelled."""
        self._cancelled.set()

    def run(
        self,
        model: Model,
        devices: Sequence[str],
        on_step: OnStep,
        work: Work | None = None,
        contestants: Sequence[Contestant] = tuple(Contestant),
    ) -> Report:
        """Compare on each of the devices. Raises Problem or Cancelled."""
        work = work or Work()
        reports = [self._on_device(model, device, on_step, work, contestants) for device in devices]
        return Report(
            model=model.id,
            name=model.name,
            weights=model.weights,
            weights_size=weights_size(model),
            bandwidth=self._parts.machine().bandwidth_bytes_per_s,
            work=work,
            turn=self._parts.tunings.turn(),
            devices=tuple(reports),
        )

    def _on_device(
        self,
        model: Model,
        device: str,
        on_step: OnStep,
        work: Work,
        contestants: Sequence[Contestant],
    ) -> DeviceReport:
        parts = self._parts
        cellar = CellarRunner(parts.make_host, parts.make_engine, model, device, self._cancelled)
        field = Field(cellar, work)
        try:
            on_step(Step(device, "loading", Contestant.CELLAR))
            cellar.open()
            field.add(self._others(cellar, model, contestants))
            room = parts.machine().memory_available
            field.in_turn = len(field.runners) * EACH * weights_size(model) > room
            field.race(cellar.device, on_step)
        except Problem as problem:
            return DeviceReport(device, why_not=str(problem))
        finally:
            field.close()
        properties = cellar.properties
        results = tuple(
            replace(result, properties=properties) if result.contestant in TUNED else result
            for result in field.results()
        )
        tuned = parts.tunings.find(model, cellar.device)
        return DeviceReport(cellar.device, results, tuned, field.in_turn)

    def _others(
        self, cellar: CellarRunner, model: Model, contestants: Sequence[Contestant]
    ) -> dict[Contestant, Runner | str]:
        """Each other contestant, or why it cannot take part."""
        folder, device = str(model.folder), cellar.device
        properties = cellar.properties | ({} if model.paged else SDPA)
        commands = {
            Contestant.LIBRARY: OpenBare("openvino-genai", folder, device),
            Contestant.LIBRARY_TUNED: OpenBare(
                "openvino-genai", folder, device, properties=properties
            ),
            Contestant.OPTIMUM: OpenBare("optimum-intel", folder, device),
        }
        gguf = self._parts.gguf_of(model)
        if gguf is not None:
            commands[Contestant.LLAMA_CPP] = OpenBare(
                "llama.cpp", str(gguf), device, cellar.context_length
            )
        made: dict[Contestant, Runner | str] = {
            contestant: BareRunner(self._parts.make_child, command, self._cancelled)
            for contestant, command in commands.items()
            if contestant in contestants
        }
        if gguf is None and Contestant.LLAMA_CPP in contestants:
            made[Contestant.LLAMA_CPP] = tr("The model was not made from a GGUF file that is here.")
        return made


def _tell_trial(device: str, on_step: OnStep, tried: Tried) -> None:
    on_step(
        Step(device, tr("comparing settings: {setting}", setting=setting_text(tried.properties)))
    )


def weights_size(model: Model) -> int:
    """Bytes of a model's weights."""
    return sum(file.size for file in model.files if file.path == WEIGHTS)
