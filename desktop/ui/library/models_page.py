"""The models page: what is on its way, what is best, what is here, what there is."""

from collections.abc import Callable, Iterable

from PySide6.QtCore import Qt, QUrl, Signal, Slot
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from desktop.domain.model import Model
from desktop.services.shelf import notices
from desktop.services.shelf.commands import Add, Get, ShelfCommand
from desktop.services.shelf.notices import Job, Offer, ShelfNotice
from desktop.ui.i18n import tr
from desktop.ui.icons import IconSet
from desktop.ui.library.add_panel import AddPanel
from desktop.ui.library.catalogue_view import CatalogueView
from desktop.ui.library.drops import DropVeil, import_paths
from desktop.ui.library.holdings import Holdings, holdings
from desktop.ui.library.installed_list import InstalledList
from desktop.ui.library.job_list import JobList
from desktop.ui.library.page_head import PageHead
from desktop.ui.library.page_scroll import COLUMN, MARGIN, PageScroll
from desktop.ui.library.parts import chain_focus
from desktop.ui.library.recommendation import RecommendationCard
from desktop.ui.library.words import label_of
from desktop.ui.metrics import metrics
from desktop.ui.spacing import at_most, space
from desktop.ui.theme import Theme
from desktop.ui.widgets.banner import INFO, WARNING
from desktop.ui.widgets.banner_area import BannerArea

USE = "use:"


