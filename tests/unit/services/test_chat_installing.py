"""What becomes of a conversation while its model is installed, damaged or repaired."""

from desktop.domain.errors import Problem
from desktop.engine.fake import FAKE_MODEL
from desktop.engine.protocol import Generate
from desktop.services.chat import commands, notices
from desktop.services.chat.notices import EngineState
from tests.unit.services.harness import (
    OTHER_MODEL,
    Engines,
    FakeModelService,
    MakeChat,
    Models,
    done,
)

SEND = commands.Send("Hello")


def test_damaged_files_are_told_with_a_way_out(make_chat: MakeChat, engines: Engines) -> None:
    models = FakeModelService(Models([FAKE_MODEL], broken=["fake"]))
    chat = make_chat(engines, models)
    told = chat.until(notices.EngineChanged, lambda n: n.state is EngineState.FAILED)
    assert told.what == "A file of the model is damaged."
    assert told.repairable
    chat.post(SEND)
    assert chat.ended().problem == "A file of the model is damaged. Install it again."
    chat.post(commands.RepairModel())
    models.may_finish.set()
    chat.until(notices.EngineChanged, lambda n: n.state is EngineState.PREPARING)
    engine = engines.next()
    while not engine.alive:
        engine = engines.next()
    engine.load()
    chat.until(notices.EngineChanged, lambda n: n.state is EngineState.READY)
    assert models.installs == [True]


def test_what_is_sent_during_a_repair_is_answered_after_it(
    make_chat: MakeChat, engines: Engines
) -> None:
    models = FakeModelService(Models([FAKE_MODEL], broken=["fake"]))
    chat = make_chat(engines, models)
    chat.until(notices.EngineChanged, lambda n: n.state is EngineState.FAILED)
    engines.next()
    chat.post(commands.RepairModel())
    chat.until(notices.EngineChanged, lambda n: n.state is EngineState.PREPARING)
    chat.post(SEND)
    chat.until(notices.MessageAdded)
    models.may_finish.set()
    engine = engines.next()
    engine.load()
    engine.say(done(engine.got(Generate), "Hi."))
    assert chat.ended().text == "Hi."


def test_a_model_that_is_not_the_starter_cannot_be_repaired(
    make_chat: MakeChat, engines: Engines
) -> None:
    chat = make_chat(engines, FakeModelService(Models([OTHER_MODEL], broken=["other"])))
    told = chat.until(notices.EngineChanged, lambda n: n.state is EngineState.FAILED)
    assert not told.repairable


def test_without_a_model_the_starter_is_installed_and_what_waits_is_answered(
    make_chat: MakeChat, engines: Engines
) -> None:
    models = FakeModelService(Models([]))
    chat = make_chat(engines, models)
    assert chat.until(notices.ModelsListed).current is None
    told = chat.until(notices.EngineChanged, lambda n: n.stage is not None and n.stage.total > 0)
    assert told.state is EngineState.PREPARING
    chat.post(SEND)
    chat.until(notices.MessageAdded)
    models.may_finish.set()
    engine = engines.next()
    engine.load()
    engine.say(done(engine.got(Generate), "Hi."))
    assert chat.ended().text == "Hi."
    assert [n.current for n in chat.all(notices.ModelsListed)][-1] == FAKE_MODEL
    assert models.installs == [False]


def test_an_installation_that_fails_is_told_and_can_be_tried_again(
    make_chat: MakeChat, engines: Engines
) -> None:
    models = FakeModelService(Models([]))
    models.failure = Problem("The disk is full.", "Free some space.")
    models.may_finish.set()
    chat = make_chat(engines, models)
    told = chat.until(notices.EngineChanged, lambda n: n.state is EngineState.FAILED)
    assert (told.what, told.remedy) == ("The disk is full.", "Free some space.")
    chat.post(SEND)
    assert chat.ended().problem == "The disk is full. Free some space."
    models.failure = None
    chat.post(commands.PrepareModel())
    engines.next().load()
    chat.until(notices.EngineChanged, lambda n: n.state is EngineState.READY)


def test_quit_does_not_wait_for_an_installation(make_chat: MakeChat, engines: Engines) -> None:
    models = FakeModelService(Models([]))
    chat = make_chat(engines, models)
    chat.until(notices.EngineChanged, lambda n: n.state is EngineState.PREPARING)
    chat.quit()
    models.may_finish.set()
