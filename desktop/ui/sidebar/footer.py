"""The foot of the column: the archive, and the program's other pages."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from desktop.ui.i18n import tr
from desktop.ui.icons import IconSet
from desktop.ui.spacing import inset, size_icon
from desktop.ui.theme import Theme


class Footer(QWidget):
    """One entry a line."""

    archive_toggled = Signal(bool)
    models_wanted = Signal()
    devices_wanted = Signal()
    privacy_wanted = Signal()
    settings_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.archive = _entry("archiveButton", tr("Archived chats"))
        self.archive.setCheckable(True)
        self.archive.toggled.connect(self.archive_toggled)
        self.models = _entry("sidebarModels", tr("Models"))
        self.models.clicked.connect(self.models_wanted)
        self.devices = _entry("sidebarDevices", tr("Devices and speed"))
        self.devices.clicked.connect(self.devices_wanted)
        self.privacy = _entry("sidebarPrivacy", tr("Privacy"))
        self.privacy.clicked.connect(self.privacy_wanted)
        self.settings = _entry("sidebarSettings", tr("Settings"))
        self.settings.clicked.connect(self.settings_wanted)
        rows = QVBoxLayout(self)
        inset(rows, 8, 4, 8, 8)
        rows.setSpacing(0)
        for each in (self.archive, self.models, self.devices, self.privacy, self.settings):
            rows.addWidget(each)

    def set_theme(self, theme: Theme, icons: IconSet) -> None:
        """Take icons."""
        for entry, name in (
            (self.archive, "archive"),
            (self.models, "model"),
            (self.devices, "device"),
            (self.privacy, "offline"),
            (self.settings, "settings"),
        ):
            entry.setIcon(icons.icon(name, 18, theme.text_muted, beside=4))


def _entry(name: str, label: str) -> QPushButton:
    button = QPushButton(label)
    button.setObjectName(name)
    button.setProperty("kind", "quiet")
    button.setStyleSheet("text-align: left; padding-left: 10px;")
    size_icon(button, 18, 4)
    return button
