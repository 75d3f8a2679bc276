"""One installed model with its weight formats side by side."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from desktop.domain.formats import share_of_full
from desktop.domain.model import Model
from desktop.ui.i18n import trn
from desktop.ui.library.installed_row import InstalledRow
from desktop.ui.library.offer_columns import weights_rank
from desktop.ui.library.parts import text_label
from desktop.ui.library.words import context_text, size_text
from desktop.ui.spacing import inset


class FamilyCard(QFrame):
    """A model in one format is one row; in several, they stand below its name, smallest first."""

    asked = Signal(object)  # a ShelfCommand
    chosen = Signal(str)  # a model's id

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: dict[str, InstalledRow] = {}
        self._rules: list[QFrame] = []  # the lines between rows
        self.setProperty("kind", "card")
        self._name = text_label(kind="title")
        self._facts = text_label(kind="muted")
        self._head = QWidget()
        head = QVBoxLayout(self._head)
        inset(head, 16, 10, 16, 8)
        head.setSpacing(0)
        head.addWidget(self._name)
        head.addWidget(self._facts)
        self._stack = QVBoxLayout(self)
        self._stack.setContentsMargins(0, 0, 0, 0)
        self._stack.setSpacing(0)
        self._stack.addWidget(self._head)

    def rows(self) -> list[InstalledRow]:
        """The rows, from the top."""
        return list(self._rows.values())

    def head_texts(self) -> list[str]:
        """What stands above the rows."""
        return [] if self._head.isHidden() else [self._name.text(), self._facts.text()]

    def set_models(self, models: Sequence[Model], current: str) -> None:
        """Show these formats of the model; `current` is the id of the model in use."""
        ordered = sorted(models, key=lambda model: weights_rank(model.weights))
        for model_id in self._rows.keys() - {model.id for model in ordered}:
            self._drop(self._rows.pop(model_id))
        self._rows = {model.id: self._row(model) for model in ordered}
        alone = len(ordered) == 1
        for row, model in zip(self._rows.values(), ordered, strict=True):
            row.show_model(model, share_of_full(model, ordered), alone=alone)
            row.set_in_use(model.id == current)
        self._head.setHidden(alone)
        self._name.setText(ordered[0].name)
        self._facts.setText(_head_facts(ordered))
        self.setAccessibleName(ordered[0].name)
        self._arrange()

    def _row(self, model: Model) -> InstalledRow:
        row = self._rows.get(model.id)
        if row is None:
            row = InstalledRow(model)
            row.asked.connect(self.asked)
            row.chosen.connect(self.chosen)
        return row

    def _arrange(self) -> None:
        """Put the rows in their order, with a line above each where there is a head."""
        for rule in self._rules:
            self._drop(rule)
        self._rules = []
        for row in self._rows.values():
            if not self._head.isHidden():
                rule = QFrame()
                rule.setProperty("kind", "line")
                rule.setFixedHeight(1)
                self._rules.append(rule)
                self._stack.addWidget(rule)
            self._stack.removeWidget(row)
            self._stack.addWidget(row)

    def _drop(self, part: QWidget) -> None:
        self._stack.removeWidget(part)
        part.hide()
        part.deleteLater()


def _head_facts(models: Sequence[Model]) -> str:
    size = size_text(sum(model.size for model in models))
    parts = (
        trn(
            "{count} weight format, {size}",
            "{count} weight formats, {size}",
            len(models),
            size=size,
        ),
        context_text(models[0].context_length),
    )
    return " · ".join(part for part in parts if part)
