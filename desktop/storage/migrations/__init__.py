"""The numbered steps to the schema of today: STEPS[0] makes schema 1, STEPS[1] schema 2 of it."""

from desktop.storage.migrations import step_0001, step_0002, step_0003

STEPS: tuple[str, ...] = (step_0001.SQL, step_0002.SQL, step_0003.SQL)
