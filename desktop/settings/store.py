"""The settings file, `settings.toml`: what the user chose, comments and unknown keys kept."""

import threading
import tomllib
from collections.abc import Sequence
from pathlib import Path

import tomlkit
from tomlkit.exceptions import TOMLKitError

from desktop.domain.errors import Problem, UsageProblem
from desktop.domain.words import tr
from desktop.files import free_name, replace, time_for_name, world_problem, write_atomically
from desktop.settings.migrations import (
    STEPS,
    VERSION_KEY,
    Document,
    Step,
    current_version,
    migrate,
    version_of,
)
from desktop.settings.table import BY_NAME, SETTINGS, SettingValue, checked

_UNREADABLE = (UnicodeDecodeError, tomllib.TOMLDecodeError, TOMLKitError, RecursionError)


class SettingsStore:
    """The settings in effect. `problems` tells what was amiss with the file."""

    def __init__(self, path: Path | None, steps: Sequence[Step] = STEPS) -> None:
        """Read the file; None keeps the settings for this session only."""
        self.problems: list[Problem] = []
        self._path = path
        self._steps = steps
        self._writable = True
        self._writing = threading.Lock()
        self._amiss: set[str] = set()  # settings whose value in the file cannot be used
        self._values: dict[str, SettingValue] = {row.name: row.default for row in SETTINGS}
        self._take(self._read())

    def get(self, name: str) -> SettingValue:
        """The value in effect. Raises KeyError for a name that is not in the table."""
        return self._values[name]

    def text(self, name: str) -> str:
        """The value of a setting that is a text."""
        return str(self._values[name])

    def switch(self, name: str) -> bool:
        """The value of a setting that is on or off."""
        return self._values[name] is True

    def number(self, name: str) -> int:
        """The value of a setting that is a whole number."""
        value = self._values[name]
        return value if isinstance(value, int) else 0

    def names(self, name: str) -> tuple[str, ...]:
        """The value of a setting that is a list of texts."""
        value = self._values[name]
        return value if isinstance(value, tuple) else ()

    def set(self, name: str, value: SettingValue) -> None:
        """Change a setting, and write the file.

        Raises UsageProblem for a value that cannot be, and Problem when the file cannot be written;
        the value is then in effect until the program ends.
        """
        if self.choose(name, value):
            self.save(name)

    def choose(self, name: str, value: SettingValue) -> bool:
        """Have a value in effect; True when `save` has to write it. Raises UsageProblem."""
        value = checked(BY_NAME[name], value)
        if value == self._values[name] and name not in self._amiss:
            return False
        self._values[name] = value
        return True

    def save(self, name: str) -> None:
        """Write what is in effect, in any thread. Raises Problem."""
        if self._path is None or not self._writable:
            return
        try:
            with self._writing:
                self._write(self._path, name, self._values[name])
        except OSError as error:
            raise world_problem(error, tr("save the settings")) from error
        self._amiss.discard(name)

    def _read(self) -> Document:
        if self._path is None:
            return {}
        try:
            try:
                return tomllib.loads(_text_of(self._path))
            except _UNREADABLE:
                self._set_aside(self._path)
        except FileNotFoundError:
            pass
        except OSError as error:
            self._writable = False
            self.problems.append(world_problem(error, tr("read the settings")))
        return {}

    def _take(self, document: Document) -> None:
        if version_of(document) > current_version(self._steps):
            self._writable = False
            self.problems.append(_newer())
        migrate(document, self._steps)
        for name in BY_NAME.keys() & document.keys():
            try:
                self._values[name] = checked(BY_NAME[name], document[name])
            except UsageProblem as problem:
                default = BY_NAME[name].default
                self._amiss.add(name)
                self.problems.append(
                    Problem(
                        problem.what,
                        tr(
                            "{remedy} Until then it is “{default}”.",
                            remedy=problem.remedy,
                            default=default,
                        ),
                    )
                )

    def _write(self, path: Path, name: str, value: SettingValue) -> None:
        """Change the one key in the file as it is now: the user may have edited it meanwhile."""
        document = self._document(path)
        if version_of(document) > current_version(self._steps):
            raise _newer()
        migrate(document, self._steps)
        document[name] = value
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_atomically(path, tomlkit.dumps(document).encode("utf-8"))

    def _document(self, path: Path) -> Document:
        try:
            return tomlkit.parse(_text_of(path))
        except FileNotFoundError:
            pass
        except _UNREADABLE:
            self._set_aside(path)
        document = tomlkit.document()
        document[VERSION_KEY] = current_version(self._steps)
        for row in SETTINGS:
            if self._values[row.name] != row.default:
                document[row.name] = self._values[row.name]
        return document

    def _set_aside(self, path: Path) -> None:
        kept = free_name(path.parent, f"{path.name}.damaged-{time_for_name()}")
        replace(path, kept)
        self.problems.append(
            Problem(
                tr("The settings file could not be read, so the settings start afresh."),
                tr("The old file is kept as “{name}”.", name=kept.name),
            )
        )


def _text_of(path: Path) -> str:
    """The file's text. Editors on Windows put a byte order mark before it."""
    return path.read_bytes().decode("utf-8-sig")


def _newer() -> Problem:
    return Problem(
        tr("The settings were written by a newer version of Cellar."),
        tr("What can be read is used, and changes last until you close Cellar."),
    )
