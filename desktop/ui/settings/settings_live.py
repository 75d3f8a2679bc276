"""The settings while the window is open: a change holds at once and is written elsewhere."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal, Slot

from desktop.domain.errors import Problem
from desktop.settings.store import SettingsStore
from desktop.settings.table import BY_NAME, SETTINGS, SettingValue


class LiveSettings(QObject):
    """Lives in the window's thread. Whoever a setting concerns listens to `changed`."""

    changed = Signal(str, object)  # its name, and the value that holds now
    refused = Signal(str)  # why a value was not taken, or is not kept

    def __init__(
        self,
        store: SettingsStore,
        save: Callable[[str], None],
        parent: QObject | None = None,
    ) -> None:
        """`save` has the named setting written, in a thread that may wait for the disk."""
        super().__init__(parent)
        self._store = store
        self._save = save
        self._at_start = {row.name: store.get(row.name) for row in SETTINGS}

    def get(self, name: str) -> SettingValue:
        """The value in effect."""
        return self._store.get(name)

    def switch(self, name: str) -> bool:
        """The value of a setting that is on or off."""
        return self._store.switch(name)

    def text(self, name: str) -> str:
        """The value of a setting that is a text."""
        return self._store.text(name)

    def number(self, name: str) -> int:
        """The value of a setting that is a whole number."""
        return self._store.number(name)

    def names(self, name: str) -> tuple[str, ...]:
        """The value of a setting that is a list of texts."""
        return self._store.names(name)

    def waits(self, name: str) -> bool:
        """True when a change takes effect only with the next start."""
        return BY_NAME[name].restart and self.get(name) != self._at_start[name]

    @Slot(str, object)
    def choose(self, name: str, value: SettingValue) -> None:
        """The user wants this value."""
        before = self.get(name)
        try:
            if self._store.choose(name, value):
                self._save(name)
        except Problem as problem:
            self.refused.emit(str(problem))
        if self.get(name) != before:
            self.changed.emit(name, self.get(name))
