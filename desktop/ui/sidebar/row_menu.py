"""What can be done with conversations, and the menu that offers it."""

from collections.abc import Callable, Sequence
from enum import StrEnum

from PySide6.QtWidgets import QMenu

from desktop.domain.chats import Summary
from desktop.ui.i18n import mark, tr, trn
from desktop.ui.shortcuts import shortcut


class Do(StrEnum):
    """One entry of the menu."""

    RENAME = "rename"
    PIN = "pin"
    UNPIN = "unpin"
    DUPLICATE = "duplicate"
    EXPORT = "export"
    ARCHIVE = "archive"
    UNARCHIVE = "unarchive"
    DELETE = "delete"


WORDS = {
    Do.RENAME: mark("Rename"),
    Do.PIN: mark("Pin"),
    Do.UNPIN: mark("Unpin"),
    Do.DUPLICATE: mark("Duplicate"),
    Do.EXPORT: mark("Export…"),
    Do.ARCHIVE: mark("Archive"),
    Do.UNARCHIVE: mark("Take out of the archive"),
    Do.DELETE: mark("Delete"),
}


def offered(chats: Sequence[Summary]) -> tuple[Do, ...]:
    """What can be done with these conversations, in the order of the menu."""
    pin = Do.UNPIN if all(chat.pinned for chat in chats) else Do.PIN
    archive = Do.UNARCHIVE if all(chat.archived for chat in chats) else Do.ARCHIVE
    if len(chats) == 1:
        return (Do.RENAME, pin, Do.DUPLICATE, Do.EXPORT, archive, Do.DELETE)
    return (pin, Do.EXPORT, archive, Do.DELETE)


def fill(menu: QMenu, chats: Sequence[Summary], chosen: Callable[[Do], None]) -> None:
    """Put the entries for these conversations into the menu."""
    menu.clear()
    if len(chats) > 1:
        menu.addSection(trn("{count} chat", "{count} chats", len(chats)))
    for do in offered(chats):
        if do is Do.DELETE:
            menu.addSeparator()
        action = menu.addAction(tr(WORDS[do]))
        action.setObjectName(f"do_{do}")
        action.triggered.connect(lambda _=False, what=do: chosen(what))
        if do is Do.RENAME:
            action.setText(f"{action.text()}\t{shortcut('rename_chat').shown}")
