"""What a conversation holds, and what of it the model is given to read."""

from datetime import UTC, datetime
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.domain.context import turns, visible
from desktop.domain.conversation import Message, Role, State, clean_text, now

USER, ASSISTANT = Role.USER, Role.ASSISTANT
ANY_TEXT = st.text(st.characters(codec=None, exclude_categories=()))  # lone surrogates as well


def ordinary(text: str) -> str:
    """The text without what may be replaced, and without what surrogates may join to."""
    surrogates_and_beyond = ("\0", "\ufffd", *map(chr, range(0xD800, 0xE000)))
    return "".join(c for c in text if c <= "\uffff" and c not in surrogates_and_beyond)


def said(*texts: tuple[Role, str]) -> tuple[Message, ...]:
    return tuple(Message(role, text) for role, text in texts)


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("", ""),
        ("plain\r\n\ttext\x1b[0m", "plain\r\n\ttext\x1b[0m"),
        ("a\0b", "a\ufffdb"),
        ("a\ud800b", "a\ufffdb"),
        ("\udc00b", "\ufffdb"),
        ("\ud83d", "\ufffd"),
        ("\ud83d\ud83d\ude42", "\ufffd🙂"),
        ("\ud83d\ude42", "🙂"),
        ("\ufeffwith a mark of byte order", "\ufeffwith a mark of byte order"),
        ("👩‍👩‍👧‍👦 e\u0301 張", "👩‍👩‍👧‍👦 e\u0301 張"),
    ],
)
def test_clean_text(text: str, clean: str) -> None:
    assert clean_text(text) == clean


@given(ANY_TEXT)
def test_a_clean_text_can_be_stored_and_keeps_the_rest(text: str) -> None:
    clean = clean_text(text)
    assert "\0" not in clean
    assert clean.encode("utf-8").decode("utf-8") == clean
    assert clean_text(clean) == clean
    assert ordinary(clean) == ordinary(text)


@given(st.text(st.characters(exclude_characters="\0", codec="utf-8")))
def test_a_text_without_faults_is_left_alone(text: str) -> None:
    assert clean_text(text) == text


def test_now_is_a_time_in_utc_that_sorts_as_text() -> None:
    first, second = now(), now()
    assert first <= second
    moment = datetime.fromisoformat(first)
    assert moment.utcoffset() == datetime.now(UTC).utcoffset()


def test_messages_have_ids_of_their_own() -> None:
    assert Message(USER, "a").id != Message(USER, "a").id


def test_the_system_prompt_comes_first() -> None:
    assert turns(said((USER, "Hello")), "Be brief.") == (("system", "Be brief."), ("user", "Hello"))


@pytest.mark.parametrize("prompt", ["", " ", "\n\t"])
def test_an_empty_system_prompt_is_no_turn(prompt: str) -> None:
    assert turns(said((USER, "Hello")), prompt) == (("user", "Hello"),)


def test_neighbours_of_the_same_role_are_joined() -> None:
    messages = said((USER, "One"), (USER, "Two"), (ASSISTANT, "A"), (ASSISTANT, "B"), (USER, "C"))
    assert turns(messages, "") == (
        ("user", "One\n\nTwo"),
        ("assistant", "A\n\nB"),
        ("user", "C"),
    )


def test_an_exchange_that_came_to_nothing_is_left_out() -> None:
    too_long = Message(USER, "far too long")
    failed = Message(ASSISTANT, "", state=State.FAILED, problem="Too long.")
    messages = (*said((USER, "Hi"), (ASSISTANT, "Hello")), too_long, failed, Message(USER, "Next"))
    assert [message.text for message in visible(messages)] == ["Hi", "Hello", "Next"]


def test_all_questions_before_an_empty_answer_go_with_it() -> None:
    messages = said((ASSISTANT, "Hi"), (USER, "a"), (USER, "b"), (ASSISTANT, ""), (USER, "c"))
    assert [message.text for message in visible(messages)] == ["Hi", "c"]


@pytest.mark.parametrize("state", [State.FAILED, State.STOPPED, State.INTERRUPTED, State.LENGTH])
def test_an_answer_that_was_cut_short_still_counts(state: State) -> None:
    cut = Message(ASSISTANT, "Once upon", state=state)
    messages = (Message(USER, "Tell"), cut, Message(USER, "Go on"))
    assert turns(messages, "") == (("user", "Tell"), ("assistant", "Once upon"), ("user", "Go on"))


def test_the_last_message_is_always_read() -> None:
    assert turns(said((USER, "a"), (ASSISTANT, ""), (USER, "b")), "")[-1] == ("user", "b")
    assert visible(()) == ()
    assert turns((), "") == ()


ROLES = st.sampled_from([USER, ASSISTANT])


@given(st.lists(st.tuples(ROLES, st.text(max_size=3))), st.text(max_size=3))
def test_roles_alternate_and_no_answer_is_empty(spoken: list[tuple[Role, str]], last: str) -> None:
    sent = turns(said(*spoken, (USER, last)), "")
    roles = [role for role, _ in sent]
    assert all(one != other for one, other in pairwise(roles))
    assert roles[-1] == "user"
    assert sent[-1][1].endswith(last)
    assert all(text for role, text in sent if role == "assistant")
