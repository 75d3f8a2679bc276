"""Many chats with the real engine and the real model: made again, gone on with, kept apart."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from desktop.cli.arguments import parser
from desktop.domain.conversation import Message, State, Statistics
from desktop.domain.sampling import Values
from desktop.engine.client import Engine
from desktop.models.jobs.proof import EXACT
from desktop.program import Program
from desktop.services.chat import commands, notices
from desktop.services.engine_host import LoadChoices
from tests.integration.engine_process import GREEDY, WITHIN_S
from tests.support import linked_copy
from tests.unit.services import harness
from tests.unit.services.harness import Chat

pytestmark = pytest.mark.integration

CLOSE = 64  # tokens: two blocks of the cache
STORY = "Tell me a story about a fox."
LONG = "The cellar is cool and quiet, and the wine in it is older than the house above. " * 20
CANARY = "Quetzalwhistle"
HOT: Values = {"temperature": 1.0, "top_p": 0.95, "max_new_tokens": 30}
NEW = commands.NewChat()
TEMPORARY = commands.NewChat(temporary=True)


@dataclass
class Desk:
    """A chat as the window has it, and the engine processes that it started."""

    chat: Chat
    engines: list[Engine]

    def opened(self, command: commands.ChatCommand) -> str:
        """Go somewhere; the id of the chat."""
        self.chat.post(command)
        return self.chat.until(notices.Opened).conversation.id

    def answered(self, *asked: commands.ChatCommand) -> tuple[Message, Statistics]:
        """The answer to what asks for one, and what it took."""
        self.chat.post(*asked)
        answer = self.chat.ended()
        assert answer.statistics, answer
        return answer, answer.statistics

    def holding(self, text: str) -> list[str]:
        """The files of the data folder that hold a text; the model's own are not looked at."""
        files = (file for file in self.chat.paths.data_dir.rglob("*") if file.is_file())
        small = [file for file in files if self.chat.paths.models not in file.parents]
        assert self.chat.paths.database in small
        return [file.name for file in small if text.encode() in file.read_bytes()]


@pytest.fixture
def make_desk(
    installed_data_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[..., Desk]]:
    monkeypatch.setattr(harness, "WITHIN_S", WITHIN_S)
    data_dir = linked_copy(installed_data_dir, tmp_path / "data")
    made: list[Desk] = []

    def make(choices: LoadChoices | None = None) -> Desk:
        program = Program.of(parser().parse_args(["--data-dir", str(data_dir)]))
        engines: list[Engine] = []

        def start() -> Engine:
            engines.append(program.make_engine())
            return engines[-1]

        chat = Chat(data_dir, start, program.models(), choices=choices or program.load_choices)
        made.append(Desk(chat, engines))
        return made[-1]

    yield make
    for desk in made:
        desk.chat.close()
    shutil.rmtree(data_dir)


def test_answers_are_made_again_and_chats_keep_what_was_read(
    make_desk: Callable[..., Desk],
) -> None:
    desk = make_desk()
    desk.chat.until(notices.Opened)
    first = desk.chat.in_view
    desk.chat.post(commands.ChangeSystemPrompt("You are a poet."), commands.ChangeSampling(HOT))
    made, figures = desk.answered(commands.Send(f"{LONG} {STORY}"))
    assert isinstance(figures.sampling["seed"], int)
    desk.chat.post(commands.ChangeSystemPrompt(""))
    cool = commands.ChangeSampling({**GREEDY, "max_new_tokens": 8})
    other, _ = desk.answered(cool, commands.Regenerate(made.id))
    assert other.text != made.text
    desk.opened(commands.ChooseBranch(made.id))
    again, repeated = desk.answered(commands.MakeAgain(made.id))
    assert again.text == made.text
    assert repeated.sampling == figures.sampling
    assert len(desk.engines) == 1

    desk.opened(commands.ChooseBranch(made.id))
    desk.opened(NEW)
    desk.answered(cool, commands.Send("What is the capital of France?"))
    desk.opened(commands.OpenChat(first, made.id))
    desk.chat.post(commands.ChangeSystemPrompt("You are a poet."))
    _, more = desk.answered(commands.Send("Go on."))
    assert more.cached_tokens > figures.prompt_tokens + figures.generated_tokens - CLOSE
    assert len(desk.engines) == 1

    desk.chat.quit()
    desk = make_desk()  # which has not answered yet, so it is loaded as the answer says
    desk.opened(commands.OpenChat(first, made.id))
    again, repeated = desk.answered(commands.MakeAgain(made.id))
    assert again.text == made.text
    assert (repeated.sampling, repeated.properties) == (figures.sampling, figures.properties)


def test_nothing_of_a_temporary_chat_outlives_it(make_desk: Callable[..., Desk]) -> None:
    desk = make_desk()
    desk.chat.until(notices.Opened)
    kept = desk.chat.in_view
    desk.answered(commands.ChangeSampling({"max_new_tokens": 8}), commands.Send(STORY))
    desk.opened(TEMPORARY)
    secret = commands.Send(f"My name is {CANARY}. {LONG}")
    short = commands.ChangeSampling({"max_new_tokens": 8})
    desk.answered(short, secret)
    _, warm = desk.answered(commands.Clear(), secret)
    assert warm.cached_tokens > 200  # while it is open, it is as quick as any
    assert desk.holding(CANARY) == []
    assert desk.holding(STORY) != []
    desk.opened(commands.OpenChat(kept))
    desk.opened(TEMPORARY)
    _, cold = desk.answered(short, secret)
    assert cold.cached_tokens == 0
    assert [engine.alive for engine in desk.engines] == [False, True]
    desk.chat.quit()
    assert not any(engine.alive for engine in desk.engines)
    assert desk.holding(CANARY) == []


def test_going_on_with_an_answer_gives_what_one_go_gives(make_desk: Callable[..., Desk]) -> None:
    desk = make_desk(LoadChoices(properties_of=lambda *_: dict(EXACT)))

    def tokens(most: int) -> commands.ChangeSampling:
        return commands.ChangeSampling({**GREEDY, "max_new_tokens": most})

    whole, _ = desk.answered(tokens(40), commands.Send(STORY))
    begun, _ = desk.answered(tokens(15), commands.Regenerate(whole.id))
    assert begun.state is State.LENGTH
    assert whole.text.startswith(begun.text)
    joined, figures = desk.answered(tokens(25), commands.ContinueAnswer(begun.id))
    assert (joined.id, joined.text, joined.state) == (begun.id, whole.text, whole.state)
    assert figures.generated_tokens == 40
    again, _ = desk.answered(tokens(5), commands.MakeAgain(begun.id))
    assert again.text == whole.text
