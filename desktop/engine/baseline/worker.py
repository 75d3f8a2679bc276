"""The child process that runs a model in one bare library, for Cellar to be compared with."""

import importlib.util
import logging
from collections.abc import Callable

from desktop.domain.errors import Problem
from desktop.domain.events import BareOpened, Failed
from desktop.domain.words import tr
from desktop.engine.baseline.bare import Bare
from desktop.engine.channel import Channel
from desktop.engine.protocol import Command, OpenBare, RunBare

log = logging.getLogger(__name__)

WARM_UP = "The cellar is cool and quiet, and"
WARM_UP_TOKENS = 4


def serve() -> None:
    """Open one model and answer prompts until the parent is gone."""
    channel = Channel()
    bare: Bare | None = None
    for command in channel.commands():
        try:
            match command:
                case OpenBare():
                    bare = _opened(command)
                    channel.send(BareOpened())
                case RunBare(prompt, new_tokens) if bare is not None:
                    channel.send(bare.run(prompt, new_tokens))
                case _:
                    raise TypeError(f"{type(command).__name__} is no command of this process")
        except Problem as problem:
            channel.send(Failed("", problem.what, problem.remedy))
        except Exception as error:  # whatever a library raised, the parent gets a sentence
            log.error("%s failed: %s", type(command).__name__, type(error).__name__, exc_info=True)
            channel.send(Failed("", _reason(command, error)))


def _reason(command: Command, error: Exception) -> str:
    words = " ".join(str(error).split())[:200] or type(error).__name__
    if isinstance(command, OpenBare):
        return tr("It could not load the model: {words}", words=words)
    return tr("It could not answer: {words}", words=words)


def _opened(command: OpenBare) -> Bare:
    """The model, warmed up: what is made at the first inference is no part of a comparison."""
    package, make = LIBRARIES[command.library]
    if importlib.util.find_spec(package) is None:
        raise Problem(tr("It is not installed."))
    bare = make(command)
    bare.run(WARM_UP, WARM_UP_TOKENS)
    return bare


def _genai(command: OpenBare) -> Bare:
    from desktop.engine.baseline.genai import GenaiPipeline

    return GenaiPipeline(command)


def _optimum(command: OpenBare) -> Bare:
    from desktop.engine.baseline.optimum_intel import OptimumModel

    return OptimumModel(command)


def _llama_cpp(command: OpenBare) -> Bare:
    from desktop.engine.baseline.llama_cpp import LlamaCppModel

    return LlamaCppModel(command)


# What each is called in OpenBare, the package that it takes, and what makes it.
LIBRARIES: dict[str, tuple[str, Callable[[OpenBare], Bare]]] = {
    "openvino-genai": ("openvino_genai", _genai),
    "optimum-intel": ("optimum", _optimum),
    "llama.cpp": ("llama_cpp", _llama_cpp),
}
