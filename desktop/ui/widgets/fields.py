"""Sampling parameters without a slider: numbers and lists of texts."""

from PySide6.QtCore import QEvent, QObject, QSignalBlocker, QTimer
from PySide6.QtWidgets import QWidget

from desktop.domain.sampling import Kind, Parameter, Value
from desktop.ui.i18n import tr
from desktop.ui.widgets.field import Field, control_name
from desktop.ui.widgets.number_box import WholeBox, number_box, show_number
from desktop.ui.widgets.plain_input import PlainInput
from desktop.ui.widgets.slider_field import SliderField

TYPING_PAUSE_MS = 400


class NumberField(Field):
    """A number typed in. Where it may be unset, the field then says "random"."""

    def __init__(self, parameter: Parameter, parent: QWidget | None = None) -> None:
        super().__init__(parameter, parent)
        self._box = number_box(parameter, unset=tr("random"))
        self._box.setObjectName(control_name(parameter.name))
        self._head.addWidget(self._box)
        self._add_help(tr(parameter.help))
        self._label.setBuddy(self._box)
        self._describe(self._box, tr(parameter.label))
        self._show(parameter.default)
        self.setTabOrder(self._box, self._reset)
        self._box.valueChanged.connect(self._number_typed)

    def finish_typing(self) -> None:
        """Take what stands half-typed in the field."""
        self._box.interpretText()

    def _number_typed(self) -> None:
        unset = isinstance(self._box, WholeBox) and self._box.is_unset
        self._take(None if unset else self._box.value())

    def _show(self, value: Value) -> None:
        with QSignalBlocker(self._box):
            if isinstance(value, (int, float)):
                show_number(self._box, value)
            else:
                show_number(self._box, self._box.minimum())

    def _first_control(self) -> QWidget:
        return self._box


class TextsField(Field):
    """A list of texts, one a line; line ends within a text are written `\\n`."""

    def __init__(self, parameter: Parameter, parent: QWidget | None = None) -> None:
        super().__init__(parameter, parent)
        self._input = PlainInput(control_name(parameter.name), fewest_lines=1, most_lines=4)
        self._input.setPlaceholderText(tr("None"))
        self._rows.addWidget(self._input)
        escapes = tr("One a line; \\n stands for a line break.")
        self._add_help(f"{tr(parameter.help)} {escapes}")
        self._label.setBuddy(self._input)
        self._describe(self._input, tr(parameter.label))
        self.setTabOrder(self._input, self._reset)
        self._pause = QTimer(self, singleShot=True, interval=TYPING_PAUSE_MS)
        self._pause.timeout.connect(self.finish_typing)
        self._input.textChanged.connect(self._pause.start)
        self._input.installEventFilter(self)

    def finish_typing(self) -> None:
        """Take what stands half-typed in the field."""
        self._pause.stop()
        self._take(texts_of(self._input.text()))

    def _show(self, value: Value) -> None:
        lines = lines_of(value if isinstance(value, tuple) else ())
        with QSignalBlocker(self._input):
            if lines != self._input.text():
                self._input.setPlainText(lines)
        self._pause.stop()

    def _first_control(self) -> QWidget:
        return self._input

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.FocusOut:
            self.finish_typing()
        return super().eventFilter(watched, event)


_ESCAPES = {"\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r"}
_UNESCAPES = {"\\": "\\", "n": "\n", "t": "\t", "r": "\r"}


def lines_of(texts: tuple[str, ...]) -> str:
    """The texts as the field shows them."""
    return "\n".join("".join(_ESCAPES.get(char, char) for char in text) for text in texts)


def texts_of(lines: str) -> tuple[str, ...]:
    """What the lines of the field stand for; empty ones for nothing."""
    return tuple(_unescaped(line) for line in lines.split("\n") if line)


def _unescaped(line: str) -> str:
    pieces = []
    chars = iter(line)
    for char in chars:
        if char != "\\":
            pieces.append(char)
            continue
        escaped = next(chars, "")
        pieces.append(_UNESCAPES.get(escaped, "\\" + escaped))
    return "".join(pieces)


def field_for(parameter: Parameter) -> Field:
    """The field that fits a row of the table."""
    if parameter.kind is Kind.TEXTS:
        return TextsField(parameter)
    if parameter.slider and not parameter.optional:
        return SliderField(parameter)
    return NumberField(parameter)
