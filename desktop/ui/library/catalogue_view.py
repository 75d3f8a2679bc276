"""The catalogue: its filters, its table, and the details of the row that is open."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QLineEdit, QVBoxLayout, QWidget

from desktop.services.shelf.notices import Offer, Offered
from desktop.ui.i18n import tr, trn
from desktop.ui.icons import IconSet
from desktop.ui.library.details import Details
from desktop.ui.library.holdings import Holdings
from desktop.ui.library.model_table import ModelTable
from desktop.ui.library.offer_columns import Wanted
from desktop.ui.library.offer_model import OfferModel
from desktop.ui.library.parts import TextColumn, button, chain_focus, line_of, text_label
from desktop.ui.spacing import at_least, space
from desktop.ui.theme import Theme
from desktop.ui.widgets.beside_layout import BesideLayout
from desktop.ui.widgets.picker import Choice, Picker

ANY = "any"
USUAL = "int4"  # what a laptop runs best; one row a model is easier to read than three


class CatalogueView(QWidget):
    """Shows nothing but a line while the catalogue is not known."""

    asked = Signal(object)  # a ShelfCommand
    chosen = Signal(str)  # the id of an installed model
    alternatives_wanted = Signal(str)  # the name of a model that cannot be had as it is
    link_activated = Signal(str)
    wants_room = Signal()  # a row has opened or got the focus, and should be seen

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("catalogue")
        self.setAccessibleName(tr("Catalogue"))
        self._holdings = Holdings()
        self._offers: tuple[Offer, ...] = ()
        self.model = OfferModel(self)
        self._count = text_label(kind="muted")
        self.search = QLineEdit()
        self.weights = Picker("weightsFilter", tr("Weights"))
        self.only_fitting = QCheckBox(tr("Only what fits"))
        self._empty = text_label(kind="muted")
        self.everything = button(tr("Show everything"), spoken=tr("Clear all filters"))
        self.details = Details()
        self._set_up_filters()
        self.table = ModelTable(self.model, self.details)
        self._lay_out()
        self.table.opened.connect(self._show_details)
        self.table.entered.connect(self.details.focus_first)
        self.table.wants_room.connect(self.wants_room)
        for signal, target in (
            (self.details.asked, self.asked),
            (self.details.chosen, self.chosen),
            (self.details.alternatives_wanted, self.alternatives_wanted),
            (self.details.link_activated, self.link_activated),
        ):
            signal.connect(target)
        chain_focus(self.everything, (self.table.horizontalHeader(), self.table))
        self._filter()

    def set_offered(self, offered: Offered) -> None:
        """Take the whole catalogue; the row that is open stays so."""
        self._offers = offered.offers
        self.model.set_offers(offered.offers, offered.recommended)
        self._tell_count()

    def set_holdings(self, holdings: Holdings) -> None:
        """Tell what is installed, and what is on its way."""
        self._holdings = holdings
        self.model.set_holdings(holdings)
        self._show_details(self.table.open_offer())

    def give_way(self) -> None:
        """Something was refused; a token that was handed over may be what."""
        self.details.access.explain()

    def set_theme(self, theme: Theme, icons: IconSet) -> None:
        """Take colours and icons."""
        self.weights.set_theme(theme, icons)
        self.table.set_theme(theme, icons)
        if self.search.actions():
            self.search.removeAction(self.search.actions()[0])
        leading = QLineEdit.ActionPosition.LeadingPosition
        self.search.addAction(icons.icon("search", 16, theme.text_muted), leading)

    def _show_details(self, chosen: Offer | None) -> None:
        if chosen is not None:
            of_model = [offer for offer in self._offers if offer.entry.id == chosen.entry.id]
            self.details.show_offers(chosen, of_model, self._holdings)

    def _filter(self) -> None:
        weights = self.weights.current()
        self.model.set_wanted(
            Wanted(
                self.search.text(),
                "" if weights == ANY else weights,
                self.only_fitting.isChecked(),
            )
        )
        self._tell_count()

    def _show_everything(self) -> None:
        self.search.clear()
        self.weights.set_current(ANY)
        self.only_fitting.setChecked(False)
        self._filter()
        self.search.setFocus()

    def _tell_count(self) -> None:
        shown, known = self.model.rowCount(), self.model.count()
        self.table.setVisible(shown > 0)
        self._empty.setVisible(shown == 0)
        self.everything.setVisible(shown == 0 and known > 0)
        self._empty.setText(
            tr("No model in the catalogue matches.") if known else tr("Reading the catalogue …")
        )
        models = len({offer.entry.id for offer in self._offers})
        self._count.setText(trn("{count} model", "{count} models", models) if models else "")

    def _set_up_filters(self) -> None:
        self.search.setObjectName("modelFilter")
        self.search.setPlaceholderText(tr("Name, language, licence, thinking …"))
        self.search.setAccessibleName(tr("Search the catalogue"))
        self.search.setClearButtonEnabled(True)
        self.search.setAcceptDrops(False)  # a file that is dropped here is a model too
        at_least(self.search, 160)
        self.only_fitting.setObjectName("onlyFitting")
        self.only_fitting.setAccessibleName(tr("Show only models that fit this computer"))
        self.weights.fill(weight_choices())
        self.weights.set_current(USUAL)
        self.search.textChanged.connect(self._filter)
        self.weights.choice_made.connect(self._filter)
        self.only_fitting.toggled.connect(self._filter)
        self.everything.clicked.connect(self._show_everything)

    def _lay_out(self) -> None:
        head = QVBoxLayout()
        head.setSpacing(0)
        head.addWidget(text_label(tr("Catalogue"), "title"))
        head.addWidget(self._count)
        filters = BesideLayout()
        filters.addWidget(TextColumn(self.search))
        filters.addWidget(line_of(self.weights, self.only_fitting))
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        space(rows, 8)
        rows.addLayout(head)
        rows.addLayout(filters)
        rows.addWidget(self._empty)
        rows.addWidget(line_of(self.everything))
        rows.addWidget(self.table)


def weight_choices() -> tuple[Choice, ...]:
    """The weight formats, and what each is good for."""
    return (
        Choice("int4", "INT4", tr("Smallest and fastest")),
        Choice("int8", "INT8", tr("Twice as large, closer to the original")),
        Choice("fp16", "FP16", tr("As its makers made it, the largest")),
        Choice(ANY, tr("All weights"), tr("Every model in every format")),
    )
