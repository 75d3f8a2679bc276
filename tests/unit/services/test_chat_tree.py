"""The message tree of the chat in view: other answers, other questions, and ways back."""

from collections.abc import Sequence

import pytest

from desktop.domain import events
from desktop.domain.conversation import Conversation, Message, Role, State
from desktop.domain.tree import Fork
from desktop.engine.protocol import Fit, Generate, Stop
from desktop.paths import Paths
from desktop.services.chat import commands, notices
from desktop.services.chat.branches import LAST, MOST, STEP
from desktop.storage.opening import open_store
from tests.unit.services.harness import (
    Chat,
    Engines,
    MakeChat,
    ManualEngine,
    done,
    exchange,
    half_an_answer,
    opened,
    ready_chat,
    user_texts,
)


def answered(chat: Chat, engine: ManualEngine, command: commands.ChatCommand, text: str) -> Message:
    """Do what asks the engine for an answer."""
    chat.post(command)
    engine.say(done(engine.got(Generate), text))
    return chat.ended(State.STOP)


def turns(request: Generate) -> list[str]:
    return [turn.content for turn in request.turns]


def texts(notice: notices.Opened) -> list[str]:
    return user_texts(notice.conversation)


# other answers, other questions


@pytest.mark.parametrize("again", ["retry", "regenerate"])
def test_another_answer_stands_beside_the_first(
    make_chat: MakeChat, engines: Engines, again: str
) -> None:
    chat, engine = ready_chat(make_chat, engines)
    old = exchange(chat, engine, "One", "Eins")
    chat.post(commands.Retry() if again == "retry" else commands.Regenerate(old.id))
    request = engine.got(Generate)
    assert turns(request) == ["One"]
    assert chat.until(notices.MessageRemoved).message_id == old.id
    new = chat.until(notices.MessageAdded).message
    fork = Fork((old.id, new.id), 1)
    assert chat.until(notices.ForksChanged).forks == {new.id: fork}
    engine.say(done(request, "Uno"))
    assert chat.ended().id == new.id
    back = opened(chat, commands.ChooseBranch(old.id))
    assert (texts(back), back.same, back.message_id) == (["One", "Eins"], True, old.id)
    assert back.forks == {old.id: Fork(fork.siblings, 0)}
    assert user_texts(chat.quit()) == ["One", "Eins"]


def test_an_answer_in_the_middle_is_written_anew_and_what_followed_stays_beside(
    make_chat: MakeChat, engines: Engines
) -> None:
    chat, engine = ready_chat(make_chat, engines)
    first = exchange(chat, engine, "One", "Eins")
    exchange(chat, engine, "Two", "Zwei")
    new = answered(chat, engine, commands.Regenerate(first.id), "Uno")
    third = answered(chat, engine, commands.Regenerate(new.id), "Un")
    assert chat.all(notices.ForksChanged)[-1].forks == {
        third.id: Fork((first.id, new.id, third.id), 2)
    }
    assert user_texts(chat.stored(chat.in_view)) == ["One", "Un"]
    back = opened(chat, commands.ChooseBranch(first.id))
    assert texts(back) == ["One", "Eins", "Two", "Zwei"]
    assert texts(opened(chat, commands.ChooseBranch(new.id))) == ["One", "Uno"]


def test_a_question_said_otherwise_is_a_branch(make_chat: MakeChat, engines: Engines) -> None:
    chat, engine = ready_chat(make_chat, engines)
    exchange(chat, engine, "One", "Eins")
    second = exchange(chat, engine, "Two", "Zwei").parent_id
    exchange(chat, engine, "Three", "Drei")
    chat.post(commands.EditMessage(second, "Due?"))
    request = engine.got(Generate)
    assert turns(request) == ["One", "Eins", "Due?"]
    engine.say(done(request, "Zwei!"))
    chat.ended()
    forks = chat.all(notices.ForksChanged)[-1].forks
    ((edited, fork),) = forks.items()
    assert fork == Fork((second, edited), 1)
    assert user_texts(chat.stored(chat.in_view)) == ["One", "Eins", "Due?", "Zwei!"]
    back = opened(chat, commands.ChooseBranch(second))
    assert texts(back) == ["One", "Eins", "Two", "Zwei", "Three", "Drei"]


