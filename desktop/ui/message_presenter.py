"""What the user does with messages: other versions, editing, continuing, deleting."""

from collections.abc import Callable

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QPushButton

from desktop.domain.conversation import ContextPolicy, Role
from desktop.services.chat import commands, notices
from desktop.services.chat.commands import ChatCommand
from desktop.ui.chat_pane import ChatPane
from desktop.ui.i18n import tr, trn
from desktop.ui.shortcuts import bind
from desktop.ui.transcript import tools
from desktop.ui.transcript.message_entry import DROP_OLDEST, LAST_EXCHANGE, RETRY
from desktop.ui.transcript_presenter import TranscriptPresenter
from desktop.ui.widgets.banner import INFO

UNDO_BRANCH, UNDO = "undoBranch", "undo"
UNDO_BUTTONS = (f"bannerAction_{UNDO_BRANCH}", f"bannerAction_{UNDO}")
POLICIES = {  # of the ways on that the transcript offers
    DROP_OLDEST: ContextPolicy.DROP_OLDEST,
    LAST_EXCHANGE: ContextPolicy.LAST_EXCHANGE,
}


class MessagePresenter(QObject):
    """Turns actions on messages into commands; `settle` hands on what the user changed before."""

    def __init__(
        self,
        pane: ChatPane,
        transcript: TranscriptPresenter,
        post: Callable[[ChatCommand], None],
        settle: Callable[[], None],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._pane = pane
        self._transcript = transcript
        self._post = post
        self._settle = settle
        self._turned_to = ""  # id of the version that was asked for
        self._deleted = ""  # what the banner says
        view = pane.transcript
        view.action_triggered.connect(self.act)
        view.edited.connect(self._edit)
        transcript.passage_wanted.connect(
            lambda start, count: self._post(commands.LoadPassage(start, count))
        )
        self._bind_keys()

    def act(self, message_id: str, action: str) -> None:
        """Do what a link or an icon of a message stands for."""
        if action in (tools.PREVIOUS, tools.NEXT):
            self._choose(message_id, 1 if action == tools.NEXT else -1)
        elif action in POLICIES:
            policy, pin_first = POLICIES[action], self._pane.context.pin_first
            self._pane.context.set_choice(policy, pin_first)
            self._post(commands.ChangeContext(policy, pin_first))
            self._ask(commands.Retry())
        elif action == RETRY:
            said = self._transcript.text_of(message_id).strip()
            self._ask(commands.Regenerate(message_id) if said else commands.Retry())
        elif action == tools.DELETE:
            self._settle()
            self._post(commands.DeleteBranch(message_id))
        else:
            asked: dict[str, ChatCommand] = {
                tools.REGENERATE: commands.Regenerate(message_id),
                tools.CONTINUE: commands.ContinueAnswer(message_id),
                tools.AGAIN: commands.MakeAgain(message_id),
            }
            self._ask(asked[action])

    def opened(self, notice: notices.Opened) -> None:
        """Another branch or conversation is in view."""
        if not notice.same:
            self.forget_deleted()
        if self._turned_to in notice.forks:
            self._pane.transcript.say_version(self._turned_to)
        self._turned_to = ""

    def branch_deleted(self, notice: notices.BranchDeleted) -> None:
        """Offer to bring the branch back."""
        self.forget_deleted()
        self._deleted = trn(
            "{count} message deleted.", "{count} messages deleted.", notice.messages
        )
        undo = [(UNDO_BRANCH, tr("Undo"))]
        self._pane.banners.show_message(self._deleted, undo, INFO)

    def forget_deleted(self) -> None:
        """The way back is closed."""
        for banner in self._pane.banners.banners():
            if self._deleted and banner.text() == self._deleted:
                banner.dismiss()
        self._deleted = ""

    def _ask(self, command: ChatCommand) -> None:
        """Have an answer written, unless one is."""
        if self._pane.busy:
            return
        self._settle()
        self._pane.set_busy(True)
        self._post(command)

    def _edit(self, message_id: str, text: str) -> None:
        self._ask(commands.EditMessage(message_id, text))
        self._pane.composer.setFocus()

    def _choose(self, message_id: str, step: int) -> None:
        fork = self._transcript.fork_of(message_id)
        if fork is None or self._pane.busy or not 0 <= fork.position + step < len(fork.siblings):
            return
        self._turned_to = fork.siblings[fork.position + step]
        self._pane.transcript.pass_focus(message_id, self._turned_to)
        self._settle()
        self._post(commands.ChooseBranch(self._turned_to))

    # by keyboard: about the message with the focus, or else about the last one

    def _bind_keys(self) -> None:
        view, answer, question = self._pane.transcript, Role.ASSISTANT, Role.USER
        for shortcut, do in (
            ("copy_answer", lambda: self._use(tools.COPY, answer)),
            ("regenerate", lambda: self._use(tools.REGENERATE, answer)),
            ("make_again", lambda: self._use(tools.AGAIN, answer)),
            ("continue_answer", lambda: self._use(tools.CONTINUE, answer)),
            ("edit_message", lambda: self._use(tools.EDIT, question)),
            ("delete_message", lambda: self._use(tools.DELETE)),
            ("undo_delete", self._undo),
            ("previous_branch", lambda: self._turn(tools.PREVIOUS)),
            ("next_branch", lambda: self._turn(tools.NEXT)),
            ("previous_message", lambda: view.attend(-1)),
            ("next_message", lambda: view.attend(1)),
        ):
            bind(shortcut, self._pane, do)

    def _use(self, tool: str, role: Role | None = None) -> None:
        """Do what a tool of a message does, where it has that tool and nothing is in the way."""
        attended = self._pane.transcript.attended
        suits = attended and tool in self._transcript.tools_of(attended)
        meant = attended if suits else self._transcript.last(role)
        waits = self._pane.busy and tool not in tools.ALWAYS
        if not waits and tool in self._transcript.tools_of(meant):
            self._pane.transcript.use_tool(meant, tool)

    def _undo(self) -> None:
        """Press Undo where it is offered, at last in the list of chats."""
        for name in UNDO_BUTTONS:
            for button in self._pane.window().findChildren(QPushButton, name):
                if button.isVisible():
                    button.click()
                    return

    def _turn(self, way: str) -> None:
        """To another version."""
        attended = self._pane.transcript.attended
        message_id = attended if self._transcript.fork_of(attended) else self._transcript.last_fork
        if message_id:
            self.act(message_id, way)
