"""The table of settings, from which every check, dialog and document is made."""

from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from desktop.domain.conversation import ContextPolicy
from desktop.domain.errors import UsageProblem
from desktop.domain.hardware import DEVICE_NAMES
from desktop.domain.tuning import TYPICAL

SettingValue: TypeAlias = str | bool | int | tuple[str, ...]


class Kind(StrEnum):
    """How a value is checked and shown."""

    CHOICE = "choice"  # one of the choices
    DEVICE = "device"  # one of the choices, or one with a number, such as GPU.1
    TEXT = "text"
    SWITCH = "switch"
    NUMBER = "number"  # a whole one within limits
    NAMES = "names"  # a list of texts


@dataclass(frozen=True, slots=True)
class Setting:
    """One row of the table. A setting without a label is kept by the program itself."""

    name: str
    kind: Kind
    default: SettingValue
    label: str = ""
    help: str = ""
    choices: tuple[str, ...] = ()
    minimum: int = 0
    maximum: int = 0


SETTINGS: tuple[Setting, ...] = (
    Setting(
        "theme",
        Kind.CHOICE,
        default="system",
        choices=("system", "light", "dark"),
        label="Theme",
        help="How the window is coloured. “system” follows the desktop.",
    ),
    Setting(
        "model",
        Kind.TEXT,
        default="",
        label="Model",
        help="The model that new chats use. Empty: the first one that is installed.",
    ),
    Setting(
        "device",
        Kind.DEVICE,
        default="CPU",
        choices=DEVICE_NAMES,
        label="Device",
        help="What the model runs on. AUTO lets OpenVINO choose.",
    ),
    Setting(
        "context_policy",
        Kind.CHOICE,
        default="drop-oldest",
        choices=tuple(ContextPolicy),
        label="When a chat grows too long",
        help="What new chats do when the model cannot read all of it: leave out the oldest turns,"
        " keep only the last exchange, or ask.",
    ),
    Setting(
        "idle_unload_minutes",
        Kind.NUMBER,
        default=15,
        maximum=24 * 60,
        label="Unload the model after",
        help="Minutes without a message after which the model's memory is given back. 0: never.",
    ),
    Setting(
        "tune_for",
        Kind.CHOICE,
        default="chat",
        choices=tuple(TYPICAL),
        label="Tune the engine for",
        help="“chat” weighs reading and writing as in a usual turn; “reading” is for long texts"
        " that are pasted.",
    ),
    Setting(
        "prompt_lookup",
        Kind.NAMES,
        default=(),
        help="The models that guess the next words from the text they were given.",
    ),
    Setting(
        "compressed_weights",
        Kind.NAMES,
        default=(),
        help="The compressed models that “Use compressed weights” switches to.",
    ),
    Setting(
        "model_titles",
        Kind.SWITCH,
        default=False,
        label="Have the model name new chats",
        help="After the first answer the model writes a title, when nothing else is to be done."
        " Otherwise the title is the beginning of your first message.",
    ),
    Setting(
        "show_settings_panel",
        Kind.SWITCH,
        default=True,
        label="Show the settings of the chat",
        help="Show the panel with temperature and the other settings beside the chat.",
    ),
    Setting(
        "show_sidebar",
        Kind.SWITCH,
        default=True,
        label="Show the list of chats",
        help="Show the chats beside the one in view.",
    ),
    Setting("window", Kind.TEXT, default="", help="Where the window was, as Qt writes it."),
)

BY_NAME: dict[str, Setting] = {setting.name: setting for setting in SETTINGS}


def checked(setting: Setting, value: object) -> SettingValue:
    """The value, if the setting can have it. Raises UsageProblem."""
    if setting.kind is Kind.SWITCH:
        if isinstance(value, bool):
            return value
        raise _refusal(setting, value, "Use true or false.")
    if setting.kind is Kind.NUMBER:
        return _checked_number(setting, value)
    if setting.kind is Kind.NAMES:
        if isinstance(value, (list, tuple)) and all(isinstance(name, str) for name in value):
            return tuple(value)
        raise _refusal(setting, value, "Use a list of texts in quotation marks.")
    if not isinstance(value, str):
        raise _refusal(setting, value, "Use a text in quotation marks.")
    base, point, number = value.partition(".")
    numbered = setting.kind is Kind.DEVICE and bool(point) and number.isdecimal()
    if setting.choices and (base if numbered else value) not in setting.choices:
        raise _refusal(setting, value, f"Use one of: {', '.join(setting.choices)}.")
    return value


def _checked_number(setting: Setting, value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise _refusal(setting, value, "Use a whole number.")
    if setting.minimum <= value <= setting.maximum:
        return value
    limits = f"{setting.minimum} to {setting.maximum}"
    raise _refusal(setting, value, f"Use a whole number from {limits}.")


def _refusal(setting: Setting, value: object, remedy: str) -> UsageProblem:
    return UsageProblem(f"The setting “{setting.name}” cannot be “{value!s:.40}”.", remedy)
