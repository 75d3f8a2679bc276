"""Spell-checking in the composer: which language, and what its menu offers."""

from collections.abc import Callable

from PySide6.QtCore import QLocale, QObject, QPoint, Slot
from PySide6.QtGui import QActionGroup
from PySide6.QtWidgets import QMenu

from desktop.services.spelling import notices
from desktop.services.spelling.commands import SpellingCommand, UseLanguage
from desktop.ui.composer.message_input import MessageInput
from desktop.ui.composer.spelling import SpellMarker
from desktop.ui.i18n import tr
from desktop.ui.settings.settings_live import LiveSettings
from desktop.ui.theme import Theme

ON, LANGUAGE = "spell_check", "spell_language"  # settings


class SpellPresenter(QObject):
    """Without a dictionary nothing of it is to be seen."""

    def __init__(
        self,
        field: MessageInput,
        settings: LiveSettings,
        post: Callable[[SpellingCommand], None],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._settings = settings
        self._post = post
        self._language = ""
        self._offered: tuple[str, ...] = ()
        self.marker = SpellMarker(field, post)
        field.menu_opening.connect(self._fill)
        settings.changed.connect(self._setting_changed)
        self._use()

    @Slot(object)
    def take(self, notice: notices.SpellingNotice) -> None:
        """Show what the spell-checker tells."""
        match notice:
            case notices.LanguageUsed(language, offered):
                self._language, self._offered = language, offered
                self.marker.switch(bool(language))
            case notices.WordsChecked(language, known) if language == self._language:
                self.marker.take_checked(known)
            case notices.Suggested(word, meant):
                self.marker.take_suggested(word, meant)

    def set_theme(self, theme: Theme) -> None:
        """Take colours."""
        self.marker.set_theme(theme)

    @Slot(str, object)
    def _setting_changed(self, name: str, _: object) -> None:
        if name in (ON, LANGUAGE):
            self._use()

    def _use(self) -> None:
        chosen = str(self._settings.get(LANGUAGE))
        wanted = (*filter(None, [chosen]), *QLocale.system().uiLanguages())
        self._post(UseLanguage(wanted if self._settings.switch(ON) else ()))

    @Slot(QMenu, QPoint)
    def _fill(self, menu: QMenu, position: QPoint) -> None:
        if not self._offered:
            return
        menu.addSeparator()
        spelling = menu.addMenu(tr("Spelling"))
        checking = spelling.addAction(tr("Check spelling"))
        checking.setCheckable(True)
        checking.setChecked(self._settings.switch(ON))
        checking.toggled.connect(lambda on: self._settings.choose(ON, on))
        spelling.addSeparator()
        languages = QActionGroup(spelling)
        for tag in self._offered:
            action = spelling.addAction(_name_of(tag))
            action.setCheckable(True)
            action.setChecked(tag == self._language)
            action.setData(tag)
            languages.addAction(action)
        languages.triggered.connect(lambda action: self._choose(str(action.data())))
        self.marker.add_to(menu, position)

    def _choose(self, tag: str) -> None:
        self._settings.choose(LANGUAGE, tag)
        self._settings.choose(ON, True)


def _name_of(tag: str) -> str:
    """A language in its own words, and where it is spoken."""
    locale = QLocale(tag)
    if locale.language() is QLocale.Language.C:
        return tag
    name = locale.nativeLanguageName()
    if "_" not in tag or locale.nativeTerritoryName() in name:
        return name
    return f"{name} ({locale.nativeTerritoryName()})"
