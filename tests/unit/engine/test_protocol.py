"""The lines between the processes: whatever is said comes out as it went in."""

from dataclasses import fields
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.domain import events
from desktop.domain.catalogue import SourceKind
from desktop.domain.checks import Checked
from desktop.domain.conversation import ContextPolicy, State, Statistics
from desktop.domain.events import Event, Stage
from desktop.domain.hardware import Device
from desktop.domain.layout import Layout
from desktop.domain.model import ModelFile, Quality, Recipe
from desktop.domain.repository import RepositoryFacts, RepositoryFile, RepositoryFound
from desktop.domain.sampling import Values
from desktop.engine import protocol
from desktop.engine.protocol import Command, ProtocolError, decode, encode

HOSTILE = (
    "",
    "\n\r\n\x0b\x0c\x1c\x85\u2028\u2029",  # whatever some reader takes for the end of a line
    '{"is":"Stop"}\n',
    '"\\',
    "\0\x01\x1b[31m\x7f",
    "\ud800 and \udfff",
    "👩‍👩‍👧‍👦 e\u0301 張 \u202e",
    "\ufeff",
    "<|im_end|>",
)
TEXT = st.text(st.characters(codec=None, exclude_categories=())) | st.sampled_from(HOSTILE)
COUNT = st.integers(0, 2**63)
FLOAT = st.floats(allow_nan=False)
VALUE = st.none() | COUNT | FLOAT | st.lists(TEXT, max_size=3).map(tuple)
VALUES: st.SearchStrategy[Values] = st.dictionaries(TEXT, VALUE, max_size=4)
FILES = st.lists(st.builds(ModelFile, TEXT, COUNT, TEXT), max_size=3).map(tuple)
TURNS = st.lists(st.builds(protocol.Turn, TEXT, TEXT), max_size=3).map(tuple)
STAGES = st.builds(Stage, TEXT, COUNT, COUNT)
PROPERTIES = st.dictionaries(TEXT, TEXT, max_size=3)
STATISTICS = st.builds(
    Statistics,
    *(COUNT, COUNT, COUNT, FLOAT, FLOAT, COUNT, TEXT, TEXT, TEXT),
    properties=PROPERTIES,
    sampling=VALUES,
)
POLICY = st.sampled_from(ContextPolicy)
LAYOUT = st.none() | st.builds(Layout, TEXT, TEXT, TEXT, TEXT)
TRIED = st.builds(events.Tried, PROPERTIES, FLOAT, FLOAT, FLOAT, st.booleans(), FLOAT)

QUALITY = st.builds(Quality, FLOAT, FLOAT, FLOAT)
RECIPE = st.builds(Recipe, st.booleans(), COUNT, FLOAT)
KIND = st.none() | st.sampled_from(SourceKind)
FACTS = st.builds(
    RepositoryFacts,
    *(TEXT, TEXT, KIND, TEXT, st.lists(TEXT, max_size=2).map(tuple), TEXT, COUNT, COUNT, TEXT),
    st.booleans(),
    st.lists(st.builds(RepositoryFile, TEXT, COUNT), max_size=2).map(tuple),
    *(TEXT, TEXT),
)
REPOSITORY_FOUND = st.builds(RepositoryFound, TEXT, KIND, TEXT, TEXT, st.booleans(), COUNT, COUNT)
STRATEGIES: dict[type, st.SearchStrategy[Command | Event]] = {
    protocol.Load: st.builds(
        protocol.Load, TEXT, TEXT, FILES, COUNT, TEXT, PROPERTIES, st.booleans(), st.booleans()
    ),
    protocol.Generate: st.builds(
        protocol.Generate, TEXT, TURNS, VALUES, POLICY, st.booleans(), LAYOUT
    ),
    protocol.Fit: st.builds(protocol.Fit, TEXT, TURNS, VALUES, POLICY, st.booleans(), LAYOUT),
    protocol.Tune: st.builds(
        protocol.Tune, TEXT, TEXT, COUNT, TEXT, st.booleans(), FLOAT, COUNT, COUNT
    ),
    protocol.Stop: st.builds(protocol.Stop, TEXT),
    protocol.Unload: st.builds(protocol.Unload),
    protocol.ListDevices: st.builds(protocol.ListDevices),
    protocol.CountTokens: st.builds(
        protocol.CountTokens, TEXT, st.lists(TEXT, max_size=3).map(tuple)
    ),
    protocol.Render: st.builds(protocol.Render, TEXT, TEXT, TURNS, st.booleans()),
    protocol.ImportGguf: st.builds(
        protocol.ImportGguf, TEXT, TEXT, TEXT, st.dictionaries(TEXT, TEXT | COUNT, max_size=2)
    ),
    protocol.Fetch: st.builds(
        protocol.Fetch, TEXT, TEXT, TEXT, st.lists(TEXT, max_size=2).map(tuple), TEXT, TEXT
    ),
    protocol.Inspect: st.builds(protocol.Inspect, TEXT, TEXT, TEXT, TEXT),
    protocol.InspectLocal: st.builds(protocol.InspectLocal, TEXT),
    protocol.SearchHub: st.builds(protocol.SearchHub, TEXT, COUNT, TEXT, TEXT),
    protocol.ExportCheckpoint: st.builds(protocol.ExportCheckpoint, TEXT, TEXT, TEXT, TEXT),
    protocol.Compress: st.builds(
        protocol.Compress, TEXT, TEXT, TEXT, COUNT, st.booleans(), st.none() | RECIPE
    ),
    protocol.AdoptIr: st.builds(protocol.AdoptIr, TEXT, TEXT),
    protocol.OpenBare: st.builds(protocol.OpenBare, TEXT, TEXT, TEXT, COUNT, PROPERTIES),
    protocol.RunBare: st.builds(protocol.RunBare, TEXT, COUNT),
    events.Loading: st.builds(events.Loading, STAGES),
    events.Loaded: st.builds(events.Loaded, TEXT, COUNT, FLOAT, TEXT),
    events.Fitted: st.builds(
        events.Fitted, TEXT, COUNT, COUNT, st.lists(COUNT, max_size=3).map(tuple)
    ),
    events.Overfull: st.builds(events.Overfull, TEXT, COUNT, COUNT),
    events.Tried: TRIED,
    events.Tuned: st.builds(
        events.Tuned, TRIED, st.lists(TRIED, max_size=2).map(tuple), st.booleans()
    ),
    events.Reading: st.builds(events.Reading, TEXT, COUNT, COUNT),
    events.Token: st.builds(events.Token, TEXT, TEXT),
    events.Done: st.builds(events.Done, TEXT, TEXT, st.sampled_from(State), STATISTICS),
    events.Failed: st.builds(events.Failed, TEXT, TEXT, TEXT),
    events.Devices: st.builds(
        events.Devices, st.lists(st.builds(Device, TEXT, TEXT, TEXT), max_size=3).map(tuple)
    ),
    events.Counted: st.builds(events.Counted, TEXT, st.lists(COUNT, max_size=3).map(tuple)),
    events.Rendered: st.builds(events.Rendered, TEXT, TEXT),
    events.Progress: st.builds(events.Progress, STAGES),
    events.Transferring: st.builds(events.Transferring, COUNT, COUNT, FLOAT, TEXT),
    events.Contacted: st.builds(events.Contacted, TEXT, TEXT, COUNT),
    events.JobDone: st.builds(
        events.JobDone,
        *(COUNT, FILES, TEXT, COUNT, st.none() | QUALITY, TEXT, st.booleans(), st.none() | RECIPE),
    ),
    events.Inspected: st.builds(events.Inspected, FACTS),
    events.FoundRepositories: st.builds(
        events.FoundRepositories, st.lists(REPOSITORY_FOUND, max_size=2).map(tuple)
    ),
    events.BareOpened: st.builds(events.BareOpened),
    events.Measured: st.builds(events.Measured, COUNT, COUNT, FLOAT, FLOAT, TEXT),
    events.PartsChecked: st.builds(
        events.PartsChecked,
        st.lists(st.builds(Checked, TEXT, st.booleans(), TEXT, COUNT), max_size=2).map(tuple),
        PROPERTIES,
    ),
    protocol.CheckParts: st.builds(protocol.CheckParts, TEXT),
    events.Ended: st.builds(events.Ended, st.integers(-64, 255), st.booleans()),
}


