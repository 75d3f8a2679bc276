"""How wide the catalogue's columns are: as their words in this language and size of text."""

from collections.abc import Collection, Iterable, Mapping

from PySide6.QtGui import QFontMetrics

from desktop.ui.library.offer_columns import Place, columns
from desktop.ui.library.offer_delegate import BESIDE_ICON, ICON, PADDING
from desktop.ui.library.sort_header import ARROW, BESIDE_ARROW
from desktop.ui.metrics import metrics

SMALLEST_NAME = 180  # pixels that the first column keeps; others give way for it
GIVING_WAY = (Place.LICENCE, Place.PARAMETERS, Place.DOWNLOAD, Place.MEMORY, Place.SPEED)
SPARE = 4  # pixels: fonts round


class ColumnWidths:
    """Measures when texts or fonts are others, and shares the room of a table."""

    def __init__(self) -> None:
        self._columns = columns()
        self._texts: Mapping[Place, frozenset[str]] | None = None
        self._full: dict[Place, int] = {}
        self._least: dict[Place, int] = {}

    def forget(self) -> None:
        """The fonts are others now."""
        self._texts = None

    def measure(
        self, texts: Mapping[Place, frozenset[str]], font: QFontMetrics, head: QFontMetrics
    ) -> None:
        """Know how wide all of these are."""
        if texts is self._texts:
            return
        self._texts = texts
        icon = metrics().side(ICON) + BESIDE_ICON
        arrow = max(0, BESIDE_ARROW + metrics().side(ARROW) - PADDING - SPARE)  # it may stand there
        for place, column in zip(Place, self._columns, strict=True):
            least = head.horizontalAdvance(column.title) + arrow
            beside = icon if place is Place.FIT else 0
            full = _widest(texts.get(place, ()), font) + beside
            room = 2 * PADDING + SPARE
            self._full[place] = max(least, full) + room
            kept = font.horizontalAdvance(column.least) if column.least else full
            self._least[place] = max(least, min(kept, full)) + room

    def shared(self, room: int) -> dict[Place, int]:
        """The columns that are shown in so many pixels, each with its own."""
        smallest = metrics().side(SMALLEST_NAME)
        widths = dict(self._least)
        del widths[Place.MODEL]
        for place in GIVING_WAY:
            if room - sum(widths.values()) >= smallest:
                break
            del widths[place]
        if Place.DOWNLOAD not in widths:  # the first column tells them all in its second line
            fit = widths[Place.FIT]
            widths = {Place.FIT: fit} if room - fit >= smallest else {}
        elif Place.LICENCE in widths:
            spare = room - sum(widths.values()) - max(smallest, self._full[Place.MODEL])
            wanted = self._full[Place.LICENCE] - widths[Place.LICENCE]
            widths[Place.LICENCE] += max(0, min(spare, wanted))
        widths[Place.MODEL] = room - sum(widths.values())
        return widths


def lines_of(shown: Collection[Place]) -> int:
    """How many lines a row has: its first cell tells what hidden columns would."""
    if Place.FIT not in shown:
        return 3
    return 1 if Place.WEIGHTS in shown else 2


def _widest(texts: Iterable[str], font: QFontMetrics) -> int:
    return max(map(font.horizontalAdvance, texts), default=0)
