"""What an empty conversation shows: a question, and some first words to borrow."""

from collections.abc import Sequence

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import (
    QPushButton,
    QSizePolicy,
    QStyle,
    QStyleOptionButton,
    QStylePainter,
    QVBoxLayout,
    QWidget,
)

from desktop.ui.i18n import tr
from desktop.ui.icons import IconSet
from desktop.ui.spacing import add_gap, inset, space
from desktop.ui.theme import Theme
from desktop.ui.widgets.flow_layout import FlowLayout
from desktop.ui.widgets.wrapped_label import wrapped_label

WIDEST = 640  # pixels; wider lines of cards are hard to take in


def example_prompts() -> tuple[str, ...]:
    """The prompts on offer, in the user's language."""
    return (
        tr("Hello! How are you today?"),
        tr("Who are you?"),
        tr("What is OpenVINO?"),
        tr("What is Python, in brief?"),
        tr("Tell the story of Cinderella in one sentence."),
        tr("Which coding mistakes are common?"),
        tr("Write a 100-word post on AI and OpenVINO."),
    )


class Examples(QWidget):
    """The heading and the cards; a click or Enter on a card chooses its prompt."""

    chosen = Signal(str)

    def __init__(self, prompts: Sequence[str] | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("examples")
        self.setAccessibleName(tr("Examples"))
        heading = wrapped_label(tr("What would you like to know?"), "heading")
        heading.setAlignment(Qt.AlignmentFlag.AlignCenter)
        note = wrapped_label(tr("Everything you write stays on this computer."), "muted")
        note.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._cards = QWidget()
        flow = FlowLayout(spacing=8, centred=True, widest=WIDEST, parent=self._cards)
        for prompt in example_prompts() if prompts is None else prompts:
            flow.addWidget(self._card(prompt))
        rows = QVBoxLayout(self)
        inset(rows, 16, 16, 16, 16)
        space(rows, 4)
        rows.addStretch(2)
        rows.addWidget(heading)
        rows.addWidget(note)
        add_gap(rows, 16)
        rows.addWidget(self._cards)
        rows.addStretch(3)

    def set_theme(self, theme: Theme, icons: IconSet) -> None:
        """Nothing here has colours of its own."""

    def _card(self, prompt: str) -> "ExampleCard":
        card = ExampleCard(prompt)
        card.clicked.connect(lambda: self.chosen.emit(prompt))
        return card


class ExampleCard(QPushButton):
    """A button whose text wraps where it is too long for one line."""

    def __init__(self, prompt: str, parent: QWidget | None = None) -> None:
        super().__init__(prompt.replace("&", "&&"), parent)
        self._prompt = prompt
        self.setAccessibleName(prompt)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        policy = QSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def _padding(self) -> QSize:
        text = self.fontMetrics().size(Qt.TextFlag.TextShowMnemonic, self.text())
        return self.sizeHint() - text

    # QPushButton

    def heightForWidth(self, width: int) -> int:
        padding = self._padding()
        room = QRect(0, 0, max(1, width - padding.width()), 10_000)
        text = self.fontMetrics().boundingRect(room, Qt.TextFlag.TextWordWrap, self._prompt)
        return text.height() + padding.height()

    def minimumSizeHint(self) -> QSize:
        return QSize(120, super().minimumSizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        option = QStyleOptionButton()
        self.initStyleOption(option)
        option.text = ""
        painter = QStylePainter(self)
        painter.drawControl(QStyle.ControlElement.CE_PushButton, option)
        element = QStyle.SubElement.SE_PushButtonContents
        flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
        self.style().drawItemText(
            painter,
            self.style().subElementRect(element, option, self),
            flags,
            option.palette,
            self.isEnabled(),
            self._prompt,
            self.foregroundRole(),
        )
