"""What the status line says of the network; a click leads to the privacy page."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QToolButton, QWidget

from desktop.ui.i18n import tr
from desktop.ui.icons import IconSet
from desktop.ui.spacing import size_icon
from desktop.ui.theme import Theme


class PrivacyFact(QToolButton):
    """Offline, nothing sent yet, or that the network was used."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("privacyFact")
        self.setProperty("kind", "fact")
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setToolTip(tr("See what was ever sent or fetched"))
        size_icon(self, 16)
        self.show_fact(offline=False, used=False)

    def show_fact(self, *, offline: bool, used: bool) -> None:
        """Say how it is."""
        self.setText(
            tr("Offline") if offline else tr("Network used") if used else tr("Nothing sent")
        )
        self.setAccessibleName(tr("Privacy: {fact}", fact=self.text()))

    def set_theme(self, theme: Theme, icons: IconSet) -> None:
        """Take colours and icons."""
        self.setIcon(icons.icon("offline", 16, theme.text_muted))
