"""Which preset a chat is held with, and what can be done with presets."""

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QMenu,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from desktop.domain.layout import Layout
from desktop.domain.presets import Preset
from desktop.ui.i18n import tr
from desktop.ui.icons import IconSet
from desktop.ui.settings.name_line import NameLine
from desktop.ui.spacing import at_least, fix, inset, size_icon, space
from desktop.ui.theme import Theme
from desktop.ui.widgets.banner import Banner
from desktop.ui.widgets.picker import Choice, Picker
from desktop.ui.widgets.wrapped_label import wrapped_label

CUSTOM = ":custom"  # no preset has such an id
FILES = "*.toml"
LONGEST_NAME = 24  # characters of “Customer:” and the like
NARROWEST = 160  # pixels; a long name, or a note, is not to widen the panel


class PresetPicker(QWidget):
    """A picker, a menu, a line for a name, and a line that tells what was done."""

    preset_chosen = Signal(str)
    save_asked = Signal(str)  # under this name
    delete_asked = Signal(str)
    import_asked = Signal(object)  # from this Path
    export_asked = Signal(str, object)  # the preset, to this Path
    note_answered = Signal(str)  # the action of the line that tells what was done

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._presets: dict[str, Preset] = {}
        self._current = ""  # the preset in use, changed or not
        self._changed = False
        self.picker = Picker("presetPicker", tr("Preset"))
        self.picker.setProperty("kind", "")
        self.picker.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        at_least(self.picker, NARROWEST)
        self.picker.choice_made.connect(self._choose)
        self._menu = QMenu(self)
        self._menu.setObjectName("presetMenu")
        self._save = self._action(tr("Save as preset…"), self._ask_name)
        self._import = self._action(tr("Import preset…"), self._pick_import)
        self._export = self._action(tr("Export preset…"), self._pick_export)
        self._menu.addSeparator()
        self._delete = self._action(tr("Delete preset"), self._ask_delete)
        self.more = self._more_button()
        self.layout_note = wrapped_label(kind="muted", name="presetLayout")
        self.name = NameLine()
        self.name.named.connect(self.save_asked)
        self.name.left.connect(self.more.setFocus)
        self.note = Banner()
        at_least(self.note, NARROWEST)
        self.note.action_triggered.connect(self.note_answered)
        self._lay_out()
        self._refresh()

    def set_presets(self, presets: Sequence[Preset]) -> None:
        """Offer these, in this order."""
        self._presets = {preset.id: preset for preset in presets}
        self._refresh()

    def set_current(self, preset_id: str, *, changed: bool) -> None:
        """Show what is in use; with `changed`, values differ from it. Nothing is reported."""
        if (preset_id, changed) != (self._current, self._changed):
            self._current, self._changed = preset_id, changed
            self._refresh()

    def set_theme(self, theme: Theme, icons: IconSet) -> None:
        """Take colours and icons."""
        self.picker.set_theme(theme, icons)
        self.note.set_theme(theme, icons)
        self.more.setIcon(icons.icon("more", 18))

    def _refresh(self) -> None:
        current = self._presets.get(self._current)
        custom = self._changed or current is None
        choices = [Choice(each.id, each.name, each.description) for each in self._presets.values()]
        if custom:
            detail = tr("{name}, with changes", name=current.name) if current else ""
            choices.insert(0, Choice(CUSTOM, tr("Custom"), detail))
        self.picker.fill(choices)
        self.picker.set_current(CUSTOM if custom else self._current)
        self.picker.setEnabled(bool(self._presets))
        self._tell_layout(current.layout if current else None)
        own = current is not None and not current.shipped
        self._export.setEnabled(current is not None)
        self._delete.setEnabled(own)
        name = current.name.replace("&", "&&") if current else ""
        self._delete.setText(tr("Delete “{name}”", name=name) if own else tr("Delete preset"))

    def _tell_layout(self, layout: Layout | None) -> None:
        self.layout_note.setVisible(layout is not None)
        if layout:
            user, assistant = _shown(layout.user), _shown(layout.assistant)
            self.layout_note.setText(
                tr(
                    "Written as “{user}” and “{assistant}”, not in the model’s own format.",
                    user=user,
                    assistant=assistant,
                )
            )

    def _choose(self, preset_id: str) -> None:
        if preset_id != CUSTOM:
            self.preset_chosen.emit(preset_id)

    def _ask_name(self) -> None:
        own = [preset.name for preset in self._presets.values() if not preset.shipped]
        current = self._presets.get(self._current)
        self.name.ask(current.name if current and not current.shipped else "", own)

    def _ask_delete(self) -> None:
        self.delete_asked.emit(self._current)

    def _pick_import(self) -> None:
        dialog = self._dialog(tr("Import a preset"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(lambda name: self.import_asked.emit(Path(name)))
        dialog.open()

    def _pick_export(self) -> None:
        preset_id = self._current
        dialog = self._dialog(tr("Export the preset"))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("toml")
        dialog.selectFile(f"{preset_id}.toml")
        dialog.fileSelected.connect(lambda name: self.export_asked.emit(preset_id, Path(name)))
        dialog.open()

    def _dialog(self, title: str) -> QFileDialog:
        dialog = QFileDialog(self, title)
        dialog.setNameFilter(tr("Presets ({files})", files=FILES))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        return dialog

    def _action(self, text: str, do: Callable[[], None]) -> QAction:
        action = self._menu.addAction(text)
        action.triggered.connect(do)
        return action

    def _more_button(self) -> QToolButton:
        button = QToolButton()
        button.setObjectName("presetMenuButton")
        button.setAccessibleName(tr("More about presets"))
        button.setToolTip(tr("Save, import, export or delete a preset"))
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        size_icon(button, 18)
        fix(button, 32, 32)
        button.setMenu(self._menu)
        return button

    def _lay_out(self) -> None:
        label = QLabel(tr("Preset"))
        label.setBuddy(self.picker)
        line = QHBoxLayout()
        space(line, 4)
        line.addWidget(self.picker, 1)
        line.addWidget(self.more)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        space(rows, 4)
        rows.addWidget(label)
        rows.addLayout(line)
        rows.addWidget(self.layout_note)
        below = QVBoxLayout()
        inset(below, 0, 4, 0, 0)
        space(below, 8)
        below.addWidget(self.name)
        below.addWidget(self.note)
        rows.addLayout(below)


def _shown(name: str) -> str:
    """What stands before a turn, on one line that is not too long."""
    return " ".join(name.split())[:LONGEST_NAME]
