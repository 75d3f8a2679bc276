"""The prompts of one model. Its template runs in a process of its own, as it is a stranger's."""

import logging
import queue
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from desktop.domain.errors import Problem
from desktop.domain.events import Ended, Event, Failed, Rendered
from desktop.domain.layout import Layout
from desktop.domain.words import mark, tr
from desktop.engine.client import Child
from desktop.engine.prompt import sandbox
from desktop.engine.prompt.format import read_format
from desktop.engine.prompt.layout_prompt import is_continued, layout_text
from desktop.engine.prompt.neutral import guard_against
from desktop.engine.prompt.plain import PLAIN
from desktop.engine.prompt.prompt import Prompt
from desktop.engine.prompt.render import render
from desktop.engine.protocol import Render, Turn

log = logging.getLogger(__name__)

PATIENCE_S = 20.0  # with a process that starts on a busy computer, and ends itself when it hangs
_REQUEST = "prompt"  # only one is under way at a time
_TRIAL = "cellartrial"
_PLAIN_NOW = mark("Send the message again: from now on this model gets a plain layout.")


class Prompts:
    """Makes prompts of conversations, with the model's template or laid out plainly.

    `source` is a model folder or a template file. A template that turns out to be no good is
    left for the plain layout. Raises Problem.
    """

    def __init__(self, source: Path) -> None:
        self._format = read_format(source)
        self._source = source
        self._child = Child("template")
        self._events: queue.SimpleQueue[Event] = queue.SimpleQueue()

    @property
    def layout(self) -> Layout | None:
        """What stands in the place of a template that the model does not have."""
        return None if self._format.template else PLAIN

    def begin_trial(self) -> None:
        """Have the template tried while other work goes on; `trial` tells the outcome."""
        if self._format.template:
            self._ask([Turn("user", _TRIAL)])

    def trial(self) -> str:
        """Why the model's own template is not used; empty when it is used, or there is none."""
        if not self._format.template:
            return ""
        try:
            if _TRIAL in self._answer():
                return ""
            what = tr("The model's chat template leaves out what is said.")
        except Problem as problem:
            what = problem.what
        log.warning("the template is not used: %s", what)
        self._lay_out_plainly()
        return tr("{what} A plain layout is used.", what=what)

    def text(self, turns: Sequence[Turn], *, continues: bool = False) -> str:
        """The exact text that the model reads. Raises Problem.

        With `continues` it ends inside the last turn, which is an answer. That stands as it was
        written after the question, its reasoning included: the template could leave some out.
        """
        if layout := self.layout:
            return self.text_in(layout, turns, continues=continues)
        if is_continued(turns, continues):
            begun = guard_against(self._format.control_tokens).broken_up(turns[-1].content)
            return self.text(turns[:-1]) + begun
        try:
            return self.exact_text(turns)
        except sandbox.Unusable as problem:
            self._lay_out_plainly()
            raise sandbox.Unusable(problem.what, tr(_PLAIN_NOW)) from None

    def text_in(
        self,
        layout: Layout,
        turns: Sequence[Turn],
        *,
        continues: bool = False,
        generation_prompt: bool = True,
    ) -> Prompt:
        """The prompt where a layout stands in the place of the template."""
        return layout_text(
            layout,
            turns,
            self._format.control_tokens,
            continues=continues,
            generation_prompt=generation_prompt,
        )

    def exact_text(self, turns: Sequence[Turn], *, generation_prompt: bool = True) -> str:
        """The same; a template that is no good stays. Raises Problem."""
        if not self._format.template:
            return render(self._format, turns, generation_prompt=generation_prompt)
        self._ask(turns, generation_prompt=generation_prompt)
        return self._answer()

    def end(self) -> None:
        """End the template's process."""
        self._child.end()

    def _lay_out_plainly(self) -> None:
        self._format = replace(self._format, template="")
        self.end()

    def _ask(self, turns: Sequence[Turn], *, generation_prompt: bool = True) -> None:
        if not self._child.alive:
            self._events = queue.SimpleQueue()
            self._child.start(self._events.put)
        self._child.send(Render(_REQUEST, str(self._source), tuple(turns), generation_prompt))

    def _answer(self) -> str:
        """What the process says. Raises Problem, Unusable when it ended instead."""
        try:
            event = self._events.get(timeout=PATIENCE_S)
        except queue.Empty:
            self.end()
            raise sandbox.too_much() from None
        match event:
            case Rendered(text=text):
                return text
            case Failed(request_id="", what=what, remedy=remedy):
                raise sandbox.Unusable(what, remedy)
            case Failed(what=what, remedy=remedy):
                raise Problem(what, remedy)
            case Ended():
                raise sandbox.too_much()
        raise TypeError(f"{type(event).__name__} is no answer of the template's process")


def asked_about(question: Render) -> str:
    """The exact text, of a model or template that nobody has loaded. Raises Problem."""
    prompts = Prompts(Path(question.source))
    try:
        if layout := question.layout:
            turns, open_ended = question.turns, question.generation_prompt
            return prompts.text_in(layout, turns, generation_prompt=open_ended)
        return prompts.exact_text(question.turns, generation_prompt=question.generation_prompt)
    finally:
        prompts.end()
