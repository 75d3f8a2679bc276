"""The parts of the program that need no window, put together from the command line's options."""

import argparse
import functools
import importlib.metadata
import os
from dataclasses import dataclass
from pathlib import Path

from desktop.domain.catalogue import Entry
from desktop.domain.errors import UsageProblem
from desktop.domain.fit import Machine
from desktop.domain.formats import family
from desktop.domain.hardware import DEVICE_NAMES
from desktop.domain.model import Model
from desktop.domain.tuning import TYPICAL
from desktop.domain.words import listed, tr
from desktop.engine.client import Child, Engine
from desktop.models.adapters import AdapterStore
from desktop.models.catalogue import read_catalogue
from desktop.models.library import Library
from desktop.models.machine import look
from desktop.models.tunings import TuningStore
from desktop.paths import Paths, resources
from desktop.services.bench.service import Bench, Parts
from desktop.services.contacts import Door
from desktop.services.engine_host import EngineHost, LoadChoices
from desktop.services.engine_questions import list_devices
from desktop.services.installer import Installer
from desktop.services.jobs import Work
from desktop.services.layouts.store import LayoutStore
from desktop.services.models import ModelService
from desktop.services.network import Network
from desktop.services.plans import Plan, Request, plan
from desktop.services.presets.store import PresetStore, open_presets
from desktop.services.tokens import TokenStore
from desktop.settings.store import SettingsStore


@dataclass(frozen=True)
class Program:
    """What the commands and the window are made of."""

    paths: Paths
    settings: SettingsStore
    fake: bool = False  # the scripted engine of window tests and screenshots
    offline: bool = False  # refuse every network access

    @classmethod
    def of(cls, arguments: argparse.Namespace) -> "Program":
        """The program that these options ask for."""
        paths = Paths.of(arguments.data_dir)
        return cls(
            paths, SettingsStore(paths.settings), arguments.engine == "fake", arguments.offline
        )

    @property
    def resources(self) -> Path:
        """The program's own files."""
        return resources()

    @property
    def starters(self) -> Path:
        """Where the model files are that come with the program."""
        return self.resources / "starter"

    def device(self, wanted: str) -> str:
        """The wanted device, else the one of the settings. Raises UsageProblem for an unknown."""
        device = (wanted or self.settings.text("device")).upper()
        base, dot, number = device.partition(".")
        if base not in DEVICE_NAMES or (dot and not number.isdecimal()):
            raise UsageProblem(
                tr("There is no device “{wanted}”.", wanted=wanted[:40]),
                tr("Use one of: {choices}.", choices=listed(DEVICE_NAMES)),
            )
        return device

    @functools.cached_property
    def catalogue(self) -> tuple[Entry, ...]:
        """The models that Cellar knows of."""
        return read_catalogue(self.resources / "catalogue")

    @functools.cached_property
    def library(self) -> Library:
        """The installed models."""
        if self.fake:
            from desktop.engine.fake import FakeLibrary

            return FakeLibrary(self.paths.models)
        return Library(self.paths.models, self.paths.cache / "verified.json")

    def models(self) -> ModelService:
        """A new service over the installed models; it has at most one installation at work."""
        return ModelService(self.library, lambda: self.catalogue, self.starters, self.make_work())

    def make_plan(self, request: Request) -> Plan:
        """How to install what is asked for. Raises Problem."""
        return plan(request, self.catalogue, self.starters, self.library.installed())

    @functools.cached_property
    def door(self) -> Door:
        """What decides whether the network may be used."""
        door = Door(closed=lambda: self.settings.switch("offline"))
        door.locked = self.offline
        return door

    def make_work(self) -> Work:
        """Jobs in child processes, for one thread."""
        return Work(Child, self.door)

    @property
    def network(self) -> Network:
        """How the hub is reached, if it may be."""
        return Network(
            endpoint=os.environ.get("HF_ENDPOINT", ""),
            token=self.tokens.get,
            door=self.door,
        )

    def make_installer(self) -> tuple[Installer, Work]:
        """An installer for one job, and what ends that job."""
        work = self.make_work()
        installer = Installer(
            self.library, work, self.network, for_npu=lambda: "NPU" in self.devices
        )
        return installer, work

    def make_bench(self) -> Bench:
        """A comparison of Cellar's engine with the bare libraries."""
        return Bench(
            Parts(
                make_host=lambda make_engine, heard: EngineHost(
                    make_engine, self.library, self.paths.cache, heard, self.load_choices
                ),
                make_engine=self.make_engine,
                make_child=Child,
                tunings=self.tunings,
                gguf_of=self.gguf_of,
                machine=self.machine,
            )
        )

    def gguf_of(self, model: Model) -> Path | None:
        """The GGUF file that a model was made from, where it is still there."""
        starter = next((e.starter for e in self.catalogue if e.id == model.id), None)
        path = self.starters / starter.file if starter else None
        return path if path and path.is_file() else None

    @functools.cached_property
    def tunings(self) -> TuningStore:
        """Which settings were found best for which model and device."""
        try:
            version = importlib.metadata.version("openvino")
        except importlib.metadata.PackageNotFoundError:
            version = "unknown"
        return TuningStore(
            self.paths.cache / "tuning.json",
            version,
            turn=lambda: TYPICAL[self.settings.text("tune_for")],
        )

    @property
    def load_choices(self) -> LoadChoices:
        """How models are loaded."""
        return LoadChoices(
            self.tunings.properties,
            looks_up=lambda model: model.id in self.settings.names("prompt_lookup"),
            adapters_of=lambda model, strengths: self.adapters.applied(family(model), strengths),
        )

    @functools.cached_property
    def adapters(self) -> AdapterStore:
        """The adapters that were added to models."""
        if self.fake:
            from desktop.engine.fake import FAKE_LAYERS

            return AdapterStore(self.paths.adapters, lambda _: FAKE_LAYERS)
        return AdapterStore(self.paths.adapters)

    @functools.cached_property
    def presets(self) -> PresetStore:
        """The presets, shipped ones and the user's own."""
        return open_presets(self.resources, self.paths.data_dir)

    @functools.cached_property
    def layouts(self) -> LayoutStore:
        """The prompt layouts, and which model has which."""
        return LayoutStore(
            self.resources / "layouts", self.paths.data_dir / "layouts.json", lambda: self.catalogue
        )

    @functools.cached_property
    def tokens(self) -> TokenStore:
        """The user's token for gated models."""
        return TokenStore()

    def machine(self) -> Machine:
        """What this computer has. Takes 0.2 s the first time. Raises Problem."""
        if self.fake:
            from desktop.engine.fake import FAKE_MACHINE

            return FAKE_MACHINE
        return look(self.paths.models, self.paths.cache / "machine.json", self.devices)

    @functools.cached_property
    def devices(self) -> tuple[str, ...]:
        """What can run a model here; asks a child process. Raises Problem."""
        found = list_devices(self.make_engine).devices
        return tuple(d.name for d in found if d.available and d.name != "AUTO")

    def make_engine(self) -> Engine:
        """An engine that is not started yet."""
        if self.fake:
            from desktop.engine.fake import FakeEngine

            return FakeEngine()
        return Child("engine")
