"""How the window looks while it is open: theme, text size and density, by settings, keys, wheel."""

from dataclasses import replace

from PySide6.QtCore import QEvent, QObject, Qt, Slot
from PySide6.QtGui import QKeySequence, QShortcut, QWheelEvent
from PySide6.QtWidgets import QWidget

from desktop.settings.table import BY_NAME, SettingValue
from desktop.ui.motion import choose as choose_motion
from desktop.ui.settings.settings_live import LiveSettings
from desktop.ui.shortcuts import bind
from desktop.ui.theme import ThemeWatcher

NOTCH = 120  # of a wheel, as Qt counts
ALSO_LARGER = "Ctrl+="  # where the plus needs the Shift key


class Look(QObject):
    """What is chosen in the settings is worn; keys and wheel choose there."""

    def __init__(self, settings: LiveSettings, watcher: ThemeWatcher, window: QWidget) -> None:
        super().__init__(window)
        self._settings = settings
        self._watcher = watcher
        self._turned = 0  # by the wheel, since the last step
        settings.changed.connect(self._take)
        bind("larger_text", window, lambda: self.step(1))
        bind("smaller_text", window, lambda: self.step(-1))
        bind("usual_text", window, self.reset)
        QShortcut(QKeySequence(ALSO_LARGER), window).activated.connect(lambda: self.step(1))

    def follow_wheel(self, area: QWidget) -> None:
        """Have the wheel over this change the size while Ctrl is held."""
        area.installEventFilter(self)

    def step(self, step: int) -> None:
        """Larger (1) or smaller (-1) text."""
        self._settings.choose("text_size", self._watcher.metrics.stepped(step).text_size)

    @Slot()
    def reset(self) -> None:
        """Text as large as it was made."""
        self._settings.choose("text_size", BY_NAME["text_size"].default)

    @Slot(str, object)
    def _take(self, name: str, value: SettingValue) -> None:
        worn = self._watcher.metrics
        match name:
            case "theme":
                self._watcher.choose(str(value))
            case "text_size" if isinstance(value, int):
                self._watcher.choose_metrics(replace(worn, text_size=value))
            case "reduce_motion":
                choose_motion(str(value))
            case "density":
                self._watcher.choose_metrics(replace(worn, density=str(value)))

    def _turn(self, event: QWheelEvent) -> None:
        self._turned += event.angleDelta().y()
        if abs(self._turned) >= NOTCH:
            self.step(1 if self._turned > 0 else -1)
            self._turned = 0

    # QObject

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QWheelEvent) and event.type() is QEvent.Type.Wheel:
            if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
                self._turn(event)
                return True
            self._turned = 0
        return super().eventFilter(watched, event)
