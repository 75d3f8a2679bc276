"""The language that the program speaks: English as it is written, unless another one is taken.

Every text for people passes through `tr` or `trn`. Texts in tables are marked where they stand
and translated where they are shown; only what is marked by one of the three is collected.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from gettext import NullTranslations

ENGLISH = "en"
SYSTEM = "system"  # the choice to follow the desktop
LANGUAGES: dict[str, str] = {  # what Cellar is translated into, by code, each in its own words
    ENGLISH: "English",
    "ar": "العربية",
    "de": "Deutsch",
    "es": "Español",
    "fr": "Français",
    "ja": "日本語",
    "zh_CN": "简体中文",
}


@dataclass(frozen=True, slots=True)
class Speech:
    """A language with its texts and the way it writes numbers."""

    language: str = ENGLISH
    catalogue: NullTranslations = NullTranslations()  # noqa: RUF009  # never changed
    point: str = "."
    group: str = ","  # between thousands; may be empty
    zero: str = "0"  # the first of its ten digits


class _Spoken:
    """The language in use: one in a process, as it is one program that speaks."""

    speech = Speech()


def speak(speech: Speech) -> None:
    """Use this language from now on; what was said already stays as it is."""
    _Spoken.speech = speech


def spoken() -> Speech:
    """The language in use."""
    return _Spoken.speech


def tr(text: str, /, **values: object) -> str:
    """The text in the language in use, `{name}` in it filled from `values`."""
    translated = _Spoken.speech.catalogue.gettext(text) if text else ""
    return translated.format(**values) if values else translated


def trn(one: str, many: str, count: int, /, **values: object) -> str:
    """The text for so many, `{count}` in it the number and `{name}` filled from `values`."""
    translated = _Spoken.speech.catalogue.ngettext(one, many, count)
    return translated.format(count=number(count), **values)


def mark(text: str) -> str:
    """The text itself, marked to be translated where it is shown."""
    return text


def number(value: float, decimals: int | None = None, *, grouped: bool = True) -> str:
    """A number as it is written here, such as “1,204” or “0.35”."""
    if decimals is None:
        text = f"{value:,}" if isinstance(value, int) else f"{value:,.10g}"
    else:
        text = f"{value:,.{decimals}f}"
    whole, point, rest = text.partition(".")
    speech = _Spoken.speech
    group = speech.group if grouped else ""
    written = whole.replace(",", group) + (speech.point + rest if point else "")
    digits = {ord("0") + digit: ord(speech.zero) + digit for digit in range(10)}
    return written if speech.zero == "0" else written.translate(digits)


def listed(items: Iterable[str]) -> str:
    """The texts as a list within a sentence, such as “a, b, c”."""
    return tr(", ").join(items)


def either(items: Iterable[str]) -> str:
    """The texts as what may be chosen from, such as “a, b or c”."""
    *others, last = items
    return tr("{one} or {other}", one=listed(others), other=last) if others else last
