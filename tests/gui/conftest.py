"""The window's tests need no screen."""

import os
from pathlib import Path

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from desktop.ui.icons import IconSet
from desktop.ui.theme import Theme, load_themes

RESOURCES = Path(__file__).parents[2] / "resources"


@pytest.fixture(scope="session")
def themes() -> dict[str, Theme]:
    """The themes of the program, by name."""
    return load_themes(RESOURCES / "themes")


@pytest.fixture
def icons(themes: dict[str, Theme]) -> IconSet:
    """The program's icons in the light theme."""
    return IconSet(RESOURCES / "icons", themes["light"])
