"""Holds lock files against the list of versions that must not be shipped. Needs no network.

`python packaging/audit.py LOCKFILE…` prints what it finds, and ends with 1 when it is bad.
"""

import operator
import re
import sys
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

KNOWN_BAD = Path(__file__).parent / "audit" / "known_bad.toml"
PIN = re.compile(r"([A-Za-z0-9][A-Za-z0-9._-]*)\s*==\s*([^\s;#]+)")
COMPARE: Mapping[str, Callable[[tuple[int, ...], tuple[int, ...]], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    "==": operator.eq,
    ">=": operator.ge,
    ">": operator.gt,
}
_CONDITION = re.compile(r"(<=|>=|==|<|>)\s*([0-9.]+)")


@dataclass(frozen=True)
class Finding:
    """A pin that the list is about. `reason` is why it is accepted; empty: it is not."""

    id: str
    package: str
    version: str
    what: str
    source: str
    reason: str = ""

    def line(self) -> str:
        """For a person."""
        if self.reason:
            return f"accepted: {self.package} {self.version}, {self.id}: {self.reason}"
        return f"BAD: {self.package} {self.version}, {self.id}: {self.what} ({self.source})"


def canonical(name: str) -> str:
    """The name as indexes compare it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def pins(text: str) -> dict[str, str]:
    """The versions of a lock file by the packages' names. Raises ValueError for another line."""
    found = {}
    for line in text.splitlines():
        if not line.strip() or line.lstrip().startswith(("#", "--")):
            continue
        pin = PIN.match(line)
        if pin is None:
            raise ValueError(f"no pinned version: {line}")
        found[canonical(pin[1])] = pin[2]
    return found


def release(version: str) -> tuple[int, ...]:
    """The numbers of a version, without zeros at the end; what is before a release counts as it."""
    numbers = re.match(r"\d+(?:\.\d+)*", version)
    if numbers is None:
        raise ValueError(f"no version: {version}")
    parts = [int(part) for part in numbers[0].split(".")]
    while parts and parts[-1] == 0:
        parts.pop()
    return tuple(parts)


def meets(version: str, conditions: str) -> bool:
    """True when a version meets all of them. Raises ValueError for a condition that is none."""
    for condition in conditions.split(","):
        found = _CONDITION.fullmatch(condition.strip())
        if found is None:
            raise ValueError(f"no condition: {condition}")
        if not COMPARE[found[1]](release(version), release(found[2])):
            return False
    return True


def findings(locked: Mapping[str, str], known_bad: Path = KNOWN_BAD) -> Iterator[Finding]:
    """What the list says of these versions."""
    listed = tomllib.loads(known_bad.read_text("utf-8"))
    accepted = {
        (entry["id"], canonical(entry["package"])): entry["reason"]
        for entry in listed.get("accepted", ())
    }
    for bad in listed["bad"]:
        package = canonical(bad["package"])
        version = locked.get(package)
        if version is not None and meets(version, bad["versions"]):
            reason = accepted.get((bad["id"], package), "")
            yield Finding(bad["id"], package, version, bad["what"], bad["source"], reason)


def main(arguments: Sequence[str]) -> int:
    """Audit the files; returns the exit code."""
    if not arguments:
        sys.stderr.write("usage: python packaging/audit.py LOCKFILE…\n")
        return 2
    is_bad = False
    for name in arguments:
        locked = pins(Path(name).read_text("utf-8"))
        found = list(findings(locked))
        for finding in found:
            print(finding.line())
        bad = [finding for finding in found if not finding.reason]
        print(f"{name}: {len(locked)} packages, {len(bad)} bad, {len(found) - len(bad)} accepted")
        is_bad = is_bad or bool(bad)
    return 1 if is_bad else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
