"""Sending, answering, stopping: what the window is told, and what is on disk by then."""

import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from desktop.domain import events
from desktop.domain.conversation import Conversation, Message, Role, State
from desktop.engine.fake import FakeEngine, Script
from desktop.engine.protocol import Command, Generate, Load, Stop, Turn
from desktop.paths import Paths
from desktop.services.chat import commands, notices
from desktop.storage.opening import open_store
from tests.unit.services.harness import (
    FAKE_MODEL,
    Engines,
    MakeChat,
    done,
    ready_chat,
    user_texts,
)

SEND = commands.Send("Hello")


def test_a_message_is_answered_and_both_are_kept(make_chat: MakeChat) -> None:
    engine = FakeEngine(Script(answers=("Bonjour, 🙂!",), pause=0))
    chat = make_chat(lambda: engine)
    chat.post(SEND)
    answer = chat.ended(State.STOP)
    assert answer.text == "Bonjour, 🙂!"
    assert "".join(n.text for n in chat.all(notices.AnswerGrew)) == answer.text
    assert answer.statistics
    assert answer.statistics.model == FAKE_MODEL.id
    assert answer.statistics.weights == FAKE_MODEL.weights
    question, saved = chat.quit().messages
    assert (question.role, question.text) == (Role.USER, "Hello")
    assert saved == answer
    assert saved.parent_id == question.id


def test_the_users_message_is_on_disk_before_the_engine_hears_of_it(
    make_chat: MakeChat, engines: Engines
) -> None:
    chat, engine = ready_chat(make_chat, engines)
    found: list[tuple[str, str]] = []

    def look(command: Command) -> None:
        if isinstance(command, Generate):
            with closing(sqlite3.connect(chat.paths.database)) as other:
                found.extend(other.execute("SELECT role, text FROM messages ORDER BY position"))

    engine.on_command = look
    chat.post(SEND)
    engine.got(Generate)
    assert ("user", "Hello") in found


def test_the_conversation_so_far_is_sent_along(make_chat: MakeChat, engines: Engines) -> None:
    chat, engine = ready_chat(make_chat, engines)
    chat.post(commands.Send("What is the capital of France?"))
    engine.say(done(engine.got(Generate), "Paris."))
    chat.ended()
    chat.post(commands.Send("And what do they speak?"))
    assert engine.got(Generate).turns == (
        Turn("user", "What is the capital of France?"),
        Turn("assistant", "Paris."),
        Turn("user", "And what do they speak?"),
    )


def test_what_is_sent_while_the_model_loads_is_answered_when_it_is_ready(
    make_chat: MakeChat, engines: Engines
) -> None:
    chat = make_chat(engines)
    engine = engines.next()
    engine.got(Load)
    chat.post(SEND)
    chat.until(notices.MessageAdded, lambda n: n.message.role is Role.ASSISTANT)
    assert engine.all(Generate) == []
    engine.say(events.Loaded("CPU", 4096, 1.0))
    engine.say(done(engine.got(Generate), "Hi."))
    assert chat.ended().text == "Hi."


def test_a_question_that_waits_can_be_taken_back(make_chat: MakeChat, engines: Engines) -> None:
    chat = make_chat(engines)
    engine = engines.next()
    engine.got(Load)
    chat.post(SEND, commands.Stop())
    assert chat.ended().state is State.STOPPED
    engine.say(events.Loaded("CPU", 4096, 1.0))
    chat.post(commands.Send("Again"))
    request = engine.got(Generate)
    assert request.turns == (Turn("user", "Again"),)
    assert len(engine.all(Generate)) == 1


def test_reading_is_told(make_chat: MakeChat, engines: Engines) -> None:
    chat, engine = ready_chat(make_chat, engines)
    chat.post(SEND)
    request = engine.got(Generate)
    engine.say(events.Reading(request.request_id, 128, 4687))
    told = chat.until(notices.AnswerReading)
    assert (told.message_id, told.done, told.total) == (request.request_id, 128, 4687)


def test_an_answer_that_was_cut_at_its_length_says_so(
    make_chat: MakeChat, engines: Engines
) -> None:
    chat, engine = ready_chat(make_chat, engines)
    chat.post(SEND)
    engine.say(done(engine.got(Generate), "Once upon", State.LENGTH))
    assert chat.ended().state is State.LENGTH


@pytest.mark.parametrize("text", ["", " \n\t "])
def test_nothing_is_not_sent(make_chat: MakeChat, engines: Engines, text: str) -> None:
    chat, _engine = ready_chat(make_chat, engines)
    chat.post(commands.Send(text), SEND)
    assert chat.until(notices.MessageAdded).message.text == "Hello"


def test_only_one_answer_is_written_at_a_time(make_chat: MakeChat, engines: Engines) -> None:
    chat, engine = ready_chat(make_chat, engines)
    chat.post(SEND, commands.Send("Too early"))
    engine.say(done(engine.got(Generate), "Hi."))
    chat.ended()
    assert user_texts(chat.quit()) == ["Hello", "Hi."]


