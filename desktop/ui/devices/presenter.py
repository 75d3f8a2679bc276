"""Between the service of devices, the chat service and the device page."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal, Slot

from desktop.domain.tuning import TYPICAL
from desktop.services.chat import commands as chat
from desktop.services.chat import notices as chat_notices
from desktop.services.chat.commands import ChatCommand
from desktop.services.devices import commands, notices
from desktop.services.devices.commands import DeviceCommand
from desktop.services.devices.notices import DeviceNotice
from desktop.settings.table import SettingValue
from desktop.ui.devices.page import DevicesPage
from desktop.ui.settings.settings_live import LiveSettings
from desktop.ui.widgets.banner import WARNING


class DevicesPresenter(QObject):
    """Lives in the window's thread."""

    chat_wanted = Signal()

    def __init__(
        self,
        page: DevicesPage,
        settings: LiveSettings,
        post: Callable[[DeviceCommand], None],
        post_chat: Callable[[ChatCommand], None],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._page = page
        self._settings = settings
        self._post = post
        self._post_chat = post_chat
        self._model_id = ""
        self._show_settings()
        settings.changed.connect(self._take_setting)
        settings.refused.connect(self._warn)
        page.closed.connect(self.chat_wanted)
        page.tuning.measure_wanted.connect(self._measure)
        page.tuning.cancel_wanted.connect(lambda: post(commands.CancelMeasuring()))
        page.bench.bench_wanted.connect(lambda: post(commands.Compare()))
        page.bench.cancel_wanted.connect(lambda: post(commands.CancelComparing()))
        page.choices.tune_for_chosen.connect(lambda kind: settings.choose("tune_for", kind))
        page.choices.idle_minutes_chosen.connect(
            lambda minutes: settings.choose("idle_unload_minutes", minutes)
        )
        page.choices.prompt_lookup_chosen.connect(self._set_prompt_lookup)

    @Slot(object)
    def take(self, notice: DeviceNotice) -> None:
        """Show what the service of devices tells."""
        match notice:
            case notices.InUse(model, device, tuned):
                self._model_id = model.id
                looks_up = model.id in self._settings.names("prompt_lookup")
                self._page.show_in_use(model, device, tuned, looks_up=looks_up)
                self._let_chat_know()
            case notices.Tuning(progress):
                self._page.tuning.show_progress(progress)
            case notices.Comparing(step):
                self._page.bench.show_step(step)
            case notices.Compared(report, what, remedy):
                self._page.bench.show_bench(report, f"{what} {remedy}".strip())
            case notices.DevicesTrouble(what, remedy):
                self._warn(f"{what} {remedy}".strip())

    @Slot(object)
    def take_chat(self, notice: object) -> None:
        """Take what the chat service tells of the devices; the rest is not for this page."""
        if isinstance(notice, chat_notices.DevicesListed):
            self._page.show_devices(notice.devices)
            self._post(commands.NoteDevices(notice.devices))

    def _measure(self) -> None:
        self._post_chat(chat.PrepareModel())  # it may have been unloaded
        self._post(commands.Measure())

    def _set_prompt_lookup(self, wanted: bool) -> None:
        others = tuple(n for n in self._settings.names("prompt_lookup") if n != self._model_id)
        self._settings.choose("prompt_lookup", (*others, self._model_id) if wanted else others)

    @Slot(str, object)
    def _take_setting(self, name: str, _: SettingValue) -> None:
        """A setting was changed, here or elsewhere in the window."""
        if name == "tune_for":
            self._post(commands.JudgeAnew())
        elif name in ("idle_unload_minutes", "prompt_lookup"):
            self._let_chat_know()
        else:
            return
        self._show_settings()

    def _let_chat_know(self) -> None:
        self._post_chat(chat.TakeSettings(self._settings.number("idle_unload_minutes")))

    def _show_settings(self) -> None:
        kind = self._settings.text("tune_for")
        self._page.choices.show_values(kind, self._settings.number("idle_unload_minutes"))
        self._page.tuning.show_turn(TYPICAL[kind])

    @Slot(str)
    def _warn(self, text: str) -> None:
        self._page.banners.show_message(text, kind=WARNING)
