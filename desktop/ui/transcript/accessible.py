"""The painted transcript for screen readers: a list of messages, each with what one can do.

The messages in view and their spots are no widgets, so Qt knows nothing of them. Each gets an
interface of its own here. Qt only borrows them, and may come back to one that was in view before:
so the last ones are kept.
"""

from collections.abc import Callable
from functools import cache
from typing import Any, cast

from PySide6.QtCore import QObject, QPointF, QRect, Qt
from PySide6.QtGui import (
    QAccessible,
    QAccessibleActionInterface,
    QAccessibleEvent,
    QAccessibleInterface,
)
from PySide6.QtWidgets import QAccessibleWidget, QWidget

from desktop.ui.transcript.area import SceneArea
from desktop.ui.transcript.entry import Entry
from desktop.ui.transcript.item import SpotKind
from desktop.ui.transcript.scene import PlacedSpot, SpotKey

READ = 8_000  # characters of a message
KEPT = 300  # messages with an interface
NOTHING = cast(QAccessibleInterface, None)  # Qt takes it, though its stubs do not say so
Text, Role = QAccessible.Text, QAccessible.Role


class _Part(QAccessibleInterface):
    """Something painted."""

    def __init__(self, parent: QAccessibleInterface, host: SceneArea) -> None:
        super().__init__()
        self._parent = parent
        self._host = host

    def _area(self, x: float, y: float, width: float, height: float) -> QRect:
        corner = self._host.viewport().mapToGlobal(QPointF(x, y)).toPoint()
        return QRect(corner.x(), corner.y(), round(width), round(height))

    # QAccessibleInterface

    def isValid(self) -> bool:
        return True

    def object(self) -> QObject:
        """Nothing: it is painted."""
        return cast(QObject, None)

    def window(self) -> Any:
        """The window it is in."""
        return self._parent.window()

    def parent(self) -> QAccessibleInterface:
        """What it is in."""
        return self._parent

    def childCount(self) -> int:
        return 0

    def child(self, index: int) -> QAccessibleInterface:
        """One of the parts in it."""
        return NOTHING

    def childAt(self, x: int, y: int) -> QAccessibleInterface:
        return NOTHING

    def indexOfChild(self, child: QAccessibleInterface) -> int:
        return -1

    def setText(self, kind: QAccessible.Text, text: str) -> None:
        """Nothing here is edited by a screen reader."""


class _Press(QAccessibleActionInterface):
    def __init__(self, do: Callable[[], object]) -> None:
        super().__init__()
        self._do = do

    # QAccessibleActionInterface

    def actionNames(self) -> list[str]:
        return [QAccessibleActionInterface.pressAction()]

    def doAction(self, name: str) -> None:
        if name == QAccessibleActionInterface.pressAction():
            self._do()

    def keyBindingsForAction(self, name: str) -> list[str]:
        return ["Return"]


class SpotAccess(_Part):
    """A link or an icon of a message."""

    def __init__(self, parent: "MessageAccess", host: SceneArea, key: SpotKey) -> None:
        super().__init__(parent, host)
        self.key = key
        self._action = _Press(lambda: host.press(key))

    @property
    def _placed(self) -> PlacedSpot | None:
        return next((each for each in self._host.scene.spots() if each.key == self.key), None)

    # QAccessibleInterface

    def isValid(self) -> bool:
        return self._placed is not None

    def rect(self) -> QRect:
        """Where it is on the screen."""
        placed = self._placed
        if placed is None:
            return QRect()
        area = placed.spot.rect
        return self._area(area.x(), area.y(), area.width(), area.height())

    def role(self) -> QAccessible.Role:
        """What kind of thing it is."""
        return Role.Link if self.key.kind is SpotKind.LINK else Role.Button

    def state(self) -> QAccessible.State:
        """What holds for it now."""
        state = QAccessible.State()
        state.focusable = True
        state.focused = self._host.scene.focused == self.key
        return state

    def text(self, kind: QAccessible.Text) -> str:
        """What it says."""
        placed = self._placed
        return placed.spot.label if placed and kind == Text.Name else ""

    def interface_cast(self, kind: QAccessible.InterfaceType) -> int:
        """What one can do with it."""
        pressed = kind == QAccessible.InterfaceType.ActionInterface
        return cast(int, self._action if pressed else None)  # a pointer, for the stubs a number


