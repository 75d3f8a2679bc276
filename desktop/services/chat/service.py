"""The chat service: one thread that holds the conversation, its storage and the engine.

Commands, events of the engine and news of an installation all come through one inbox, so that
nothing here needs a lock and things happen in the order in which they came in.
"""

import logging
import queue
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

from desktop.domain.conversation import Conversation, ConversationSettings, clean_text
from desktop.domain.errors import Problem
from desktop.domain.events import Event
from desktop.domain.sampling import Values, checked_values, defaults
from desktop.engine.client import Engine
from desktop.services.chat import commands, notices
from desktop.services.chat.commands import ChatCommand
from desktop.services.chat.dialogue import Dialogue
from desktop.services.chat.notices import Notice
from desktop.services.chat.readiness import (
    Installed,
    Installing,
    InstallNews,
    NotInstalled,
    Readiness,
)
from desktop.services.chat.recorder import Recorder, Store
from desktop.services.engine_host import EngineHost
from desktop.services.models import ModelService

log = logging.getLogger(__name__)

HANG_CHECK_S = 0.5

Item = ChatCommand | InstallNews | tuple[int, Event]


class ChatStore(Store, Protocol):
    """What the service needs of the conversations on disk."""

    def latest(self) -> Conversation | None:
        """The conversation that was used last."""

    def mark_interrupted(self) -> int:
        """Mark answers that were being written when the program ended."""

    def close(self) -> None:
        """Let the database go."""


@dataclass(frozen=True, slots=True)
class Defaults:
    """What a conversation that has not chosen is held with."""

    model: str = ""
    device: str = "CPU"


