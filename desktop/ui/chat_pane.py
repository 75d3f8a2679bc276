"""The middle column: what is said, where one writes, what runs it."""

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from desktop.ui.composer.composer import Composer
from desktop.ui.find_bar import FindBar
from desktop.ui.i18n import tr
from desktop.ui.icons import IconSet
from desktop.ui.privacy.fact import PrivacyFact
from desktop.ui.shortcuts import keys
from desktop.ui.spacing import inset, size_icon, space
from desktop.ui.theme import Theme
from desktop.ui.transcript.view import TranscriptView
from desktop.ui.widgets.banner_area import BannerArea
from desktop.ui.widgets.centred import Centred
from desktop.ui.widgets.context_meter import ContextMeter
from desktop.ui.widgets.examples import Examples
from desktop.ui.widgets.picker import DevicePicker, ModelPicker
from desktop.ui.widgets.status_line import StatusLine
from desktop.ui.widgets.weights_switch import WeightsSwitch

COLUMN = 752  # pixels; the widest that composer and banners get, in line with the tints
MARGIN = 16


class ChatPane(QWidget):
    """Puts the parts in their places; what they do is wired by the presenter."""

    panel_toggled = Signal(bool)
    models_wanted = Signal()
    devices_wanted = Signal()

    def __init__(self, theme: Theme, icons: IconSet, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.model_picker = ModelPicker()
        self.weights_switch = WeightsSwitch()
        self.device_picker = DevicePicker()
        self.sidebar_button = _tool_button("sidebarButton", tr("Show the list of chats"))
        self.devices_button = _tool_button("devicesButton", tr("Devices and speed"))
        self.devices_button.setShortcut(keys("devices"))
        self.devices_button.clicked.connect(self.devices_wanted)
        self.models_button = _tool_button("modelsButton", tr("Models"))
        self.models_button.setShortcut(keys("models"))
        self.models_button.clicked.connect(self.models_wanted)
        self.clear_button = _tool_button("clearButton", tr("Clear the conversation"))
        self.clear_button.setShortcut(keys("clear"))
        self.panel_button = _tool_button("panelButton", tr("Settings of this chat"))
        self.panel_button.setShortcut(keys("settings_panel"))
        self.panel_button.setCheckable(True)
        self.panel_button.toggled.connect(self.panel_toggled)
        self.banners = BannerArea()
        self.transcript = TranscriptView(theme, icons)
        self.examples = Examples()
        self.composer = Composer()
        self.status = StatusLine()
        self.privacy_fact = PrivacyFact()
        self.context = ContextMeter()
        self.busy = False  # an answer is being written
        self._temporary = _quiet_line(tr("Temporary chat: nothing is written to disk"))
        self._middle = QStackedWidget()
        self._middle.addWidget(self.examples)
        self._middle.addWidget(self.transcript)
        self.find_bar = FindBar(self.transcript, self)
        rows = QVBoxLayout(self)
        inset(rows, 0, 0, 0, 8)
        space(rows, 8)
        rows.addLayout(self._head())
        rows.addWidget(_column(self._temporary))
        rows.addWidget(_column(self.banners))
        rows.addWidget(_column(self.find_bar))
        rows.addWidget(self._middle, 1)
        rows.addWidget(_column(self.composer))
        rows.addWidget(_column(self._foot()))
        self.set_theme(theme, icons)

    def show_conversation(self, anything: bool) -> None:
        """Show the transcript, or the examples when there is nothing in it."""
        self._middle.setCurrentWidget(self.transcript if anything else self.examples)
        if not anything and self.clear_button.hasFocus():
            self.composer.setFocus()  # a button that is switched off would pass it to its neighbour
        self.clear_button.setEnabled(anything)
        if not anything:
            self.find_bar.close_bar()

    def set_busy(self, busy: bool) -> None:
        """While an answer is written, it can be stopped, and most else has to wait."""
        self.busy = busy
        self.composer.set_busy(busy)
        self.transcript.set_busy(busy)

    def show_panel_on(self, shown: bool) -> None:
        """Have the panel's button say whether the panel is there; nothing is reported."""
        with QSignalBlocker(self.panel_button):
            self.panel_button.setChecked(shown)

    def set_temporary(self, temporary: bool) -> None:
        """Say that nothing of the conversation is kept."""
        self._temporary.setVisible(temporary)
        self.status.set_place(tr("temporary") if temporary else "")

    def set_theme(self, theme: Theme, icons: IconSet) -> None:
        """Take colours and icons."""
        self.sidebar_button.setIcon(icons.icon("sidebar"))
        self.devices_button.setIcon(icons.icon("device"))
        self.models_button.setIcon(icons.icon("model"))
        self.clear_button.setIcon(icons.icon("trash"))
        self.panel_button.setIcon(icons.icon("sliders"))
        for part in (
            self.model_picker,
            self.device_picker,
            self.banners,
            self.transcript,
            self.find_bar,
            self.examples,
            self.composer,
            self.status,
            self.privacy_fact,
            self.context,
        ):
            part.set_theme(theme, icons)

    def _head(self) -> QHBoxLayout:
        row = QHBoxLayout()
        inset(row, MARGIN, 8, MARGIN, 0)
        space(row, 4)
        row.addWidget(self.sidebar_button)
        row.addWidget(self.model_picker)
        row.addWidget(self.weights_switch)
        row.addWidget(self.device_picker)
        row.addWidget(self.devices_button)
        row.addStretch(1)
        row.addWidget(self.models_button)
        row.addWidget(self.clear_button)
        row.addWidget(self.panel_button)
        return row

    def _foot(self) -> QWidget:
        foot = QWidget()
        row = QHBoxLayout(foot)
        row.setContentsMargins(0, 0, 0, 0)
        space(row, 16)
        row.addWidget(self.status, 1)
        row.addWidget(self.privacy_fact)
        row.addWidget(self.context)
        return foot

    # QWidget

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.weights_switch.set_room(event.size().width())


def _column(content: QWidget) -> QWidget:
    """The content in the middle, no wider than the text."""
    return Centred(content, COLUMN, MARGIN)


def _quiet_line(words: str) -> QLabel:
    label = QLabel(words)
    label.setObjectName("temporaryLine")
    label.setProperty("kind", "muted")
    label.setAlignment(Qt.AlignmentFlag.AlignCenter)
    label.setWordWrap(True)
    label.hide()
    return label


def _tool_button(name: str, label: str) -> QToolButton:
    button = QToolButton()
    button.setObjectName(name)
    button.setAccessibleName(label)
    button.setToolTip(label)
    size_icon(button, 20)
    button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    return button
