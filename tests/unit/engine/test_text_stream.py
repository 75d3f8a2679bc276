"""Streaming text: no half characters, no stop texts, and the pieces join to the whole."""

from collections.abc import Sequence
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.engine.text_stream import REPLACEMENT, TextStream

MANY_BYTES = "👩‍👩‍👧‍👦 🏳️‍🌈 👍🏽 張 한글 e\u0301 नमस्ते \U0001f1eb\U0001f1f7 ﷽ \U0001d518 naïve"


class ByteTokenizer:
    """Each token is some bytes, as in byte-level BPE: a character may be cut anywhere."""

    def __init__(self, tokens: Sequence[bytes], errors: str = "replace") -> None:
        self._tokens = tokens
        self._errors = errors
        self.decoded_ids = 0

    def decode(self, ids: Sequence[int]) -> str:
        self.decoded_ids += len(ids)
        return b"".join(self._tokens[number] for number in ids).decode("utf-8", self._errors)


def cut(data: bytes, places: Sequence[int]) -> list[bytes]:
    """The bytes in pieces that end at these places."""
    ends = sorted({place % (len(data) + 1) for place in places} | {0, len(data)})
    return [data[start:end] for start, end in pairwise(ends)]


def streamed(tokens: Sequence[bytes], stops: Sequence[str] = (), batch: int = 1) -> list[str]:
    """The pieces that are shown as the tokens come in; the last is what was held back."""
    stream = TextStream(ByteTokenizer(tokens).decode, stops)
    pieces = [
        stream.push(range(start, min(start + batch, len(tokens))))
        for start in range(0, len(tokens), batch)
    ]
    pieces.append(stream.finish())
    assert stream.text == "".join(pieces)
    return pieces


CUTS = st.lists(st.integers(0, 10_000), max_size=60)
BATCH = st.integers(1, 4)
TEXT = st.text(st.characters(codec="utf-8")) | st.sampled_from([MANY_BYTES, MANY_BYTES * 3])


@given(TEXT, CUTS, BATCH)
def test_the_pieces_join_to_the_text(text: str, cuts: list[int], batch: int) -> None:
    assert "".join(streamed(cut(text.encode(), cuts), batch=batch)) == text


@given(st.text(st.characters(codec="utf-8", exclude_characters=REPLACEMENT)), BATCH)
def test_no_half_character_is_shown(text: str, batch: int) -> None:
    single_bytes = [bytes([byte]) for byte in text.encode()]
    assert not any(REPLACEMENT in piece for piece in streamed(single_bytes, batch=batch))


@given(st.binary(), CUTS)
def test_bytes_that_are_no_text_come_out_as_one_decoding_would_give_them(
    data: bytes, cuts: list[int]
) -> None:
    assert "".join(streamed(cut(data, cuts))) == data.decode("utf-8", "replace")


@given(TEXT | st.binary(), CUTS)
def test_a_decoder_that_leaves_out_what_is_no_character_loses_no_character(
    text: str | bytes, cuts: list[int]
) -> None:
    tokens = cut(text.encode() if isinstance(text, str) else text, cuts)
    stream = TextStream(ByteTokenizer(tokens, "ignore").decode)
    pieces = [stream.push([number]) for number in range(len(tokens))]
    assert "".join(pieces) + stream.finish() == b"".join(tokens).decode("utf-8", "ignore")


def test_every_byte_alone() -> None:
    single_bytes = [bytes([byte]) for byte in MANY_BYTES.encode()]
    pieces = streamed(single_bytes)
    assert "".join(pieces) == MANY_BYTES
    assert pieces[-1] == ""  # nothing is held back at the end of a whole character


def test_a_character_cut_off_by_the_end_is_marked() -> None:
    assert "".join(streamed([b"caf", "é".encode()[:1]])) == f"caf{REPLACEMENT}"


