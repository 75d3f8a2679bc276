"""Between the services and the adapters of the settings panel."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Slot

from desktop.domain.adapters import AS_TRAINED, Adapter, Strengths
from desktop.domain.formats import family
from desktop.services.adapters import commands, notices
from desktop.services.adapters.commands import AdapterCommand
from desktop.services.adapters.notices import AdapterNotice
from desktop.services.chat import commands as chat
from desktop.services.chat import notices as chat_notices
from desktop.services.chat.commands import ChatCommand
from desktop.services.chat.notices import Notice
from desktop.ui.i18n import tr
from desktop.ui.settings.adapter_section import AdapterSection
from desktop.ui.widgets.banner import INFO, WARNING

UNDO = "undo"
NOTE_S = 8  # seconds that a note stays which needs no answer


class AdapterPresenter(QObject):
    """Lives in the window's thread. `post` is for the adapters, `post_chat` for the chat."""

    def __init__(
        self,
        section: AdapterSection,
        post: Callable[[AdapterCommand], None],
        post_chat: Callable[[ChatCommand], None],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._section = section
        self._post = post
        self._post_chat = post_chat
        self._model_id = ""
        self._family = ""  # the same of the model in all its weight formats
        self._chat_id = ""
        self._adapters: tuple[Adapter, ...] = ()
        self._strengths: Strengths = {}  # of the chat in view, those of other models too
        self._wanted_in = ""  # the chat in which an adapter is being added
        section.strengths_changed.connect(self._change)
        section.add_asked.connect(self.add)
        section.remove_asked.connect(self._remove)
        section.note.action_triggered.connect(self._answer)

    @Slot(object)
    def take_chat(self, notice: Notice) -> None:
        """Take note of the chat in view, and of its model."""
        match notice:
            case chat_notices.Opened(conversation=conversation):
                if conversation.id != self._chat_id:
                    self._section.forget_changes()
                    self._chat_id = conversation.id
                self._strengths = conversation.settings.adapters
                self._section.set_strengths(self._strengths)
            case chat_notices.ModelsListed(current=current) if current is not None:
                self._model_id = current.id
                if family(current) != self._family:
                    self._family = family(current)
                    self._section.note.dismiss()
                    self._post(commands.ShowModel(self._family))

    @Slot(object)
    def take(self, notice: AdapterNotice) -> None:
        """Show what is told of adapters."""
        match notice:
            case notices.AdaptersListed(whose, adapters):
                if whose == self._family:
                    self._adapters = adapters
                    self._section.set_adapters(adapters, self._strengths)
            case notices.AdapterAdded(adapter):
                self._added(adapter)
            case notices.AdapterRemoved(adapter):
                self._post_chat(chat.RefreshAdapters())
                text = tr("“{name}” is removed.", name=adapter.name)
                self._section.tell(text, [(UNDO, tr("Undo"))], INFO)
            case notices.AdapterBack():
                self._post_chat(chat.RefreshAdapters())
            case notices.AdapterTrouble(what, remedy):
                self._section.set_work("")
                self._section.tell(f"{what} {remedy}".strip(), kind=WARNING)

    @Slot(object)
    def add(self, source: Path) -> None:
        """Add an adapter to the model of the chat in view, and switch it on there."""
        if not self._model_id:
            return
        self._section.note.dismiss()
        self._section.set_work(tr("Checking and copying {name} …", name=source.name))
        self._wanted_in = self._chat_id
        self._post(commands.AddAdapter(self._model_id, source))

    def _added(self, adapter: Adapter) -> None:
        self._section.set_work("")
        here = adapter.family == self._family and self._wanted_in == self._chat_id
        if here and adapter.id not in self._strengths:
            self._hold({**self._strengths, adapter.id: AS_TRAINED})
            self._section.set_strengths(self._strengths)
        text = (
            tr("“{name}” is added and on in this chat.", name=adapter.name)
            if here
            else tr("“{name}” is added.", name=adapter.name)
        )
        self._post_chat(chat.RefreshAdapters())
        lasts = None if adapter.note else NOTE_S
        self._section.tell(f"{text} {adapter.note}".strip(), timeout_s=lasts)

    def _change(self, shown: Strengths) -> None:
        """Those of the model's adapters that are on; what other models have stays as it was."""
        mine = {adapter.id for adapter in self._adapters}
        others = {name: each for name, each in self._strengths.items() if name not in mine}
        self._hold({**others, **shown})

    def _hold(self, strengths: Strengths) -> None:
        self._strengths = strengths
        self._post_chat(chat.ChangeAdapters(strengths))

    def _remove(self, adapter_id: str) -> None:
        self._post(commands.RemoveAdapter(self._family, adapter_id))

    def _answer(self, action: str) -> None:
        if action == UNDO:
            self._post(commands.UndoRemoveAdapter())
