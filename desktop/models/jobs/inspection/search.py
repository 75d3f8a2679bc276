"""The job that searches the hub for models by words in their names."""

from collections.abc import Callable
from typing import Any

from desktop.domain.catalogue import SourceKind
from desktop.domain.events import Event, FoundRepositories, Progress, Stage
from desktop.domain.repository import RepositoryFound
from desktop.domain.words import tr
from desktop.engine.protocol import SearchHub
from desktop.models.jobs.fetch.connection import Connection
from desktop.models.jobs.fetch.listing import REPOSITORY, answered
from desktop.models.jobs.fetch.patience import Patience
from desktop.models.jobs.inspection.hub import licence_of, patiently

Send = Callable[[Event], None]

ASKED_FOR = ["downloads", "likes", "gated", "tags", "cardData", "config"]
KINDS = {  # by the tag that the hub gives; the first that fits
    "openvino": SourceKind.OPENVINO,
    "gguf": SourceKind.GGUF,
    "safetensors": SourceKind.PYTORCH,
}
LONGEST = 200  # characters of what is searched for


def search(command: SearchHub, send: Send, patience: Patience | None = None) -> FoundRepositories:
    """Ask the hub; most used first. Raises Problem."""
    patience = patience or Patience()
    connection = Connection(command.endpoint, command.token, patience)
    connection.say_why(tr("to search the hub for a model"))
    send(Progress(Stage("asking the hub")))

    def ask(api: Any) -> list[Any]:
        return list(
            api.list_models(
                search=command.text.strip()[:LONGEST],
                pipeline_tag="text-generation",
                sort="downloads",
                limit=command.most,
                expand=ASKED_FOR,
            )
        )

    try:
        return FoundRepositories(patiently(patience, lambda: answered(connection, ask, _found)))
    finally:
        for contact in connection.contacts():
            send(contact)
        connection.close()


def _found(answers: list[Any]) -> tuple[RepositoryFound, ...]:
    return tuple(_one(answer) for answer in answers if REPOSITORY.fullmatch(str(answer.id)))


def _one(answer: Any) -> RepositoryFound:
    tags = [tag for tag in answer.tags or [] if isinstance(tag, str)]
    config = answer.config if isinstance(answer.config, dict) else {}
    return RepositoryFound(
        repository=answer.id,
        kind=next((kind for tag, kind in KINDS.items() if tag in tags), None),
        architecture=str(config.get("model_type", ""))[:100],
        licence=licence_of(answer),
        gated=answer.gated not in (None, False, "false"),
        downloads=int(answer.downloads or 0),
        likes=int(answer.likes or 0),
    )
