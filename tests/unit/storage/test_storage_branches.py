"""Branches: nothing is overwritten, and going back leads to where one was."""

import pytest

from desktop.domain.conversation import Conversation, Message, Role
from desktop.domain.tree import Fork
from desktop.storage.conversations import ConversationStore


class Chat:
    """A conversation whose messages go by their texts."""

    def __init__(self, store: ConversationStore) -> None:
        self.store = store
        self.id = Conversation().id
        self.ids: dict[str, str] = {"": ""}
        store.save_conversation(Conversation(id=self.id))

    def say(self, text: str, after: str = "") -> None:
        message = Message(Role.USER, text, parent_id=self.ids[after])
        self.ids[text] = message.id
        self.store.save_messages(self.id, [message], message.id)

    def choose(self, text: str) -> None:
        self.store.choose_branch(self.id, self.ids[text])

    def shown(self) -> str:
        conversation = self.store.get(self.id)
        assert conversation is not None
        return " ".join(message.text for message in conversation.messages)

    def forks(self) -> dict[str, str]:
        """Such as 2/3, by text."""
        view = self.store.open(self.id)
        assert view is not None
        names = {id_: text for text, id_ in self.ids.items()}
        return {
            names[id_]: f"{fork.position + 1}/{len(fork.siblings)}"
            for id_, fork in view.forks.items()
        }


@pytest.fixture
def chat(store: ConversationStore) -> Chat:
    """Two answers to q; after the first one a question with two answers."""
    chat = Chat(store)
    chat.say("q")
    chat.say("a1", "q")
    chat.say("r", "a1")
    chat.say("b1", "r")
    chat.say("b2", "r")
    chat.say("a2", "q")
    return chat


def test_a_new_answer_stands_beside_the_old(chat: Chat) -> None:
    assert chat.shown() == "q a2"
    assert chat.forks() == {"a2": "2/2"}


def test_going_back_leads_to_where_one_was(chat: Chat) -> None:
    chat.choose("a1")
    assert chat.shown() == "q a1 r b2"
    assert chat.forks() == {"a1": "1/2", "b2": "2/2"}
    chat.choose("b1")
    assert chat.shown() == "q a1 r b1"
    chat.choose("a2")
    chat.choose("a1")
    assert chat.shown() == "q a1 r b1"


def test_an_edited_first_message_is_a_fork_too(chat: Chat) -> None:
    chat.say("edited")
    assert chat.shown() == "edited"
    assert chat.forks() == {"edited": "2/2"}
    chat.choose("q")
    assert chat.shown() == "q a2"


def test_what_is_found_in_a_hidden_branch_can_be_shown(chat: Chat) -> None:
    [hit] = chat.store.search("b1")
    assert chat.store.choose_branch(chat.id, hit.message_id) == chat.ids["b1"]
    assert chat.shown() == "q a1 r b1"


def test_what_is_said_after_a_choice_is_remembered(chat: Chat) -> None:
    chat.choose("b1")
    chat.say("b3", "r")
    chat.choose("a2")
    chat.choose("a1")
    assert chat.shown() == "q a1 r b3"


def test_an_older_answer_that_goes_on_is_remembered(chat: Chat) -> None:
    chat.choose("b1")
    chat.say("c", "b1")
    chat.choose("a2")
    chat.choose("a1")
    assert chat.shown() == "q a1 r b1 c"


def test_choosing_is_not_writing(chat: Chat) -> None:
    before = chat.store.summary(chat.id)
    chat.choose("b1")
    assert chat.store.summary(chat.id) == before


def test_a_choice_of_nothing_changes_nothing(chat: Chat) -> None:
    assert chat.store.choose_branch(chat.id, "unknown") == chat.ids["a2"]
    assert chat.store.choose_branch("unknown", "unknown") == ""
    assert chat.shown() == "q a2"


def test_a_deleted_branch_gives_way_to_its_neighbour(chat: Chat) -> None:
    chat.store.delete_branch(chat.id, chat.ids["a2"])
    assert chat.shown() == "q a1 r b2"
    chat.store.delete_branch(chat.id, chat.ids["b2"])
    assert chat.shown() == "q a1 r b1"
    chat.store.delete_branch(chat.id, chat.ids["a1"])
    assert chat.shown() == "q"
    chat.store.delete_branch(chat.id, chat.ids["q"])
    assert chat.shown() == ""
    assert chat.store.delete_branch(chat.id, "unknown") is None


def test_a_branch_that_is_not_in_view_is_deleted_quietly(chat: Chat) -> None:
    removed = chat.store.delete_branch(chat.id, chat.ids["a1"])
    assert removed is not None
    assert [message.text for message in removed.messages] == ["a1", "r", "b1", "b2"]
    assert chat.shown() == "q a2"
    assert chat.store.search("b1") == ()


@pytest.mark.parametrize("text", ["q", "a1", "r", "b1", "b2"])
def test_undo_brings_all_of_it_back(chat: Chat, text: str) -> None:
    chat.choose("b1")
    before = chat.store.whole(chat.id)
    removed = chat.store.delete_branch(chat.id, chat.ids[text])
    assert removed is not None
    assert chat.store.whole(chat.id) != before
    chat.store.restore(removed)
    assert chat.store.whole(chat.id) == before
    assert chat.shown() == "q a1 r b1"
    assert [hit.message_id for hit in chat.store.search("b1")] == [chat.ids["b1"]]


def test_a_long_conversation_is_opened_at_its_end(store: ConversationStore) -> None:
    chat = Chat(store)
    for number in range(30):
        chat.say(str(number), str(number - 1) if number else "")
    view = store.open(chat.id, last=4)
    assert view is not None
    assert [message.text for message in view.conversation.messages] == ["26", "27", "28", "29"]
    assert (len(view.path), view.earlier) == (30, 26)
    earlier = store.messages(chat.id, view.path[20:26])
    assert [message.text for message in earlier] == ["20", "21", "22", "23", "24", "25"]
    assert store.messages(chat.id, ["unknown"]) == ()
    assert store.messages("other", view.path) == ()
    everything = store.open(chat.id, last=1000)
    assert everything is not None
    assert everything.earlier == 0
    assert store.open("unknown") is None


def test_a_fork_names_its_siblings_in_order(chat: Chat) -> None:
    view = chat.store.open(chat.id)
    assert view is not None
    assert view.forks == {chat.ids["a2"]: Fork((chat.ids["a1"], chat.ids["a2"]), 1)}
