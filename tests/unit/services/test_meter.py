"""What the window shows of the context is asked anew only when something of it is new."""

from dataclasses import replace

import pytest

from desktop.domain.conversation import ConversationSettings, Message, Role
from desktop.domain.sampling import defaults
from desktop.engine.protocol import Command, Fit
from desktop.services.chat.meter import Meter
from desktop.services.chat.request import Request

MESSAGES = (Message(Role.USER, "Hello"), Message(Role.ASSISTANT, "Hi."))


@pytest.fixture
def sent() -> list[Command]:
    return []


@pytest.fixture
def meter(sent: list[Command]) -> Meter:
    return Meter(sent.append, lambda _: None)


def request() -> Request:
    return Request(tuple(MESSAGES), ConversationSettings(), defaults())


def test_the_same_request_is_asked_once_and_made_once(
    meter: Meter, sent: list[Command], monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[str] = []
    fit = Request.fit

    def counted(self: Request, request_id: str) -> Fit:
        made.append(request_id)
        return fit(self, request_id)

    monkeypatch.setattr(Request, "fit", counted)
    meter.keep(request(), 1)
    first = len(made)
    for _ in range(5):
        meter.keep(request(), 1)
    assert len(sent) == 1
    assert len(made) == first  # thousands of turns take long to put together


def test_another_engine_is_asked_too(meter: Meter, sent: list[Command]) -> None:
    meter.keep(request(), 1)
    meter.keep(request(), 2)
    assert len(sent) == 2


def test_a_new_message_is_asked_about(meter: Meter, sent: list[Command]) -> None:
    meter.keep(request(), 1)
    meter.keep(replace(request(), messages=(*MESSAGES, Message(Role.USER, "And?"))), 1)
    assert len(sent) == 2


def test_after_another_chat_was_in_view_it_is_asked_in_any_case(
    meter: Meter, sent: list[Command]
) -> None:
    meter.keep(request(), 1)
    meter.forget()
    meter.keep(request(), 1)
    assert len(sent) == 2
