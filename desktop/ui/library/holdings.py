"""Which offers of the catalogue are here already, and which are on their way."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from desktop.domain.model import Model
from desktop.services.shelf.notices import Job, Offer
from desktop.ui.library.words import label_of


@dataclass(frozen=True, slots=True)
class Holdings:
    """The installed models and the jobs, as far as the catalogue cares."""

    models: dict[str, str] = field(default_factory=dict)  # ids by label
    jobs: frozenset[str] = frozenset()  # labels

    def model_id(self, offer: Offer) -> str:
        """The installed model that an offer came to, or an empty text."""
        return self.models.get(label_of(offer.entry.name, offer.weights), "")

    def on_its_way(self, offer: Offer) -> bool:
        """True while a job for the offer is not over."""
        return label_of(offer.entry.name, offer.weights) in self.jobs


def holdings(models: Iterable[Model], jobs: Iterable[Job]) -> Holdings:
    """Taken from what the shelf tells: jobs and models are called by name and weight format."""
    return Holdings(
        {label_of(model.name, model.weights): model.id for model in models},
        frozenset(job.name for job in jobs),
    )
