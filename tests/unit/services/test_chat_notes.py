"""What the engine has to say of a model reaches the window."""

from desktop.domain import events
from desktop.engine.protocol import Load
from desktop.services.chat import notices
from tests.unit.services.harness import Engines, MakeChat

NOTE = "The model's chat template takes too much time or memory. A plain layout is used."


def test_a_note_about_the_model_is_told(make_chat: MakeChat, engines: Engines) -> None:
    chat = make_chat(engines)
    engine = engines.next()
    engine.got(Load)
    engine.say(events.Loaded("CPU", 4096, 0.1, NOTE))
    assert chat.until(notices.Trouble) == notices.Trouble(NOTE)