def test_the_first_question_said_otherwise_begins_beside_the_old_one(
    make_chat: MakeChat, engines: Engines
) -> None:
    chat, engine = ready_chat(make_chat, engines)
    first = exchange(chat, engine, "One", "Eins").parent_id
    new = answered(chat, engine, commands.EditMessage(first, "Two"), "Zwei").parent_id
    assert chat.all(notices.ForksChanged)[-1].forks == {new: Fork((first, new), 1)}
    assert texts(opened(chat, commands.ChooseBranch(first))) == ["One", "Eins"]


@pytest.mark.parametrize("text", ["", " \n"])
def test_nothing_replaces_no_question(make_chat: MakeChat, engines: Engines, text: str) -> None:
    chat, engine = ready_chat(make_chat, engines)
    answer = exchange(chat, engine, "One", "Eins")
    chat.post(commands.EditMessage(answer.parent_id, text))
    chat.post(commands.EditMessage(answer.id, "an answer"), commands.Regenerate(answer.parent_id))
    chat.post(commands.EditMessage("nowhere", "x"), commands.Regenerate("nowhere"))
    chat.settled()
    assert user_texts(chat.quit()) == ["One", "Eins"]
    assert len(engine.all(Generate)) == 1


def test_an_empty_answer_makes_room_and_its_siblings_stay(
    make_chat: MakeChat, engines: Engines
) -> None:
    chat, engine = ready_chat(make_chat, engines)
    first = exchange(chat, engine, "One", "Eins")
    chat.post(commands.Retry())
    engine.say(events.Failed(engine.got(Generate).request_id, "No."))
    failed = chat.ended(State.FAILED)
    new = answered(chat, engine, commands.Retry(), "Uno")
    forks = chat.all(notices.ForksChanged)[-1].forks
    assert forks == {new.id: Fork((first.id, new.id), 1)}
    shown = opened(chat, commands.ChooseBranch(new.id))
    assert shown.forks == forks
    assert failed.id not in {m.id for m in shown.conversation.messages}


def test_nothing_begins_while_an_answer_is_written(make_chat: MakeChat, engines: Engines) -> None:
    chat, engine = ready_chat(make_chat, engines)
    first = exchange(chat, engine, "One", "Eins")
    chat.post(commands.Send("Two"))
    request = engine.got(Generate)
    chat.post(
        commands.Regenerate(first.id),
        commands.EditMessage(first.parent_id, "Three"),
        commands.ContinueAnswer(first.id),
        commands.MakeAgain(request.request_id),
    )
    engine.say(done(request, "Zwei"))
    assert chat.ended().text == "Zwei"
    assert user_texts(chat.quit()) == ["One", "Eins", "Two", "Zwei"]
    assert len(engine.all(Generate)) == 2


def test_an_answer_goes_on_in_a_branch_that_is_not_in_view(
    make_chat: MakeChat, engines: Engines
) -> None:
    chat, engine = ready_chat(make_chat, engines)
    old = exchange(chat, engine, "One", "Eins")
    chat.post(commands.Regenerate(old.id))
    request = engine.got(Generate)
    engine.say(events.Token(request.request_id, "U"))
    chat.until(notices.AnswerGrew)
    assert texts(opened(chat, commands.ChooseBranch(old.id))) == ["One", "Eins"]
    engine.say(events.Token(request.request_id, "n"))
    back = opened(chat, commands.ChooseBranch(request.request_id))
    assert back.conversation.messages[1].state is State.WRITING
    opened(chat, commands.ChooseBranch(old.id))
    engine.say(done(request, "Uno"))
    chat.until(notices.ChatChanged)
    assert texts(opened(chat, commands.ChooseBranch(request.request_id))) == ["One", "Uno"]
    assert engine.all(Stop) == []


def test_a_question_in_another_branch_ends_the_answer_in_the_first(
    make_chat: MakeChat, engines: Engines
) -> None:
    chat, engine = ready_chat(make_chat, engines)
    old = exchange(chat, engine, "One", "Eins")
    chat.post(commands.Regenerate(old.id))
    request = engine.got(Generate)
    opened(chat, commands.ChooseBranch(old.id))
    chat.post(commands.Send("Two"))
    assert engine.got(Stop).request_id == request.request_id
    second = engine.got(Generate)
    assert turns(second) == ["One", "Eins", "Two"]
    engine.say(done(request, "", State.STOPPED), done(second, "Zwei"))
    assert chat.ended().text == "Zwei"
    assert user_texts(chat.quit()) == ["One", "Eins", "Two", "Zwei"]


