"""The chat service in a thread of its own, with an engine, models and a store that tests drive."""

import queue
import threading
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

from desktop.domain import events
from desktop.domain.chats import Summary
from desktop.domain.conversation import Conversation, Message, State, Statistics
from desktop.domain.errors import Problem
from desktop.domain.events import Event
from desktop.domain.model import Model, ModelFile
from desktop.engine.client import Engine
from desktop.engine.fake import FAKE_MODEL, FakeLibrary
from desktop.engine.protocol import Command, Generate, Load
from desktop.paths import Paths, resources
from desktop.services.chat import notices
from desktop.services.chat.chat_list import ListStore
from desktop.services.chat.commands import ChatCommand, ListChats, Quit, Send
from desktop.services.chat.notices import Notice
from desktop.services.chat.preferences import Preferences
from desktop.services.chat.rest import Rest
from desktop.services.chat.service import ChatService, Stores
from desktop.services.engine_host import EngineHost, LoadChoices
from desktop.services.jobs import Cancelled, Work
from desktop.services.layouts.store import LayoutStore
from desktop.services.models import ModelService
from desktop.services.presets.store import PresetStore
from desktop.storage.opening import open_beside, open_store
from desktop.storage.restoring import restore

WITHIN_S = 20.0  # nothing here takes as long, however slow the machine
OTHER_MODEL = replace(FAKE_MODEL, id="other", name="Other model", context_length=100)
FULL = Problem("The disk is full, so Cellar could not save your message.", "Free some space.")

N = TypeVar("N", bound=Notice)
C = TypeVar("C", bound=Command)


class ManualEngine:
    """An engine that does nothing by itself: the test says its events."""

    def __init__(self) -> None:
        self.received: list[Command] = []
        self.alive = False
        self.on_command: Callable[[Command], None] = lambda _: None
        self._commands: queue.SimpleQueue[Command] = queue.SimpleQueue()
        self._emit: Callable[[Event], None] = lambda _: None

    def start(self, on_event: Callable[[Event], None]) -> None:
        self._emit, self.alive = on_event, True

    def send(self, command: Command) -> None:
        self.received.append(command)
        self.on_command(command)
        self._commands.put(command)

    def end(self) -> None:
        self.alive = False

    def say(self, *said: Event) -> None:
        """Let the engine report this."""
        for event in said:
            self.alive = self.alive and not isinstance(event, events.Ended)
            self._emit(event)

    def die(self, code: int = -11) -> None:
        """End as a crash would."""
        self.say(events.Ended(code, expected=False))

    def got(self, kind: type[C]) -> C:
        """The next command of a kind, as soon as it comes."""
        while True:
            command = self._commands.get(timeout=WITHIN_S)
            if isinstance(command, kind):
                return command

    def load(self) -> None:
        """Wait for the wish to load, and be ready."""
        self.got(Load)
        self.say(events.Loaded("CPU", FAKE_MODEL.context_length, 0.1))

    def all(self, kind: type[C]) -> list[C]:
        """Every command of a kind so far."""
        return [command for command in self.received if isinstance(command, kind)]

    def silent(self) -> bool:
        """True when no command waits to be looked at."""
        return self._commands.empty()


def done(request: Generate, text: str, state: State = State.STOP) -> events.Done:
    """The end of an answer."""
    return events.Done(request.request_id, text, state, Statistics(7, 0, 3, 12.0, 90.0))


class Models(FakeLibrary):
    """Models without files. `broken` are the ids of those whose files are damaged."""

    def __init__(self, models: Sequence[Model], broken: Collection[str] = ()) -> None:
        super().__init__()
        self.models = tuple(models)
        self.broken = set(broken)
        self.verified: list[str] = []

    def installed(self) -> tuple[Model, ...]:
        return self.models

    def unverified(self, model: Model) -> tuple[ModelFile, ...]:
        if model.id in self.broken:
            raise Problem("A file of the model is damaged.", "Install it again.")
        return ()

    def mark_verified(self, model: Model) -> None:
        self.verified.append(model.id)


