"""The table of settings, from which every check, dialog and document is made."""

from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from desktop.domain.conversation import ContextPolicy
from desktop.domain.errors import UsageProblem
from desktop.domain.hardware import DEVICE_NAMES
from desktop.domain.tuning import TYPICAL
from desktop.domain.words import LANGUAGES, SYSTEM, listed, mark, number, tr

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
    step: int = 1  # of the arrows beside a number
    words: tuple[str, ...] = ()  # what the choices are called, in their order
    group: str = "general"  # of GROUPS
    restart: bool = False  # it takes effect when Cellar starts the next time


# What belongs together in the dialog, in its order: ids, and what they are called.
GROUPS: dict[str, str] = {
    "general": mark("General"),
    "look": mark("Appearance"),
    "chat": mark("Chats"),
    "engine": mark("Models and engine"),
    "privacy": mark("Privacy"),
}

SETTINGS: tuple[Setting, ...] = (
    Setting(
        "theme",
        Kind.CHOICE,
        default="system",
        choices=("system", "light", "dark", "light-contrast", "dark-contrast"),
        words=(
            mark("As the desktop"),
            mark("Light"),
            mark("Dark"),
            mark("Light, high contrast"),
            mark("Dark, high contrast"),
        ),
        label=mark("Theme"),
        help=mark("The colours of the window."),
        group="look",
    ),
    Setting(
        "text_size",
        Kind.NUMBER,
        default=100,
        minimum=70,
        maximum=200,
        step=10,
        label=mark("Text size"),
        help=mark("In percent. Ctrl with plus, minus or the wheel changes it too."),
        group="look",
    ),
    Setting(
        "density",
        Kind.CHOICE,
        default="comfortable",
        choices=("comfortable", "compact"),
        words=(mark("Comfortable"), mark("Compact")),
        label=mark("Spacing"),
        help=mark("How much room is left between things."),
        group="look",
    ),
    Setting(
        "reduce_motion",
        Kind.CHOICE,
        default="system",
        choices=("system", "on", "off"),
        words=(mark("As the desktop"), mark("Reduced"), mark("Not reduced")),
        label=mark("Motion"),
        help=mark("Reduced: nothing glides, fades or blinks."),
        group="look",
    ),
    Setting(
        "language",
        Kind.CHOICE,
        default=SYSTEM,
        choices=(SYSTEM, *LANGUAGES),
        words=(mark("As the system"), *LANGUAGES.values()),
        restart=True,
        label=mark("Language"),
        help=mark("The language of the window."),
    ),
    Setting(
        "model",
        Kind.TEXT,
        default="",
        label=mark("Model"),
        help=mark("The model that new chats use. Empty: the first one that is installed."),
        group="engine",
        restart=True,
    ),
    Setting(
        "device",
        Kind.DEVICE,
        default="CPU",
        choices=DEVICE_NAMES,
        label=mark("Device"),
        help=mark("What the model runs on. AUTO lets OpenVINO choose."),
        group="engine",
        restart=True,
    ),
    Setting(
        "new_chat_preset",
        Kind.TEXT,
        default="",
        label=mark("Begin new chats with"),
        help=mark("A preset: its system prompt and its sampling values."),
        group="chat",
    ),
    Setting(
        "context_policy",
        Kind.CHOICE,
        default="drop-oldest",
        choices=tuple(ContextPolicy),
        words=(
            mark("Leave out the oldest"),
            mark("Keep the last exchange"),
            mark("Ask"),
        ),
        label=mark("When a chat grows too long"),
        help=mark(
            "What new chats do when the model cannot read all of it: leave out the oldest turns,"
            " keep only the last exchange, or ask."
        ),
        group="chat",
        restart=True,
    ),
    Setting(
        "idle_unload_minutes",
        Kind.NUMBER,
        default=15,
        maximum=24 * 60,
        label=mark("Unload the model after"),
        help=mark(
            "Minutes without a message after which the model's memory is given back. 0: never."
        ),
        group="engine",
    ),
    Setting(
        "tune_for",
        Kind.CHOICE,
        default="chat",
        choices=tuple(TYPICAL),
        label=mark("Tune the engine for"),
        help=mark("What its settings are chosen for: usual turns, or long texts that are pasted."),
        group="engine",
        words=(mark("Chatting"), mark("Reading long texts")),
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
        "spell_check",
        Kind.SWITCH,
        default=True,
        label=mark("Check spelling"),
        help=mark("Underline words that the dictionary does not know, where there is one."),
        group="chat",
    ),
    Setting(
        "spell_language",
        Kind.TEXT,
        default="",
        label=mark("Language of the spelling"),
        help=mark("Such as en_GB. Empty: the language of the desktop."),
        group="chat",
    ),
    Setting(
        "model_titles",
        Kind.SWITCH,
        default=False,
        label=mark("Have the model name new chats"),
        help=mark(
            "After the first answer the model writes a title, when nothing else is to be done."
            " Otherwise the title is the beginning of your first message."
        ),
        group="chat",
    ),
    Setting(
        "show_settings_panel",
        Kind.SWITCH,
        default=True,
        label=mark("Show the settings of the chat"),
        help=mark("Show the panel with temperature and the other settings beside the chat."),
        group="look",
    ),
    Setting(
        "show_sidebar",
        Kind.SWITCH,
        default=True,
        label=mark("Show the list of chats"),
        help=mark("Show the chats beside the one in view."),
        group="look",
    ),
    Setting(
        "offline",
        Kind.SWITCH,
        default=False,
        label=mark("Offline"),
        help=mark(
            "Make every network access impossible. Downloads that run are paused; chatting never"
            " needs the network."
        ),
        group="privacy",
    ),
    Setting(
        "tray",
        Kind.SWITCH,
        default=False,
        label=mark("Icon in the tray"),
        help=mark(
            "Where the desktop has a tray. Closing the window ends Cellar all the same, and gives"
            " the model's memory back."
        ),
    ),
    Setting(
        "notify_when_done",
        Kind.SWITCH,
        default=False,
        label=mark("Tell when a long answer is ready"),
        help=mark(
            "A notification after an answer of more than 15 seconds, while you are elsewhere. It"
            " says only that: nothing of the chat."
        ),
    ),
    Setting(
        "seen_report",
        Kind.TEXT,
        default="",
        help="The newest crash report that the window has told of.",
    ),
    Setting("window", Kind.TEXT, default="", help="Where the window was, as Qt writes it."),
)