class ChatService:
    """Made anywhere; `run` is the thread it lives in, `post` may be called from any other."""

    def __init__(
        self,
        open_store: Callable[[], tuple[ChatStore, Sequence[Problem]]],
        models: ModelService,
        make_engine: Callable[[], Engine],
        cache: Path,
        preferences: Defaults,
        notify: Callable[[Notice], None],
    ) -> None:
        self._open_store = open_store
        self._models = models
        self._preferences = preferences
        self._notify = notify
        self._inbox: queue.SimpleQueue[Item] = queue.SimpleQueue()
        self._host = EngineHost(
            make_engine, models.library, cache, lambda *tagged: self._inbox.put(tagged)
        )
        self._engine_number = 0  # of the process that the dialogue speaks with
        self._readiness = Readiness(models, self._host, notify, self._inbox.put)

    def post(self, command: ChatCommand) -> None:
        """Ask for something; the answer comes as notices."""
        self._inbox.put(command)

    def run(self) -> None:
        """Serve until Quit."""
        store, problems = self._open_store()
        try:
            conversation, more_problems = _last_conversation(store)
            recorder = Recorder(store, self._notify)
            self._dialogue = Dialogue(conversation, recorder, self._host.send, self._notify)
            self._notify(notices.Opened(conversation))
            for problem in (*problems, *more_problems):
                self._tell(problem)
            self._start_engine()
            self._serve()
        finally:
            self._readiness.close()
            store.close()

    def _start_engine(self) -> None:
        try:
            self._host.start()
        except Problem as problem:
            self._tell(problem)
        self._choose_model()

    def _tell(self, problem: Problem) -> None:
        self._notify(notices.Trouble(problem.what, problem.remedy))

    def _serve(self) -> None:
        while True:
            try:
                item = self._inbox.get(timeout=HANG_CHECK_S if self._dialogue.stopping else None)
            except queue.Empty:
                self._end_hung_engine()
                continue
            if isinstance(item, commands.Quit):
                self._dialogue.close()
                return
            try:
                self._handle(item)
            except Problem as problem:
                self._tell(problem)
            except Exception as error:  # a bug must not take the conversation with it
                log.exception("%s was not handled", type(item).__name__)
                what = f"Something unexpected went wrong ({type(error).__name__})."
                self._tell(Problem(what, "The log has the details. Try again."))

    def _handle(self, item: Item) -> None:
        match item:
            case (int(number), event):
                if self._host.accept(number, event):
                    self._hear(event)
            case Installing() | Installed() | NotInstalled():
                self._readiness.hear_install(item)
                self._fail_with_engine()
                self._model_changed()
            case commands.ChooseModel() | commands.ChooseDevice():
                self._choose(item)
            case commands.ChangeSampling() | commands.ChangeSystemPrompt():
                self._change(item)
            case commands.PrepareModel() | commands.RefreshModels() | commands.RepairModel():
                self._ready(item)
            case _:
                self._talk(item)
        self._ask_when_ready()

    def _ready(self, item: Item) -> None:
        match item:
            case commands.PrepareModel():
                self._readiness.prepare()
            case commands.RefreshModels():
                if not self._readiness.refresh():
                    self._choose_model()
            case commands.RepairModel():
                if self._dialogue.asked:
                    self._dialogue.stop()
                self._readiness.repair()

    def _talk(self, item: Item) -> None:
        match item:
            case commands.Send(text):
                self._dialogue.say(text)
            case commands.Retry():
                self._dialogue.retry()
            case commands.Stop():
                self._dialogue.stop()
            case commands.Clear():
                self._dialogue.clear()
            case commands.UndoClear():
                self._dialogue.undo_clear()

    def _hear(self, event: Event) -> None:
        self._readiness.hear(event)
        if self._readiness.model is not None:
            self._dialogue.hear(event, self._readiness.model)
        self._fail_with_engine()

    def _fail_with_engine(self) -> None:
        if self._readiness.problem is not None:
            self._dialogue.fail(self._readiness.problem)

    def _ask_when_ready(self) -> None:
        """Ask for the answer that waits, once the engine is there; wake it where it has ended."""
        if self._host.number != self._engine_number:
            self._engine_number = self._host.number
            self._dialogue.engine_gone()
        if not self._dialogue.waiting:
            return
        if self._readiness.idle:
            self._readiness.prepare()
            self._fail_with_engine()
        if self._readiness.ready:
            self._dialogue.ask(self._defaults() | self._settings.sampling)

    def _end_hung_engine(self) -> None:
        if self._dialogue.hung:
            self._readiness.restart()
            self._ask_when_ready()

    def _choose_model(self) -> None:
        wanted = (self._settings.model, self._preferences.model)
        self._readiness.choose(wanted, self._settings.device or self._preferences.device)
        self._model_changed()

    def _choose(self, item: commands.ChooseModel | commands.ChooseDevice) -> None:
        self._dialogue.stop()
        if isinstance(item, commands.ChooseModel):
            self._dialogue.change(replace(self._settings, model=item.model_id))
        else:
            self._dialogue.change(replace(self._settings, device=item.device))
        self._choose_model()

    def _change(self, item: commands.ChangeSampling | commands.ChangeSystemPrompt) -> None:
        if isinstance(item, commands.ChangeSampling):
            sampling = checked_values(item.changed)
            self._dialogue.change(replace(self._settings, sampling=sampling))
        else:
            text = clean_text(item.text)
            self._dialogue.change(replace(self._settings, system_prompt=text))

    def _model_changed(self) -> None:
        self._notify(notices.DefaultsChanged(self._defaults(), self._settings.sampling))

    def _defaults(self) -> Values:
        model = self._readiness.model
        return defaults(model.sampling if model else None)

    @property
    def _settings(self) -> ConversationSettings:
        return self._dialogue.conversation.settings


def _last_conversation(store: ChatStore) -> tuple[Conversation, list[Problem]]:
    """What was talked about last, and what stood in the way of looking."""
    problems = []
    try:
        store.mark_interrupted()
    except Problem as problem:
        problems.append(problem)
    try:
        return store.latest() or Conversation(), problems
    except Problem as problem:
        return Conversation(), [*problems, problem]