def test_text_that_no_database_can_hold_is_mended(make_chat: MakeChat, engines: Engines) -> None:
    chat, engine = ready_chat(make_chat, engines)
    chat.post(commands.Send("a\0b\ud800c"))
    assert engine.got(Generate).turns == (Turn("user", "a\ufffdb\ufffdc"),)
    chat.quit()


# Stop


def test_stop_keeps_what_was_written(make_chat: MakeChat, engines: Engines) -> None:
    chat, engine = ready_chat(make_chat, engines)
    chat.post(SEND)
    request = engine.got(Generate)
    engine.say(events.Token(request.request_id, "Once "), events.Token(request.request_id, "upon"))
    chat.until(notices.AnswerGrew, lambda n: n.text == "upon")
    chat.post(commands.Stop())
    stopped = chat.ended()
    assert (stopped.text, stopped.state) == ("Once upon", State.STOPPED)
    assert engine.got(Stop).request_id == request.request_id
    assert user_texts(chat.quit()) == ["Hello", "Once upon"]


def test_words_that_come_after_stop_are_dropped_but_the_statistics_are_not(
    make_chat: MakeChat, engines: Engines
) -> None:
    chat, engine = ready_chat(make_chat, engines)
    chat.post(SEND)
    request = engine.got(Generate)
    engine.say(events.Token(request.request_id, "Once"))
    chat.until(notices.AnswerGrew)
    chat.post(commands.Stop())
    chat.ended(State.STOPPED)
    engine.say(events.Token(request.request_id, " upon"))
    engine.say(done(request, "Once upon", State.STOPPED))
    told = chat.ended()
    assert told.text == "Once"
    assert told.state is State.STOPPED
    assert told.statistics
    assert told.statistics.generated_tokens == 3
    assert [n.text for n in chat.all(notices.AnswerGrew)] == ["Once"]
    assert chat.quit().messages[-1] == told


def test_a_message_sent_right_after_stop_waits_for_nothing(
    make_chat: MakeChat, engines: Engines
) -> None:
    chat, engine = ready_chat(make_chat, engines)
    chat.post(SEND)
    first = engine.got(Generate)
    chat.post(commands.Stop(), commands.Send("Something else"))
    second = engine.got(Generate)
    engine.say(done(first, "late", State.STOPPED), done(second, "Sure."))
    assert chat.ended(State.STOP).text == "Sure."
    assert user_texts(chat.quit()) == ["Hello", "", "Something else", "Sure."]


def test_stop_with_nothing_to_stop_is_harmless(make_chat: MakeChat, engines: Engines) -> None:
    chat, engine = ready_chat(make_chat, engines)
    chat.post(commands.Stop(), SEND)
    engine.say(done(engine.got(Generate), "Hi."))
    assert chat.ended(State.STOP).text == "Hi."
    assert engine.all(Stop) == []


# Retry, Clear, Undo


def test_retry_puts_a_new_answer_in_the_place_of_the_old(
    make_chat: MakeChat, engines: Engines
) -> None:
    chat, engine = ready_chat(make_chat, engines)
    chat.post(SEND)
    engine.say(done(engine.got(Generate), "No."))
    old = chat.ended()
    chat.post(commands.Retry())
    assert chat.until(notices.MessageRemoved).message_id == old.id
    request = engine.got(Generate)
    assert request.turns == (Turn("user", "Hello"),)
    engine.say(done(request, "Yes."))
    chat.ended()
    assert user_texts(chat.quit()) == ["Hello", "Yes."]


def test_retry_without_an_answer_does_nothing(make_chat: MakeChat, engines: Engines) -> None:
    chat, engine = ready_chat(make_chat, engines)
    chat.post(commands.Retry(), SEND, commands.Retry())
    engine.say(done(engine.got(Generate), "Hi."))
    chat.ended()
    assert user_texts(chat.quit()) == ["Hello", "Hi."]


def test_clear_empties_the_conversation_on_disk_too(make_chat: MakeChat, engines: Engines) -> None:
    chat, engine = ready_chat(make_chat, engines)
    chat.post(SEND)
    engine.say(done(engine.got(Generate), "Hi."))
    chat.ended()
    chat.post(commands.Clear())
    assert chat.until(notices.Cleared).messages == 2
    assert chat.quit().messages == ()


def test_clear_can_be_undone(make_chat: MakeChat, engines: Engines) -> None:
    chat, engine = ready_chat(make_chat, engines)
    chat.post(SEND)
    engine.say(done(engine.got(Generate), "Hi."))
    chat.ended()
    chat.post(commands.Clear(), commands.Clear(), commands.UndoClear(), commands.UndoClear())
    opened = chat.until(notices.Opened, lambda n: bool(n.conversation.messages))
    saved = chat.quit()
    assert user_texts(saved) == ["Hello", "Hi."]
    assert saved == opened.conversation
    assert saved.title == "Hello"


