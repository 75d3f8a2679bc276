"""A disk that refuses: said once, nothing lost, said again when it works."""

from collections.abc import Callable

from desktop.domain.conversation import State
from desktop.engine.protocol import Generate
from desktop.services.chat import commands, notices
from desktop.services.chat.conversations import ChatStore
from desktop.services.chat.notices import EngineState
from tests.unit.services.harness import (
    FULL,
    Chat,
    Engines,
    MakeChat,
    ManualEngine,
    RefusingStore,
    done,
    user_texts,
)

SEND = commands.Send("Hello")


class Desk:
    """A chat that is ready, and its store, which can be made to refuse."""

    def __init__(
        self,
        make_chat: MakeChat,
        engines: Engines,
        prepare: Callable[[RefusingStore], None] = lambda _: None,
    ) -> None:
        self.stores: list[RefusingStore] = []

        def wrap(store: ChatStore) -> RefusingStore:
            self.stores.append(RefusingStore(store))
            prepare(self.stores[-1])
            return self.stores[-1]

        self.chat: Chat = make_chat(engines, wrap=wrap)
        self.engine: ManualEngine = engines.next()
        self.engine.load()
        self.chat.until(notices.EngineChanged, lambda n: n.state is EngineState.READY)

    @property
    def store(self) -> RefusingStore:
        return self.stores[0]

    def answer(self, text: str) -> None:
        self.engine.say(done(self.engine.got(Generate), text))
        self.chat.ended()


def test_a_disk_that_refuses_is_told_once_and_nothing_is_lost(
    make_chat: MakeChat, engines: Engines
) -> None:
    desk = Desk(make_chat, engines)
    desk.store.problem = FULL
    desk.chat.post(SEND)
    assert desk.chat.until(notices.SavingFailed).what == FULL.what
    desk.answer("Hi.")
    desk.store.problem = None
    desk.chat.post(commands.Send("Again"))
    desk.chat.until(notices.SavingWorks)
    desk.answer("Hi again.")
    assert user_texts(desk.chat.quit()) == ["Hello", "Hi.", "Again", "Hi again."]
    assert len(desk.chat.all(notices.SavingFailed)) == 1
    assert len(desk.chat.all(notices.SavingWorks)) == 1


def test_without_a_failure_nothing_is_told(make_chat: MakeChat, engines: Engines) -> None:
    desk = Desk(make_chat, engines)
    desk.chat.post(SEND)
    desk.answer("Hi.")
    desk.chat.quit()
    assert desk.chat.all(notices.SavingFailed) == desk.chat.all(notices.SavingWorks) == []


def test_what_could_not_be_saved_is_saved_at_the_end(make_chat: MakeChat, engines: Engines) -> None:
    desk = Desk(make_chat, engines)
    desk.store.problem = FULL
    desk.chat.post(SEND)
    desk.answer("Hi.")
    desk.store.problem = None
    assert user_texts(desk.chat.quit()) == ["Hello", "Hi."]


def test_a_clear_that_could_not_be_saved_takes_nothing_back_that_was_undone(
    make_chat: MakeChat, engines: Engines
) -> None:
    desk = Desk(make_chat, engines)
    desk.chat.post(SEND)
    desk.answer("Hi.")
    desk.store.problem = FULL
    desk.chat.post(commands.Clear())
    desk.chat.until(notices.Cleared)
    desk.store.problem = None
    desk.chat.post(commands.UndoClear())
    desk.chat.until(notices.SavingWorks)
    assert user_texts(desk.chat.quit()) == ["Hello", "Hi."]


def test_a_clear_that_could_not_be_saved_is_done_with_the_next_success(
    make_chat: MakeChat, engines: Engines
) -> None:
    desk = Desk(make_chat, engines)
    desk.chat.post(SEND)
    desk.answer("Hi.")
    desk.store.problem = FULL
    desk.chat.post(commands.Clear())
    desk.chat.until(notices.Cleared)
    desk.store.problem = None
    desk.chat.post(commands.Send("New"))
    desk.answer("Yes.")
    assert user_texts(desk.chat.quit()) == ["New", "Yes."]


def test_the_settings_of_a_conversation_are_saved_with_the_next_success(
    make_chat: MakeChat, engines: Engines
) -> None:
    desk = Desk(make_chat, engines)
    desk.store.problem = FULL
    desk.chat.post(commands.ChangeSystemPrompt("Be brief."))
    desk.chat.until(notices.SavingFailed)
    desk.store.problem = None
    assert desk.chat.quit().settings.system_prompt == "Be brief."


def test_a_database_that_cannot_be_read_is_told_and_the_window_lives(
    make_chat: MakeChat, engines: Engines
) -> None:
    def refuse(store: RefusingStore) -> None:
        store.refused_to_look = FULL

    desk = Desk(make_chat, engines, refuse)
    assert [n.what for n in desk.chat.all(notices.Trouble)] == [FULL.what, FULL.what]
    desk.store.refused_to_look = None
    desk.chat.post(SEND)
    desk.answer("Hi.")
    assert [m.state for m in desk.chat.quit().messages] == [State.STOP, State.STOP]
