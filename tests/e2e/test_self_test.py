"""`cellar --self-test`: what a bundle proves of itself holds from source as well."""

import json
from pathlib import Path

import pytest

from tests.support import Cellar

pytestmark = pytest.mark.e2e

CHECKS = {
    *("qt", "themes", "icons", "markdown", "translations", "storage", "log", "licences"),
    *("engine_process", "ir", "tokenizer_library", "genai", "engine_limits", "starter"),
    *("convert_process", "nncf", "conversion", "fetch_process", "certificates", "hub_client"),
    *("telemetry", "engine_telemetry", "convert_telemetry", "network", "window_process"),
}
OFFSCREEN = {"QT_QPA_PLATFORM": "offscreen", "HF_TOKEN": "hf_canary"}


def test_every_part_is_checked_and_sound(fresh_cellar: Cellar, tmp_path: Path) -> None:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    environment = {**OFFSCREEN, "TMPDIR": str(scratch)}
    ran = fresh_cellar("--self-test", environment=environment)
    lines = ran.out.splitlines()
    assert len(lines) == 1, ran.err
    report = json.loads(lines[0])
    checks = report["checks"]
    wrong = {name: check["detail"] for name, check in checks.items() if not check["ok"]}
    assert wrong == {}
    assert (report["ok"], ran.code, ran.err) == (True, 0, "")
    assert set(checks) == CHECKS
    assert all(check["detail"] and check["ms"] >= 0 for check in checks.values())
    assert "Paris" in checks["starter"]["detail"]
    assert "offscreen" in checks["qt"]["detail"]
    assert "no core dump" in checks["engine_limits"]["detail"]
    assert report["versions"]["openvino"].startswith("2026.4")
    assert list(scratch.iterdir()) == []
    assert list(fresh_cellar.home.iterdir()) == []
    assert not fresh_cellar.data_dir.exists()
