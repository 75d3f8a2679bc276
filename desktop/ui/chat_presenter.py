"""Between the chat service and the window: notices to widgets, gestures to commands."""

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Signal, Slot
from PySide6.QtGui import QDesktopServices

from desktop.domain.attachments import Attachment
from desktop.domain.conversation import ContextPolicy, State
from desktop.domain.sampling import Values
from desktop.domain.wording import stage_text, weights_label
from desktop.services.chat import commands, notices
from desktop.services.chat.commands import ChatCommand
from desktop.services.chat.draft_commands import Send
from desktop.services.chat.notices import EngineState, Notice
from desktop.ui.chat_pane import ChatPane
from desktop.ui.draft_keeper import DraftKeeper
from desktop.ui.i18n import tr
from desktop.ui.message_presenter import UNDO, UNDO_BRANCH, MessagePresenter
from desktop.ui.settings.sampling_panel import SamplingPanel
from desktop.ui.transcript.links import safe_link
from desktop.ui.transcript_presenter import TranscriptPresenter
from desktop.ui.widgets.banner import INFO, PROBLEM, WARNING

SETTLE_MS = 250  # a slider that is dragged passes many values; only the last is saved
PREPARE, REPAIR = "prepare", "repair"


class ChatPresenter(QObject):
    """Lives in the window's thread; `post` hands a command to the chat service."""

    model_used = Signal(str)  # the id of the model that answers from now on

    def __init__(
        self,
        pane: ChatPane,
        panel: SamplingPanel,
        post: Callable[[ChatCommand], None],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._pane = pane
        self._panel = panel
        self._post = post
        self._transcript = TranscriptPresenter(pane.transcript, self)
        self._messages = MessagePresenter(pane, self._transcript, post, self._settle_all, self)
        self._draft = DraftKeeper(pane.composer, post, self)
        self._engine_banner = ""
        self._saving_banner = ""
        self._opened_any = False
        self._sampling: Values | None = None  # changed, and not handed on yet
        self._settle = QTimer(self, singleShot=True, interval=SETTLE_MS)
        self._settle.timeout.connect(self.flush)
        self._handlers: dict[type, Callable[..., None]] = {
            notices.Opened: self._opened,
            notices.ForksChanged: self._transcript.set_forks,
            notices.PassageLoaded: self._transcript.show_passage,
            notices.BranchDeleted: self._messages.branch_deleted,
            notices.AnswerElsewhere: self._answer_elsewhere,
            notices.ModelsListed: self._models_listed,
            notices.DevicesListed: self._devices_listed,
            notices.DefaultsChanged: self._defaults_changed,
            notices.EngineChanged: self._engine_changed,
            notices.MessageAdded: self._message_added,
            notices.MessageRemoved: self._message_removed,
            notices.AnswerReading: self._transcript.read,
            notices.AnswerGrew: self._answer_grew,
            notices.AnswerEnded: self._answer_ended,
            notices.ContextUsed: self._context_used,
            notices.ContextFull: self._transcript.ask,
            notices.Cleared: self._cleared,
            notices.Trouble: self._trouble,
            notices.SavingFailed: self._saving_failed,
            notices.SavingWorks: self._saving_works,
        }
        self._connect()
        pane.show_conversation(False)
        pane.status.set_state(tr("Starting …"))

    @Slot(object)
    def take(self, notice: Notice) -> None:
        """Show what the chat service tells; what is about other parts of the window is theirs."""
        handler = self._handlers.get(type(notice))
        if handler:
            handler(notice)

    @Slot()
    def flush(self) -> None:
        """Hand on what the user has just changed or written, before going elsewhere."""
        self._settle_all()
        self._draft.flush()

    def _settle_all(self) -> None:
        """Hand on what still settles, so that it holds for the next answer."""
        self._panel.flush()
        self._settle.stop()
        if self._sampling is not None:
            self._post(commands.ChangeSampling(self._sampling))
            self._sampling = None

    def _connect(self) -> None:
        pane = self._pane
        pane.composer.send_requested.connect(self._send_composed)
        pane.composer.stop_requested.connect(lambda: self._post(commands.Stop()))
        pane.examples.chosen.connect(self._send)
        pane.clear_button.clicked.connect(lambda: self._post(commands.Clear()))
        pane.model_picker.model_chosen.connect(self._choose_model)
        pane.device_picker.device_chosen.connect(self._choose_device)
        pane.banners.action_triggered.connect(self._banner_action)
        pane.transcript.link_activated.connect(self._open_link)
        pane.context.choice_made.connect(self._change_context)
        self._panel.sampling_changed.connect(self._change_sampling)
        self._panel.system_prompt_changed.connect(self._change_system_prompt)

    # what the user does

    def _send_composed(self, text: str) -> None:
        self._send(text, self._pane.composer.attachments)
        self._pane.composer.clear()

    def _send(self, text: str, attachments: tuple[Attachment, ...] = ()) -> None:
        self._settle_all()
        self._dismiss(self._undo_text())
        self._messages.forget_deleted()
        self._post(Send(text, attachments))
        self._pane.set_busy(True)
        self._pane.transcript.scroll_to_end()
        self._pane.composer.setFocus()

    def _choose_model(self, model_id: str) -> None:
        self._post(commands.ChooseModel(model_id))

    def _choose_device(self, device: str) -> None:
        self._post(commands.ChooseDevice(device))

    def _change_sampling(self, changed: Values) -> None:
        self._sampling = changed
        self._settle.start()

    def _change_system_prompt(self, text: str) -> None:
        self._post(commands.ChangeSystemPrompt(text))

    def _banner_action(self, action: str) -> None:
        self._settle_all()
        asked: dict[str, ChatCommand] = {
            UNDO: commands.UndoClear(),
            UNDO_BRANCH: commands.UndoDeleteBranch(),
            PREPARE: commands.PrepareModel(),
            REPAIR: commands.RepairModel(),
        }
        if action in asked:
            self._post(asked[action])

    def _change_context(self, policy: ContextPolicy, pin_first: bool) -> None:
        self._post(commands.ChangeContext(policy, pin_first))

    def _open_link(self, address: str) -> None:
        url = safe_link(address)
        if url is not None:
            QDesktopServices.openUrl(url)

    # what the service tells

    def _opened(self, notice: notices.Opened) -> None:
        conversation = notice.conversation
        settings = conversation.settings
        if not notice.same:
            self._draft.restore(notice.draft, notice.draft_attachments)
            self._dismiss(self._undo_text())
            self._pane.context.set_usage(0, 0)
            self._pane.status.set_speed()
        self._pane.show_conversation(bool(conversation.messages))
        self._transcript.show(notice)
        self._messages.opened(notice)
        sent_before = self._pane.busy and not self._opened_any
        self._opened_any = True
        self._pane.set_busy(self._transcript.writing or sent_before)
        self._pane.set_temporary(notice.temporary)
        self._panel.set_values(settings.sampling, settings.system_prompt)
        self._pane.context.set_choice(settings.context_policy, settings.pin_first)

    def _models_listed(self, notice: notices.ModelsListed) -> None:
        self._pane.model_picker.set_models(notice.models)
        if notice.current is not None:
            self._pane.model_picker.set_current(notice.current.id)
            self.model_used.emit(notice.current.id)
            self._pane.status.set_model(weights_label(notice.current))

    def _devices_listed(self, notice: notices.DevicesListed) -> None:
        self._pane.device_picker.set_devices(notice.devices)
        self._pane.device_picker.set_current(notice.current)

    def _defaults_changed(self, notice: notices.DefaultsChanged) -> None:
        self._panel.set_defaults(notice.defaults)

    def _engine_changed(self, notice: notices.EngineChanged) -> None:
        self._dismiss(self._engine_banner)
        if notice.stage is not None:
            stage = notice.stage
            self._pane.status.set_state(stage_text(stage), stage.done, stage.total)
            return
        self._pane.status.clear_state()
        if notice.state is EngineState.UNLOADED:
            self._pane.status.set_rest(f"{notice.what} {notice.remedy}".strip())
        elif notice.state is EngineState.READY:
            self._pane.status.set_device(notice.device)
        elif notice.state is EngineState.FAILED:
            self._pane.status.set_device("")
            self._pane.status.set_speed()
            actions = [(PREPARE, tr("Try again"))]
            if notice.repairable:
                actions.append((REPAIR, tr("Install it again")))
            self._engine_banner = f"{notice.what} {notice.remedy}".strip()
            self._pane.banners.show_message(self._engine_banner, actions, PROBLEM)

    def _message_added(self, notice: notices.MessageAdded) -> None:
        self._transcript.add(notice.message)
        self._pane.show_conversation(True)
        self._pane.set_busy(notice.message.state is State.WRITING)

    def _message_removed(self, notice: notices.MessageRemoved) -> None:
        self._transcript.remove_from(notice.message_id)

    def _answer_grew(self, notice: notices.AnswerGrew) -> None:
        self._transcript.grow(notice.message_id, notice.text)
        if self._transcript.writing and not self._pane.busy:
            self._pane.set_busy(True)

    def _answer_ended(self, notice: notices.AnswerEnded) -> None:
        message = notice.message
        if self._transcript.end(message):
            self._pane.set_busy(False)
        if message.problem == self._engine_banner:
            self._dismiss(self._engine_banner)
        if message.statistics is not None:
            self._pane.status.set_speed(message.statistics.tokens_per_s, message.statistics.ttft_ms)

    def _answer_elsewhere(self, notice: notices.AnswerElsewhere) -> None:
        self._pane.status.set_elsewhere(bool(notice.chat_id))

    def _context_used(self, notice: notices.ContextUsed) -> None:
        self._pane.context.set_usage(notice.used, notice.available, len(notice.unseen))
        self._pane.transcript.set_unseen(frozenset(notice.unseen))
        self._transcript.think(notice.thinks)

    def _cleared(self, notice: notices.Cleared) -> None:
        self._transcript.clear()
        self._pane.show_conversation(False)
        self._pane.set_busy(False)
        self._messages.forget_deleted()
        self._pane.context.set_usage(0, 0)
        if notice.messages:
            self._pane.banners.show_message(self._undo_text(), [(UNDO, tr("Undo"))], INFO)

    def _trouble(self, notice: notices.Trouble) -> None:
        if not self._transcript.writing:  # what was asked for may never come
            self._pane.set_busy(False)
        self._transcript.passage_failed()
        self._pane.banners.show_message(f"{notice.what} {notice.remedy}".strip(), kind=WARNING)

    def _saving_failed(self, notice: notices.SavingFailed) -> None:
        self._saving_banner = f"{notice.what} {notice.remedy}".strip()
        self._pane.banners.show_message(self._saving_banner, kind=PROBLEM)

    def _saving_works(self, _: notices.SavingWorks) -> None:
        self._dismiss(self._saving_banner)
        self._pane.banners.show_message(tr("Everything is saved again."), timeout_s=5)

    # helpers

    def _dismiss(self, text: str) -> None:
        for banner in self._pane.banners.banners():
            if text and banner.text() == text:
                banner.dismiss()

    def _undo_text(self) -> str:
        return tr("The conversation is cleared.")
