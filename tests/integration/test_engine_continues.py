"""An answer that was cut short or stopped, and gone on with: the same as one written in one go."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from desktop.domain.conversation import State
from desktop.domain.events import Event, Token
from desktop.domain.sampling import defaults
from desktop.engine.protocol import Generate, Turn
from desktop.models.jobs.proof import EXACT
from tests.integration.engine_process import GREEDY, EngineProcess

pytestmark = pytest.mark.integration

LENGTH = 40  # tokens
ASKED = (Turn("system", "You are a storyteller."), Turn("user", "Tell me a story about a fox."))


@pytest.fixture(scope="module")
def exact_engine(model_folder: Path) -> Iterator[EngineProcess]:
    """What is gone on with is read, not written, and at less than 32 bits that rounds otherwise."""
    engine = EngineProcess()
    engine.load(model_folder, properties=EXACT)
    yield engine
    engine.end()


def request(name: str, tokens: int, begun: str | None = None) -> Generate:
    """A request for an answer, or to go on with one."""
    values = defaults() | GREEDY | {"max_new_tokens": tokens}
    plain = Generate(f"continue-{name}", ASKED, values)
    if begun is None:
        return plain
    return replace(plain, turns=(*ASKED, Turn("assistant", begun)), continues=True)


@pytest.mark.parametrize("cut", [1, 7, 16, 39])
def test_a_cut_answer_goes_on_as_if_it_had_not_been(exact_engine: EngineProcess, cut: int) -> None:
    whole = exact_engine.answer(request(f"whole-{cut}", LENGTH))
    begun = exact_engine.answer(request(f"begun-{cut}", cut))
    assert begun.state is State.LENGTH
    rest = exact_engine.answer(request(f"rest-{cut}", LENGTH - cut, begun.text))
    assert begun.text + rest.text == whole.text
    assert "".join(rest.pieces) == rest.text
    prompt = begun.statistics.prompt_tokens + cut
    assert rest.statistics.prompt_tokens == prompt
    assert rest.statistics.cached_tokens > prompt - 64  # what it wrote itself is not read again


def test_a_stopped_answer_goes_on_where_it_ends(exact_engine: EngineProcess) -> None:
    seen: list[Event] = []

    def look(request_id: str, event: Event) -> None:
        if isinstance(event, Token):
            seen.append(event)
            if len(seen) == 9:
                exact_engine.stop(request_id)

    whole = exact_engine.answer(request("unstopped", LENGTH))
    begun = exact_engine.answer(request("stopped", 1000), look)
    assert begun.state is State.STOPPED
    left = LENGTH - begun.statistics.generated_tokens
    assert 0 < left < LENGTH
    rest = exact_engine.answer(request("resumed", left, begun.text))
    assert begun.text + rest.text == whole.text
