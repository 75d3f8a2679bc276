"""The job that asks the hub what a repository holds. Of its files it fetches settings only."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import quote

from desktop.domain.catalogue import WEIGHTS, SourceKind
from desktop.domain.errors import Problem
from desktop.domain.events import Event, Inspected, Progress, Stage
from desktop.domain.repository import RepositoryFacts, RepositoryFile
from desktop.domain.words import listed, tr
from desktop.engine.protocol import Inspect
from desktop.models.conversion import refuse_without_packages
from desktop.models.jobs import bundle
from desktop.models.jobs.fetch import names
from desktop.models.jobs.fetch.choice import refuse_code_in_settings
from desktop.models.jobs.fetch.connection import Connection
from desktop.models.jobs.fetch.listing import Listing, asked, listing_of
from desktop.models.jobs.fetch.patience import Again, Patience, Tries
from desktop.models.jobs.gguf_checks import ARCHITECTURES
from desktop.models.jobs.inspection.contents import Contents, contents_of
from desktop.models.jobs.inspection.description import (
    described,
    refuse_inconvertible,
    settings_in,
    weights_of_ir,
)

Send = Callable[[Event], None]
T = TypeVar("T")

OF_EXPORT = "openvino_config.json"  # in which optimum-intel notes how it has made a model
LARGEST_SETTINGS = 4 * 2**20  # bytes
SPDX = {"apache-2.0": "Apache-2.0", "mit": "MIT"}


@dataclass(frozen=True, slots=True)
class Card:
    """What the hub itself knows of a repository."""

    listing: Listing
    licence: str
    gated: bool
    parameters: int
    gguf: Mapping[str, Any]


def inspect(command: Inspect, send: Send, patience: Patience | None = None) -> Inspected:
    """Ask the hub. What cannot be had here is in the facts. Raises Problem."""
    patience = patience or Patience()
    connection = Connection(command.endpoint, command.token, patience)
    connection.say_why(tr("to look at {repository}", repository=command.repository))
    send(Progress(Stage("asking the hub")))
    try:
        return Inspected(_Inspection(command, connection, patience).facts())
    finally:
        for contact in connection.contacts():
            send(contact)
        connection.close()


class _Inspection:
    def __init__(self, command: Inspect, connection: Connection, patience: Patience) -> None:
        self._command = command
        self._connection = connection
        self._patience = patience

    def facts(self) -> RepositoryFacts:
        repository, revision = self._command.repository, self._command.revision
        card = patiently(
            self._patience,
            lambda: asked(
                *(self._connection, repository, revision, self._patience.listing_s), card_of
            ),
        )
        facts: dict[str, Any] = {
            "repository": repository,
            "commit": card.listing.commit,
            "licence": card.licence,
            "gated": card.gated,
            "parameters": card.parameters,
        }
        found: Contents | None = None
        try:
            names.refuse_hostile(repository, [file.path for file in card.listing.files])
            files = [RepositoryFile(file.path, file.size) for file in card.listing.files]
            found = contents_of(repository, files)
            facts |= {"kind": found.kind, "files": found.files, "formats": found.formats}
            facts |= self._told(card, found)
        except Problem as problem:
            facts |= {"what": problem.what, "remedy": problem.remedy}
        return RepositoryFacts(**facts)

    def _told(self, card: Card, found: Contents) -> dict[str, Any]:
        """What the settings say. Raises Problem for what cannot be had here."""
        if found.kind is SourceKind.GGUF:
            return _of_gguf(card)
        settings = self._settings(card.listing, bundle.SETTINGS)
        description = described(settings)
        told: dict[str, Any] = {
            "architecture": description.architecture,
            "context_length": description.context_length,
        }
        if found.kind is SourceKind.PYTORCH:
            refuse_inconvertible(card.listing.repository, settings)
            refuse_without_packages()
            weights = sum(f.size for f in found.files if f.path.endswith(".safetensors"))
            parameters = card.parameters or weights // description.number_size
            return told | {"weights": "fp16", "parameters": parameters}
        label = weights_of_ir(
            self._settings(card.listing, OF_EXPORT), card.listing.repository.rpartition("/")[2]
        )
        formats = {"fp16": WEIGHTS, "": ()}.get(label, (label,))
        return told | {"weights": label, "formats": formats}

    def _settings(self, listing: Listing, name: str) -> dict[str, Any]:
        """Of a settings file; empty where there is none. Raises Problem when it wants code run."""
        if not any(file.path == name for file in listing.files):
            return {}
        body = patiently(self._patience, lambda: self._body(listing, name))
        refuse_code_in_settings(listing.repository, name, body)
        return settings_in(body)

    def _body(self, listing: Listing, name: str) -> bytes:
        where = f"{listing.repository}/resolve/{listing.commit}/{quote(name)}"
        url = f"{self._connection.endpoint}/{where}"
        body = b""
        with self._connection.open(url, listing.repository, {}) as response:
            for data in response.iter_bytes():
                body += data
                if len(body) > LARGEST_SETTINGS:
                    raise Problem(
                        tr(
                            "The {name} of {repository} is far too large.",
                            name=name,
                            repository=listing.repository,
                        ),
                        tr("Use another repository of this model."),
                    )
        return body


def _of_gguf(card: Card) -> dict[str, Any]:
    architecture = str(card.gguf.get("architecture", ""))[:100]
    if architecture and architecture not in ARCHITECTURES:
        raise Problem(
            tr(
                "{repository} holds a model of the kind “{architecture}”. From GGUF files,"
                " Cellar makes {architectures} and {last}.",
                repository=card.listing.repository,
                architecture=architecture[:40],
                architectures=listed(ARCHITECTURES[:-1]),
                last=ARCHITECTURES[-1],
            ),
            tr("Choose another model, or an OpenVINO repository of this one."),
        )
    return {
        "architecture": architecture,
        "context_length": _count(card.gguf.get("context_length")),
        "parameters": _count(card.gguf.get("total")) or card.parameters,
    }


def card_of(answer: Any) -> Card:
    """What the hub's answer says. Raises ValueError, TypeError, AttributeError."""
    gguf = answer.gguf if isinstance(answer.gguf, dict) else {}
    return Card(
        listing_of(answer, str(answer.id)),
        licence_of(answer),
        answer.gated not in (None, False, "false"),
        _count(getattr(answer.safetensors, "total", 0)),
        gguf,
    )


def licence_of(answer: Any) -> str:
    """As SPDX writes it, where that is known."""
    card = answer.card_data
    given = getattr(card, "license", None)
    if given in (None, "other"):
        given = getattr(card, "license_name", None) or given
    if not isinstance(given, str):
        tags = [tag for tag in answer.tags or [] if isinstance(tag, str)]
        named = (tag.removeprefix("license:") for tag in tags if tag.startswith("license:"))
        given = next(named, "")
    return SPDX.get(given, given)[:100]


def patiently(patience: Patience, work: Callable[[], T]) -> T:
    """What `work` brings, in as many tries as may help. Raises Problem."""
    tries = Tries(patience, patience.listing_s)
    while True:
        try:
            return work()
        except Again as failure:
            time.sleep(tries.pause(failure))


def _count(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        return 0
    return max(value, 0)
