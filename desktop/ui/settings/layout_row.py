"""The line of the settings panel that tells how prompts are written, and opens the editor."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from desktop.ui.i18n import tr
from desktop.ui.spacing import space
from desktop.ui.widgets.wrapped_label import wrapped_label


class LayoutRow(QWidget):
    """Last in the panel: few will ever need it."""

    change_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("promptLayout")
        self._title = QLabel(tr("Prompt layout"))
        self._words = wrapped_label(kind="muted", name="promptLayoutName")
        self._change = QPushButton(tr("Change…"))
        self._change.setObjectName("changePromptLayout")
        self._change.setProperty("kind", "quiet")
        self._change.setAccessibleName(tr("Change the prompt layout of this model"))
        self._change.setToolTip(tr("See the exact prompt, and have it written otherwise"))
        self._change.clicked.connect(self.change_asked)
        self._lay_out()
        self.set_words("")

    def words(self) -> str:
        """What is told of the layout in use."""
        return self._words.text()

    def set_words(self, words: str) -> None:
        """Tell the layout in use; without words there is no model yet."""
        self._words.setText(words)
        self.setVisible(bool(words))

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        space(head, 8)
        head.addWidget(self._title, 1)
        head.addWidget(self._change)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        space(rows, 4)
        rows.addLayout(head)
        rows.addWidget(self._words)
