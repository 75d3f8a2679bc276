"""Titles that the model writes, when nobody waits for it."""

from collections.abc import Callable

from desktop.domain import events
from desktop.domain.attachments import gist
from desktop.domain.chats import TitleOrigin
from desktop.domain.conversation import Message, Role, State
from desktop.domain.events import Event
from desktop.domain.layout import Layout
from desktop.domain.sampling import Values, defaults
from desktop.domain.thinking import answer_of
from desktop.engine.protocol import Command, Generate, Stop, Turn
from desktop.services.chat import titles
from desktop.services.chat.dialogue import Dialogue

ASKED = (
    "Write a title for this conversation, of at most six words, in its own language. "
    "Answer with the title and nothing else."
)
ENOUGH = 1500  # characters of each message
SAMPLING: Values = {"temperature": 0.0, "max_new_tokens": 24}


class Titler:
    """Asks once for each conversation, after the first exchange."""

    def __init__(
        self,
        send: Callable[[Command], None],
        wanted: Callable[[], bool],
        entitle: Callable[[str, str], None],  # the conversation's id and its title
    ) -> None:
        self._send = send
        self._wanted = wanted
        self._entitle = entitle
        self._asked: set[str] = set()
        self._writing = ""  # the conversation whose title is being written

    @property
    def busy(self) -> bool:
        """True while the engine writes a title."""
        return bool(self._writing)

    def offer(self, dialogue: Dialogue, layout: Layout | None = None) -> None:
        """Have a title written, if this conversation needs one."""
        id_ = dialogue.conversation.id
        if self.busy or id_ in self._asked or not self._needs_one(dialogue):
            return
        self._asked.add(id_)
        self._writing = id_
        values = defaults() | SAMPLING
        self._send(Generate(self._request_id, _turns(dialogue), values, layout=layout))

    def stop(self) -> None:
        """The engine is needed for an answer."""
        if self.busy:
            self._send(Stop(self._request_id))
            self._asked.discard(self._writing)  # again after the answer, if it is still of use
            self._writing = ""

    def engine_gone(self) -> None:
        """The engine ended, and with it what it was writing."""
        self._writing = ""

    def hear(self, event: Event) -> None:
        """Take the title, when it is written."""
        if not self.busy or getattr(event, "request_id", "") != self._request_id:
            return
        if isinstance(event, events.Done):
            chat_id, self._writing = self._writing, ""
            title = titles.cleaned(answer_of(event.text))
            if title and event.state in (State.STOP, State.LENGTH):
                self._entitle(chat_id, title)
        elif isinstance(event, (events.Failed, events.Overfull)):
            self._writing = ""

    def _needs_one(self, dialogue: Dialogue) -> bool:
        said = dialogue.conversation.messages
        first = len(said) == 2 and not dialogue.branch.before and said[-1].state is State.STOP
        by_rule = dialogue.title_origin is TitleOrigin.RULE
        return first and by_rule and not dialogue.temporary and self._wanted()

    @property
    def _request_id(self) -> str:
        return f"title-{self._writing}"


def _turns(dialogue: Dialogue) -> tuple[Turn, ...]:
    said: tuple[Message, ...] = dialogue.conversation.messages
    turns = [
        Turn(message.role, gist(message.text, message.attachments)[:ENOUGH]) for message in said
    ]
    return (*turns, Turn(Role.USER, ASKED))
