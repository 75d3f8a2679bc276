"""Compressing a small model: what comes out, what is refused, and what is left when it is ended."""

import os
import shutil
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from desktop.domain.errors import Problem
from desktop.domain.events import Event, Failed, JobDone, Progress, Stage
from desktop.engine import protocol
from desktop.engine.client import Child
from desktop.engine.protocol import Compress
from desktop.models.jobs import compress as job
from desktop.models.jobs import needs
from desktop.models.jobs.ir import constants, read_model
from desktop.services.jobs import Cancelled, Work
from tests.models.tiny_ir import snapshot, tiny_ir
from tests.support import ROOT

pytestmark = pytest.mark.integration


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Uncompressed weights. To be read only."""
    return tiny_ir(tmp_path_factory.mktemp("tiny") / "fp16")


@pytest.fixture
def target(tmp_path: Path) -> Path:
    folder = tmp_path / "target"
    folder.mkdir()
    return folder


def in_a_child(source: Path, target: Path, weights: str, symmetric: bool = False) -> JobDone:
    command = Compress(str(source), str(target), weights, symmetric=symmetric)
    return Work(Child).run(command, lambda _: None)


def number_types(folder: Path) -> set[str]:
    model = read_model(folder)
    return {node.get_element_type().get_type_name() for node in constants(model)}


def test_int8(source: Path, target: Path) -> None:
    before = snapshot(source)
    (source / "manifest.json").write_text("{}")
    try:
        done = in_a_child(source, target, "int8")
    finally:
        (source / "manifest.json").unlink()
    assert (done.weights, done.context_length, done.note) == ("int8", 512, "")
    assert done.uncompressed_size == (source / "openvino_model.bin").stat().st_size
    sizes = {file.path: file.size for file in done.files}
    assert 0.45 < sizes["openvino_model.bin"] / done.uncompressed_size < 0.6
    assert set(sizes) == set(before) == set(snapshot(target))
    assert done.quality is not None
    assert 0 < done.quality.kl_divergence < 0.01
    assert done.quality.perplexity == pytest.approx(done.quality.reference_perplexity, rel=0.02)
    assert snapshot(source) == before


def test_int4_for_the_npu_has_no_zero_points(source: Path, target: Path) -> None:
    done = in_a_child(source, target, "int4", symmetric=True)
    assert done.weights == "int4"
    assert "i4" in number_types(target)
    assert "u4" not in number_types(target)


def test_without_torch(source: Path, target: Path, tmp_path: Path) -> None:
    """Neither torch nor what needs it, and nothing is written in the user's home."""
    home = tmp_path / "home"
    home.mkdir()
    script = f"""
import sys
for name in ("openvino_telemetry", "torch", "transformers", "optimum", "onnx", "tensorflow"):
    sys.modules[name] = None
from desktop.engine.protocol import Compress
from desktop.models.jobs.compress import compress
print(compress(Compress({str(source)!r}, {str(target)!r}, "int4"), lambda _: None).weights)
"""
    kept = {name: value for name, value in os.environ.items() if name != "CI"}
    environment = kept | {"HOME": str(home), "USERPROFILE": str(home), "PYTHONPATH": str(ROOT)}
    ran = subprocess.run(
        [sys.executable, "-c", script], env=environment, capture_output=True, check=False, text=True
    )
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.splitlines()[-1] == "int4"
    assert list(home.iterdir()) == []
    assert {"u4", "u8"} <= number_types(target)


def test_torch_stays_out_where_it_is_installed(source: Path, target: Path) -> None:
    """NNCF would load it: seconds, and a hundred megabytes, for nothing."""
    script = f"""
import sys
sys.modules["openvino_telemetry"] = None
from desktop.engine.protocol import Compress
from desktop.models.jobs.compress import compress
compress(Compress({str(source)!r}, {str(target)!r}, "int8"), lambda _: None)
assert sys.modules.get("torch") is None
"""
    subprocess.run(
        [sys.executable, "-c", script],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        check=True,
    )


def test_how_far_it_is(source: Path, target: Path) -> None:
    stages: list[Stage] = []

    def listen(event: Event) -> None:
        assert isinstance(event, Progress)
        stages.append(event.stage)

    Work(Child).run(Compress(str(source), str(target), "int4"), listen)
    assert [stage.done for stage in stages] == sorted(stage.done for stage in stages)
    assert stages[-1] == Stage("noting checksums", 100, 100)
    assert list(dict.fromkeys(stage.name for stage in stages)) == list(job.SHARES)
    # NNCF's progress arrives: the end of its part is not the beginning of the next.
    compressing = [stage.done for stage in stages if stage.name == "compressing"]
    assert max(compressing) > min(compressing)


