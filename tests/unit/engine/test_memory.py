"""A model that cannot fit is refused with the numbers, before it is loaded."""

import json
from pathlib import Path
from types import SimpleNamespace

import psutil
import pytest

from desktop.domain.errors import Problem
from desktop.domain.sizes import RUNTIME
from desktop.engine.loading import loaded
from desktop.engine.memory import Need, needed, refuse_unless_fits
from desktop.engine.protocol import Load

SEVEN_B = {
    "num_hidden_layers": 32,
    "num_attention_heads": 32,
    "num_key_value_heads": 32,
    "hidden_size": 4096,
}
GB = 10**9


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A model of 7 GB, as far as its files tell; the disk holds none of it."""
    (tmp_path / "config.json").write_text(json.dumps(SEVEN_B))
    with (tmp_path / "openvino_model.bin").open("wb") as weights:
        weights.truncate(7 * GB)
    return tmp_path


def test_the_need_is_weights_and_a_short_conversation(folder: Path) -> None:
    need = needed(folder, 131_072, {})
    assert need == Need(weights=7 * GB, cache=2048 * 2 * 32 * 4096 * 2)
    assert need.total == need.weights + need.cache + RUNTIME
    assert needed(folder, 128, {}).cache == 256 * 2 * 32 * 4096 * 2
    assert needed(folder, 128, {"KV_CACHE_PRECISION": "f32"}).cache == 256 * 2 * 32 * 4096 * 4


def test_what_fits_is_not_refused() -> None:
    need = Need(weights=1 * GB, cache=1 * GB)
    refuse_unless_fits(need, need.total)


def test_what_does_not_fit_is_refused_with_the_numbers() -> None:
    need = Need(weights=7 * GB, cache=1 * GB)
    with pytest.raises(Problem) as caught:
        refuse_unless_fits(need, need.total - 1)
    for number in ("7.0 GB of weights", "1.0 GB of cache", "8.2 GB are free"):
        assert number in caught.value.what
    assert "smaller model" in caught.value.remedy


@pytest.mark.parametrize("paged", [True, False])
def test_nothing_is_loaded_that_does_not_fit(
    folder: Path, monkeypatch: pytest.MonkeyPatch, paged: bool
) -> None:
    monkeypatch.setattr(psutil, "virtual_memory", lambda: SimpleNamespace(available=4 * GB))
    with pytest.raises(Problem, match="GB of weights"):
        loaded(Load(str(folder), "CPU", context_length=4096, paged=paged), "CPU")
