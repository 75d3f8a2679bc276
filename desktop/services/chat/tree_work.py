"""What the user does with the messages of the conversation in view."""

from collections.abc import Callable

from desktop.domain.conversation import Message, Statistics
from desktop.services.chat import commands
from desktop.services.chat.commands import ChatCommand
from desktop.services.chat.conversations import Conversations
from desktop.services.chat.notices import Notice


class TreeWork:
    """Lives in the chat service's thread."""

    def __init__(
        self,
        chats: Conversations,
        check_again: Callable[[Message], Statistics],
        notify: Callable[[Notice], None],
    ) -> None:
        self._chats = chats
        self._check_again = check_again
        self._notify = notify

    def handle(self, command: ChatCommand) -> None:
        """Do it and tell. Raises Problem."""
        view = self._chats.view
        match command:
            case commands.Send(text):
                view.say(text)
            case commands.Stop():
                view.stop()
            case commands.Retry():
                view.retry()
            case commands.Regenerate(message_id):
                view.regenerate(message_id)
            case commands.MakeAgain(message_id):
                self._make_again(message_id)
            case commands.EditMessage(message_id, text):
                view.edit(message_id, text)
            case commands.ContinueAnswer(message_id):
                view.go_on(message_id)
            case commands.SaveDraft(text):
                view.keep_draft(text)
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
            case commands.LoadEarlier():
                told = branches.load_earlier(view)
        if told is not None:
            self._notify(told)

    def _make_again(self, message_id: str) -> None:
        message = self._chats.view.conversation.message(message_id)
        if message is not None:
            self._chats.view.regenerate(message_id, self._check_again(message))