BY_NAME: dict[str, Setting] = {setting.name: setting for setting in SETTINGS}


def checked(setting: Setting, value: object) -> SettingValue:
    """The value, if the setting can have it. Raises UsageProblem."""
    if setting.kind is Kind.SWITCH:
        if isinstance(value, bool):
            return value
        raise _refusal(setting, value, tr("Use true or false."))
    if setting.kind is Kind.NUMBER:
        return _checked_number(setting, value)
    if setting.kind is Kind.NAMES:
        if isinstance(value, (list, tuple)) and all(isinstance(name, str) for name in value):
            return tuple(value)
        raise _refusal(setting, value, tr("Use a list of texts in quotation marks."))
    if not isinstance(value, str):
        raise _refusal(setting, value, tr("Use a text in quotation marks."))
    base, point, digits = value.partition(".")
    numbered = setting.kind is Kind.DEVICE and bool(point) and digits.isdecimal()
    if setting.choices and (base if numbered else value) not in setting.choices:
        raise _refusal(
            setting, value, tr("Use one of: {choices}.", choices=listed(setting.choices))
        )
    return value


def _checked_number(setting: Setting, value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise _refusal(setting, value, tr("Use a whole number."))
    if setting.minimum <= value <= setting.maximum:
        return value
    remedy = tr(
        "Use a whole number from {minimum} to {maximum}.",
        minimum=number(setting.minimum),
        maximum=number(setting.maximum),
    )
    raise _refusal(setting, value, remedy)


def _refusal(setting: Setting, value: object, remedy: str) -> UsageProblem:
    return UsageProblem(
        tr("The setting “{name}” cannot be “{value}”.", name=setting.name, value=str(value)[:40]),
        remedy,
    )
