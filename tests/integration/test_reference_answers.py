"""The whole way from a PyTorch checkpoint: our engine writes what transformers writes."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from desktop.domain.conversation import State
from desktop.engine.client import Child
from desktop.engine.prompt.plain import STOP_TEXTS
from desktop.engine.protocol import AdoptIr
from desktop.services.jobs import Work
from tests.integration.engine_process import EngineProcess
from tests.models.tiny_checkpoints import (
    ARCHITECTURES,
    CONTEXT,
    NEW_TOKENS,
    QUESTIONS,
    WITHOUT_TEMPLATE,
    Reference,
    references,
)

pytestmark = pytest.mark.integration

EXACT = {"INFERENCE_PRECISION_HINT": "f32", "KV_CACHE_PRECISION": "f32"}


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Reference]:
    return references(tmp_path_factory.mktemp("references"))


@dataclass(frozen=True)
class Installed:
    """A model that came in as folders of IR do, and is loaded."""

    engine: EngineProcess
    reference: Reference


@pytest.fixture(scope="session", params=ARCHITECTURES)
def installed(
    request: pytest.FixtureRequest,
    made: dict[str, Reference],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Installed]:
    reference = made[request.param]
    folder = tmp_path_factory.mktemp(request.param)
    done = Work(Child).run(AdoptIr(str(reference.ir), str(folder)), lambda _: None)
    assert done.context_length == CONTEXT
    engine = EngineProcess()
    assert engine.load(folder, context_length=CONTEXT, properties=EXACT).note == ""
    yield Installed(engine, reference)
    engine.end()


def test_the_references_can_tell_one_model_from_another(made: dict[str, Reference]) -> None:
    assert set(made) == set(ARCHITECTURES)
    texts = [text for reference in made.values() for text in reference.texts]
    assert len(set(texts)) == len(ARCHITECTURES) * len(QUESTIONS)
    assert all(n > NEW_TOKENS // 2 for each in made.values() for n in each.distinct_tokens)


@pytest.mark.parametrize("number", range(len(QUESTIONS)))
def test_greedy_answers_equal_those_of_transformers(installed: Installed, number: int) -> None:
    answer = installed.engine.ask(
        QUESTIONS[number], repetition_penalty=1.0, max_new_tokens=NEW_TOKENS
    )

    written = installed.reference.texts[number]
    plain = installed.reference.ir.parent.name == WITHOUT_TEMPLATE
    assert answer.text == (written.lstrip() if plain else written)  # after “Assistant:”
    assert answer.state is State.LENGTH
    assert answer.statistics.prompt_tokens == installed.reference.prompt_tokens[number]
    assert answer.statistics.generated_tokens == NEW_TOKENS


def test_only_the_plain_layout_adds_texts_to_stop_at(
    installed: Installed, made: dict[str, Reference]
) -> None:
    answer = installed.engine.ask(QUESTIONS[0], stop=("never",))

    plain = installed.reference is made[WITHOUT_TEMPLATE]
    assert answer.statistics.sampling["stop"] == ("never", *(STOP_TEXTS if plain else ()))
