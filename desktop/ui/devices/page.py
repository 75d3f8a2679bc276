"""The device page: what is here, how the model runs on it, what the user decides about it."""

from collections.abc import Sequence

from PySide6.QtWidgets import QWidget

from desktop.domain.events import Tuned
from desktop.domain.hardware import Device
from desktop.domain.model import Model
from desktop.ui.devices.bench_section import BenchSection
from desktop.ui.devices.choices import Choices
from desktop.ui.devices.device_list import DeviceList
from desktop.ui.devices.tuning_card import TuningCard
from desktop.ui.i18n import tr
from desktop.ui.icons import IconSet
from desktop.ui.library.page import Page, section
from desktop.ui.theme import Theme


class DevicesPage(Page):
    """Shows what its presenter tells it."""

    def __init__(self, theme: Theme, icons: IconSet, parent: QWidget | None = None) -> None:
        super().__init__(tr("Devices and speed"), "closeDevices", parent)
        self.setObjectName("devicesPage")
        self.devices = DeviceList()
        self.tuning = TuningCard()
        self.choices = Choices()
        self.bench = BenchSection()
        self.fill(
            [
                section(tr("This computer"), self.devices),
                section(tr("Speed of the model in use"), self.tuning),
                section(tr("Settings of the engine"), self.choices),
                section(tr("Compare with other ways"), self.bench),
            ]
        )
        self.set_theme(theme, icons)

    def show_devices(self, devices: Sequence[Device]) -> None:
        """Show what can run a model here, and what cannot."""
        self.devices.set_devices(devices)

    def show_in_use(
        self, model: Model, device: str, tuned: Tuned | None, *, looks_up: bool
    ) -> None:
        """Show the model that is loaded."""
        self.devices.set_in_use(device)
        self.tuning.show_model(model, device, tuned)
        self.choices.set_model(model, looks_up=looks_up)
        self.bench.set_available(True)

    def set_theme(self, theme: Theme, icons: IconSet) -> None:
        """Take colours and icons."""
        super().set_theme(theme, icons)
        self.devices.set_theme(theme, icons)
