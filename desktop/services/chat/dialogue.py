"""The conversation in hand: what is said, the answer that is being written, and keeping both."""

import time
from collections.abc import Callable
from dataclasses import replace

from desktop.domain import context, events
from desktop.domain.conversation import (
    Conversation,
    ConversationSettings,
    Message,
    Role,
    State,
    clean_text,
)
from desktop.domain.errors import Problem
from desktop.domain.events import Event
from desktop.domain.model import Model
from desktop.domain.sampling import Values
from desktop.engine import protocol
from desktop.engine.protocol import Command, Turn
from desktop.services.chat import notices
from desktop.services.chat.notices import Notice
from desktop.services.chat.recorder import Recorder

TITLE_LENGTH = 60  # characters
HANG_S = 5.0  # an engine that has not taken a Stop by then is hung


class Dialogue:
    """At most one answer is being written: `answer`. It is the last message of the conversation."""

    def __init__(
        self,
        conversation: Conversation,
        recorder: Recorder,
        send: Callable[[Command], None],
        notify: Callable[[Notice], None],
    ) -> None:
        self.conversation = conversation
        self._recorder = recorder
        self._send = send
        self._notify = notify
        self._answer: Message | None = None
        self._asked = False  # the engine has the request
        self._stopped: dict[str, tuple[Message, float]] = {}  # until the engine has let go
        self._cleared: tuple[Message, ...] = ()

    @property
    def waiting(self) -> bool:
        """True when there is an answer to ask the engine for."""
        return self._answer is not None and not self._asked

    @property
    def asked(self) -> bool:
        """True while the engine writes the answer."""
        return self._answer is not None and self._asked

    @property
    def stopping(self) -> bool:
        """True while the engine has not yet let go of a stopped answer."""
        return bool(self._stopped)

    @property
    def hung(self) -> bool:
        """True when the engine did not take a Stop in time."""
        now = time.monotonic()
        return any(now - asked > HANG_S for _, asked in self._stopped.values())

    def say(self, text: str) -> None:
        """Add the user's message and an empty answer, both on disk before anything else."""
        text = clean_text(text)
        if self._answer is not None or not text.strip():
            return
        self._cleared = ()
        question = Message(Role.USER, text, parent_id=self._last_id())
        if not self.conversation.title:
            title = " ".join(text.split())[:TITLE_LENGTH]
            self.conversation = replace(self.conversation, title=title)
        self._append(question, self._empty_answer(question.id))

    def retry(self) -> None:
        """Put a new answer in the place of the last one."""
        messages = self.conversation.messages
        if self._answer is not None or not messages or messages[-1].role is not Role.ASSISTANT:
            return
        old = messages[-1]
        self.conversation = replace(self.conversation, messages=messages[:-1])
        self._recorder.delete(self.conversation, [old])
        self._notify(notices.MessageRemoved(old.id))
        self._append(self._empty_answer(old.parent_id))

    def ask(self, sampling: Values) -> None:
        """Send the request for the answer that waits."""
        answer = self._answer
        if answer is None:
            return
        self._asked = True
        turns = context.turns(
            self.conversation.messages[:-1], self.conversation.settings.system_prompt
        )
        self._send(
            protocol.Generate(answer.id, tuple(Turn(role, text) for role, text in turns), sampling)
        )

    def stop(self) -> None:
        """End the answer here and now; what was written stays."""
        answer = self._answer
        if answer is None:
            return
        if self._asked:
            self._send(protocol.Stop(answer.id))
        stopped = self._end(replace(answer, state=State.STOPPED))
        if self._asked:
            self._stopped[answer.id] = (stopped, time.monotonic())

    def fail(self, problem: Problem) -> None:
        """End the answer, if one is due, for a reason that is told."""
        if self._answer is not None:
            self._end(replace(self._answer, state=State.FAILED, problem=str(problem)))

    def engine_gone(self) -> None:
        """Whatever the engine was asked, and was still to say, is gone with it."""
        self._asked = False
        self._stopped.clear()

    def hear(self, event: Event, model: Model) -> None:
        """Take what the engine says about an answer. Late words about a stopped one are dropped."""
        request_id = getattr(event, "request_id", "")
        if request_id in self._stopped:
            self._hear_stopped(event, model)
            return
        answer = self._answer
        if answer is None or request_id != answer.id:
            return
        match event:
            case events.Reading(done=done, total=total):
                self._notify(notices.AnswerReading(answer.id, done, total))
            case events.Token(text=text):
                self._answer = answer.with_text(answer.text + text)
                self._notify(notices.AnswerGrew(answer.id, text))
                self._recorder.save_partial(self.conversation, self._answer)
            case events.Done():
                self._finish(answer, event, model)
            case events.Failed(what=what, remedy=remedy):
                self.fail(Problem(what, remedy))

    def clear(self) -> None:
        """Empty the conversation. What was in it can be brought back until something is said."""
        self.stop()
        self._cleared = self.conversation.messages or self._cleared
        self.conversation = replace(self.conversation, messages=(), title="")
        self._recorder.delete(self.conversation, self._cleared)
        self._notify(notices.Cleared(len(self._cleared)))

    def undo_clear(self) -> None:
        """Bring back what was cleared."""
        if not self._cleared:
            return
        title = " ".join(self._cleared[0].text.split())[:TITLE_LENGTH]
        self.conversation = replace(self.conversation, messages=self._cleared, title=title)
        self._recorder.save(self.conversation, *self._cleared)
        self._cleared = ()
        self._notify(notices.Opened(self.conversation))

    def change(self, settings: ConversationSettings) -> None:
        """Hold the conversation differently from the next answer on."""
        self.conversation = replace(self.conversation, settings=settings)
        self._recorder.save(self.conversation)

    def close(self) -> None:
        """End the answer, and try once more to keep what could not be saved."""
        self.stop()
        self._recorder.finish(self.conversation)

    def _finish(self, answer: Message, done: events.Done, model: Model) -> None:
        statistics = replace(done.statistics, model=model.id)
        ended = replace(answer, state=done.state, text=done.text, statistics=statistics)
        self._tell_context(self._end(ended), model)

    def _hear_stopped(self, event: Event, model: Model) -> None:
        if not isinstance(event, (events.Done, events.Failed)):
            return
        message, _ = self._stopped.pop(event.request_id)
        if isinstance(event, events.Done) and message in self.conversation.messages:
            statistics = replace(event.statistics, model=model.id)
            told = replace(message, statistics=statistics)
            self._replace(told)
            self._recorder.save(self.conversation, told)
            self._notify(notices.AnswerEnded(told))
            self._tell_context(told, model)

    def _tell_context(self, answer: Message, model: Model) -> None:
        if statistics := answer.statistics:
            used = statistics.prompt_tokens + statistics.generated_tokens
            self._notify(notices.ContextUsed(used, model.context_length))

    def _end(self, answer: Message) -> Message:
        self._answer = None
        self._replace(answer)
        self._recorder.save(self.conversation, answer)
        self._notify(notices.AnswerEnded(answer))
        return answer

    def _append(self, *messages: Message) -> None:
        self.conversation = replace(
            self.conversation, messages=(*self.conversation.messages, *messages)
        )
        self._answer, self._asked = messages[-1], False
        self._recorder.save(self.conversation, *messages)
        for message in messages:
            self._notify(notices.MessageAdded(message))

    def _replace(self, message: Message) -> None:
        messages = tuple(message if m.id == message.id else m for m in self.conversation.messages)
        self.conversation = replace(self.conversation, messages=messages)

    def _empty_answer(self, parent_id: str) -> Message:
        return Message(Role.ASSISTANT, "", parent_id=parent_id, state=State.WRITING)

    def _last_id(self) -> str:
        return self.conversation.messages[-1].id if self.conversation.messages else ""