class MessageAccess(_Part):
    """A message: who says what, how it ended, and the figures."""

    def __init__(self, parent: QAccessibleInterface, host: SceneArea, entry_id: str) -> None:
        super().__init__(parent, host)
        self.entry_id = entry_id
        self._spots: dict[SpotKey, SpotAccess] = {}

    @property
    def _entry(self) -> Entry | None:
        index = self._host.scene.column.index_of(self.entry_id)
        return self._host.scene.column.items[index].entry if index >= 0 else None

    def spots(self) -> list[SpotAccess]:
        """What can be pressed in it, from top to bottom."""
        keys = [each.key for each in self._host.scene.spots()]
        mine = [key for key in keys if key.entry_id == self.entry_id]
        for key in mine:
            if key not in self._spots:
                self._spots[key] = SpotAccess(self, self._host, key)
        return [self._spots[key] for key in mine]

    def let_go(self) -> None:
        """Have Qt forget it, and what is in it."""
        for each in (*self._spots.values(), self):
            QAccessible.deleteAccessibleInterface(QAccessible.uniqueId(each))

    # QAccessibleInterface

    def isValid(self) -> bool:
        return self._entry is not None

    def rect(self) -> QRect:
        """Where it is on the screen."""
        scene = self._host.scene
        index = scene.column.index_of(self.entry_id)
        if index < 0:
            return QRect()
        top, bottom = scene.column.tops[index : index + 2]
        return self._area(scene.left, top - scene.top, scene.width, bottom - top)

    def role(self) -> QAccessible.Role:
        """What kind of thing it is."""
        return Role.ListItem

    def state(self) -> QAccessible.State:
        """What holds for it now."""
        state = QAccessible.State()
        entry = self._entry
        state.readOnly = True
        state.busy = bool(entry and entry.writing)
        return state

    def text(self, kind: QAccessible.Text) -> str:
        """What it says."""
        entry = self._entry
        if entry is None:
            return ""
        if kind == Text.Name:
            said = entry.answer[:READ] or entry.reading_words
            parts = (f"{entry.speaker}: {said}", entry.ending, entry.note)
            return "\n".join(part for part in parts if part)
        return entry.figures_text if kind == Text.Description else ""

    def childCount(self) -> int:
        return len(self.spots())

    def child(self, index: int) -> QAccessibleInterface:
        """One of the parts in it."""
        spots = self.spots()
        return spots[index] if 0 <= index < len(spots) else NOTHING

    def childAt(self, x: int, y: int) -> QAccessibleInterface:
        return next((each for each in self.spots() if each.rect().contains(x, y)), NOTHING)

    def indexOfChild(self, child: QAccessibleInterface) -> int:
        return next((at for at, each in enumerate(self.spots()) if each is child), -1)


class TranscriptAccess(QAccessibleWidget):
    """The list of what is in view; an editor and the way to the end come after it."""

    def __init__(self, host: SceneArea) -> None:
        super().__init__(host, Role.List, host.accessibleName())
        self._host = host
        self._messages: dict[str, MessageAccess] = {}

    def _parts(self) -> list[QAccessibleInterface]:
        scene = self._host.scene
        seen = scene.column.visible(scene.top, scene.top + scene.size.height())
        ids = [scene.column.items[index].entry.id for index in seen]
        for id_ in ids:  # the order is that of the last use
            known = self._messages.pop(id_) if id_ in self._messages else None
            self._messages[id_] = MessageAccess(self, self._host, id_) if known is None else known
        while len(self._messages) > max(KEPT, len(ids)):
            self._messages.pop(next(iter(self._messages))).let_go()
        direct = Qt.FindChildOption.FindDirectChildrenOnly
        widgets = self._host.viewport().findChildren(QWidget, options=direct)
        shown = [QAccessible.queryAccessibleInterface(each) for each in widgets if each.isVisible()]
        messages = [self._messages[id_] for id_ in ids]
        return [*messages, *shown]

    def focused(self) -> QAccessibleInterface | None:
        """What has the keyboard's focus inside of the list."""
        key = self._host.scene.focused
        for message in self._parts() if key else ():
            if isinstance(message, MessageAccess):
                for spot in message.spots():
                    if spot.key == key:
                        return spot
        return None

    # QAccessibleWidget

    def text(self, kind: QAccessible.Text) -> str:
        """What it says."""
        if kind == Text.Name:
            return self._host.accessibleName()
        earlier = self._host.scene.earlier_words
        return earlier if kind == Text.Description else ""

    def childCount(self) -> int:
        return len(self._parts())

    def child(self, index: int) -> QAccessibleInterface:
        """One of the parts in it."""
        parts = self._parts()
        return parts[index] if 0 <= index < len(parts) else NOTHING

    def childAt(self, x: int, y: int) -> QAccessibleInterface:
        return next((each for each in self._parts() if each.rect().contains(x, y)), NOTHING)

    def indexOfChild(self, child: QAccessibleInterface) -> int:
        return next((at for at, each in enumerate(self._parts()) if each is child), -1)

    def focusChild(self) -> QAccessibleInterface:
        return self.focused() or NOTHING


def tell_focus(view: QWidget) -> None:
    """Tell screen readers which spot has the keyboard's focus."""
    if not QAccessible.isActive():
        return
    access = QAccessible.queryAccessibleInterface(view)
    spot = access.focused() if isinstance(access, TranscriptAccess) else None
    if spot is not None:
        QAccessible.updateAccessibility(QAccessibleEvent(spot, QAccessible.Event.Focus))


@cache
def install() -> None:
    """Have Qt ask here first what a transcript is for screen readers."""
    QAccessible.installFactory(_made)


def _made(_: str, object_: QObject) -> QAccessibleInterface | None:
    return TranscriptAccess(object_) if isinstance(object_, SceneArea) else None
