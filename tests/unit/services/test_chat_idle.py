"""A model that nobody uses is let go; what waits for such a time is told when it comes."""

from collections.abc import Callable

import pytest

from desktop.domain import events
from desktop.domain.conversation import State
from desktop.domain.model import Model
from desktop.engine.protocol import Generate, Load
from desktop.services.chat import commands, notices, rest
from desktop.services.chat.idle_work import IdleWork
from desktop.services.chat.notices import EngineState
from desktop.services.chat.rest import Rest
from tests.unit.services.harness import (
    FAKE_MODEL,
    OTHER_MODEL,
    Chat,
    Engines,
    FakeModelService,
    MakeChat,
    ManualEngine,
    Models,
    done,
)

TICK = events.Devices(())  # makes the service look at the clock, and is no use of the model


class Clock:
    """Stands still unless it is told to go on."""

    def __init__(self) -> None:
        self.minutes = 100.0

    def __call__(self) -> float:
        return 60 * self.minutes


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def idle_chat(
    make_chat: MakeChat, engines: Engines, clock: Clock
) -> Callable[..., tuple[Chat, ManualEngine]]:
    """A chat with a loaded model and 15 minutes until it is let go."""

    def make(minutes: int = 15, work: IdleWork | None = None) -> tuple[Chat, ManualEngine]:
        models = FakeModelService(Models([FAKE_MODEL, OTHER_MODEL]))
        chat = make_chat(engines, models, rest=Rest(minutes, work, clock))
        engine = engines.next()
        engine.load()
        settle(chat, EngineState.READY)
        return chat, engine

    return make


IdleChat = Callable[..., tuple[Chat, ManualEngine]]


def settle(chat: Chat, state: EngineState) -> notices.EngineChanged:
    return chat.until(notices.EngineChanged, lambda notice: notice.state is state)


def looked_at(chat: Chat, engine: ManualEngine) -> None:
    """Let the service look at the clock, and wait until it has."""
    engine.say(TICK, TICK)
    chat.until(notices.DevicesListed)
    chat.until(notices.DevicesListed)


def test_a_model_that_is_not_used_is_let_go_and_comes_back_with_the_next_message(
    idle_chat: IdleChat, engines: Engines, clock: Clock
) -> None:
    chat, engine = idle_chat()
    clock.minutes += 14.9
    looked_at(chat, engine)
    assert engine.alive
    clock.minutes += 0.2
    engine.say(TICK)
    told = settle(chat, EngineState.UNLOADED)
    assert "loads again with your next message" in told.what
    assert not engine.alive
    assert engines.count == 1
    chat.post(commands.Send("Hello"))
    engine = engines.next()
    engine.load()
    engine.say(done(engine.got(Generate), "Hi."))
    assert chat.ended(State.STOP).text == "Hi."


def test_the_time_passes_without_anything_happening(
    make_chat: MakeChat, engines: Engines, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rest, "MINUTE_S", 0.01)
    chat = make_chat(engines, rest=Rest(2))
    engine = engines.next()
    engine.load()
    settle(chat, EngineState.UNLOADED)
    assert not engine.alive


def test_another_model_can_be_chosen_while_none_is_loaded(
    idle_chat: IdleChat, engines: Engines, clock: Clock
) -> None:
    chat, engine = idle_chat()
    clock.minutes += 16
    engine.say(TICK)
    settle(chat, EngineState.UNLOADED)
    chat.post(commands.ChangeSystemPrompt("Be brief."), commands.ChooseModel(OTHER_MODEL.id))
    engine = engines.next()
    assert engine.got(Load).folder == str(OTHER_MODEL.folder)
    engine.say(events.Loaded("CPU", 100, 0.1))
    settle(chat, EngineState.READY)
    assert engines.count == 2


@pytest.mark.parametrize(
    "use",
    [commands.ChangeSystemPrompt("Be brief."), commands.PrepareModel(), commands.Clear()],
)
def test_what_the_user_does_begins_the_time_anew(
    idle_chat: IdleChat, clock: Clock, use: commands.ChatCommand
) -> None:
    chat, engine = idle_chat()
    clock.minutes += 10
    chat.post(use)
    looked_at(chat, engine)
    clock.minutes += 10
    looked_at(chat, engine)
    assert engine.alive
    clock.minutes += 6
    engine.say(TICK)
    settle(chat, EngineState.UNLOADED)


def test_a_long_answer_is_not_cut_off_and_the_time_begins_after_it(
    idle_chat: IdleChat, clock: Clock
) -> None:
    chat, engine = idle_chat()
    chat.post(commands.Send("Hello"))
    request = engine.got(Generate)
    clock.minutes += 40
    engine.say(events.Token(request.request_id, "Once"))
    clock.minutes += 40
    looked_at(chat, engine)
    engine.say(done(request, "Once upon"))
    assert chat.ended(State.STOP).text == "Once upon"
    clock.minutes += 14
    looked_at(chat, engine)
    assert engine.alive
    clock.minutes += 2
    engine.say(TICK)
    settle(chat, EngineState.UNLOADED)


def test_0_minutes_are_never(idle_chat: IdleChat, clock: Clock) -> None:
    chat, engine = idle_chat(minutes=0)
    clock.minutes += 100_000
    looked_at(chat, engine)
    assert engine.alive


# what may be done in such a time


class Work:
    """Notes what it is told."""

    def __init__(self) -> None:
        self.told: list[str] = []

    def busy(self) -> None:
        self.told.append("busy")

    def ready(self, model: Model, device: str) -> None:
        self.told.append(f"{model.id} on {device}")


def test_background_work_is_told_when_its_time_begins_and_ends(
    idle_chat: IdleChat, engines: Engines
) -> None:
    work = Work()
    told_when_asked: list[str] = []
    chat, engine = idle_chat(work=work)
    engine.on_command = lambda command: told_when_asked.append(
        f"{type(command).__name__} after {work.told[-1]}"
    )
    chat.post(commands.Send("Hello"))
    engine.say(done(engine.got(Generate), "Hi."))
    chat.ended(State.STOP)
    chat.post(commands.ChooseModel(OTHER_MODEL.id))
    engines.next().load()
    settle(chat, EngineState.READY)
    chat.quit()
    assert work.told == ["busy", "fake on CPU", "busy", "fake on CPU", "busy", "other on CPU"]
    assert "Generate after busy" in told_when_asked
