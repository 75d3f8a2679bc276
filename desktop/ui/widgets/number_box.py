"""Number fields that read a point or a comma, and may stand for "not set"."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QKeyEvent, QValidator
from PySide6.QtWidgets import QAbstractSpinBox, QDoubleSpinBox, QSizePolicy, QSpinBox, QWidget

from desktop.domain.sampling import Kind, Parameter
from desktop.ui.metrics import metrics
from desktop.ui.widgets.wheel import guard_wheel

LARGEST_WHOLE = 2**31 - 1  # what QSpinBox can hold
STEPS_PER_PAGE = 10
NARROWEST = 80  # pixels, so that short numbers stand in one column
EDGES = 44  # pixels: arrows, margins and the border


class RealBox(QDoubleSpinBox):
    """A number with digits after the point, shown as the language writes it."""

    def __init__(self, parameter: Parameter, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        _set_up(self)
        self.setDecimals(parameter.decimals)
        self.setRange(parameter.minimum, parameter.maximum)
        self.setSingleStep(parameter.step)

    # QDoubleSpinBox

    def sizeHint(self) -> QSize:
        return _size_of(self, self.textFromValue(self.maximum()), super().sizeHint())

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def validate(self, text: str, position: int) -> tuple[QValidator.State, str, int]:
        return super().validate(self._with_own_point(text), position)

    def valueFromText(self, text: str) -> float:
        return super().valueFromText(self._with_own_point(text))

    def _with_own_point(self, text: str) -> str:
        point = self.locale().decimalPoint()
        return text.replace(",", point).replace(".", point)


class WholeBox(QSpinBox):
    """A whole number. Where it may be unset, the place below the minimum shows `unset`."""

    def __init__(self, parameter: Parameter, unset: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        _set_up(self)
        lowest = int(parameter.minimum)
        self.setRange(lowest, min(int(parameter.maximum), LARGEST_WHOLE))
        if parameter.optional:
            self.setMinimum(lowest - 1)
            self.setSpecialValueText(unset)
        self.setSingleStep(int(parameter.step))

    @property
    def is_unset(self) -> bool:
        """True when the field stands for "not set"."""
        return bool(self.specialValueText()) and self.value() == self.minimum()

    # QSpinBox

    def sizeHint(self) -> QSize:
        widest = max(self.textFromValue(self.maximum()), self.specialValueText(), key=len)
        return _size_of(self, widest, super().sizeHint())

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def validate(self, text: str, position: int) -> tuple[QValidator.State, str, int]:
        if self.specialValueText() and not text:
            return (QValidator.State.Acceptable, text, position)
        return super().validate(text, position)

    def valueFromText(self, text: str) -> int:
        if self.specialValueText() and text in ("", self.specialValueText()):
            return self.minimum()
        return super().valueFromText(text)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self.text() == self.specialValueText() and event.text().isdigit():
            self.selectAll()
        super().keyPressEvent(event)


def _set_up(box: QAbstractSpinBox) -> None:
    box.setKeyboardTracking(False)
    box.setAlignment(Qt.AlignmentFlag.AlignRight)
    box.lineEdit().setTextMargins(6, 0, 2, 0)
    box.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
    guard_wheel(box)


def _size_of(box: QAbstractSpinBox, widest: str, hint: QSize) -> QSize:
    """Qt's own hint counts the style sheet's padding twice."""
    side = metrics().side
    width = max(side(NARROWEST), box.fontMetrics().horizontalAdvance(widest) + side(EDGES))
    return QSize(width, hint.height())


def number_box(parameter: Parameter, unset: str) -> RealBox | WholeBox:
    """The number field that fits a parameter."""
    return RealBox(parameter) if parameter.kind is Kind.REAL else WholeBox(parameter, unset)


def show_number(box: RealBox | WholeBox, value: float) -> None:
    """Put a value into a number field."""
    if isinstance(box, WholeBox):
        box.setValue(round(value))
    else:
        box.setValue(value)