# deleting, emptying


def test_a_branch_is_deleted_and_comes_back(make_chat: MakeChat, engines: Engines) -> None:
    chat, engine = ready_chat(make_chat, engines)
    first = exchange(chat, engine, "One", "Eins")
    second = answered(chat, engine, commands.Regenerate(first.id), "Uno")
    exchange(chat, engine, "Two", "Due")
    left = opened(chat, commands.DeleteBranch(second.id))
    assert texts(left) == ["One", "Eins"]
    assert left.forks == {}
    assert chat.until(notices.BranchDeleted).messages == 3
    assert user_texts(chat.stored(chat.in_view)) == ["One", "Eins"]
    back = opened(chat, commands.UndoDeleteBranch())
    assert texts(back) == ["One", "Uno", "Two", "Due"]
    assert back.forks == {second.id: Fork((first.id, second.id), 1)}
    chat.post(commands.UndoDeleteBranch(), commands.DeleteBranch("nowhere"))  # once is enough
    assert user_texts(chat.quit()) == ["One", "Uno", "Two", "Due"]
    assert chat.all(notices.Trouble) == []


def test_what_was_said_since_ends_the_way_back_to_a_branch(
    make_chat: MakeChat, engines: Engines
) -> None:
    chat, engine = ready_chat(make_chat, engines)
    exchange(chat, engine, "One", "Eins")
    second = exchange(chat, engine, "Two", "Zwei").parent_id
    opened(chat, commands.DeleteBranch(second))
    exchange(chat, engine, "Three", "Drei")
    chat.post(commands.UndoDeleteBranch())
    chat.settled()
    assert user_texts(chat.quit()) == ["One", "Eins", "Three", "Drei"]


def test_deleting_the_branch_of_an_answer_ends_it(make_chat: MakeChat, engines: Engines) -> None:
    chat, engine = ready_chat(make_chat, engines)
    request = half_an_answer(chat, engine, "One", "Ei")
    assert texts(opened(chat, commands.DeleteBranch(request.request_id))) == ["One"]
    assert engine.got(Stop).request_id == request.request_id
    engine.say(done(request, "Eins", State.STOPPED))
    back = opened(chat, commands.UndoDeleteBranch())
    assert [(m.text, m.state) for m in back.conversation.messages] == [
        ("One", State.STOP),
        ("Ei", State.STOPPED),
    ]


def test_an_emptied_chat_comes_back_with_all_its_branches(
    make_chat: MakeChat, engines: Engines
) -> None:
    chat, engine = ready_chat(make_chat, engines)
    first = exchange(chat, engine, "One", "Eins")
    answered(chat, engine, commands.Regenerate(first.id), "Uno")
    opened(chat, commands.ChooseBranch(first.id))
    exchange(chat, engine, "Two", "Zwei")
    chat.post(commands.Clear())
    assert chat.until(notices.Cleared).messages == 4
    assert chat.settled()[0].message_count == 0
    emptied = chat.in_view
    chat.post(commands.NewChat(), commands.OpenChat(emptied))  # it is not taken for a blank one
    chat.until(notices.Opened)
    chat.until(notices.Opened)
    back = opened(chat, commands.UndoClear())
    assert texts(back) == ["One", "Eins", "Two", "Zwei"]
    assert back.conversation.title == "One"
    assert [fork.position for fork in back.forks.values()] == [0]
    (other,) = {id_ for fork in back.forks.values() for id_ in fork.siblings} - {first.id}
    assert texts(opened(chat, commands.ChooseBranch(other))) == ["One", "Uno"]


# long ones


