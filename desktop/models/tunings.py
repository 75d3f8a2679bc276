"""`tuning.json`: which settings were found best for a model on a device of this computer."""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from desktop.domain.errors import Problem
from desktop.domain.events import Tried, Tuned
from desktop.domain.hardware import resolve_auto
from desktop.domain.model import Model
from desktop.domain.tuning import TypicalTurn, judged_by
from desktop.files import write_atomically
from desktop.models.machine import processor_name

KEPT = 200  # measurements; the oldest go first
_UNREADABLE = (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError)


class TuningStore:
    """Measurements hold for these weights, this device, processor and version of OpenVINO.

    Each call reads the file: the window and a command may run at the same time. What cannot be
    read counts as never measured.
    """

    def __init__(
        self, path: Path, version: str, turn: Callable[[], TypicalTurn], processor: str = ""
    ) -> None:
        """`turn` is asked each time: it is the user's choice."""
        self._path = path
        self.turn = turn
        self._version = version
        self._processor = processor or processor_name()

    def find(self, model: Model, device: str) -> Tuned | None:
        """What is known, the best of it chosen by the typical turn; None: nothing."""
        body = self._read()
        try:
            stored = body["tunings"][self._key(model, device, body["devices"])]
            tried = tuple(_tried(facts) for facts in stored["tried"])
            found = Tuned(tried[0], tried, bool(stored["complete"]))
            return judged_by(found, self.turn())
        except (*_UNREADABLE, IndexError, ZeroDivisionError):
            return None

    def properties(self, model: Model, device: str) -> dict[str, str]:
        """The best of OpenVINO's settings, as far as is known; none: its defaults."""
        found = self.find(model, device)
        return dict(found.best.properties) if found else {}

    def keep(self, model: Model, device: str, tuned: Tuned) -> None:
        """Remember a measurement. Best effort: it can be repeated."""
        body = self._read()
        key = self._key(model, device, body["devices"])
        body["tunings"].pop(key, None)
        body["tunings"][key] = {
            "tried": [asdict(one) for one in tuned.tried],
            "complete": tuned.complete,
        }
        for old in list(body["tunings"])[:-KEPT]:
            del body["tunings"][old]
        self._write(body)

    def know_devices(self, names: Mapping[str, str]) -> None:
        """Remember which devices are there, and what their maker calls them."""
        body = self._read()
        if body["devices"] != dict(names):
            self._write(body | {"devices": dict(names)})

    def resolved(self, device: str) -> str:
        """The device that a choice comes to, as far as the devices are known."""
        return resolve_auto(self._read()["devices"]) if device == "AUTO" else device

    def _key(self, model: Model, device: str, names: Mapping[str, str]) -> str:
        device = resolve_auto(names) if device == "AUTO" else device
        full_name = "" if device == "CPU" else names.get(device, "")
        facts = (model.id, _digest(model), device, full_name, self._processor, self._version)
        return json.dumps(facts)

    def _read(self) -> dict[str, Any]:
        try:
            body = json.loads(self._path.read_bytes())
            return {"devices": dict(body["devices"]), "tunings": dict(body["tunings"])}
        except _UNREADABLE:
            return {"devices": {}, "tunings": {}}

    def _write(self, body: Mapping[str, object]) -> None:
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            write_atomically(self._path, json.dumps(body, indent=1).encode())
        except (OSError, Problem):
            return


def _digest(model: Model) -> str:
    """Names the weights, whatever the model is called."""
    sums = sorted(f"{file.path} {file.sha256}" for file in model.files)
    return hashlib.sha256("\n".join(sums).encode()).hexdigest()[:16]


def _tried(facts: Mapping[str, Any]) -> Tried:
    return Tried(
        properties={str(name): str(value) for name, value in facts["properties"].items()},
        reading=float(facts["reading"]),
        writing=float(facts["writing"]),
        turn_s=float(facts["turn_s"]),
        accurate=bool(facts["accurate"]),
        deviation=float(facts["deviation"]),
    )
