"""Which offers of the catalogue are here already, and which are on their way."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from desktop.domain.formats import FULL
from desktop.domain.model import Model
from desktop.services.shelf.notices import Job, Offer
from desktop.services.shelf.offers import COMPRESSED_HERE, CONVERTED_HERE
from desktop.ui.library.words import label_of


@dataclass(frozen=True, slots=True)
class Holdings:
    """The installed models and the jobs, as far as the catalogue cares."""

    models: dict[str, str] = field(default_factory=dict)  # ids by label
    jobs: frozenset[str] = frozenset()  # labels
    full: frozenset[str] = frozenset()  # ids of the catalogue that are here in FP16

    def model_id(self, offer: Offer) -> str:
        """The installed model that an offer came to, or an empty text."""
        return self.models.get(label_of(offer.entry.name, offer.weights), "")

    def without_download(self, offer: Offer) -> Offer:
        """The offer as it is where its FP16 weights are here: they are compressed, none come."""
        made = offer.how in (COMPRESSED_HERE, CONVERTED_HERE) and offer.weights != FULL
        if made and offer.entry.id in self.full:
            return replace(offer, how=COMPRESSED_HERE, download=0)
        return offer

    def on_its_way(self, offer: Offer) -> bool:
        """True while a job for the offer is not over."""
        return label_of(offer.entry.name, offer.weights) in self.jobs


def holdings(models: Sequence[Model], jobs: Iterable[Job]) -> Holdings:
    """Taken from what the shelf tells: jobs and models are called by name and weight format."""
    return Holdings(
        {label_of(model.name, model.weights): model.id for model in models},
        frozenset(job.name for job in jobs),
        frozenset(model.entry for model in models if model.weights == FULL),
    )
