"""The panel beside a chat: its preset, system prompt, sampling parameters and adapters."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from desktop.domain.sampling import PARAMETERS, Parameter, Values
from desktop.ui.i18n import tr
from desktop.ui.icons import IconSet
from desktop.ui.settings.adapter_section import AdapterSection
from desktop.ui.settings.layout_row import LayoutRow
from desktop.ui.settings.preset_form import PresetForm
from desktop.ui.settings.preset_picker import PresetPicker
from desktop.ui.spacing import at_least, inset, space
from desktop.ui.theme import Theme
from desktop.ui.widgets.fields import TYPING_PAUSE_MS, field_for
from desktop.ui.widgets.plain_input import PlainInput
from desktop.ui.widgets.wrapped_label import wrapped_label


class SamplingPanel(QScrollArea):
    """One field a row of the table. Call `flush` before another chat's values are set."""

    sampling_changed = Signal(object)  # the Values that differ from the defaults
    system_prompt_changed = Signal(str)

    def __init__(
        self, parameters: Sequence[Parameter] = PARAMETERS, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("samplingPanel")
        self.setAccessibleName(tr("Settings of this chat"))
        self.setProperty("kind", "surface")
        self.presets = PresetPicker()
        self.form = PresetForm()
        self.layout_row = LayoutRow()
        self.adapters = AdapterSection()
        self._fields = {parameter.name: field_for(parameter) for parameter in parameters}
        self._prompt = self._prompt_input()
        self._saved_prompt = ""
        self._reset_all = _reset_button()
        self._pause = QTimer(self, singleShot=True, interval=TYPING_PAUSE_MS)
        self._pause.timeout.connect(self._tell_prompt)
        self._prompt.textChanged.connect(self._pause.start)
        self._prompt.installEventFilter(self)
        self._reset_all.clicked.connect(self._reset)
        for field in self._fields.values():
            field.value_changed.connect(self._tell_sampling)
        self._lay_out()
        self._refresh()

    def set_values(self, values: Values, system_prompt: str) -> None:
        """Show a chat's values, the default where there is none. Nothing is reported."""
        for name, field in self._fields.items():
            field.set_value(values.get(name, field.default()))
        if system_prompt != self._prompt.text():
            self._prompt.setPlainText(system_prompt)
        self._saved_prompt = self._prompt.text()
        self._pause.stop()
        self._refresh()

    def set_defaults(self, values: Values) -> None:
        """Name the model's own values. Fields that were not changed follow. Nothing is reported."""
        for name, value in values.items():
            if name in self._fields:
                self._fields[name].set_default(value)
        self._refresh()

    def values(self) -> Values:
        """The whole set."""
        return {name: field.value() for name, field in self._fields.items()}

    def changed(self) -> Values:
        """Only what differs from the defaults."""
        values = self.values()
        return {name: values[name] for name, field in self._fields.items() if field.differs()}

    def system_prompt(self) -> str:
        """The system prompt as it is written."""
        return self._prompt.text()

    def flush(self) -> None:
        """Report at once what is still being typed."""
        for field in self._fields.values():
            field.finish_typing()
        self._tell_prompt()
        self.form.flush()
        self.adapters.flush()

    def set_theme(self, theme: Theme, icons: IconSet) -> None:
        """Take colours and icons."""
        self.presets.set_theme(theme, icons)
        self.adapters.set_theme(theme, icons)
        for field in self._fields.values():
            field.set_theme(theme, icons)

    def _tell_sampling(self) -> None:
        self._refresh()
        self.sampling_changed.emit(self.changed())

    def _tell_prompt(self) -> None:
        self._pause.stop()
        if self._prompt.text() != self._saved_prompt:
            self._saved_prompt = self._prompt.text()
            self.system_prompt_changed.emit(self._saved_prompt)

    def _reset(self) -> None:
        for field in self._fields.values():
            field.set_value(field.default())
        self._tell_sampling()

    def _refresh(self) -> None:
        differs = any(field.differs() for field in self._fields.values())
        if self._reset_all.hasFocus() and not differs:
            self._prompt.setFocus()
        self._reset_all.setEnabled(differs)

    def _prompt_input(self) -> PlainInput:
        prompt = PlainInput("systemPrompt", fewest_lines=3, most_lines=10)
        prompt.setPlaceholderText(
            tr("How the model should behave. Empty: the model’s own default.")
        )
        prompt.setAccessibleName(tr("System prompt"))
        prompt.setAccessibleDescription(
            tr("How the model should behave. Empty: the model’s own default.")
        )
        return prompt

    def _lay_out(self) -> None:
        content = QWidget()
        content.setProperty("kind", "surface")
        rows = QVBoxLayout(content)
        inset(rows, 16, 16, 16, 20)
        space(rows, 16)
        rows.addLayout(self._head())
        rows.addWidget(self.presets)
        rows.addWidget(self.form)
        rows.addLayout(self._prompt_rows())
        for field in self._fields.values():
            rows.addWidget(field)
        rows.addWidget(self.adapters)
        rows.addWidget(self.layout_row)
        rows.addStretch(1)
        self.setWidget(content)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        at_least(self, 280)

    def _head(self) -> QVBoxLayout:
        title = wrapped_label(tr("This chat"), "title")
        line = QHBoxLayout()
        line.addWidget(title, 1)
        line.addWidget(self._reset_all)
        head = QVBoxLayout()
        head.setSpacing(0)
        head.addLayout(line)
        head.addWidget(wrapped_label(tr("Changes apply to the next answer."), "muted"))
        return head

    def _prompt_rows(self) -> QVBoxLayout:
        label = wrapped_label(tr("System prompt"))
        label.setBuddy(self._prompt)
        rows = QVBoxLayout()
        space(rows, 4)
        rows.addWidget(label)
        rows.addWidget(self._prompt)
        return rows

    # QScrollArea

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.FocusOut and watched is self._prompt:
            self._tell_prompt()
        return super().eventFilter(watched, event)


def _reset_button() -> QPushButton:
    button = QPushButton(tr("Reset all"))
    button.setObjectName("resetSampling")
    button.setProperty("kind", "quiet")
    button.setAccessibleName(tr("Set all parameters back to the defaults"))
    button.setToolTip(tr("Back to the model’s own values. The system prompt stays."))
    return button
