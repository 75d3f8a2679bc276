"""The catalogue as it would be on this computer."""

from collections.abc import Sequence

from desktop.domain.catalogue import WEIGHTS, Entry, Source, SourceKind, best_source
from desktop.domain.fit import Machine, advise, best
from desktop.domain.sizes import download_size, needs
from desktop.services.shelf.notices import Offer, Offered

READY, COMPRESSED_HERE, FROM_GGUF = "ready", "compressed here", "from GGUF"


def offered(catalogue: Sequence[Entry], machine: Machine) -> Offered:
    """Every model in every weight format, and the one that is best for this computer."""
    found = tuple(_offer(entry, weights, machine) for entry in catalogue for weights in WEIGHTS)
    choice = best(catalogue, machine)
    key = (choice.entry.id, choice.weights) if choice else None
    recommended = next((o for o in found if (o.entry.id, o.weights) == key), None)
    return Offered(found, recommended)


def _offer(entry: Entry, weights: str, machine: Machine) -> Offer:
    source = best_source(entry, weights)
    fit = advise(entry, weights, machine)
    need = needs(entry, weights)
    return Offer(
        entry=entry,
        weights=weights,
        download=download_size(entry, source) if source else 0,
        disk=need.disk,
        memory=need.memory,
        verdict=fit.verdict,
        reason=fit.reason,
        tokens_per_s=fit.tokens_per_s,
        how=_how(source, weights) if source else "",
    )


def _how(source: Source, weights: str) -> str:
    if source.kind is SourceKind.GGUF:
        return FROM_GGUF
    return READY if source.weights == weights else COMPRESSED_HERE
