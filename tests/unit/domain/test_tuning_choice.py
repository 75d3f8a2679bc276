"""Choosing a setting from what was measured, and saying it in words."""

from desktop.domain.events import Tried, Tuned
from desktop.domain.tuning import (
    CACHE,
    PRECISION,
    THREADS,
    TYPICAL,
    accurate,
    best,
    judged_by,
    setting_text,
    turn_seconds,
)

F32 = {PRECISION: "f32"}
DEFAULTS = Tried({}, 1000, 50, 10.0)


def test_a_turn_is_reading_and_then_writing() -> None:
    chat = TYPICAL["chat"]
    assert turn_seconds(chat.reading, chat.writing, chat) == 2.0
    assert turn_seconds(2000, 100, TYPICAL["reading"]) == 4.0


def test_the_fastest_accurate_setting_is_best() -> None:
    fast, faster = Tried(F32, 1, 1, 8.0), Tried({CACHE: "f16"}, 1, 1, 7.0)
    assert best([DEFAULTS, fast, faster]) is faster


def test_a_setting_that_is_less_exact_is_never_chosen() -> None:
    coarse = Tried({PRECISION: "bf16"}, 1, 1, 1.0, accurate=False)
    assert best([DEFAULTS, coarse]) is DEFAULTS


def test_a_gain_that_could_be_noise_changes_nothing() -> None:
    assert best([DEFAULTS, Tried(F32, 1, 1, 9.6)]) is DEFAULTS
    assert best([DEFAULTS, Tried(F32, 1, 1, 9.4)]).properties == F32


def test_the_same_measurement_is_judged_by_either_turn() -> None:
    """One reads twice as fast, the other writes 1.6 times as fast."""
    reads, writes = Tried({}, 2000, 50, 0), Tried(F32, 1000, 80, 0)
    tuned = Tuned(reads, (reads, writes), complete=False)
    chat = judged_by(tuned, TYPICAL["chat"])
    reading = judged_by(tuned, TYPICAL["reading"])
    assert (chat.best.properties, reading.best.properties) == (F32, {})
    assert chat.best.turn_s == 2.7
    assert not chat.complete


def test_deviation_may_exceed_that_of_the_defaults_by_rounding_only() -> None:
    assert accurate(0.0805, 0.08)
    assert not accurate(0.09, 0.08)
    assert accurate(0.0, 0.0)


def test_settings_are_said_in_words() -> None:
    assert setting_text({}) == "OpenVINO’s defaults"
    many = {PRECISION: "f32", THREADS: "2", CACHE: "f16"}
    assert setting_text(many) == "32-bit floats, 2 threads, 16-bit cache"
    assert setting_text({THREADS: "1"}) == "1 thread"
    assert setting_text({"NEW_ONE": "7"}) == "NEW_ONE 7"