class FakeModelService(ModelService):
    """Installs the fake model when the test lets it; it never touches a disk."""

    def __init__(self, library: Models) -> None:
        super().__init__(library, lambda: (), Path("nowhere"), Work(lambda _: ManualEngine()))
        self.models = library
        self.may_finish = threading.Event()
        self.failure: Problem | None = None
        self.installs: list[bool] = []  # whether each was asked for again

    def is_starter(self, model: Model) -> bool:
        return model.id == FAKE_MODEL.id

    def install_starter(
        self, on_stage: Callable[[events.Stage], None], *, again: bool = False
    ) -> Model:
        self.installs.append(again)
        on_stage(events.Stage("converting", 1, 4))
        if not self.may_finish.wait(WITHIN_S):
            raise Cancelled  # the test has ended without it
        if self.failure:
            raise self.failure
        self.models.models = (FAKE_MODEL,)
        self.models.broken.clear()
        return FAKE_MODEL


class RefusingStore:
    """A store that refuses to write while the test says so."""

    def __init__(self, store: ListStore) -> None:
        self._store = store
        self.problem: Problem | None = None
        self.refused_to_look: Problem | None = None
        self.refused = ("save", "delete")  # how the names of what is refused begin

    def __getattr__(self, name: str) -> Any:
        refused = self.problem if name.startswith(self.refused) else self.refused_to_look
        if refused and name != "close":

            def refuse(*_: object) -> None:
                raise refused

            return refuse
        return getattr(self._store, name)


class Chat:
    """A running chat service, and what it told."""

    def __init__(
        self,
        data_dir: Path,
        engines: Callable[[], Engine],
        models: ModelService | None = None,
        wrap: Callable[[ListStore], ListStore] = lambda store: store,
        *,
        preferences: Preferences | None = None,
        rest: Rest | None = None,
        choices: LoadChoices | None = None,
    ) -> None:
        self.paths = Paths.of(data_dir)
        self.told: list[Notice] = []
        self._notices: queue.SimpleQueue[Notice] = queue.SimpleQueue()
        self._wrap = wrap
        models = models or FakeModelService(Models([FAKE_MODEL]))
        self.service = ChatService(
            stores=Stores(
                self._open,
                lambda name: str(restore(self.paths, self.paths.backups / name)),
                PresetStore(resources() / "presets", self.paths.data_dir / "presets"),
                LayoutStore(resources() / "layouts", self.paths.data_dir / "layouts.json"),
            ),
            models=models,
            make_host=lambda on_event: EngineHost(
                engines, models.library, self.paths.cache, on_event, choices
            ),
            preferences=preferences or Preferences(),
            notify=self._notices.put,
            rest=rest or Rest(0),
        )
        self._thread = threading.Thread(target=self.service.run, daemon=True)
        self._thread.start()

    def _open(self) -> tuple[ListStore, Sequence[Problem]]:
        store, problems = open_store(self.paths)
        return self._wrap(store), problems

    def post(self, *commands: ChatCommand) -> None:
        """Ask for something."""
        for command in commands:
            self.service.post(command)

    def until(self, kind: type[N], holds: Callable[[N], bool] = lambda _: True) -> N:
        """The next notice of a kind for which something holds."""
        while True:
            try:
                notice = self._notices.get(timeout=WITHIN_S)
            except queue.Empty:
                raise AssertionError(f"no {kind.__name__}; the last: {self.told[-5:]}") from None
            self.told.append(notice)
            if isinstance(notice, kind) and holds(notice):
                return notice

    def ended(self, state: State | None = None) -> Message:
        """The next answer that ends, of a state where one is given."""
        fits = self.until(notices.AnswerEnded, lambda n: state in (None, n.message.state))
        return fits.message

    def quit(self) -> Conversation:
        """End, and return what is on disk."""
        self.post(Quit())
        self._thread.join(WITHIN_S)
        assert not self._thread.is_alive()
        while not self._notices.empty():
            self.told.append(self._notices.get())
        return self.saved()

    def saved(self) -> Conversation:
        """What is on disk, once the service has ended."""
        store, problems = open_store(self.paths)
        try:
            assert problems == []
            return store.latest() or Conversation()
        finally:
            store.close()

    def settled(self) -> tuple[Summary, ...]:
        """The list, once all that was asked for is done."""
        self.post(ListChats())
        return self.until(notices.ChatsListed).chats

    @property
    def in_view(self) -> str:
        """The id of the chat that was opened last."""
        return self.all(notices.Opened)[-1].conversation.id

    def stored(self, chat_id: str) -> Conversation:
        """What is on disk of a chat, along the branch in view, while the service runs."""
        with closing(open_beside(self.paths)) as store:
            return store.get(chat_id) or Conversation("")

    def all(self, kind: type[N]) -> list[N]:
        """Every notice of a kind that was looked at."""
        return [notice for notice in self.told if isinstance(notice, kind)]

    def close(self) -> None:
        """End, whatever state it is in."""
        self.post(Quit())
        self._thread.join(WITHIN_S)


