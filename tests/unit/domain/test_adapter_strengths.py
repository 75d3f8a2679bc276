"""Strengths of adapters, as they come from a file or a slider."""

from desktop.domain.adapters import sensible_strengths


def test_what_is_no_strength_is_left_out_and_the_rest_kept_in_range() -> None:
    given = {
        "as it is": 0.5,
        "whole": 1,
        "too strong": 7.5,
        "off": 0,
        "negative": -1.0,
        "no number": float("nan"),
        "endless": float("inf"),
        "text": "1",
        "truth": True,
        "nothing": None,
    }
    assert sensible_strengths(given) == {"as it is": 0.5, "whole": 1.0, "too strong": 2.0}
