"""The settings of the program, made from their table: a change holds at once."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt, QTimer, Slot
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from desktop.settings.table import GROUPS, SETTINGS, SettingValue
from desktop.ui.i18n import tr
from desktop.ui.icons import IconSet
from desktop.ui.library.parts import chain_focus, text_label
from desktop.ui.settings.settings_controls import Offer
from desktop.ui.settings.settings_live import LiveSettings
from desktop.ui.settings.settings_row import SettingRow
from desktop.ui.spacing import inset, space
from desktop.ui.theme import Theme
from desktop.ui.widgets.banner import WARNING
from desktop.ui.widgets.banner_area import BannerArea

SIZE = (640, 640)
SMALLEST = (360, 320)


class SettingsDialog(QDialog):
    """Shows the rows that have a label. Closes with Escape; there is nothing to confirm."""

    def __init__(
        self,
        settings: LiveSettings,
        offers: Mapping[str, Sequence[Offer]],
        parent: QWidget | None = None,
    ) -> None:
        """`offers`: for settings that are texts, what can be chosen at the moment."""
        super().__init__(parent)
        self._settings = settings
        self.setObjectName("settingsDialog")
        self.setWindowTitle(tr("Settings"))
        self.setMinimumSize(*SMALLEST)
        self.resize(*SIZE)
        self._field = QLineEdit()
        self._field.setObjectName("settingSearch")
        self._field.setPlaceholderText(tr("Find a setting"))
        self._field.setAccessibleName(tr("Find a setting"))
        self._field.setClearButtonEnabled(True)
        self.banners = BannerArea()
        self._nothing = text_label(tr("There is no such setting."), "muted")
        self._nothing.hide()
        self._offers = offers
        self._dress: tuple[Theme, IconSet] | None = None
        self._rows: list[SettingRow] = []
        self._groups: dict[str, QWidget] = {}
        self._missing = [g for g in GROUPS if any(r.label and r.group == g for r in SETTINGS)]
        self._last: QWidget = self._field  # in the order of the Tab key
        self._column = QVBoxLayout()
        self._lay_out()
        self._field.textChanged.connect(self._filter)
        settings.changed.connect(self._changed)
        settings.refused.connect(self.say)
        self._field.setFocus()
        self._go_on()

    def complete(self) -> None:
        """Have all rows there now."""
        while self._missing:
            self._add_group(self._missing.pop(0))

    def shown(self) -> list[str]:
        """The names of the settings on show."""
        self.complete()
        return [row.setting.name for row in self._rows if not row.isHidden()]

    @Slot(str)
    def say(self, text: str) -> None:
        """Say what went wrong, above the settings."""
        self.banners.show_message(text, kind=WARNING)

    def seek(self, text: str) -> None:
        """Show the settings that speak of something."""
        self._field.setText(text)

    def set_theme(self, theme: Theme, icons: IconSet) -> None:
        """Take colours and icons."""
        self._dress = (theme, icons)
        self.banners.set_theme(theme, icons)
        for row in self._rows:
            row.set_theme(theme, icons)

    @Slot(str, object)
    def _choose(self, name: str, value: SettingValue) -> None:
        self._settings.choose(name, value)
        for row in self._rows:  # what was refused, or means something else, is shown as it is
            if row.setting.name == name:
                self._show(row)

    @Slot(str, object)
    def _changed(self, name: str, _: SettingValue) -> None:
        for row in self._rows:
            if row.setting.name == name:
                self._show(row)

    def _show(self, row: SettingRow) -> None:
        name = row.setting.name
        row.show_value(self._settings.get(name), waits=self._settings.waits(name))

    def _filter(self, text: str) -> None:
        self.complete()
        sought = text.casefold().split()
        found = {row.setting.group for row in self._rows if _show_if(row, row.fits(sought))}
        for group, part in self._groups.items():
            part.setVisible(group in found)
        self._nothing.setVisible(not found)

    def _lay_out(self) -> None:
        scroller = QScrollArea()
        scroller.setObjectName("settingsScroller")
        scroller.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # what is in it takes the focus
        scroller.setWidgetResizable(True)
        scroller.setFrameShape(QFrame.Shape.NoFrame)
        scroller.setWidget(self._table())
        head = QHBoxLayout()
        inset(head, 0, 0, 12, 0)
        head.addWidget(self._field)
        rows = QVBoxLayout(self)
        inset(rows, 24, 16, 12, 16)
        space(rows, 12)
        rows.addLayout(head)
        rows.addWidget(self.banners)
        rows.addWidget(self._nothing)
        rows.addWidget(scroller, 1)

    def _table(self) -> QWidget:
        table = QWidget()
        inset(self._column, 0, 4, 12, 0)
        space(self._column, 28)
        self._column.addStretch(1)
        table.setLayout(self._column)
        return table

    def _go_on(self) -> None:
        """Add a group at a time: all at once would keep the rest of the window waiting."""
        if self._missing:
            self._add_group(self._missing.pop(0))
            QTimer.singleShot(0, self, self._go_on)

    def _add_group(self, group: str) -> None:
        part = QWidget()
        rows = QVBoxLayout(part)
        rows.setContentsMargins(0, 0, 0, 0)
        space(rows, 16)
        self._column.insertWidget(self._column.count() - 1, part)
        rows.addWidget(text_label(tr(GROUPS[group]), "title"))
        for setting in SETTINGS:
            if setting.label and setting.group == group:
                row = SettingRow(setting, self._offers.get(setting.name, ()))
                rows.addWidget(row)
                self._take_in(row)
        self._groups[group] = part

    def _take_in(self, row: SettingRow) -> None:
        self._rows.append(row)
        row.chosen.connect(self._choose)
        if self._dress:
            row.set_theme(*self._dress)
        chain_focus(self._last, (row.first, row.last))
        self._last = row.last
        self._show(row)


def _show_if(row: SettingRow, so: bool) -> bool:
    row.setVisible(so)
    return so
