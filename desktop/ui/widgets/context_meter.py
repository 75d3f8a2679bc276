"""How much of what the model can take in is used, and what happens when it is full."""

from PySide6.QtCore import QLocale, QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QToolButton, QWidget

from desktop.domain.conversation import ContextPolicy
from desktop.ui.i18n import tr, trn
from desktop.ui.icons import IconSet
from desktop.ui.spacing import fix, inset, space
from desktop.ui.theme import Theme
from desktop.ui.widgets.announce import plain_tooltip
from desktop.ui.widgets.context_popover import ContextPopover
from desktop.ui.widgets.kind import set_kind

NEARLY_FULL = 0.8


class ContextMeter(QToolButton):
    """A thin bar and two numbers; hidden until they are known. A click tells more."""

    choice_made = Signal(object, bool)  # a ContextPolicy, and whether the first exchange stays

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("contextMeter")
        self.setAccessibleName(tr("Context used"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._choice = (ContextPolicy.DROP_OLDEST, False)
        self._facts = ""
        self._popover: ContextPopover | None = None
        self._numbers = QLabel()
        self._numbers.setTextFormat(Qt.TextFormat.PlainText)
        self._numbers.setProperty("kind", "muted")
        self._numbers.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._bar = QProgressBar(textVisible=False)
        fix(self._bar, 64)
        self._row = QHBoxLayout(self)
        inset(self._row, 6, 2, 6, 2)
        space(self._row, 8)
        self._row.addWidget(self._bar, 0, Qt.AlignmentFlag.AlignVCenter)
        self._row.addWidget(self._numbers)
        for part in (self._bar, self._numbers):
            part.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.clicked.connect(self._open)
        self.hide()

    @property
    def pin_first(self) -> bool:
        """True when the first exchange is kept whatever else is left out."""
        return self._choice[1]

    def set_choice(self, policy: ContextPolicy, pin_first: bool) -> None:
        """Show what the conversation does when it is full. Nothing is reported."""
        self._choice = (policy, pin_first)
        if self._popover is not None:
            self._popover.set_choice(policy, pin_first)

    def set_usage(self, used: int, available: int, unseen: int = 0) -> None:
        """Show tokens used of tokens available (0: not known), and how many messages are unseen."""
        self.setVisible(available > 0)
        if available <= 0:
            return
        locale = QLocale()
        numbers = f"{locale.toString(used)} / {locale.toString(available)}"
        level, kind = _level(used, available)
        self._numbers.setText(f"{numbers} · {level}" if level else numbers)
        self._bar.setRange(0, 100)
        self._bar.setValue(min(100, round(100 * used / available)))
        set_kind(self._bar, kind)
        self._facts = _facts(used, available, unseen)
        self.setToolTip(plain_tooltip(self._facts))
        self.setAccessibleDescription(self._facts)
        self.updateGeometry()
        if self._popover is not None:
            self._popover.set_facts(self._facts)

    def text(self) -> str:
        """The numbers on show, and a word where they come near the end."""
        return self._numbers.text()

    def set_theme(self, theme: Theme, icons: IconSet) -> None:
        """Nothing here has colours of its own."""

    def _open(self) -> None:
        if self._popover is None:
            self._popover = ContextPopover(self)
            self._popover.choice_made.connect(self._chosen)
        self._popover.set_facts(self._facts)
        self._popover.set_choice(*self._choice)
        self._popover.show_over(self)

    def _chosen(self, policy: ContextPolicy, pin_first: bool) -> None:
        self._choice = (policy, pin_first)
        self.choice_made.emit(policy, pin_first)

    # QToolButton

    def sizeHint(self) -> QSize:
        bar = self._bar.minimumWidth() + self._row.spacing()
        return self.minimumSizeHint() + QSize(bar, 0)

    def minimumSizeHint(self) -> QSize:
        around = self._row.contentsMargins()
        return self._numbers.sizeHint().grownBy(around)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._bar.setVisible(self.width() >= self.sizeHint().width())  # the numbers say it, too


def _level(used: int, available: int) -> tuple[str, str]:
    """A word and a kind of bar for numbers near the end: no colour says it alone."""
    if used >= available:
        return tr("full"), "danger"
    return (tr("nearly full"), "warning") if used >= NEARLY_FULL * available else ("", "")


def _facts(used: int, available: int, unseen: int) -> str:
    locale = QLocale()
    facts = [
        tr(
            "The model reads {used} of the {available} tokens that it can take in ({percent} %).",
            used=locale.toString(used),
            available=locale.toString(available),
            percent=round(100 * used / available),
        )
    ]
    if unseen:
        facts.append(
            trn("It no longer sees {count} message.", "It no longer sees {count} messages.", unseen)
        )
    elif level := _level(used, available)[0]:
        facts.append(tr("The context is {level}.", level=level))
    return " ".join(facts)
