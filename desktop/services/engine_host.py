"""Keeps an engine process with the wanted model, and starts it anew after it has died."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from desktop.domain.adapters import AppliedAdapter
from desktop.domain.events import Ended, Event, Failed, Loaded
from desktop.domain.model import Model, ModelFile
from desktop.engine.client import Engine
from desktop.engine.protocol import Command, ListDevices, Load
from desktop.models.library import Library


@dataclass(frozen=True, slots=True)
class LoadChoices:
    """How a model is loaded where there is a choice; asked anew for each load."""

    properties_of: Callable[[Model, str], dict[str, str]] = lambda *_: {}  # as tuning found
    looks_up: Callable[[Model], bool] = lambda _: False  # with prompt lookup
    adapters_of: Callable[[Model, Mapping[str, float]], tuple[AppliedAdapter, ...]] = (
        lambda *_: ()
    )  # those of some adapters, by id and strength, that the model has


@dataclass(frozen=True, slots=True)
class _Wish:
    model: Model
    device: str
    properties: Mapping[str, str] | None
    adapters: tuple[AppliedAdapter, ...]


class EngineHost:
    """One engine at a time. Another model or device means another process: the sure way to unload.

    Events come to `on_event` with the number of the process they are from; `accept` tells whether
    they still matter and notes what they say.
    """

    def __init__(
        self,
        make_engine: Callable[[], Engine],
        library: Library,
        cache: Path,
        on_event: Callable[[int, Event], None],
        choices: LoadChoices | None = None,
    ) -> None:
        self._make_engine = make_engine
        self._library = library
        self._cache = cache
        self._on_event = on_event
        self._choices = choices or LoadChoices()
        self._engine: Engine | None = None
        self.number = 0  # of the process in hand; another one when that has ended
        self._wanted: _Wish | None = None
        self._load: Load | None = None  # the last one that was sent
        self.ready = False

    @property
    def loading(self) -> bool:
        """True from the wish for a model until it is loaded or has failed."""
        return self._wanted is not None and not self.ready

    def start(self) -> None:
        """Start a process unless one is alive, and ask it for the devices."""
        if self._engine is not None and self._engine.alive:
            return
        self.number += 1
        self.ready, self._wanted = False, None
        number = self.number
        self._engine = self._make_engine()
        self._engine.start(lambda event: self._on_event(number, event))
        self._engine.send(ListDevices())

    def want(
        self,
        model: Model,
        device: str,
        properties: Mapping[str, str] | None = None,
        adapters: Mapping[str, float] | None = None,
    ) -> bool:
        """Load a model unless it is loaded or being loaded; True when a load was begun.

        `properties` are OpenVINO's, None those that tuning found. What is loaded stays as it is
        when better ones have been found since: see `outdated`. Of the adapters, by id and
        strength, those are taken that the model has.

        Raises Problem when its files are not what was installed.
        """
        alive = self._engine is not None and self._engine.alive
        wanted = _Wish(model, device, properties, self._choices.adapters_of(model, adapters or {}))
        if alive and self._wanted == wanted:
            return False
        unverified = self._library.unverified(model)
        if alive and self._wanted is not None:
            self.end()
        self.start()
        self._wanted = wanted
        self._load = self._made_load(wanted, unverified)
        self.send(self._load)
        return True

    @property
    def outdated(self) -> bool:
        """True when the model would now be loaded with other settings than it was."""
        if self._wanted is None or self._load is None:
            return False
        now = self._made_load(self._wanted, self._load.unverified)
        return self.ready and now != self._load

    def lacking(self, model: Model, adapters: Mapping[str, float]) -> tuple[str, ...]:
        """Those of the adapters, by their ids, that the model does not have."""
        known = {adapter.id for adapter in self._choices.adapters_of(model, adapters)}
        return tuple(adapter_id for adapter_id in adapters if adapter_id not in known)

    def _made_load(self, wanted: _Wish, unverified: tuple[ModelFile, ...]) -> Load:
        model, device, properties = wanted.model, wanted.device, wanted.properties
        tuned = self._choices.properties_of(model, device)
        return Load(
            folder=str(model.folder),
            device=device,
            unverified=unverified,
            context_length=model.context_length,
            cache_folder=str(self._cache / "compiled" / model.id),
            properties=tuned if properties is None else dict(properties),
            paged=model.paged,
            prompt_lookup=self._choices.looks_up(model),
            adapters=wanted.adapters,
        )

    def send(self, command: Command) -> None:
        """Pass a command to the process, if there is one."""
        if self._engine is not None:
            self._engine.send(command)

    def accept(self, number: int, event: Event) -> bool:
        """Note what an event says of the engine. False for events of an earlier process."""
        if number != self.number:
            return False
        match event:
            case Loaded():
                self.ready = True
                if self._wanted is not None:
                    self._library.mark_verified(self._wanted.model)
            case Failed(request_id=""):
                self.ready, self._wanted = False, None
            case Ended():
                self.number += 1
                self.ready, self._wanted, self._engine = False, None, None
        return True

    def end(self) -> None:
        """End the process, and with it all that it has in memory. Its last events are stale."""
        self.number += 1
        self.ready, self._wanted = False, None
        if self._engine is not None:
            self._engine.end()
            self._engine = None
