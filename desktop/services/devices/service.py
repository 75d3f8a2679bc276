"""The service of devices: one thread that measures while the chat needs nothing.

Commands, what the chat service tells and what the measuring child reports all come through one
inbox.
"""

import logging
import queue
from collections.abc import Callable
from pathlib import Path

from desktop.domain.errors import Problem
from desktop.domain.events import Event
from desktop.domain.model import Model
from desktop.domain.words import tr
from desktop.engine.client import Engine
from desktop.models.tunings import TuningStore
from desktop.services.bench.service import Bench
from desktop.services.devices import commands, notices
from desktop.services.devices.commands import DeviceCommand
from desktop.services.devices.comparison import Comparison
from desktop.services.devices.notices import DeviceNotice
from desktop.services.tuning import Progress, Tuner

log = logging.getLogger(__name__)

Item = DeviceCommand | tuple[int, Event]


class DeviceService:
    """Made anywhere; `run` is the thread it lives in, `post` may be called from any other."""

    def __init__(
        self,
        make_engine: Callable[[], Engine],
        store: TuningStore,
        cache: Path,
        make_bench: Callable[[], Bench],
        notify: Callable[[DeviceNotice], None],
    ) -> None:
        self._store = store
        self._notify = notify
        self._inbox: queue.SimpleQueue[Item] = queue.SimpleQueue()
        self._in_use: tuple[Model, str] | None = None
        self._tuner = Tuner(
            make_engine, store, cache, lambda *tagged: self._inbox.put(tagged), self._tell
        )
        self._comparison = Comparison(make_bench, notify)

    def post(self, command: DeviceCommand) -> None:
        """Ask for something; the answer comes as notices."""
        self._inbox.put(command)

    def run(self) -> None:
        """Serve until Quit."""
        try:
            self._serve()
        finally:
            self._tuner.close()
            self._comparison.close()

    def _serve(self) -> None:
        while True:
            try:
                item = self._inbox.get(timeout=self._tuner.wait_s)
            except queue.Empty:
                self._tuner.begin_if_due()
                continue
            if isinstance(item, commands.Quit):
                return
            try:
                self._handle(item)
            except Problem as problem:
                self._notify(notices.DevicesTrouble(problem.what, problem.remedy))
            except Exception as error:  # a bug must not end what else there is to do
                log.exception("%s was not handled", type(item).__name__)
                what = tr("Something unexpected went wrong ({name}).", name=type(error).__name__)
                self._notify(notices.DevicesTrouble(what, tr("The log has the details.")))

    def _handle(self, item: Item) -> None:
        match item:
            case (int(number), event):
                self._tuner.hear(number, event)
            case commands.NoteDevices(devices):
                names = {device.name: device.full_name for device in devices if device.available}
                self._store.know_devices({n: f for n, f in names.items() if n != "AUTO"})
            case commands.NoteReady(model, device):
                self._in_use = (model, self._store.resolved(device))
                self._show()
                self._tuner.ready(model, device)
            case commands.NoteBusy():
                self._tuner.busy()
                self._comparison.cancel()
            case commands.JudgeAnew():
                self._show()
            case _:
                self._measure(item)

    def _measure(self, item: Item) -> None:
        match item:
            case commands.Measure():
                self._tuner.measure()
            case commands.CancelMeasuring():
                self._tuner.cancel()
            case commands.Compare() if self._in_use is not None:
                self._tuner.cancel()
                self._comparison.start(*self._in_use)
            case commands.CancelComparing():
                self._comparison.cancel()

    def _tell(self, progress: Progress) -> None:
        self._notify(notices.Tuning(progress))
        if progress.done:
            self._show()

    def _show(self) -> None:
        if self._in_use is not None:
            known = self._store.find(*self._in_use)
            self._notify(notices.InUse(*self._in_use, known))


class IdleHours:
    """What the chat service calls between answers; passes it on to the service of devices."""

    def __init__(self, post: Callable[[DeviceCommand], None]) -> None:
        self._post = post

    def busy(self) -> None:
        """The engine is needed."""
        self._post(commands.NoteBusy())

    def ready(self, model: Model, device: str) -> None:
        """The model is loaded there, and no answer is due."""
        self._post(commands.NoteReady(model, device))
