"""The catalogue as it would be on this computer."""

from collections.abc import Sequence

from desktop.domain.catalogue import WEIGHTS, Entry, SourceKind, best_source
from desktop.domain.fit import Machine, advise, best
from desktop.domain.sizes import download_size, needs
from desktop.services.shelf.notices import Offer, Offered

READY, COMPRESSED_HERE, FROM_GGUF = "ready", "compressed here", "from GGUF"
CONVERTED_HERE = "converted here"


def offered(catalogue: Sequence[Entry], machine: Machine, why_no_conversion: str = "") -> Offered:
    """Every model in every weight format, and the one that is best for this computer.

    `why_no_conversion`: a sentence where PyTorch checkpoints cannot be converted here.
    """
    found = tuple(
        _offer(entry, weights, machine, why_no_conversion)
        for entry in catalogue
        for weights in WEIGHTS
    )
    choice = best(catalogue, machine)
    key = (choice.entry.id, choice.weights) if choice else None
    recommended = next((o for o in found if (o.entry.id, o.weights) == key), None)
    return Offered(found, recommended)


def _offer(entry: Entry, weights: str, machine: Machine, why_no_conversion: str) -> Offer:
    convertible = not why_no_conversion
    source = best_source(entry, weights, convertible=convertible)
    converted = source is None and best_source(entry, weights, convertible=True)
    fit = advise(entry, weights, machine, convertible=convertible)
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
        how=how_made(source.kind, source.weights, weights) if source else "",
        source=source,
        missing=why_no_conversion if converted else "",
    )


def how_made(kind: SourceKind, have: str, weights: str) -> str:
    """How weights come about from what a source has."""
    if kind is SourceKind.GGUF:
        return FROM_GGUF
    if kind is SourceKind.PYTORCH:
        return CONVERTED_HERE
    return READY if have == weights else COMPRESSED_HERE
