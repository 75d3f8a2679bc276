"""The attachments of the message that is being written, above its text."""

from collections.abc import Sequence
from itertools import pairwise

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QSizePolicy, QWidget

from desktop.domain.attachments import Attachment
from desktop.ui.composer.chip import AttachmentChip
from desktop.ui.i18n import tr
from desktop.ui.icons import IconSet
from desktop.ui.theme import Theme
from desktop.ui.widgets.announce import announce
from desktop.ui.widgets.flow_layout import FlowLayout

GAP = 8


class AttachmentTray(QWidget):
    """Hidden while there are none."""

    changed = Signal()
    inline_wanted = Signal(object)  # an attachment that was taken away to stand in the text
    left = Signal()  # the last one with the focus is gone

    def __init__(self, following: QWidget, parent: QWidget | None = None) -> None:
        """`following` is where the Tab key goes on to from the last one."""
        super().__init__(parent)
        self._following = following
        self.setObjectName("attachmentTray")
        self.setAccessibleName(tr("Attachments"))
        self._chips: list[AttachmentChip] = []
        self._look: tuple[Theme, IconSet] | None = None
        self._row = FlowLayout(GAP, parent=self)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.hide()

    @property
    def attachments(self) -> tuple[Attachment, ...]:
        """In the order in which they were attached."""
        return tuple(chip.attachment for chip in self._chips)

    def add(self, attachments: Sequence[Attachment]) -> None:
        """Show some more; what is there already is not taken twice."""
        new = [each for each in dict.fromkeys(attachments) if each not in self.attachments]
        for attachment in new:
            self._append(attachment)
        if new:
            self._changed()
            announce(self, "\n".join(chip.accessibleName() for chip in self._chips[-len(new) :]))

    def show_only(self, attachments: Sequence[Attachment]) -> None:
        """Have these, and nothing is reported."""
        for chip in self._chips:
            self._discard(chip)
        self._chips.clear()
        for attachment in attachments:
            self._append(attachment)
        self.setVisible(bool(self._chips))

    def set_tokens(self, tokens: Sequence[int | None]) -> None:
        """Show how many tokens each has."""
        for chip, count in zip(self._chips, tokens, strict=False):
            chip.set_tokens(count)

    def set_theme(self, theme: Theme, icons: IconSet) -> None:
        """Take colours and icons."""
        self._look = theme, icons
        for chip in self._chips:
            chip.set_theme(theme, icons)

    def _append(self, attachment: Attachment) -> None:
        chip = AttachmentChip(attachment)
        if self._look:
            chip.set_theme(*self._look)
        chip.removed.connect(self._remove)
        chip.inline_wanted.connect(self._put_inline)
        self._chips.append(chip)
        self._row.addWidget(chip)
        chip.show()
        self._order_tabs()

    def _order_tabs(self) -> None:
        """The Tab key goes from chip to chip, and from the last one on."""
        stops: list[QWidget] = [button for chip in self._chips for button in chip.buttons]
        for stop, following in pairwise([*stops, self._following]):
            QWidget.setTabOrder(stop, following)

    def _remove(self, attachment: Attachment) -> None:
        place = self.attachments.index(attachment)
        chip = self._chips.pop(place)
        had_focus = any(button.hasFocus() for button in chip.buttons)
        self._discard(chip)
        announce(self, tr("Removed"))
        if had_focus and self._chips:
            beside = self._chips[min(place, len(self._chips) - 1)]
            beside.remove.setFocus(Qt.FocusReason.OtherFocusReason)
        self._changed()
        if had_focus and not self._chips:
            self.left.emit()

    def _put_inline(self, attachment: Attachment) -> None:
        self._remove(attachment)
        self.inline_wanted.emit(attachment)

    def _discard(self, chip: AttachmentChip) -> None:
        self._row.removeWidget(chip)
        chip.hide()
        chip.deleteLater()

    def _changed(self) -> None:
        self.setVisible(bool(self._chips))
        self.changed.emit()
