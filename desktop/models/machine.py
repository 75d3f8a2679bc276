"""What this computer has: memory, disk, processor cores, and how fast its memory is."""

import contextlib
import ctypes
import json
import os
import platform
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

from desktop.domain.fit import Machine
from desktop.domain.words import tr
from desktop.files import free_space, world_problem, write_atomically

TOUCHED = 128 * 2**20  # bytes that are copied from and to: more than the caches of a laptop hold
THREADS = 4  # as many as it takes to keep a laptop's memory busy
MEASUREMENTS = 3
LIKELY = (1e8, 1e13)  # bytes a second; what is outside is no measurement
ROUND_S = 0.02
WITHIN_S = 0.11  # of the whole measurement, before its last round begins


def look(models: Path, cache: Path, devices: tuple[str, ...] = ("CPU",)) -> Machine:
    """This computer, with the disk that `models` is on. Raises Problem.

    Not for the window's thread: the first few times it measures for 0.15 s.
    """
    import psutil

    memory = psutil.virtual_memory()
    try:
        disk_free = free_space(models)
    except OSError as error:
        raise world_problem(error, tr("see how much disk is free")) from error
    return Machine(
        memory_total=memory.total,
        memory_available=memory.available,
        disk_free=disk_free,
        devices=devices,
        bandwidth_bytes_per_s=known_bandwidth(cache),
        cores=psutil.cpu_count(logical=False) or os.cpu_count() or 1,
    )


def known_bandwidth(cache: Path, measure: Callable[[], float] | None = None) -> float:
    """Bytes a second of this computer's memory: the best of the first few measurements.

    They are kept in the file, under the processor's name. One would not do: at the first start of
    all, the computer is busy with making a model ready.
    """
    name = processor_name()
    known = _read(cache)
    found = known.setdefault(name, [])
    if len(found) < MEASUREMENTS:
        found.append((measure or measure_bandwidth)())
        with contextlib.suppress(OSError):  # it can be measured again
            cache.parent.mkdir(parents=True, exist_ok=True)
            write_atomically(cache, json.dumps(known).encode())
    return max(found)


def measure_bandwidth() -> float:
    """Bytes a second that the memory moves, read and written, while it copies.

    The best of some rounds, as other programs can only make it slower.
    """
    started = time.perf_counter()
    threads = min(THREADS, os.cpu_count() or 1)
    copiers = [_Copier(TOUCHED // threads // 2) for _ in range(threads)]
    _together([copier.touch for copier in copiers])
    best = 0.0
    while not best or time.perf_counter() - started < WITHIN_S:
        begun = time.perf_counter()
        for copier in copiers:
            copier.until = begun + ROUND_S
        _together([copier.copy for copier in copiers])
        moved = sum(copier.moved for copier in copiers)
        best = max(best, moved / (time.perf_counter() - begun))
    return best


class _Copier:
    """Copies a block to another; ctypes lets other threads run meanwhile."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._buffers = bytearray(size), bytearray(size)
        self._from, self._to = (
            ctypes.addressof((ctypes.c_char * size).from_buffer(buffer)) for buffer in self._buffers
        )
        self.until = 0.0
        self.moved = 0  # bytes, read and written, in the last round

    def touch(self) -> None:
        """Have the system really give the memory."""
        ctypes.memset(self._from, 1, self._size)
        ctypes.memset(self._to, 1, self._size)

    def copy(self) -> None:
        """Copy until it is time, at least once."""
        self.moved = 0
        while not self.moved or time.perf_counter() < self.until:
            ctypes.memmove(self._to, self._from, self._size)
            self.moved += 2 * self._size


def _together(works: list[Callable[[], None]]) -> None:
    threads = [threading.Thread(target=work, daemon=True) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def processor_name() -> str:
    """What the system calls the processor, or at least its kind."""
    name = _name_in_proc() if sys.platform == "linux" else platform.processor()
    return " ".join(name.split()) or platform.machine() or "unknown"


def _name_in_proc() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text("utf-8", "replace").splitlines()
    except OSError:
        return ""
    return next((line.partition(":")[2] for line in lines if line.startswith("model name")), "")


def _read(cache: Path) -> dict[str, list[float]]:
    try:
        body = json.loads(cache.read_bytes())
        return {
            str(name): [float(speed) for speed in speeds if LIKELY[0] < speed < LIKELY[1]]
            for name, speeds in body.items()
        }
    except (OSError, ValueError, TypeError, AttributeError, RecursionError):
        return {}
