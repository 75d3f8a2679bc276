"""How far an export or import is, with a way to stop it."""

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QPushButton, QVBoxLayout, QWidget

from desktop.ui.i18n import tr, trn
from desktop.ui.spacing import inset, space
from desktop.ui.widgets.wrapped_label import WrappedLabel

QUIET_MS = 300  # a transfer that takes no longer is not worth a line


class TransferLine(QWidget):
    """Takes no room while there is nothing under way."""

    stop_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("transferLine")
        self._text = WrappedLabel()
        self._text.setProperty("kind", "muted")
        self._bar = QProgressBar()
        self._bar.setRange(0, 0)
        self._bar.setTextVisible(False)
        self._stop = QPushButton(tr("Stop"))
        self._stop.setObjectName("stopTransfer")
        self._stop.setProperty("kind", "quiet")
        self._stop.clicked.connect(self.stop_wanted)
        row = QHBoxLayout()
        space(row, 8)
        row.addWidget(self._bar, 1)
        row.addWidget(self._stop)
        rows = QVBoxLayout(self)
        inset(rows, 12, 4, 12, 4)
        space(rows, 4)
        rows.addWidget(self._text)
        rows.addLayout(row)
        self._wait = QTimer(self, singleShot=True, interval=QUIET_MS)
        self._wait.timeout.connect(self.show)
        self.hide()

    def end(self) -> None:
        """Nothing is under way any more."""
        self._wait.stop()
        self.hide()

    def text(self) -> str:
        """What it says."""
        return self._text.text()

    def show_progress(self, name: str, chats: int, *, imports: bool) -> None:
        """Show how many conversations are done."""
        if imports:
            words = trn(
                "Importing “{name}”: {count} chat so far",
                "Importing “{name}”: {count} chats so far",
                chats,
                name=name,
            )
        else:
            words = trn(
                "Exporting to “{name}”: {count} chat so far",
                "Exporting to “{name}”: {count} chats so far",
                chats,
                name=name,
            )
        self._text.setText(words)
        if not self.isVisible() and not self._wait.isActive():
            self._wait.start()
