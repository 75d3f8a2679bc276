"""A child process: `worker engine` runs models, `convert` makes them, `fetch` downloads them.

`worker template` is a child of the engine's: it runs a model's chat template. `worker measure`
runs a model in a bare library that Cellar is compared with.
"""

import faulthandler
import os
import sys

from desktop.engine.limits import limit_child
from desktop.languages import speak_as_told
from desktop.logs import install_crash_hook, start_logging
from desktop.paths import resources


def run_worker(arguments: list[str]) -> int:
    """Serve the parent in the role that is named; returns the exit code."""
    limit_child(arguments[0] if arguments else "")
    faulthandler.enable(sys.stderr)  # the parent makes a report of it
    install_crash_hook(None, role=arguments[0] if arguments else "worker")
    start_logging(None, "info", role=arguments[0] if arguments else "worker")
    speak_as_told(resources() / "i18n", os.environ)
    if arguments == ["engine"]:
        from desktop.engine.worker import EngineWorker

        EngineWorker().run()
    elif arguments == ["template"]:
        from desktop.engine.prompt.template_worker import run as run_templates

        run_templates()
    elif arguments in (["convert"], ["fetch"]):
        from desktop.models.jobs.worker import run

        run(arguments[0])
    elif arguments == ["measure"]:
        from desktop.engine.baseline.worker import serve

        serve()
    else:
        sys.stderr.write("worker: the role is engine, template, convert, fetch or measure\n")
        return 2
    return 0
