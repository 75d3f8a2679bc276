"""Several transfers at once."""

import queue
import threading
import time
from collections.abc import Callable, Sequence

from desktop.domain.model import ModelFile
from desktop.models.jobs.fetch.transfer import Stopped

WORKERS = 4
TICK_S = 0.25
FAREWELL_S = 2.0  # for the others to see that one has failed

Task = Callable[[], ModelFile]


def run_all(
    tasks: Sequence[Task], on_tick: Callable[[], None], stop: threading.Event
) -> list[ModelFile]:
    """Do every task, some at a time; `on_tick` is called meanwhile, and may raise.

    The first failure sets `stop` and is raised. The threads are daemons: one that waits for a
    silent server must not keep the process from ending.
    """
    waiting: queue.SimpleQueue[Task] = queue.SimpleQueue()
    results: queue.SimpleQueue[ModelFile | Exception] = queue.SimpleQueue()
    for task in tasks:
        waiting.put(task)
    count = min(WORKERS, len(tasks))
    threads = [
        threading.Thread(target=_work, args=(waiting, results, stop), name="transfer", daemon=True)
        for _ in range(count)
    ]
    for thread in threads:
        thread.start()
    try:
        return _gather(len(tasks), results, on_tick)
    except BaseException:
        stop.set()
        raise
    finally:
        for thread in threads:
            thread.join(FAREWELL_S / count)


def _work(
    waiting: "queue.SimpleQueue[Task]",
    results: "queue.SimpleQueue[ModelFile | Exception]",
    stop: threading.Event,
) -> None:
    while not stop.is_set():
        try:
            task = waiting.get_nowait()
        except queue.Empty:
            return
        try:
            results.put(task())
        except Stopped:
            return
        except Exception as error:  # raised again where the tasks were given
            results.put(error)
            return


def _gather(
    count: int,
    results: "queue.SimpleQueue[ModelFile | Exception]",
    on_tick: Callable[[], None],
) -> list[ModelFile]:
    done: list[ModelFile] = []
    next_tick = time.monotonic() + TICK_S
    while len(done) < count:
        try:
            result = results.get(timeout=max(0.0, next_tick - time.monotonic()))
        except queue.Empty:
            on_tick()
            next_tick = time.monotonic() + TICK_S
            continue
        if isinstance(result, Exception):
            raise result
        done.append(result)
    return done
