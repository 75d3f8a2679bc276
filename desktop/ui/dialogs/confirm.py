"""A question before something that cannot be undone."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from desktop.ui.i18n import tr
from desktop.ui.library.parts import button, text_label
from desktop.ui.spacing import at_least, inset, space


class Confirm(QDialog):
    """Says what will be gone. Enter and Escape both leave everything as it is."""

    def __init__(
        self,
        question: str,
        consequences: str,
        action: str,
        do: Callable[[], object],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("confirmDialog")
        self.setWindowTitle(question)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        at_least(self, 360)
        yes = button(action, "danger")
        yes.setObjectName("confirmYes")
        yes.setAutoDefault(False)
        yes.clicked.connect(self.accept)
        no = button(tr("Cancel"))
        no.setObjectName("confirmNo")
        no.setDefault(True)
        no.clicked.connect(self.reject)
        self.accepted.connect(do)
        buttons = QHBoxLayout()
        space(buttons, 8)
        buttons.addStretch(1)
        buttons.addWidget(no)
        buttons.addWidget(yes)
        rows = QVBoxLayout(self)
        inset(rows, 24, 20, 24, 20)
        space(rows, 12)
        rows.addWidget(text_label(question, "title"))
        rows.addWidget(text_label(consequences))
        rows.addStretch(1)
        rows.addLayout(buttons)
        no.setFocus()
