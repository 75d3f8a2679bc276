"""What is to be known of a repository or a folder before it is added."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop.domain.catalogue import SourceKind
from desktop.domain.repository import RepositoryFacts
from desktop.services.shelf.commands import Add
from desktop.services.shelf.notices import Choice, Examined
from desktop.services.shelf.offers import READY
from desktop.ui.i18n import tr
from desktop.ui.library.access_steps import AccessSteps
from desktop.ui.library.choice_row import ChoiceRow, can_be_added
from desktop.ui.library.offer_columns import weights_rank
from desktop.ui.library.parts import Fact, LinkButton, button, line_of, text_label
from desktop.ui.library.source_words import (
    adding_text,
    files_text,
    hub_page,
    is_of_hub,
    kind_text,
    licence_note,
    licence_text,
    source_name,
)
from desktop.ui.library.words import number_of_tokens, parameters_text
from desktop.ui.spacing import add_gap, space


class CheckCard(QWidget):
    """Made once, and filled for each source."""

    asked = Signal(object)  # a ShelfCommand
    added = Signal()
    alternatives_wanted = Signal(str)  # the name of a model that cannot be had as it is
    again_wanted = Signal(str)  # the source, to be looked at once more
    link_activated = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._source = ""
        self._name = text_label(kind="title")
        self._page = LinkButton(tr("The model’s page"))
        self._page.link_activated.connect(self.link_activated)
        self._facts = {
            "holds": Fact(tr("Holds")),
            "architecture": Fact(tr("Architecture")),
            "parameters": Fact(tr("Parameters")),
            "context": Fact(tr("Reads up to")),
            "files": Fact(tr("Files")),
            "licence": Fact(tr("Licence")),
        }
        self._licence_note = text_label(kind="muted")
        self._problem = text_label()
        self.access = AccessSteps()
        self.access.asked.connect(self.asked)
        self.access.link_activated.connect(self.link_activated)
        self._caption = text_label(tr("Weights"), "muted")
        self._choices = QVBoxLayout()
        space(self._choices, 8)
        self.rows: list[ChoiceRow] = []
        self.add = button("", "primary")
        self.add.setObjectName("addExamined")
        self.add.clicked.connect(self._add)
        self.again = button(tr("Check again"))
        self.again.clicked.connect(lambda: self.again_wanted.emit(self._source))
        self.alternatives = button(tr("Look for ready-made versions"))
        self.alternatives.clicked.connect(self._look_elsewhere)
        self._how = text_label(kind="muted")
        self._lay_out()

    def show_examined(self, examined: Examined, *, online: bool) -> None:
        """Show what a source holds; `online`: whether the hub may be asked for others like it."""
        facts = examined.facts or RepositoryFacts(examined.source)
        self._source = examined.source
        of_hub = is_of_hub(examined.source)
        self._name.setText(source_name(examined.source))
        self._page.setVisible(of_hub)
        self._page.set_link(tr("The model’s page"), hub_page(examined.source))
        self._show_facts(facts, of_hub=of_hub, known=examined.facts is not None)
        problem = examined.problem or (str(facts.problem) if facts.problem else "")
        self._problem.setText(problem)
        self._problem.setVisible(bool(problem))
        self.access.setVisible(facts.gated)
        if facts.gated:
            self.access.reset()
            self.access.show_page(hub_page(examined.source))
        self.again.setVisible(bool(examined.problem) or facts.gated)
        unconverted = facts.kind is SourceKind.PYTORCH and bool(problem)
        self.alternatives.setVisible(of_hub and online and unconverted)
        self._show_choices(examined.choices)

    def chosen(self) -> Choice | None:
        """The format that would be added."""
        return next((row.choice for row in self.rows if row.mark.isChecked()), None)

    def texts(self) -> list[str]:
        """What is said of the source, its formats aside."""
        labels = (self._name, self._licence_note, self._problem, self._how)
        said = [label.text() for label in labels if not label.isHidden()]
        return said + [fact.value() for fact in self._facts.values() if not fact.isHidden()]

    def controls(self) -> list[QWidget]:
        """What can have the focus, from the top."""
        tokens = (self.access.token, self.access.save, self.access.forget)
        marks = (row.mark for row in self.rows)
        return [self._page, *tokens, *marks, self.add, self.alternatives, self.again]

    def _show_facts(self, facts: RepositoryFacts, *, of_hub: bool, known: bool) -> None:
        values = {
            "holds": kind_text(facts.kind, facts.weights) if facts.kind else "",
            "architecture": facts.architecture,
            "parameters": parameters_text(facts.parameters) if facts.parameters else "",
            "context": number_of_tokens(facts.context_length),
            "files": files_text(facts),
            "licence": licence_text(facts.licence) if known and (of_hub or facts.licence) else "",
        }
        for name, fact in self._facts.items():
            fact.set_value(values[name])
            fact.setVisible(bool(values[name]))
        note = licence_note(facts.licence, gated=facts.gated) if values["licence"] else ""
        self._licence_note.setText(note)
        self._licence_note.setVisible(bool(note))

    def _show_choices(self, choices: tuple[Choice, ...]) -> None:
        for row in self.rows:
            self._choices.removeWidget(row)
            row.hide()
            row.deleteLater()
        ordered = sorted(choices, key=lambda choice: weights_rank(choice.weights))
        full = next((choice for choice in ordered if choice.weights == "fp16"), None)
        self.rows = [ChoiceRow(choice, full) for choice in ordered]
        for row in self.rows:
            row.chosen.connect(lambda row=row: self._choose(row))
            self._choices.addWidget(row)
        for part in (self._caption, self.add):
            part.setVisible(bool(self.rows))
        fitting = [row for row in self.rows if can_be_added(row.choice)]
        ready = [row for row in fitting if row.choice.how == READY]
        self._choose(next(iter(ready or fitting), None))

    def _choose(self, chosen: ChoiceRow | None) -> None:
        for row in self.rows:
            row.mark.setChecked(row is chosen)
        choice = chosen.choice if chosen else None
        self.add.setEnabled(choice is not None)
        self.add.setText(_add_text(choice))
        self.add.setAccessibleName(f"{self.add.text()}: {self._name.text()}")
        how = adding_text(choice) if choice else ""
        self._how.setText(how)
        self._how.setVisible(bool(how))

    def _add(self) -> None:
        if choice := self.chosen():
            self.asked.emit(Add(self._source, choice.weights))
            self.added.emit()

    def _look_elsewhere(self) -> None:
        self.alternatives_wanted.emit(source_name(self._source).partition("/")[2])

    def _lay_out(self) -> None:
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(0)
        rows.addWidget(self._name)
        rows.addWidget(line_of(self._page))
        add_gap(rows, 8)
        rows.addWidget(line_of(*self._facts.values()))
        add_gap(rows, 4)
        rows.addWidget(self._licence_note)
        add_gap(rows, 8)
        rows.addWidget(self._problem)
        rows.addWidget(self.access)
        add_gap(rows, 8)
        rows.addWidget(self._caption)
        add_gap(rows, 4)
        rows.addLayout(self._choices)
        add_gap(rows, 12)
        rows.addWidget(line_of(self.add, self.alternatives, self.again))
        add_gap(rows, 4)
        rows.addWidget(self._how)


def _add_text(choice: Choice | None) -> str:
    if choice is None or not choice.weights:
        return tr("Add it")
    return tr("Add {weights}", weights=choice.weights.upper())
