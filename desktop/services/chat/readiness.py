"""Having a model ready: choosing it, installing the first one, loading it, saying how far it is."""

import threading
from collections.abc import Callable
from dataclasses import dataclass

from desktop.domain import events
from desktop.domain.errors import Problem
from desktop.domain.events import Event, Stage
from desktop.domain.model import Model
from desktop.engine.client import why_ended
from desktop.services.chat.notices import (
    DevicesListed,
    EngineChanged,
    EngineState,
    ModelsListed,
    Notice,
)
from desktop.services.engine_host import EngineHost
from desktop.services.jobs import Cancelled
from desktop.services.models import ModelService


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
        self.model: Model | None = None
        self.device = ""
        self.problem: Problem | None = None

    @property
    def ready(self) -> bool:
        """True when a request would be answered at once."""
        return self._host.ready

    @property
    def idle(self) -> bool:
        """True when nothing is on its way to become ready."""
        return not (self._host.ready or self._host.loading or self._installing)

    def choose(self, model_ids: tuple[str, ...], device: str) -> None:
        """Have the first of these models that is installed ready, else any, else the starter."""
        self.device = device
        self.model = self._models.preferred(*model_ids)
        self.prepare()

    def refresh(self) -> bool:
        """List the models anew; False when the one in use is gone."""
        installed = self._models.library.installed()
        if self.model is not None and self.model.id not in {model.id for model in installed}:
            return False
        self._list_models()
        return True

    def prepare(self) -> None:
        """Load the chosen model, or install the starter when there is none."""
        self.problem = None
        self._list_models()
        if self.model is None:
            self._install(again=False)
            return
        try:
            if self._host.want(self.model, self.device):
                self._notify(EngineChanged(EngineState.LOADING, Stage("loading")))
        except Problem as problem:
            self._failed(problem, repairable=True)

    def restart(self) -> None:
        """End an engine that does not answer, and load the model in a new one."""
        self._host.end()
        self._host.start()
        self.prepare()

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
                self._notify(DevicesListed(devices, self.device))
            case events.Loading(stage):
                self._notify(EngineChanged(EngineState.LOADING, stage))
            case events.Loaded(device=device):
                self.problem = None
                self._notify(EngineChanged(EngineState.READY, device=device))
            case events.Failed(request_id="", what=what, remedy=remedy):
                self._failed(Problem(what, remedy), repairable=True)
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

    def _list_models(self) -> None:
        self._notify(ModelsListed(self._models.library.installed(), self.model))

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
            self._post(NotInstalled(Problem("The model could not be installed.", "Try again.")))
            raise
        else:
            self._post(Installed(model))
