"""What the user does with the messages of the conversation in view."""

from collections.abc import Callable

from desktop.domain.attachments import Attachment
from desktop.domain.conversation import Message, Statistics
from desktop.services.chat import commands
from desktop.services.chat.commands import ChatCommand
from desktop.services.chat.conversations import Conversations
from desktop.services.chat.draft_commands import (
    SaveDraft,
    SaveDraftAttachments,
    Send,
    WeighDraft,
)
from desktop.services.chat.notices import Notice


class TreeWork:
    """Lives in the chat service's thread."""

    def __init__(
        self,
        chats: Conversations,
        check_again: Callable[[Message], Statistics],
        weigh: Callable[[str, tuple[Attachment, ...]], None],
        notify: Callable[[Notice], None],
    ) -> None:
        self._chats = chats
        self._check_again = check_again
        self._weigh = weigh
        self._notify = notify

    def handle(self, command: ChatCommand) -> None:
        """Do it and tell. Raises Problem."""
        view = self._chats.view
        match command:
            case Send(text, attachments):
                view.say(text, attachments)
            case commands.Stop():
                view.stop()
            case commands.Retry():
                view.retry()
            case commands.Regenerate(message_id):
                self._at(message_id, lambda: view.regenerate(message_id))
            case commands.MakeAgain(message_id):
                self._at(message_id, lambda: self._make_again(message_id))
            case commands.EditMessage(message_id, text):
                self._at(message_id, lambda: view.edit(message_id, text))
            case commands.ContinueAnswer(message_id):
                view.go_on(message_id)
            case _:
                self._change_draft(command)

    def _change_draft(self, command: ChatCommand) -> None:
        draft = self._chats.view.draft
        match command:
            case SaveDraft(text):
                draft.write(text)
            case SaveDraftAttachments(attachments):
                draft.attach(attachments)
            case WeighDraft(text, attachments):
                self._weigh(text, attachments)
            case _:
                self._change_tree(command)

    def _change_tree(self, command: ChatCommand) -> None:
        view, branches = self._chats.view, self._chats.branches
        told: Notice | None = None
        match command:
            case commands.Clear():
                told = branches.clear(view)
            case commands.UndoClear():
                branches.undo_clear(view)
            case commands.ChooseBranch(message_id):
                branches.choose(view, message_id)
            case commands.DeleteBranch(message_id):
                told = branches.delete(view, message_id)
            case commands.UndoDeleteBranch():
                branches.undo_delete(view)
            case commands.LoadPassage(start, count):
                told = branches.passage(view, start, count)
        if told is not None:
            self._notify(told)

    def _at(self, message_id: str, work: Callable[[], bool]) -> None:
        """Write in the place of a message, however far up it is."""
        view, branches = self._chats.view, self._chats.branches
        was = view.conversation, view.branch
        brought, done = branches.bring(view, message_id), False
        try:
            done = work()
        finally:
            if brought and not done:
                view.take(*was)

    def _make_again(self, message_id: str) -> bool:
        message = self._chats.view.conversation.message(message_id)
        if message is None:
            return False
        return self._chats.view.regenerate(message_id, self._check_again(message))
