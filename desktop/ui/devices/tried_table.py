"""The settings that were tried, one a line."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from desktop.domain.events import Tuned
from desktop.domain.tuning import setting_text
from desktop.ui.devices.words import accuracy_text, ratio_text, seconds_text, speed_text
from desktop.ui.i18n import tr
from desktop.ui.library.parts import text_label
from desktop.ui.metrics import metrics
from desktop.ui.spacing import inset

ROOM_FOR_ALL = 620  # pixels; a narrower table leaves away what can be done without
CAN_DO_WITHOUT = (1, 2, 5)  # columns


class TriedTable(QWidget):
    """Numbers stand under each other; the chosen line is the strong one."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("triedTable")
        self.setAccessibleName(tr("What was tried"))
        self._grid = QGridLayout(self)
        inset(self._grid, 0, 16, 0, 0)
        self._grid.setHorizontalSpacing(24)
        self._grid.setVerticalSpacing(8)
        self._grid.setColumnStretch(0, 1)
        self._narrow = False
        self._cells: list[tuple[int, QLabel]] = []  # each with its column

    def show_tuned(self, tuned: Tuned | None) -> None:
        """Show a comparison; None: there is none."""
        for _, old in self._cells:
            self._grid.removeWidget(old)
            old.hide()
            old.deleteLater()
        self._cells.clear()
        self.setVisible(tuned is not None)
        if tuned is None:
            return
        head = (
            tr("Setting"),
            tr("Reading"),
            tr("Writing"),
            tr("Usual turn"),
            tr("Speed"),
            tr("Accuracy"),
        )
        for column, text in enumerate(head):
            self._put(0, column, text, "muted")
        defaults = tuned.tried[0]
        for row, one in enumerate(tuned.tried, 1):
            cells = (
                setting_text(one.properties),
                tr("{speed} tok/s", speed=speed_text(one.reading)),
                tr("{speed} tok/s", speed=speed_text(one.writing)),
                seconds_text(one.turn_s),
                ratio_text(one, defaults),
                accuracy_text(one, defaults),
            )
            for column, text in enumerate(cells):
                self._put(row, column, text, "title" if one == tuned.best else "")
        self._fold()

    def set_room(self, width: int) -> None:
        """Leave columns away where there is no room for them."""
        self._narrow = width < metrics().side(ROOM_FOR_ALL)
        self._fold()

    def _fold(self) -> None:
        for column, label in self._cells:
            label.setVisible(not (self._narrow and column in CAN_DO_WITHOUT))

    def _put(self, row: int, column: int, text: str, kind: str) -> None:
        label: QLabel = text_label(text, kind, wraps=column == 0)
        if 0 < column < 5:
            label.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._grid.addWidget(label, row, column)
        self._cells.append((column, label))
