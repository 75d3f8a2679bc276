"""The device page: what is here, how the model runs on it, what the user decides about it."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QVBoxLayout, QWidget

from desktop.domain.events import Tuned
from desktop.domain.hardware import Device
from desktop.domain.model import Model
from desktop.ui.devices.bench_section import BenchSection
from desktop.ui.devices.choices import Choices
from desktop.ui.devices.device_list import DeviceList
from desktop.ui.devices.tuning_card import TuningCard
from desktop.ui.i18n import tr
from desktop.ui.icons import IconSet
from desktop.ui.library.page_scroll import PageScroll
from desktop.ui.library.parts import text_label
from desktop.ui.spacing import inset, size_icon, space
from desktop.ui.theme import Theme
from desktop.ui.widgets.banner_area import BannerArea


class DevicesPage(QWidget):
    """Shows what its presenter tells it."""

    closed = Signal()  # back to the chat

    def __init__(self, theme: Theme, icons: IconSet, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("devicesPage")
        self.setAccessibleName(tr("Devices and speed"))
        self._back = QToolButton()
        self._back.setObjectName("closeDevices")
        self._back.setAccessibleName(tr("Back to the chat"))
        self._back.setToolTip(tr("Back to the chat (Esc)"))
        size_icon(self._back, 20)
        self._back.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._back.clicked.connect(self.closed)
        self.banners = BannerArea()
        self.devices = DeviceList()
        self.tuning = TuningCard()
        self.choices = Choices()
        self.bench = BenchSection()
        parts = [
            _section(tr("This computer"), self.devices),
            _section(tr("Speed of the model in use"), self.tuning),
            _section(tr("Settings of the engine"), self.choices),
            _section(tr("Compare with other ways"), self.bench),
        ]
        self.scroller = PageScroll(parts)
        self.setFocusProxy(self.scroller)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        space(rows, 8)
        rows.addWidget(self._head())
        rows.addWidget(self.banners)
        rows.addWidget(self.scroller, 1)
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
        self._back.setIcon(icons.icon("chevron-left"))
        self.banners.set_theme(theme, icons)
        self.devices.set_theme(theme, icons)

    def _head(self) -> QWidget:
        head = QWidget()
        row = QHBoxLayout(head)
        inset(row, 8, 8, 16, 0)
        space(row, 4)
        row.addWidget(self._back)
        row.addWidget(text_label(tr("Devices and speed"), "heading", wraps=False))
        row.addStretch(1)
        return head

    # QWidget

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        else:
            super().keyPressEvent(event)


def _section(title: str, part: QWidget) -> QWidget:
    section = QWidget()
    rows = QVBoxLayout(section)
    rows.setContentsMargins(0, 0, 0, 0)
    space(rows, 8)
    rows.addWidget(text_label(title, "title"))
    rows.addWidget(part)
    return section
