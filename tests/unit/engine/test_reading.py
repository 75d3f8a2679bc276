"""Reading in pieces: how large they are, and what the cache is known to hold."""

from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

import pytest
from openvino import Shape, Tensor, Type

from desktop.engine.reading import (
    FARTHER,
    FIRST_PIECE,
    PIECE_S,
    STOP_S,
    CacheBook,
    Pace,
    PromptReader,
)
from desktop.engine.stepper import BLOCK, STEP_LIMIT


def test_the_pace_begins_small_and_grows_while_pieces_are_read_fast() -> None:
    pace = Pace()
    sizes = [pace.size]
    for _ in range(5):
        pace.note(pace.size, PIECE_S / 100)
        sizes.append(pace.size)
    assert sizes == [FIRST_PIECE, 128, 256, STEP_LIMIT, STEP_LIMIT, STEP_LIMIT]


@pytest.mark.parametrize(
    ("took", "size"), [(PIECE_S, 256), (2 * PIECE_S, 96), (2.5 * PIECE_S, 64), (60.0, FIRST_PIECE)]
)
def test_a_piece_that_took_long_is_followed_by_a_smaller_one(took: float, size: int) -> None:
    pace = Pace()
    pace.note(256, took)
    assert pace.size == size


@pytest.mark.parametrize(
    ("took", "size"),
    [(STOP_S - 0.01, FIRST_PIECE), (STOP_S + 0.05, BLOCK), (0.4, BLOCK), (0.5, FIRST_PIECE)],
)
def test_single_blocks_are_read_only_where_that_saves_the_stop(took: float, size: int) -> None:
    pace = Pace()
    pace.note(FIRST_PIECE, took)
    assert pace.size == size


def test_a_single_piece_that_was_disturbed_changes_nothing() -> None:
    pace = Pace()
    pace.note(256, PIECE_S)
    pace.note(256, 5 * PIECE_S)
    assert pace.size == 256
    pace.note(256, 5 * PIECE_S)
    assert pace.size < 128


def test_where_nothing_is_known_of_a_depth_the_first_piece_is_small() -> None:
    pace = Pace()
    pace.note(256, PIECE_S)
    pace.begin(FARTHER)
    assert pace.size == 256  # as just before
    pace.begin(3 * FARTHER)
    assert pace.size == FIRST_PIECE


def test_what_was_learned_of_a_depth_holds_for_the_next_prompt() -> None:
    pace = Pace()
    pace.note(256, PIECE_S)
    pace.begin(6 * FARTHER)
    pace.note(FIRST_PIECE, PIECE_S)
    assert pace.size == FIRST_PIECE
    pace.begin(0)
    assert pace.size == 256
    pace.begin(6 * FARTHER)
    assert pace.size == FIRST_PIECE


def test_the_book_knows_whole_blocks_from_the_beginning() -> None:
    book = CacheBook(BLOCK * 100)
    ids = list(range(100))
    assert book.known(ids) == 0
    book.note(ids)
    assert book.known(ids) == 96
    assert book.known(ids[:64] + [7] * 36) == 64
    assert book.known([1, *ids[1:]]) == 0
    assert book.known(ids[32:]) == 0  # the same block after something else is another one
    book.clear()
    assert book.known(ids) == 0


def test_the_book_forgets_what_was_used_longest_ago() -> None:
    book = CacheBook(BLOCK * 5)
    one, two, three = ([number] * BLOCK * 2 for number in (1, 2, 3))
    book.note(one)
    book.note(two)
    book.note(one)
    book.note(three)
    assert [book.known(ids) for ids in (one, two, three)] == [64, 0, 64]


class ScriptedStepper:
    """As the real one, with a cache of which some part can be lost."""

    def __init__(self, *, holds: bool = True) -> None:
        self.capacity = 10_000
        self.pieces: list[int] = []
        self.held = 0
        self.holds = holds
        self.busy = False
        self.used = 0

    def add(self, ids: Any, config: Any) -> Any:
        self.pieces.append(ids.shape[1])
        return SimpleNamespace()

    def step(self) -> None:
        end = min(self.pieces[-1], self.held + STEP_LIMIT)
        self.busy = end < self.pieces[-1]
        self.used = end
        self.held = end if self.holds else 0

    def let_go(self, handle: Any) -> None:
        self.busy = False


def tensor(ids: Sequence[int]) -> Tensor:
    made = Tensor(Type.i64, Shape([1, len(ids)]))
    made.data[0] = ids
    return made


def readings(reader: PromptReader, length: int, stop_after: int = 1000) -> list[int]:
    found: list[int] = []
    for done in reader.read(tensor(range(length)), lambda: len(found) > stop_after):
        found.append(done)
    return found


def test_a_prompt_is_read_up_to_its_last_piece() -> None:
    stepper = ScriptedStepper()
    reader = PromptReader(stepper)  # type: ignore[arg-type]
    found = readings(reader, 3000)
    assert found[0] == 0
    assert found[1:] == stepper.pieces
    assert 3000 - STEP_LIMIT <= found[-1] < 3000
    assert all(piece % BLOCK == 0 for piece in stepper.pieces)
    assert reader.cached == 0


def test_a_short_prompt_is_left_to_the_request_proper() -> None:
    stepper = ScriptedStepper()
    assert readings(PromptReader(stepper), 63) == []  # type: ignore[arg-type]


@pytest.mark.parametrize(("length", "pieces"), [(64, [64]), (65, [64]), (62, []), (33, [32])])
def test_a_last_token_that_the_cache_would_leave_alone_is_read_alone(
    length: int, pieces: list[int]
) -> None:
    stepper = ScriptedStepper()
    readings(PromptReader(stepper), length)  # type: ignore[arg-type]
    assert stepper.pieces == pieces


def test_what_is_cached_is_not_read_again() -> None:
    stepper = ScriptedStepper()
    reader = PromptReader(stepper)  # type: ignore[arg-type]
    readings(reader, 3000)
    reader.note(tensor(range(3000)), [1, 2, 3])
    stepper.pieces.clear()
    assert readings(reader, 3000) == []
    assert stepper.pieces == []
    assert reader.cached == 2976


def test_a_stop_comes_between_two_pieces() -> None:
    stepper = ScriptedStepper()
    found = readings(PromptReader(stepper), 3000, stop_after=2)  # type: ignore[arg-type]
    assert len(found) == 3
    assert len(stepper.pieces) == 2


def test_a_cache_that_has_lost_something_is_read_anew() -> None:
    stepper = ScriptedStepper()
    reader = PromptReader(stepper)  # type: ignore[arg-type]
    readings(reader, 2000)
    stepper.held = 320
    found = readings(reader, 5000)
    assert reader.cached == 320
    assert found[1] == 320 + STEP_LIMIT
    assert found[-1] >= 5000 - STEP_LIMIT


def test_a_cache_that_does_not_hold_is_not_used_for_reading_in_pieces() -> None:
    stepper = ScriptedStepper(holds=False)
    reader = PromptReader(stepper)  # type: ignore[arg-type]
    readings(reader, 3000)
    stepper.pieces.clear()
    assert readings(reader, 2500) == []
    assert stepper.pieces == []