def test_every_message_is_tried_here() -> None:
    assert set(STRATEGIES) == {*get_args(Command), *get_args(Event)}


@pytest.mark.parametrize("message_type", STRATEGIES, ids=lambda cls: cls.__name__)
def test_a_message_survives_the_journey(message_type: type) -> None:
    @given(STRATEGIES[message_type])
    def survives(message: Command | Event) -> None:
        line = encode(message)
        assert line.isascii()
        assert line.find(b"\n") == len(line) - 1
        assert b"\r" not in line
        arrived = decode(line)
        assert type(arrived) is message_type
        assert arrived == message
        assert field_types(arrived) == field_types(message)

    survives()


def field_types(message: object) -> list[type]:
    """The types of the fields: 1 is not 1.0 and a list is no tuple."""
    return [type(getattr(message, field.name)) for field in fields(message)]  # type: ignore[arg-type]


GARBAGE = [
    b"",
    b"\n",
    b"hello\n",
    b"{",
    b"null",
    b"7",
    b"[]",
    b'"Stop"',
    b"{}",
    b'{"is":"Nobody"}',
    b'{"is":null}',
    b'{"is":[]}',
    b'{"is":{}}',
    b'{"is":"Turn","role":"user","content":"not a message of its own"}',
    b'{"is":"Stop"}',
    b'{"is":"Stop","request_id":"1","more":2}',
    b'{"is":"Done","request_id":"1","text":"","state":"exploded","statistics":{}}',
    b'{"is":"Done","request_id":"1","text":"","state":"stop","statistics":7}',
    b'{"is":"Generate","request_id":"1","turns":7,"sampling":{}}',
    b'{"is":"Generate","request_id":"1","turns":[7],"sampling":{}}',
    b'{"is":"Generate","request_id":"1","turns":[],"sampling":[]}',
    b'{"is":"Stop","request_id":"1"}{"is":"Stop","request_id":"2"}',
    b"\xff\xfe\x00",
    b"\x80\x81",
    b"[" * 100_000,
    b'{"is":' * 100_000,
    b'{"is":"Stop","request_id":' + b"1" * 5000 + b"}",
    b"INFO: a library that prints to standard output",
]


@pytest.mark.parametrize("line", GARBAGE, ids=lambda line: repr(line[:40]))
def test_what_is_no_message_is_an_error_of_the_protocol(line: bytes) -> None:
    with pytest.raises(ProtocolError) as caught:
        decode(line)
    assert len(str(caught.value)) < 1000


@given(st.binary())
def test_bytes_never_break_the_reader(line: bytes) -> None:
    with pytest.raises(ProtocolError):
        decode(line)


def test_a_large_message_survives() -> None:
    text = "🙂" * 300_000
    assert decode(encode(protocol.Stop(text))) == protocol.Stop(text)
