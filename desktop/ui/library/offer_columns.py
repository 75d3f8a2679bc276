"""The columns of the catalogue: what each shows of an offer, and how it sorts."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import IntEnum

from desktop.domain.catalogue import WEIGHTS, Source
from desktop.domain.fit import Verdict
from desktop.services.shelf.notices import Offer
from desktop.ui.i18n import tr
from desktop.ui.library.words import (
    language_names,
    offer_text,
    offer_words,
    parameters_text,
    size_text,
    speed_text,
)

VERDICTS = tuple(Verdict)  # the best first

Rank = tuple[float, float] | tuple[str, float]


class Place(IntEnum):
    """The columns from the left."""

    MODEL = 0
    PARAMETERS = 1
    WEIGHTS = 2
    DOWNLOAD = 3
    MEMORY = 4
    SPEED = 5
    FIT = 6
    LICENCE = 7


@dataclass(frozen=True, slots=True)
class Column:
    """One column."""

    title: str
    text: Callable[[Offer], str]
    rank: Callable[[Offer], Rank]
    words: tuple[str, ...] = ()  # texts that there is room for, shown now or not
    least: str = ""  # what stays readable where there is no room for all; empty: all of it
    number: bool = False  # numbers end on the right, and large ones come first
    help: str = ""


def columns() -> tuple[Column, ...]:
    """In the order of `Place`."""
    return (*_what_it_is(), *_what_it_takes(), *_what_it_means())


def _what_it_is() -> tuple[Column, ...]:
    return (
        Column(tr("Model"), lambda o: o.entry.name, lambda o: (o.entry.name.casefold(), 0)),
        Column(
            tr("Size"),
            lambda o: parameters_text(o.entry.parameters),
            lambda o: (o.entry.parameters, 0),
            number=True,
            help=tr(
                "The numbers that the model is made of, its parameters. Larger models know more."
            ),
        ),
        Column(
            tr("Weights"),
            lambda o: o.weights.upper(),
            lambda o: (weights_rank(o.weights), 0),
            help=tr("How many bits each of its numbers takes: fewer are smaller and faster."),
        ),
    )


def _what_it_takes() -> tuple[Column, ...]:
    return (
        Column(
            tr("Download"),
            lambda o: size_text(o.download),
            lambda o: (o.download, 0),
            number=True,
        ),
        Column(
            tr("Memory"),
            lambda o: size_text(o.memory),
            lambda o: (o.memory, 0),
            number=True,
            help=tr("What it takes of this computer’s memory while it runs."),
        ),
        Column(
            tr("Tokens/s"),
            lambda o: speed_text(o.tokens_per_s),
            lambda o: (o.tokens_per_s, 0),
            number=True,
            help=tr(
                "The speed, estimated for this computer: how many tokens of an answer come in a "
                "second. A token is about three quarters of a word."
            ),
        ),
    )


def _what_it_means() -> tuple[Column, ...]:
    return (
        Column(
            tr("Fits"),
            offer_text,
            lambda o: (_standing(o), -o.entry.parameters),
            words=offer_words(),
        ),
        Column(
            tr("Licence"),
            lambda o: o.entry.licence.name,
            lambda o: (o.entry.licence.name.casefold(), 0),
            least="Apache-2.0",
        ),
    )


def weights_rank(weights: str) -> int:
    """The smallest format first, unknown ones last."""
    return WEIGHTS.index(weights) if weights in WEIGHTS else len(WEIGHTS)


def _standing(offer: Offer) -> int:
    """What fits comes first, what cannot be had yet comes last."""
    return VERDICTS.index(offer.verdict) if offer.how else len(VERDICTS)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the filters let through."""

    text: str = ""  # every word of it must be found
    weights: str = ""  # empty: any
    only_fitting: bool = False

    def takes(self, offer: Offer, searched: str) -> bool:
        """True when an offer is wanted; `searched` is the text that its words are looked for in."""
        if self.weights and offer.weights != self.weights:
            return False
        if self.only_fitting and (not offer.how or offer.verdict is Verdict.NO):
            return False
        return all(word in searched for word in self.text.casefold().split())


def searched_text(offer: Offer) -> str:
    """All that an offer can be found by."""
    entry = offer.entry
    parts = (
        entry.name,
        entry.family,
        entry.licence.name,
        offer.weights,
        parameters_text(entry.parameters),
        *language_names(entry.languages),
        tr("thinking") if entry.thinking else "",
        entry.speciality,
        tr("gated") if gated_source((offer,)) else "",
    )
    return " ".join(parts).casefold()


def gated_source(offers: Iterable[Offer]) -> Source | None:
    """The first source that wants an account and a token, if there is one."""
    return next((o.source for o in offers if o.source is not None and o.source.gated), None)
