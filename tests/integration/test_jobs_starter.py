"""The starter's uncompressed weights, made INT8 and INT4 here: sizes, quality, and an answer."""

import queue
from functools import partial
from pathlib import Path

import pytest

from desktop.domain.events import JobDone
from desktop.domain.model import Model
from desktop.engine.client import Child
from desktop.engine.protocol import Compress, Turn
from desktop.models.library import Library
from desktop.services.asking import Asking, Inbox, Question
from desktop.services.engine_host import EngineHost
from desktop.services.jobs import Work
from tests.models.starter_fp16 import exported_ir, starter_checkpoint

pytestmark = pytest.mark.integration


def compressed(source: Path, target: Path, weights: str) -> JobDone:
    target.mkdir()
    return Work(Child).run(Compress(str(source), str(target), weights), lambda _: None)


def answer(folder: Path, done: JobDone) -> str:
    """What the model answers through the services that window and commands use."""
    inbox: Inbox = queue.SimpleQueue()
    library = Library(folder.parent, folder.parent / "verified.json")
    host = EngineHost(partial(Child, "engine"), library, folder.parent, lambda *e: inbox.put(e))
    model = Model("compressed", "Compressed", done.weights, folder, done.context_length, done.files)
    turns = (Turn("user", "What is the capital of France?"),)
    question = Question(turns, {"temperature": 0.0, "max_new_tokens": 20})
    return Asking(host, inbox).ask(question, model, lambda _: None).text


def test_int4(starter_fp16: Path, tmp_path: Path) -> None:
    done = compressed(starter_fp16, tmp_path / "int4", "int4")
    assert (done.weights, done.context_length, done.note) == ("int4", 8192, "")
    weights = next(f.size for f in done.files if f.path == "openvino_model.bin")
    assert 2.5 < done.uncompressed_size / weights < 3.5
    assert done.quality is not None
    assert 0.1 < done.quality.kl_divergence < 0.35
    assert done.quality.reference_perplexity == pytest.approx(21.37, abs=0.05)
    assert done.quality.perplexity < 1.3 * done.quality.reference_perplexity
    assert "Paris" in answer(tmp_path / "int4", done)


@pytest.mark.slow
def test_int8(starter_fp16: Path, tmp_path: Path) -> None:
    done = compressed(starter_fp16, tmp_path / "int8", "int8")
    weights = next(f.size for f in done.files if f.path == "openvino_model.bin")
    assert 1.9 < done.uncompressed_size / weights < 2.0
    assert done.quality is not None
    assert 0 < done.quality.kl_divergence < 0.01
    assert done.quality.perplexity == pytest.approx(21.43, abs=0.1)
    assert "Paris" in answer(tmp_path / "int8", done)


@pytest.mark.slow
def test_ir_as_optimum_intel_exports_it(starter_fp16: Path, tmp_path: Path) -> None:
    checkpoint = starter_checkpoint(tmp_path / "checkpoint")
    exported = exported_ir(tmp_path / "exported", checkpoint)
    theirs = compressed(exported, tmp_path / "theirs", "int8").quality
    ours = compressed(starter_fp16, tmp_path / "ours", "int8").quality
    assert theirs is not None
    assert ours is not None
    assert theirs.kl_divergence == pytest.approx(ours.kl_divergence, rel=1e-3)
    assert theirs.reference_perplexity == pytest.approx(ours.reference_perplexity, rel=1e-5)
