"""The sampling values that a model brings along."""

import json
from pathlib import Path

import pytest

from desktop.models.generation_settings import own_settings


@pytest.mark.parametrize(
    ("body", "values"),
    [
        ({"temperature": 0.6, "top_k": 20}, {"temperature": 0.6, "top_k": 20}),
        ({"do_sample": False}, {"temperature": 0.0}),
        ({"do_sample": False, "temperature": 0.9}, {"temperature": 0.0}),
        ({"temperature": None, "top_k": "many", "top_p": 7}, {}),
        ({"eos_token_id": 2, "repetition_penalty": 1.05}, {"repetition_penalty": 1.05}),
        ([], {}),
    ],
)
def test_what_can_be_used_is_used(tmp_path: Path, body: object, values: object) -> None:
    (tmp_path / "generation_config.json").write_text(json.dumps(body))
    assert own_settings(tmp_path) == values


@pytest.mark.parametrize("text", [None, "{", "\x00"])
def test_a_missing_or_damaged_file_means_no_settings(tmp_path: Path, text: str | None) -> None:
    if text is not None:
        (tmp_path / "generation_config.json").write_text(text)
    assert own_settings(tmp_path) == {}