def test_clear_in_the_middle_of_an_answer_can_be_undone(
    make_chat: MakeChat, engines: Engines
) -> None:
    chat, engine = ready_chat(make_chat, engines)
    chat.post(SEND)
    request = engine.got(Generate)
    engine.say(events.Token(request.request_id, "Once"))
    chat.until(notices.AnswerGrew)
    chat.post(commands.Clear())
    chat.until(notices.Cleared)
    engine.say(events.Token(request.request_id, " upon"), done(request, "Once upon"))
    chat.post(commands.UndoClear())
    assert user_texts(chat.quit()) == ["Hello", "Once"]


def test_what_was_said_since_ends_the_way_back(make_chat: MakeChat, engines: Engines) -> None:
    chat, engine = ready_chat(make_chat, engines)
    chat.post(SEND)
    engine.say(done(engine.got(Generate), "Hi."))
    chat.ended()
    chat.post(commands.Clear(), commands.Send("New"), commands.UndoClear())
    request = engine.got(Generate)
    assert request.turns == (Turn("user", "New"),)
    engine.say(done(request, "Yes."))
    chat.ended()
    assert user_texts(chat.quit()) == ["New", "Yes."]


# settings of the conversation


def test_sampling_reaches_the_next_answer_over_the_models_own_values(
    make_chat: MakeChat, engines: Engines
) -> None:
    chat, engine = ready_chat(make_chat, engines)
    chat.post(commands.ChangeSampling({"temperature": "0.7", "seed": 42}), SEND)
    request = engine.got(Generate)
    assert request.sampling["temperature"] == 0.7
    assert request.sampling["seed"] == 42
    assert request.sampling["top_k"] == 50
    engine.say(done(request, "Hi."))
    chat.ended()
    chat.post(commands.ChangeSampling({}), commands.Send("Again"))
    assert engine.got(Generate).sampling["temperature"] == 0.1
    assert chat.quit().settings.sampling == {}


def test_a_wrong_value_is_told_and_changes_nothing(make_chat: MakeChat, engines: Engines) -> None:
    chat, engine = ready_chat(make_chat, engines)
    chat.post(commands.ChangeSampling({"temperature": 99}), SEND)
    assert "Temperature cannot be 99" in chat.until(notices.Trouble).what
    assert engine.got(Generate).sampling["temperature"] == 0.1


def test_the_system_prompt_reaches_the_next_answer(make_chat: MakeChat, engines: Engines) -> None:
    chat, engine = ready_chat(make_chat, engines)
    chat.post(commands.ChangeSystemPrompt("Be brief.\0"), SEND)
    assert engine.got(Generate).turns[0] == Turn("system", "Be brief.\ufffd")
    assert chat.quit().settings.system_prompt == "Be brief.\ufffd"


# start and end


def test_a_conversation_goes_on_where_it_was_left(make_chat: MakeChat, engines: Engines) -> None:
    chat, engine = ready_chat(make_chat, engines)
    chat.post(commands.ChangeSystemPrompt("Be brief."), SEND)
    engine.say(done(engine.got(Generate), "Hi."))
    chat.ended()
    before = chat.quit()
    chat, engine = ready_chat(make_chat, engines)
    assert chat.all(notices.Opened)[0].conversation == before
    chat.post(commands.Send("And now?"))
    assert [turn.content for turn in engine.got(Generate).turns] == [
        "Be brief.",
        "Hello",
        "Hi.",
        "And now?",
    ]


def test_quit_in_the_middle_of_an_answer_keeps_it(make_chat: MakeChat, engines: Engines) -> None:
    chat, engine = ready_chat(make_chat, engines)
    chat.post(SEND)
    request = engine.got(Generate)
    engine.say(events.Token(request.request_id, "Once upon a time"))
    saved = chat.quit()
    assert user_texts(saved) == ["Hello", "Once upon a time"]
    assert saved.messages[-1].state is State.STOPPED
    assert not engine.alive


def test_an_answer_that_a_killed_program_left_is_marked(
    tmp_path: Path, make_chat: MakeChat
) -> None:
    question = Message(Role.USER, "Hello")
    partial = Message(Role.ASSISTANT, "Once", parent_id=question.id, state=State.WRITING)
    conversation = Conversation(messages=(question, partial))
    store, _ = open_store(Paths.of(tmp_path / "data"))
    store.save_conversation(conversation)
    store.save_messages(conversation.id, conversation.messages, partial.id)
    store.close()
    chat = make_chat(Engines())
    opened = chat.until(notices.Opened).conversation
    assert opened.messages == (question, replace(partial, state=State.INTERRUPTED))


def test_a_problem_at_opening_is_told(make_chat: MakeChat, engines: Engines) -> None:
    make_chat(engines).until(notices.Opened)
    told = make_chat(engines).until(notices.Trouble)  # the first one holds the data folder
    assert "already open" in told.what
    assert "not kept" in told.remedy
