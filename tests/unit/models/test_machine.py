"""What is read of this computer, and how fast its memory is."""

import json
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop.domain.errors import Problem
from desktop.models import machine
from desktop.models.machine import known_bandwidth, look, measure_bandwidth, processor_name

GB = 10**9


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine, "WITHIN_S", 0.0)


def answers(*values: float) -> Iterator[float]:
    yield from values
    raise AssertionError("measured once too often")


def test_this_computer(tmp_path: Path) -> None:
    found = look(tmp_path / "models" / "not-there-yet", tmp_path / "machine.json", ("CPU", "GPU"))
    assert 0 < found.memory_available <= found.memory_total
    assert found.memory_total > GB // 2
    assert found.disk_free > 0
    assert found.cores >= 1
    assert found.devices == ("CPU", "GPU")
    assert found.bandwidth_bytes_per_s > 0


def test_the_bandwidth_is_plausible() -> None:
    """Between the oldest machines under load and the fastest servers."""
    assert 0.5 * GB < measure_bandwidth() < 2000 * GB


def test_a_measurement_is_short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    shortest = min(_seconds() for _ in range(3))
    assert shortest < 1.0  # 0.15 on a machine that has nothing else to do


def _seconds() -> float:
    started = time.perf_counter()
    measure_bandwidth()
    return time.perf_counter() - started


def test_other_threads_go_on_meanwhile(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    ticks: list[float] = []
    done = threading.Event()

    def tick() -> None:
        while not done.is_set():
            ticks.append(time.perf_counter())
            time.sleep(0.001)

    ticking = threading.Thread(target=tick)
    ticking.start()
    measure_bandwidth()
    done.set()
    ticking.join()
    assert len(ticks) > 5


def test_it_is_measured_some_times_and_then_known(tmp_path: Path) -> None:
    cache = tmp_path / "cache" / "machine.json"
    speeds = answers(20e9, 30e9, 10e9)
    found = [known_bandwidth(cache, lambda: next(speeds)) for _ in range(5)]
    assert found == [20e9, 30e9, 30e9, 30e9, 30e9]
    assert json.loads(cache.read_bytes()) == {processor_name(): [20e9, 30e9, 10e9]}


def test_another_processor_is_measured_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache = tmp_path / "machine.json"
    assert known_bandwidth(cache, lambda: 20e9) == 20e9
    monkeypatch.setattr(machine, "processor_name", lambda: "Another processor")
    assert known_bandwidth(cache, lambda: 5e9) == 5e9
    assert len(json.loads(cache.read_bytes())) == 2


@pytest.mark.parametrize(
    "damaged",
    [
        b"",
        b"{",
        b"null",
        b"[]",
        b"7",
        b"[" * 100_000,
        b"\xff",
        b'{"NAME": 7}',
        b'{"NAME": "fast"}',
        b'{"NAME": [null]}',
        b'{"NAME": ["1e10"]}',
        b'{"NAME": [1, -5e9, Infinity, NaN]}',
        b'{"NAME": {"a": 1}}',
    ],
    ids=lambda data: repr(data[:30]),
)
def test_a_damaged_file_costs_a_measurement(tmp_path: Path, damaged: bytes) -> None:
    cache = tmp_path / "machine.json"
    cache.write_bytes(damaged.replace(b"NAME", processor_name().encode()))
    assert known_bandwidth(cache, lambda: 20e9) == 20e9
    assert json.loads(cache.read_bytes()) == {processor_name(): [20e9]}


def test_a_file_that_cannot_be_written_costs_a_measurement_each_time(tmp_path: Path) -> None:
    (tmp_path / "cache").write_bytes(b"a file in the way")
    for speed in (20e9, 30e9):
        assert known_bandwidth(tmp_path / "cache" / "machine.json", lambda s=speed: s) == speed


def test_a_disk_that_cannot_be_asked_is_a_problem(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(_: Path) -> int:
        raise PermissionError(13, "Permission denied", "models")

    monkeypatch.setattr(machine, "free_space", fails)
    with pytest.raises(Problem, match="could not see how much disk is free"):
        look(tmp_path, tmp_path / "machine.json")


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("processor : 0\nmodel name\t: Intel(R)  Core(TM) Ultra 7\n", "Intel(R) Core(TM) Ultra 7"),
        ("processor : 0\nFeatures : fp\n", None),
        ("", None),
    ],
)
def test_the_name_of_the_processor(
    monkeypatch: pytest.MonkeyPatch, text: str, name: str | None
) -> None:
    monkeypatch.setattr(machine.sys, "platform", "linux")
    monkeypatch.setattr(machine.platform, "machine", lambda: "x86_64")
    monkeypatch.setattr(Path, "read_text", lambda *_: text)
    assert processor_name() == (name or "x86_64")


def test_the_name_of_the_processor_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine.sys, "platform", "win32")
    monkeypatch.setattr(machine.platform, "processor", lambda: "Intel64 Family 6, GenuineIntel")
    assert processor_name() == "Intel64 Family 6, GenuineIntel"
