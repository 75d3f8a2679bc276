"""The prompt text of a conversation."""

from collections.abc import Callable, Sequence

from desktop.domain.errors import Problem, UsageProblem
from desktop.domain.words import listed, tr
from desktop.engine.prompt import sandbox
from desktop.engine.prompt.format import PromptFormat
from desktop.engine.prompt.forms import forms
from desktop.engine.prompt.layout_prompt import layout_text
from desktop.engine.prompt.neutral import guard_against
from desktop.engine.prompt.plain import PLAIN
from desktop.engine.prompt.reasoning import parted, parts_itself
from desktop.engine.protocol import Turn

_ROLES = ("system", "user", "assistant", "tool", "developer")
_LARGEST = 8 * 2**20  # characters of a prompt, more by what follows
_LARGEST_PER_CHARACTER = 64  # of the conversation

Message = dict[str, str]


def render(format: PromptFormat, turns: Sequence[Turn], *, generation_prompt: bool = True) -> str:
    """The exact text that the model reads. Control tokens in the turns are broken up.

    A system text that the template ignores or refuses goes before the user's next text.
    Raises Problem.
    """
    strange = [turn.role for turn in turns if turn.role not in _ROLES]
    if strange:
        raise UsageProblem(
            tr("A message cannot have the role “{strange}”.", strange=strange[0][:40]),
            tr("Use one of: {choices}.", choices=listed(_ROLES)),
        )
    if not format.template:
        return layout_text(PLAIN, turns, format.control_tokens, generation_prompt=generation_prompt)
    size = sum(len(turn.content) for turn in turns)
    return _Rendering(format, generation_prompt, size).text(turns)


class _Rendering:
    """The attempts at one prompt, with one limit of time for all of them."""

    def __init__(self, format: PromptFormat, generation_prompt: bool, size: int) -> None:
        self._template = format.template
        self._named_tokens = format.tokens
        self._guard = guard_against(format.control_tokens)
        self._generation_prompt = generation_prompt
        self._largest = _LARGEST + _LARGEST_PER_CHARACTER * size
        self._deadline = sandbox.clock() + sandbox.TIME_LIMIT

    def text(self, turns: Sequence[Turn]) -> str:
        """The prompt, from the first form of the conversation that the template takes whole."""
        refusals: list[sandbox.Refused] = []
        for form in forms(turns):
            try:
                if self._keeps_systems(form):
                    return self._safe_text(form)
            except sandbox.Refused as refusal:
                refusals.append(refusal)
        raise refusals[-1]

    def _keeps_systems(self, turns: Sequence[Turn]) -> bool:
        """True when each system text comes out. Asked with a word that is nowhere else."""
        word = "systemtext"
        while any(word in text for text in (self._template, *(turn.content for turn in turns))):
            word += "x"
        probes = [
            Turn("system", f"{word}-{number}-")
            if turn.role == "system" and turn.content.strip()
            else turn
            for number, turn in enumerate(turns)
        ]
        asked = [probe.content for probe, turn in zip(probes, turns, strict=True) if probe != turn]
        if not asked:
            return True
        written = self._written(self._messages(probes))
        return all(text in written for text in asked)

    def _safe_text(self, turns: Sequence[Turn]) -> str:
        messages = self._messages(turns)
        text = self._written(messages)
        if self._forges(messages, text):
            messages = _changed(messages, self._guard.broken_at_edges)
            text = self._written(messages)
            if self._forges(messages, text):
                raise Problem(
                    tr("The model's chat template makes a control token out of a message."),
                    tr("Change the message, or choose another model."),
                )
        return text

    def _forges(self, messages: list[Message], text: str) -> bool:
        """True when messages and template make a control token together that neither has."""
        harmless = _changed(messages, self._guard.stand_in)
        if harmless == messages:
            return False
        expected = self._guard.counts(self._written(harmless))
        return not self._guard.counts(text) <= expected

    def _messages(self, turns: Sequence[Turn]) -> list[Message]:
        messages = [self._message(turn) for turn in turns]
        return _changed(messages, self._guard.broken_up)

    def _message(self, turn: Turn) -> Message:
        if turn.role != "assistant":
            return {"role": turn.role, "content": turn.content}
        reasoning, answer = parted(turn.content)
        if answer != turn.content and not parts_itself(self._template):
            answer = answer.lstrip("\n")
        message = {"role": turn.role, "content": answer}
        return {**message, "reasoning_content": reasoning} if reasoning else message

    def _written(self, messages: list[Message]) -> str:
        variables = {
            **self._named_tokens,
            "messages": messages,
            "tools": None,
            "documents": None,
            "add_generation_prompt": self._generation_prompt,
        }
        return sandbox.run(self._template, variables, self._deadline, self._largest)


def _changed(messages: list[Message], change: Callable[[str], str]) -> list[Message]:
    return [
        {name: part if name == "role" else change(part) for name, part in message.items()}
        for message in messages
    ]
