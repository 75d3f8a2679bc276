"""Pictures of a conversation."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from pictures.stage import Picture, Stage, opened
from pictures.words import (
    CODE,
    FIBONACCI,
    FOX,
    NOTES,
    OFFERS,
    RIDDLE,
    STORY,
    STORY_TOLD,
    THOUGHT,
)
from probe import Probe
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from desktop.domain.attachments import attachment_of
from desktop.domain.conversation import ContextPolicy
from desktop.engine.fake import Script
from desktop.ui.transcript.item import SpotKind

QUESTIONS = ("What is the capital of France?", "And what language do they speak there?")
PAUSE_S = 0.02  # as a small model on a laptop writes
LONG = Script(answers=tuple(FOX.values()), used=7012, available=8192, pause=PAUSE_S)
CODING = Script(answers=(CODE,), pause=0.001, piece=20, used=412, available=8192)


def real_answer(data_dir: Path, output: Path) -> None:
    """Ask the real model, show what it says, and all its figures."""
    stage = Stage(Probe(["--data-dir", str(data_dir)]), output)
    stage.probe.wait(lambda: stage.probe.ready)
    for question in QUESTIONS:
        stage.ask(question)
    stage.take("chat")
    unfold(stage)
    stage.take("figures")
    stage.close()


def first_run(data_dir: Path, output: Path) -> None:
    """An empty conversation, as it is the first time."""
    stage = Stage(Probe(["--data-dir", str(data_dir), "--engine", "fake"]), output)
    stage.probe.wait(lambda: stage.probe.ready)
    stage.take("first-run")
    stage.close()


def code_and_table(data_dir: Path, output: Path) -> None:
    """Program text with its colours, a table, a list and a quote."""
    stage = opened(data_dir, output, CODING, (1200, 900))
    stage.ask(FIBONACCI)
    stage.take("code")
    stage.close()


def thinking(data_dir: Path, output: Path) -> None:
    """What a model thought, folded to one line."""
    script = Script(answers=(THOUGHT,), pause=0.001)
    stage = opened(data_dir, output, script)
    stage.ask(RIDDLE)
    stage.take("thinking")
    stage.close()


def streaming(data_dir: Path, output: Path) -> None:
    """An answer that is being written."""
    stage = opened(data_dir, output, Script(answers=(STORY_TOLD,), pause=0.03))
    stage.probe.say(STORY)
    stage.probe.wait(lambda: "She would begin" in stage.probe.shown)
    stage.take("streaming")
    stage.close()


def reading(data_dir: Path, output: Path) -> None:
    """A long prompt is being read."""
    steps = tuple((min(4687, read), 4687) for read in range(0, 4800, 46))
    script = Script(reading=steps, used=4687, available=8192, pause=0.03)
    stage = opened(data_dir, output, script)
    stage.probe.say("Which of these minutes speak of the roof? (a long text follows)")
    stage.probe.wait(lambda: "Reading 2," in stage.probe.shown)
    stage.take("reading")
    stage.close()


def context_choices(data_dir: Path, output: Path) -> None:
    """What happens when the context is full, over the meter."""
    stage = opened(data_dir, output, LONG)
    talk(stage, tuple(FOX))
    stage.probe.window.pane.context.click()
    popover = stage.probe.window.pane.context.findChild(QWidget, "contextPopover")
    stage.take("context", popover)
    popover.close()
    stage.close()


def left_out(data_dir: Path, output: Path) -> None:
    """The mark of what the model no longer sees."""
    script = replace(LONG, unseen=(0, 1, 2, 3), used=4210)
    stage = opened(data_dir, output, script, theme="dark")
    talk(stage, tuple(FOX))
    stage.take("left-out")
    stage.close()


def context_full(data_dir: Path, output: Path) -> None:
    """A conversation that does not fit, where the user wants to be asked."""
    stage = opened(data_dir, output, replace(LONG, used=8410, overfull=True))
    talk(stage, tuple(FOX))
    stage.probe.window.pane.context.choice_made.emit(ContextPolicy.ASK, False)
    stage.probe.say("And what do their calls mean?")
    stage.probe.wait(lambda: "at once" in stage.probe.shown)
    stage.take("context-full")
    stage.close()


def finding(data_dir: Path, output: Path) -> None:
    """Words that are looked for in a chat."""
    stage = opened(data_dir, output, replace(LONG, used=512))
    talk(stage, tuple(FOX))
    bar = stage.probe.window.pane.find_bar
    bar.open()
    QTest.keyClicks(bar.findChild(QWidget, "findField"), "earth")
    stage.settle()
    stage.take("find")
    stage.close()


def attachments(data_dir: Path, output: Path) -> None:
    """Files that go with a message, before it is sent."""
    stage = opened(data_dir, output, Script(pause=0, available=8192))
    composer = stage.probe.window.pane.composer
    notes, table = attachment_of("minutes.txt", NOTES), attachment_of("offers.csv", OFFERS)
    composer.attach((notes, table))
    composer.set_text("Which of the two offers for the roof should we take, and why?")
    stage.settle(1)
    stage.take("attachments")
    stage.close()


def talk(stage: Stage, questions: Sequence[str]) -> None:
    """A conversation."""
    for question in questions:
        stage.ask(question)


def unfold(stage: Stage) -> None:
    """Show all figures of the last answer."""
    view = stage.probe.window.pane.transcript
    found = [placed for placed in view._scene.spots() if placed.key.kind is SpotKind.FIGURES]
    view._click(found[-1])


PICTURES: tuple[Picture, ...] = (
    real_answer,
    first_run,
    code_and_table,
    thinking,
    streaming,
    reading,
    context_choices,
    left_out,
    context_full,
    finding,
    attachments,
)
