"""The parts of the program that need no window, put together from the command line's options."""

import argparse
import functools
from dataclasses import dataclass
from pathlib import Path

from desktop.domain.errors import UsageProblem
from desktop.domain.hardware import DEVICE_NAMES
from desktop.engine.client import Child, Engine
from desktop.models.catalogue import read_catalogue
from desktop.models.library import Library
from desktop.paths import Paths, resources
from desktop.services.models import ModelService
from desktop.settings.store import SettingsStore


@dataclass(frozen=True)
class Program:
    """What the commands and the window are made of."""

    paths: Paths
    settings: SettingsStore
    fake: bool = False  # the scripted engine of window tests and screenshots

    @classmethod
    def of(cls, arguments: argparse.Namespace) -> "Program":
        """The program that these options ask for."""
        paths = Paths.of(arguments.data_dir)
        return cls(paths, SettingsStore(paths.settings), arguments.engine == "fake")

    @property
    def resources(self) -> Path:
        """The program's own files."""
        return resources()

    def device(self, wanted: str) -> str:
        """The wanted device, else the one of the settings. Raises UsageProblem for an unknown."""
        device = (wanted or self.settings.text("device")).upper()
        base, dot, number = device.partition(".")
        if base not in DEVICE_NAMES or (dot and not number.isdecimal()):
            raise UsageProblem(
                f"There is no device “{wanted:.40}”.", f"Use one of: {', '.join(DEVICE_NAMES)}."
            )
        return device

    def models(self) -> ModelService:
        """The models; a new service each time, over the same folder."""
        if self.fake:
            from desktop.engine.fake import FakeLibrary

            library: Library = FakeLibrary()
        else:
            library = Library(self.paths.models, self.paths.cache / "verified.json")
        return ModelService(
            library,
            read_catalogue(self.resources / "catalogue"),
            self.resources / "starter",
            make_job=functools.partial(Child, "convert"),
        )

    def make_engine(self) -> Engine:
        """An engine that is not started yet."""
        if self.fake:
            from desktop.engine.fake import FakeEngine

            return FakeEngine()
        return Child("engine")
