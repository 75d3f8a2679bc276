"""Text to tokens and back, by the model's own tokenizer."""

from collections import OrderedDict
from collections.abc import Sequence
from itertools import chain

import openvino_genai
from openvino import Tensor, Type

from desktop.domain.errors import Problem
from desktop.domain.words import number, tr
from desktop.engine.prompt.prompt import Prompt
from desktop.engine.text_stream import TextStream

COUNT_AT_ONCE = 4000  # characters; tokenizers cut what is longer than their limit
CHARACTERS = 16  # of a token, about the most: a text with more for each is not tried whole
SHORT_WORD = " a"
ANSWERS_KNOWN = 256  # whose tokens are remembered as they were written


class Tokenizer:
    """A model's tokenizer, with its limit known: it cuts longer texts on the left, silently."""

    def __init__(self, tokenizer: openvino_genai.Tokenizer, context_length: int) -> None:
        self._tokenizer = tokenizer
        longest: int = self._encode(SHORT_WORD * (context_length + 1)).shape[1]
        self._limit = min(longest, context_length)
        self._answers: OrderedDict[str, list[int]] = OrderedDict()

    @property
    def prompt_limit(self) -> int:
        """Tokens of the longest text that is known to be whole and leaves room for a token."""
        return max(self._limit - 1, 0)

    def count(self, text: str) -> int:
        """Tokens of a text. Of a text longer than the limit may be, the sum over its parts."""
        if len(text) <= CHARACTERS * self._limit:
            whole: int = self.encode(text).shape[1]
            if whole < self._limit:
                return whole
        starts = range(0, len(text), COUNT_AT_ONCE)
        return sum(self._encode(text[start : start + COUNT_AT_ONCE]).shape[1] for start in starts)

    def fitting(self, prompt: str, limit: int) -> Tensor:
        """The tokens of a prompt. Raises Problem when they are more than `limit`."""
        ids = self.encode(prompt)
        if ids.shape[1] > limit:
            raise Problem(
                tr(
                    "The conversation has {prompt} tokens, and this model can read {limit}.",
                    prompt=number(self.count(prompt)),
                    limit=number(limit),
                ),
                tr("Shorten the message, or clear the conversation."),
            )
        return ids

    def decode(self, ids: Sequence[int]) -> str:
        """The text of tokens, without control tokens."""
        return str(self._tokenizer.decode(list(ids), skip_special_tokens=True))

    def encode(self, prompt: str) -> Tensor:
        """The tokens of a prompt. Answers that are known stay as they were written."""
        pieces = prompt.pieces if isinstance(prompt, Prompt) else ()
        known = {
            place: self._answers[pieces[place].strip()]
            for place in (prompt.answers if isinstance(prompt, Prompt) else ())
            if pieces[place].strip() in self._answers
        }
        if not known:
            return self._encode(prompt)
        ids = [
            known.get(place) or self._encode(piece).data[0].tolist()
            for place, piece in enumerate(pieces)
            if piece
        ]
        joined = list(chain.from_iterable(ids))
        tensor = Tensor(Type.i64, [1, len(joined)])
        tensor.data[:] = [joined]
        return tensor

    def remember(self, stream: TextStream) -> None:
        """An answer is written: its text alone need not give the same tokens again.

        What was cut off the end, at a stop text, is not known token by token.
        """
        ids, text = stream.ids, stream.text.strip()
        while ids and not self.decode(ids[-1:]):  # what ended the turn belongs to the layout
            ids = ids[:-1]
        if text and self.decode(ids).strip() == text:
            self._answers[text] = ids
            self._answers.move_to_end(text)
            if len(self._answers) > ANSWERS_KNOWN:
                self._answers.popitem(last=False)

    def ends(self, prompt: str) -> set[int]:
        """The tokens that end an answer beside the model's own; those that it does not have."""
        texts = prompt.ends if isinstance(prompt, Prompt) else ()
        found = (self._encode(text).data[0].tolist() for text in texts)
        return {ids[0] for ids in found if len(ids) == 1}

    def _encode(self, text: str) -> Tensor:
        return self._tokenizer.encode(text, add_special_tokens=False).input_ids
