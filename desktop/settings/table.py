"""The table of settings, from which every check, dialog and document is made."""

from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from desktop.domain.errors import UsageProblem
from desktop.domain.hardware import DEVICE_NAMES

SettingValue: TypeAlias = str | bool


class Kind(StrEnum):
    """How a value is checked and shown."""

    CHOICE = "choice"  # one of the choices
    DEVICE = "device"  # one of the choices, or one with a number, such as GPU.1
    TEXT = "text"
    SWITCH = "switch"


@dataclass(frozen=True, slots=True)
class Setting:
    """One row of the table. A setting without a label is kept by the program itself."""

    name: str
    kind: Kind
    default: SettingValue
    label: str = ""
    help: str = ""
    choices: tuple[str, ...] = ()


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
        "show_settings_panel",
        Kind.SWITCH,
        default=True,
        label="Show the settings of the chat",
        help="Show the panel with temperature and the other settings beside the chat.",
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
    if not isinstance(value, str):
        raise _refusal(setting, value, "Use a text in quotation marks.")
    base, point, number = value.partition(".")
    numbered = setting.kind is Kind.DEVICE and bool(point) and number.isdecimal()
    if setting.choices and (base if numbered else value) not in setting.choices:
        raise _refusal(setting, value, f"Use one of: {', '.join(setting.choices)}.")
    return value


def _refusal(setting: Setting, value: object, remedy: str) -> UsageProblem:
    return UsageProblem(f"The setting “{setting.name}” cannot be “{value!s:.40}”.", remedy)
