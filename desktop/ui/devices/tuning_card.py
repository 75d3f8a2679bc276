"""How the model in use runs on its device, and what else was tried."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QProgressBar, QVBoxLayout, QWidget

from desktop.domain.events import Tuned
from desktop.domain.model import Model
from desktop.domain.tuning import TypicalTurn, setting_text
from desktop.domain.wording import weights_label
from desktop.services.tuning import Phase, Progress
from desktop.ui.devices.tried_table import TriedTable
from desktop.ui.devices.words import (
    progress_text,
    seconds_text,
    speed_text,
    turn_text,
    verdict_text,
)
from desktop.ui.i18n import tr
from desktop.ui.library.parts import Fact, button, line_of, text_label
from desktop.ui.spacing import add_gap, inset, space

AT_WORK = (Phase.MEASURING, Phase.WAITING)


class TuningCard(QFrame):
    """The choice in words, its figures, the table behind it, and a button to measure again."""

    measure_wanted = Signal()
    cancel_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("tuningCard")
        self.setProperty("kind", "card")
        self._about = text_label(tr("No model is loaded."), "muted")
        self._choice = text_label(kind="title")
        self._choice.setObjectName("tunedSetting")
        self._verdict = text_label(kind="muted")
        self._reading = Fact(tr("Reading"))
        self._writing = Fact(tr("Writing"))
        self._turn = Fact(tr("Usual turn"))
        self._figures = line_of(self._reading, self._writing, self._turn)
        self._what_turn = text_label(kind="muted")
        self._known = _stack(12, self._figures, self._what_turn)
        self.table = TriedTable()
        self._state = text_label(kind="muted")
        self._state.setObjectName("tuningState")
        self._bar = QProgressBar()
        self._bar.setRange(0, 0)
        self._bar.setTextVisible(False)
        self._bar.setAccessibleName(tr("Measuring"))
        self._at_work = _stack(16, self._state, self._bar)
        self.measure = button(tr("Measure again"))
        self.measure.setObjectName("measureAgain")
        self.measure.clicked.connect(self.measure_wanted)
        self.cancel = button(tr("Cancel"), spoken=tr("Cancel the measurement"))
        self.cancel.setObjectName("cancelMeasuring")
        self.cancel.clicked.connect(self.cancel_wanted)
        self._lay_out()
        self.show_model(None, "", None)
        self.show_progress(Progress(Phase.RESTING))

    def show_model(self, model: Model | None, device: str, tuned: Tuned | None) -> None:
        """Show what is known of a model on a device; no model: none is loaded."""
        known = model is not None and tuned is not None
        self.measure.setEnabled(model is not None)
        self.measure.setText(tr("Measure again") if known else tr("Measure now"))
        self.measure.setAccessibleName(self.measure.text())
        self._known.setVisible(known)
        self._verdict.setVisible(model is not None)
        self.table.show_tuned(tuned if tuned and len(tuned.tried) > 1 else None)
        self._choice.setVisible(model is not None)
        if model is None:
            return
        self._about.setText(tr("{model} on {device}", model=weights_label(model), device=device))
        self._choice.setText(setting_text(tuned.best.properties if tuned else {}))
        if tuned is None:
            self._verdict.setText(
                tr("Not measured yet. It is done in the background after a quiet moment.")
            )
            return
        best = tuned.best
        self._verdict.setText(verdict_text(tuned))
        self._reading.set_value(tr("{speed} tok/s", speed=speed_text(best.reading)))
        self._writing.set_value(tr("{speed} tok/s", speed=speed_text(best.writing)))
        self._turn.set_value(seconds_text(best.turn_s))

    def show_turn(self, turn: TypicalTurn) -> None:
        """Say what a usual turn is."""
        self._what_turn.setText(turn_text(turn))

    def show_progress(self, progress: Progress) -> None:
        """Show how far a measurement is."""
        at_work = progress.phase in AT_WORK
        had_focus = self.measure.hasFocus() or self.cancel.hasFocus()
        text = progress_text(progress)
        self._state.setText(text)
        self._at_work.setVisible(bool(text))
        self._bar.setVisible(progress.phase is Phase.MEASURING)
        self.measure.setVisible(not at_work)
        self.cancel.setVisible(at_work)
        if had_focus:
            (self.cancel if at_work else self.measure).setFocus()

    def _lay_out(self) -> None:
        rows = QVBoxLayout(self)
        inset(rows, 16, 12, 16, 16)
        rows.setSpacing(0)
        rows.addWidget(self._about)
        rows.addWidget(self._choice)
        rows.addWidget(self._verdict)
        rows.addWidget(self._known)
        rows.addWidget(self.table)
        rows.addWidget(self._at_work)
        add_gap(rows, 16)
        rows.addWidget(line_of(self.measure, self.cancel))

    # QWidget

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.table.set_room(event.size().width())


def _stack(above: int, *parts: QWidget) -> QWidget:
    """Widgets below each other that come and go with the space above them."""
    stack = QWidget()
    rows = QVBoxLayout(stack)
    rows.setContentsMargins(0, above, 0, 0)
    space(rows, 4)
    for part in parts:
        rows.addWidget(part)
    return stack
