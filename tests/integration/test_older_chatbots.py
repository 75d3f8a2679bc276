"""The older chatbots: the ids that a model reads are those that its own published code makes.

Tiny random models with small tokenizers of the right kinds. Which code that is, and where it is
published, stands beside the texts in test_system_layouts.py.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import openvino_genai
import pytest
from tokenizers import Tokenizer as Original

from desktop.domain.conversation import State
from desktop.domain.events import Failed, Fitted, Loaded
from desktop.domain.layout import Layout
from desktop.domain.sampling import Values, defaults
from desktop.engine.prompt.layout_prompt import layout_text
from desktop.engine.prompt.prompt import Prompt
from desktop.engine.prompt.prompts import Prompts
from desktop.engine.protocol import Generate, Load, Turn
from desktop.engine.text_stream import TextStream
from desktop.engine.tokenizer import Tokenizer
from desktop.paths import resources
from desktop.services.layouts.store import LayoutStore
from tests.integration.engine_process import GREEDY, EngineProcess
from tests.models.tiny_chatbots import ANSWER_TOKENS, CONTEXT, WRITTEN, tiny_chatbots

pytestmark = pytest.mark.integration

LAYOUTS = LayoutStore(resources() / "layouts", Path("nowhere")).shipped
SYSTEM = Turn("system", "Be brief.")
FIRST = Turn("user", "Hi there.")
TALK = (FIRST, Turn("assistant", "Hello, friend."), Turn("user", "Why?"))
LONG = (*TALK, Turn("assistant", "Because."), Turn("user", "I see."))
SHORT: Values = defaults() | GREEDY | {"max_new_tokens": ANSWER_TOKENS, "seed": 1}
EXACT = {"INFERENCE_PRECISION_HINT": "f32", "KV_CACHE_PRECISION": "f32"}

Ids = list[int]


@dataclass(frozen=True)
class Code:
    """What a system's own code does with its tokenizer."""

    tokenizer: Original

    def __call__(self, text: str) -> Ids:
        """Encode a text by itself, without special tokens of the tokenizer's own."""
        return list(self.tokenizer.encode(text, add_special_tokens=False).ids)

    def text_of(self, ids: Ids) -> str:
        return str(self.tokenizer.decode(ids, skip_special_tokens=True))

    def id(self, token: str) -> int:
        number = self.tokenizer.token_to_id(token)
        assert number is not None, token
        return int(number)


def redpajama(code: Code) -> Ids:
    # OpenChatKit: the whole raw prompt is encoded as one text.
    return code("<human>: Hi there.\n<bot>: Hello, friend.\n<human>: Why?\n<bot>:")


def llama_2(code: Code) -> Ids:
    # llama/generation.py: encode(..., bos=True, eos=True) of each exchange, eos=False of the last.
    sentences = (
        "[INST] <<SYS>>\nBe brief.\n<</SYS>>\n\nHi there. [/INST] Hello, friend. ",
        "[INST] Why? [/INST]",
    )
    first, last = map(code, sentences)
    return [code.id("<s>"), *first, code.id("</s>"), code.id("<s>"), *last]


def mpt(code: Code) -> Ids:
    # The demonstration's app.py: tok(messages) of the whole text.
    return code(
        "<|im_start|>system\nBe brief.<|im_end|>\n"
        "<|im_start|>user\nHi there.<|im_end|><|im_start|>assistant\nHello, friend.<|im_end|>"
        "<|im_start|>user\nWhy?<|im_end|><|im_start|>assistant\n"
    )


def dialogpt(code: Code) -> Ids:
    # gradiodemo.py: encode(question + eos_token), appended to the ids of the history.
    end = code.id("<|endoftext|>")
    return [*code("Hi there."), end, *code("Hello, friend."), end, *code("Why?"), end]


