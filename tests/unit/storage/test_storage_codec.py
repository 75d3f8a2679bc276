"""Settings and statistics from JSON that other versions wrote, or that somebody changed."""

import json
from typing import Any

import pytest

from desktop.domain.conversation import ContextPolicy, ConversationSettings, Statistics
from desktop.storage.codec import from_json, to_json


@pytest.mark.parametrize("policy", ContextPolicy)
@pytest.mark.parametrize("pin_first", [False, True])
def test_what_to_do_with_a_long_conversation_is_kept(
    policy: ContextPolicy, pin_first: bool
) -> None:
    settings = ConversationSettings(context_policy=policy, pin_first=pin_first)
    kept = from_json(ConversationSettings, to_json(settings))
    assert kept == settings
    assert type(kept.context_policy) is ContextPolicy


def test_properties_are_texts_and_are_not_taken_for_sampling_values() -> None:
    statistics = Statistics(weights="int4", properties={"NUM_THREADS": "2"}, sampling={"seed": 5})
    assert from_json(Statistics, to_json(statistics)) == statistics


@pytest.mark.parametrize(
    "body",
    [
        {"context_policy": "forget-everything"},
        {"context_policy": 3},
        {"context_policy": ["ask"]},
        {"pin_first": 1},
        {"pin_first": "yes"},
    ],
)
def test_what_makes_no_sense_is_left_at_the_default(body: dict[str, Any]) -> None:
    assert from_json(ConversationSettings, json.dumps(body)) == ConversationSettings()


def test_a_property_that_is_no_text_is_left_out() -> None:
    body = json.dumps({"properties": {"HINT": "f32", "COUNT": 3}, "steps": 4})
    assert from_json(Statistics, body) == Statistics(properties={"HINT": "f32"}, steps=4)


def test_strengths_of_adapters_come_back_and_others_are_left_out() -> None:
    for made in (ConversationSettings(adapters={"a": 0.5}), Statistics(adapters={"a": 0.5})):
        assert from_json(type(made), to_json(made)) == made
    body = '{"adapters": {"a": 9, "b": "x", "c": 0}}'
    assert from_json(ConversationSettings, body).adapters == {"a": 2.0}
