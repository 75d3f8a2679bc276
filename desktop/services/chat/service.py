"""The chat service: one thread that holds the conversations, their storage and the engine.

Commands, events of the engine and news of an installation all come through one inbox, so that
nothing here needs a lock and things happen in the order in which they came in.
"""

import logging
import queue
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, get_args

from desktop.domain.adapters import sensible_strengths
from desktop.domain.chats import TitleOrigin
from desktop.domain.conversation import clean_text
from desktop.domain.errors import Problem
from desktop.domain.events import Event
from desktop.domain.sampling import checked_values
from desktop.domain.words import tr
from desktop.services.chat import commands, notices
from desktop.services.chat.branches import not_saved
from desktop.services.chat.chat_list import ChatList, ListStore
from desktop.services.chat.commands import (
    ChatCommand,
    EngineCommand,
    LayoutCommand,
    ListCommand,
    PresetCommand,
    SettingsCommand,
)
from desktop.services.chat.conversations import Conversations
from desktop.services.chat.engine_use import EngineUse, Parts
from desktop.services.chat.layouts import LayoutDesk
from desktop.services.chat.notices import Notice
from desktop.services.chat.preferences import Preferences
from desktop.services.chat.presets import PresetDesk
from desktop.services.chat.readiness import (
    Installed,
    Installing,
    InstallNews,
    NotInstalled,
    Readiness,
)
from desktop.services.chat.rest import Rest
from desktop.services.chat.titler import Titler
from desktop.services.chat.tree_work import TreeWork
from desktop.services.engine_host import EngineHost
from desktop.services.layouts.store import LayoutStore
from desktop.services.models import ModelService
from desktop.services.presets.store import PresetStore

log = logging.getLogger(__name__)

Item = ChatCommand | InstallNews | tuple[int, Event]


@dataclass(frozen=True, slots=True)
class Stores:
    """Where conversations and presets are kept."""

    open: Callable[[], tuple[ListStore, Sequence[Problem]]]  # with what the user has to know
    restore: Callable[[str], str]  # puts a backup in the place of the conversations, when closed;
    # the name of the file in which those of before are kept. Raises Problem
    presets: PresetStore
    layouts: LayoutStore


