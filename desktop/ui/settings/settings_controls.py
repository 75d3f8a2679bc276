"""What a setting's value is chosen with: one control for each kind of the table."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, QSignalBlocker, Qt, QTimer, Signal
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLineEdit, QSizePolicy, QSpinBox, QWidget

from desktop.settings.table import Kind, Setting, SettingValue
from desktop.ui.i18n import tr
from desktop.ui.icons import IconSet
from desktop.ui.spacing import fix
from desktop.ui.theme import Theme
from desktop.ui.widgets.fields import lines_of, texts_of
from desktop.ui.widgets.picker import Choice, Picker
from desktop.ui.widgets.plain_input import PlainInput
from desktop.ui.widgets.wheel import guard_wheel

TYPING_PAUSE_MS = 500
WIDTH = 220  # pixels; so that controls stand in one column


@dataclass(frozen=True, slots=True)
class Offer:
    """A value of a text that can be chosen instead of typed."""

    value: str
    words: str


class Control(QWidget):
    """Shows a value and takes one from the user."""

    chosen = Signal(object)

    def __init__(self, setting: Setting, control: QWidget) -> None:
        super().__init__()
        self.control = control
        control.setObjectName(f"setting_{setting.name}")
        control.setAccessibleName(tr(setting.label))
        control.setAccessibleDescription(tr(setting.help))
        self.setFocusProxy(control)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(control)
        fix(self, WIDTH)

    def show_value(self, value: SettingValue) -> None:
        """Put a value on screen; nothing is reported."""
        raise NotImplementedError

    def set_theme(self, theme: Theme, icons: IconSet) -> None:
        """Take colours and icons."""


class SwitchControl(Control):
    """On or off."""

    def __init__(self, setting: Setting) -> None:
        self._box = QCheckBox()
        super().__init__(setting, self._box)
        self._box.toggled.connect(self._toggled)

    def show_value(self, value: SettingValue) -> None:
        """Put a value on screen; nothing is reported."""
        with QSignalBlocker(self._box):
            self._box.setChecked(value is True)
        self._tell()

    def _toggled(self, on: bool) -> None:
        self._tell()
        self.chosen.emit(on)

    def _tell(self) -> None:
        self._box.setText(tr("On") if self._box.isChecked() else tr("Off"))


class ChoiceControl(Control):
    """One of several."""

    def __init__(self, setting: Setting, offers: Sequence[Offer]) -> None:
        self._picker = Picker(setting.name, tr(setting.label))
        self._picker.setProperty("kind", "")
        self._offers = list(offers)
        super().__init__(setting, self._picker)
        self._picker.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._picker.setSizeAdjustPolicy(
            Picker.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        self._fill()
        self._picker.choice_made.connect(self.chosen.emit)

    def show_value(self, value: SettingValue) -> None:
        """Put a value on screen; nothing is reported."""
        wanted = str(value)
        if all(offer.value != wanted for offer in self._offers):  # such as GPU.1
            self._offers.append(Offer(wanted, wanted))
            self._fill()
        self._picker.set_current(wanted)

    def set_theme(self, theme: Theme, icons: IconSet) -> None:
        """Take colours and icons."""
        self._picker.set_theme(theme, icons)

    def _fill(self) -> None:
        self._picker.fill(Choice(offer.value, offer.words) for offer in self._offers)


class NumberControl(Control):
    """A whole number within limits."""

    def __init__(self, setting: Setting) -> None:
        self._box = QSpinBox()
        self._box.setRange(setting.minimum, setting.maximum)
        self._box.setSingleStep(setting.step)
        self._box.setKeyboardTracking(False)
        self._box.setAlignment(Qt.AlignmentFlag.AlignRight)
        self._box.setGroupSeparatorShown(True)
        guard_wheel(self._box)
        super().__init__(setting, self._box)
        self._box.valueChanged.connect(self.chosen.emit)

    def show_value(self, value: SettingValue) -> None:
        """Put a value on screen; nothing is reported."""
        with QSignalBlocker(self._box):
            self._box.setValue(value if isinstance(value, int) else self._box.minimum())


class TextControl(Control):
    """A text of one line; taken after a pause in typing."""

    def __init__(self, setting: Setting) -> None:
        self._field = QLineEdit()
        super().__init__(setting, self._field)
        self._pause = QTimer(self, singleShot=True, interval=TYPING_PAUSE_MS)
        self._pause.timeout.connect(self._take)
        self._field.textEdited.connect(self._pause.start)
        self._field.editingFinished.connect(self._take)

    def show_value(self, value: SettingValue) -> None:
        """Put a value on screen; nothing is reported."""
        if self._field.text() != str(value):
            self._field.setText(str(value))
        self._pause.stop()

    def _take(self) -> None:
        self._pause.stop()
        self.chosen.emit(self._field.text())


class NamesControl(Control):
    """Several texts, one a line."""

    def __init__(self, setting: Setting) -> None:
        self._input = PlainInput(setting.name, fewest_lines=1, most_lines=4)
        self._input.setPlaceholderText(tr("None"))
        super().__init__(setting, self._input)
        self._pause = QTimer(self, singleShot=True, interval=TYPING_PAUSE_MS)
        self._pause.timeout.connect(self._take)
        self._input.textChanged.connect(self._pause.start)
        self._input.installEventFilter(self)

    def show_value(self, value: SettingValue) -> None:
        """Put a value on screen; nothing is reported."""
        lines = lines_of(value if isinstance(value, tuple) else ())
        with QSignalBlocker(self._input):
            if lines != self._input.text():
                self._input.setPlainText(lines)
        self._pause.stop()

    def _take(self) -> None:
        self._pause.stop()
        self.chosen.emit(texts_of(self._input.text()))

    # QWidget

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.FocusOut and self._pause.isActive():
            self._take()
        return super().eventFilter(watched, event)


def control_for(setting: Setting, offers: Sequence[Offer] = ()) -> Control:
    """The control that fits a row of the table. `offers`: what else may be chosen for a text."""
    match setting.kind:
        case Kind.SWITCH:
            return SwitchControl(setting)
        case Kind.NUMBER:
            return NumberControl(setting)
        case Kind.NAMES:
            return NamesControl(setting)
        case Kind.TEXT if not offers:
            return TextControl(setting)
    return ChoiceControl(setting, offers or offers_of(setting))


def offers_of(setting: Setting) -> tuple[Offer, ...]:
    """The choices of a row, in words where it has them."""
    words = setting.words or setting.choices
    pairs = zip(setting.choices, words, strict=True)
    return tuple(Offer(value, tr(word)) for value, word in pairs)
