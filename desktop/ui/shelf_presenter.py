"""Between the shelf and the window: the models page, and what the chat has to know of models."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QDesktopServices

from desktop.domain.wording import megabytes, weights_label
from desktop.services.chat import commands as chat
from desktop.services.chat.commands import ChatCommand
from desktop.services.shelf import notices
from desktop.services.shelf.commands import ShelfCommand
from desktop.services.shelf.notices import ShelfNotice
from desktop.ui.chat_pane import ChatPane
from desktop.ui.i18n import tr
from desktop.ui.library.models_page import ModelsPage
from desktop.ui.transcript.links import safe_link
from desktop.ui.widgets.banner import INFO

USE, SHOW = "use:", "show-models"


class ShelfPresenter(QObject):
    """Lives in the window's thread. `post` is for the shelf, `post_chat` for the chat service."""

    page_wanted = Signal()
    chat_wanted = Signal()

    def __init__(
        self,
        page: ModelsPage,
        pane: ChatPane,
        post: Callable[[ShelfCommand], None],
        post_chat: Callable[[ChatCommand], None],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._page = page
        self._pane = pane
        self._post_chat = post_chat
        self._installed = 0
        self._offered = ""  # the line that offers a better model, while it is on show
        page.asked.connect(post)
        page.closed.connect(self.chat_wanted)
        page.model_chosen.connect(self._use)
        page.link_activated.connect(_open_link)
        pane.banners.action_triggered.connect(self._banner_action)

    @Slot(object)
    def take(self, notice: ShelfNotice) -> None:
        """Show what the shelf tells, and let the chat know when models come or go."""
        self._page.take(notice)
        match notice:
            case notices.Shelved(models):
                self._installed = len(models)
                self._post_chat(chat.RefreshModels())
            case notices.Offered(recommended=offer) if offer is not None:
                self._offer(offer)
            case notices.ModelReady(model):
                self._withdraw_offer()
                self._pane.banners.show_message(
                    f"{tr('{model} is ready.', model=weights_label(model))} {model.note}".strip(),
                    [(USE + model.id, tr("Use it"))],
                    INFO,
                )

    def _offer(self, offer: notices.Offer) -> None:
        if self._installed > 1:
            return
        self._offered = tr(
            "A better model for this computer: {name}, a download of {size}.",
            name=offer.entry.name,
            size=megabytes(offer.download),
        )
        self._pane.banners.show_message(self._offered, [(SHOW, tr("See models"))], INFO)

    def _withdraw_offer(self) -> None:
        for banner in self._pane.banners.banners():
            if self._offered and banner.text() == self._offered:
                banner.dismiss()

    def _banner_action(self, action: str) -> None:
        if action == SHOW:
            self.page_wanted.emit()
        elif action.startswith(USE):
            self._use(action.removeprefix(USE))

    def _use(self, model_id: str) -> None:
        self._post_chat(chat.ChooseModel(model_id))
        self.chat_wanted.emit()


def _open_link(address: str) -> None:
    url = safe_link(address)
    if url is not None:
        QDesktopServices.openUrl(url)
