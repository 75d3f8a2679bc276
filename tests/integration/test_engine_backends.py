"""The two back-ends: the same answers, and a proof that finds the model for which they differ."""

import time
from pathlib import Path

import numpy as np
import pytest

from desktop.domain.conversation import State
from desktop.domain.errors import Problem
from desktop.domain.events import Done, Loaded, Reading, Token
from desktop.domain.sampling import Value, defaults
from desktop.engine.client import Child
from desktop.engine.pipeline import PagedPipeline
from desktop.engine.protocol import AdoptIr, Load
from desktop.engine.runtime import Runtime
from desktop.engine.stateful import StatefulPipeline
from desktop.engine.text_stream import TextStream
from desktop.models.jobs.proof import EXACT, prove
from desktop.services.jobs import Work
from tests.integration.engine_process import CONTEXT, EngineProcess
from tests.models.tiny_mpt import tiny_mpt_ir

pytestmark = pytest.mark.integration

QUESTIONS = (
    "What is the capital of France?",
    "Tell me a story about a fox.",
    "What is a fox? " * 60,
)


@pytest.fixture(scope="module")
def stateful(model_folder: Path) -> StatefulPipeline:
    return StatefulPipeline(model_folder, "CPU", CONTEXT, properties=EXACT)


@pytest.fixture(scope="module")
def paged(model_folder: Path) -> PagedPipeline:
    return PagedPipeline(model_folder, "CPU", CONTEXT, properties=EXACT)


def answered(runtime: Runtime, said: str, **sampling: Value) -> tuple[list[str], Done]:
    """The pieces of an answer, and its end."""
    values = defaults() | {"temperature": 0.0, "max_new_tokens": 24, "seed": 1} | sampling
    prompt = f"<|im_start|>user\n{said}<|im_end|>\n<|im_start|>assistant\n"
    events = list(runtime.generate("one", prompt, values, lambda: False))
    assert isinstance(events[-1], Done)
    return [event.text for event in events if isinstance(event, Token)], events[-1]


@pytest.mark.parametrize("said", QUESTIONS, ids=["fact", "story", "long"])
def test_both_write_the_same(stateful: StatefulPipeline, paged: PagedPipeline, said: str) -> None:
    pieces, done = answered(stateful, said)
    assert done.text == answered(paged, said)[1].text == "".join(pieces)
    statistics = done.statistics
    assert statistics.generated_tokens == statistics.steps > 3
    assert statistics.cached_tokens == 0
    assert statistics.properties == dict(EXACT)


def test_the_stateful_one_samples_by_seed_and_writes_one_answer_only(
    stateful: StatefulPipeline,
) -> None:
    sampled = {"temperature": 1.0, "seed": 3}
    first = answered(stateful, QUESTIONS[1], **sampled)[1]
    again = answered(stateful, QUESTIONS[1], **sampled, best_of=4)[1]
    assert again.text == first.text
    assert again.statistics.sampling["best_of"] == 1
    assert first.state is State.LENGTH


def test_the_stateful_one_ends_before_a_stop_text(stateful: StatefulPipeline) -> None:
    done = answered(stateful, QUESTIONS[0], stop=(" Paris",))[1]
    assert done.text.endswith("is")
    assert done.state is State.STOP


@pytest.mark.parametrize("kind", [Reading, Token])
def test_the_stateful_one_is_stopped_at_once_and_goes_on_after(
    stateful: StatefulPipeline, kind: type[Reading] | type[Token]
) -> None:
    stopped_at: list[float] = []
    values = defaults() | {"max_new_tokens": 2000, "seed": 1}
    for event in stateful.generate("one", "Once " * 2000, values, lambda: bool(stopped_at)):
        if isinstance(event, kind) and not stopped_at:
            stopped_at.append(time.monotonic())
    assert isinstance(event, Done)
    assert event.state is State.STOPPED
    assert "Paris" in answered(stateful, QUESTIONS[0])[1].text


def test_whatever_is_written_the_pieces_join_to_the_whole(paged: PagedPipeline) -> None:
    """Tokens in no order are bytes in no order: half characters, stray ends, all scripts."""
    decode = paged._tokenizer.decode
    choices = np.random.default_rng(1)
    for _ in range(30):
        words, single_bytes = choices.integers(3, 49_000, 40), choices.integers(3, 270, 40)
        ids = [*words.tolist(), *single_bytes.tolist(), *words[:5].tolist()]
        stream = TextStream(decode)
        pieces = [stream.push([number]) for number in ids] + [stream.finish()]
        assert "".join(pieces) == decode(ids)


# the proof


@pytest.fixture(scope="session")
def mpt(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_mpt_ir(tmp_path_factory.mktemp("mpt"))


def test_a_model_that_both_get_right_is_paged(model_folder: Path) -> None:
    assert prove(model_folder, CONTEXT)


def test_a_model_that_the_paged_one_gets_wrong_is_found_and_runs_on_the_other(
    mpt: Path, tmp_path: Path
) -> None:
    done = Work(Child).run(AdoptIr(str(mpt), str(tmp_path)), lambda _: None)
    assert not done.paged
    right = EngineProcess()
    wrong = EngineProcess()
    try:
        texts = []
        for engine, is_paged in ((right, False), (wrong, True)):
            load = Load(
                str(tmp_path), "CPU", context_length=512, properties=dict(EXACT), paged=is_paged
            )
            engine.send(load)
            engine.until(Loaded)
            texts.append(engine.ask("Hello, cellar.").text)
        assert texts[0] != texts[1]
    finally:
        right.end()
        wrong.end()


# the NPU, which no test machine has


class ScriptedLibrary:
    """Stands for openvino_genai.LLMPipeline, with the starter's tokenizer."""

    def __init__(self, real: StatefulPipeline, options: dict[str, object]) -> None:
        self._real = real._pipeline
        self.options = options

    def get_tokenizer(self) -> object:
        return self._real.get_tokenizer()

    def get_generation_config(self) -> object:
        return self._real.get_generation_config()


@pytest.fixture
def npu(stateful: StatefulPipeline, monkeypatch: pytest.MonkeyPatch) -> dict[str, ScriptedLibrary]:
    made: dict[str, ScriptedLibrary] = {}

    def scripted(folder: str, device: str, **options: object) -> ScriptedLibrary:
        made[device] = ScriptedLibrary(stateful, options)
        return made[device]

    monkeypatch.setattr("openvino_genai.LLMPipeline", scripted)
    return made


@pytest.mark.parametrize(
    ("context", "prompt", "answer"), [(8192, 2048, 512), (1024, 768, 256), (131_072, 2048, 512)]
)
def test_the_npu_is_compiled_for_its_limits(
    npu: dict[str, ScriptedLibrary], context: int, prompt: int, answer: int
) -> None:
    pipeline = StatefulPipeline(Path("model"), "NPU", context, "compiled", {"NPU_TURBO": "YES"})
    assert npu["NPU"].options == {
        "NPU_TURBO": "YES",
        "CACHE_DIR": "compiled",
        "MAX_PROMPT_LEN": prompt,
        "MIN_RESPONSE_LEN": answer,
    }
    assert pipeline.prompt_limit == prompt
    assert pipeline.context_length == prompt + answer


def test_what_the_npu_has_no_room_for_is_refused_with_the_numbers(
    npu: dict[str, ScriptedLibrary],
) -> None:
    pipeline = StatefulPipeline(Path("model"), "NPU", CONTEXT)
    with pytest.raises(Problem, match=r"has 2,5\d\d tokens, and this model can read 2,048"):
        answered(pipeline, "word " * 2500)
