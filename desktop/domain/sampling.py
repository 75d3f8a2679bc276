"""The table of sampling parameters, from which every slider, option, check and document is made.

A set of values is a plain dict from a parameter's name to its value.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from desktop.domain.errors import UsageProblem
from desktop.domain.words import listed, mark, number, tr

Value: TypeAlias = float | int | tuple[str, ...] | None
Values: TypeAlias = dict[str, Value]


class Kind(StrEnum):
    """How a value is written, checked and shown."""

    REAL = "real"
    WHOLE = "whole"
    TEXTS = "texts"


@dataclass(frozen=True, slots=True)
class Parameter:
    """One row of the table. `default` None means "not set" (a random seed)."""

    name: str
    kind: Kind
    label: str
    help: str
    default: Value
    minimum: float = 0
    maximum: float = 0
    step: float = 1
    slider: bool = False

    @property
    def option(self) -> str:
        """The command-line spelling, such as `--top-p`."""
        return "--" + self.name.replace("_", "-")

    @property
    def optional(self) -> bool:
        """True when the parameter may be left unset."""
        return self.default is None

    @property
    def decimals(self) -> int:
        """Digits after the point that the step needs."""
        return 0 if self.kind is not Kind.REAL else len(f"{self.step:g}".partition(".")[2])


PARAMETERS: tuple[Parameter, ...] = (
    Parameter(
        "temperature",
        Kind.REAL,
        mark("Temperature"),
        mark("How freely words are chosen. 0 always takes the most likely one."),
        default=0.1,
        maximum=2.0,
        step=0.05,
        slider=True,
    ),
    Parameter(
        "top_p",
        Kind.REAL,
        mark("Top-p"),
        mark("Choose only among the likeliest words that together reach this probability."),
        default=1.0,
        maximum=1.0,
        step=0.01,
        slider=True,
    ),
    Parameter(
        "top_k",
        Kind.WHOLE,
        mark("Top-k"),
        mark("Choose only among this many likeliest words. 0 sets no limit."),
        default=50,
        maximum=200,
        slider=True,
    ),
    Parameter(
        "repetition_penalty",
        Kind.REAL,
        mark("Repetition penalty"),
        mark("Above 1, words that were already used become less likely."),
        default=1.1,
        minimum=1.0,
        maximum=2.0,
        step=0.05,
        slider=True,
    ),
    Parameter(
        "max_new_tokens",
        Kind.WHOLE,
        mark("Maximum new tokens"),
        mark("The answer ends after this many tokens at the latest. A token is about ¾ of a word."),
        default=256,
        minimum=1,
        maximum=32768,
    ),
    Parameter(
        "seed",
        Kind.WHOLE,
        mark("Seed"),
        mark("The same seed gives the same answer again. Empty: another one each time."),
        default=None,
        maximum=2**31 - 1,
    ),
    Parameter(
        "best_of",
        Kind.WHOLE,
        mark("Best of"),
        mark("Write this many answers and keep the one that the model finds likeliest."),
        default=1,
        minimum=1,
        maximum=8,
    ),
    Parameter(
        "stop",
        Kind.TEXTS,
        mark("Stop texts"),
        mark("The answer ends before any of these texts."),
        default=(),
    ),
)

BY_NAME: dict[str, Parameter] = {parameter.name: parameter for parameter in PARAMETERS}


def defaults(model: Mapping[str, Value] | None = None) -> Values:
    """The table's defaults, overlaid with the model's own generation settings."""
    values: Values = {parameter.name: parameter.default for parameter in PARAMETERS}
    for name, value in (model or {}).items():
        if name in BY_NAME:
            values[name] = checked(BY_NAME[name], value)
    return values


def checked_values(values: Mapping[str, object]) -> Values:
    """The same values with their right types. Raises UsageProblem for a name or value amiss."""
    unknown = sorted(set(values) - set(BY_NAME))
    if unknown:
        raise UsageProblem(
            tr("There is no sampling parameter “{unknown}”.", unknown=unknown[0]),
            tr("Use one of: {choices}.", choices=listed(BY_NAME)),
        )
    return {name: checked(BY_NAME[name], value) for name, value in values.items()}


def checked(parameter: Parameter, value: object) -> Value:
    """One value in its right type and range. Raises UsageProblem."""
    if value is None and parameter.optional:
        return None
    if parameter.kind is Kind.TEXTS:
        return _checked_texts(parameter, value)
    return _checked_number(parameter, value)


def _checked_texts(parameter: Parameter, value: object) -> tuple[str, ...]:
    if isinstance(value, str):
        value = (value,)
    if not isinstance(value, (list, tuple)) or not all(isinstance(text, str) for text in value):
        raise UsageProblem(tr("{label} must be a list of texts.", label=tr(parameter.label)))
    return tuple(text for text in value if text)


def _checked_number(parameter: Parameter, value: object) -> float | int:
    whole = parameter.kind is Kind.WHOLE
    try:
        if isinstance(value, bool) or not isinstance(value, (int, float, str)):
            raise ValueError
        found = float(value)
        if not parameter.minimum <= found <= parameter.maximum:
            raise ValueError
        if whole and found != int(found):
            raise ValueError
    except (ValueError, OverflowError):
        raise UsageProblem(
            tr("{label} cannot be {value}.", label=tr(parameter.label), value=str(value)[:40]),
            _range_text(parameter),
        ) from None
    return int(found) if whole else found


def _range_text(parameter: Parameter) -> str:
    limits = {
        "minimum": number(parameter.minimum, grouped=False),
        "maximum": number(parameter.maximum, grouped=False),
    }
    if parameter.kind is Kind.WHOLE:
        return tr("Give a whole number from {minimum} to {maximum}.", **limits)
    return tr("Give a number from {minimum} to {maximum}.", **limits)
