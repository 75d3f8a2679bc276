"""Attachments in a conversation: sent, kept, edited, drafted, and weighed before they are sent."""

from desktop.domain import events
from desktop.domain.attachments import Attachment, attachment_of, composed, parted
from desktop.domain.conversation import Message
from desktop.engine.protocol import CountTokens, Fit, Generate
from desktop.services.chat import commands, notices
from desktop.services.chat.weigher import AT_ONCE
from tests.unit.services.harness import Engines, MakeChat, ManualEngine, done, ready_chat

NOTES = attachment_of("notes.txt", "The fox is red.")
CODE = attachment_of("fox.py", "print('fox')")


def weighed(engine: ManualEngine, *counts: int) -> None:
    asked = engine.got(CountTokens)
    assert len(asked.texts) == len(counts)
    engine.say(events.Counted(asked.request_id, counts))


def question(chat_messages: tuple[Message, ...]) -> Message:
    return chat_messages[0]


def test_the_model_reads_them_and_the_store_tells_them_apart(
    make_chat: MakeChat, engines: Engines
) -> None:
    chat, engine = ready_chat(make_chat, engines)
    chat.post(commands.Send("Which colour?", (NOTES, CODE)))
    request = engine.got(Generate)
    assert request.turns[-1].content == composed([NOTES, CODE], "Which colour?")[0]
    engine.say(done(request, "Red"))
    chat.ended()
    kept = question(chat.quit().messages)
    assert parted(kept.text, kept.attachments).attachments == (NOTES, CODE)
    assert chat.saved().title == "Which colour?"


def test_files_alone_can_be_sent(make_chat: MakeChat, engines: Engines) -> None:
    chat, engine = ready_chat(make_chat, engines)
    chat.post(commands.Send("  ", (NOTES,)))
    assert engine.got(Generate).turns[-1].content == composed([NOTES], "")[0]
    assert chat.quit().title == "notes.txt"


def test_an_edited_message_keeps_them(make_chat: MakeChat, engines: Engines) -> None:
    chat, engine = ready_chat(make_chat, engines)
    chat.post(commands.Send("Which colour?", (NOTES,)))
    engine.say(done(engine.got(Generate), "Red"))
    chat.ended()
    first = chat.all(notices.MessageAdded)[0].message
    chat.post(commands.EditMessage(first.id, "Which animal?"))
    request = engine.got(Generate)
    assert request.turns[-1].content == composed([NOTES], "Which animal?")[0]
    engine.say(done(request, "A fox"))
    chat.ended()
    kept = question(chat.quit().messages)
    assert parted(kept.text, kept.attachments) == parted(*composed([NOTES], "Which animal?"))


def test_what_no_database_can_hold_is_replaced(make_chat: MakeChat, engines: Engines) -> None:
    chat, engine = ready_chat(make_chat, engines)
    chat.post(commands.Send("x", (Attachment("a\0b.txt", "lone \ud800 and \0"),)))
    engine.got(Generate)
    kept = question(chat.quit().messages)
    [attachment] = parted(kept.text, kept.attachments).attachments
    assert attachment.text == "lone \ufffd and \ufffd"


def test_a_draft_keeps_them_for_its_conversation(make_chat: MakeChat, engines: Engines) -> None:
    chat, _ = ready_chat(make_chat, engines)
    chat.post(commands.SaveDraftAttachments((NOTES,)))
    chat.settled()
    first = chat.in_view
    chat.post(commands.NewChat())
    assert chat.until(notices.Opened).draft_attachments == ()
    chat.post(commands.OpenChat(first))
    assert chat.until(notices.Opened).draft_attachments == (NOTES,)
    chat.quit()
    again = make_chat(engines)
    assert again.until(notices.Opened).draft_attachments == (NOTES,)


def test_what_was_sent_is_no_draft_any_more(make_chat: MakeChat, engines: Engines) -> None:
    chat, engine = ready_chat(make_chat, engines)
    chat.post(commands.SaveDraftAttachments((NOTES,)), commands.Send("x", (NOTES,)))
    engine.got(Generate)
    chat.quit()
    again = make_chat(engines)
    assert again.until(notices.Opened).draft_attachments == ()


def test_a_draft_is_counted_by_the_engine(make_chat: MakeChat, engines: Engines) -> None:
    chat, engine = ready_chat(make_chat, engines)
    asked = engine.got(Fit)
    engine.say(events.Fitted(asked.request_id, 30, 4096))
    chat.post(commands.WeighDraft("Which colour?", (NOTES,)))
    weighed(engine, 3, 6)
    told = chat.until(notices.DraftWeighed)
    assert (told.text, told.tokens, told.problem) == ("Which colour?", (3, 6), "")
    chat.post(commands.WeighDraft("Which animal?", (NOTES,)))
    assert engine.got(CountTokens).texts == ("Which animal?",)  # the file is known


