"""A setting in the dialog: what it is, what it does, its value, and the way back."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QToolButton, QWidget

from desktop.settings.table import Setting, SettingValue
from desktop.ui.i18n import tr
from desktop.ui.icons import IconSet
from desktop.ui.library.parts import TextColumn, text_label
from desktop.ui.settings.settings_controls import Offer, control_for
from desktop.ui.spacing import fix, size_icon, space
from desktop.ui.theme import Theme
from desktop.ui.widgets.beside_layout import BesideLayout

RESET = 24  # pixels


class SettingRow(QWidget):
    """One row of the table of settings."""

    chosen = Signal(str, object)

    def __init__(
        self, setting: Setting, offers: Sequence[Offer] = (), parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setting = setting
        self._control = control_for(setting, offers)
        self._control.chosen.connect(self._choose)
        self._label = text_label(tr(setting.label))
        self._label.setBuddy(self._control.control)
        self._waits = text_label(tr("Takes effect when Cellar starts the next time."), "muted")
        self._waits.setObjectName(f"setting_{setting.name}Waits")
        self._waits.hide()
        self._reset = self._reset_button()
        self._lay_out(text_label(tr(setting.help), "muted"))

    @property
    def first(self) -> QWidget:
        """What the Tab key comes to first."""
        return self._control.control

    @property
    def last(self) -> QWidget:
        """What the Tab key comes to last."""
        return self._reset

    def fits(self, sought: Sequence[str]) -> bool:
        """True when every one of the words, in lower case, is in what the row says."""
        setting = self.setting
        texts = (setting.label, setting.help, *(setting.words or setting.choices))
        told = " ".join((setting.name, *(tr(text) for text in texts))).casefold()
        return all(word in told for word in sought)

    def show_value(self, value: SettingValue, *, waits: bool) -> None:
        """Show what holds; `waits`: only from the next start on."""
        self._control.show_value(value)
        self._waits.setVisible(waits)
        had_focus = self._reset.hasFocus()
        self._reset.setVisible(value != self.setting.default)
        if had_focus and self._reset.isHidden():
            self.first.setFocus()

    def set_theme(self, theme: Theme, icons: IconSet) -> None:
        """Take colours and icons."""
        self._reset.setIcon(icons.icon("undo", 14))
        self._control.set_theme(theme, icons)

    def _choose(self, value: SettingValue) -> None:
        self.chosen.emit(self.setting.name, value)

    def _reset_button(self) -> QToolButton:
        button = QToolButton()
        button.setObjectName(f"setting_{self.setting.name}Reset")
        button.setAccessibleName(tr("Set {name} back to the default", name=tr(self.setting.label)))
        button.setToolTip(tr("Back to the default"))
        button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        size_icon(button, 14)
        fix(button, RESET, RESET)
        policy = button.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        button.setSizePolicy(policy)
        button.clicked.connect(lambda: self._choose(self.setting.default))
        return button

    def _lay_out(self, help_line: QLabel) -> None:
        texts = TextColumn(self._label, help_line, self._waits)
        value = QWidget()
        row = QHBoxLayout(value)
        row.setContentsMargins(0, 0, 0, 0)
        space(row, 4)
        row.addWidget(self._control, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self._reset, 0, Qt.AlignmentFlag.AlignTop)
        row.addStretch(1)
        both = BesideLayout(self)
        both.addWidget(texts)
        both.addWidget(value)
        self.setTabOrder(self.first, self._reset)
