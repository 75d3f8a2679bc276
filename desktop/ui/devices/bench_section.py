"""Cellar's engine beside other ways to run the same model."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QProgressBar, QVBoxLayout, QWidget

from desktop.domain.bench import NAMES, Contestant, Report, Result, Step
from desktop.domain.tuning import TypicalTurn
from desktop.ui.devices.words import speed_text
from desktop.ui.i18n import number, tr
from desktop.ui.library.parts import button, line_of, text_label
from desktop.ui.spacing import inset, space


class BenchSection(QFrame):
    """A button, how far it is, and the table that comes of it."""

    bench_wanted = Signal()
    cancel_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("benchSection")
        self.setProperty("kind", "card")
        self._about = text_label(
            tr(
                "Runs the model in use in turn through Cellar, through OpenVINO alone and through"
                " what else is installed. It takes a minute or more; a question ends it."
            ),
            "muted",
        )
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(24)
        self._grid.setVerticalSpacing(8)
        self._grid.setColumnStretch(0, 1)
        self._table = QWidget()
        self._table.setObjectName("benchTable")
        self._table.setLayout(self._grid)
        inset(self._grid, 0, 12, 0, 0)
        self._said = text_label(kind="muted")
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setAccessibleName(tr("Comparing"))
        self.start = button(tr("Compare"), spoken=tr("Compare with other ways"))
        self.start.setObjectName("startBench")
        self.start.setEnabled(False)
        self.cancel = button(tr("Cancel"), spoken=tr("Cancel the comparison"))
        self.cancel.setObjectName("cancelBench")
        self.start.clicked.connect(self.bench_wanted)
        self.cancel.clicked.connect(self.cancel_wanted)
        rows = QVBoxLayout(self)
        inset(rows, 16, 12, 16, 16)
        space(rows, 8)
        for part in (self._about, self._table, self._said, self._bar):
            rows.addWidget(part)
        rows.addWidget(line_of(self.start, self.cancel))
        self._table.hide()
        self._rest("")

    def set_available(self, available: bool) -> None:
        """Let it be started, or not: no model is loaded."""
        self.start.setEnabled(available)

    def show_step(self, step: Step) -> None:
        """Show how far it is."""
        who = f", {tr(NAMES[step.contestant])}" if step.contestant else ""
        self._said.setText(f"{step.device}: {step.what}{who}")
        self._said.show()
        self._bar.setRange(0, step.total)
        self._bar.setValue(step.done)
        self._bar.show()
        self.start.hide()
        self.cancel.show()

    def show_bench(self, report: Report | None, problem: str = "") -> None:
        """Show what it came to; None: nothing, as the problem says."""
        if report is None:
            self._rest(problem)
            return
        self._fill(report)
        why_not = " ".join(device.why_not for device in report.devices if device.why_not)
        self._rest(report.recommendation or why_not)

    def _rest(self, said: str) -> None:
        self._said.setText(said)
        self._said.setVisible(bool(said))
        self._bar.hide()
        self.cancel.hide()
        self.start.show()

    def _fill(self, report: Report) -> None:
        while item := self._grid.takeAt(0):
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
        results = [
            (device.of(Contestant.CELLAR), result)
            for device in report.devices
            for result in device.results
            if result.samples
        ]
        self._table.setVisible(bool(results))
        for column, text in enumerate(("", tr("Reading"), tr("Writing"), tr("Cellar, compared"))):
            self._put(0, column, text, "muted")
        for row, (cellar, result) in enumerate(results, 1):
            kind = "title" if result.contestant is Contestant.CELLAR else ""
            name = tr(NAMES[result.contestant])
            cells = (
                name[0].upper() + name[1:],
                tr("{speed} tok/s", speed=speed_text(result.median("prefill"))),
                tr("{speed} tok/s", speed=speed_text(result.median("decode"))),
                _ratio(cellar, result, report.turn),
            )
            for column, text in enumerate(cells):
                self._put(row, column, text, kind)

    def _put(self, row: int, column: int, text: str, kind: str) -> None:
        label = text_label(text, kind, wraps=column == 0)
        if column:
            label.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._grid.addWidget(label, row, column)


def _ratio(cellar: Result, result: Result, turn: TypicalTurn) -> str:
    """How much less time Cellar takes for a usual turn."""
    mine = cellar.seconds(turn)
    if result is cellar or not mine:
        return ""
    return tr("{ratio} × as fast", ratio=number(result.seconds(turn) / mine, 2))
