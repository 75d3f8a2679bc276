"""“Speed to reach” of `docs/performance.md`: Cellar's engine beside the bare libraries.

Run as a script, it prints its sections; `bench.py` puts them into the file.
"""

import shutil
import sys
import tempfile
import textwrap
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT), str(Path(__file__).parent)]  # run as a script, from anywhere

from prefill import Lookup, Stops, lookup, stops  # noqa: E402 - the path above is needed first

from desktop.cli.arguments import parser  # noqa: E402
from desktop.domain.bench import (  # noqa: E402
    NAMES,
    Contestant,
    DeviceReport,
    Report,
    Result,
    Step,
    Work,
    ratio,
    same_texts,
)
from desktop.domain.model import Model  # noqa: E402
from desktop.domain.tuning import setting_text  # noqa: E402
from desktop.program import Program  # noqa: E402
from desktop.services.plans import Request  # noqa: E402
from tests.models.starter_fp16 import starter_fp16_ir  # noqa: E402

WORK = Work(rounds=11, prompt=512, answer=128, history=4500, history_rounds=2)
CONTESTANTS = tuple(c for c in Contestant if c is not Contestant.LLAMA_CPP)

Row = tuple[str, ...]
Cell = Callable[["Measured"], str]


@dataclass(frozen=True)
class Measured:
    """All that was measured of the starter in one weight format."""

    report: Report
    stops: Stops
    lookup: Lookup

    @property
    def device(self) -> DeviceReport:
        return self.report.devices[0]

    def of(self, contestant: Contestant) -> Result:
        return self.device.of(contestant)

    def to(self, contestant: Contestant, figure: str) -> float:
        """Cellar's figure to another's."""
        return ratio(self.of(Contestant.CELLAR), self.of(contestant), figure)

    def tenth(self) -> float:
        """Time to the first token at turn 10, to that of reading its history cold."""
        samples = [s for s in self.of(Contestant.CELLAR).samples if s.history_ms]
        return sorted(s.tenth_ms / s.history_ms for s in samples)[len(samples) // 2]


def models(program: Program, folder: Path) -> list[Model]:
    """The starter as it comes, in INT4, and in INT8."""
    say("the starter in INT4")
    shipped = program.models().have("", lambda _: None)
    say("the starter in INT8")
    source = starter_fp16_ir(folder / "fp16")
    installer, _ = program.make_installer()
    compressed = installer.install(
        program.make_plan(Request(str(source), "int8", "starter-int8")), lambda _: None
    )
    shutil.rmtree(source)
    return [shipped, compressed]


def measure(program: Program, model: Model) -> Measured:
    """Everything of one model; some minutes."""
    bench = program.make_bench()

    def tell(step: Step) -> None:
        say(f"{model.weights}: {step.what} {step.contestant or ''}")

    bench.tune(model, ("CPU",), tell)
    report = bench.run(
        model,
        ("CPU",),
        tell,
        WORK,
        CONTESTANTS,
    )
    if not report.devices[0].results:
        raise RuntimeError(report.devices[0].why_not)
    say(f"{model.weights}, Stop while a prompt is read")
    stopped = stops(program, model)
    say(f"{model.weights}, prompt lookup")
    return Measured(report, stopped, lookup(program, model))


def table(found: list[Measured]) -> list[str]:
    """What the issue of speed asks for, a row each."""
    rows: list[tuple[str, Cell, str]] = [
        (
            "Cellar end to end to the bare pipeline with the same settings, decode",
            lambda m: f"{m.to(Contestant.LIBRARY_TUNED, 'decode'):.2f}",
            "0.97",
        ),
        (
            "Cellar as it comes to the bare `LLMPipeline` at its defaults, decode",
            lambda m: f"{m.to(Contestant.LIBRARY, 'decode'):.2f}",
            "1.30",
        ),
        (
            "Cellar to optimum-intel `generate`, decode",
            lambda m: f"{m.to(Contestant.OPTIMUM, 'decode'):.2f}",
            "1.5",
        ),
        (
            "The same, time to first token",
            lambda m: f"{m.to(Contestant.OPTIMUM, 'cold_ms'):.2f}",
            "at most 0.6",
        ),
        (
            f"Time to first token at turn 10 with {WORK.history:,} tokens of history, to a cold"
            " prefill of the same",
            lambda m: f"{m.tenth():.3f}",
            "at most 0.05",
        ),
        (
            f"Stop during a prefill of {found[0].stops.tokens:,} tokens until the engine is free,"
            f" longest of {len(found[0].stops.free_ms)} (median)",
            lambda m: f"{m.stops.worst:.0f} ms ({m.stops.median:.0f})",
            "250 ms",
        ),
    ]
    formats = [m.report.weights.upper() for m in found]
    return [
        line("figure", *formats, "wanted"),
        line(*["---"] * (len(found) + 2)),
        *(line(what, *(cell(m) for m in found), wanted) for what, cell, wanted in rows),
    ]


def medians(measured: Measured) -> list[str]:
    """What the ratios are made of."""
    head = ("", "reading, tok/s", "writing, tok/s", "first token, ms", "same prompt again")
    more = (f"{WORK.history:,} tokens", "then turn 10", "memory, MB", "same text")
    cellar = measured.of(Contestant.CELLAR)
    rows = [
        (
            NAMES[result.contestant],
            f"{result.median('prefill'):,.0f}",
            f"{result.median('decode'):.1f}",
            f"{result.median('cold_ms'):,.0f}",
            f"{result.median('warm_ms'):,.0f}",
            f"{result.median('history_ms'):,.0f}",
            f"{result.median('tenth_ms'):,.0f}",
            f"{result.peak_memory / 1e6:,.0f}",
            f"{same_texts(cellar, result)} of {len(result.samples)}",
        )
        for result in measured.device.results
        if result.samples
    ]
    return [line(*head, *more), line(*["---"] * 9), *(line(*row) for row in rows)]


def line(*cells: str) -> str:
    """A row of a table."""
    return f"| {' | '.join(cells)} |"


def sections(found: list[Measured]) -> list[str]:
    """The lines of all sections."""
    lines = ["## Speed to reach", "", *textwrap.wrap(INTRODUCTION, 100), "", *table(found), ""]
    for measured in found:
        report, cellar = measured.report, measured.of(Contestant.CELLAR)
        lines += [
            f"### {report.weights.upper()}: medians of {len(cellar.samples)} rounds",
            "",
            f"Cellar's settings: {setting_text(cellar.properties)}."
            f" Weights of {report.weights_size / 1e6:,.0f} MB, read for each token at"
            f" {100 * report.bandwidth_share(cellar):.0f} % of the"
            f" {report.bandwidth / 1e9:.1f} GB/s of this memory.",
            "",
            *medians(measured),
            "",
        ]
        lines += [
            f"{NAMES[r.contestant]}: {r.why_not}" for r in measured.device.results if r.why_not
        ]
    return [
        *lines,
        "### What stands in the way",
        "",
        *textwrap.wrap(IN_THE_WAY, 100),
        "",
        "### Prompt lookup",
        "",
        *textwrap.wrap(LOOKUP, 100),
        "",
        *lookup_table(found),
        "",
    ]


INTRODUCTION = (
    "The starter model on CPU. Each contestant has a process of its own. All are loaded at once;"
    " each has a turn in every round, another one first each time. A ratio is the median of the"
    " rounds' ratios. All get the same prompt and write greedily. Cellar is measured at the end of"
    " its pipes that the window has, from a conversation to pieces of text; the bare pipeline from"
    " the text of the prompt, with nobody listening to its tokens."
)
IN_THE_WAY = (
    "Where a figure is not reached, this stands in the way. The defaults of OpenVINO are slow "
    "where a processor has AMX, which they use for writing as well as for reading; the processor "
    "of this table has none, so that the best settings of the bare pipeline are hardly faster "
    "than its defaults (the second and third row of each format), and nobody is 1.3 times as "
    "fast. Reading in pieces, so that a Stop comes through, costs Cellar the time between its "
    "first token and that of the bare pipeline. While it writes, Cellar decodes the text and "
    "passes it on to another process; the cores that this takes are those that compute. Larger "
    "pieces of a prompt, steps without a limit and text in bundles of 30 ms were tried; the last "
    "is in use."
)
LOOKUP = (
    "The model is asked to repeat a text that it is given; it guesses words from there. A guess"
    " costs when it is wrong, so it is off unless chosen."
)


def lookup_table(found: list[Measured]) -> list[str]:
    """Tokens a step, and what they bring."""
    head = ("", "tokens a step", "tok/s with", "tok/s without")
    rows = [
        (
            m.report.weights.upper(),
            f"{m.lookup.per_step:.2f}" if m.lookup.per_step else "–",
            f"{m.lookup.with_it:.1f}",
            f"{m.lookup.without:.1f}",
        )
        for m in found
    ]
    return [line(*head), line(*["---"] * 4), *(line(*row) for row in rows)]


def say(text: str) -> None:
    """Tell how far it is."""
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()


def speed_sections() -> list[str]:
    """Measure and word everything; some ten minutes."""
    with tempfile.TemporaryDirectory() as folder:
        program = Program.of(parser().parse_args(["--data-dir", f"{folder}/data"]))
        return sections([measure(program, model) for model in models(program, Path(folder))])


if __name__ == "__main__":
    sys.stdout.write("\n".join(speed_sections()))
