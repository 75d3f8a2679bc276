"""`cellar ask`: one answer, streamed to standard output."""

import argparse
import queue

from desktop.cli.arguments import sampling_of
from desktop.cli.messages import read_text, read_turns
from desktop.cli.output import Progress, show, show_json
from desktop.domain.conversation import State, Statistics
from desktop.domain.errors import Problem, UsageProblem
from desktop.domain.events import Done, Event, Loading, Stage, Token
from desktop.domain.wording import stage_text
from desktop.engine.protocol import Turn
from desktop.program import Program
from desktop.services.asking import Asking, Inbox, Question
from desktop.services.engine_host import EngineHost

INTERRUPTED = 130


def run(arguments: argparse.Namespace, program: Program) -> int:
    """Ask, print, and return the exit code."""
    question = Question(
        turns=_turns(arguments),
        sampling=sampling_of(arguments),
        device=program.device(arguments.device),
    )
    printer = JsonPrinter() if arguments.json else TextPrinter()
    try:
        done = _answer(question, arguments.model, program, printer)
    except Problem:
        printer.failed()
        raise
    printer.done(done)
    return INTERRUPTED if done.state is State.STOPPED else 0


def _answer(
    question: Question, model_id: str, program: Program, printer: "JsonPrinter | TextPrinter"
) -> Done:
    models = program.models()
    model = models.have(model_id, printer.stage)
    inbox: Inbox = queue.SimpleQueue()
    host = EngineHost(
        program.make_engine, models.library, program.paths.cache, lambda *e: inbox.put(e)
    )
    return Asking(host, inbox).ask(question, model, printer.event)


def _turns(arguments: argparse.Namespace) -> tuple[Turn, ...]:
    turns = read_turns(arguments.messages) if arguments.messages else ()
    if arguments.text is not None:
        text = read_text(arguments.text)
        if not text.strip():
            raise UsageProblem("The question is empty.", 'Give a text: cellar ask "…".')
        turns = (*turns, Turn("user", text))
    if not turns:
        raise UsageProblem("There is no question.", 'Give a text: cellar ask "…".')
    if arguments.system:
        turns = (Turn("system", read_text(arguments.system)), *turns)
    return turns


class TextPrinter:
    """The answer as it grows; progress on standard error."""

    def __init__(self) -> None:
        self._progress = Progress()
        self._begun = False

    def stage(self, stage: Stage) -> None:
        """Show how far the preparation is."""
        self._progress.show(stage_text(stage))

    def event(self, event: Event) -> None:
        """Show what an event tells."""
        match event:
            case Loading(stage):
                self.stage(stage)
            case Token(text=text):
                self._progress.done()
                self._begun = True
                show(text, end="")

    def done(self, _: Done) -> None:
        """End the last line."""
        self._progress.done()
        show("")

    def failed(self) -> None:
        """Leave a line of its own for what went wrong."""
        self._progress.done()
        if self._begun:
            show("")


class JsonPrinter:
    """One JSON object a line."""

    def __init__(self) -> None:
        self._text = ""

    def stage(self, stage: Stage) -> None:
        """Show how far the preparation is."""
        show_json({"event": "stage", "stage": stage.name, "done": stage.done, "total": stage.total})

    def event(self, event: Event) -> None:
        """Show what an event tells."""
        match event:
            case Loading(stage):
                self.stage(stage)
            case Token(text=text):
                self._text += text
                show_json({"event": "token", "text": text})

    def failed(self) -> None:
        """Show what there is of the answer."""
        self.done(Done("", self._text, State.FAILED, Statistics()))

    def done(self, done: Done) -> None:
        """Show the whole answer and what it took."""
        statistics = done.statistics
        show_json(
            {
                "event": "done",
                "text": done.text,
                "finish_reason": done.state.value,
                "prompt_tokens": statistics.prompt_tokens,
                "generated_tokens": statistics.generated_tokens,
                "ttft_ms": statistics.ttft_ms,
                "tokens_per_s": statistics.tokens_per_s,
                "model": statistics.model,
                "device": statistics.device,
                "seed": statistics.sampling.get("seed"),
            }
        )
