"""The door to the network: what goes through it is known, and it can be closed at any time."""

import threading

import pytest

from desktop.domain.errors import Problem
from desktop.domain.events import Contacted
from desktop.services.contacts import Door, Outcome


def test_the_bytes_of_one_purpose_are_added_up_and_the_newest_comes_first() -> None:
    door = Door()
    with door.visit(lambda: None) as visit:
        visit.note(Contacted("hub.example", "to look at a model", 10))
        visit.note(Contacted("hub.example", "to look at a model", 32))
        visit.note(Contacted("files.example", "to fetch a model", 7))
        assert {each.outcome for each in door.contacts} == {Outcome.UNDER_WAY}
    told = [(each.host, each.why, each.received, each.outcome) for each in door.contacts]
    assert told == [
        ("files.example", "to fetch a model", 7, Outcome.DONE),
        ("hub.example", "to look at a model", 42, Outcome.DONE),
    ]


def test_two_jobs_with_the_same_host_are_two_contacts() -> None:
    door = Door()
    for _ in range(2):
        with door.visit(lambda: None) as visit:
            visit.note(Contacted("hub.example", "to look", 1))
    assert len(door.contacts) == 2


def fail_at(door: Door, host: str, error: BaseException) -> None:
    with door.visit(lambda: None) as visit:
        visit.note(Contacted(host, "", 0))
        raise error


def test_what_failed_is_told_apart_from_what_was_stopped() -> None:
    door = Door()
    for host, error in (
        ("one.example", Problem("It is gone.")),
        ("two.example", KeyboardInterrupt()),
    ):
        with pytest.raises(type(error)):
            fail_at(door, host, error)
    assert [each.outcome for each in door.contacts] == [Outcome.STOPPED, Outcome.FAILED]


def test_a_closed_door_lets_nobody_in_and_says_what_to_do() -> None:
    offline = True
    door = Door(lambda: offline)
    with pytest.raises(Problem, match="Privacy"), door.visit(lambda: None):
        pytest.fail("it was open")
    door.locked = True
    with pytest.raises(Problem, match="--offline"), door.visit(lambda: None):
        pytest.fail("it was open")
    offline = door.locked = False
    with door.visit(lambda: None):
        pass


def test_shutting_it_ends_who_is_inside_at_once() -> None:
    door = Door()
    ended = threading.Event()
    with door.visit(ended.set) as visit:
        visit.note(Contacted("hub.example", "to fetch", 5))
        door.shut()
        assert ended.is_set()
        assert visit.shut_out
    door.shut()  # nobody is inside any more


def test_every_change_is_told() -> None:
    door = Door()
    told: list[int] = []
    door.on_change = lambda: told.append(len(door.contacts))
    with door.visit(lambda: None) as visit:
        visit.note(Contacted("hub.example", "to fetch", 5))
    assert told == [1, 1]
