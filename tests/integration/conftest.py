"""The real engine process with the real model, started once for all tests that leave it well."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.integration.engine_process import EngineProcess
from tests.support import STARTER_ID


@pytest.fixture(scope="session")
def model_folder(installed_data_dir: Path) -> Path:
    """The installed starter. To be read only."""
    return installed_data_dir / "models" / STARTER_ID


@pytest.fixture(scope="session")
def shared_engine(model_folder: Path) -> Iterator[EngineProcess]:
    engine = EngineProcess()
    engine.load(model_folder)
    yield engine
    engine.end()


@pytest.fixture
def engine(shared_engine: EngineProcess) -> Iterator[EngineProcess]:
    """An engine with the starter loaded, which must be as well after the test as before."""
    yield shared_engine
    assert shared_engine.count("still alive?") == 3


@pytest.fixture(autouse=True)
def nothing_stays_hidden() -> Iterator[None]:
    """A job that hides torch from NNCF does so in its process, which here is that of all tests."""
    hidden = {name for name, module in sys.modules.items() if module is None}
    yield
    for name in [name for name, module in sys.modules.items() if module is None]:
        if name not in hidden:
            del sys.modules[name]