def speakers(code: Code) -> Ids:
    # src/infer.py: [bos] + [sp1] + encode(question) + [sp2] + encode(answer) + … + [sp2], of the
    # last four turns. Its second input, token_type_ids, is no input of an exported model.
    one, two = code.id("<speaker1>"), code.id("<speaker2>")
    said = [two, *code("Hello, friend."), one, *code("Why?"), two, *code("Because.")]
    return [code.id("<bos>"), *said, one, *code("I see."), two]


def deepspeed(code: Code) -> Ids:
    # inference/chatbot.py through the pipeline, whose tokenizer puts </s> first, as OPT's does.
    text = " Human: Hi there.\n Assistant: Hello, friend.\n\n Human: Why?\n Assistant: "
    return [code.id("</s>"), *code(text)]


SYSTEMS: dict[str, tuple[str, tuple[Turn, ...], Callable[[Code], Ids]]] = {
    "redpajama-chat": ("gpt_neox", TALK, redpajama),
    "llama-2-chat": ("llama", (SYSTEM, *TALK), llama_2),
    "mpt-chat": ("mpt", (SYSTEM, *TALK), mpt),
    "dialogpt": ("gpt2", (SYSTEM, *TALK), dialogpt),
    "speaker-tokens": ("gpt_neo", (SYSTEM, *LONG), speakers),
    "human-assistant": ("opt", TALK, deepspeed),
}


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    prompts = {
        kind: str(layout_text(LAYOUTS[id_].layout, turns, ()))
        for id_, (kind, turns, _) in SYSTEMS.items()
    }
    return tiny_chatbots(tmp_path_factory.mktemp("chatbots"), prompts)


@dataclass(frozen=True)
class System:
    """One of the systems, with its model on disk."""

    id: str
    folder: Path
    turns: tuple[Turn, ...]
    ids: Ids  # as its own code makes them
    code: Code

    @property
    def layout(self) -> Layout:
        return LAYOUTS[self.id].layout

    def prompt(self, *turns: Turn) -> Prompt:
        return Prompts(self.folder).text_in(self.layout, turns)

    def request(self, *turns: Turn) -> Generate:
        return Generate("a", turns, SHORT, layout=self.layout)


@pytest.fixture(params=SYSTEMS)
def system(request: pytest.FixtureRequest, made: dict[str, Path]) -> System:
    kind, turns, ids = SYSTEMS[request.param]
    folder = made[kind]
    code = Code(Original.from_file(str(folder.parent / "checkpoint" / "tokenizer.json")))
    return System(request.param, folder, turns, ids(code), code)


def engines_tokenizer(folder: Path) -> Tokenizer:
    return Tokenizer(openvino_genai.Tokenizer(str(folder)), CONTEXT)


def read(tokenizer: Tokenizer, prompt: Prompt) -> Ids:
    return [int(number) for number in tokenizer.encode(prompt).data[0]]


def test_the_ids_are_those_of_the_systems_own_code(system: System) -> None:
    assert read(engines_tokenizer(system.folder), system.prompt(*system.turns)) == system.ids


def test_what_is_said_makes_no_control_token(system: System) -> None:
    layout, tokenizer = system.layout, engines_tokenizer(system.folder)
    own = {
        system.code.tokenizer.token_to_id(each) for each in (*layout.control, *layout.stop_tokens)
    }
    forged = "".join((*layout.control, *layout.stop_tokens))
    harmless = read(tokenizer, system.prompt(FIRST))
    ids = read(tokenizer, system.prompt(Turn("user", f"{forged} so {forged}")))
    assert [number for number in ids if number in own] == [n for n in harmless if n in own]


def test_each_model_ends_where_its_layout_says(system: System) -> None:
    known = [system.code.tokenizer.token_to_id(each) for each in system.layout.stop_tokens]
    ends = engines_tokenizer(system.folder).ends(system.prompt(*system.turns))
    assert ends == {number for number in known if number is not None}
    assert ends


# two turns through the engine


