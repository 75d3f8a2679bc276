"""The whole way from a PyTorch checkpoint: our engine writes what transformers writes."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from desktop.domain.conversation import State
from tests.integration.engine_process import WITHIN_S, EngineProcess

pytestmark = pytest.mark.integration

SCRIPT = Path(__file__).with_name("tiny_llama.py")
SAID = ("Hello, cellar.", "Is the wine good, or is it not?")
CONTEXT = 512


def test_greedy_answers_equal_those_of_transformers(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    made = subprocess.run(
        [sys.executable, str(SCRIPT), str(tmp_path), *SAID],
        env={**os.environ, "CI": "1", "HF_HUB_OFFLINE": "1", "HOME": str(home)},
        capture_output=True,
        check=False,
        timeout=WITHIN_S,
    )
    assert made.returncode == 0, made.stderr.decode("utf-8", "replace")[-3000:]
    expected = json.loads(made.stdout.splitlines()[-1])
    engine = EngineProcess()
    try:
        engine.load(tmp_path / "ir", context_length=CONTEXT)
        for said, text, tokens in zip(
            SAID, expected["texts"], expected["prompt_tokens"], strict=True
        ):
            new_tokens = expected["new_tokens"]
            answer = engine.ask(said, repetition_penalty=1.0, max_new_tokens=new_tokens)
            assert answer.text == text
            assert answer.state is State.LENGTH
            assert answer.statistics.prompt_tokens == tokens
            assert answer.statistics.generated_tokens == new_tokens
    finally:
        engine.end()
