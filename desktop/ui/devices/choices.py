"""What the user decides about the engine."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QFrame, QLabel, QSpinBox, QVBoxLayout, QWidget

from desktop.domain.model import Model
from desktop.domain.wording import weights_label
from desktop.settings.table import BY_NAME
from desktop.ui.i18n import tr
from desktop.ui.library.parts import line_of, text_label
from desktop.ui.spacing import add_gap, inset, space
from desktop.ui.widgets.wheel import guard_wheel


class Choices(QFrame):
    """Shows the settings; what the user changes leaves as a signal."""

    tune_for_chosen = Signal(str)
    idle_minutes_chosen = Signal(int)
    prompt_lookup_chosen = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "card")
        self.tune_for = QComboBox()
        self.tune_for.setObjectName("tuneFor")
        turns = BY_NAME["tune_for"]
        for name, words in zip(turns.choices, turns.words, strict=True):
            self.tune_for.addItem(tr(words), name)
        guard_wheel(self.tune_for)
        minutes = BY_NAME["idle_unload_minutes"]
        self.idle_minutes = QSpinBox()
        self.idle_minutes.setObjectName("idleUnloadMinutes")
        self.idle_minutes.setRange(minutes.minimum, minutes.maximum)
        self.idle_minutes.setSpecialValueText(tr("never"))
        self.idle_minutes.setSuffix(tr(" min"))
        self.idle_minutes.setKeyboardTracking(False)
        self.idle_minutes.lineEdit().setTextMargins(6, 0, 2, 0)
        guard_wheel(self.idle_minutes)
        self.prompt_lookup = QCheckBox()
        self.prompt_lookup.setObjectName("promptLookup")
        self._lay_out()
        self.set_model(None)
        self.tune_for.activated.connect(self._choose_turn)
        self.idle_minutes.valueChanged.connect(self.idle_minutes_chosen)
        self.prompt_lookup.toggled.connect(self.prompt_lookup_chosen)

    def show_values(self, tune_for: str, idle_minutes: int) -> None:
        """Show what is set; nothing is reported."""
        self.tune_for.setCurrentIndex(self.tune_for.findData(tune_for))
        blocked = self.idle_minutes.blockSignals(True)
        self.idle_minutes.setValue(idle_minutes)
        self.idle_minutes.blockSignals(blocked)

    def set_model(self, model: Model | None, *, looks_up: bool = False) -> None:
        """Show whether the model in use guesses from the prompt."""
        name = tr("Guess the next words from the text that was given")
        if model is not None:
            name = tr("{name}, with {model}", name=name, model=weights_label(model))
        self.prompt_lookup.setText(tr("Guess words from the prompt"))
        self.prompt_lookup.setAccessibleName(name)
        self.prompt_lookup.setEnabled(model is not None)
        blocked = self.prompt_lookup.blockSignals(True)
        self.prompt_lookup.setChecked(looks_up)
        self.prompt_lookup.blockSignals(blocked)

    def _choose_turn(self, index: int) -> None:
        self.tune_for_chosen.emit(str(self.tune_for.itemData(index)))

    def _lay_out(self) -> None:
        rows = QVBoxLayout(self)
        inset(rows, 16, 16, 16, 16)
        space(rows, 4)
        for label, control, help_text in (
            (tr("Tune for"), self.tune_for, tr(BY_NAME["tune_for"].help)),
            (
                tr(BY_NAME["idle_unload_minutes"].label),
                self.idle_minutes,
                tr(BY_NAME["idle_unload_minutes"].help),
            ),
        ):
            rows.addWidget(line_of(_label(label, control), control))
            rows.addWidget(text_label(help_text, "muted"))
            add_gap(rows, 12)
            control.setAccessibleName(label)
            control.setAccessibleDescription(help_text)
        rows.addWidget(self.prompt_lookup)
        rows.addWidget(
            text_label(
                tr(
                    "Faster when the answer repeats the text you gave. Off by default; sampled"
                    " text may differ. It is kept for each model."
                ),
                "muted",
            )
        )


def _label(text: str, control: QWidget) -> QLabel:
    label = text_label(text, wraps=False)
    label.setBuddy(control)
    label.setMinimumHeight(control.sizeHint().height())
    return label
