"""An installed model in one weight format: what it takes, how good it is, what can be done."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from desktop.domain.model import Model
from desktop.services.shelf.commands import Remove, Verify
from desktop.ui.i18n import tr
from desktop.ui.library.parts import TextColumn, button, line_of, text_label
from desktop.ui.library.words import (
    format_facts,
    label_of,
    model_facts,
    quality_help,
    quality_text,
)
from desktop.ui.spacing import inset
from desktop.ui.widgets.announce import announce, plain_tooltip
from desktop.ui.widgets.beside_layout import BesideLayout
from desktop.ui.widgets.kind import set_kind


class InstalledRow(QWidget):
    """Stands alone, or among the other formats of its model, whose name is then above it."""

    asked = Signal(object)  # a ShelfCommand
    chosen = Signal(str)  # the model's id

    def __init__(self, model: Model, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.model = model
        self._name = text_label(kind="title")
        self._facts = text_label(kind="muted")
        self._quality = text_label(kind="muted")
        self._result = text_label(kind="muted")
        self._result.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._result.hide()
        self.use = button(tr("Use it"))
        self.check = button(tr("Check files"), "quiet")
        self.remove = button(tr("Remove"), "quiet")
        self.check.setToolTip(tr("Read every file again and compare it with its checksum."))
        self.use.clicked.connect(lambda: self.chosen.emit(self.model.id))
        self.check.clicked.connect(self._check)
        self.remove.clicked.connect(self._remove)
        self._lay_out()

    def show_model(self, model: Model, share: float | None, *, alone: bool) -> None:
        """Show what is known of the model; `share`: of the size of its FP16 weights."""
        self.model = model
        name = label_of(model.name, model.weights)
        self.setAccessibleName(name)
        self._name.setText(name if alone else model.weights.upper())
        self._facts.setText(model_facts(model, share) if alone else format_facts(model, share))
        self._quality.setVisible(model.quality is not None)
        if model.quality is not None:
            self._quality.setText(quality_text(model.quality))
            self._quality.setToolTip(plain_tooltip(quality_help()))
            self._quality.setAccessibleDescription(quality_help())
        self.use.setAccessibleName(tr("Use {name}", name=name))
        self.check.setAccessibleName(tr("Check the files of {name}", name=name))
        self.remove.setAccessibleName(tr("Remove {name}", name=name))

    def set_in_use(self, in_use: bool) -> None:
        """The model that answers need not be chosen again."""
        self.use.setEnabled(not in_use)
        self.use.setText(tr("In use") if in_use else tr("Use it"))

    def show_checked(self, problem: str) -> None:
        """What hashing its files came to; no problem: they are right."""
        self.set_busy(False)
        text = problem or tr("Checked: every file is as it was installed.")
        set_kind(self._result, "danger" if problem else "muted")
        self._result.setText(text)
        self._result.show()
        announce(self._result, text, urgent=bool(problem))

    def set_busy(self, busy: bool) -> None:
        """While it is checked or removed, neither can be asked for again."""
        self.check.setEnabled(not busy)
        self.remove.setEnabled(not busy)

    def give_way(self) -> None:
        """What was asked for will not come; it can be asked for again."""
        if not self.check.isEnabled():
            self.set_busy(False)
            self._result.hide()

    def texts(self) -> list[str]:
        """All that is said of the model."""
        labels = (self._name, self._facts, self._quality, self._result)
        return [label.text() for label in labels if not label.isHidden()]

    def controls(self) -> list[QWidget]:
        """What can have the focus, from the left."""
        return [self.use, self.check, self.remove]

    def _check(self) -> None:
        self.set_busy(True)
        set_kind(self._result, "muted")
        self._result.setText(tr("Checking the files …"))
        self._result.show()
        self.asked.emit(Verify(self.model.id))

    def _remove(self) -> None:
        self.set_busy(True)
        self.asked.emit(Remove(self.model.id))

    def _lay_out(self) -> None:
        body = BesideLayout()
        body.addWidget(TextColumn(self._name, self._facts, self._quality, self._result))
        body.addWidget(line_of(self.use, self.check, self.remove, spacing=4))
        row = QHBoxLayout(self)
        inset(row, 16, 10, 10, 12)
        row.addLayout(body)
