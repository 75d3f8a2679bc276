"""What of a conversation a layout has a place for, before it is counted what fits."""

from dataclasses import replace

from desktop.domain import context, events
from desktop.domain.layout import Layout, SystemPlace, left_out
from desktop.domain.words import tr, trn
from desktop.engine.budget import Budget, Fitting
from desktop.engine.protocol import Fit, Generate


def fit_in(layout: Layout | None, budget: Budget, request: Generate | Fit) -> Fitting:
    """The prompt of the turns that have a place and fit; all others are told to be unseen."""
    gone = _without_place(layout, request) if layout else ()
    if layout is None or not gone:
        return budget.fit(request)
    kept = [index for index in range(len(request.turns)) if index not in gone]
    fitting = budget.fit(replace(request, turns=tuple(request.turns[index] for index in kept)))
    report = fitting.report
    if isinstance(report, events.Overfull):
        return fitting
    unseen = tuple(sorted({*gone, *(kept[index] for index in report.unseen)}))
    note = _note(layout, [request.turns[index].role for index in gone])
    return replace(fitting, report=replace(report, unseen=unseen, note=note))


def _without_place(layout: Layout, request: Generate | Fit) -> tuple[int, ...]:
    roles = [turn.role for turn in request.turns]
    asks = isinstance(request, Fit) and (not roles or roles[-1] != "user")
    if asks:
        roles.append("user")  # the next question takes a place
    elif isinstance(request, Generate) and request.continues:
        roles.pop()  # the answer is part of what comes
    return tuple(index for index in left_out(layout, roles) if index < len(request.turns))


def _note(layout: Layout, roles: list[str]) -> str:
    told = []
    if layout.system is SystemPlace.NONE and any(role in context.LASTING for role in roles):
        told.append(
            tr("This model’s prompt layout has no place for a system prompt: it is left out.")
        )
    if any(role not in context.LASTING for role in roles):
        told.append(
            trn(
                "In its prompt layout, this model reads the last message only.",
                "In its prompt layout, this model reads the last {count} messages.",
                layout.window,
            )
        )
    return " ".join(told)
