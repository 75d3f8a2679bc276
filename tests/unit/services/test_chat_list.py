"""What is done with whole chats: made, named, pinned, put away, copied, deleted."""

import pytest

from desktop.domain import events
from desktop.domain.chats import TitleOrigin
from desktop.domain.conversation import ContextPolicy, ConversationSettings, State
from desktop.engine.protocol import Generate
from desktop.services.chat import commands, notices
from desktop.services.chat.chat_list import ListStore
from desktop.services.chat.preferences import Preferences
from desktop.storage.opening import open_store
from tests.unit.services.harness import (
    FULL,
    Chat,
    Engines,
    MakeChat,
    RefusingStore,
    changed,
    done,
    exchange,
    opened,
    ready_chat,
    titles,
    two_models,
    user_texts,
)

NEW = commands.NewChat()


# new ones


def test_a_chat_without_a_word_is_not_on_disk(make_chat: MakeChat, engines: Engines) -> None:
    chat, _ = ready_chat(make_chat, engines)
    ids = {chat.in_view, *(opened(chat, NEW).conversation.id for _ in range(3))}
    assert len(ids) == 4
    assert chat.settled() == ()
    chat.quit()
    assert chat.all(notices.ChatChanged) == []
    store, _ = open_store(chat.paths)
    assert store.purge() == 0
    store.close()


def test_a_draft_is_kept_and_comes_back(make_chat: MakeChat, engines: Engines) -> None:
    chat, _ = ready_chat(make_chat, engines)
    first = chat.in_view
    assert changed(chat, commands.SaveDraft("Half a thou")).id == first
    assert opened(chat, NEW).draft == ""
    assert opened(chat, commands.OpenChat(first)).draft == "Half a thou"
    chat.quit()
    again: Chat = make_chat(engines)
    assert again.until(notices.Opened).draft == "Half a thou"
    again.post(commands.Send("Half a thought"))
    again.until(notices.MessageAdded)
    opened(again, NEW)
    assert opened(again, commands.OpenChat(first)).draft == ""


def test_what_is_set_in_a_new_chat_is_kept_and_no_other_chat_has_it(
    make_chat: MakeChat, engines: Engines
) -> None:
    chat, _ = ready_chat(make_chat, engines)
    first = chat.in_view
    told = changed(chat, commands.ChangeSystemPrompt("Be brief."))
    assert (told.id, told.message_count) == (first, 0)
    chat.post(commands.ChangeSampling({"temperature": 0.2}))
    chat.post(commands.ChangeContext(ContextPolicy.ASK, pin_first=True))
    assert opened(chat, NEW).conversation.settings == ConversationSettings()
    kept = opened(chat, commands.OpenChat(first)).conversation.settings
    assert (kept.system_prompt, kept.sampling) == ("Be brief.", {"temperature": 0.2})
    assert (kept.context_policy, kept.pin_first) == (ContextPolicy.ASK, True)


def test_a_blank_chat_does_not_stay_in_the_list(make_chat: MakeChat, engines: Engines) -> None:
    chat, _ = ready_chat(make_chat, engines)
    first = chat.in_view
    assert changed(chat, commands.SaveDraft("Half a thou")).id == first
    chat.post(commands.SaveDraft(""), NEW)
    assert chat.until(notices.ChatGone).chat_id == first
    assert chat.settled() == ()


def test_a_new_chat_runs_where_the_last_one_did(make_chat: MakeChat, engines: Engines) -> None:
    asks = Preferences(context_policy=ContextPolicy.ASK)
    chat, _ = ready_chat(make_chat, engines, two_models(), preferences=asks)
    chat.post(commands.ChooseModel("other"), commands.ChooseDevice("GPU"))
    chat.post(commands.ChangeContext(ContextPolicy.LAST_EXCHANGE, pin_first=True))
    chat.post(commands.ChangeSampling({"temperature": 0.2}))
    settings = opened(chat, NEW).conversation.settings
    assert settings == ConversationSettings("other", "GPU", context_policy=ContextPolicy.ASK)


