"""Problems that a user can understand and do something about."""


class Problem(Exception):
    """Something in the world is wrong: one sentence of what happened, one of what to do.

    Everything else that is raised is a bug.
    """

    def __init__(self, what: str, remedy: str = "") -> None:
        super().__init__(f"{what} {remedy}".strip())
        self.what = what
        self.remedy = remedy


class UsageProblem(Problem):
    """What was asked for is not well formed (a command line, a value out of range)."""
