"""Every test but the slow ones, two files at a time; what fails beside others is tried alone.

Many tests wait for real processes, windows and disks, and a machine that others use can stall for
longer than any of them waits. A test that fails by itself, too, fails; one that does not is named.
"""

import subprocess
import sys

import pytest

NOT_SLOW = ("-m", "not slow")
BESIDE_OTHERS = ("--numprocesses=2", "--dist=loadfile")
ALONE = ("--last-failed", "--last-failed-no-failures=none", "-rA", "--tb=short")


def main(*arguments: str) -> int:
    """Run pytest, twice where it must be; its exit code."""
    code = _pytest(*BESIDE_OTHERS, *arguments)
    if code != pytest.ExitCode.TESTS_FAILED:
        return code
    print("\nSome tests failed beside others. Each of them once more, alone:", flush=True)
    return _pytest(*ALONE, *arguments)


def _pytest(*arguments: str) -> int:
    return subprocess.call([sys.executable, "-m", "pytest", *NOT_SLOW, *arguments])


if __name__ == "__main__":
    sys.exit(main())
