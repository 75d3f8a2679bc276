"""One conversation: what is said, the answer that is being written, and keeping both."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import takewhile

from desktop.domain import context, events
from desktop.domain.attachments import Attachment
from desktop.domain.chats import TitleOrigin
from desktop.domain.conversation import (
    Conversation,
    ConversationSettings,
    Message,
    Role,
    State,
    Statistics,
)
from desktop.domain.errors import Problem
from desktop.domain.events import Event
from desktop.domain.model import Model
from desktop.domain.tree import Fork
from desktop.engine import protocol
from desktop.engine.protocol import Command
from desktop.services.chat import notices, titles
from desktop.services.chat.drafts import Draft, edited, question_of
from desktop.services.chat.due import Due, empty_answer, interrupted
from desktop.services.chat.notices import Notice
from desktop.services.chat.recorder import Recorder
from desktop.services.chat.request import Request


@dataclass(frozen=True, slots=True)
class Branch:
    """What of a conversation's tree is known here."""

    before: tuple[str, ...] = ()  # ids of the branch in view that come before the messages read
    forks: Mapping[str, Fork] = field(default_factory=dict)

    def within(self, messages: Sequence[Message]) -> "Branch":
        """The same when only these messages are left of those that were read."""
        left = {*self.before, *(message.id for message in messages)}
        return replace(self, forks={id_: f for id_, f in self.forks.items() if id_ in left})

    def versions(self, message_id: str) -> tuple[str, ...]:
        """A message in view, and those beside it."""
        fork = self.forks.get(message_id)
        return fork.siblings if fork else (message_id,)

    def forked(self, siblings: tuple[str, ...]) -> "Branch":
        """The same with the last one of these in view."""
        if len(siblings) < 2:
            return self
        return replace(self, forks={**self.forks, siblings[-1]: Fork(siblings, len(siblings) - 1)})