def test_a_model_that_is_preferred_goes_before_that_of_the_last_chat(
    make_chat: MakeChat, engines: Engines
) -> None:
    prefers = Preferences(model="fake")
    chat, _ = ready_chat(make_chat, engines, two_models(), preferences=prefers)
    chat.post(commands.ChooseModel("other"))
    assert opened(chat, NEW).conversation.settings.model == ""
    assert [n.current.id for n in chat.all(notices.ModelsListed) if n.current][-1] == "other"
    current = chat.until(notices.ModelsListed).current
    assert current
    assert current.id == "fake"


# names


def test_a_name_of_the_users_stays_until_it_is_taken_back(
    make_chat: MakeChat, engines: Engines
) -> None:
    chat, engine = ready_chat(make_chat, engines)
    first = chat.in_view
    named = changed(chat, commands.RenameChat(first, "  My\n plans "))
    assert (named.title, named.title_origin) == ("My plans", TitleOrigin.USER)
    exchange(chat, engine, "Where is Paris?", "In France.")
    assert titles(chat.settled()) == ["My plans"]
    chat.post(commands.Clear(), commands.Send("Where is Rome?"))
    assert titles(chat.settled()) == ["My plans"]
    opened(chat, NEW)
    named = changed(chat, commands.RenameChat(first, " "))
    assert (named.title, named.title_origin) == ("Where is Rome?", TitleOrigin.RULE)


def test_a_chat_that_is_not_at_hand_gets_a_name(make_chat: MakeChat, engines: Engines) -> None:
    chat, engine = ready_chat(make_chat, engines)
    first = chat.in_view
    exchange(chat, engine, "Where is Paris?", "In France.")
    opened(chat, NEW)
    chat.settled()
    assert changed(chat, commands.RenameChat(first, "Cities")).title == "Cities"
    assert changed(chat, commands.RenameChat(first, "")).title == "Where is Paris?"
    chat.post(commands.RenameChat("nowhere", "Nobody"))
    assert titles(chat.settled()) == ["Where is Paris?"]


def test_a_name_given_while_an_answer_is_written_behind_outlives_it(
    make_chat: MakeChat, engines: Engines
) -> None:
    chat, engine = ready_chat(make_chat, engines)
    first = chat.in_view
    chat.post(commands.Send("Where is Paris?"))
    request = engine.got(Generate)
    opened(chat, NEW)
    chat.post(commands.RenameChat(first, "Cities"))
    chat.until(notices.ChatChanged, lambda n: n.chat.title == "Cities")
    engine.say(done(request, "In France."))
    assert chat.until(notices.ChatChanged).chat.title == "Cities"
    assert chat.stored(first).title == "Cities"


# places


def test_pinned_chats_are_first_and_the_others_newest_first(
    make_chat: MakeChat, engines: Engines
) -> None:
    chat, engine = ready_chat(make_chat, engines)
    first = chat.in_view
    for name in ("One", "Two", "Three"):
        exchange(chat, engine, name, "Yes.")
        opened(chat, NEW)
    assert titles(chat.settled()) == ["Three", "Two", "One"]
    assert changed(chat, commands.PinChat(first, pinned=True)).pinned
    assert titles(chat.settled()) == ["One", "Three", "Two"]
    assert not changed(chat, commands.PinChat(first, pinned=False)).pinned
    assert titles(chat.settled()) == ["Three", "Two", "One"]


def test_a_chat_is_put_away_and_taken_back(make_chat: MakeChat, engines: Engines) -> None:
    chat, engine = ready_chat(make_chat, engines)
    first = chat.in_view
    exchange(chat, engine, "One", "Eins")
    chat.post(commands.ArchiveChat(first, archived=True))
    assert chat.until(notices.ChatGone).chat_id == first
    assert chat.settled() == ()
    chat.post(commands.ListChats(archived=True))
    listed = chat.until(notices.ChatsListed)
    assert (titles(listed.chats), listed.archived) == (["One"], True)
    exchange(chat, engine, "More", "Mehr")  # it is still in view
    assert chat.settled() == ()
    chat.post(commands.ArchiveChat(first, archived=False))
    assert titles(chat.settled()) == ["One"]


# copies


