"""The weight formats that an examined source can be had in, as they would be on this computer."""

from collections.abc import Sequence

from desktop.domain.catalogue import COMPRESSED, SourceKind
from desktop.domain.fit import Machine, judge
from desktop.domain.formats import FULL
from desktop.domain.model import Model
from desktop.domain.repository import RepositoryFacts
from desktop.domain.sizes import BYTES, FILES, RUNTIME, conversion_memory
from desktop.services.plans import HUB
from desktop.services.shelf.notices import Choice
from desktop.services.shelf.offers import COMPRESSED_HERE, CONVERTED_HERE, READY, how_made

# Of a model whose layers are not known: a conversation's cache beside its weights, roughly.
CACHE_SHARE = 0.1


def choices(
    facts: RepositoryFacts, machine: Machine, installed: Sequence[Model] = ()
) -> tuple[Choice, ...]:
    """Every format that can be had, smallest first; none where there is a problem.

    Of `installed` models, those in question are the formats of this very repository.
    """
    if facts.kind is None or facts.problem is not None:
        return ()
    here = {m.weights for m in installed if m.entry == f"{HUB}{facts.repository}"}
    formats = facts.formats or (facts.weights,)
    return tuple(_choice(facts, weights, machine, here) for weights in formats)


def _choice(facts: RepositoryFacts, weights: str, machine: Machine, here: set[str]) -> Choice:
    kind = facts.kind or SourceKind.OPENVINO
    compressed = FULL in here and weights in COMPRESSED  # nothing is fetched then
    made, fetched = _made_size(facts, weights), 0 if compressed else facts.size_of(weights)
    how = COMPRESSED_HERE if compressed else how_made(kind, facts.weights or weights, weights)
    memory = int(made * (1 + CACHE_SHARE)) + RUNTIME
    converting = conversion_memory(facts.size) if how == CONVERTED_HERE else 0
    room = made if how == READY else made + fetched
    verdict, reason = judge(memory, room, machine, converting)
    return Choice(
        weights=weights,
        how=how,
        download=fetched if facts.commit else 0,  # a folder is here already
        disk=made,
        memory=memory,
        verdict=verdict,
        reason=reason,
        installed=weights in here,
    )


def _made_size(facts: RepositoryFacts, weights: str) -> int:
    """Bytes of the model once it is here, from its parameters, else from the files' size."""
    fetched = facts.size_of(weights)
    if facts.kind is not SourceKind.GGUF and weights in ("", facts.weights):
        return fetched
    if facts.parameters and weights in BYTES:
        return int(facts.parameters * BYTES[weights]) + FILES
    come = weights if facts.kind is SourceKind.GGUF else facts.weights or "fp16"
    return int(fetched * BYTES.get(weights, 2.0) / BYTES.get(come, 2.0)) + FILES
