"""What one can do with a message, and with what is selected, as menus."""

from functools import partial
from typing import Protocol

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMenu, QWidget

from desktop.ui.i18n import tr
from desktop.ui.transcript import tools
from desktop.ui.transcript.item import Item
from desktop.ui.transcript.scene import Scene


class Doer(Protocol):
    """The view, as a menu needs it."""

    def use_tool(self, entry_id: str, tool: str) -> None:
        """Do what a tool does."""

    def copy(self) -> None:
        """Copy what is selected."""

    def copy_whole(self, entry_id: str) -> None:
        """Copy a message with the thought before it."""

    def fold_thought(self, entry_id: str) -> None:
        """Show that thought, or hide it."""

    def fold_figures(self, entry_id: str) -> None:
        """Show all figures, or hide them."""

    def select_all(self) -> None:
        """Select every message."""


def context_menu(parent: QWidget, scene: Scene, doer: Doer, item: Item | None) -> QMenu:
    """What one can do at a place."""
    menu = _new_menu(parent)
    copy = menu.addAction(tr("Copy"), doer.copy)
    copy.setEnabled(not scene.selection.is_empty)
    if item:
        _add_tools(menu, scene, doer, item)
    menu.addSeparator()
    everything = menu.addAction(tr("Select all"), doer.select_all)
    everything.setEnabled(bool(scene.column.items))
    return menu


def entry_menu(parent: QWidget, scene: Scene, doer: Doer, item: Item) -> QMenu:
    """What one can do with a message."""
    menu = _new_menu(parent)
    _add_tools(menu, scene, doer, item)
    return menu


def _new_menu(parent: QWidget) -> QMenu:
    menu = QMenu(parent)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    return menu


def _add_tools(menu: QMenu, scene: Scene, doer: Doer, item: Item) -> None:
    for tool in item.entry.tools or (tools.COPY,):
        if tool == tools.DELETE:
            menu.addSeparator()
        action = menu.addAction(tools.words(tool), partial(doer.use_tool, item.entry.id, tool))
        action.setEnabled(tool in tools.ALWAYS or not scene.busy)
        if tool == tools.COPY:
            _add_looks(menu, doer, item)


def _add_looks(menu: QMenu, doer: Doer, item: Item) -> None:
    entry_id = item.entry.id
    if item.body.parts.thinks:
        menu.addAction(tr("Copy with the thought"), partial(doer.copy_whole, entry_id))
        words = tr("Hide the thought") if item.body.unfolded else tr("Show the thought")
        menu.addAction(words, partial(doer.fold_thought, entry_id))
    if item.entry.figures:
        words = tr("Hide the figures") if item.unfolded else tr("Show the figures")
        menu.addAction(words, partial(doer.fold_figures, entry_id))
