"""A child process: `worker engine` runs models, `convert` makes them, `fetch` downloads them."""

import sys

from desktop.logs import install_crash_hook, start_logging


def run_worker(arguments: list[str]) -> int:
    """Serve the parent in the role that is named; returns the exit code."""
    install_crash_hook(None, role=arguments[0] if arguments else "worker")
    start_logging(None, "info", role=arguments[0] if arguments else "worker")
    if arguments == ["engine"]:
        from desktop.engine.worker import EngineWorker

        EngineWorker().run()
    elif arguments in (["convert"], ["fetch"]):
        from desktop.models.jobs.worker import run

        run(arguments[0])
    else:
        sys.stderr.write("worker: the role is engine, convert or fetch\n")
        return 2
    return 0
