"""A sampling parameter as a slider with a number field beside it."""

from PySide6.QtCore import QEvent, QSignalBlocker, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QSlider, QStyle, QStyleOptionSlider, QWidget

from desktop.domain.sampling import Kind, Parameter, Value
from desktop.ui.i18n import tr
from desktop.ui.widgets.field import Field, control_name
from desktop.ui.widgets.number_box import STEPS_PER_PAGE, number_box, show_number
from desktop.ui.widgets.wheel import guard_wheel


class SliderField(Field):
    """The slider counts steps; the number field also takes what lies between two of them."""

    def __init__(self, parameter: Parameter, parent: QWidget | None = None) -> None:
        super().__init__(parameter, parent)
        name = control_name(parameter.name)
        self._slider = StepSlider()
        self._slider.setObjectName(name)
        self._slider.setRange(0, round((parameter.maximum - parameter.minimum) / parameter.step))
        self._box = number_box(parameter, unset="")
        self._box.setObjectName(f"{name}Value")
        self._head.addWidget(self._box)
        self._rows.addWidget(self._slider)
        self._add_help(tr(parameter.help))
        self._label.setBuddy(self._slider)
        self._describe(self._slider, tr(parameter.label))
        self._describe(self._box, tr("{name} as a number", name=tr(parameter.label)))
        self._show(parameter.default)
        self.setTabOrder(self._slider, self._box)
        self.setTabOrder(self._box, self._reset)
        self._slider.valueChanged.connect(self._slider_moved)
        self._box.valueChanged.connect(self._number_typed)

    def finish_typing(self) -> None:
        """Take what stands half-typed in the field."""
        self._box.interpretText()

    def _slider_moved(self, step: int) -> None:
        value = self._value_at(step)
        self._show_number(value)
        self._take(value)

    def _number_typed(self, value: float) -> None:
        with QSignalBlocker(self._slider):
            self._slider.setValue(self._step_of(value))
        self._take(self._rounded(value))

    def _show(self, value: Value) -> None:
        number = value if isinstance(value, (int, float)) else self.parameter.minimum
        with QSignalBlocker(self._slider):
            self._slider.setValue(self._step_of(number))
        self._show_number(number)

    def _show_number(self, value: float) -> None:
        with QSignalBlocker(self._box):
            show_number(self._box, value)

    def _step_of(self, value: float) -> int:
        return round((value - self.parameter.minimum) / self.parameter.step)

    def _value_at(self, step: int) -> float | int:
        return self._rounded(self.parameter.minimum + step * self.parameter.step)

    def _rounded(self, value: float) -> float | int:
        if self.parameter.kind is Kind.WHOLE:
            return round(value)
        return round(value, self.parameter.decimals)

    def _first_control(self) -> QWidget:
        return self._slider


class StepSlider(QSlider):
    """A slider that goes where it is clicked."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.setSingleStep(1)
        self.setPageStep(STEPS_PER_PAGE)
        self._turn()
        guard_wheel(self)

    def _turn(self) -> None:
        """Have what is filled begin where one reads from; style sheets know left and right only."""
        self.setProperty("mirrored", self.isRightToLeft())
        self.style().unpolish(self)
        self.style().polish(self)

    # QSlider

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() is QEvent.Type.LayoutDirectionChange:
            self._turn()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.setValue(self._step_under(event.position().x()))
        super().mousePressEvent(event)

    def _step_under(self, x: float) -> int:
        option = QStyleOptionSlider()
        self.initStyleOption(option)
        style = self.style()
        complex_control, sub = QStyle.ComplexControl.CC_Slider, QStyle.SubControl
        groove = style.subControlRect(complex_control, option, sub.SC_SliderGroove, self)
        handle = style.subControlRect(complex_control, option, sub.SC_SliderHandle, self)
        if handle.contains(round(x), handle.center().y()):
            return self.value()
        return QStyle.sliderValueFromPosition(
            self.minimum(),
            self.maximum(),
            round(x) - groove.left() - handle.width() // 2,
            groove.width() - handle.width(),
            option.upsideDown,
        )
