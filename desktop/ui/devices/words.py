"""Figures of the device page, as people read them."""

from desktop.domain.events import Tried, Tuned
from desktop.domain.tuning import TypicalTurn
from desktop.services.tuning import Phase, Progress
from desktop.ui.i18n import number, tr, trn


def speed_text(tokens_per_s: float) -> str:
    """A speed without its unit: digits after the point only where they matter."""
    return number(tokens_per_s, 0 if tokens_per_s >= 100 else 1)


def seconds_text(seconds: float) -> str:
    """A time, such as “1.9 s”."""
    return tr("{seconds} s", seconds=number(seconds, 1))


def turn_text(turn: TypicalTurn) -> str:
    """What a typical turn is."""
    return tr(
        "A usual turn: {reading} tokens read, {writing} written.",
        reading=number(turn.reading),
        writing=number(turn.writing),
    )


def ratio_text(one: Tried, defaults: Tried) -> str:
    """How much faster than the defaults, such as “1.12 ×”."""
    return tr("{ratio} ×", ratio=number(defaults.turn_s / one.turn_s, 2))


def accuracy_text(one: Tried, defaults: Tried) -> str:
    """How exact a setting is beside the defaults."""
    if one is defaults:
        return tr("baseline")
    if not one.accurate:
        return tr("less exact")
    return tr("as exact or more")


def verdict_text(tuned: Tuned) -> str:
    """What the comparison came to, in a sentence or two."""
    defaults, best = tuned.tried[0], tuned.best
    if len(tuned.tried) == 1:
        text = tr("Nothing else could be tried.")
        if not tuned.complete:
            text = tr("There was no time to try anything else yet. Measure again to do it.")
    elif best.properties == defaults.properties:
        text = tr("Nothing that was tried is clearly faster.")
    else:
        share = round(100 * (1 - best.turn_s / defaults.turn_s))
        text = tr("A usual turn takes {share} % less time than with the defaults.", share=share)
    if len(tuned.tried) > 1 and not tuned.complete:
        text += " " + tr("Not everything could be tried in the short time; Measure again does.")
    return text


def progress_text(progress: Progress) -> str:
    """How far a measurement is; empty when there is nothing to say."""
    match progress.phase:
        case Phase.MEASURING:
            return _measuring_text(len(progress.tried))
        case Phase.WAITING:
            return tr("Measuring begins when the model is loaded and no answer is being written.")
        case Phase.INTERRUPTED:
            return tr("The measurement made way for your question.")
        case Phase.FAILED:
            return f"{progress.what} {progress.remedy}".strip()
    return ""


def _measuring_text(count: int) -> str:
    if not count:
        return tr("Measuring: loading the model a second time …")
    return trn("Measuring: {count} setting tried …", "Measuring: {count} settings tried …", count)
