"""One adapter in the settings of a chat: a switch, how strong it is, and a way to remove it."""

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QHBoxLayout,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from desktop.domain.adapters import AS_TRAINED, STRONGEST, Adapter
from desktop.domain.sampling import Kind, Parameter
from desktop.ui.i18n import mark, tr
from desktop.ui.icons import IconSet
from desktop.ui.metrics import metrics
from desktop.ui.spacing import fix, space
from desktop.ui.theme import Theme
from desktop.ui.widgets.number_box import number_box, show_number
from desktop.ui.widgets.slider_field import StepSlider

STEP = 0.05
BEFORE_NAME = 36  # pixels: the box, its gap and the margins
STRENGTH = Parameter(
    "strength", Kind.REAL, mark("Strength"), "", default=AS_TRAINED, maximum=STRONGEST, step=STEP
)


class AdapterRow(QWidget):
    """Off, it keeps the strength that it had."""

    switched = Signal()
    strength_moved = Signal()
    remove_asked = Signal(str)

    def __init__(self, adapter: Adapter, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.adapter = adapter
        self._switch = _ElidedCheckBox(adapter.name)
        self._switch.setObjectName("adapterSwitch")
        self._switch.setAccessibleName(tr("Use the adapter {name}", name=adapter.name))
        self._switch.setToolTip(_facts(adapter))
        self._slider = StepSlider()
        self._slider.setObjectName("adapterStrength")
        self._slider.setRange(0, round(STRONGEST / STEP))
        self._box = number_box(STRENGTH, unset="")
        self._box.setObjectName("adapterStrengthValue")
        self._remove = self._remove_button()
        help_text = tr("0: as without it. 1: as it was trained. More: overdone.")
        for control, words in (
            (self._slider, tr("Strength of {name}", name=adapter.name)),
            (self._box, tr("Strength of {name} as a number", name=adapter.name)),
        ):
            control.setAccessibleName(words)
            control.setAccessibleDescription(help_text)
            control.setToolTip(help_text)
        self._lay_out()
        self.set_strength(0)
        self._switch.toggled.connect(self._toggled)
        self._slider.valueChanged.connect(self._slider_moved)
        self._box.valueChanged.connect(self._number_typed)

    def strength(self) -> float:
        """What the chat is held with; 0: without it."""
        return float(self._box.value()) if self._switch.isChecked() else 0.0

    def set_strength(self, strength: float) -> None:
        """Show a strength; 0 switches it off. Nothing is reported."""
        with QSignalBlocker(self._switch):
            self._switch.setChecked(strength > 0)
        self._show(strength or AS_TRAINED)
        self._refresh()

    def finish_typing(self) -> None:
        """Take what stands half-typed in the number field."""
        self._box.interpretText()

    def set_theme(self, theme: Theme, icons: IconSet) -> None:
        """Take colours and icons."""
        self._remove.setIcon(icons.icon("trash", 16, theme.text_muted))

    def _toggled(self, on: bool) -> None:
        if on and not self._box.value():
            self._show(AS_TRAINED)
        self._refresh()
        self.switched.emit()

    def _slider_moved(self, step: int) -> None:
        with QSignalBlocker(self._box):
            show_number(self._box, round(step * STEP, STRENGTH.decimals))
        self.strength_moved.emit()

    def _number_typed(self, value: float) -> None:
        with QSignalBlocker(self._slider):
            self._slider.setValue(round(value / STEP))
        self.strength_moved.emit()

    def _show(self, strength: float) -> None:
        with QSignalBlocker(self._slider), QSignalBlocker(self._box):
            self._slider.setValue(round(strength / STEP))
            show_number(self._box, strength)

    def _refresh(self) -> None:
        on = self._switch.isChecked()
        self._slider.setVisible(on)
        self._box.setVisible(on)

    def _remove_button(self) -> QToolButton:
        button = QToolButton()
        button.setObjectName("removeAdapter")
        fix(button, 32, 32)
        button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        button.setToolTip(tr("Remove this adapter"))
        button.setAccessibleName(tr("Remove the adapter {name}", name=self.adapter.name))
        button.clicked.connect(lambda: self.remove_asked.emit(self.adapter.id))
        return button

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        space(head, 4)
        head.addWidget(self._switch, 1)
        head.addWidget(self._remove)
        measure = QHBoxLayout()
        space(measure, 8)
        measure.addWidget(self._slider, 1)
        measure.addWidget(self._box)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        space(rows, 4)
        rows.addLayout(head)
        rows.addLayout(measure)


class _ElidedCheckBox(QCheckBox):
    """A name too long for its place ends with an ellipsis."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name = name
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    # QCheckBox

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        room = event.size().width() - metrics().side(BEFORE_NAME)
        shown = self.fontMetrics().elidedText(self._name, Qt.TextElideMode.ElideRight, room)
        self.setText(shown.replace("&", "&&"))


def _facts(adapter: Adapter) -> str:
    """What is known of an adapter, in plain lines."""
    parts = [adapter.name, tr("Rank {rank}", rank=adapter.rank)]
    if adapter.base:
        parts.append(tr("Made for {model}", model=adapter.base))
    if adapter.licence:
        parts.append(tr("Licence: {licence}", licence=adapter.licence))
    if adapter.note:
        parts.append(adapter.note)
    return "\n".join(parts)