class Dialogue:
    """At most one answer is due. What is told reaches the window while this is in view."""

    def __init__(
        self,
        conversation: Conversation,
        recorder: Recorder,
        send: Callable[[Command], None],
        notify: Callable[[Notice], None],
        *,
        temporary: bool = False,
    ) -> None:
        self.conversation = conversation
        self.branch = Branch()
        self.draft = Draft(recorder, self)
        self.title_origin = TitleOrigin.RULE
        self.temporary = temporary
        self.kept = False  # true once it is saved: when something was said or set
        self.in_view = False
        self.changed = False  # in a way that the list of conversations shows
        self.due: Due | None = None
        self._recorder = recorder
        self._send = send
        self._notify = notify
        self._stopped: dict[str, Due] = {}  # until the engine has let go
        self.on_new_words: Callable[[], None] = lambda: None  # from then on nothing is undone

    @property
    def waiting(self) -> bool:
        """True when there is an answer to ask the engine for."""
        return self.due is not None and self.due.request is None

    @property
    def asked(self) -> bool:
        """True while the engine writes the answer."""
        return self.due is not None and self.due.request is not None

    @property
    def answering(self) -> bool:
        """True while an answer waits or is written, also until the engine has let go of it."""
        return self.due is not None or bool(self._stopped)

    @property
    def stopping(self) -> bool:
        """True while the engine has not yet let go of a stopped answer."""
        return bool(self._stopped)

    @property
    def hung(self) -> bool:
        """True when the engine did not take a Stop in time."""
        return any(due.hung for due in self._stopped.values())

    @property
    def blank(self) -> bool:
        """True when nothing was said in it, or is being written, or was set for it."""
        said = self.conversation.messages or self.branch.before
        known = self.conversation
        return not (said or self.draft or known.title or known.settings.is_special)

    # what the user does; each returns False when there was nothing to do

    def say(self, typed: str, attachments: Sequence[Attachment] = ()) -> bool:
        """Add the user's message and an empty answer, both on disk before anything else."""
        question = question_of(typed, attachments, self.conversation.last_id)
        if self._busy() or question is None:
            return False
        if not self.conversation.title and self.title_origin is not TitleOrigin.USER:
            self.conversation = replace(self.conversation, title=titles.of_question(question))
        self._append(question, empty_answer(question.id))
        self.draft.clear()
        return True

    def retry(self) -> bool:
        """Write the last answer once more; an empty one makes room for it."""
        messages = self.conversation.messages
        if self._busy() or not messages or messages[-1].role is not Role.ASSISTANT:
            return False
        old = messages[-1]
        if old.text:
            return self.regenerate(old.id)
        answer = empty_answer(old.parent_id)
        siblings = [id_ for id_ in self.branch.versions(old.id) if id_ != old.id]
        self._cut(old)
        self._recorder.delete(self.conversation, [old])
        self._append(answer, siblings=(*siblings, answer.id))
        return True

    def regenerate(self, message_id: str, again: Statistics | None = None) -> bool:
        """Write another answer beside this one."""
        old = self.conversation.message(message_id)
        if self._busy() or old is None or old.role is not Role.ASSISTANT:
            return False
        answer = empty_answer(old.parent_id)
        siblings = (*self.branch.versions(old.id), answer.id)
        self._cut(old)
        self._append(answer, siblings=siblings).again = again
        return True

    def edit(self, message_id: str, text: str) -> bool:
        """Say something else in the place of a message of the user's, and have it answered."""
        old = self.conversation.message(message_id)
        question = edited(old, text) if old else None
        if self._busy() or old is None or question is None:
            return False
        siblings = (*self.branch.versions(old.id), question.id)
        self._cut(old)
        self._append(question, empty_answer(question.id), siblings=siblings)
        return True

    def go_on(self, message_id: str) -> bool:
        """Go on with the last answer where it ends."""
        messages, begun = self.conversation.messages, self.conversation.message(message_id)
        if self._busy() or begun is None or begun != messages[-1] or not begun.is_cut:
            return False
        self.on_new_words()
        growing = replace(begun, state=State.WRITING, problem="")
        self.due = Due(growing, (*messages[:-1], growing), self.branch.before, begun)
        self._replace(self.due.message)
        self._recorder.save(self.conversation, self.due.message)
        return True

    def ask(self, request: Request) -> None:
        """Send the request for the answer that waits."""
        if self.due is not None:
            self.due.request = request
            self._send(request.generate(self.due.request_id))

    def stop(self) -> None:
        """End the answer here and now; what was written stays."""
        due = self.due
        if due is None:
            return
        if due.request is not None:
            self._send(protocol.Stop(due.request_id))
            self._stopped[due.request_id] = due
        due.stop(replace(due.message, state=State.STOPPED))
        self._end(due.message)

    def fail(self, problem: Problem) -> None:
        """End the answer, if one is due, for a reason that is told."""
        if self.due is not None:
            self._end(replace(self.due.message, state=State.FAILED, problem=str(problem)))

    def change(self, settings: ConversationSettings) -> None:
        """Hold the conversation differently from the next answer on."""
        other_model = settings.model != self.conversation.settings.model
        self.changed = self.changed or other_model or not self.kept
        self.conversation = replace(self.conversation, settings=settings)
        self.kept = True
        self._recorder.save(self.conversation)

    def entitle(self, title: str, origin: TitleOrigin) -> None:
        """Take note of a title that was given, and is on disk."""
        self.conversation = replace(self.conversation, title=title)
        self.title_origin = origin
        self.changed = True

    def keep(self) -> None:
        """Have it on disk, though nothing was said in it yet."""
        if not (self.kept or self.temporary):
            self.kept = self.changed = True
            self._recorder.save(self.conversation)

    # what the engine does

    def engine_gone(self) -> None:
        """Whatever the engine was asked, and was still to say, is gone with it."""
        if self.due is not None:
            self.due.request = None
        self._stopped.clear()

    def hear(self, event: Event, model: Model) -> None:
        """Take what the engine says about an answer. Late words about a stopped one are dropped."""
        request_id = getattr(event, "request_id", "")
        if request_id in self._stopped:
            self._hear_stopped(event, model)
            return
        due = self.due
        if due is None or due.request is None or request_id != due.request_id:
            return
        message = due.message
        match event:
            case events.Fitted():
                self._tell(due.fitted(due.request, event))
            case events.Overfull(needed=needed, available=available):
                self.fail(context.overfull(needed, available))
                self._tell(notices.ContextFull(message.id, needed, available))
            case events.Reading(done=done, total=total):
                self._tell(notices.AnswerReading(message.id, done, total))
            case events.Token(text=text):
                due.message = message.with_text(message.text + text)
                due.thought.hear(due.message.text)
                self._tell(notices.AnswerGrew(message.id, text))
                self._recorder.save_partial(self.conversation, due.message)
            case events.Done():
                self._end(due.ended(event.text, event.state, event.statistics, model))
            case events.Failed(what=what, remedy=remedy):
                self.fail(Problem(what, remedy))

    def _hear_stopped(self, event: Event, model: Model) -> None:
        if not isinstance(event, (events.Done, events.Failed, events.Overfull)):
            return
        due = self._stopped.pop(event.request_id)
        if not isinstance(event, events.Done):
            return
        told = replace(due.message, statistics=due.made_with(event.statistics, model))
        if due.message in self.conversation.messages:
            self._replace(told)
            self._recorder.save(self.conversation, told)
            self._tell(notices.AnswerEnded(told))
        elif self.due is not None and self.due.begun == due.message:  # gone on with since
            self.due.begun = told
            self.due.message = replace(self.due.message, statistics=told.statistics)

    # what is in view

    @property
    def as_written(self) -> tuple[Message, ...]:
        """The messages that were read, the answer as far as it is written."""
        if self.due is not None:
            self._replace(self.due.message)
        return self.conversation.messages

    def show(
        self,
        *,
        same: bool = False,
        message_id: str = "",
        around: notices.PassageLoaded | None = None,
    ) -> None:
        """Tell the window all there is to see: the last messages, or those around one far up."""
        shown = around or notices.PassageLoaded(self.as_written, len(self.branch.before), 0)
        self._tell(
            notices.Opened(
                replace(self.conversation, messages=shown.messages),
                self.branch.forks,
                shown.earlier,
                self.draft.text,
                self.draft.attachments,
                self.temporary,
                same,
                message_id,
                shown.later,
                self.due.message.id if self.due is not None else "",
            )
        )
        if self.due is not None and self.due.told is not None:
            self._tell(self.due.told)

    def take(self, conversation: Conversation, branch: Branch) -> None:
        """Have another branch in view, or more of this one."""
        self.conversation, self.branch = conversation, branch
        if self.due is not None:
            self._replace(self.due.message)
        if lost := interrupted(self.conversation, self.due):
            self._replace(*lost)
            self._recorder.save(self.conversation, *lost)

    def _busy(self) -> bool:
        """True while an answer is due in view; one in another branch ends here."""
        if self.due is not None and self.conversation.message(self.due.message.id) is None:
            self.stop()
        return self.due is not None

    def _cut(self, old: Message) -> None:
        """Take a message, and all after it, out of view."""
        messages = tuple(takewhile(lambda m: m.id != old.id, self.conversation.messages))
        self.conversation = replace(self.conversation, messages=messages)
        self.branch = self.branch.within(messages)
        self._tell(notices.MessageRemoved(old.id))

    def _append(self, *messages: Message, siblings: tuple[str, ...] = ()) -> Due:
        self.on_new_words()
        said = (*self.conversation.messages, *messages)
        self.conversation = replace(self.conversation, messages=said)
        self.branch = self.branch.forked(siblings)
        self.due = due = Due(said[-1], said[:-1], self.branch.before)
        self.kept = self.changed = True
        self._recorder.save(self.conversation, *messages)
        for message in messages:
            self._tell(notices.MessageAdded(message))
        if siblings:
            self._tell(notices.ForksChanged(self.branch.forks))
        return due

    def _end(self, answer: Message) -> None:
        self.due = None
        self._replace(answer)
        self._recorder.save(self.conversation, answer)
        self.changed = True
        if self.conversation.message(answer.id) is not None:
            self._tell(notices.AnswerEnded(answer))

    def _replace(self, *changed: Message) -> None:
        self.conversation = self.conversation.having(*changed)

    def _tell(self, notice: Notice) -> None:
        if self.in_view:
            self._notify(notice)
