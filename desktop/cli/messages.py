"""Messages and texts that a command is given, from a file or standard input."""

import json
import sys
from pathlib import Path

from desktop.domain.conversation import Role, clean_text
from desktop.domain.errors import Problem, UsageProblem
from desktop.engine.protocol import Turn
from desktop.files import world_problem

STDIN = "-"
LARGEST = 32 * 10**6  # bytes; what never ends would take all memory


def read_turns(source: str) -> tuple[Turn, ...]:
    """The turns of a JSON list of {"role", "content"}. Raises Problem."""
    try:
        body = json.loads(_read(source))
    except (ValueError, RecursionError) as error:
        raise Problem(f"The messages are not valid JSON: {error}.", "Mend the file.") from None
    if not isinstance(body, list) or not body:
        raise UsageProblem(
            "The messages must be a JSON list that is not empty.",
            'Give [{"role": "user", "content": "…"}].',
        )
    return tuple(_turn(number, item) for number, item in enumerate(body, start=1))


def read_text(text: str) -> str:
    """The text itself, or standard input for “-”."""
    return clean_text(_read(STDIN).decode("utf-8", "replace") if text == STDIN else text)


def _turn(number: int, item: object) -> Turn:
    roles = [role.value for role in Role]
    if (
        not isinstance(item, dict)
        or item.get("role") not in roles
        or not isinstance(item.get("content"), str)
    ):
        raise UsageProblem(
            f"Message {number} is not understood.",
            f'Each message is {{"role", "content"}}, its role one of {", ".join(roles)}.',
        )
    return Turn(item["role"], clean_text(item["content"]))


def _read(source: str) -> bytes:
    data = sys.stdin.buffer.read(LARGEST + 1) if source == STDIN else _read_file(Path(source))
    if len(data) > LARGEST:
        raise UsageProblem(
            f"The text has more than {LARGEST // 10**6} MB, more than any model reads.",
            "Give a part of it.",
        )
    return data


def _read_file(path: Path) -> bytes:
    if path.is_dir():
        raise UsageProblem(f"“{path}” is a folder.", "Give a file.")
    try:
        with path.open("rb") as file:
            return file.read(LARGEST + 1)
    except OSError as error:
        raise world_problem(error, "read the messages") from error
