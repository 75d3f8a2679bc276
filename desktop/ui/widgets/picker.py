"""Pickers for the model and the device: filling them says nothing, choosing does."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPaintEvent, QStandardItem, QStandardItemModel, QWheelEvent
from PySide6.QtWidgets import (
    QComboBox,
    QSizePolicy,
    QStyle,
    QStyleOptionComboBox,
    QStylePainter,
    QWidget,
)

from desktop.domain.hardware import DEVICE_NAMES, Device
from desktop.domain.model import Model
from desktop.domain.wording import megabytes
from desktop.ui.i18n import tr, trn
from desktop.ui.icons import IconSet
from desktop.ui.theme import Theme
from desktop.ui.widgets.announce import plain_tooltip
from desktop.ui.widgets.picker_delegate import DETAIL_ROLE, PickerDelegate

_BROWSING_KEYS = frozenset(
    {
        Qt.Key.Key_Up,
        Qt.Key.Key_Down,
        Qt.Key.Key_PageUp,
        Qt.Key.Key_PageDown,
        Qt.Key.Key_Home,
        Qt.Key.Key_End,
    }
)


@dataclass(frozen=True, slots=True)
class Choice:
    """One line of a picker. An empty `why_not` means that it can be chosen."""

    id: str
    text: str
    detail: str = ""
    why_not: str = ""


class Picker(QComboBox):
    """A quiet drop-down list whose lines may have a second, muted part."""

    choice_made = Signal(str)

    def __init__(self, name: str, label: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._filling = False
        self._chosen = ""
        self.setObjectName(name)
        self.setAccessibleName(label)
        self.setProperty("kind", "quiet")
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.setMinimumContentsLength(4)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._delegate = PickerDelegate(self)
        self.setItemDelegate(self._delegate)
        self._lines = QStandardItemModel(self)
        self.setModel(self._lines)
        self.currentIndexChanged.connect(self._index_changed)

    def fill(self, choices: Iterable[Choice]) -> None:
        """Offer these choices; what was chosen stays so where it is among them."""
        self._filling = True
        self._lines.clear()
        for choice in choices:
            self._lines.appendRow(_line(choice))
        self._filling = False
        self.set_current(self._chosen)
        self.view().setMinimumWidth(self._delegate.widest(self._lines))

    def current(self) -> str:
        """The id that is chosen, or an empty text."""
        found = self.currentData()
        return found if isinstance(found, str) else ""

    def set_current(self, choice_id: str) -> None:
        """Show a choice without reporting it; an unknown id shows none."""
        self._filling = True
        self._chosen = choice_id
        self.setCurrentIndex(self.findData(choice_id))
        self._filling = False
        self._tell_tooltip()

    def set_theme(self, theme: Theme, icons: IconSet) -> None:
        """Take the colour of the muted part."""
        self._delegate.set_theme(theme)
        self.view().setMinimumWidth(self._delegate.widest(self._lines))

    def _index_changed(self, index: int) -> None:
        if self._filling:
            return
        if index < 0 or not self._lines.item(index).isEnabled():
            self.set_current(self._chosen)
            return
        self._chosen = self.current()
        self._tell_tooltip()
        self.choice_made.emit(self._chosen)

    def _tell_tooltip(self) -> None:
        place = self.currentIndex()
        spoken = self._lines.item(place).accessibleText() if place >= 0 else ""
        self.setToolTip(plain_tooltip(spoken))

    # QComboBox

    def paintEvent(self, event: QPaintEvent) -> None:
        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        room = self.style().subControlRect(
            QStyle.ComplexControl.CC_ComboBox,
            option,
            QStyle.SubControl.SC_ComboBoxEditField,
            self,
        )
        text = self.currentText() or self.placeholderText()
        option.currentText = self.fontMetrics().elidedText(
            text, Qt.TextElideMode.ElideRight, room.width()
        )
        painter = QStylePainter(self)
        painter.drawComplexControl(QStyle.ComplexControl.CC_ComboBox, option)
        painter.drawControl(QStyle.ControlElement.CE_ComboBoxLabel, option)

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        # A closed list would choose, and so load, every line that is passed on the way.
        if event.key() in _BROWSING_KEYS or event.text().isalnum():
            self.showPopup()
            return
        super().keyPressEvent(event)


class ModelPicker(Picker):
    """The installed models."""

    model_chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("modelPicker", tr("Model"), parent)
        self.choice_made.connect(self.model_chosen)
        self.set_models(())

    def set_models(self, models: Sequence[Model]) -> None:
        """Offer the models in this order."""
        self.setPlaceholderText(tr("Choose a model") if models else tr("No model yet"))
        self.setEnabled(bool(models))
        self.fill(
            Choice(model.id, f"{model.name} · {model.weights.upper()}", _facts(model))
            for model in models
        )


class DevicePicker(Picker):
    """The devices, those that are missing with the reason why."""

    device_chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("devicePicker", tr("Device"), parent)
        self.choice_made.connect(self.device_chosen)
        self._chosen = "AUTO"
        self.set_devices(())

    def set_devices(self, devices: Sequence[Device]) -> None:
        """Offer the devices; an empty sequence means that they are not known yet."""
        known = {device.name for device in devices}
        absent = [
            Device(name, "", why_not=tr("Not found on this computer."))
            for name in DEVICE_NAMES
            if devices and name not in known and name != "AUTO"
        ]
        auto = [Device("AUTO", tr("Chooses for you"))] if "AUTO" not in known else []
        self.fill(
            Choice(device.name, device.name, device.full_name, device.why_not)
            for device in sorted((*devices, *absent, *auto), key=_device_order)
        )

    # Picker

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()


def _line(choice: Choice) -> QStandardItem:
    item = QStandardItem(choice.text)
    detail = choice.why_not or choice.detail
    item.setData(choice.id, Qt.ItemDataRole.UserRole)
    item.setData(detail, DETAIL_ROLE)
    item.setToolTip(plain_tooltip(detail))
    item.setAccessibleText(", ".join(part for part in (choice.text, detail) if part))
    item.setEnabled(not choice.why_not)
    return item


def _facts(model: Model) -> str:
    parts = []
    if model.size:
        parts.append(megabytes(model.size))
    if model.context_length:
        parts.append(trn("reads {count} token", "reads {count} tokens", model.context_length))
    return " · ".join(parts)


def _device_order(device: Device) -> int:
    """As DEVICE_NAMES has it, with further ones (GPU.1) beside their kind."""
    kind = device.name.partition(".")[0]
    return DEVICE_NAMES.index(kind) if kind in DEVICE_NAMES else len(DEVICE_NAMES)
