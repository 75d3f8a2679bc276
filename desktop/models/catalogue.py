"""The models that Cellar knows of: one file each in `resources/catalogue`."""

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NoReturn, TypeVar

from desktop.domain.catalogue import (
    WEIGHTS,
    Architecture,
    Entry,
    Licence,
    Source,
    SourceKind,
    Starter,
    preference,
)
from desktop.domain.errors import Problem
from desktop.domain.hardware import DEVICE_NAMES
from desktop.domain.sampling import checked_values
from desktop.domain.words import tr

T = TypeVar("T")

_KINDS: dict[type, str] = {
    str: "a text",
    int: "a whole number",
    bool: "true or false",
    list: "a list",
    dict: "a table",
}
_ID = re.compile(r"[a-z0-9][a-z0-9.-]{0,79}")
_REPOSITORY = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]*/[A-Za-z0-9][A-Za-z0-9._-]*")
_FILE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*\.gguf")
_LANGUAGE = re.compile(r"[a-z]{2}|mul")
_ADDRESS = re.compile(r"https://[a-z0-9.-]+/\S*")
_DEVICE = re.compile("|".join(DEVICE_NAMES[:-1]))
_WEIGHTS = re.compile("|".join(WEIGHTS))
_SHA256 = re.compile(r"[0-9a-f]{64}")
_WORD = re.compile(r"[a-z]+")
_SENTENCE = re.compile(r"\S.*\.")


def read_catalogue(folder: Path) -> tuple[Entry, ...]:
    """All entries: those that are free to get and to use first, then by size. Raises Problem."""
    return tuple(sorted((read_entry(path) for path in folder.glob("*.toml")), key=preference))


def read_entry(path: Path) -> Entry:
    """One file of the catalogue. Raises Problem that names the file and what is amiss in it."""
    try:
        return _entry(_Table(tomllib.loads(path.read_text(encoding="utf-8"))), path.stem)
    except (OSError, ValueError, Problem) as error:
        raise Problem(
            tr(
                "“{name}” in the catalogue is not as it should be: {error}",
                name=path.name,
                error=error,
            ),
            tr("Install Cellar again, or correct the file."),
        ) from error


class _Table:
    """A table of a file, whose keys are taken one by one until none may be left."""

    def __init__(self, body: Mapping[str, Any], name: str = "") -> None:
        self._body = dict(body)
        self._name = name

    def take(self, key: str, kind: type[T], default: T | None = None) -> T:
        """The value of a key, which must be there unless there is a default. Raises ValueError."""
        if key not in self._body and default is not None:
            return default
        value = self._body.pop(key, None)
        if not isinstance(value, kind) or (kind is not bool and isinstance(value, bool)):
            self._refuse(key, f"must be {_KINDS[kind]}")
        return value

    def count(self, key: str, default: int | None = None) -> int:
        """A whole number that is not negative; without a default, it must be positive."""
        value = self.take(key, int, default)
        if value < (0 if default is not None else 1):
            self._refuse(key, "is too small")
        return value

    def text(
        self, key: str, form: re.Pattern[str] | None = None, default: str | None = None
    ) -> str:
        """A text of a form; the default may be of another."""
        value = self.take(key, str, default)
        if value != default and not (value if form is None else form.fullmatch(value)):
            self._refuse(key, f"cannot be “{value:.80}”")
        return value

    def texts(
        self, key: str, form: re.Pattern[str], default: tuple[str, ...] | None = None
    ) -> tuple[str, ...]:
        """A list of texts of a form, none of them twice."""
        values = self.take(key, list, None if default is None else list(default))
        if not values or not all(isinstance(v, str) and form.fullmatch(v) for v in values):
            self._refuse(key, f"cannot be {values!s:.80}")
        if len(set(values)) < len(values):
            self._refuse(key, "says something twice")
        return tuple(values)

    def has(self, key: str) -> bool:
        """True when the key is there and was not taken yet."""
        return key in self._body

    def table(self, key: str) -> "_Table":
        """The table of that name."""
        return _Table(self.take(key, dict), f"{self._name}{key}.")

    def tables(self, key: str) -> "list[_Table]":
        """The list of tables of that name, at least one."""
        values = self.take(key, list)
        if not values or not all(isinstance(value, dict) for value in values):
            self._refuse(key, "must be tables")
        return [_Table(value, f"{self._name}{key}.") for value in values]

    def end(self) -> None:
        """Raises ValueError when a key was not taken."""
        if self._body:
            self._refuse(next(iter(self._body)), "is not known")

    def _refuse(self, key: str, why: str) -> NoReturn:
        raise ValueError(f"{self._name}{key} {why}.")


def _entry(table: _Table, stem: str) -> Entry:
    entry = Entry(
        id=table.text("id", _ID),
        name=table.text("name"),
        family=table.text("family"),
        parameters=table.count("parameters"),
        context_length=table.count("context_length"),
        languages=table.texts("languages", _LANGUAGE),
        licence=_licence(table.table("licence")),
        homepage=table.text("homepage", _ADDRESS),
        summary=table.text("summary", _SENTENCE),
        architecture=_architecture(table.table("architecture")),
        speciality=table.text("speciality", _WORD, default=""),
        thinking=table.take("thinking", bool, default=False),
        devices=table.texts("devices", _DEVICE),
        sampling=checked_values(table.take("sampling", dict, {})),
        sources=tuple(_source(source) for source in table.tables("sources")),
        starter=_starter(table),
        unsupported=table.text("unsupported", _SENTENCE, default=""),
        layout=table.text("layout", _ID, default=""),
    )
    table.end()
    if entry.id != stem:
        raise ValueError("id is not the file's name.")
    return entry


def _licence(table: _Table) -> Licence:
    licence = Licence(
        name=table.text("name"),
        url=table.text("url", _ADDRESS),
        notice=table.text("notice", default=""),
        gated=table.take("gated", bool, default=False),
    )
    table.end()
    return licence


def _architecture(table: _Table) -> Architecture:
    architecture = Architecture(
        layers=table.count("layers"),
        hidden=table.count("hidden"),
        kv_heads=table.count("kv_heads"),
        head_size=table.count("head_size"),
        vocabulary=table.count("vocabulary"),
        tied=table.take("tied", bool, default=False),
        lookup=table.count("lookup", default=0),
    )
    table.end()
    return architecture


def _source(table: _Table) -> Source:
    kind = SourceKind(table.text("kind"))
    is_gguf = kind is SourceKind.GGUF
    source = Source(
        kind=kind,
        repository=table.text("repository", _REPOSITORY),
        weights=table.text("weights", _WEIGHTS),
        file=table.text("file", _FILE) if is_gguf else "",
        checked=table.take("checked", bool),
        gated=table.take("gated", bool, default=False),
        devices=table.texts("devices", _DEVICE, default=("CPU", "GPU")),
    )
    table.end()
    return source


def _starter(table: _Table) -> Starter | None:
    """The file that comes with the program; its package and version are for `dev.py`."""
    if not table.has("starter"):
        return None
    given = table.table("starter")
    starter = Starter(
        file=given.text("file", _FILE),
        size=given.count("size"),
        sha256=given.text("sha256", _SHA256),
        weights=given.text("weights", _WEIGHTS),
    )
    given.text("package")
    given.text("version")
    given.end()
    return starter
