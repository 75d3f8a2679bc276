"""The line under the conversation: what answers, where, how fast; or what is being done."""

from PySide6.QtCore import QLocale, Qt, QTimer
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QWidget

from desktop.ui.i18n import tr
from desktop.ui.icons import IconSet
from desktop.ui.spacing import fix, space
from desktop.ui.theme import Theme
from desktop.ui.widgets.elided_label import ElidedLabel

BAR_AFTER_MS = 1000  # what takes less needs no bar


class StatusLine(QWidget):
    """Model · device · speed; while something takes time, that stands in their place."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("statusLine")
        self.setAccessibleName(tr("Status"))
        self._elsewhere = self._place = ""
        self._model = self._device = self._state = self._rest = ""
        self._speed: tuple[str, ...] = ()  # what matters most first
        self._label = ElidedLabel()
        self._label.setProperty("kind", "muted")
        self._bar = QProgressBar(textVisible=False)
        self._bar.setObjectName("stateProgress")
        fix(self._bar, 64)
        self._bar.hide()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        space(row, 8)
        row.addWidget(self._label)
        row.addWidget(self._bar, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addStretch(1)
        self._patience = QTimer(self, singleShot=True, interval=BAR_AFTER_MS)
        self._patience.timeout.connect(self._bar.show)

    def text(self) -> str:
        """What is shown."""
        return self._label.text()

    def set_model(self, name: str) -> None:
        """Name the model that answers; the speed of another one no longer holds."""
        if name != self._model:
            self._model = name
            self._speed = ()
        self._tell()

    def set_place(self, name: str) -> None:
        """Say where what is said is kept, when it is not as usual."""
        self._place = name
        self._tell()

    def set_elsewhere(self, writing: bool) -> None:
        """Say that an answer is being written in a chat that is not in view."""
        self._elsewhere = tr("Writing an answer in another chat") if writing else ""
        self._tell()

    def set_device(self, name: str) -> None:
        """Name the device it runs on."""
        self._device = name
        self._tell()

    def set_speed(self, tokens_per_s: float = 0, ttft_ms: float = 0) -> None:
        """Show how fast the last answer was; 0 leaves a figure out."""
        locale = QLocale()
        parts = []
        if tokens_per_s > 0:
            digits = 1 if tokens_per_s < 10 else 0
            parts.append(tr("{count} tokens/s", count=locale.toString(tokens_per_s, "f", digits)))
        if ttft_ms > 0:
            seconds = locale.toString(ttft_ms / 1000, "f", 2 if ttft_ms < 1000 else 1)
            parts.append(tr("{seconds} s to first token", seconds=seconds))
        self._speed = tuple(parts)
        self._tell()

    def set_state(self, text: str, done: int = 0, total: int = 0) -> None:
        """Say what is being done, and how far it is where the total is known."""
        if not self._state:
            self._patience.start()
        self._state = text
        largest = 1000  # a bar counts in 32 bits, bytes do not fit
        self._bar.setRange(0, largest if total > 0 else 0)
        if total > 0:
            self._bar.setValue(min(largest, done * largest // total))
        self._bar.setAccessibleName(text)
        self._tell()

    def set_rest(self, text: str) -> None:
        """Say why nothing answers at the moment; the next state takes its place."""
        self._rest = text
        self._tell()

    def clear_state(self) -> None:
        """Nothing is being done any more."""
        self._state = self._rest = ""
        self._patience.stop()
        self._bar.hide()
        self._tell()

    def set_theme(self, theme: Theme, icons: IconSet) -> None:
        """Nothing here has colours of its own."""

    def _tell(self) -> None:
        if text := self._state or self._rest:
            self._label.set_texts(text)
        else:  # the figures under the answer and the pickers above say the rest
            news, model = (self._elsewhere, self._place), (self._model, self._device)
            speed = self._speed[:1]
            text = _line(*news, *model, *self._speed)
            shorter = (_line(*news, *model, *speed), _line(*news, *speed)) if speed else ()
            self._label.set_texts(text, *shorter)
        self.setAccessibleDescription(text)


def _line(*facts: str) -> str:
    return " · ".join(fact for fact in facts if fact)
