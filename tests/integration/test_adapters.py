"""LoRA adapters in the real engine: as strong as they were trained, and gone without a trace."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from desktop.domain.adapters import AppliedAdapter
from desktop.domain.events import Done, Failed, Loaded
from desktop.domain.model import Model
from desktop.domain.sampling import defaults
from desktop.engine.client import Child
from desktop.engine.pipeline import Additions, PagedPipeline
from desktop.engine.protocol import Compress, Load
from desktop.engine.runtime import Runtime
from desktop.engine.stateful import StatefulPipeline
from desktop.models.adapters import AdapterStore
from desktop.models.jobs.proof import EXACT
from desktop.models.layers import linear_layers
from desktop.services.jobs import Work
from tests.integration.engine_process import CONTEXT, EngineProcess
from tests.models import tiny_checkpoints
from tests.models.tiny_lora import MIXTURES, Merged, merged_references, peft_folder, random_pairs

pytestmark = pytest.mark.integration

STORY = "Tell me a story about a fox. " * 12  # several blocks of the prefix cache
HIDDEN, KEYS, INNER = 576, 192, 1536  # of the starter
STARTER = {
    "self_attn.q_proj": (HIDDEN, HIDDEN),
    "self_attn.v_proj": (KEYS, HIDDEN),
    "mlp.down_proj": (HIDDEN, INNER),
}


@pytest.fixture(scope="session")
def merged(tmp_path_factory: pytest.TempPathFactory) -> Merged:
    return merged_references(tmp_path_factory.mktemp("lora"))


@pytest.fixture(scope="session")
def applied(
    merged: Merged, tmp_path_factory: pytest.TempPathFactory
) -> Mapping[tuple[float, ...], tuple[AppliedAdapter, ...]]:
    """The two adapters, added to the tiny model, at each of the strengths."""
    store = AdapterStore(tmp_path_factory.mktemp("adapters"))
    model = Model("tiny", "Tiny", "fp32", merged.ir, tiny_checkpoints.CONTEXT)
    ids = [store.add(folder, model).id for folder in merged.adapters]
    return {
        mixture: store.applied("tiny", {i: s for i, s in zip(ids, mixture, strict=True) if s})
        for mixture in MIXTURES
    }


def written(runtime: Runtime, said: str) -> Done:
    prompt = f"<|im_start|>user\n{said}<|im_end|>\n<|im_start|>assistant\n"
    values = defaults() | {
        "max_new_tokens": tiny_checkpoints.NEW_TOKENS,
        "temperature": 0.0,
        "repetition_penalty": 1.0,
        "seed": 1,
    }
    *_, done = runtime.generate("one", prompt, values, lambda: False)
    assert isinstance(done, Done)
    return done


@pytest.mark.parametrize("mixture", MIXTURES)
@pytest.mark.parametrize("kind", ["paged", "guessing", "stateful"])
def test_it_writes_what_the_merged_weights_write(
    merged: Merged,
    applied: Mapping[tuple[float, ...], tuple[AppliedAdapter, ...]],
    mixture: tuple[float, ...],
    kind: str,
) -> None:
    places = (merged.ir, "CPU", tiny_checkpoints.CONTEXT, "", EXACT)
    adapters = applied[mixture]
    runtime: Runtime
    if kind == "stateful":
        runtime = StatefulPipeline(*places, adapters)
    else:
        runtime = PagedPipeline(*places, Additions(adapters, prompt_lookup=kind == "guessing"))
    for _ in range(2):  # the second time from the prefix cache
        answer = written(runtime, tiny_checkpoints.QUESTIONS[0])
        assert answer.text == merged.texts[mixture]
        assert answer.statistics.adapters == {each.id: each.strength for each in adapters}


def test_the_references_differ(merged: Merged) -> None:
    assert len(set(merged.texts.values())) == len(MIXTURES)


@pytest.mark.parametrize("weights", ["int8", "int4"])
def test_compressed_weights_take_the_same_adapters(
    merged: Merged,
    applied: Mapping[tuple[float, ...], tuple[AppliedAdapter, ...]],
    tmp_path: Path,
    weights: str,
) -> None:
    Work(Child).run(Compress(str(merged.ir), str(tmp_path), weights), lambda _: None)
    assert set(linear_layers(tmp_path)) == set(linear_layers(merged.ir))
    said = tiny_checkpoints.QUESTIONS[0]
    places = (tmp_path, "CPU", tiny_checkpoints.CONTEXT, "", EXACT)
    without = written(PagedPipeline(*places), said).text
    texts = {
        written(PagedPipeline(*places, Additions(adapters)), said).text
        for adapters in applied.values()
    }
    assert without in texts  # of strength 0
    assert len(texts) == len(MIXTURES)


# the starter, whose weights are INT4, in a process of its own


@pytest.fixture(scope="module")
def strong(model_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> AppliedAdapter:
    """An adapter for the starter that changes what it says."""
    folder = tmp_path_factory.mktemp("strong")
    sizes = {f"model.layers.{n}.{name}": size for n in range(30) for name, size in STARTER.items()}
    source = peft_folder(folder / "strong", random_pairs(sizes, 1, 0.05), 8)
    model = Model("starter", "Starter", "int4", model_folder, CONTEXT)
    return AdapterStore(folder / "adapters").add(source, model).applied(1.0)


@pytest.fixture
def adapted(model_folder: Path) -> Iterator[EngineProcess]:
    engine = EngineProcess()
    yield engine
    engine.end()


def load(engine: EngineProcess, folder: Path, *adapters: AppliedAdapter) -> Loaded | Failed:
    engine.send(Load(str(folder), "CPU", context_length=CONTEXT, adapters=adapters))
    result = engine.until(Loaded, Failed)
    assert isinstance(result, (Loaded, Failed))
    return result


def test_nothing_that_was_read_with_an_adapter_is_used_without_it(
    adapted: EngineProcess, engine: EngineProcess, model_folder: Path, strong: AppliedAdapter
) -> None:
    without = engine.ask(STORY).text
    load(adapted, model_folder, strong)
    first = adapted.ask(STORY)
    assert first.text != without
    assert first.statistics.cached_tokens == 0
    assert first.statistics.adapters == {strong.id: 1.0}
    again = adapted.ask(STORY)
    assert again.text == first.text
    assert again.statistics.cached_tokens > 0
    load(adapted, model_folder)
    last = adapted.ask(STORY)
    assert last.text == without
    assert last.statistics.cached_tokens == 0
    assert last.statistics.adapters == {}


def test_one_whose_file_has_changed_is_not_used(
    adapted: EngineProcess, model_folder: Path, strong: AppliedAdapter
) -> None:
    (part,) = strong.parts
    path = Path(part.path)
    whole = path.read_bytes()
    try:
        path.write_bytes(whole[:-1] + b"?")
        failed = load(adapted, model_folder, strong)
        assert isinstance(failed, Failed)
        assert "“strong” is damaged" in failed.what
        assert failed.remedy
    finally:
        path.write_bytes(whole)
    assert isinstance(load(adapted, model_folder, strong), Loaded)
