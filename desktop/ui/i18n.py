"""The language of the window: which it is, its texts, its numbers and dates, its direction."""

import os
from collections.abc import Iterable
from pathlib import Path

from PySide6.QtCore import QLibraryInfo, QLocale, QTranslator
from PySide6.QtWidgets import QApplication

from desktop.domain.words import (
    ENGLISH,
    LANGUAGES,
    SYSTEM,
    Speech,
    listed,
    mark,
    number,
    speak,
    tr,
    trn,
)
from desktop.languages import LANGUAGE, read_catalogue

__all__ = ["chosen_language", "listed", "mark", "number", "tr", "trn", "use_language"]

TRADITIONAL = ("Hant", "TW", "HK", "MO")  # Chinese in signs that the simplified are not


def chosen_language(setting: str, system: Iterable[str]) -> str:
    """The code of the language to use. `system`: what the desktop wants, the best first."""
    wanted = os.environ.get(LANGUAGE) or setting
    if wanted != SYSTEM:
        return wanted
    return next(filter(None, map(_shipped, system)), ENGLISH)


def _shipped(tag: str) -> str:
    """The language for a tag such as “de-AT”; empty when Cellar does not have it."""
    language, *rest = tag.replace("_", "-").split("-")
    if language == "zh" and any(part in TRADITIONAL for part in rest):
        return ""
    return next((code for code in LANGUAGES if code.partition("_")[0] == language), "")


def use_language(app: QApplication, folder: Path, setting: str) -> None:
    """Speak the language that is set from now on. `folder` holds the catalogues."""
    system = QLocale.system()
    language = chosen_language(setting, system.uiLanguages())
    locale = _locale(language, system)
    QLocale.setDefault(locale)
    speak(
        Speech(
            language,
            read_catalogue(folder, language),
            locale.decimalPoint(),
            locale.groupSeparator(),
            locale.zeroDigit(),
        )
    )
    _translate_qt(app, language)
    app.setLayoutDirection(QLocale(language).textDirection())


def _locale(language: str, system: QLocale) -> QLocale:
    """How numbers and dates are written: as the desktop does it, if that is the same language."""
    own = QLocale(language if language != ENGLISH else "en_US")
    return system if system.language() == own.language() else own


def _translate_qt(app: QApplication, language: str) -> None:
    """Have the texts of Qt's own buttons and menus in this language too."""
    for former in app.findChildren(QTranslator):
        app.removeTranslator(former)
        former.deleteLater()
    translator = QTranslator(app)
    folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    if translator.load(QLocale(language), "qtbase", "_", folder):
        app.installTranslator(translator)
    else:
        translator.deleteLater()
