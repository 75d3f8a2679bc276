"""The form that a preset asks to be filled in, such as what is known of an order."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QEvent, QObject, QTimer, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop.domain.presets import Field
from desktop.ui.i18n import tr
from desktop.ui.spacing import space
from desktop.ui.widgets.field import control_name
from desktop.ui.widgets.plain_input import PlainInput
from desktop.ui.widgets.tab_place import TabPlace
from desktop.ui.widgets.wrapped_label import wrapped_label

SETTLE_MS = 500
FEWEST_LINES, MOST_LINES = 3, 8  # of a field for several lines


class PresetForm(QWidget):
    """One input a field. Reports all of them once nothing was typed for a while."""

    form_changed = Signal(object)  # dict from the field's name to its text

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("presetForm")
        self._fields: tuple[Field, ...] = ()
        self._inputs: dict[str, PlainInput] = {}
        self._told: dict[str, str] = {}
        self._pause = QTimer(self, singleShot=True, interval=SETTLE_MS)
        self._pause.timeout.connect(self.flush)
        self._tab_place = TabPlace(self)
        self._rows = QVBoxLayout(self)
        self._rows.setContentsMargins(0, 0, 0, 0)
        space(self._rows, 16)
        self.hide()

    def set_fields(self, fields: Sequence[Field]) -> None:
        """Ask for these, and no longer for others. What was filled in stays where it is."""
        if tuple(fields) == self._fields:
            return
        texts = self.values()
        while item := self._rows.takeAt(0):
            if row := item.widget():
                row.hide()
                row.setParent(None)
                row.deleteLater()
        self._pause.stop()
        self._fields = tuple(fields)
        self._inputs = {field.name: self._input(field) for field in fields}
        for field in fields:
            self._rows.addWidget(_row(field, self._inputs[field.name]))
        self._order()
        self.setVisible(bool(fields))
        self.set_values(texts)

    def set_values(self, values: Mapping[str, str]) -> None:
        """Show what is filled in. Nothing is reported."""
        for name, box in self._inputs.items():
            text = values.get(name, "")
            if text != box.text():
                box.setPlainText(text)
        self._pause.stop()
        self._told = self.values()

    def values(self) -> dict[str, str]:
        """What is filled in; empty fields are left out."""
        texts = {name: box.text() for name, box in self._inputs.items()}
        return {name: text for name, text in texts.items() if text}

    @property
    def typing(self) -> bool:
        """True while something was typed that is not reported yet."""
        return self._pause.isActive()

    def flush(self) -> None:
        """Report at once what is still being typed."""
        self._pause.stop()
        if self.values() != self._told:
            self._told = self.values()
            self.form_changed.emit(self._told)

    def _order(self) -> None:
        """Let Tab go through the fields where the form stands, and not at the window's end."""
        previous: QWidget = self._tab_place
        for box in self._inputs.values():
            self.setTabOrder(previous, box)
            previous = box

    def _input(self, field: Field) -> PlainInput:
        name = "preset" + control_name(field.name)[:1].upper() + control_name(field.name)[1:]
        fewest, most = (FEWEST_LINES, MOST_LINES) if field.multiline else (1, 2)
        box = PlainInput(name, fewest, most)
        box.setAccessibleName(field.label)
        box.setAccessibleDescription(field.help)
        box.setPlaceholderText(tr("Empty: left out"))
        box.textChanged.connect(self._pause.start)
        box.installEventFilter(self)
        return box

    # QWidget

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.FocusOut and self._pause.isActive():
            self.flush()
        return super().eventFilter(watched, event)


def _row(field: Field, box: PlainInput) -> QWidget:
    row = QWidget()
    lines = QVBoxLayout(row)
    lines.setContentsMargins(0, 0, 0, 0)
    space(lines, 4)
    label = wrapped_label(field.label)
    label.setBuddy(box)
    lines.addWidget(label)
    lines.addWidget(box)
    if field.help:
        lines.addWidget(wrapped_label(field.help, "muted"))
    return row