class ModelsPage(QWidget):
    """Shows what the shelf tells by `take`; what the user wants of it leaves as `asked`."""

    asked = Signal(object)  # a ShelfCommand
    closed = Signal()  # back to the chat
    link_activated = Signal(str)
    model_chosen = Signal(str)  # the id of an installed model that is to answer

    def __init__(self, theme: Theme, icons: IconSet, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("modelsPage")
        self.setAccessibleName(tr("Models"))
        self.setAcceptDrops(True)
        self._models: tuple[Model, ...] = ()
        self._jobs: tuple[Job, ...] = ()
        self._holdings = Holdings()
        self._recommended: Offer | None = None
        self._expects_job = False  # the user has just asked for one, and wants to see it
        self.head = PageHead()
        self.banners = BannerArea()
        self.adding = AddPanel()
        self.jobs = JobList()
        self.recommendation = RecommendationCard()
        self.installed = InstalledList()
        self.catalogue = CatalogueView()
        parts = [self.adding, self.jobs, self.recommendation, self.installed, self.catalogue]
        self.scroller = PageScroll(parts)
        self.setFocusProxy(self.scroller)  # the arrow keys scroll until a control is chosen
        self._veil = DropVeil(self)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        space(rows, 8)
        rows.addWidget(self.head)
        self._banner_row = QHBoxLayout()
        self._banner_row.addStretch(0)
        self._banner_row.addWidget(self.banners, 1)
        self._banner_row.addStretch(0)
        at_most(self.banners, COLUMN)
        rows.addLayout(self._banner_row)
        rows.addWidget(self.scroller, 1)
        self._handlers: dict[type, Callable[..., None]] = {
            notices.Offered: self._offered,
            notices.Shelved: self._shelved,
            notices.Means: self.adding.set_means,
            notices.Found: self.adding.show_found,
            notices.Examined: self.adding.show_examined,
            notices.JobsChanged: self._jobs_changed,
            notices.ModelReady: self._model_ready,
            notices.Verified: self._verified,
            notices.Removed: self._removed,
            notices.ShelfTrouble: self._trouble,
        }
        self._connect()
        self.set_theme(theme, icons)

    @Slot(object)
    def take(self, notice: ShelfNotice) -> None:
        """Show what the shelf tells."""
        self._handlers[type(notice)](notice)

    def import_paths(self, urls: Iterable[QUrl]) -> bool:
        """Look at what was dropped, on this page or on the window; False when it is no model."""
        paths = import_paths(urls)
        if paths:
            self.adding.open_local(paths)
        return bool(paths)

    def set_current_model(self, model_id: str) -> None:
        """Mark the installed model that answers now."""
        self.installed.set_current(model_id)

    def set_theme(self, theme: Theme, icons: IconSet) -> None:
        """Take colours and icons."""
        for part in (self.head, self.banners, self.adding, self.installed, self.catalogue):
            part.set_theme(theme, icons)
        self.head.set_room(self.width())

    def _connect(self) -> None:
        self.head.closed.connect(self.closed)
        self.head.picked.connect(lambda path: self.adding.open_local([path]))
        self.head.hub_wanted.connect(self.adding.open_hub)
        self.catalogue.alternatives_wanted.connect(self.adding.search)
        for part in (self.adding, self.jobs, self.recommendation, self.installed, self.catalogue):
            part.asked.connect(self._ask)
        for linking in (self.adding, self.recommendation, self.catalogue):
            linking.link_activated.connect(self.link_activated)
        for choosing in (self.installed, self.catalogue):
            choosing.chosen.connect(self.model_chosen)
        self.banners.action_triggered.connect(self._banner_action)
        self.catalogue.wants_room.connect(self._show_open_row)
        self.adding.wants_room.connect(self._show_adding)
        self.scroller.moved.connect(self._keep_header)

    # what the user does

    def _ask(self, command: ShelfCommand) -> None:
        if isinstance(command, (Get, Add)):
            self._expects_job = True
        self.asked.emit(command)

    def _banner_action(self, action: str) -> None:
        if action.startswith(USE):
            self.model_chosen.emit(action.removeprefix(USE))

    # what the shelf tells

    def _offered(self, notice: notices.Offered) -> None:
        self._recommended = notice.recommended
        self.catalogue.set_offered(notice)
        self._weigh()

    def _shelved(self, notice: notices.Shelved) -> None:
        self._models = notice.models
        self.installed.set_models(notice.models)
        self._order_installed()
        self._weigh()

    def _jobs_changed(self, notice: notices.JobsChanged) -> None:
        known = {job.id for job in self._jobs}
        self._jobs = notice.jobs
        self.jobs.set_jobs(notice.jobs)
        self._weigh()
        chain_focus(self.scroller, self.jobs.controls())
        added = [job for job in notice.jobs if job.id not in known]
        row = self.jobs.row(added[-1].id) if added else None
        if row is not None and self._expects_job:
            self._expects_job = False
            self.scroller.show_soon(row)

    def _model_ready(self, notice: notices.ModelReady) -> None:
        name = label_of(notice.model.name, notice.model.weights)
        use = (f"{USE}{notice.model.id}", tr("Use it"))
        self.banners.show_message(tr("{name} is ready.", name=name), [use], INFO)

    def _verified(self, notice: notices.Verified) -> None:
        self.installed.show_checked(notice.model, notice.problem)

    def _removed(self, notice: notices.Removed) -> None:
        self._models = tuple(model for model in self._models if model.id != notice.model.id)
        self.installed.show_removed(notice.model)
        self._order_installed()
        self._weigh()

    def _trouble(self, notice: notices.ShelfTrouble) -> None:
        self._expects_job = False
        self.adding.give_way()
        self.installed.give_way()
        self.catalogue.give_way()
        self.banners.show_message(f"{notice.what} {notice.remedy}".strip(), kind=WARNING)

    # helpers

    def _weigh(self) -> None:
        """Hold the catalogue and the recommendation against what is here and on its way."""
        now = holdings(self._models, self._jobs)
        if now != self._holdings:
            self._holdings = now
            self.catalogue.set_holdings(now)
        best = self._recommended
        if best is not None and (now.model_id(best) or now.on_its_way(best)):
            best = None
        if best != self.recommendation.offer():
            self.recommendation.show_offer(best)

    def _order_installed(self) -> None:
        chain_focus(self.recommendation.get, self.installed.controls())

    def _show_open_row(self) -> None:
        table = self.catalogue.table
        self.scroller.show_soon(table, table.open_area)

    def _show_adding(self) -> None:
        chain_focus(self.head.add_folder, self.adding.controls())
        self.scroller.show_soon(self.adding)

    def _keep_header(self) -> None:
        self.catalogue.table.keep_header_at(-self.scroller.top_of(self.catalogue.table))

    # QWidget

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() != Qt.Key.Key_Escape:
            super().keyPressEvent(event)
        elif self.catalogue.search.hasFocus() and self.catalogue.search.text():
            self.catalogue.search.clear()
        else:
            self.closed.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.head.set_room(event.size().width())
        gap, bar = metrics().gap(MARGIN), self.scroller.verticalScrollBar().sizeHint().width()
        left, right = (bar, 0) if self.isRightToLeft() else (0, bar)
        self._banner_row.setContentsMargins(gap + left, 0, gap + right, 0)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if import_paths(event.mimeData().urls()):
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()
            self._veil.cover()
        else:
            event.ignore()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self._veil.hide()

    def dropEvent(self, event: QDropEvent) -> None:
        self._veil.hide()
        if self.import_paths(event.mimeData().urls()):
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()
