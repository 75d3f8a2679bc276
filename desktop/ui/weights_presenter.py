"""Between the chat service and the switch of weights: what to switch to, and what was used last."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Slot

from desktop.domain.catalogue import COMPRESSED
from desktop.domain.formats import family, pair
from desktop.domain.model import Model
from desktop.services.chat.commands import ChatCommand, ChooseModel
from desktop.services.chat.notices import ModelsListed, Notice
from desktop.ui.settings.settings_live import LiveSettings
from desktop.ui.widgets.weights_switch import WeightsSwitch

SETTING = "compressed_weights"


class WeightsPresenter(QObject):
    """Lives in the window's thread."""

    def __init__(
        self,
        switch: WeightsSwitch,
        settings: LiveSettings,
        post_chat: Callable[[ChatCommand], None],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._switch = switch
        self._settings = settings
        self._post_chat = post_chat
        switch.model_chosen.connect(self._choose)

    @Slot(object)
    def take(self, notice: Notice) -> None:
        """Show what the model in use can be switched to; the rest is not for this."""
        if not isinstance(notice, ModelsListed):
            return
        current, models = notice.current, notice.models
        if current is None:
            self._switch.show_pair(None, "")
            return
        ids = self._settings.names(SETTING)
        used = {family(model): model.id for model in models if model.id in ids}
        found = pair(current, models, used)
        self._switch.show_pair(found, current.id)
        if found is not None and current.weights in COMPRESSED:
            self._remember(current, models)

    def _choose(self, model_id: str) -> None:
        self._post_chat(ChooseModel(model_id))

    def _remember(self, current: Model, models: tuple[Model, ...]) -> None:
        """Keep it as the compressed one of its family that is switched to."""
        relatives = {model.id for model in models if family(model) == family(current)}
        others = (name for name in self._settings.names(SETTING) if name not in relatives)
        self._settings.choose(SETTING, (*others, current.id))