def long_chat(paths: Paths, length: int) -> tuple[str, list[Message]]:
    """A chat on disk with so many messages in view, and a short branch beside the first answer."""
    messages: list[Message] = []
    for number in range(length):
        parent = messages[-1].id if messages else ""
        role = Role.ASSISTANT if number % 2 else Role.USER
        messages.append(Message(role, f"text {number}", parent_id=parent))
    beside = Message(Role.ASSISTANT, "beside", parent_id=messages[0].id)
    chat = Conversation(title="Long", messages=tuple(messages))
    store, _ = open_store(paths)
    store.save_conversation(chat)
    store.save_messages(chat.id, [messages[0], beside, *messages[1:]], messages[-1].id)
    store.close()
    return chat.id, [*messages, beside]


def shown(messages: Sequence[Message]) -> list[int]:
    return [int(message.text.split()[1]) for message in messages]


@pytest.fixture
def paths(make_chat: MakeChat, engines: Engines) -> Paths:
    """An empty data folder."""
    chat: Chat = make_chat(engines)
    chat.quit()
    engines.next()
    return chat.paths


def test_a_long_chat_is_read_piece_by_piece_and_the_model_gets_all_of_it(
    make_chat: MakeChat, engines: Engines, paths: Paths
) -> None:
    chat_id, messages = long_chat(paths, 500)
    chat, engine = ready_chat(make_chat, engines)
    assert chat.in_view == chat_id
    first = chat.all(notices.Opened)[0]
    assert shown(first.conversation.messages) == [*range(500 - LAST, 500)]
    assert first.earlier == 500 - LAST
    assert first.forks == {messages[1].id: Fork((messages[-1].id, messages[1].id), 1)}
    assert len(engine.got(Fit).turns) == 500
    chat.post(commands.Send("text 500"))
    request = engine.got(Generate)
    assert [int(text.split()[1]) for text in turns(request)] == [*range(501)]
    for start, count, later in ((200, 100, 202), (0, 200, 302), (290, 50, 162), (9000, 60, 0)):
        chat.post(commands.LoadPassage(start, count))  # also while an answer is written
        some = chat.until(notices.PassageLoaded)
        assert (len(some.messages), some.later) == (count, later)
        assert some.earlier == min(start, 502 - count)
        assert shown(some.messages[:-1]) == [*range(some.earlier, some.earlier + count - 1)]
    engine.say(done(request, "text 501"))
    chat.ended()
    chat.post(commands.Send("text 502"))
    assert [int(text.split()[1]) for text in turns(engine.got(Generate))] == [*range(503)]
    assert shown(chat.quit().messages[:-1]) == [*range(503)]


def test_of_a_very_long_chat_the_model_gets_the_newest_and_prompts_begin_alike(
    make_chat: MakeChat, engines: Engines, paths: Paths
) -> None:
    long_chat(paths, MOST + 2 * STEP - 10)
    chat, engine = ready_chat(make_chat, engines)
    chat.post(commands.Send("text"))
    request = engine.got(Generate)
    assert turns(request)[0] == f"text {2 * STEP}"
    engine.say(done(request, "text"))
    chat.ended()
    chat.post(commands.ChangeContext(request.context_policy, pin_first=True), commands.Send("text"))
    assert turns(engine.got(Generate))[:3] == ["text 0", "text 1", f"text {2 * STEP}"]


def test_a_message_far_up_or_in_another_branch_is_reached(
    make_chat: MakeChat, engines: Engines, paths: Paths
) -> None:
    chat_id, messages = long_chat(paths, 500)
    chat, _ = ready_chat(make_chat, engines)
    chat.post(commands.NewChat())
    chat.until(notices.Opened)
    far = opened(chat, commands.OpenChat(chat_id, messages[120].id))
    assert (far.message_id, far.same) == (messages[120].id, False)
    start = 120 - LAST // 4
    assert shown(far.conversation.messages) == [*range(start, start + LAST)]
    assert (far.earlier, far.later) == (start, 500 - start - LAST)
    beside = opened(chat, commands.OpenChat(chat_id, messages[-1].id))
    assert (beside.message_id, beside.same) == (messages[-1].id, True)
    assert texts(beside) == ["text 0", "beside"]
    near = opened(chat, commands.OpenChat(chat_id, messages[499].id))
    assert shown(near.conversation.messages)[-1] == 499
    chat.post(commands.NewChat())
    chat.until(notices.Opened)
    lost = opened(chat, commands.OpenChat(chat_id, "nowhere"))
    assert (lost.message_id, shown(lost.conversation.messages)[-1]) == ("", 499)