class ChatService:
    """Made anywhere; `run` is the thread it lives in, `post` may be called from any other."""

    def __init__(
        self,
        stores: Stores,
        models: ModelService,
        make_host: Callable[[Callable[[int, Event], None]], EngineHost],
        preferences: Preferences,
        notify: Callable[[Notice], None],
        rest: Rest,
    ) -> None:
        self._stores = stores
        self._models = models
        self._presets = PresetDesk(stores.presets, notify)
        self._preferences = preferences
        self._notify = notify
        self._rest = rest
        self._inbox: queue.SimpleQueue[Item] = queue.SimpleQueue()
        self._host = make_host(lambda *tagged: self._inbox.put(tagged))
        self._readiness = Readiness(models, self._host, notify, self._inbox.put)

    def post(self, command: ChatCommand) -> None:
        """Ask for something; the answer comes as notices."""
        self._inbox.put(command)

    def run(self) -> None:
        """Serve until Quit."""
        self._open()
        try:
            self._host.start()
        except Problem as problem:
            self._tell(problem)
        try:
            self._engine.go_on(asked=True)
            self._serve()
        finally:
            self._readiness.close()
            self._chats.close()

    def _open(self, chat_id: str = "") -> None:
        """Have the conversations at hand, this one in view, else the last one."""
        store, problems = self._stores.open()
        self._chats = Conversations(store, self._host.send, self._notify)
        parts = Parts(
            self._models,
            self._host,
            self._readiness,
            self._rest,
            Titler(self._host.send, self._preferences.model_titles, self._entitle),
            self._presets.by_id,
            LayoutDesk(self._stores.layouts, self._host, self._notify),
        )
        self._engine = EngineUse(self._chats, parts, self._preferences, self._notify)
        self._list = ChatList(store, self._chats, self._engine.new_settings, self._notify)
        self._tree = TreeWork(
            self._chats, self._engine.check_again, self._engine.weigh, self._notify
        )
        hindrances = self._chats.open_last(self._engine.new_settings(), chat_id)
        for problem in (*problems, *hindrances):
            self._tell(problem)

    def _tell(self, problem: Problem) -> None:
        self._notify(notices.Trouble(problem.what, problem.remedy))

    def _serve(self) -> None:
        while True:
            try:
                item = self._inbox.get(timeout=self._engine.patience_s)
            except queue.Empty:
                item = None
            if isinstance(item, commands.Quit):
                return
            try:
                if item is None:
                    self._engine.look()
                else:
                    self._handle(item)
                    self._engine.go_on(asked=isinstance(item, get_args(ChatCommand)))
            except Problem as problem:
                self._tell(problem)
            except Exception as error:  # a bug must not take the conversation with it
                log.exception("%s was not handled", type(item).__name__)
                what = tr("Something unexpected went wrong ({name}).", name=type(error).__name__)
                self._tell(Problem(what, tr("The log has the details. Try again.")))
            self._chats.settle()

    def _handle(self, item: Item) -> None:
        match item:
            case (int(number), event):
                self._engine.hear(number, event)
            case Installing() | Installed() | NotInstalled():
                self._engine.hear_install(item)
            case commands.NewChat() | commands.OpenChat():
                self._go(item)
            case commands.RestoreBackup(name):
                self._restore(name)
            case _ if isinstance(item, get_args(ListCommand)):
                self._list_work(item)
            case _ if isinstance(item, get_args(PresetCommand)):
                self._preset_work(item)
            case _ if isinstance(item, get_args(SettingsCommand)):
                self._change(item)
            case _ if isinstance(item, get_args(LayoutCommand)):
                self._engine.lay_out(item)
            case _ if isinstance(item, get_args(EngineCommand)):
                self._engine_work(item)
            case _:
                self._tree.handle(item)

    def _engine_work(self, item: Any) -> None:
        match item:
            case commands.TakeSettings(minutes):
                self._engine.take_settings(minutes)
            case commands.PrepareModel():
                self._engine.prepare()
            case commands.RefreshModels():
                self._engine.refresh()
            case commands.RefreshAdapters():
                self._engine.choose_again()
            case commands.RepairModel():
                self._engine.repair()

    def _go(self, item: commands.NewChat | commands.OpenChat) -> None:
        match item:
            case commands.NewChat(temporary, preset):
                settings = self._engine.new_settings()
                if preset:
                    settings = self._presets.handle(commands.UsePreset(preset, {}), settings)
                self._chats.begin(settings, temporary=temporary)
            case commands.OpenChat(chat_id, message_id):
                self._chats.open(chat_id, message_id)
        self._engine.view_changed()

    def _list_work(self, item: Any) -> None:
        before = self._chats.view
        self._list.handle(item)
        if self._chats.view is not before:
            self._engine.view_changed()

    def _preset_work(self, item: Any) -> None:
        before = self._chats.settings
        after = self._presets.handle(item, before)
        if after == before:
            return
        self._chats.view.change(after)
        if not isinstance(item, commands.FillForm):  # what is typed is in the window already
            self._chats.view.show(same=True)
            self._engine.tell_defaults()

    def _change(self, item: Any) -> None:
        match item:
            case commands.ChooseModel(model_id):
                changes: dict[str, Any] = {"model": model_id}
            case commands.ChooseDevice(device):
                changes = {"device": device}
            case commands.ChangeSampling(changed):
                changes = {"sampling": checked_values(changed)}
            case commands.ChangeSystemPrompt(text):
                changes = {"system_prompt": clean_text(text)}
            case commands.ChangeContext(policy, pin_first):
                changes = {"context_policy": policy, "pin_first": pin_first}
            case commands.ChangeAdapters(strengths):
                changes = {"adapters": sensible_strengths(strengths)}
        self._chats.view.change(replace(self._chats.settings, **changes))
        if isinstance(item, commands.ChooseModel | commands.ChooseDevice):
            self._engine.choose_again()

    def _restore(self, name: str) -> None:
        """Go back to a backup. Whatever comes of it, the conversations are open afterwards."""
        was = self._chats
        if was.view.temporary and not was.view.blank:
            raise _temporary_open()
        was.stop()
        if not was.all_saved():
            raise not_saved()
        was.close()
        try:
            kept = self._stores.restore(name)
        finally:
            self._open(was.view.conversation.id)
            self._chats.secret_left = was.secret_left
            self._list.tell()
            self._engine.view_changed()
        self._notify(notices.BackupRestored(kept))

    def _entitle(self, chat_id: str, title: str) -> None:
        """Give a conversation the title that the model wrote, in place of the rule's.

        Raises Problem.
        """
        if self._chats.title_origin(chat_id) is TitleOrigin.RULE:
            self._chats.entitle(chat_id, title, TitleOrigin.MODEL)


def _temporary_open() -> Problem:
    return Problem(
        tr("The temporary chat that is open would be lost, so no backup was restored."),
        tr("Close that chat first."),
    )
