"""Fixtures of all tests: the starter model, installed once by the program's own way."""

import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.models.starter_fp16 import starter_fp16_ir
from tests.support import Cellar, linked_copy, model_service

# The same examples in each run, however slow the machine: a red test means a changed program.
settings.register_profile(
    "cellar", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("cellar")

os.environ["CELLAR_LANGUAGE"] = "en"  # whatever this computer speaks
sys.modules["openvino_telemetry"] = None  # type: ignore[assignment]  # tests report nothing either
os.environ["HF_HUB_DISABLE_TELEMETRY"] = "1"  # as children have it; the library reads it once


@pytest.fixture(scope="session")
def installed_data_dir(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A data directory with the starter installed. Shared: to be read only."""
    data_dir = tmp_path_factory.mktemp("installed") / "data"
    model_service(data_dir).install_starter(lambda _: None)
    yield data_dir
    shutil.rmtree(data_dir)


@pytest.fixture(scope="session")
def starter_fp16(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The starter as FP16 IR, as a repository of the hub has it; made in 15 s. To be read only."""
    return starter_fp16_ir(tmp_path_factory.mktemp("starter") / "fp16")


@pytest.fixture
def data_dir_with_model(installed_data_dir: Path, tmp_path: Path) -> Iterator[Path]:
    """A data directory of the test's own, with the starter installed."""
    yield linked_copy(installed_data_dir, tmp_path / "data")
    shutil.rmtree(tmp_path / "data", ignore_errors=True)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """An empty home directory."""
    folder = tmp_path / "home"
    folder.mkdir()
    return folder


@pytest.fixture
def cellar(data_dir_with_model: Path, home: Path) -> Cellar:
    """The program, on a data directory of the test's own that has the starter."""
    return Cellar(data_dir_with_model, home)


@pytest.fixture
def fresh_cellar(tmp_path: Path, home: Path) -> Cellar:
    """The program before its first start."""
    return Cellar(tmp_path / "data", home)
