"""One weight format of a model: what it takes, whether it fits, and the button to get it."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from desktop.domain.fit import Verdict
from desktop.services.shelf.commands import Get
from desktop.services.shelf.notices import Offer
from desktop.ui.i18n import tr
from desktop.ui.library.holdings import Holdings
from desktop.ui.library.parts import TextColumn, button, text_label
from desktop.ui.library.words import label_of, offer_facts, size_text, verdict_text
from desktop.ui.spacing import inset
from desktop.ui.widgets.beside_layout import BesideLayout
from desktop.ui.widgets.kind import set_kind


class FormatRow(QFrame):
    """A button that cannot be pressed says why in the line beside it."""

    asked = Signal(object)  # a ShelfCommand
    chosen = Signal(str)  # the id of a model that is installed already

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._offer: Offer | None = None
        self._model_id = ""
        self.setProperty("kind", "card")
        self._weights = text_label(kind="title")
        self._facts = text_label(kind="muted")
        self._fit = text_label(kind="muted")
        self.get = button("")
        self.get.clicked.connect(self._pressed)
        body = BesideLayout()
        body.addWidget(TextColumn(self._weights, self._facts, self._fit))
        body.addWidget(self.get)
        body.setAlignment(self.get, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        row = QHBoxLayout(self)
        inset(row, 12, 8, 8, 8)
        row.addLayout(body)

    def offer(self) -> Offer | None:
        """The offer on show."""
        return self._offer

    def texts(self) -> list[str]:
        """All that is said of the offer."""
        return [label.text() for label in (self._weights, self._facts, self._fit)]

    def show_offer(self, offer: Offer, holdings: Holdings) -> None:
        """Show an offer, and whether it is here or on its way."""
        offer = holdings.without_download(offer)
        self._offer = offer
        self._model_id = holdings.model_id(offer)
        self._weights.setText(offer.weights.upper())
        self._facts.setText(offer_facts(offer))
        self._fit.setText(fit_sentence(offer))
        obtainable = bool(offer.how) and offer.verdict is not Verdict.NO
        on_its_way = holdings.on_its_way(offer)
        self.get.setEnabled(bool(self._model_id) or (obtainable and not on_its_way))
        self.get.setText(self._button_text(offer, on_its_way=on_its_way))
        name = label_of(offer.entry.name, offer.weights)
        self.get.setAccessibleName(f"{self.get.text()}: {name}")
        self.get.setAccessibleDescription(self._fit.text())

    def stress(self, primary: bool) -> None:
        """Make the button the one that stands out."""
        set_kind(self.get, "primary" if primary else "")

    def _button_text(self, offer: Offer, *, on_its_way: bool) -> str:
        if self._model_id:
            return tr("Use it")
        if on_its_way:
            return tr("On its way")
        if offer.download:
            return tr("Get it ({size})", size=size_text(offer.download))
        return tr("Get it")

    def _pressed(self) -> None:
        if self._model_id:
            self.chosen.emit(self._model_id)
        elif self._offer is not None:
            self.asked.emit(Get(self._offer.entry.id, self._offer.weights))


def fit_sentence(offer: Offer) -> str:
    """Whether an offer can be had and run here, and why."""
    if offer.verdict is Verdict.NO and offer.reason:
        return offer.reason
    if offer.missing:
        return tr("It would have to be converted from PyTorch, which this Cellar cannot do.")
    if not offer.how:
        return tr("It cannot be had in this format yet.")
    word = verdict_text(offer.verdict)
    return f"{word}. {offer.reason}" if offer.reason else f"{word}."
