"""The same seed, prompt, model and device: the same answer in a chat and from the command."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop.cli.arguments import parser
from desktop.domain.conversation import Message
from desktop.domain.sampling import Value
from desktop.program import Program
from desktop.services.chat.commands import ChangeSampling, Send
from tests.integration.engine_process import WITHIN_S
from tests.support import Cellar
from tests.unit.services import harness
from tests.unit.services.harness import Chat

pytestmark = pytest.mark.integration

STORY = "Tell me a story about a fox."
MORE = "What became of the fox?"
SAMPLED: dict[str, Value] = {"temperature": 0.9, "max_new_tokens": 30}


@pytest.fixture
def chat(data_dir_with_model: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Chat]:
    """A chat as the window has it, with the real engine."""
    monkeypatch.setattr(harness, "WITHIN_S", WITHIN_S)
    program = Program.of(parser().parse_args(["--data-dir", str(data_dir_with_model)]))
    chat = Chat(
        data_dir_with_model,
        program.make_engine,
        program.models(),
        choices=program.load_choices,
    )
    yield chat
    chat.close()


def said_in(chat: Chat, text: str, **sampling: Value) -> Message:
    chat.post(ChangeSampling(SAMPLED | sampling), Send(text))
    return chat.ended()


def asked(cellar: Cellar, seed: Value, *turns: str) -> str:
    """The command's answer to the last of these turns."""
    roles = ("user", "assistant")
    messages = [{"role": roles[n % 2], "content": text} for n, text in enumerate(turns)]
    (cellar.home / "messages.json").write_text(json.dumps(messages))
    options = [f"--{name.replace('_', '-')}={value}" for name, value in SAMPLED.items()]
    file = str(cellar.home / "messages.json")
    ran = cellar("ask", "--json", "--messages", file, *options, f"--seed={seed}")
    assert ran.code == 0, ran.err
    done = json.loads(ran.out.splitlines()[-1])
    assert done["seed"] == seed
    return str(done["text"])


def test_chat_and_command_give_the_same_answer(chat: Chat, cellar: Cellar) -> None:
    given = said_in(chat, STORY, seed=7)
    assert asked(cellar, 7, STORY) == given.text
    drawn = said_in(chat, MORE)  # with the beginning of the prompt in the cache
    assert drawn.statistics
    seed = drawn.statistics.sampling["seed"]
    assert isinstance(seed, int)
    assert seed != 7
    assert asked(cellar, seed, STORY, given.text, MORE) == drawn.text
