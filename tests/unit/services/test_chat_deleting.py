"""Chats are deleted, brought back, and erased."""

from desktop.domain import events
from desktop.domain.conversation import State
from desktop.engine.protocol import Stop
from desktop.services.chat import commands, notices
from tests.unit.services.harness import (
    Engines,
    MakeChat,
    changed,
    done,
    exchange,
    half_an_answer,
    opened,
    ready_chat,
    titles,
    user_texts,
)

NEW = commands.NewChat()


def test_the_chat_in_view_is_deleted_and_comes_back(make_chat: MakeChat, engines: Engines) -> None:
    chat, engine = ready_chat(make_chat, engines)
    first = chat.in_view
    exchange(chat, engine, "One", "Eins")
    chat.settled()
    chat.post(commands.DeleteChat(first))
    assert chat.until(notices.ChatGone).chat_id == first
    assert chat.until(notices.ChatDeleted) == notices.ChatDeleted(first, "One")
    assert chat.until(notices.Opened).conversation.messages == ()
    assert chat.settled() == ()
    assert changed(chat, commands.UndeleteChat(first)).id == first
    assert user_texts(chat.until(notices.Opened).conversation) == ["One", "Eins"]
    assert titles(chat.settled()) == ["One"]


def test_another_chat_is_deleted_and_comes_back_to_the_list_only(
    make_chat: MakeChat, engines: Engines
) -> None:
    chat, engine = ready_chat(make_chat, engines)
    first = chat.in_view
    exchange(chat, engine, "One", "Eins")
    opened(chat, commands.DeleteChat(first))
    opened(chat, commands.UndeleteChat(first))  # into view: it was there
    second = opened(chat, NEW).conversation.id
    chat.post(commands.DeleteChat(first))
    chat.until(notices.ChatDeleted)
    assert changed(chat, commands.UndeleteChat(first)).id == first
    chat.settled()
    assert chat.in_view == second


def test_deleting_ends_the_answer_and_undo_has_what_was_written(
    make_chat: MakeChat, engines: Engines
) -> None:
    chat, engine = ready_chat(make_chat, engines)
    first = chat.in_view
    request = half_an_answer(chat, engine, "One", "Once")
    opened(chat, NEW)
    chat.post(commands.DeleteChat(first))
    assert engine.got(Stop).request_id == request.request_id
    chat.until(notices.AnswerElsewhere, lambda n: n.chat_id == "")
    engine.say(events.Token(request.request_id, " upon"), done(request, "Once", State.STOPPED))
    assert chat.settled() == ()
    chat.post(commands.UndeleteChat(first))
    (question, answer) = opened(chat, commands.OpenChat(first)).conversation.messages
    assert (question.text, answer.text, answer.state) == ("One", "Once", State.STOPPED)


def test_what_is_purged_is_gone(make_chat: MakeChat, engines: Engines) -> None:
    chat, engine = ready_chat(make_chat, engines)
    first = chat.in_view
    exchange(chat, engine, "canary-purged", "Eins")
    opened(chat, NEW)
    exchange(chat, engine, "Two", "Zwei")
    chat.post(commands.DeleteChat(first), commands.PurgeChats(), commands.UndeleteChat(first))
    assert titles(chat.settled()) == ["Two"]
    chat.post(commands.OpenChat(first))
    assert chat.until(notices.Trouble).what == "This chat is no longer there."
    chat.quit()
    for file in chat.paths.data_dir.rglob("*"):
        assert not file.is_file() or b"canary-purged" not in file.read_bytes()


def test_all_chats_are_deleted_with_those_of_the_archive_and_those_being_written(
    make_chat: MakeChat, engines: Engines
) -> None:
    chat, engine = ready_chat(make_chat, engines)
    exchange(chat, engine, "One", "Eins")
    archived = chat.in_view
    opened(chat, NEW)
    exchange(chat, engine, "Two", "Zwei")
    chat.post(commands.ArchiveChat(archived, True))
    before = chat.in_view
    chat.post(commands.DeleteAllChats())
    assert chat.until(notices.AllChatsDeleted).count == 2
    assert chat.settled() == ()
    assert chat.in_view != before
    chat.post(commands.OpenChat(archived))
    assert chat.until(notices.Trouble).what == "This chat is no longer there."
    exchange(chat, engine, "Three", "Drei")
    assert titles(chat.settled()) == ["Three"]


# a disk that refuses
