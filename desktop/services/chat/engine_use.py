"""What the engine is used for: the answer that was asked for first, else the chat in view."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from desktop.domain import events
from desktop.domain.attachments import Attachment
from desktop.domain.conversation import ConversationSettings, Message, Statistics
from desktop.domain.errors import Problem
from desktop.domain.events import Event
from desktop.domain.model import Model
from desktop.domain.presets import Preset, system_text_of
from desktop.domain.sampling import defaults
from desktop.domain.words import tr
from desktop.services.chat.commands import LayoutCommand
from desktop.services.chat.conversations import Conversations
from desktop.services.chat.dialogue import Dialogue
from desktop.services.chat.layouts import LayoutDesk
from desktop.services.chat.meter import Meter
from desktop.services.chat.notices import DefaultsChanged, DevicesListed, ModelsListed, Notice
from desktop.services.chat.preferences import Preferences
from desktop.services.chat.readiness import InstallNews, Readiness, Wanted
from desktop.services.chat.request import Request
from desktop.services.chat.rest import Rest
from desktop.services.chat.titler import Titler
from desktop.services.chat.weigher import Weigher
from desktop.services.engine_host import EngineHost
from desktop.services.models import ModelService

HANG_CHECK_S = 0.5


@dataclass(frozen=True, slots=True)
class Parts:
    """What the engine is used through."""

    models: ModelService
    host: EngineHost
    readiness: Readiness
    rest: Rest
    titler: Titler
    preset_of: Callable[[str], Preset | None]
    layouts: LayoutDesk


class EngineUse:
    """Lives in the chat service's thread. One answer is written at a time."""

    def __init__(
        self,
        chats: Conversations,
        parts: Parts,
        preferences: Preferences,
        notify: Callable[[Notice], None],
    ) -> None:
        self._chats = chats
        self._models = parts.models
        self._host = parts.host
        self._readiness = parts.readiness
        self._rest = parts.rest
        self._titler = parts.titler
        self._preset_of = parts.preset_of
        self._layouts = parts.layouts
        self._preferences = preferences
        self._notify = notify
        self._meter = Meter(parts.host.send, notify)
        self._weigher = Weigher(parts.host.send, notify)
        self._chosen: Wanted | None = None  # None: look again which model is wanted
        self._number = 0  # of the process that the conversations speak with

    @property
    def patience_s(self) -> float | None:
        """How long to wait for something to happen before `look` is due; None: for ever."""
        if any(dialogue.stopping for dialogue in self._chats):
            return HANG_CHECK_S
        return self._rest.left

    def look(self) -> None:
        """End an engine that does not answer; give back the memory that nobody needs."""
        if any(dialogue.hung for dialogue in self._chats):
            self._readiness.restart()
        self.go_on(asked=False)

    # what happens

    def hear(self, number: int, event: Event) -> None:
        """Take what the engine says."""
        if not self._host.accept(number, event):
            return
        self._readiness.hear(event)
        if isinstance(event, events.Devices):
            self._tell_devices()
        if self._readiness.model is not None:
            for dialogue in tuple(self._chats):
                dialogue.hear(event, self._readiness.model)
        self._titler.hear(event)
        self._meter.hear(event)
        self._weigher.hear(event)
        self._layouts.hear(event)
        self._fail_served()

    def hear_install(self, news: InstallNews) -> None:
        """Take how the installation of the first model goes."""
        self._readiness.hear_install(news)
        self._fail_served()
        self.tell_choices()

    def choose_again(self) -> None:
        """Another model or device may be wanted now, or the same once more; tells which."""
        self._chosen = None
        self.tell_choices()

    def refresh(self) -> None:
        """Models came or went."""
        if self._readiness.gone:
            self._chosen = None
        self.tell_choices()

    def prepare(self) -> None:
        """Try again to have the model ready."""
        self.tell_choices()
        self._readiness.prepare()

    def repair(self) -> None:
        """Install the starter again."""
        for dialogue in self._chats:
            if dialogue.asked:
                dialogue.stop()
        self._readiness.repair()

    def take_settings(self, minutes: int) -> None:
        """What a model is loaded with may have changed."""
        self._rest.limit(minutes)
        if self._host.outdated and not self._busy:
            self._readiness.restart()

    def view_changed(self) -> None:
        """Another conversation is in view."""
        self._meter.forget()
        self.tell_choices()

    def go_on(self, *, asked: bool) -> None:
        """Have the next answer written, or the model of the chat in view ready.

        `asked`: the user did something just now.
        """
        self._notice_new_engine()
        self._forget_secrets()
        while True:
            served = self._served()
            self._have_ready(served)
            if not self._fail_served():
                break
        self._note_rest(asked=asked)
        if self._readiness.ready:
            self._serve(served)
        if self._rest.left == 0:
            self._readiness.unload()
            self._note_rest(asked=False)

    def lay_out(self, command: LayoutCommand) -> None:
        """See or change the prompt layout of the model in view. Raises Problem."""
        self._layouts.handle(command, self._request(self._chats.view), self.model_in_view)

    def weigh(self, text: str, attachments: tuple[Attachment, ...]) -> None:
        """Tell the tokens of what is written and not sent, when nobody waits for the engine."""
        self._weigher.ask(text, attachments)

    # what the window is told of the chat in view

    def tell_choices(self) -> None:
        """Tell what the chat in view is held with, and what else there is."""
        self._notify(ModelsListed(self._models.library.installed(), self.model_in_view))
        if self._readiness.devices:
            self._tell_devices()
        self.tell_defaults()

    def tell_defaults(self) -> None:
        """Tell the sampling values of the chat in view."""
        model = self.model_in_view
        values = defaults(model.sampling if model else None)
        self._notify(DefaultsChanged(values, self._chats.settings.sampling))

    @property
    def model_in_view(self) -> Model | None:
        """The model that the chat in view is held with."""
        return self._models.preferred(*self._models_of(self._chats.settings))

    def new_settings(self) -> ConversationSettings:
        """What a new conversation is held with: where the last one ran, unless told otherwise."""
        last, preferred = self._chats.settings, self._preferences
        return ConversationSettings(
            model="" if preferred.model else last.model,
            device=last.device,
            context_policy=preferred.context_policy,
        )

    def check_again(self, message: Message) -> Statistics:
        """What an answer was made with, if it can be made again. Raises Problem."""
        made = message.statistics
        if made is None or not made.sampling:
            raise Problem(
                tr("It is not known what this answer was made with."),
                tr("Write another answer instead."),
            )
        installed = {model.id: model for model in self._models.library.installed()}
        model = installed.get(made.model)
        if model is None or model.weights != made.weights:
            raise _model_gone(made)
        if lacking := self._host.lacking(model, made.adapters):
            raise _adapter_gone(lacking[0])
        devices = {each.name for each in self._readiness.devices if each.available}
        if devices and made.device not in devices:
            raise _device_gone(made.device)
        return made

    # whose turn it is

    @property
    def _busy(self) -> bool:
        return any(dialogue.answering for dialogue in self._chats)

    def _served(self) -> Dialogue:
        """Whose answer is written, else who asked first, else the chat in view."""
        due = [dialogue for dialogue in self._chats if dialogue.due is not None]
        asked = next((dialogue for dialogue in due if dialogue.asked), None)
        return asked or min(due, key=_number, default=self._chats.view)

    def _have_ready(self, served: Dialogue) -> None:
        if served.asked:
            return
        wanted = self._wanted(served)
        if wanted != self._chosen:
            if served is self._chats.view:
                self.tell_choices()
            self._chosen = wanted
            self._readiness.choose(wanted)
        elif served.waiting and self._readiness.idle:
            self._readiness.prepare()

    def _fail_served(self) -> bool:
        """End the answer that was to be written, when there is no engine for it."""
        served, problem = self._served(), self._readiness.problem
        if problem is None or served.due is None:
            return False
        served.fail(problem)
        return True

    def _wanted(self, dialogue: Dialogue) -> Wanted:
        settings = dialogue.conversation.settings
        again = dialogue.due.again if dialogue.due else None
        if again is None:
            device = settings.device or self._preferences.device
            return Wanted(self._models_of(settings), device, adapters=settings.adapters)
        runs = self._readiness.model if self._readiness.ready else None
        as_it_runs = runs is not None and runs.id == again.model
        same_place = (again.device, again.properties, again.adapters) == (
            self._readiness.runs_on,
            self._readiness.properties,
            self._readiness.adapters,
        )
        if as_it_runs and same_place and self._chosen is not None:
            return self._chosen
        return Wanted((again.model,), again.device, again.properties, again.adapters)

    def _models_of(self, settings: ConversationSettings) -> tuple[str, ...]:
        return (settings.model, self._preferences.model)

    def _serve(self, served: Dialogue) -> None:
        if served.waiting:
            self._titler.stop()
            served.ask(self._request(served))
            self._meter.forget()
        elif served.due is None and not self._busy:
            self._meter.keep(self._request(served), self._host.number)
            self._weigher.serve(self._request(served), self._host.number)
            self._titler.offer(served, self._layouts.of(self._readiness.model))

    def _request(self, dialogue: Dialogue) -> Request:
        known, due = dialogue.conversation, dialogue.due
        settings = known.settings
        said = due.said if due else known.messages
        model = self._readiness.model
        request = Request(
            (*self._chats.earlier(dialogue), *said),
            settings,
            defaults(model.sampling if model else None) | settings.sampling,
            system_text_of(settings, self._preset_of(settings.preset)),
            self._preset_of(settings.preset),
            continues=due is not None and due.begun is not None,
            layout=self._layouts.of(model),
        )
        if due is None or due.again is None:
            return request
        again = due.again
        return replace(
            request,
            sampling=request.sampling | again.sampling,
            system_text=again.system_text,
            preset=self._preset_of(again.preset),
        )

    # the process

    def _notice_new_engine(self) -> None:
        if self._host.number != self._number:
            self._number = self._host.number
            for dialogue in self._chats:
                dialogue.engine_gone()
            self._titler.engine_gone()

    def _forget_secrets(self) -> None:
        """End a process that may remember a temporary chat, unless it writes for another one."""
        if not self._chats.secret_left or any(dialogue.asked for dialogue in self._chats):
            return
        self._chats.secret_left = False
        if self._readiness.ready or self._readiness.loading:
            self._readiness.restart()
            self._notice_new_engine()

    def _note_rest(self, *, asked: bool) -> None:
        self._notice_new_engine()
        rests = self._readiness.ready and not self._busy and not self._titler.busy
        model = self._readiness.model if rests else None
        self._rest.note(model, self._readiness.runs_on, asked=asked)

    def _tell_devices(self) -> None:
        device = self._chats.settings.device or self._preferences.device
        self._notify(DevicesListed(self._readiness.devices, device))


def _number(dialogue: Dialogue) -> int:
    return dialogue.due.number if dialogue.due else 0


def _model_gone(made: Statistics) -> Problem:
    what = tr(
        "The model that wrote this answer ({model}, {weights}) is not here.",
        model=made.model,
        weights=made.weights,
    )
    return Problem(what, tr("Install it again on the models page."))


def _adapter_gone(name: str) -> Problem:
    what = tr("The adapter “{name}”, which this answer was written with, is not here.", name=name)
    return Problem(what, tr("Add it again in the settings of this chat."))


def _device_gone(device: str) -> Problem:
    what = tr("This answer was written on {device}, which is not there now.", device=device)
    return Problem(what, tr("Write another answer instead."))
