"""The program's own dialogs: settings, about, shortcuts, reports of crashes."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QWidget

from desktop.domain.wording import weights_label
from desktop.services.chat import notices as chat_notices
from desktop.services.house import commands, notices
from desktop.services.house.commands import HouseCommand
from desktop.services.house.notices import HouseNotice
from desktop.ui.dialogs.about_dialog import AboutDialog
from desktop.ui.dialogs.report_dialog import ReportDialog
from desktop.ui.dialogs.shortcuts_dialog import ShortcutsDialog
from desktop.ui.i18n import tr
from desktop.ui.icons import IconSet
from desktop.ui.settings.settings_controls import Offer
from desktop.ui.settings.settings_dialog import SettingsDialog
from desktop.ui.settings.settings_live import LiveSettings
from desktop.ui.theme import Theme
from desktop.ui.widgets.banner import WARNING
from desktop.ui.widgets.banner_area import BannerArea

SHOW_REPORT = "show_report"
SEEN = "seen_report"  # the setting with the name of the last one


class HousePresenter(QObject):
    """Lives in the window's thread."""

    settings_opening = Signal()  # what the settings do not know yet can still be told

    def __init__(
        self,
        window: QWidget,
        banners: BannerArea,
        settings: LiveSettings,
        post: Callable[[HouseCommand], None],
        dress: tuple[Theme, IconSet],
    ) -> None:
        super().__init__(window)
        self._window = window
        self._banners = banners
        self._settings = settings
        self._post = post
        self._dress = dress
        self._offers: dict[str, tuple[Offer, ...]] = {}  # for settings that are texts
        self._devices: tuple[str, ...] = ()
        self._dialog: SettingsDialog | None = None
        self._about: AboutDialog | None = None
        self._report: ReportDialog | None = None
        self._newest = ""  # the report that the banner is about
        banners.action_triggered.connect(self._act)
        settings.refused.connect(self._warn)
        self.look_for_reports()

    def set_theme(self, theme: Theme, icons: IconSet) -> None:
        """Take colours and icons, for dialogs to come as well."""
        self._dress = (theme, icons)
        for dialog in (self._dialog, self._about):
            if dialog is not None:
                dialog.set_theme(theme, icons)

    @Slot()
    def show_settings(self, sought: str = "") -> None:
        """Open the settings; `sought` is looked for at once."""
        if self._dialog is None:
            self.settings_opening.emit()
            self._dialog = SettingsDialog(self._settings, self._offers, self._window)
            self._dialog.set_theme(*self._dress)
            self._dialog.finished.connect(self._settings_closed)
            self._dialog.show()
        self._dialog.seek(sought)
        self._dialog.raise_()
        self._dialog.activateWindow()

    @Slot()
    def show_about(self) -> None:
        """Open what is to say of the program."""
        if self._about is None:
            self._about = AboutDialog(self._window)
            self._about.set_theme(*self._dress)
            self._about.finished.connect(self._about_closed)
            self._about.show_devices(self._devices)
            self._post(commands.TellFacts())
            self._post(commands.ReadLicences())
            self._about.show()
        self._about.raise_()
        self._about.activateWindow()

    @Slot()
    def show_shortcuts(self) -> None:
        """Open the list of all shortcuts."""
        ShortcutsDialog(self._window).open()

    @Slot()
    def look_for_reports(self) -> None:
        """A part of the program has crashed, or did in an earlier run."""
        self._post(commands.LookForReports(str(self._settings.get(SEEN))))

    @Slot(object)
    def take(self, notice: HouseNotice) -> None:
        """Show what the housekeeper tells."""
        match notice:
            case notices.Facts(lines) if self._about is not None:
                self._about.show_facts(lines)
            case notices.LicencesRead(licences) if self._about is not None:
                self._about.show_licences(licences)
            case notices.ReportsFound(names):
                self._tell_of(names)
            case notices.ReportRead(name, text):
                self._show_report(name, text)
            case notices.HouseTrouble(what, remedy):
                self._warn(f"{what} {remedy}".strip())

    @Slot(object)
    def take_chat(self, notice: object) -> None:
        """Know the models, presets and devices that there are."""
        match notice:
            case chat_notices.ModelsListed(models=models):
                first = Offer("", tr("The first installed one"))
                every = (Offer(model.id, weights_label(model)) for model in models)
                self._offers["model"] = (first, *every)
            case chat_notices.PresetsListed(presets=presets):
                every = (Offer(preset.id, preset.name) for preset in presets)
                self._offers["new_chat_preset"] = (Offer("", tr("No preset")), *every)
            case chat_notices.DevicesListed(devices=devices):
                self._devices = tuple(
                    f"{each.name}: {each.full_name or each.why_not}" for each in devices
                )

    def _settings_closed(self) -> None:
        if self._dialog is not None:
            self._dialog.deleteLater()
            self._dialog = None

    def _about_closed(self) -> None:
        if self._about is not None:
            self._about.deleteLater()
            self._about = None

    @Slot(str)
    def _warn(self, text: str) -> None:
        if self._dialog is not None:
            self._dialog.say(text)
        else:
            self._banners.show_message(text, kind=WARNING)

    # reports of crashes

    def _tell_of(self, names: Sequence[str]) -> None:
        self._newest = names[0]
        banner = self._banners.show_message(
            tr(
                "Something went wrong in Cellar."
                " There is a report on this computer; nothing was sent."
            ),
            [(SHOW_REPORT, tr("Show report"))],
            WARNING,
        )
        banner.closed.connect(self._seen)

    def _seen(self) -> None:
        self._settings.choose(SEEN, self._newest)

    @Slot(str)
    def _act(self, action: str) -> None:
        if action == SHOW_REPORT:
            self._post(commands.ReadReport(self._newest))

    def _show_report(self, name: str, text: str) -> None:
        self._report = ReportDialog(name, text, self._window)
        self._report.delete_wanted.connect(lambda: self._post(commands.DeleteReport(name)))
        self._report.save_wanted.connect(lambda path: self._post(commands.WriteText(path, text)))
        self._report.open()