# refused


def test_weights_that_are_compressed_already(source: Path, target: Path, tmp_path: Path) -> None:
    in_a_child(source, target, "int8")
    again = tmp_path / "again"
    again.mkdir()
    with pytest.raises(Problem, match=r"are INT8 already.*start from its FP16 weights"):
        in_a_child(target, again, "int4")
    assert list(again.iterdir()) == []


def test_too_little_memory(source: Path, target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(needs, "available_memory", lambda: 100_000_000)
    with pytest.raises(Problem, match=r"takes \d+\.\d MB of memory, and 100\.0 MB are free"):
        job.compress(Compress(str(source), str(target), "int8"), lambda _: None)
    assert list(target.iterdir()) == []


def test_too_little_disk(source: Path, target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(needs, "free_space", lambda _: 1_000)
    with pytest.raises(Problem, match=r"of disk, and 0\.0 MB are free"):
        job.compress(Compress(str(source), str(target), "int8"), lambda _: None)
    assert list(target.iterdir()) == []


def test_a_folder_with_program_code(source: Path, target: Path, tmp_path: Path) -> None:
    odd = shutil.copytree(source, tmp_path / "odd")
    (odd / "modeling_x.py").write_text("raise SystemExit")
    with pytest.raises(Problem, match="brings program code"):
        in_a_child(odd, target, "int8")


def test_a_context_that_nobody_knows(source: Path, target: Path, tmp_path: Path) -> None:
    odd = shutil.copytree(source, tmp_path / "odd")
    (odd / "config.json").write_text("{}")
    with pytest.raises(Problem, match="does not say how many tokens"):
        in_a_child(odd, target, "int8")
    told = Compress(str(odd), str(target), "int8", context_length=256)
    assert Work(Child).run(told, lambda _: None).context_length == 256


def test_a_model_that_computes_nonsense_is_not_installed(
    source: Path, target: Path, tmp_path: Path
) -> None:
    broken = shutil.copytree(source, tmp_path / "broken")
    weights = bytearray((broken / "openvino_model.bin").read_bytes())
    weights[: len(weights) // 2] = b"\x00\x7e" * (len(weights) // 4)  # NaN in FP16
    (broken / "openvino_model.bin").write_bytes(weights)
    with pytest.raises(Problem):
        in_a_child(broken, target, "int8")


def test_memory_that_suffices_for_all_but_comparing(
    source: Path, target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(job, "available_memory", lambda: 400_000_000)
    done = job.compress(Compress(str(source), str(target), "int8"), lambda _: None)
    assert done.quality is None
    assert "quality was not measured: it takes 6" in done.note


@pytest.mark.skipif(os.name == "nt", reason="there is no limit on the size of files")
def test_a_disk_that_becomes_full(source: Path, target: Path) -> None:
    """As far as a limit on the size of files is one."""
    script = """
import resource, signal, sys
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (500_000, 500_000))
from desktop.__main__ import main
main(["worker", "convert"])
"""
    with subprocess.Popen(
        [sys.executable, "-c", script],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    ) as process:
        assert process.stdin
        assert process.stdout
        process.stdin.write(protocol.encode(Compress(str(source), str(target), "int8")))
        process.stdin.flush()
        *_, last = [protocol.decode(line) for line in process.stdout]
    assert isinstance(last, Failed)
    assert "could not be written" in last.what
    assert last.remedy == "Free some space and try again."


# ended


@pytest.mark.parametrize("moment", ["compressing", "trying it out", "comparing"])
def test_ending_it_touches_nothing_but_its_folder(
    source: Path, target: Path, tmp_path: Path, moment: str
) -> None:
    before = snapshot(source)
    work = Work(Child)

    def end_at(event: Event) -> None:
        if isinstance(event, Progress) and event.stage.name == moment:
            threading.Thread(target=work.end).start()

    with pytest.raises(Cancelled):
        work.run(Compress(str(source), str(target), "int4"), end_at)
    assert snapshot(source) == before
    assert {path.name for path in tmp_path.iterdir()} == {"target"}
    shutil.rmtree(target)
