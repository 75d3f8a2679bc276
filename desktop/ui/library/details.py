"""What there is to know of a model of the catalogue, below its row."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from desktop.domain.catalogue import Entry, Source
from desktop.services.shelf.notices import Offer
from desktop.ui.i18n import mark, tr
from desktop.ui.library.access_steps import AccessSteps
from desktop.ui.library.format_row import FormatRow
from desktop.ui.library.holdings import Holdings
from desktop.ui.library.offer_columns import gated_source, weights_rank
from desktop.ui.library.parts import HUB, LinkButton, button, line_of, text_label
from desktop.ui.library.source_words import kind_text
from desktop.ui.library.words import context_text, languages_text, parameters_text
from desktop.ui.spacing import add_gap, inset, space

SPECIALITIES = {
    "classic": mark("an older chatbot, with a prompt format of its own"),
    "code": mark("made for program code"),
}


class SourceLine(QWidget):
    """A repository: its address, what it holds, and whether anyone has seen it."""

    link_activated = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.link = LinkButton()
        self.note = text_label(kind="muted", wraps=False)
        self.link.link_activated.connect(self.link_activated)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.addWidget(line_of(self.link, self.note, spacing=4))

    def show_source(self, source: Source) -> None:
        """Show another repository."""
        self.link.set_link(source.repository, f"{HUB}/{source.repository}")
        notes = [kind_text(source.kind, source.weights), tr("gated") if source.gated else ""]
        if not source.checked:
            notes.append(tr("name not verified"))
        self.note.setText(" · ".join(note for note in notes if note))


class Details(QWidget):
    """Made once, and filled for each model."""

    asked = Signal(object)  # a ShelfCommand
    chosen = Signal(str)  # the id of an installed model
    alternatives_wanted = Signal(str)  # the name of a model that cannot be had as it is
    link_activated = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("modelDetails")
        self._entry: Entry | None = None
        self._summary = text_label()
        self._facts = text_label(kind="muted")
        self._missing = text_label()
        self.elsewhere = button(tr("Look for other versions at the hub"))
        self.elsewhere.clicked.connect(self._look_elsewhere)
        self._licence = LinkButton()
        self._licence_note = text_label(kind="muted")
        self._homepage = LinkButton()
        self.access = AccessSteps()
        self.formats: list[FormatRow] = []
        self.sources: list[SourceLine] = []
        self._format_rows = _column(8)
        self._source_rows = _column(0)
        self._sources_caption = text_label(tr("Where it comes from, the best first"), "muted")
        for link in (self._licence, self._homepage):
            link.link_activated.connect(self.link_activated)
        self.access.asked.connect(self.asked)
        self.access.link_activated.connect(self.link_activated)
        self._lay_out()

    def show_offers(self, chosen: Offer, offers: Sequence[Offer], holdings: Holdings) -> None:
        """Show a model in all its weight formats, the chosen one stressed."""
        entry = chosen.entry
        if self._entry != entry:
            self._show_entry(entry)
        self._show_access(offers)
        ordered = sorted(offers, key=lambda offer: weights_rank(offer.weights))
        while len(self.formats) < len(ordered):
            self._add_format()
        self._show_missing(ordered)
        for row, offer in zip(self.formats, ordered, strict=False):
            row.show_offer(offer, holdings)
            row.stress(offer.weights == chosen.weights)
        for place, row in enumerate(self.formats):
            row.setVisible(place < len(ordered))

    def texts(self) -> list[str]:
        """What is said of the model, its formats aside."""
        labels = (self._summary, self._facts, self._missing, self._licence, self._licence_note)
        return [label.text() for label in labels if not label.isHidden()]

    def focus_first(self) -> None:
        """Give the focus to the first button that can be pressed."""
        buttons = (row.get for row in self.formats if not row.isHidden() and row.get.isEnabled())
        first: QWidget = next(buttons, self._licence)
        first.setFocus(Qt.FocusReason.TabFocusReason)

    def _show_entry(self, entry: Entry) -> None:
        self._entry = entry
        self.setAccessibleName(tr("Details of {name}", name=entry.name))
        self._summary.setText(tr(entry.summary))
        self._summary.setVisible(bool(entry.summary))
        self._facts.setText(entry_facts(entry))
        licence = entry.licence
        self._licence.set_link(licence.name, licence.url)
        self._licence_note.setText(licence.notice)
        self._licence_note.setVisible(bool(licence.notice))
        self._homepage.set_link(tr("The model’s page"), entry.homepage)
        self.access.reset()
        while len(self.sources) < len(entry.sources):
            self._add_source()
        for line, source in zip(self.sources, entry.sources, strict=False):
            line.show_source(source)
        for place, line in enumerate(self.sources):
            line.setVisible(place < len(entry.sources))
        self._sources_caption.setVisible(bool(entry.sources))

    def _show_access(self, offers: Sequence[Offer]) -> None:
        gated = gated_source(offers)
        self.access.setVisible(gated is not None)
        if gated is not None:
            self.access.show_page(f"{HUB}/{gated.repository}")

    def _show_missing(self, offers: Sequence[Offer]) -> None:
        """Say once what this Cellar lacks for some formats, and which need none of it."""
        missing = next((offer.missing for offer in offers if offer.missing), "")
        others = ", ".join(offer.weights.upper() for offer in offers if offer.how)
        if missing and others:
            missing += " " + tr("Available without it: {formats}.", formats=others)
        self._missing.setText(missing)
        self._missing.setVisible(bool(missing))
        self.elsewhere.setVisible(bool(missing) and not others)

    def _look_elsewhere(self) -> None:
        if self._entry is not None:
            self.alternatives_wanted.emit(self._entry.name)

    def _add_format(self) -> None:
        row = FormatRow()
        row.asked.connect(self.asked)
        row.chosen.connect(self.chosen)
        before = self.formats[-1].get if self.formats else None
        self.formats.append(row)
        self._format_rows.addWidget(row)
        if before is not None:
            self.setTabOrder(before, row.get)

    def _add_source(self) -> None:
        line = SourceLine()
        line.link_activated.connect(self.link_activated)
        before = self.sources[-1].link if self.sources else self._homepage
        self.sources.append(line)
        self._source_rows.addWidget(line)
        self.setTabOrder(before, line.link)

    def _lay_out(self) -> None:
        rows = QVBoxLayout(self)
        inset(rows, 12, 8, 12, 16)
        space(rows, 12)
        about = _column(0)
        about.addWidget(self._summary)
        about.addWidget(self._facts)
        rows.addLayout(about)
        rows.addWidget(self._missing)
        looking = QHBoxLayout()
        looking.addWidget(self.elsewhere)
        looking.addStretch(1)
        rows.addLayout(looking)
        self._add_format()
        rows.addLayout(self._format_rows)
        rows.addWidget(self.access)
        origin = _column(0)
        caption = text_label(tr("Licence"), "muted", wraps=False)
        origin.addWidget(line_of(caption, self._licence, self._homepage, spacing=4))
        origin.addWidget(self._licence_note)
        add_gap(origin, 8)
        origin.addWidget(self._sources_caption)
        origin.addLayout(self._source_rows)
        rows.addLayout(origin)


def _column(spacing: int) -> QVBoxLayout:
    column = QVBoxLayout()
    space(column, spacing)
    return column


def entry_facts(entry: Entry) -> str:
    """What a model is, in one line."""
    count = parameters_text(entry.parameters)
    facts = (
        tr("{count} parameters", count=count) if entry.parameters else "",
        context_text(entry.context_length),
        languages_text(entry.languages),
        tr("thinks before it answers") if entry.thinking else "",
        tr(SPECIALITIES.get(entry.speciality, entry.speciality)),
    )
    return " · ".join(fact for fact in facts if fact)
