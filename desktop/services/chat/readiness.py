"""Having a model ready: choosing it, installing the first one, loading it, saying how far it is."""

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from desktop.domain import events
from desktop.domain.errors import Problem
from desktop.domain.events import Event, Stage
from desktop.domain.hardware import Device
from desktop.domain.model import Model
from desktop.domain.words import mark, tr
from desktop.engine.client import why_ended
from desktop.services.chat.notices import EngineChanged, EngineState, Notice, Trouble
from desktop.services.engine_host import EngineHost
from desktop.services.jobs import Cancelled
from desktop.services.models import ModelService

UNLOADED = mark(
    "The model was unloaded to give its memory back; it loads again with your next message."
)


@dataclass(frozen=True, slots=True)
class Installing:
    """The installation goes on."""

    stage: Stage


@dataclass(frozen=True, slots=True)
class Installed:
    """The installation ended well."""

    model: Model


@dataclass(frozen=True, slots=True)
class NotInstalled:
    """The installation failed."""

    problem: Problem


InstallNews = Installing | Installed | NotInstalled


@dataclass(frozen=True, slots=True)
class Wanted:
    """What an answer is to be written with: the first of the models that is installed."""

    models: tuple[str, ...]
    device: str
    properties: Mapping[str, str] | None = None  # OpenVINO's; None: as tuning found
    adapters: Mapping[str, float] = field(default_factory=dict)  # strengths, by their ids


class Readiness:
    """Lives in the chat service's thread; only the installation has a thread of its own."""

    def __init__(
        self,
        models: ModelService,
        host: EngineHost,
        notify: Callable[[Notice], None],
        post: Callable[[InstallNews], None],
    ) -> None:
        self._models = models
        self._host = host
        self._notify = notify
        self._post = post
        self._installing = False
        self._wanted = Wanted((), "")
        self.model: Model | None = None
        self.devices: tuple[Device, ...] = ()  # what can run a model, once the engine has said it
        self.runs_on = ""  # the device that the choice came to, once a model is loaded
        self.properties: Mapping[str, str] | None = None  # as they came to, once it has answered
        self.adapters: Mapping[str, float] = {}  # the same
        self.problem: Problem | None = None

    @property
    def ready(self) -> bool:
        """True when a request would be answered at once."""
        return self._host.ready

    @property
    def loading(self) -> bool:
        """True while a model is on its way to become ready."""
        return self._host.loading

    @property
    def idle(self) -> bool:
        """True when nothing is on its way to become ready."""
        return not (self._host.ready or self._host.loading or self._installing)

    @property
    def _device_missing(self) -> bool:
        """True when the wanted device is known not to be there: no model is to blame for that."""
        return any(d.name == self._wanted.device and not d.available for d in self.devices)

    @property
    def gone(self) -> bool:
        """True when the model in use is no longer installed."""
        installed = self._models.library.installed()
        return self.model is not None and self.model.id not in {model.id for model in installed}

    def choose(self, wanted: Wanted) -> None:
        """Have a model ready: one of those wanted, else any, else the starter."""
        self._wanted = wanted
        self.model = self._models.preferred(*wanted.models)
        self.prepare()

    def prepare(self) -> None:
        """Load the chosen model, or install the starter when there is none."""
        self.problem = None
        if self.model is None:
            self._install(again=False)
            return
        try:
            wanted = self._wanted
            if self._host.want(self.model, wanted.device, wanted.properties, wanted.adapters):
                self._notify(EngineChanged(EngineState.LOADING, Stage("loading")))
        except Problem as problem:
            self._failed(problem, repairable=True)

    def restart(self) -> None:
        """End an engine that does not answer, and load the model in a new one."""
        self._host.end()
        self._host.start()
        self.prepare()

    def unload(self) -> None:
        """Give the model's memory back. The next answer that is due loads it again."""
        self._host.end()
        self._notify(EngineChanged(EngineState.UNLOADED, what=tr(UNLOADED)))

    def repair(self) -> None:
        """Install the starter again in place of its damaged files."""
        self.problem = None
        self._host.end()
        self._host.start()
        self._install(again=True)

    def hear(self, event: Event) -> None:
        """Take note of what the engine says of itself."""
        match event:
            case events.Devices(devices):
                self.devices = devices
            case events.Loading(stage):
                self._notify(EngineChanged(EngineState.LOADING, stage))
            case events.Loaded(device=device, note=note):
                self.problem = None
                self.runs_on, self.properties = device, None
                self._notify(EngineChanged(EngineState.READY, device=device))
                if note:
                    self._notify(Trouble(note))
            case events.Done(statistics=statistics):
                self.properties, self.adapters = statistics.properties, statistics.adapters
            case events.Failed(request_id="", what=what, remedy=remedy):
                self._failed(Problem(what, remedy), repairable=not self._device_missing)
            case events.Ended(exit_code=code):
                self._failed(why_ended(code))

    def hear_install(self, news: InstallNews) -> None:
        """Take note of how the installation goes."""
        match news:
            case Installing(stage):
                self._notify(EngineChanged(EngineState.PREPARING, stage))
            case Installed(model):
                self._installing = False
                self.model = model
                self.prepare()
            case NotInstalled(problem):
                self._installing = False
                self._failed(problem)

    def close(self) -> None:
        """End the engine and an installation."""
        self._models.cancel()
        self._host.end()

    def _failed(self, problem: Problem, *, repairable: bool = False) -> None:
        self.problem = problem
        own = self.model is not None and self._models.is_starter(self.model)
        self._notify(
            EngineChanged(
                EngineState.FAILED,
                what=problem.what,
                remedy=problem.remedy,
                repairable=own and repairable,
            )
        )

    def _install(self, *, again: bool) -> None:
        if self._installing:
            return
        self._installing = True
        self._notify(EngineChanged(EngineState.PREPARING, Stage("starting")))
        threading.Thread(
            target=self._install_now, args=(again,), name="install", daemon=True
        ).start()

    def _install_now(self, again: bool) -> None:
        try:
            model = self._models.install_starter(
                lambda stage: self._post(Installing(stage)), again=again
            )
        except Cancelled:
            return
        except Problem as problem:
            self._post(NotInstalled(problem))
        except Exception:
            self._post(
                NotInstalled(Problem(tr("The model could not be installed."), tr("Try again.")))
            )
            raise
        else:
            self._post(Installed(model))
