"""The table of sampling parameters: what it takes, what it refuses, and in which words."""

import math
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.domain.errors import UsageProblem
from desktop.domain.sampling import (
    BY_NAME,
    PARAMETERS,
    Kind,
    Parameter,
    checked,
    checked_values,
    defaults,
)

NUMBERS = [parameter for parameter in PARAMETERS if parameter.kind is not Kind.TEXTS]
WHOLE = [parameter for parameter in NUMBERS if parameter.kind is Kind.WHOLE]


def name_of(parameter: Parameter) -> str:
    return parameter.name


def test_the_defaults_are_the_ones_that_were_promised() -> None:
    assert defaults() == {
        "temperature": 0.1,
        "top_p": 1.0,
        "top_k": 50,
        "repetition_penalty": 1.1,
        "max_new_tokens": 256,
        "seed": None,
        "best_of": 1,
        "stop": (),
    }


def test_the_defaults_are_a_new_dict_each_time() -> None:
    defaults()["temperature"] = 2.0
    assert defaults()["temperature"] == 0.1


def test_a_models_own_settings_go_over_the_defaults() -> None:
    own = defaults({"temperature": "0.2", "top_p": 0.9, "invented_by_a_model": 3})
    assert own == defaults() | {"temperature": 0.2, "top_p": 0.9}


@pytest.mark.parametrize("parameter", PARAMETERS, ids=name_of)
def test_every_default_passes_its_own_check(parameter: Parameter) -> None:
    assert checked(parameter, parameter.default) == parameter.default


@pytest.mark.parametrize("parameter", NUMBERS, ids=name_of)
def test_both_ends_of_a_range_belong_to_it(parameter: Parameter) -> None:
    for end in (parameter.minimum, parameter.maximum):
        assert checked(parameter, end) == end
        assert checked(parameter, str(end)) == end


@pytest.mark.parametrize("parameter", NUMBERS, ids=name_of)
def test_what_lies_outside_of_a_range_is_refused(parameter: Parameter) -> None:
    for outside in (parameter.minimum - 1, parameter.maximum + 1, -(10**400), 10**400):
        with pytest.raises(UsageProblem):
            checked(parameter, outside)


@pytest.mark.parametrize("parameter", NUMBERS, ids=name_of)
@pytest.mark.parametrize(
    "value",
    [
        math.nan,
        math.inf,
        -math.inf,
        True,
        False,
        "",
        "nan",
        "inf",
        "0,7",
        "one",
        b"1",
        [1],
        (1,),
        {},
        Decimal(1),
        1j,
        "1" * 5000,
        "\0",
        "\ud800",
    ],
    ids=repr,
)
def test_what_is_no_number_is_refused_in_words(parameter: Parameter, value: object) -> None:
    with pytest.raises(UsageProblem) as caught:
        checked(parameter, value)
    assert caught.value.what.startswith(f"{parameter.label} cannot be")
    assert caught.value.remedy.startswith("Give a ")
    assert len(str(caught.value)) < 300


def test_the_words_of_a_refusal_name_the_value_and_the_range() -> None:
    with pytest.raises(UsageProblem) as caught:
        checked(BY_NAME["temperature"], "0,7")
    assert str(caught.value) == "Temperature cannot be 0,7. Give a number from 0 to 2."
    with pytest.raises(UsageProblem) as caught:
        checked(BY_NAME["seed"], -1)
    assert str(caught.value) == "Seed cannot be -1. Give a whole number from 0 to 2147483647."


@pytest.mark.parametrize("parameter", WHOLE, ids=name_of)
def test_a_whole_number_is_an_int_and_has_no_fraction(parameter: Parameter) -> None:
    for value in (3, 3.0, "3", "3.0", " 3 "):
        result = checked(parameter, value)
        assert result == 3
        assert isinstance(result, int)
    with pytest.raises(UsageProblem):
        checked(parameter, 3.5)


def test_only_the_seed_may_be_left_unset() -> None:
    assert checked(BY_NAME["seed"], None) is None
    assert [parameter.name for parameter in PARAMETERS if parameter.optional] == ["seed"]
    for parameter in PARAMETERS:
        if not parameter.optional:
            with pytest.raises(UsageProblem):
                checked(parameter, None)


@given(st.floats() | st.integers() | st.text() | st.booleans() | st.none() | st.binary())
def test_a_value_is_in_range_or_refused(value: object) -> None:
    for parameter in NUMBERS:
        try:
            result = checked(parameter, value)
        except UsageProblem:
            continue
        if result is not None:
            assert isinstance(result, (int, float))
            assert parameter.minimum <= result <= parameter.maximum


def test_stop_texts() -> None:
    stop = BY_NAME["stop"]
    assert checked(stop, "END") == ("END",)
    assert checked(stop, ["a", "", "b"]) == ("a", "b")
    assert checked(stop, ()) == ()
    for wrong in (3, None, [3], {"a": 1}, ["a", None], b"END"):
        with pytest.raises(UsageProblem):
            checked(stop, wrong)


def test_an_unknown_name_is_refused_with_the_names_there_are() -> None:
    with pytest.raises(UsageProblem) as caught:
        checked_values({"temperature": 1, "temprature": 1})
    assert "“temprature”" in caught.value.what
    assert "temperature" in caught.value.remedy


def test_checked_values_keep_only_what_was_given() -> None:
    assert checked_values({"top_k": "40", "seed": None}) == {"top_k": 40, "seed": None}


def test_names_options_and_decimals() -> None:
    assert BY_NAME["repetition_penalty"].option == "--repetition-penalty"
    assert {p.name: p.decimals for p in NUMBERS} == {
        "temperature": 2,
        "top_p": 2,
        "top_k": 0,
        "repetition_penalty": 2,
        "max_new_tokens": 0,
        "seed": 0,
        "best_of": 0,
    }
    assert len(BY_NAME) == len(PARAMETERS)


@pytest.mark.parametrize("parameter", PARAMETERS, ids=name_of)
def test_every_parameter_is_explained_in_a_sentence(parameter: Parameter) -> None:
    assert parameter.label[0].isupper()
    assert parameter.help.endswith(".")