def test_a_text_is_shown_as_soon_as_it_is_certain() -> None:
    assert streamed([b"Once", b" upon", b" a", b" time"]) == ["Once", " upon", " a", " time", ""]


def test_a_decoder_that_drops_the_first_space_loses_no_other() -> None:
    words = ["▁Once", "▁upon", "▁a", "▁time", ",", "▁", "▁there"]

    def decode(ids: Sequence[int]) -> str:
        return "".join(words[number] for number in ids).replace("▁", " ").removeprefix(" ")

    stream = TextStream(decode)
    pieces = [stream.push([number]) for number in range(len(words))]
    assert "".join(pieces) + stream.finish() == decode(range(len(words)))
    assert pieces[:4] == ["Once", " upon", " a", " time"]


SMALL = st.text("ab\nÜ🙂", max_size=30)
STOP = st.text("ab\nÜ🙂", min_size=1, max_size=4)


@given(SMALL, STOP, CUTS, BATCH)
def test_an_answer_ends_before_its_stop_text(
    text: str, stop: str, cuts: list[int], batch: int
) -> None:
    pieces = streamed(cut(text.encode(), cuts), [stop], batch)
    assert "".join(pieces) == text.partition(stop)[0]


@given(SMALL, st.lists(STOP, max_size=3), CUTS, BATCH)
def test_no_stop_text_is_ever_shown(
    text: str, stops: list[str], cuts: list[int], batch: int
) -> None:
    shown = "".join(streamed(cut(text.encode(), cuts), stops, batch))
    assert text.startswith(shown)
    assert not any(stop in shown for stop in stops)
    rest = text[len(shown) :]
    assert not rest or any(rest.startswith(stop) for stop in stops)


def test_the_beginning_of_a_stop_text_is_held_back_until_it_is_none() -> None:
    tokens = [b"Hi", b"\nUs", b"ers", b" ask", b"\nUser"]
    assert streamed(tokens, ["\nUser:"]) == ["Hi", "", "\nUsers", " ask", "", "\nUser"]


def test_a_stop_text_ends_the_stream_and_later_tokens_are_not_shown() -> None:
    tokens = [b"Hi", b"\nUs", b"er: and", b" more"]
    stream = TextStream(ByteTokenizer(tokens).decode, ["\nUser:"])
    assert [stream.push([0]), stream.push([1])] == ["Hi", ""]
    assert not stream.stopped
    assert [stream.push([2]), stream.push([3]), stream.finish()] == ["", "", ""]
    assert stream.stopped
    assert stream.text == "Hi"


@pytest.mark.parametrize("stops", [(), ("\nUser:", "###")])
def test_a_token_costs_the_same_at_any_length(stops: tuple[str, ...]) -> None:
    tokens = [word.encode() for word in (MANY_BYTES + " ").split(" ")] * 300
    tokenizer = ByteTokenizer(tokens)
    stream = TextStream(tokenizer.decode, stops)
    for number in range(len(tokens)):
        stream.push([number])
    assert tokenizer.decoded_ids <= 4 * len(tokens)


@pytest.mark.parametrize("garbage", [b"\xff", b"\x9f", b"\xf0\x9f", b"\xe2"], ids=repr)
def test_bytes_that_never_become_a_character_are_shown_at_the_same_cost(garbage: bytes) -> None:
    tokens = [b"So: ", *[garbage] * 600]
    tokenizer = ByteTokenizer(tokens)
    stream = TextStream(tokenizer.decode)
    for number in range(len(tokens)):
        stream.push([number])
        assert len(b"".join(tokens[: number + 1]).decode("utf-8", "replace")) - len(stream.text) < 8
    stream.finish()
    assert stream.text == b"".join(tokens).decode("utf-8", "replace")
    assert tokenizer.decoded_ids <= 30 * len(tokens)


def test_nothing_gives_nothing() -> None:
    assert streamed([]) == [""]
    assert streamed([b"", b""]) == ["", "", ""]
