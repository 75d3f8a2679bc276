"""How much of what the model can take in is used."""

from PySide6.QtCore import QLocale, Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QWidget

from desktop.ui.i18n import tr
from desktop.ui.icons import IconSet
from desktop.ui.theme import Theme
from desktop.ui.widgets.kind import set_kind

NEARLY_FULL = 0.9


class ContextMeter(QWidget):
    """A thin bar and two numbers; hidden until they are known."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("contextMeter")
        self.setAccessibleName(tr("Context used"))
        self._numbers = QLabel()
        self._numbers.setTextFormat(Qt.TextFormat.PlainText)
        self._numbers.setProperty("kind", "muted")
        self._bar = QProgressBar(textVisible=False)
        self._bar.setFixedWidth(64)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self._bar, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self._numbers)
        self.hide()

    def set_usage(self, used: int, available: int) -> None:
        """Show tokens used of tokens available; `available` 0 means that it is not known."""
        self.setVisible(available > 0)
        if available <= 0:
            return
        locale = QLocale()
        numbers = {"used": locale.toString(used), "available": locale.toString(available)}
        percent = min(100, round(100 * used / available))
        self._numbers.setText("{used} / {available}".format(**numbers))
        self._bar.setRange(0, 100)
        self._bar.setValue(percent)
        set_kind(self._bar, "warning" if self.nearly_full(used, available) else "")
        description = tr(
            "{used} of {available} tokens of this model’s context are used ({percent} %).",
            **numbers,
            percent=percent,
        )
        if self.nearly_full(used, available):
            description += " " + tr("When it is full, clear the conversation to go on.")
        self.setToolTip(description)
        self.setAccessibleDescription(description)

    def text(self) -> str:
        """The numbers on show."""
        return self._numbers.text()

    @staticmethod
    def nearly_full(used: int, available: int) -> bool:
        """True when little room is left for the answer."""
        return used > NEARLY_FULL * available

    def set_theme(self, theme: Theme, icons: IconSet) -> None:
        """Nothing here has colours of its own."""
