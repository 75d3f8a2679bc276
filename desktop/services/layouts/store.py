"""Which model has which prompt layout: its own, or another one that the user gave it."""

import functools
import json
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from desktop.domain.catalogue import Entry
from desktop.domain.errors import Problem, UsageProblem
from desktop.domain.layout import Layout
from desktop.domain.model import Model
from desktop.domain.words import tr
from desktop.files import world_problem, write_atomically
from desktop.services.layouts import format
from desktop.services.layouts.format import NamedLayout
from desktop.services.plans import HUB
from desktop.services.toml_table import LARGEST, Table

log = logging.getLogger(__name__)

SUFFIX = ".toml"
VERSION = 1
OWN = ""  # what a model has of itself: no layout has such an id


@dataclass(frozen=True, slots=True)
class Choice:
    """A layout for one model: one that comes with Cellar, or the user's own words."""

    id: str = OWN
    edited: Layout | None = None


class LayoutStore:
    """Reads the shipped layouts; keeps the user's choices in one file of the data folder."""

    def __init__(
        self, shipped: Path, own: Path, entries: Callable[[], Sequence[Entry]] = lambda: ()
    ) -> None:
        self._folder = shipped
        self._file = own
        self._entries = entries

    @functools.cached_property
    def shipped(self) -> dict[str, NamedLayout]:
        """The layouts that come with Cellar, by their ids."""
        paths = sorted(self._folder.glob(f"*{SUFFIX}"))
        read = (format.read(path.read_bytes(), path.stem) for path in paths)
        found = (
            replace(each, name=tr(each.name), description=tr(each.description)) for each in read
        )
        return {each.id: each for each in sorted(found, key=lambda each: each.name.casefold())}

    def of(self, model: Model | None) -> Layout | None:
        """What a model is asked in; None: its own template, or plainly where it has none."""
        if model is None:
            return None
        chosen = self.choice(model)
        if chosen.edited:
            return chosen.edited
        named = self.shipped.get(chosen.id) or self.native(model)
        return named.layout if named else None

    def native(self, model: Model) -> NamedLayout | None:
        """The layout that the model was trained with, where it is known."""
        layout = model.layout
        if not layout and model.entry.startswith(HUB):
            repository = model.entry.removeprefix(HUB)
            by_source = {
                s.repository: each.layout for each in self._entries() for s in each.sources
            }
            layout = by_source.get(repository, "")
        return self.shipped.get(layout)

    def choice(self, model: Model) -> Choice:
        """What the user chose for a model."""
        return self._choices.get(model.id, Choice())

    def choose(self, model: Model, choice: Choice) -> None:
        """Keep a choice; one of nothing resets the model to its own. Raises Problem."""
        changed = {**self._choices, model.id: choice}
        if choice == Choice():
            del changed[model.id]
        models = {id_: _written(each) for id_, each in changed.items()}
        data = json.dumps({"format": VERSION, "models": models}, indent=2, ensure_ascii=False)
        try:
            self._file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            write_atomically(self._file, f"{data}\n".encode())
        except OSError as error:
            raise world_problem(error, tr("save the prompt layout")) from error
        self._choices = changed

    def named(self, name: str) -> Layout:
        """The layout of this id, or in this file. Raises Problem."""
        if name in self.shipped:
            return self.shipped[name].layout
        path = Path(name)
        if not path.is_file():
            known = ", ".join(sorted(self.shipped))
            raise UsageProblem(
                tr("There is no prompt layout “{name}”.", name=name[:80]),
                tr("Give a file, or one of: {known}.", known=known),
            )
        try:
            with path.open("rb") as file:
                data = file.read(LARGEST + 1)
        except OSError as error:
            raise world_problem(error, tr("read the prompt layout")) from error
        return format.read(data, "").layout

    @functools.cached_property
    def _choices(self) -> dict[str, Choice]:
        """By the models’ ids. What cannot be read is told of in the log, and counts as nothing."""
        try:
            body = json.loads(self._file.read_bytes())
            return {str(id_): _read(value) for id_, value in body["models"].items()}
        except FileNotFoundError:
            return {}
        except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            log.warning("the chosen prompt layouts were not read: %s", type(error).__name__)
        except Problem as problem:
            log.warning("the chosen prompt layouts were not read: %s", problem.what)
        return {}


def _written(choice: Choice) -> Any:
    return format.written_layout(choice.edited) if choice.edited else choice.id


def _read(value: Any) -> Choice:
    if isinstance(value, dict):
        return Choice(edited=format.layout_from(Table(value, lambda why: Problem(why, ""))))
    return Choice(str(value))
