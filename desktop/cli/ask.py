"""`cellar ask`: one answer, streamed to standard output."""

import argparse
import queue
import sys
from dataclasses import replace

from desktop.cli import adapters, preset_choice
from desktop.cli.arguments import sampling_of
from desktop.cli.messages import read_text, read_turns
from desktop.cli.output import Progress, show, show_json
from desktop.domain.conversation import ContextPolicy, State, Statistics
from desktop.domain.errors import Problem, UsageProblem
from desktop.domain.events import Done, Event, Fitted, Loaded, Loading, Stage, Token
from desktop.domain.layout import Layout
from desktop.domain.presets import Preset
from desktop.domain.wording import stage_text
from desktop.engine.protocol import Turn
from desktop.program import Program
from desktop.services.asking import Asking, Inbox, Question
from desktop.services.engine_host import EngineHost

INTERRUPTED = 130


def run(arguments: argparse.Namespace, program: Program) -> int:
    """Ask, print, and return the exit code."""
    preset = preset_choice.chosen(program.presets, arguments.preset)
    policy = ContextPolicy(program.settings.text("context_policy"))
    question = Question(
        turns=_turns(arguments, preset),
        sampling={**(preset.sampling if preset else {}), **sampling_of(arguments)},
        device=program.device(arguments.device),
        context_policy=preset.context_policy if preset else policy,
        pin_first=preset.pin_first if preset else False,
        layout=_layout(arguments, program, preset),
    )
    printer = JsonPrinter() if arguments.json else TextPrinter()
    try:
        done = _answer(question, arguments, program, printer)
    except Problem:
        printer.failed()
        raise
    printer.done(done)
    return INTERRUPTED if done.state is State.STOPPED else 0


def _layout(
    arguments: argparse.Namespace, program: Program, preset: Preset | None
) -> Layout | None:
    """The layout that is asked for, in place of the model's. Raises Problem."""
    if arguments.layout:
        return program.layouts.named(arguments.layout)
    return preset.layout if preset else None


def _answer(
    question: Question,
    arguments: argparse.Namespace,
    program: Program,
    printer: "JsonPrinter | TextPrinter",
) -> Done:
    models = program.models()
    model = models.have(arguments.model, printer.stage)
    strengths = adapters.chosen(program.adapters, model, arguments.adapter)
    question = replace(question, adapters=strengths)
    question = replace(question, layout=question.layout or program.layouts.of(model))
    inbox: Inbox = queue.SimpleQueue()
    host = EngineHost(
        program.make_engine,
        models.library,
        program.paths.cache,
        lambda *e: inbox.put(e),
        program.load_choices,
    )
    return Asking(host, inbox).ask(question, model, printer.event)


def _turns(arguments: argparse.Namespace, preset: Preset | None) -> tuple[Turn, ...]:
    turns = read_turns(arguments.messages) if arguments.messages else ()
    if arguments.text is not None:
        text = read_text(arguments.text)
        if not text.strip():
            raise UsageProblem("The question is empty.", 'Give a text: cellar ask "…".')
        turns = (*turns, Turn("user", text))
    if not turns:
        raise UsageProblem("There is no question.", 'Give a text: cellar ask "…".')
    given = read_text(arguments.system) if arguments.system else ""
    system = preset_choice.system_text(preset, arguments.field, given)
    return (Turn("system", system), *turns) if system else turns


def tell_left_out(fitted: Fitted) -> None:
    """Say on standard error when the model does not see all of the messages."""
    if fitted.note:
        tell_note(fitted.note)
    elif count := len(fitted.unseen):
        messages = "message was" if count == 1 else f"{count} messages were"
        sys.stderr.write(
            f"cellar: The oldest {messages} left out: the model can read only"
            f" {fitted.available:,} tokens, its answer included.\n"
        )
        sys.stderr.flush()


def tell_note(note: str) -> None:
    """Say on standard error what is to be known of the model, if there is something."""
    if note:
        sys.stderr.write(f"cellar: {note}\n")
        sys.stderr.flush()


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
            case Loaded(note=note):
                self._progress.done()
                tell_note(note)
            case Fitted():
                self._progress.done()
                tell_left_out(event)
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
            case Loaded(note=note):
                tell_note(note)
            case Fitted():
                tell_left_out(event)
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
                "adapters": statistics.adapters,
            }
        )
