"""Between the chat service and the prompt layout of the settings panel."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QWidget

from desktop.domain.layout import SystemPlace
from desktop.services.chat import commands, notices
from desktop.services.chat.commands import ChatCommand
from desktop.services.chat.notices import LayoutsListed, Notice
from desktop.services.layouts.store import Choice
from desktop.ui.i18n import tr, trn
from desktop.ui.settings.layout_dialog import LayoutDialog, Wanted
from desktop.ui.settings.layout_row import LayoutRow


class LayoutPresenter(QObject):
    """Lives in the window's thread. Other notices than its own are none of its business."""

    def __init__(
        self,
        row: LayoutRow,
        settle: Callable[[], None],
        post: Callable[[ChatCommand], None],
        parent: QWidget | None = None,
    ) -> None:
        """`settle` hands on what the user has changed and nobody was told of yet."""
        super().__init__(parent)
        self._row = row
        self._settle = settle
        self._post = post
        self._parent = parent
        self._opens = False  # the user asked for the editor: it opens with what is told next
        self._dialog: LayoutDialog | None = None
        row.change_asked.connect(self._open)

    @Slot(object)
    def take(self, notice: Notice) -> None:
        """Show what the chat service tells of layouts."""
        match notice:
            case notices.ModelsListed() | notices.Opened():
                self._post(commands.ListLayouts())
            case LayoutsListed():
                self._row.set_words(in_words(notice))
                if self._opens:
                    self._show(notice)
            case notices.LayoutPreviewed() if self._dialog is not None:
                self._dialog.show_preview(notice)

    @Slot()
    def _open(self) -> None:
        if self._dialog is None:
            self._opens = True
            self._settle()
            self._post(commands.ListLayouts())

    def _show(self, listed: LayoutsListed) -> None:
        self._opens = False
        dialog = self._dialog = LayoutDialog(listed, self._parent)
        dialog.preview_asked.connect(self._preview)
        dialog.chosen.connect(self._choose)
        dialog.finished.connect(self._closed)
        self._preview(dialog.wanted())
        dialog.open()

    @Slot(object)
    def _preview(self, wanted: Wanted) -> None:
        self._post(commands.PreviewLayout(wanted.layout, tr("Your next message")))

    @Slot(object)
    def _choose(self, choice: Choice) -> None:
        self._post(commands.ChooseLayout(choice))

    @Slot()
    def _closed(self) -> None:
        self._dialog = None


def in_words(listed: LayoutsListed) -> str:
    """The layout in use, in a few words, and what it has no place for."""
    named = {each.id: each for each in listed.layouts}.get(listed.choice.id) or listed.native
    layout = listed.choice.edited or (named.layout if named else None)
    words = [_name(listed)]
    if layout and not listed.of_preset:
        if layout.system is SystemPlace.NONE:
            words.append(tr("It has no place for a system prompt."))
        if layout.window:
            words.append(
                trn(
                    "The model reads the last message.",
                    "The model reads the last {count} messages.",
                    layout.window,
                )
            )
    return "\n".join(words)


def _name(listed: LayoutsListed) -> str:
    names = {each.id: each.name for each in listed.layouts}
    if listed.of_preset:
        return tr("That of the preset “{name}”", name=listed.of_preset)
    if listed.choice.edited:
        return tr("Edited by you, for this model")
    if listed.choice.id in names:
        return tr("{name}, chosen by you for this model", name=names[listed.choice.id])
    if listed.native:
        return tr("{name}, the model’s own", name=listed.native.name)
    return tr("The model’s own template")
