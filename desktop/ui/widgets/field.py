"""What every field of the sampling panel has: a label, a sentence of help and a way back."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QVBoxLayout, QWidget

from desktop.domain.sampling import Parameter, Value
from desktop.ui.i18n import tr
from desktop.ui.icons import IconSet
from desktop.ui.spacing import fix, space
from desktop.ui.theme import Theme
from desktop.ui.widgets.wrapped_label import WrappedLabel, wrapped_label


class Field(QWidget):
    """One sampling parameter. Subclasses show the value and take it from the user."""

    value_changed = Signal(str, object)

    def __init__(self, parameter: Parameter, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.parameter = parameter
        self._value = parameter.default
        self._default = parameter.default
        self._label = FieldLabel(tr(parameter.label))
        self._reset = self._reset_button()
        self._head = QHBoxLayout()
        space(self._head, 4)
        self._head.addWidget(self._label, 1)
        self._head.addWidget(self._reset)
        self._rows = QVBoxLayout(self)
        self._rows.setContentsMargins(0, 0, 0, 0)
        space(self._rows, 2)
        self._rows.addLayout(self._head)
        self._label.double_clicked.connect(self.reset)
        self._reset.clicked.connect(self.reset)

    def value(self) -> Value:
        """The value as it stands, half-typed numbers included where they are valid."""
        self.finish_typing()
        return self._value

    def set_value(self, value: Value) -> None:
        """Show a value; nothing is reported."""
        self._value = value
        self._show(value)
        self._after_change()

    def default(self) -> Value:
        """The value that `reset` goes back to."""
        return self._default

    def set_default(self, value: Value) -> None:
        """Name the value to go back to. A field that was not changed follows it."""
        follows = not self.differs()
        self._default = value
        if follows:
            self.set_value(value)
        self._after_change()

    def differs(self) -> bool:
        """True when the value is not the default."""
        return self._value != self._default

    def reset(self) -> None:
        """Go back to the default."""
        self._show(self._default)
        self._take(self._default)

    def finish_typing(self) -> None:
        """Take what stands half-typed in the field."""

    def set_theme(self, theme: Theme, icons: IconSet) -> None:
        """Take colours and icons."""
        self._reset.setIcon(icons.icon("undo", 14))

    def _show(self, value: Value) -> None:
        """Put a value on screen without reporting it."""
        raise NotImplementedError

    def _take(self, value: Value) -> None:
        """The user has chosen `value`."""
        if value == self._value:
            return
        self._value = value
        self._after_change()
        self.value_changed.emit(self.parameter.name, value)

    def _after_change(self) -> None:
        had_focus = self._reset.hasFocus()
        self._reset.setVisible(self.differs())
        if had_focus and not self._reset.isVisible():
            self._first_control().setFocus()

    def _first_control(self) -> QWidget:
        return self

    def _reset_button(self) -> QToolButton:
        button = QToolButton()
        button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        fix(button, 24, 24)
        policy = button.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        button.setSizePolicy(policy)
        button.setObjectName(f"{control_name(self.parameter.name)}Reset")
        button.setToolTip(tr("Back to the default"))
        button.setAccessibleName(
            tr("Set {name} back to the default", name=tr(self.parameter.label))
        )
        button.hide()
        return button

    def _add_help(self, text: str) -> None:
        self._rows.addWidget(wrapped_label(text, "muted"))

    def _describe(self, control: QWidget, name: str) -> None:
        """Tell tooltips and assistive tools what a control is for."""
        help_text = tr(self.parameter.help)
        control.setAccessibleName(name)
        control.setAccessibleDescription(help_text)
        control.setToolTip(help_text)
        control.setWhatsThis(help_text)


class FieldLabel(WrappedLabel):
    """The name of a field; a double click on it means "as it was"."""

    double_clicked = Signal()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.double_clicked.emit()


def control_name(parameter: str) -> str:
    """`top_p` as object names spell it: `topP`."""
    first, *others = parameter.split("_")
    return first + "".join(part.capitalize() for part in others)
