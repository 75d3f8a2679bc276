"""Whatever goes wrong in a piece of work is told, and ends nothing else."""

import logging
from collections.abc import Callable
from typing import ParamSpec

from desktop.domain.errors import Problem
from desktop.domain.words import tr
from desktop.services.history.notices import HistoryNotice, HistoryTrouble

log = logging.getLogger(__name__)

P = ParamSpec("P")


def told(
    notify: Callable[[HistoryNotice], None],
    work: Callable[P, None],
    *args: P.args,
    **kwargs: P.kwargs,
) -> None:
    """Do this; what it raises becomes a notice."""
    try:
        work(*args, **kwargs)
    except Problem as problem:
        notify(HistoryTrouble(problem.what, problem.remedy))
    except Exception as error:
        log.exception("a piece of work was not done")
        what = tr("Something unexpected went wrong ({name}).", name=type(error).__name__)
        notify(HistoryTrouble(what, tr("The log has the details.")))
