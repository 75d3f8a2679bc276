"""How to get a model whose makers want to know who takes it."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from desktop.services.shelf.commands import SetToken
from desktop.ui.i18n import tr
from desktop.ui.library.parts import HUB, LinkButton, button, line_of, text_label
from desktop.ui.spacing import at_least, space
from desktop.ui.widgets.announce import announce

TOKEN_PAGE = f"{HUB}/settings/tokens"


class AccessSteps(QWidget):
    """Accept the licence, make a token, hand it over. What is typed is never shown."""

    asked = Signal(object)  # a ShelfCommand
    link_activated = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._page = LinkButton()
        token_page = LinkButton(tr("your tokens at the hub"), TOKEN_PAGE)
        for link in (self._page, token_page):
            link.link_activated.connect(self.link_activated)
        self.token = QLineEdit()
        self.token.setObjectName("hubToken")
        self.token.setEchoMode(QLineEdit.EchoMode.Password)
        self.token.setInputMethodHints(Qt.InputMethodHint.ImhSensitiveData)
        self.token.setPlaceholderText(tr("Token, such as hf_…"))
        self.token.setAccessibleName(tr("Token for gated models"))
        at_least(self.token, 80)
        self.save = button(tr("Save"), spoken=tr("Save the token"))
        self.save.setEnabled(False)
        self.forget = button(tr("Forget"), "quiet", tr("Forget the token that was saved"))
        self.note = text_label(kind="muted")
        self.token.textChanged.connect(self._typed)
        self.token.returnPressed.connect(self._hand_over)
        self.save.clicked.connect(self._hand_over)
        self.forget.clicked.connect(self._forget)
        self._lay_out(token_page)
        self.reset()

    def show_page(self, address: str) -> None:
        """Name the page where the licence is accepted."""
        self._page.set_link(tr("the model’s page"), address)

    def reset(self) -> None:
        """Start anew, for another model."""
        self.token.clear()
        self.explain()

    def explain(self) -> None:
        """Say what becomes of a token; nothing was handed over, or it was not taken."""
        self.note.setText(
            tr("It is kept in this computer’s password store and sent to the hub only.")
        )

    def _typed(self, text: str) -> None:
        self.save.setEnabled(bool(text.strip()))

    def _hand_over(self) -> None:
        token = self.token.text().strip()
        if token:
            self.token.clear()
            self._say(tr("The token is saved. You can get the model now."))
            self.asked.emit(SetToken(token))

    def _forget(self) -> None:
        self.token.clear()
        self._say(tr("The token is forgotten."))
        self.asked.emit(SetToken(""))

    def _say(self, text: str) -> None:
        self.note.setText(text)
        announce(self.note, text)

    def _lay_out(self, token_page: LinkButton) -> None:
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        space(rows, 4)
        rows.addWidget(text_label(tr("Its makers want to know who downloads it."), "title"))
        rows.addWidget(_step(tr("1. Sign in, and accept the licence on"), self._page))
        rows.addWidget(_step(tr("2. Make a token that may read, under"), token_page))
        rows.addWidget(text_label(tr("3. Paste it here."), "muted"))
        field = QHBoxLayout()
        space(field, 4)
        field.addWidget(self.token, 1)
        field.addWidget(self.save)
        field.addWidget(self.forget)
        rows.addLayout(field)
        rows.addWidget(self.note)


def _step(text: str, link: LinkButton) -> QWidget:
    return line_of(text_label(text, "muted", wraps=False), link, spacing=2)