def test_a_draft_waits_for_the_answer_that_is_written(
    make_chat: MakeChat, engines: Engines
) -> None:
    chat, engine = ready_chat(make_chat, engines)
    chat.post(commands.Send("One"))
    request = engine.got(Generate)
    chat.post(commands.WeighDraft("Two"))
    chat.settled()
    assert engine.all(CountTokens) == []
    engine.say(events.Fitted(request.request_id, 30, 4096), done(request, "Eins"))
    weighed(engine, 1)
    assert chat.until(notices.DraftWeighed).text == "Two"


def test_what_will_not_fit_is_told_before_it_is_sent(make_chat: MakeChat, engines: Engines) -> None:
    chat, engine = ready_chat(make_chat, engines)
    engine.say(events.Fitted(engine.got(Fit).request_id, 30, 4096))
    chat.post(commands.WeighDraft("Why?", (NOTES,)))
    weighed(engine, 1, 4000)
    asked = engine.got(Fit)
    assert asked.turns[-1].content == composed([NOTES], "Why?")[0]
    engine.say(events.Failed(asked.request_id, "Your message has 5,012 tokens.", "Shorten it."))
    told = chat.until(notices.DraftWeighed)
    assert told.problem == "Your message has 5,012 tokens. Shorten it."
    assert told.tokens == (1, 4000)


def test_what_alone_is_too_long_needs_no_further_question(
    make_chat: MakeChat, engines: Engines
) -> None:
    chat, engine = ready_chat(make_chat, engines)
    engine.say(events.Fitted(engine.got(Fit).request_id, 30, 4096))
    chat.post(commands.WeighDraft("Why?", (NOTES,)))
    weighed(engine, 1, 5000)
    told = chat.until(notices.DraftWeighed)
    assert "Your message has 5,001 tokens; this model can read 4,096 at once." in told.problem


def test_a_long_text_is_counted_piece_by_piece_so_that_a_question_comes_between(
    make_chat: MakeChat, engines: Engines
) -> None:
    chat, engine = ready_chat(make_chat, engines)
    engine.say(events.Fitted(engine.got(Fit).request_id, 30, 4096))
    long = attachment_of("long.txt", "".join(f"{number} " for number in range(30_000)))
    chat.post(commands.WeighDraft("Why?", (long,)))
    first = engine.got(CountTokens)
    assert sum(map(len, first.texts)) <= AT_ONCE + len("Why?")
    chat.post(commands.Send("Something else"))
    request = engine.got(Generate)
    engine.say(events.Counted(first.request_id, (1, 500)), done(request, "Yes"))
    weighed(engine, 500)
    weighed(engine, 50)
    told = chat.until(notices.DraftWeighed)
    assert told.tokens == (1, 1050)


def test_what_would_be_left_out_is_told_before_it_is_sent(
    make_chat: MakeChat, engines: Engines
) -> None:
    chat, engine = ready_chat(make_chat, engines)
    chat.post(commands.Send("One"))
    engine.say(done(engine.got(Generate), "Eins"))
    chat.ended()
    engine.say(events.Fitted(engine.got(Fit).request_id, 3000, 4096))
    chat.post(commands.WeighDraft("Why?"))
    weighed(engine, 900)
    asked = engine.got(Fit)
    engine.say(events.Fitted(asked.request_id, 1000, 4096, unseen=(0, 1)))
    assert chat.until(notices.DraftWeighed).unseen == 2
    chat.post(commands.WeighDraft("Why not?"))
    weighed(engine, 950)
    engine.say(events.Overfull(engine.got(Fit).request_id, 5000, 4096))
    assert chat.until(notices.DraftWeighed).asks


def test_another_engine_counts_anew(make_chat: MakeChat, engines: Engines) -> None:
    chat, engine = ready_chat(make_chat, engines)
    engine.say(events.Fitted(engine.got(Fit).request_id, 30, 4096))
    chat.post(commands.WeighDraft("Why?"))
    weighed(engine, 2)
    chat.until(notices.DraftWeighed)
    engine.die()
    chat.post(commands.PrepareModel())
    other = engines.next()
    other.load()
    weighed(other, 7)
    assert chat.until(notices.DraftWeighed).tokens == (7,)
