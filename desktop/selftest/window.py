"""The window's parts in the self-test, on whatever Qt can draw to here."""

import os

from desktop.cli.display import need_display, qt_problem
from desktop.domain.checks import Checked, checked
from desktop.domain.errors import Problem
from desktop.paths import resources


def of_window() -> tuple[tuple[Checked, ...], dict[str, str]]:
    """Check them; without a display, on none."""
    try:
        need_display()
    except Problem:  # Qt would end this process over it
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    try:
        from desktop.ui.self_check import check_window
    except ImportError as error:
        problem = qt_problem(error)
        return (checked("qt", lambda: _raise(problem)),), {}
    return check_window(resources())


def _raise(problem: Problem) -> str:
    raise problem