@pytest.fixture
def engine(system: System) -> Iterator[EngineProcess]:
    """The engine process with the system's model, on the back-end that is right for it."""
    process = EngineProcess()
    load = Load(str(system.folder), "CPU", context_length=CONTEXT, properties=EXACT)
    process.send(replace(load, paged=system.id != "mpt-chat"))
    loaded = process.until(Loaded, Failed)
    assert isinstance(loaded, Loaded), loaded
    yield process
    process.end()


def test_two_turns_in_the_systems_layout(system: System, engine: EngineProcess) -> None:
    whole = engine.answer(system.request(*system.turns))
    written = json.loads((system.folder.parent / WRITTEN).read_text("utf-8"))
    assert whole.text == system.code.text_of(written).lstrip()
    assert len(set(written)) > 3
    assert whole.statistics.prompt_tokens == len(system.ids)
    assert whole.state in (State.STOP, State.LENGTH)
    assert "".join(whole.pieces) == whole.text
    first = engine.answer(system.request(FIRST))
    turns = (FIRST, Turn("assistant", first.text or "Yes."), Turn("user", "Why?"))
    second = engine.answer(system.request(*turns))
    assert second.done.statistics.prompt_tokens > first.statistics.prompt_tokens
    fitted = next(each for each in whole.events if isinstance(each, Fitted))
    left = {"dialogpt": (0,), "speaker-tokens": (0, 1)}.get(system.id, ())
    assert fitted.unseen == left
    assert ("no place for a system prompt" in fitted.note) == bool(left)
    assert ("reads the last 4 messages" in fitted.note) == (system.id == "speaker-tokens")


# the history of DialoGPT


def test_an_answer_is_read_again_as_the_tokens_that_were_written(made: dict[str, Path]) -> None:
    tokenizer = engines_tokenizer(made["gpt2"])
    code = Code(Original.from_file(str(made["gpt2"].parent / "checkpoint" / "tokenizer.json")))
    end = code.id("<|endoftext|>")
    written = [*code("H"), *code("e"), *code("l"), *code("lo"), *code(", fri"), *code("end.")]
    text = tokenizer.decode(written)
    assert text == "Hello, friend."
    assert written != code(text)
    turns = (FIRST, Turn("assistant", text), Turn("user", "Why?"))
    prompt = Prompts(made["gpt2"]).text_in(LAYOUTS["dialogpt"].layout, turns)
    anew = read(tokenizer, prompt)
    assert anew == [*code("Hi there."), end, *code(text), end, *code("Why?"), end]
    stream = TextStream(tokenizer.decode)
    stream.push([*written, end])
    stream.finish()
    tokenizer.remember(stream)
    assert read(tokenizer, prompt) == [
        *code("Hi there."), end, *written, end, *code("Why?"), end,
    ]  # fmt: skip
    assert tokenizer.count(prompt) == len(anew) - len(code(text)) + len(written)
    in_names = Prompts(made["gpt2"]).text_in(LAYOUTS["plain"].layout, turns)
    assert read(tokenizer, in_names) == code(in_names)


def test_the_engine_keeps_the_history_of_a_chat_as_tokens(made: dict[str, Path]) -> None:
    engine = EngineProcess()
    engine.load(made["gpt2"], context_length=CONTEXT)
    request = Generate("a", (FIRST,), SHORT, layout=LAYOUTS["dialogpt"].layout)
    first = engine.answer(request)
    turns = (FIRST, Turn("assistant", first.text), Turn("user", "Why?"))
    second = engine.answer(replace(request, turns=turns))
    engine.end()
    code = Code(Original.from_file(str(made["gpt2"].parent / "checkpoint" / "tokenizer.json")))
    ended = first.state is State.STOP  # then the last token is the end of text itself
    kept = first.statistics.generated_tokens - ended
    expected = len(code("Hi there.")) + 1 + kept + 1 + len(code("Why?")) + 1
    assert second.statistics.prompt_tokens == expected
