"""When to try again."""

import time
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from desktop.domain.errors import Problem
from desktop.models.jobs.fetch.patience import Again, Patience, Tries, seconds_of

PROBLEM = Problem("It broke.", "Try again.")


def test_pauses_grow_up_to_a_limit_and_are_never_the_same_for_all() -> None:
    patience = Patience(first_pause_s=1.0, longest_pause_s=8.0)
    tries = Tries(patience, give_up_s=1000.0)
    pauses = [tries.pause(Again(PROBLEM)) for _ in range(40)]
    for pause, longest in zip(pauses[:5], [1, 2, 4, 8, 8], strict=False):
        assert longest / 2 <= pause <= longest
    assert max(pauses) <= 8.0
    assert len(set(pauses)) > 30


def test_after_progress_the_next_pause_is_short_again() -> None:
    tries = Tries(Patience(first_pause_s=1.0), give_up_s=1000.0)
    for _ in range(5):
        tries.pause(Again(PROBLEM))
    tries.got_on()
    assert tries.pause(Again(PROBLEM)) <= 1.0


def test_it_gives_up_with_the_last_problem() -> None:
    tries = Tries(Patience(first_pause_s=0.001), give_up_s=0.03)
    tries.pause(Again(PROBLEM))
    time.sleep(0.04)
    with pytest.raises(Problem, match="It broke"):
        tries.pause(Again(PROBLEM))


def test_a_pause_that_the_server_wishes_is_kept() -> None:
    tries = Tries(Patience(first_pause_s=0.01), give_up_s=60.0)
    assert tries.pause(Again(PROBLEM, wish=30.0)) == 30.0


def test_a_wish_beyond_the_patience_is_not_waited_for() -> None:
    tries = Tries(Patience(), give_up_s=60.0)
    with pytest.raises(Problem, match="It broke"):
        tries.pause(Again(PROBLEM, wish=61.0))


def test_retry_after_is_seconds_or_a_date() -> None:
    assert seconds_of("7") == 7.0
    soon = format_datetime(datetime.now(UTC) + timedelta(seconds=30), usegmt=True)
    assert 25 < seconds_of(soon) <= 30
    past = format_datetime(datetime.now(UTC) - timedelta(days=1), usegmt=True)
    assert seconds_of(past) == 0.0
    assert [seconds_of(text) for text in ("", "soon", "-5", "1e9", "²")] == [0.0] * 5
