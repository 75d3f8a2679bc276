"""The model that is best for this computer, and all that getting it means."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from desktop.services.shelf.commands import Get
from desktop.services.shelf.notices import Offer
from desktop.ui.i18n import tr
from desktop.ui.library.parts import Fact, LinkButton, button, line_of, text_label
from desktop.ui.library.words import how_sentence, label_of, size_text, speed_with_unit
from desktop.ui.spacing import add_gap, inset


class RecommendationCard(QFrame):
    """One model, one sentence why, what it takes, one button."""

    asked = Signal(object)  # a ShelfCommand
    link_activated = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._offer: Offer | None = None
        self.setObjectName("recommendation")
        self.setProperty("kind", "card")
        self._name = text_label(kind="title")
        self._summary = text_label()
        self._reason = text_label(kind="muted")
        self._download = Fact(tr("Download"))
        self._disk = Fact(tr("Disk"))
        self._memory = Fact(tr("Memory"))
        self._speed = Fact(tr("Speed (estimated)"))
        self._licence = LinkButton()
        self._licence.link_activated.connect(self.link_activated)
        self._notice = text_label(kind="muted")
        self._how = text_label(kind="muted")
        self.get = button("", "primary")
        self.get.setObjectName("getRecommended")
        self.get.clicked.connect(self._get)
        self._lay_out()
        self.hide()

    def show_offer(self, offer: Offer | None) -> None:
        """Recommend a model; None: there is nothing to recommend."""
        self._offer = offer
        self.setVisible(offer is not None)
        if offer is None:
            return
        name = label_of(offer.entry.name, offer.weights)
        licence = offer.entry.licence
        size = size_text(offer.download)
        self.setAccessibleName(tr("Best for this computer: {name}", name=name))
        self._name.setText(name)
        self._summary.setText(tr(offer.entry.summary))
        self._summary.setVisible(bool(offer.entry.summary))
        self._reason.setText(offer.reason)
        self._download.set_value(size)
        self._disk.set_value(size_text(offer.disk))
        self._memory.set_value(size_text(offer.memory))
        self._speed.set_value(speed_with_unit(offer.tokens_per_s))
        self._licence.set_link(licence.name, licence.url)
        self._notice.setText(licence.notice)
        self._notice.setVisible(bool(licence.notice))
        self._how.setText(how_sentence(offer.how))
        self._how.setVisible(bool(self._how.text()))
        text = tr("Get it ({size})", size=size) if offer.download else tr("Get it")
        self.get.setText(text)
        self.get.setAccessibleName(tr("Get {name}, {size}", name=name, size=size))

    def offer(self) -> Offer | None:
        """The model on show."""
        return self._offer

    def _get(self) -> None:
        if self._offer is not None:
            self.asked.emit(Get(self._offer.entry.id, self._offer.weights))

    def _lay_out(self) -> None:
        rows = QVBoxLayout(self)
        inset(rows, 16, 12, 16, 16)
        rows.setSpacing(0)
        rows.addWidget(text_label(tr("Best for this computer"), "muted"))
        rows.addWidget(self._name)
        add_gap(rows, 4)
        rows.addWidget(self._summary)
        rows.addWidget(self._reason)
        add_gap(rows, 12)
        rows.addWidget(line_of(self._download, self._disk, self._memory, self._speed))
        add_gap(rows, 8)
        caption = text_label(tr("Licence"), "muted", wraps=False)
        rows.addWidget(line_of(caption, self._licence, spacing=4))
        rows.addWidget(self._notice)
        add_gap(rows, 12)
        rows.addWidget(line_of(self.get))
        add_gap(rows, 4)
        rows.addWidget(self._how)
