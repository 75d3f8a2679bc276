"""A name asked for in place: a line to write it in, a button to keep it and one to leave it."""

from collections.abc import Collection

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from desktop.ui.i18n import tr
from desktop.ui.spacing import space

LONGEST = 80  # characters


class NameLine(QWidget):
    """Hidden until `ask`; hidden again once the name is given, or with Esc."""

    named = Signal(str)
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._taken: frozenset[str] = frozenset()
        self.line = QLineEdit()
        self.line.setObjectName("presetName")
        self.line.setAccessibleName(tr("Name of the preset"))
        self.line.setPlaceholderText(tr("Name of the preset"))
        self.line.setMaxLength(LONGEST)
        self._keep = QPushButton(tr("Save"))
        self._keep.setObjectName("savePreset")
        self._keep.setProperty("kind", "primary")
        self._leave = QPushButton(tr("Cancel"))
        self._leave.setObjectName("cancelPresetName")
        self._leave.setProperty("kind", "quiet")
        self._leave.setAccessibleName(tr("Cancel the name of the preset"))
        self._lay_out()
        self.line.textChanged.connect(self._refresh)
        self.line.returnPressed.connect(self._take)
        self._keep.clicked.connect(self._take)
        self._leave.clicked.connect(self._close)
        self._refresh()
        self.hide()

    def ask(self, proposal: str, taken: Collection[str]) -> None:
        """Ask for a name; one of `taken` means that what has it is replaced."""
        self._taken = frozenset(taken)
        self.line.setText(proposal)
        self._refresh()
        self.show()
        self.line.setFocus()
        self.line.selectAll()

    def _name(self) -> str:
        return " ".join(self.line.text().split())

    def _refresh(self) -> None:
        replaces = self._name() in self._taken
        self._keep.setText(tr("Replace") if replaces else tr("Save"))
        self._keep.setAccessibleName(
            tr("Replace the preset of this name") if replaces else tr("Save the preset")
        )
        self._keep.setEnabled(bool(self._name()))

    def _take(self) -> None:
        name = self._name()
        if name:
            self._close()
            self.named.emit(name)

    def _close(self) -> None:
        self.hide()
        self.left.emit()

    def _lay_out(self) -> None:
        buttons = QHBoxLayout()
        space(buttons, 8)
        buttons.addStretch(1)
        buttons.addWidget(self._leave)
        buttons.addWidget(self._keep)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        space(rows, 8)
        rows.addWidget(self.line)
        rows.addLayout(buttons)

    # QWidget

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self._close()
            return
        super().keyPressEvent(event)
