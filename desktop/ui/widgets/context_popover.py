"""What happens when the context is full: three choices beside the meter."""

from PySide6.QtCore import QPoint, QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QCheckBox, QFrame, QRadioButton, QVBoxLayout, QWidget

from desktop.domain.conversation import ContextPolicy
from desktop.ui.i18n import mark, tr
from desktop.ui.spacing import add_gap, fix, indent, inset
from desktop.ui.widgets.wrapped_label import wrapped_label

WIDTH = 360
INDENT = 29  # of what explains a choice, under its words
GAP = 4  # to the meter

CHOICES = (
    (
        ContextPolicy.DROP_OLDEST,
        mark("Leave out the oldest turns"),
        mark("Several turns at a time, so that answers stay quick."),
    ),
    (
        ContextPolicy.LAST_EXCHANGE,
        mark("Keep only the last exchange"),
        mark("The model reads your latest message alone."),
    ),
    (
        ContextPolicy.ASK,
        mark("Stop and ask"),
        mark("Nothing is sent until you have chosen."),
    ),
)


class ContextPopover(QFrame):
    """Closes with Escape or a click beside it. Every choice holds at once."""

    choice_made = Signal(object, bool)  # a ContextPolicy, and whether the first exchange stays

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setObjectName("contextPopover")
        self.setAccessibleName(tr("When the context is full"))
        self.setAttribute(Qt.WidgetAttribute.WA_NoMouseReplay)
        self.setProperty("kind", "card")
        fix(self, WIDTH)
        self._rows = QVBoxLayout(self)
        self._facts = wrapped_label(kind="muted")
        self._pin = QCheckBox(tr("Always keep the first exchange"))
        self._pin.setObjectName("pinFirst")
        self._pin.toggled.connect(self._tell)
        self._buttons = {policy: self._button(policy, words) for policy, words, _ in CHOICES}
        self._lay_out()

    def set_facts(self, facts: str) -> None:
        """Show the numbers."""
        self._facts.setText(facts)

    def set_choice(self, policy: ContextPolicy, pin_first: bool) -> None:
        """Show the choice in use. Nothing is reported."""
        parts = (self._pin, *self._buttons.values())
        blockers = [QSignalBlocker(part) for part in parts]
        self._buttons[policy].setChecked(True)
        self._pin.setChecked(pin_first)
        self._pin.setEnabled(policy is ContextPolicy.DROP_OLDEST)
        for blocker in blockers:
            blocker.unblock()

    def show_over(self, meter: QWidget) -> None:
        """Open above the meter, within its screen, ready for the arrow keys."""
        self._take_height()
        beside = 0 if self.isRightToLeft() else meter.width() - self.width()
        corner = meter.mapToGlobal(QPoint(beside, -self.height() - GAP))
        screen = meter.screen().availableGeometry()
        corner.setX(max(screen.left(), min(corner.x(), screen.right() - self.width())))
        corner.setY(max(screen.top(), corner.y()))
        self.move(corner)
        self.show()
        self._buttons[self._policy()].setFocus(Qt.FocusReason.PopupFocusReason)

    def _take_height(self) -> None:
        """Just what the lines need; Qt's own guess does not know where they wrap."""
        for part in self.findChildren(QWidget):
            part.ensurePolished()
        self._rows.invalidate()
        self.setFixedHeight(self._rows.heightForWidth(self.width()))

    def _policy(self) -> ContextPolicy:
        return next(policy for policy, button in self._buttons.items() if button.isChecked())

    def _tell(self, checked: bool = True) -> None:
        if not checked and self.sender() is not self._pin:
            return  # the one that was chosen before
        policy = self._policy()
        self._pin.setEnabled(policy is ContextPolicy.DROP_OLDEST)
        self.choice_made.emit(policy, self._pin.isChecked())

    def _button(self, policy: ContextPolicy, words: str) -> QRadioButton:
        button = QRadioButton(tr(words))
        button.setObjectName(f"contextPolicy_{policy}")
        button.toggled.connect(self._tell)
        return button

    def _lay_out(self) -> None:
        rows = self._rows
        inset(rows, 16, 16, 16, 16)
        rows.setSpacing(0)
        rows.addWidget(wrapped_label(tr("When the context is full"), "title"))
        add_gap(rows, 4)
        rows.addWidget(self._facts)
        for policy, _, explanation in CHOICES:
            button = self._buttons[policy]
            button.setAccessibleDescription(tr(explanation))
            add_gap(rows, 12)
            rows.addWidget(button)
            rows.addWidget(_indented(wrapped_label(tr(explanation), "muted")))
            if policy is ContextPolicy.DROP_OLDEST:
                add_gap(rows, 4)
                rows.addWidget(_indented(self._pin))
                kept = wrapped_label(tr("The model never loses how the chat began."), "muted")
                rows.addWidget(_indented(kept, 2 * INDENT))


def _indented(part: QWidget, width: int = INDENT) -> QWidget:
    frame = QWidget()
    row = QVBoxLayout(frame)
    indent(row, width)
    row.addWidget(part)
    return frame
