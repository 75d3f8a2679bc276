"""One percentage for a job of several steps."""

from hypothesis import given
from hypothesis import strategies as st

from desktop.domain.events import Stage
from desktop.models.jobs.steps import Steps

SHARES = {"reading": 10, "compressing": 70, "trying it out": 20}


def test_each_step_has_its_share() -> None:
    told: list[Stage] = []
    steps = Steps(told.append, SHARES)
    steps.begin("reading")
    steps.begin("compressing")
    steps.part(1, 2)
    steps.begin("trying it out")
    steps.part(1, 1)
    assert told == [
        Stage("reading", 0, 100),
        Stage("compressing", 10, 100),
        Stage("compressing", 45, 100),
        Stage("trying it out", 80, 100),
        Stage("trying it out", 100, 100),
    ]


def test_what_changes_nothing_that_is_shown_is_not_told() -> None:
    told: list[Stage] = []
    steps = Steps(told.append, SHARES)
    steps.begin("compressing")
    for done in range(10_000):
        steps.part(done, 10_000)
    assert len(told) <= 71


@given(
    st.lists(
        st.tuples(st.sampled_from(list(SHARES)), st.integers(-5, 50), st.integers(0, 20)),
        min_size=1,
    )
)
def test_the_percentage_only_grows_whatever_is_reported(
    parts: list[tuple[str, int, int]],
) -> None:
    told: list[Stage] = []
    steps = Steps(told.append, SHARES)
    for name, done, total in parts:
        steps.begin(name)
        steps.part(done, total)
    percentages = [stage.done for stage in told]
    assert percentages == sorted(percentages)
    assert all(0 <= percentage <= 100 for percentage in percentages)
