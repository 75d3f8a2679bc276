"""The top of the column: a new conversation, the search, more, folding the column away."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QHBoxLayout,
    QMenu,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from desktop.ui.i18n import tr
from desktop.ui.icons import IconSet
from desktop.ui.shortcuts import shortcut
from desktop.ui.sidebar.search_field import SearchField
from desktop.ui.spacing import add_gap, inset, size_icon, space
from desktop.ui.theme import Theme


class Head(QWidget):
    """Buttons and their menus; what they do is wired by the presenter."""

    new_wanted = Signal()
    temporary_wanted = Signal()
    preset_wanted = Signal(str)  # its id
    import_wanted = Signal()
    export_wanted = Signal()
    backups_wanted = Signal()
    settings_wanted = Signal()
    shortcuts_wanted = Signal()
    about_wanted = Signal()
    fold_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.new_button = QPushButton(tr("New chat"))
        self.new_button.setObjectName("newChatButton")
        self.new_button.setToolTip(f"{tr('New chat')} ({shortcut('new_chat').shown})")
        size_icon(self.new_button, 18, 4)
        self.new_button.clicked.connect(self.new_wanted)
        self._presets = QMenu(tr("New chat with preset"), self)
        self.new_menu = _menu_button("newChatMenu", tr("Other kinds of new chats"))
        self.more = _menu_button("sidebarMenu", tr("More"))
        self.fold = _tool_button("foldSidebar", tr("Hide the list of chats"))
        self.fold.setToolTip(f"{self.fold.accessibleName()} ({shortcut('sidebar').shown})")
        self.fold.clicked.connect(self.fold_wanted)
        self.search = SearchField()
        self._fill_menus()
        self.set_presets(())
        rows = QVBoxLayout(self)
        inset(rows, 12, 8, 8, 8)
        space(rows, 8)
        rows.addLayout(_row(self.new_button, self.new_menu))
        rows.addLayout(_row(self.search, self.more, self.fold))

    def set_presets(self, presets: Sequence[tuple[str, str]]) -> None:
        """Offer these presets, each with its id and name, for a new conversation."""
        self._presets.clear()
        for preset, name in presets:
            action = self._presets.addAction(name.replace("&", "&&"))
            action.triggered.connect(lambda _=False, id_=preset: self.preset_wanted.emit(id_))
        self._presets.menuAction().setVisible(bool(presets))

    def set_theme(self, theme: Theme, icons: IconSet) -> None:
        """Take icons."""
        self.new_button.setIcon(icons.icon("plus", 18, beside=4))
        self.new_menu.setIcon(icons.icon("chevron-down"))
        self.more.setIcon(icons.icon("more"))
        self.fold.setIcon(icons.icon("sidebar"))
        self.search.set_theme(theme, icons)

    def _fill_menus(self) -> None:
        new = self.new_menu.menu()
        temporary = new.addAction(tr("New temporary chat"), self.temporary_wanted.emit)
        temporary.setObjectName("newTemporaryChat")
        temporary.setToolTip(tr("It is never written to disk."))
        _hint(temporary, "new_temporary_chat")
        new.addMenu(self._presets)
        more = self.more.menu()
        more.addAction(tr("Import chats…"), self.import_wanted.emit).setObjectName("importChats")
        more.addAction(tr("Export all chats…"), self.export_wanted.emit).setObjectName("exportAll")
        more.addAction(tr("Backups…"), self.backups_wanted.emit).setObjectName("showBackups")
        more.addSeparator()
        settings = more.addAction(tr("Settings"), self.settings_wanted.emit)
        settings.setObjectName("showSettings")
        _hint(settings, "settings")
        keys = more.addAction(tr("Keyboard shortcuts"), self.shortcuts_wanted.emit)
        keys.setObjectName("showShortcuts")
        _hint(keys, "shortcuts")
        more.addAction(tr("About Cellar"), self.about_wanted.emit).setObjectName("showAbout")


def _row(first: QWidget, *others: QWidget) -> QHBoxLayout:
    """The first takes what the others leave."""
    row = QHBoxLayout()
    row.setSpacing(0)
    row.addWidget(first, 1)
    add_gap(row, 4)
    for other in others:
        row.addWidget(other)
    return row


def _hint(action: QAction, shortcut_id: str) -> None:
    """Show the keys; they are bound elsewhere, so this action does not take them as well."""
    action.setText(f"{action.text()}\t{shortcut(shortcut_id).shown}")


def _menu_button(name: str, label: str) -> QToolButton:
    button = _tool_button(name, label)
    button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
    button.setMenu(QMenu(button))
    return button


def _tool_button(name: str, label: str) -> QToolButton:
    button = QToolButton()
    button.setObjectName(name)
    button.setAccessibleName(label)
    button.setToolTip(label)
    size_icon(button, 20)
    button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    return button
