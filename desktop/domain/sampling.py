"""The table of sampling parameters, from which every slider, option, check and document is made.

A set of values is a plain dict from a parameter's name to its value.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from desktop.domain.errors import UsageProblem

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
        "Temperature",
        "How freely words are chosen. 0 always takes the most likely one.",
        default=0.1,
        maximum=2.0,
        step=0.05,
        slider=True,
    ),
    Parameter(
        "top_p",
        Kind.REAL,
        "Top-p",
        "Choose only among the likeliest words that together reach this probability.",
        default=1.0,
        maximum=1.0,
        step=0.01,
        slider=True,
    ),
    Parameter(
        "top_k",
        Kind.WHOLE,
        "Top-k",
        "Choose only among this many likeliest words. 0 sets no limit.",
        default=50,
        maximum=200,
        slider=True,
    ),
    Parameter(
        "repetition_penalty",
        Kind.REAL,
        "Repetition penalty",
        "Above 1, words that were already used become less likely.",
        default=1.1,
        minimum=1.0,
        maximum=2.0,
        step=0.05,
        slider=True,
    ),
    Parameter(
        "max_new_tokens",
        Kind.WHOLE,
        "Maximum new tokens",
        "The answer ends after this many tokens at the latest. A token is about ¾ of a word.",
        default=256,
        minimum=1,
        maximum=32768,
    ),
    Parameter(
        "seed",
        Kind.WHOLE,
        "Seed",
        "The same seed gives the same answer again. Empty: another one each time.",
        default=None,
        maximum=2**31 - 1,
    ),
    Parameter(
        "best_of",
        Kind.WHOLE,
        "Best of",
        "Write this many answers and keep the one that the model finds likeliest.",
        default=1,
        minimum=1,
        maximum=8,
    ),
    Parameter(
        "stop",
        Kind.TEXTS,
        "Stop texts",
        "The answer ends before any of these texts.",
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
            f"There is no sampling parameter “{unknown[0]}”.",
            f"Use one of: {', '.join(BY_NAME)}.",
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
        raise UsageProblem(f"{parameter.label} must be a list of texts.")
    return tuple(text for text in value if text)


def _checked_number(parameter: Parameter, value: object) -> float | int:
    whole = parameter.kind is Kind.WHOLE
    try:
        if isinstance(value, bool) or not isinstance(value, (int, float, str)):
            raise ValueError
        number = float(value)
        if not parameter.minimum <= number <= parameter.maximum:
            raise ValueError
        if whole and number != int(number):
            raise ValueError
    except (ValueError, OverflowError):
        raise UsageProblem(
            f"{parameter.label} cannot be {value!s:.40}.",
            f"Give a {'whole ' if whole else ''}number"
            f" from {parameter.minimum:g} to {parameter.maximum:.10g}.",
        ) from None
    return int(number) if whole else number
