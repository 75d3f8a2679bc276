"""Keeps an engine process with the wanted model, and starts it anew after it has died."""

from collections.abc import Callable
from pathlib import Path

from desktop.domain.events import Ended, Event, Failed, Loaded
from desktop.domain.model import Model
from desktop.engine.client import Engine
from desktop.engine.protocol import Command, ListDevices, Load
from desktop.models.library import Library


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
    ) -> None:
        self._make_engine = make_engine
        self._library = library
        self._cache = cache
        self._on_event = on_event
        self._engine: Engine | None = None
        self.number = 0  # of the process in hand; another one when that has ended
        self._wanted: tuple[Model, str] | None = None
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

    def want(self, model: Model, device: str) -> bool:
        """Load a model unless it is loaded or being loaded; True when a load was begun.

        Raises Problem when its files are not what was installed.
        """
        alive = self._engine is not None and self._engine.alive
        if alive and self._wanted == (model, device):
            return False
        unverified = self._library.unverified(model)
        if alive and self._wanted is not None:
            self.end()
        self.start()
        self._wanted = (model, device)
        self.send(
            Load(
                folder=str(model.folder),
                device=device,
                unverified=unverified,
                context_length=model.context_length,
                cache_folder=str(self._cache / "compiled" / model.id),
            )
        )
        return True

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
                    self._library.mark_verified(self._wanted[0])
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
