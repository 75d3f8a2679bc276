"""The installed models: what each takes, how good it is, and what can be done with it."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QAbstractButton, QFrame, QHBoxLayout, QVBoxLayout, QWidget

from desktop.domain.model import Model
from desktop.services.shelf.commands import Remove, UndoRemove, Verify
from desktop.ui.i18n import tr
from desktop.ui.icons import IconSet
from desktop.ui.library.parts import TextColumn, button, line_of, text_label
from desktop.ui.library.words import (
    label_of,
    model_facts,
    quality_help,
    quality_text,
    size_text,
)
from desktop.ui.theme import Theme
from desktop.ui.widgets.announce import announce, plain_tooltip
from desktop.ui.widgets.banner import Banner
from desktop.ui.widgets.beside_layout import BesideLayout
from desktop.ui.widgets.kind import set_kind

UNDO = "undo"


class InstalledRow(QFrame):
    """One model."""

    asked = Signal(object)  # a ShelfCommand
    chosen = Signal(str)  # the model's id

    def __init__(self, model: Model, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.model = model
        name = label_of(model.name, model.weights)
        self.setProperty("kind", "card")
        self.setAccessibleName(name)
        self._name = text_label(name, "title")
        self._facts = text_label(kind="muted")
        self._quality = text_label(kind="muted")
        self._result = text_label(kind="muted")
        self._result.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._result.hide()
        self.use = button(tr("Use it"), spoken=tr("Use {name}", name=name))
        self.check = button(tr("Check files"), "quiet", tr("Check the files of {name}", name=name))
        self.remove = button(tr("Remove"), "quiet", tr("Remove {name}", name=name))
        self.check.setToolTip(tr("Read every file again and compare it with its checksum."))
        self.use.clicked.connect(lambda: self.chosen.emit(self.model.id))
        self.check.clicked.connect(self._check)
        self.remove.clicked.connect(self._remove)
        self._lay_out()
        self.set_model(model)

    def set_model(self, model: Model) -> None:
        """Show what is known of the model."""
        self.model = model
        self._facts.setText(model_facts(model))
        self._quality.setVisible(model.quality is not None)
        if model.quality is not None:
            self._quality.setText(quality_text(model.quality))
            self._quality.setToolTip(plain_tooltip(quality_help()))
            self._quality.setAccessibleDescription(quality_help())

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
        row.setContentsMargins(16, 10, 10, 12)
        row.addLayout(body)


class InstalledList(QWidget):
    """The models, and in the place of the one that was removed last the way to bring it back."""

    asked = Signal(object)  # a ShelfCommand
    chosen = Signal(str)  # a model's id

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("installedList")
        self.setAccessibleName(tr("On this computer"))
        self._rows: dict[str, InstalledRow] = {}
        self._current = ""
        self._removed = ""  # the id of the model that can be brought back
        self._place = 0  # of the row that was removed last
        self._sum = text_label(kind="muted")
        self._undo = Banner()
        self._undo.action_triggered.connect(lambda _: self.asked.emit(UndoRemove()))
        self._stack = QVBoxLayout(self)
        self._stack.setContentsMargins(0, 0, 0, 0)
        self._stack.setSpacing(8)
        head = QVBoxLayout()
        head.setSpacing(0)
        head.addWidget(text_label(tr("On this computer"), "title"))
        head.addWidget(self._sum)
        self._stack.addLayout(head)
        self._lines: list[QWidget] = []  # what stands below the head
        self.set_models(())

    def rows(self) -> list[InstalledRow]:
        """The rows, from the top."""
        return [line for line in self._lines if isinstance(line, InstalledRow)]

    def controls(self) -> list[QWidget]:
        """What can have the focus, from the top."""
        found: list[QWidget] = []
        for line in self._lines:
            if isinstance(line, InstalledRow):
                found += (line.use, line.check, line.remove)
            else:
                found += line.findChildren(QAbstractButton)
        return found

    def set_models(self, models: Sequence[Model]) -> None:
        """Show these models in this order."""
        self._lift_undo()
        for place, row in enumerate(self.rows()):
            if row.model.id not in {model.id for model in models}:
                self._place = place
                self._drop(row)
        for place, model in enumerate(models):
            self._show_at(place, model)
        if any(model.id == self._removed for model in models):
            self._removed = ""
            self._undo.hide()
        self._place_undo()
        self._sum.setText(_sum_text(models))

    def set_current(self, model_id: str) -> None:
        """Mark the model that answers now."""
        self._current = model_id
        for row in self.rows():
            row.set_in_use(row.model.id == model_id)

    def show_checked(self, model: Model, problem: str) -> None:
        """What checking a model came to."""
        if row := self._rows.get(model.id):
            row.show_checked(problem)

    def show_removed(self, model: Model) -> None:
        """Offer to bring a model back."""
        if row := self._rows.get(model.id):
            self._place = self.rows().index(row)
            self._drop(row)
            self._sum.setText(_sum_text([row.model for row in self.rows()]))
        self._removed = model.id
        name = label_of(model.name, model.weights)
        text = tr("{name} is removed.", name=name)
        if model.size:
            text += " " + tr("{size} will be free.", size=size_text(model.size))
        self._place_undo()
        self._undo.show_message(text, [(UNDO, tr("Undo"))])

    def give_way(self) -> None:
        """Something was refused: what was asked for can be asked for again."""
        for row in self.rows():
            row.give_way()

    def set_theme(self, theme: Theme, icons: IconSet) -> None:
        """Take colours and icons."""
        self._undo.set_theme(theme, icons)

    def _show_at(self, place: int, model: Model) -> None:
        row = self._rows.get(model.id)
        if row is None or label_of(row.model.name, row.model.weights) != label_of(
            model.name, model.weights
        ):
            if row is not None:
                self._drop(row)
            row = InstalledRow(model)
            row.asked.connect(self.asked)
            row.chosen.connect(self.chosen)
            row.set_in_use(model.id == self._current)
            self._rows[model.id] = row
        elif row.model != model:
            row.set_model(model)
        self._put(row, place)

    def _put(self, line: QWidget, place: int) -> None:
        if place < len(self._lines) and self._lines[place] is line:
            return
        if line in self._lines:
            self._lines.remove(line)
        self._lines.insert(place, line)
        self._stack.removeWidget(line)
        self._stack.insertWidget(place + 1, line)  # the head comes first

    def _lift_undo(self) -> None:
        if self._undo in self._lines:
            self._lines.remove(self._undo)
            self._stack.removeWidget(self._undo)

    def _place_undo(self) -> None:
        self._lift_undo()
        self._put(self._undo, min(self._place, len(self._lines)))

    def _drop(self, row: InstalledRow) -> None:
        del self._rows[row.model.id]
        self._lines.remove(row)
        self._stack.removeWidget(row)
        row.hide()
        row.deleteLater()


def _sum_text(models: Sequence[Model]) -> str:
    if not models:
        return tr("No model yet. Get one from the catalogue, or drop a GGUF file on this page.")
    size = size_text(sum(model.size for model in models))
    if len(models) == 1:
        return tr("One model, {size}", size=size)
    return tr("{count} models, {size}", count=len(models), size=size)
