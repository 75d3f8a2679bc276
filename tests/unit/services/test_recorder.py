"""How often a growing answer is kept, and what is written after a refusal."""

from collections.abc import Sequence
from types import SimpleNamespace

import pytest

from desktop.domain.conversation import Conversation, Message, Role, State
from desktop.domain.errors import Problem
from desktop.services.chat import recorder
from desktop.services.chat.notices import Notice, SavingFailed, SavingWorks
from desktop.services.chat.recorder import Recorder

ANSWER = Message(Role.ASSISTANT, "", state=State.WRITING)
CHAT = Conversation(messages=(ANSWER,))


class Disk:
    """Notes what it is asked to write."""

    def __init__(self) -> None:
        self.written: list[str] = []
        self.deleted: list[str] = []
        self.head = ""
        self.full = False

    def save_conversation(self, conversation: Conversation) -> None:
        self._check()

    def save_messages(
        self, conversation_id: str, messages: Sequence[Message], head_id: str
    ) -> None:
        self._check()
        self.written += [message.text for message in messages]
        self.head = head_id

    def delete_messages(self, conversation_id: str, ids: Sequence[str]) -> None:
        self._check()
        self.deleted += ids

    def _check(self) -> None:
        if self.full:
            raise Problem("The disk is full.", "Free some space.")


class Desk:
    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = 1000.0
        self.told: list[Notice] = []
        self.disk = Disk()
        self.recorder = Recorder(self.disk, self.told.append)
        clock = SimpleNamespace(monotonic=lambda: self.now)
        monkeypatch.setattr(recorder, "time", clock)

    def grow(self, *texts: str, seconds: float) -> None:
        for text in texts:
            self.now += seconds
            self.recorder.save_partial(CHAT, ANSWER.with_text(text))


@pytest.fixture
def desk(monkeypatch: pytest.MonkeyPatch) -> Desk:
    return Desk(monkeypatch)


def test_a_growing_answer_is_kept_about_once_a_second(desk: Desk) -> None:
    desk.recorder.save(CHAT, ANSWER)
    texts = [f"{number} words" for number in range(1, 41)]
    desk.grow(*texts, seconds=0.25)
    assert desk.disk.written == ["", *texts[3::4]]
    assert desk.disk.head == ANSWER.id


def test_each_refusal_is_tried_again_but_told_once(desk: Desk) -> None:
    desk.disk.full = True
    desk.grow("one", "two", "three", seconds=2)
    desk.disk.full = False
    desk.grow("four", seconds=2)
    assert desk.told == [SavingFailed("The disk is full.", "Free some space."), SavingWorks()]
    assert desk.disk.written == ["four"]
    assert desk.recorder.finish()
    assert desk.disk.written == ["four"]


def test_a_message_that_was_never_saved_needs_no_deletion_later(desk: Desk) -> None:
    desk.disk.full = True
    desk.recorder.save(CHAT, ANSWER)
    desk.recorder.delete(Conversation(id=CHAT.id), [ANSWER])
    desk.disk.full = False
    desk.recorder.save(Conversation(id=CHAT.id))
    assert desk.disk.written == []
    assert desk.disk.deleted == [ANSWER.id]
