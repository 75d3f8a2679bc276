"""A weight format of a source that is about to be added."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QRadioButton, QVBoxLayout, QWidget

from desktop.domain.fit import Verdict
from desktop.services.shelf.notices import Choice
from desktop.ui.library.parts import text_label
from desktop.ui.library.source_words import choice_facts, choice_text
from desktop.ui.spacing import indent

INDENT = 28  # pixels; the width of the button's mark, so that texts stand in one line


def can_be_added(choice: Choice) -> bool:
    """False for what does not fit, and for what is here."""
    return choice.verdict is not Verdict.NO and not choice.installed


class ChoiceRow(QWidget):
    """All of it can be clicked. What cannot be added is shown and not chosen."""

    chosen = Signal()

    def __init__(self, choice: Choice, full: Choice | None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.choice = choice
        self.mark = QRadioButton(choice_text(choice))
        self.mark.setAutoExclusive(False)  # rows have parents of their own; the card sees to it
        self._facts = text_label(choice_facts(choice, full), "muted")
        indent(self._facts, INDENT)
        self.mark.setEnabled(can_be_added(choice))
        self.mark.setAccessibleName(self.mark.text())
        self.mark.setAccessibleDescription(self._facts.text())
        self.mark.clicked.connect(self.chosen)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(0)
        rows.addWidget(self.mark)
        rows.addWidget(self._facts)

    def texts(self) -> list[str]:
        """All that is said of the format."""
        return [self.mark.text(), self._facts.text()]

    # QWidget

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self.mark.isEnabled() and self.rect().contains(event.position().toPoint()):
            self.mark.click()
