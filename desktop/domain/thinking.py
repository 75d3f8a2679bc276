"""Parts what a model thought from what it answered."""

import re
from dataclasses import dataclass

from desktop.domain.wording import duration
from desktop.domain.words import tr

BEGIN, END = "<think>", "</think>"
_FENCE = re.compile(r"^ {0,3}(`{3,}|~{3,})", re.MULTILINE)
_END_OF_ITS_OWN = re.compile(r"^[ \t]*</think>", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Parted:
    """An answer in its two parts, as they stand between and after the marks."""

    thinks: bool  # there is a thought, perhaps an empty one
    thought: str
    answer: str
    closed: bool  # the thought has its end

    @property
    def thinking(self) -> bool:
        """True for a thought that goes on, or was never finished."""
        return self.thinks and not self.closed


def parted(text: str, *, opened: bool = False) -> Parted:
    """What of an answer is thought, and what is said.

    Some templates write the opening mark themselves, so an answer may begin without it; the
    closing one then begins a line, outside of program text. An answer that was cut short may lack
    the closing mark: then all of it is thought, where it is known that the thought was `opened`.
    Marks in the middle of an answer are words of it.
    """
    if text.lstrip().startswith(BEGIN):
        begun = text.partition(BEGIN)[2]
        thought, end, answer = begun.partition(END)
        return Parted(True, thought, answer, bool(end))
    found = _END_OF_ITS_OWN.search(text) if END in text else None
    if found and BEGIN not in text[: found.start()]:
        thought, answer = text[: found.start()], text[found.end() :]
        if not len(_FENCE.findall(thought)) % 2:
            return Parted(True, thought, answer, True)
    return Parted(True, text, "", False) if opened and text else Parted(False, "", text, False)


def opens(prompt: str) -> bool:
    """True for a prompt that ends with the opening mark."""
    return prompt.rstrip().endswith(BEGIN)


def thought_words(found: Parted, seconds: float) -> str:
    """What stands for a thought that is over, or was never finished; 0 s: nobody knows."""
    if found.thinking:
        return tr("Thought, not finished")
    time = duration(seconds) if seconds else ""
    return tr("Thought for {duration}", duration=time) if time else tr("Thought")


def answer_of(text: str, *, opened: bool = False) -> str:
    """What is said, without the thought before it; of a thought that never ended, nothing."""
    found = parted(text, opened=opened)
    return found.answer.lstrip("\n") if found.thinks else text


def without_half_mark(text: str) -> str:
    """A text that is still being written, without the beginning of a mark at its end."""
    for mark in (END, BEGIN):
        for length in range(min(len(mark) - 1, len(text)), 0, -1):
            if text.endswith(mark[:length]):
                return text[:-length]
    return text


def may_begin(text: str) -> bool:
    """True while a growing text may still turn out to begin with the opening mark."""
    begun = text.lstrip()
    return bool(begun) and len(begun) < len(BEGIN) and BEGIN.startswith(begun)
