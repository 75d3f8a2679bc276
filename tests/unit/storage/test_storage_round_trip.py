"""Whatever a message holds, the database gives it back."""

import math
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from desktop.domain.conversation import (
    ContextPolicy,
    Conversation,
    ConversationSettings,
    Message,
    Role,
    State,
    Statistics,
    clean_text,
)
from desktop.domain.sampling import PARAMETERS, Kind, Parameter, Value, Values
from desktop.storage.conversations import ConversationStore
from desktop.storage.database import in_memory

CLEAN = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))
ODD = st.sampled_from("a\0\ud83d\ude42\udfff")  # halves of pairs among them
ANY = st.lists(ODD | st.characters()).map("".join)
COUNTS = st.integers(0, 2**53)
FLOATS = st.floats(allow_nan=False)
TEXTS = st.dictionaries(CLEAN, CLEAN, max_size=3)


def _value(parameter: Parameter) -> st.SearchStrategy[Value]:
    values: st.SearchStrategy[Value]
    if parameter.kind is Kind.TEXTS:
        values = st.lists(CLEAN.filter(bool), max_size=3).map(tuple)
    elif parameter.kind is Kind.WHOLE:
        values = st.integers(int(parameter.minimum), int(parameter.maximum))
    else:
        values = st.floats(parameter.minimum, parameter.maximum)
    return st.none() | values if parameter.optional else values


SAMPLING: st.SearchStrategy[Values] = st.fixed_dictionaries(
    {}, optional={parameter.name: _value(parameter) for parameter in PARAMETERS}
)
STATISTICS = st.builds(
    Statistics,
    prompt_tokens=COUNTS,
    cached_tokens=COUNTS,
    steps=COUNTS,
    generated_tokens=COUNTS,
    ttft_ms=FLOATS,
    tokens_per_s=FLOATS,
    model=CLEAN,
    weights=CLEAN,
    device=CLEAN,
    properties=TEXTS,
    sampling=SAMPLING,
)
MESSAGES = st.builds(
    Message,
    role=st.sampled_from(Role),
    text=CLEAN,
    id=st.uuids().map(lambda id_: id_.hex),
    created_at=CLEAN,
    state=st.sampled_from(State),
    problem=CLEAN,
    statistics=st.none() | STATISTICS,
)
SETTINGS = st.builds(
    ConversationSettings,
    model=CLEAN,
    device=CLEAN,
    system_prompt=CLEAN,
    sampling=SAMPLING,
    context_policy=st.sampled_from(ContextPolicy),
    pin_first=st.booleans(),
    preset=CLEAN,
    form=TEXTS,
)


@given(st.lists(MESSAGES, max_size=5, unique_by=lambda message: message.id), SETTINGS, CLEAN)
def test_a_conversation_comes_back_as_it_was(
    messages: list[Message], settings: ConversationSettings, title: str
) -> None:
    parent = ""
    linked: list[Message] = []
    for message in messages:
        linked.append(replace(message, parent_id=parent))
        parent = message.id
    conversation = Conversation(title=title, settings=settings, messages=tuple(linked))
    store = ConversationStore(in_memory())
    store.save_conversation(conversation)
    store.save_messages(conversation.id, linked, parent)
    assert store.get(conversation.id) == conversation
    store.close()


@given(ANY)
def test_any_text_at_all_is_saved_as_clean_text(text: str) -> None:
    store = ConversationStore(in_memory())
    message = Message(Role.USER, text, problem=text)
    conversation = Conversation(
        title=text, settings=ConversationSettings(system_prompt=text), messages=(message,)
    )
    store.save_conversation(conversation)
    store.save_messages(conversation.id, [message], message.id)
    kept = store.latest()
    store.close()
    assert kept is not None
    assert kept.title == clean_text(text)
    assert kept.messages[0].text == clean_text(text)
    kept.settings.system_prompt.encode("utf-8")


def test_numbers_that_are_none_do_no_harm() -> None:
    store = ConversationStore(in_memory())
    message = Message(
        Role.ASSISTANT, "x", statistics=Statistics(ttft_ms=math.nan, tokens_per_s=math.inf)
    )
    conversation = Conversation(messages=(message,))
    store.save_conversation(conversation)
    store.save_messages(conversation.id, [message], message.id)
    kept = store.latest()
    store.close()
    assert kept is not None
    assert kept.messages[0].statistics is not None
    assert kept.messages[0].statistics.tokens_per_s == math.inf
