"""Templates that open the thought themselves, and those that leave it to the model."""

import pytest

from desktop.domain.thinking import opens
from tests.unit.engine.test_prompt_render import prompt


@pytest.mark.parametrize(
    ("family", "opened"), [("deepseek-r1-distill", True), ("qwen3", False), ("smollm2", False)]
)
def test_the_prompt_tells_whether_a_thought_is_open(family: str, opened: bool) -> None:
    assert opens(prompt(family, ("u", "Why?"))) is opened
    assert not opens(prompt(family, ("u", "<think>")).removesuffix("<think>\n"))