def test_a_copy_has_all_branches_and_a_life_of_its_own(
    make_chat: MakeChat, engines: Engines
) -> None:
    chat, engine = ready_chat(make_chat, engines)
    first = chat.in_view
    answer = exchange(chat, engine, "One", "Eins")
    chat.post(commands.Regenerate(answer.id))
    engine.say(done(engine.got(Generate), "Uno"))
    chat.ended()
    chat.post(commands.ChangeSystemPrompt("Be brief."))
    copy = opened(chat, commands.DuplicateChat(first))
    assert copy.conversation.id != first
    assert copy.conversation.title == "One (copy)"
    assert user_texts(copy.conversation) == ["One", "Uno"]
    assert copy.conversation.settings.system_prompt == "Be brief."
    fork = copy.forks[copy.conversation.messages[1].id]
    assert (len(fork.siblings), fork.position) == (2, 1)
    assert answer.id not in fork.siblings
    exchange(chat, engine, "Two", "Due")
    assert user_texts(chat.stored(first)) == ["One", "Uno"]
    other = opened(chat, commands.ChooseBranch(fork.siblings[0]))
    assert user_texts(other.conversation) == ["One", "Eins"]
    assert sorted(titles(chat.settled())) == ["One", "One (copy)"]


def test_a_copy_made_in_the_middle_of_an_answer_has_what_is_written(
    make_chat: MakeChat, engines: Engines
) -> None:
    chat, engine = ready_chat(make_chat, engines)
    first = chat.in_view
    chat.post(commands.Send("One"))
    request = engine.got(Generate)
    for piece in ("Once", " upon", " a"):
        engine.say(events.Token(request.request_id, piece))
        chat.until(notices.AnswerGrew)
    copy = opened(chat, commands.DuplicateChat(first)).conversation
    assert [(m.text, m.state) for m in copy.messages] == [
        ("One", State.STOP),
        ("Once upon a", State.INTERRUPTED),
    ]
    engine.say(done(request, "Once upon a time"))
    chat.until(notices.AnswerElsewhere, lambda n: n.chat_id == "")
    assert chat.stored(first).messages[1].text == "Once upon a time"
    assert chat.stored(copy.id).messages[1].text == "Once upon a"


# deleting


def refusing(make_chat: MakeChat, engines: Engines) -> tuple[Chat, RefusingStore]:
    stores: list[RefusingStore] = []

    def wrap(store: ListStore) -> RefusingStore:
        stores.append(RefusingStore(store))
        return stores[-1]

    chat, engine = ready_chat(make_chat, engines, wrap=wrap)
    exchange(chat, engine, "One", "Eins")
    stores[0].problem = FULL
    exchange(chat, engine, "Two", "Zwei")
    return chat, stores[0]


def test_what_could_not_be_saved_is_there_after_a_look_at_another_chat(
    make_chat: MakeChat, engines: Engines
) -> None:
    chat, store = refusing(make_chat, engines)
    first = chat.in_view
    second = opened(chat, NEW).conversation.id
    back = opened(chat, commands.OpenChat(first)).conversation
    assert user_texts(back) == ["One", "Eins", "Two", "Zwei"]
    opened(chat, NEW)
    store.problem = None
    chat.post(commands.SaveDraft("Three"))
    chat.until(notices.SavingWorks)
    assert user_texts(chat.stored(first)) == ["One", "Eins", "Two", "Zwei"]
    assert second != first


@pytest.mark.parametrize("away", [True, False])
@pytest.mark.parametrize("works_again", [True, False])
def test_what_could_not_be_saved_does_not_bring_back_what_was_purged(
    make_chat: MakeChat, engines: Engines, away: bool, works_again: bool
) -> None:
    chat, store = refusing(make_chat, engines)
    first = chat.in_view
    if away:
        opened(chat, NEW)
    store.refused = ("save",)
    store.problem = None if works_again else FULL
    chat.post(commands.DeleteChat(first), commands.PurgeChats())
    chat.settled()
    store.problem = None
    chat.post(commands.Send("Three"))
    chat.until(notices.ChatChanged, lambda n: n.chat.title == "Three")
    assert titles(chat.settled()) == ["Three"]


def test_a_chat_that_cannot_be_deleted_stays_and_says_so(
    make_chat: MakeChat, engines: Engines
) -> None:
    chat, store = refusing(make_chat, engines)
    chat.post(commands.DeleteChat(chat.in_view))
    assert chat.until(notices.Trouble).what == FULL.what
    store.problem = None
    assert user_texts(chat.quit()) == ["One", "Eins", "Two", "Zwei"]
    assert len(chat.all(notices.Opened)) == 1
