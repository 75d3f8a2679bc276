"""Reading a prompt in pieces of a size that lets a Stop come through."""

import time
from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence

from openvino import Tensor
from openvino_genai import GenerationConfig

from desktop.engine.stepper import BLOCK, STEP_LIMIT, Stepper

PIECE_S = 0.2  # seconds that reading a piece should take: a Stop may wait for it
STOP_S = 0.25  # seconds that a Stop may take
FIRST_PIECE = 64  # tokens: short enough for a large model of which nothing is known yet
OVERHEAD = 20  # tokens: how many more could be read in the time that a piece costs by itself
FARTHER = 512  # tokens: so much deeper into a prompt, a piece takes clearly longer


class Pace:
    """How many tokens to read at once, learned from how long the last ones took.

    Each token looks at all those before it, so what is learned holds for one depth of a prompt,
    and is still known when the next prompt comes there.
    """

    def __init__(self) -> None:
        self.size = FIRST_PIECE
        self._costs: dict[
            int, tuple[float, float]
        ] = {}  # by depth: the last one, the better of two
        self._place = 0

    def begin(self, place: int) -> None:
        """The next piece begins here."""
        self._place = place
        self.size = self._fitting(STEP_LIMIT)

    def note(self, tokens: int, seconds: float) -> None:
        """So many tokens took so long. A piece grows to twice the last one at most.

        The better of the last two counts: what disturbs one piece only makes it slower.
        """
        cost = max(seconds, 1e-6) / (tokens + OVERHEAD)
        last, _ = self._costs.get(self._depth, (cost, cost))
        self._costs[self._depth] = cost, min(cost, last)
        self._place += tokens
        self.size = self._fitting(2 * max(tokens, BLOCK))

    @property
    def _depth(self) -> int:
        return self._place // FARTHER

    def _fitting(self, most: int) -> int:
        """Tokens for the next piece. Nothing being known of this depth, it is a small one.

        Single blocks cost half as much again as larger pieces, so they are for where they save
        the Stop.
        """
        known = self._costs.get(self._depth) or self._costs.get(self._depth - 1)
        if known is None:
            return FIRST_PIECE
        cost = known[1]
        if cost * (BLOCK + OVERHEAD) <= STOP_S < cost * (FIRST_PIECE + OVERHEAD):
            return BLOCK
        ideal = int(min(PIECE_S / cost - OVERHEAD, most)) // BLOCK * BLOCK
        return min(max(ideal, FIRST_PIECE), STEP_LIMIT)


class CacheBook:
    """Which blocks of tokens the prefix cache must hold: the ones that were used last.

    OpenVINO tells what it found only when a prompt takes more than one step. A block counts with
    all that stands before it.
    """

    def __init__(self, capacity: int) -> None:
        self._blocks_at_most = max(capacity // BLOCK - 1, 1)
        self._blocks: OrderedDict[int, None] = OrderedDict()

    def known(self, ids: Sequence[int]) -> int:
        """How many tokens at the beginning are held, in whole blocks."""
        count = 0
        for key in _chain(ids):
            if key not in self._blocks:
                break
            count += BLOCK
        return count

    def note(self, ids: Sequence[int]) -> None:
        """These tokens have gone through the model."""
        for key in reversed(list(_chain(ids))):  # what comes last is forgotten first
            self._blocks[key] = None
            self._blocks.move_to_end(key)
        while len(self._blocks) > self._blocks_at_most:
            self._blocks.popitem(last=False)

    def clear(self) -> None:
        """The cache holds something else than was thought."""
        self._blocks.clear()


def _chain(ids: Sequence[int]) -> Iterator[int]:
    key = 0
    for start in range(0, len(ids) - BLOCK + 1, BLOCK):
        key = hash((key, *ids[start : start + BLOCK]))
        yield key


class PromptReader:
    """Reads prompts into the prefix cache, so that the request proper has little left to read.

    Each piece is a request of its own, of all tokens up to its end, and takes one step: the cache
    has the rest. That costs no more than one request in steps of the same size, and the size may
    change from step to step. A model whose cache does not hold this is read in one request.
    """

    def __init__(self, stepper: Stepper) -> None:
        self._stepper = stepper
        self._book = CacheBook(stepper.capacity)
        self._pace = Pace()
        self._in_pieces = True
        self.cached = 0  # tokens of the last prompt that needed no reading

    def read(self, ids: Tensor, stopped: Callable[[], bool]) -> Iterator[int]:
        """Read all but the end; yields the tokens read so far, before each piece and after."""
        numbers = ids.data[0].tolist()
        position = self._book.known(numbers)
        self.cached = min(position, len(numbers) - 1)
        self._pace.begin(position)
        first = True
        while self._in_pieces and (end := self._next_end(position, len(numbers))):
            if first:
                yield position
            if stopped():
                return
            began = time.perf_counter()
            reached = self._read_piece(ids, end)
            if reached == end:
                self._pace.note(end - position, time.perf_counter() - began)
                self._book.note(numbers[:end])
            elif first:  # the cache has lost what it was thought to hold
                self._book.clear()
                self.cached = max(reached - STEP_LIMIT, 0)
            else:
                self._in_pieces = False
            position, first = reached, False
            yield position

    def note(self, ids: Tensor, written: Sequence[int]) -> None:
        """A prompt was read to its end, and so were the tokens written after it but the last.

        After a single token the cache would hold the prompt to its last token, and leave a single
        token to read when it is asked again: see `_next_end`. Two more tokens put this right.
        """
        self._book.note([*ids.data[0].tolist(), *written[:-1]])
        if len(written) == 1:
            config = GenerationConfig()
            config.max_new_tokens = 2
            config.ignore_eos = True
            handle = self._stepper.add(ids, config)  # a handle that is let fall ends its request
            while self._stepper.busy:
                self._stepper.step()
            self._stepper.let_go(handle)

    def _next_end(self, position: int, total: int) -> int:
        """Where the next piece ends; 0 when the rest is for the request proper.

        A single token goes through other kernels than several, and rounds differently. The cache
        leaves a single token of prompts of just these lengths: so the first time it is one too.
        """
        if total - position > self._pace.size:
            return position + self._pace.size
        whole = total // BLOCK * BLOCK
        return whole if total - whole < 2 and position < whole else 0

    def _read_piece(self, ids: Tensor, end: int) -> int:
        """How far it came: to the end, unless the cache held less than was thought."""
        config = GenerationConfig()
        config.max_new_tokens = 1
        handle = self._stepper.add(Tensor(ids.data[:, :end]), config)
        self._stepper.step()
        if not self._stepper.busy:
            return end
        reached = self._stepper.used // BLOCK * BLOCK
        self._stepper.let_go(handle)
        return reached
