"""The catalogue as a table: filtered and sorted in memory, a thousand rows in milliseconds."""

from collections.abc import Sequence

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
)

from desktop.domain.fit import Verdict
from desktop.services.shelf.notices import Offer
from desktop.ui.i18n import tr
from desktop.ui.library.holdings import Holdings
from desktop.ui.library.offer_columns import (
    Place,
    Rank,
    Wanted,
    columns,
    searched_text,
    weights_rank,
)
from desktop.ui.widgets.announce import plain_tooltip

Index = QModelIndex | QPersistentModelIndex
Key = tuple[str, str]  # of an offer: the entry's id and the weight format

OFFER_ROLE = Qt.ItemDataRole.UserRole
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


def key_of(offer: Offer) -> Key:
    """What stays the same of an offer when its numbers change."""
    return offer.entry.id, offer.weights


class OfferModel(QAbstractTableModel):
    """One row an offer. Every change of the rows is a reset; the view keeps its place by key."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._columns = columns()
        self._all: list[tuple[Offer, str]] = []
        self._shown: list[Offer] = []
        self._best: Key | None = None
        self._wanted = Wanted()
        self._holdings = Holdings()
        self._sorted_by = Place.FIT
        self._order = Qt.SortOrder.AscendingOrder
        self.texts: dict[Place, frozenset[str]] = {}  # what each column has to hold

    def set_offers(self, offers: Sequence[Offer], best: Offer | None = None) -> None:
        """Take the whole catalogue, and which of it is recommended."""
        self._best = key_of(best) if best else None
        self._all = [(offer, searched_text(offer)) for offer in offers]
        self.texts = {
            place: frozenset((*column.words, *map(column.text, offers)))
            for place, column in zip(Place, self._columns, strict=True)
        }
        self._arrange()

    def set_wanted(self, wanted: Wanted) -> None:
        """Show only what these filters let through."""
        if wanted != self._wanted:
            self._wanted = wanted
            self._arrange()

    def set_holdings(self, holdings: Holdings) -> None:
        """Tell what is installed and on its way; the rows stay."""
        if holdings == self._holdings:
            return
        self._holdings = holdings
        if self._shown:
            last = self.index(len(self._shown) - 1, len(self._columns) - 1)
            self.dataChanged.emit(self.index(0, 0), last)

    def offer(self, row: int) -> Offer | None:
        """The offer of a row."""
        return self._shown[row] if 0 <= row < len(self._shown) else None

    def row_of(self, key: Key) -> int:
        """The row of an offer, -1 where it is not shown."""
        rows = (row for row, offer in enumerate(self._shown) if key_of(offer) == key)
        return next(rows, -1)

    def count(self) -> int:
        """Offers in all, shown or not."""
        return len(self._all)

    def state_text(self, offer: Offer) -> str:
        """Whether an offer is here, on its way, or fits."""
        if self._holdings.model_id(offer):
            return tr("Installed")
        if self._holdings.on_its_way(offer):
            return tr("On its way")
        if key_of(offer) == self._best:
            return tr("Best here")
        return self._columns[Place.FIT].text(offer)

    def is_installed(self, offer: Offer) -> bool:
        """True for what need not be got any more."""
        return bool(self._holdings.model_id(offer))

    def is_on_its_way(self, offer: Offer) -> bool:
        """True while a job for the offer is not over."""
        return self._holdings.on_its_way(offer)

    def _arrange(self) -> None:
        self.beginResetModel()
        shown = [offer for offer, text in self._all if self._wanted.takes(offer, text)]
        shown.sort(key=lambda offer: (offer.entry.name.casefold(), weights_rank(offer.weights)))
        shown.sort(key=self._rank, reverse=self._order is Qt.SortOrder.DescendingOrder)
        self._shown = shown
        self.endResetModel()

    def _rank(self, offer: Offer) -> tuple[bool, Rank]:
        """What is recommended fits best of all."""
        is_best = self._sorted_by is Place.FIT and key_of(offer) == self._best
        return not is_best, self._columns[self._sorted_by].rank(offer)

    def _text(self, offer: Offer, column: int) -> str:
        if column == Place.FIT:
            return self.state_text(offer)
        return self._columns[column].text(offer)

    def _tooltip(self, offer: Offer, column: int) -> str:
        if column == Place.FIT and (offer.missing or offer.reason):
            return offer.missing or offer.reason
        if column == Place.LICENCE:
            return offer.entry.licence.name
        return tr(offer.entry.summary) if column == Place.MODEL else ""

    # QAbstractTableModel

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - as Qt declares it
        return 0 if parent.isValid() else len(self._shown)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - as Qt declares it
        return 0 if parent.isValid() else len(self._columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        offer = self.offer(index.row())
        if offer is None:
            return None
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return self._text(offer, index.column())
            case Qt.ItemDataRole.AccessibleTextRole:
                title = self._columns[index.column()].title
                return f"{title}: {self._text(offer, index.column())}"
            case Qt.ItemDataRole.ToolTipRole:
                return plain_tooltip(self._tooltip(offer, index.column()))
            case Qt.ItemDataRole.TextAlignmentRole:
                return RIGHT if self._columns[index.column()].number else LEFT
            case _:
                return offer if role == OFFER_ROLE else None

    def headerData(
        self,
        section: int,
        orientation: Qt.Orientation,
        role: int = Qt.ItemDataRole.DisplayRole,
    ) -> object:
        if orientation is not Qt.Orientation.Horizontal or section >= len(self._columns):
            return None
        column = self._columns[section]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return column.title
            case Qt.ItemDataRole.ToolTipRole:
                return plain_tooltip(column.help)
            case Qt.ItemDataRole.TextAlignmentRole:
                return RIGHT if column.number else LEFT
            case _:
                return None

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        self._sorted_by = Place(column) if column >= 0 else Place.FIT
        self._order = order
        self._arrange()

    def fits(self, offer: Offer) -> bool:
        """False for what this computer cannot run, or cannot get yet."""
        return bool(offer.how) and offer.verdict is not Verdict.NO
