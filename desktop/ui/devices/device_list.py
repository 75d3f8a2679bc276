"""Each device of this computer: what it is called, or why it cannot run a model."""

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from desktop.domain.hardware import Device
from desktop.ui.i18n import tr
from desktop.ui.icons import IconSet
from desktop.ui.library.parts import text_label
from desktop.ui.metrics import metrics
from desktop.ui.spacing import at_least, fix, inset, space
from desktop.ui.theme import Theme

NAME_WIDTH = 64  # pixels


class DeviceList(QFrame):
    """One line a device; the one in use is marked."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("deviceList")
        self.setProperty("kind", "card")
        self.setAccessibleName(tr("Devices of this computer"))
        self._devices: tuple[Device, ...] = ()
        self._in_use = ""
        self._icons: IconSet | None = None
        self._rows = QVBoxLayout(self)
        inset(self._rows, 16, 12, 16, 12)
        space(self._rows, 12)

    def set_devices(self, devices: Sequence[Device]) -> None:
        """Show these. AUTO is a choice and no device."""
        self._devices = tuple(device for device in devices if device.name != "AUTO")
        self._fill()

    def set_in_use(self, device: str) -> None:
        """Mark the device that the model is loaded on."""
        self._in_use = device
        self._fill()

    def set_theme(self, theme: Theme, icons: IconSet) -> None:
        """Take icons."""
        self._icons = icons
        self._fill()

    def _fill(self) -> None:
        while item := self._rows.takeAt(0):
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
        for device in self._devices:
            self._rows.addWidget(self._line(device))

    def _line(self, device: Device) -> QWidget:
        line = QWidget()
        line.setObjectName(f"device{device.name}")
        row = QHBoxLayout(line)
        row.setContentsMargins(0, 0, 0, 0)
        space(row, 8)
        mark = QLabel()
        fix(mark, 20)
        used = device.name == self._in_use
        if self._icons is not None and used:
            side = metrics().side(18)
            mark.setPixmap(self._icons.icon("check", 18).pixmap(QSize(side, side)))
            mark.setAccessibleName(tr("in use"))
        name = text_label(device.name, "title", wraps=False)
        at_least(name, NAME_WIDTH)
        top = Qt.AlignmentFlag.AlignTop
        row.addWidget(mark, 0, top)
        row.addWidget(name, 0, top)
        row.addWidget(text_label(device.why_not or device.full_name, _kind(device)), 1)
        return line


def _kind(device: Device) -> str:
    return "" if device.available else "muted"
