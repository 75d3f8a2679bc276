"""A window that is told what a service would tell, for the tests of what is shown and asked."""

from PySide6.QtCore import Qt

from desktop.domain.conversation import Conversation, Message, Role
from desktop.domain.tree import Fork
from desktop.services.chat import commands, notices
from desktop.ui.transcript.view import TranscriptView
from tests.gui.desk import Desk

ASKED = Message(Role.USER, "Is it so?", id="u")
ANSWERED = Message(Role.ASSISTANT, "Yes, **it** is.", id="a", parent_id="u")
TALK = Conversation(id="c", messages=(ASKED, ANSWERED))
FORKS = {"a": Fork(("x", "a", "z"), 1)}


class Told(Desk):
    """A window that is told things, and whose commands are read instead of done."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk.window, desk.qtbot, desk.engines)
        self.until(lambda: "CPU" in self.status)
        self.presenter = self.window._presenter
        self.posted: list[object] = []
        self.presenter._post = self.posted.append
        self.presenter._messages._post = self.posted.append
        self.presenter._draft._post = self.posted.append
        self.finding = self.window._find_presenter
        self.finding._post = self.finding._post_history = self.posted.append
        self.window.activateWindow()

    @property
    def view(self) -> TranscriptView:
        return self.window.pane.transcript

    def tell(self, *told: notices.Notice) -> None:
        for notice in told:
            self.presenter.take(notice)
            self.finding.take(notice)

    def opened(self, conversation: Conversation = TALK, **more: object) -> None:
        self.tell(notices.Opened(conversation, **more))  # type: ignore[arg-type]

    def press(self, key: Qt.Key, modifiers: Qt.KeyboardModifier) -> None:
        self.composer.setFocus()
        self.qtbot.keyClick(self.composer, key, modifiers)

    def earlier_asked(self) -> int:
        return sum(isinstance(each, commands.LoadPassage) for each in self.posted)
