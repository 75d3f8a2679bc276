"""Carries out every check in a scratch folder, and prints one JSON object of what came of them."""

import json
import platform
import shutil
import sys
import tempfile
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import desktop
from desktop.domain.checks import Checked, checked
from desktop.logs import start_logging, stop_logging
from desktop.paths import resources
from desktop.selftest.children import of_child, starter_answers
from desktop.selftest.surroundings import (
    licences,
    log_is_written,
    no_network,
    no_telemetry,
    window_process,
)
from desktop.selftest.window import of_window
from desktop.storage.self_check import check_storage, sqlite_version

PASSED, FAILED = 0, 3
CHILDREN = ("engine", "convert", "fetch")


@dataclass
class Report:
    """What was found, in the order in which it came."""

    checks: dict[str, dict[str, object]] = field(default_factory=dict)
    versions: dict[str, str] = field(default_factory=dict)

    def add(self, results: Iterable[Checked], versions: dict[str, str] | None = None) -> None:
        """Take in how some checks went."""
        for each in results:
            self.checks[each.name] = {"ok": each.ok, "detail": each.detail, "ms": each.ms}
        self.versions |= versions or {}

    @property
    def ok(self) -> bool:
        """True when nothing is wrong."""
        return all(check["ok"] for check in self.checks.values())

    def printed(self) -> str:
        """One line of JSON."""
        body = {
            "ok": self.ok,
            "version": desktop.__version__,
            "versions": self.versions,
            "checks": self.checks,
        }
        return json.dumps(body, ensure_ascii=False)


def run() -> int:
    """Check everything and print it; returns the exit code. Writes to a scratch folder only."""
    folder = Path(tempfile.mkdtemp(prefix="cellar-self-test-"))
    report = Report()
    try:
        start_logging(folder / "logs", "")
        _check_all(folder, report)
    finally:
        stop_logging()
        shutil.rmtree(folder, ignore_errors=True)
    sys.stdout.write(report.printed() + "\n")
    return PASSED if report.ok else FAILED


def _check_all(folder: Path, report: Report) -> None:
    """The children work while this process looks at itself."""
    report.add((), {"Python": platform.python_version(), "SQLite": sqlite_version()})
    with ThreadPoolExecutor(len(CHILDREN) + 1) as pool:
        starter = pool.submit(checked, "starter", lambda: starter_answers(folder / "data"))
        children = [pool.submit(of_child, role, folder) for role in CHILDREN]
        _check_here(folder, report)
        for child in children:
            report.add(*child.result())
        report.add([starter.result()])
    report.add([checked("network", no_network), checked("window_process", window_process)])


def _check_here(folder: Path, report: Report) -> None:
    report.add(*of_window())
    report.add(
        [
            checked("storage", lambda: check_storage(folder / "old")),
            checked("log", lambda: log_is_written(folder / "logs")),
            checked("telemetry", no_telemetry),
            checked("licences", lambda: licences(resources())),
        ]
    )
