"""`bench` with the real model and the real libraries."""

import json
import os
import signal
import time

import psutil
import pytest

from tests.support import STARTER_ID, Cellar, kill_group

pytestmark = pytest.mark.e2e

FIGURES = {
    "prefill_tokens_per_s",
    "decode_tokens_per_s",
    "ttft_cold_ms",
    "ttft_warm_ms",
    "ttft_turn_10_ms",
    "peak_memory_bytes",
    "bandwidth_share",
}


@pytest.mark.slow
def test_a_quick_comparison(cellar: Cellar) -> None:
    ran = cellar("bench", "--quick", "--device", "CPU", "--json")
    assert ran.code == 0, ran.err
    report = json.loads(ran.out)
    assert report["model"] == STARTER_ID
    assert report["recommendation"].startswith("Use CPU with ")
    (device,) = report["devices"]
    found = {each["contestant"]: each for each in device["contestants"]}
    assert list(found) == ["cellar", "library", "library-tuned", "optimum-intel", "llama.cpp"]
    for name in ("cellar", "library", "library-tuned", "optimum-intel"):
        assert found[name]["why_not"] == ""
        assert {figure for figure in FIGURES if found[name][figure] > 0} == FIGURES
    assert found["library-tuned"]["cellar_to_it"]["decode"] > 0.5
    assert found["library-tuned"]["same_text_rounds"] == 1
    assert found["cellar"]["prompt_tokens"] == found["optimum-intel"]["prompt_tokens"]
    assert "round 1 of 1" in ran.err


def test_what_is_not_there(cellar: Cellar) -> None:
    ran = cellar("bench", "--device", "TOASTER")
    assert (ran.code, ran.out) == (2, "")
    assert "There is no device “TOASTER”" in ran.problem()
    ran = cellar("bench", "--model", "ghost")
    assert (ran.code, ran.out) == (3, "")
    assert "“ghost” is not installed" in ran.problem()


@pytest.mark.skipif(os.name == "nt", reason="there is no Ctrl-C to send")
def test_interrupted(cellar: Cellar) -> None:
    process = cellar.start("bench", "--quick", "--device", "CPU")
    try:
        assert process.stderr
        for line in process.stderr:
            if b"loading, OpenVINO" in line:
                break
        children = psutil.Process(process.pid).children(recursive=True)
        assert len(children) >= 2
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=30)
    finally:
        kill_group(process)
    assert process.returncode == 130
    assert b"Traceback" not in err
    deadline = time.monotonic() + 10
    while any(child.is_running() and child.status() != "zombie" for child in children):
        assert time.monotonic() < deadline
        time.sleep(0.05)
