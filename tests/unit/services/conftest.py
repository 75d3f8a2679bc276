"""Chats that are ended when the test has ended."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.unit.services.harness import Engines, MakeChat, chats


@pytest.fixture
def make_chat(tmp_path: Path) -> Iterator[MakeChat]:
    with chats(tmp_path) as make:
        yield make


@pytest.fixture
def engines() -> Engines:
    return Engines()
