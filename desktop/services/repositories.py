"""Looking at repositories and folders before anything large is fetched."""

from pathlib import Path

from desktop.domain.catalogue import Source, SourceKind
from desktop.domain.errors import Problem
from desktop.domain.events import FoundRepositories, Inspected
from desktop.domain.repository import RepositoryFacts, RepositoryFound
from desktop.domain.words import listed, tr
from desktop.engine.protocol import Inspect, InspectLocal, SearchHub
from desktop.services.jobs import OnEvent, Work
from desktop.services.network import Network

MOST_FOUND = 30
IR_FILE = "openvino_model.xml"


def inspect(
    repository: str,
    revision: str,
    network: Network,
    work: Work,
    on_event: OnEvent = lambda _: None,
) -> RepositoryFacts:
    """What a repository of the hub (owner/name) holds; a child process asks, for some seconds.

    Why it cannot be had here, if so, is in the facts. Raises Problem when nothing can be told,
    and Cancelled after `Work.end`.
    """
    network.refuse_offline(
        tr("The hub would have to be asked about {repository}", repository=repository)
    )
    command = Inspect(repository, revision or "main", network.endpoint, network.token())
    return work.answer(command, Inspected, on_event).facts


def inspect_local(path: Path, work: Work, on_event: OnEvent = lambda _: None) -> RepositoryFacts:
    """The same of a folder or a GGUF file on this computer."""
    return work.answer(InspectLocal(str(path)), Inspected, on_event).facts


def source_of(facts: RepositoryFacts, weights: str) -> Source:
    """Where a weight format comes from; empty: as it is. Raises Problem."""
    if facts.problem is not None:
        raise facts.problem
    fetched = facts.fetched(weights)
    offered = facts.formats or (weights,)
    if facts.kind is None or not fetched or (weights and weights not in offered):
        raise Problem(
            tr(
                "{repository} cannot be had in {weights} here.",
                repository=facts.repository,
                weights=weights.upper(),
            ),
            tr("It can be had in: {formats}.", formats=listed(facts.formats)),
        )
    if facts.kind is SourceKind.GGUF:
        return Source(facts.kind, facts.repository, weights, fetched[0].path)
    return Source(facts.kind, facts.repository, facts.weights)


def content_of(path: Path, work: Work, on_event: OnEvent) -> tuple[Path, SourceKind | None]:
    """A model on this computer: the file or folder that is it, and its kind if that is known.

    Raises Problem for a folder with nothing that can be used.
    """
    if path.is_file() or (path / IR_FILE).is_file():  # the job itself tells what it thinks of it
        return path, None
    facts = inspect_local(path, work, on_event)
    source = source_of(facts, "")
    return (path / source.file if source.file else path), facts.kind


def search(
    text: str, network: Network, work: Work, on_event: OnEvent = lambda _: None
) -> tuple[RepositoryFound, ...]:
    """Models of the hub with these words in their names, most used first.

    Raises Problem, and Cancelled after `Work.end`.
    """
    network.refuse_offline(tr("The hub would have to be asked"))
    command = SearchHub(text, MOST_FOUND, network.endpoint, network.token())
    return work.answer(command, FoundRepositories, on_event).found
