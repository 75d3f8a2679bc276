"""Between the chat service and the window: notices to widgets, gestures to commands."""

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Signal, Slot
from PySide6.QtGui import QDesktopServices

from desktop.domain.conversation import Message, Role, State
from desktop.domain.sampling import Values
from desktop.domain.wording import stage_text, weights_label
from desktop.services.chat import commands, notices
from desktop.services.chat.commands import ChatCommand
from desktop.services.chat.notices import EngineState, Notice
from desktop.ui.chat_pane import ChatPane
from desktop.ui.i18n import tr
from desktop.ui.settings.sampling_panel import SamplingPanel
from desktop.ui.transcript.links import safe_link
from desktop.ui.transcript.message_entry import RETRY, entry_of
from desktop.ui.widgets.banner import INFO, PROBLEM, WARNING
from desktop.ui.widgets.status_line import reading_text

FLUSH_MS = 33  # at most 30 updates a second
SETTLE_MS = 250  # a slider that is dragged passes many values; only the last is saved
UNDO, PREPARE, REPAIR = "undo", "prepare", "repair"


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
        self._messages: list[Message] = []
        self._grown: dict[str, str] = {}
        self._engine_banner = ""
        self._saving_banner = ""
        self._flush = QTimer(self, singleShot=True, interval=FLUSH_MS)
        self._flush.timeout.connect(self._flush_grown)
        self._sampling: Values | None = None  # changed, and not handed on yet
        self._settle = QTimer(self, singleShot=True, interval=SETTLE_MS)
        self._settle.timeout.connect(self.flush)
        self._handlers: dict[type, Callable[..., None]] = {
            notices.Opened: self._opened,
            notices.ModelsListed: self._models_listed,
            notices.DevicesListed: self._devices_listed,
            notices.DefaultsChanged: self._defaults_changed,
            notices.EngineChanged: self._engine_changed,
            notices.MessageAdded: self._message_added,
            notices.MessageRemoved: self._message_removed,
            notices.AnswerReading: self._answer_reading,
            notices.AnswerGrew: self._answer_grew,
            notices.AnswerEnded: self._answer_ended,
            notices.ContextUsed: self._context_used,
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
        """Show what the chat service tells."""
        self._handlers[type(notice)](notice)

    @Slot()
    def flush(self) -> None:
        """Hand on what the user has just changed and what still settles."""
        self._panel.flush()
        self._settle.stop()
        if self._sampling is not None:
            self._post(commands.ChangeSampling(self._sampling))
            self._sampling = None

    def _connect(self) -> None:
        pane = self._pane
        pane.composer.send_requested.connect(self._send)
        pane.composer.stop_requested.connect(lambda: self._post(commands.Stop()))
        pane.examples.chosen.connect(self._send)
        pane.clear_button.clicked.connect(lambda: self._post(commands.Clear()))
        pane.model_picker.model_chosen.connect(self._choose_model)
        pane.device_picker.device_chosen.connect(self._choose_device)
        pane.banners.action_triggered.connect(self._banner_action)
        pane.transcript.action_triggered.connect(self._entry_action)
        pane.transcript.link_activated.connect(self._open_link)
        self._panel.sampling_changed.connect(self._change_sampling)
        self._panel.system_prompt_changed.connect(self._change_system_prompt)

    # what the user does

    def _send(self, text: str) -> None:
        self.flush()
        self._dismiss(self._undo_text())
        self._post(commands.Send(text))
        if text == self._pane.composer.text():
            self._pane.composer.clear()
        self._pane.composer.set_busy(True)
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
        self.flush()
        asked: dict[str, ChatCommand] = {
            UNDO: commands.UndoClear(),
            PREPARE: commands.PrepareModel(),
            REPAIR: commands.RepairModel(),
        }
        if action in asked:
            self._post(asked[action])

    def _entry_action(self, _: str, action: str) -> None:
        if action == RETRY:
            self.flush()
            self._pane.composer.set_busy(True)
            self._post(commands.Retry())

    def _open_link(self, address: str) -> None:
        url = safe_link(address)
        if url is not None:
            QDesktopServices.openUrl(url)

    # what the service tells

    def _opened(self, notice: notices.Opened) -> None:
        conversation = notice.conversation
        self._messages = list(conversation.messages)
        last = self._messages[-1] if self._messages else None
        self._pane.transcript.set_entries(
            [entry_of(message, last=message is last) for message in self._messages]
        )
        self._pane.transcript.scroll_to_end()
        self._pane.show_conversation(bool(self._messages))
        self._panel.set_values(conversation.settings.sampling, conversation.settings.system_prompt)

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
        if notice.state is EngineState.READY:
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
        if self._messages:
            self._pane.transcript.update_entry(entry_of(self._messages[-1]))
        self._messages.append(notice.message)
        self._pane.transcript.add_entry(entry_of(notice.message, last=True))
        self._pane.show_conversation(True)
        self._pane.composer.set_busy(notice.message.state is State.WRITING)

    def _message_removed(self, notice: notices.MessageRemoved) -> None:
        ids = [message.id for message in self._messages]
        del self._messages[ids.index(notice.message_id) :]
        self._pane.transcript.remove_from(notice.message_id)

    def _answer_reading(self, notice: notices.AnswerReading) -> None:
        self._pane.status.set_state(
            reading_text(notice.done, notice.total), notice.done, notice.total
        )

    def _answer_grew(self, notice: notices.AnswerGrew) -> None:
        self._grown[notice.message_id] = self._grown.get(notice.message_id, "") + notice.text
        if not self._flush.isActive():
            self._flush.start()

    def _answer_ended(self, notice: notices.AnswerEnded) -> None:
        self._flush_grown()
        message = notice.message
        self._messages = [message if m.id == message.id else m for m in self._messages]
        last = bool(self._messages) and self._messages[-1].id == message.id
        self._pane.transcript.update_entry(entry_of(message, last=last))
        if last:
            self._pane.composer.set_busy(False)
            self._pane.status.clear_state()
        if message.problem == self._engine_banner:
            self._dismiss(self._engine_banner)
        if message.statistics is not None:
            self._pane.status.set_speed(message.statistics.tokens_per_s, message.statistics.ttft_ms)

    def _context_used(self, notice: notices.ContextUsed) -> None:
        self._pane.context.set_usage(notice.used, notice.available)

    def _cleared(self, notice: notices.Cleared) -> None:
        self._messages = []
        self._grown.clear()
        self._pane.transcript.clear()
        self._pane.show_conversation(False)
        self._pane.composer.set_busy(False)
        self._pane.context.set_usage(0, 0)
        if notice.messages:
            self._pane.banners.show_message(self._undo_text(), [(UNDO, tr("Undo"))], INFO)

    def _trouble(self, notice: notices.Trouble) -> None:
        self._pane.banners.show_message(f"{notice.what} {notice.remedy}".strip(), kind=WARNING)

    def _saving_failed(self, notice: notices.SavingFailed) -> None:
        self._saving_banner = f"{notice.what} {notice.remedy}".strip()
        self._pane.banners.show_message(self._saving_banner, kind=PROBLEM)

    def _saving_works(self, _: notices.SavingWorks) -> None:
        self._dismiss(self._saving_banner)
        self._pane.banners.show_message(tr("Everything is saved again."), timeout_s=5)

    # helpers

    def _flush_grown(self) -> None:
        self._flush.stop()
        grown, self._grown = self._grown, {}
        for message_id, text in grown.items():
            self._pane.transcript.append_text(message_id, text)
            if self._writing(message_id):
                self._pane.status.clear_state()

    def _writing(self, message_id: str) -> bool:
        return any(m.id == message_id and m.role is Role.ASSISTANT for m in self._messages)

    def _dismiss(self, text: str) -> None:
        for banner in self._pane.banners.banners():
            if text and banner.text() == text:
                banner.dismiss()

    def _undo_text(self) -> str:
        return tr("The conversation is cleared.")