MakeChat = Callable[..., Chat]


@contextmanager
def chats(tmp_path: Path) -> Iterator[MakeChat]:
    """Makes chats, and ends them when the test has ended."""
    made: list[Chat] = []

    def make(*arguments: Any, **options: Any) -> Chat:
        made.append(Chat(tmp_path / "data", *arguments, **options))
        return made[-1]

    yield make
    for chat in made:
        chat.close()


def ready_chat(
    make_chat: MakeChat, engines: "Engines", *arguments: Any, **options: Any
) -> tuple[Chat, ManualEngine]:
    """A chat whose model is loaded."""
    chat: Chat = make_chat(engines, *arguments, **options)
    engine: ManualEngine = engines.next()
    engine.load()
    chat.until(notices.EngineChanged, lambda n: n.state is notices.EngineState.READY)
    return chat, engine


def two_models() -> FakeModelService:
    """The fake model, which is the first choice, and another one."""
    return FakeModelService(Models([FAKE_MODEL, OTHER_MODEL]))


def exchange(
    chat: Chat, engine: ManualEngine, question: str, answer: str, state: State = State.STOP
) -> Message:
    """Ask in the chat in view, and have it answered."""
    chat.post(Send(question))
    engine.say(done(engine.got(Generate), answer, state))
    return chat.ended(state)


def half_an_answer(chat: Chat, engine: ManualEngine, question: str, words: str) -> Generate:
    """Ask in the chat in view, and have these words written of the answer, which goes on."""
    chat.post(Send(question))
    request = engine.got(Generate)
    engine.say(events.Token(request.request_id, words))
    chat.until(notices.AnswerGrew)
    return request


class Engines:
    """Hands out engines one after the other, as processes are started."""

    def __init__(self, make: Callable[[], Any] = ManualEngine) -> None:
        self._make = make
        self._made: queue.SimpleQueue[Any] = queue.SimpleQueue()
        self.count = 0

    def __call__(self) -> Any:
        engine = self._make()
        self.count += 1
        self._made.put(engine)
        return engine

    def next(self) -> Any:
        """The engine that was started next."""
        return self._made.get(timeout=WITHIN_S)


def user_texts(conversation: Conversation) -> list[str]:
    """What was said, by either side."""
    return [message.text for message in conversation.messages]


def opened(chat: Chat, command: ChatCommand) -> notices.Opened:
    """Go somewhere, and wait for it."""
    chat.post(command)
    return chat.until(notices.Opened)


def changed(chat: Chat, command: ChatCommand) -> Summary:
    """Do something, and wait for what the list is told."""
    chat.post(command)
    return chat.until(notices.ChatChanged).chat


def titles(rows: tuple[Summary, ...]) -> list[str]:
    return [row.title for row in rows]
