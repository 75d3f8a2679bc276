"""Catalogues of translations: read from a file, and handed from the window to its children."""

import gettext
import logging
import struct
from collections.abc import Mapping
from pathlib import Path

from desktop.domain.words import ENGLISH, Speech, speak, spoken

log = logging.getLogger(__name__)

LANGUAGE = "CELLAR_LANGUAGE"  # for children; for the window it goes before the setting
NUMBERS = "CELLAR_NUMBERS"  # the point, the digit zero, and what stands between thousands


def read_catalogue(folder: Path, language: str) -> gettext.NullTranslations:
    """The texts of a language; English where there is no such file or it cannot be read."""
    try:
        with (folder / f"{language}.mo").open("rb") as file:
            return gettext.GNUTranslations(file)
    except (OSError, ValueError, struct.error) as error:
        if language != ENGLISH:
            log.warning("no texts in %s: %s", language, error)
    return gettext.NullTranslations()


def environment() -> dict[str, str]:
    """What tells a child which language to speak."""
    speech = spoken()
    return {LANGUAGE: speech.language, NUMBERS: speech.point + speech.zero + speech.group}


def speak_as_told(folder: Path, told: Mapping[str, str]) -> None:
    """Speak the language of the parent, of which `environment` told."""
    language, numbers = told.get(LANGUAGE, ENGLISH), told.get(NUMBERS, "")
    if len(numbers) < 2:
        numbers = ".0,"
    texts, point, zero, group = read_catalogue(folder, language), *numbers[:2], numbers[2:]
    speak(Speech(language, texts, point, group, zero))
