"""The installed models: what each takes, how good it is, and what can be done with it."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QAbstractButton, QVBoxLayout, QWidget

from desktop.domain.formats import family
from desktop.domain.model import Model
from desktop.services.shelf.commands import UndoRemove
from desktop.ui.i18n import tr, trn
from desktop.ui.icons import IconSet
from desktop.ui.library.family_card import FamilyCard
from desktop.ui.library.installed_row import InstalledRow
from desktop.ui.library.parts import text_label
from desktop.ui.library.words import label_of, size_text
from desktop.ui.spacing import space
from desktop.ui.theme import Theme
from desktop.ui.widgets.banner import Banner

UNDO = "undo"


class InstalledList(QWidget):
    """The models, and in the place of the one that was removed last the way to bring it back."""

    asked = Signal(object)  # a ShelfCommand
    chosen = Signal(str)  # a model's id

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("installedList")
        self.setAccessibleName(tr("On this computer"))
        self._models: tuple[Model, ...] = ()
        self._cards: dict[str, FamilyCard] = {}
        self._current = ""
        self._removed = ""  # the id of the model that can be brought back
        self._place = 0  # of the line where the way back is
        self._sum = text_label(kind="muted")
        self._undo = Banner()
        self._undo.action_triggered.connect(lambda _: self.asked.emit(UndoRemove()))
        self._stack = QVBoxLayout(self)
        self._stack.setContentsMargins(0, 0, 0, 0)
        space(self._stack, 8)
        head = QVBoxLayout()
        head.setSpacing(0)
        head.addWidget(text_label(tr("On this computer"), "title"))
        head.addWidget(self._sum)
        self._stack.addLayout(head)
        self._lines: list[QWidget] = []  # what stands below the head
        self.set_models(())

    def cards(self) -> list[FamilyCard]:
        """The models, from the top."""
        return [line for line in self._lines if isinstance(line, FamilyCard)]

    def rows(self) -> list[InstalledRow]:
        """The models in each of their formats, from the top."""
        return [row for card in self.cards() for row in card.rows()]

    def controls(self) -> list[QWidget]:
        """What can have the focus, from the top."""
        found: list[QWidget] = []
        for line in self._lines:
            if isinstance(line, FamilyCard):
                found += (control for row in line.rows() for control in row.controls())
            else:
                found += line.findChildren(QAbstractButton)
        return found

    def set_models(self, models: Sequence[Model]) -> None:
        """Show these models in this order, the formats of one together."""
        self._lift_undo()
        self._note_lost(models)
        self._models = tuple(models)
        families: dict[str, list[Model]] = {}
        for model in models:
            families.setdefault(family(model), []).append(model)
        for key in self._cards.keys() - families.keys():
            self._drop(key)
        for place, (key, members) in enumerate(families.items()):
            card = self._card(key)
            card.set_models(members, self._current)
            self._put(card, place)
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
        for row in self.rows():
            if row.model.id == model.id:
                row.show_checked(problem)

    def show_removed(self, model: Model) -> None:
        """Offer to bring a model back."""
        self.set_models([other for other in self._models if other.id != model.id])
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

    def _card(self, key: str) -> FamilyCard:
        if key not in self._cards:
            card = FamilyCard()
            card.asked.connect(self.asked)
            card.chosen.connect(self.chosen)
            self._cards[key] = card
        return self._cards[key]

    def _note_lost(self, models: Sequence[Model]) -> None:
        """Remember where a model was that is gone: below what is left of it in other formats."""
        left = {model.id for model in models}
        for place, card in enumerate(self.cards()):
            ids = {row.model.id for row in card.rows()}
            if ids - left:
                self._place = place + bool(ids & left)

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

    def _drop(self, key: str) -> None:
        card = self._cards.pop(key)
        self._lines.remove(card)
        self._stack.removeWidget(card)
        card.hide()
        card.deleteLater()


def _sum_text(models: Sequence[Model]) -> str:
    if not models:
        return tr("No model yet. Get one from the catalogue, or drop a GGUF file on this page.")
    size = size_text(sum(model.size for model in models))
    count = len({family(model) for model in models})
    return trn("{count} model, {size}", "{count} models, {size}", count, size=size)
