"""The switch between the FP16 and the compressed weights of the model in use."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QSizePolicy, QWidget

from desktop.domain.formats import Pair, share_of_full
from desktop.domain.wording import format_text
from desktop.ui.i18n import tr
from desktop.ui.metrics import metrics
from desktop.ui.widgets.announce import plain_tooltip

ROOM_FOR_WORDS, ROOM_FOR_A_WORD, ROOM_AT_ALL = 840, 640, 460  # pixels of the pane


class WeightsSwitch(QCheckBox):
    """Hidden where there is nothing to switch between, or no room: the picker has both too."""

    model_chosen = Signal(str)  # the id of the model that is to answer

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pair: Pair | None = None
        self._current = ""
        self._room = ROOM_FOR_WORDS
        self.setObjectName("compressedWeights")
        self.setAccessibleName(tr("Use compressed weights"))
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.clicked.connect(self._clicked)
        self.hide()

    def show_pair(self, pair: Pair | None, current: str) -> None:
        """Show which of the two is in use; None: the model is here in one format only."""
        self._pair, self._current = pair, current
        self._show_words()
        if pair is None:
            return
        self.setChecked(current == pair.compressed.id)
        sizes = self._sizes(pair)
        self.setToolTip(plain_tooltip(f"{self._meaning()}\n{sizes}"))
        self.setAccessibleDescription(sizes)

    def set_room(self, width: int) -> None:
        """Say it shorter where there is no room for more."""
        self._room = width
        self._show_words()

    def _show_words(self) -> None:
        self.setVisible(self._pair is not None and self._room >= ROOM_AT_ALL)
        if self._room >= metrics().side(ROOM_FOR_WORDS):
            words = tr("Use compressed weights")
        elif self._room >= metrics().side(ROOM_FOR_A_WORD):
            words = tr("Compressed")
        else:
            words = self._pair.compressed.weights.upper() if self._pair else ""
        if self.text() != words:
            self.setText(words)

    def _clicked(self) -> None:
        if self._pair is not None:
            self.model_chosen.emit(self._pair.other(self._current).id)

    def _sizes(self, pair: Pair) -> str:
        both = (pair.full, pair.compressed)
        return "\n".join(format_text(model, share_of_full(model, both)) for model in both)

    def _meaning(self) -> str:
        return tr("Compressed weights are smaller and mostly faster; FP16 is what they came from.")
