"""The foot of the column: the archive, and the program's other pages."""

from PySide6.QtCore import QSize, Signal
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from desktop.ui.i18n import tr
from desktop.ui.icons import IconSet
from desktop.ui.theme import Theme


class Footer(QWidget):
    """One entry a line."""

    archive_toggled = Signal(bool)
    models_wanted = Signal()
    devices_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.archive = _entry("archiveButton", tr("Archived chats"))
        self.archive.setCheckable(True)
        self.archive.toggled.connect(self.archive_toggled)
        self.models = _entry("sidebarModels", tr("Models"))
        self.models.clicked.connect(self.models_wanted)
        self.devices = _entry("sidebarDevices", tr("Devices and speed"))
        self.devices.clicked.connect(self.devices_wanted)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(8, 4, 8, 8)
        rows.setSpacing(0)
        for each in (self.archive, self.models, self.devices):
            rows.addWidget(each)

    def set_theme(self, theme: Theme, icons: IconSet) -> None:
        """Take icons."""
        for entry, name in (
            (self.archive, "archive"),
            (self.models, "model"),
            (self.devices, "device"),
        ):
            entry.setIcon(icons.icon(name, 18, theme.text_muted))


def _entry(name: str, label: str) -> QPushButton:
    button = QPushButton(label)
    button.setObjectName(name)
    button.setProperty("kind", "quiet")
    button.setStyleSheet("text-align: left; padding-left: 10px;")
    button.setIconSize(QSize(18, 18))
    return button
