"""`cellar bench`: how fast a model is here, beside the bare libraries in the same run."""

import argparse
import textwrap
from dataclasses import asdict

from desktop.cli.output import Progress, show, show_json
from desktop.domain.bench import (
    NAMES,
    QUICK,
    Contestant,
    DeviceReport,
    Report,
    Result,
    Step,
    Work,
    ratio,
    same_texts,
)
from desktop.domain.errors import Problem
from desktop.domain.events import Tuned
from desktop.domain.tuning import setting_text
from desktop.domain.wording import megabytes, stage_text
from desktop.program import Program

MEASURED = ("prefill", "decode", "cold_ms", "warm_ms", "history_ms", "tenth_ms")
HEAD = ("", "reading", "writing", "new", "again", "turn 10", "memory", "same")
UNITS = ("", "tok/s", "tok/s", "ms", "ms", "ms", "at most", "text")
LEGEND = (
    "new, again, turn 10: time to the first token of a new prompt, of the same once more, and of"
    " the tenth question of a chat."
)
WIDTH = 100  # of the page
WIDTHS = (27, 9, 9, 9, 9, 9, 11, 6)


def run(arguments: argparse.Namespace, program: Program) -> int:
    """Measure, print, and return the exit code."""
    progress = Progress()
    wanted = program.device(arguments.device) if arguments.device else ""
    model = program.models().have(arguments.model, lambda stage: progress.show(stage_text(stage)))
    devices = (wanted,) if wanted else program.devices
    work = QUICK if arguments.quick else Work()
    bench = program.make_bench()

    def tell(step: Step) -> None:
        progress.show(step_text(step))

    if arguments.tune or not arguments.quick:
        bench.tune(model, devices, tell, anew=arguments.tune)
    report = bench.run(model, devices, tell, work)
    progress.done()
    if not any(device.results for device in report.devices):
        raise Problem(*(device.why_not for device in report.devices[:1]))
    if arguments.json:
        show_json(document(report), indent=2)
    else:
        show(table(report))
    return 0


def step_text(step: Step) -> str:
    """How far it is, such as “CPU: round 2 of 5, llama.cpp (40 %)”."""
    who = f", {NAMES[step.contestant]}" if step.contestant else ""
    share = f" ({100 * step.done // step.total} %)" if step.total else ""
    return f"{step.device}: {step.what}{who}{share}"


def table(report: Report) -> str:
    """The report in plain text, at most 100 columns wide."""
    lines = [f"{report.name} · {report.weights.upper()}"]
    for device in report.devices:
        lines += ["", *_device_lines(report, device)]
    if report.recommendation:
        lines += ["", *textwrap.wrap(report.recommendation, WIDTH)]
    return "\n".join(lines)


def _device_lines(report: Report, device: DeviceReport) -> list[str]:
    if not device.results:
        return textwrap.wrap(f"{device.device}: {device.why_not}", WIDTH)
    cellar = device.of(Contestant.CELLAR)
    lines = [
        f"{device.device}, {_rounds(len(cellar.samples))}",
        *textwrap.wrap(f"Cellar's settings: {setting_text(cellar.properties)}", WIDTH),
        _row(HEAD),
        _row(UNITS),
        *(_row(_cells(result, cellar)) for result in device.results if result.samples),
        *textwrap.wrap(LEGEND, WIDTH),
        "",
        *_ratio_lines(device, cellar),
    ]
    if share := report.bandwidth_share(cellar):
        lines.append(
            f"Writing, Cellar reads the weights at {100 * share:.0f} % of the"
            f" {report.bandwidth / 1e9:.0f} GB/s of this computer's memory."
        )
    if device.tuned:
        lines += ["", *_tuned_lines(report, device.tuned), ""]
    if device.in_turn:
        lines.append("Memory did not suffice for all at once: each was loaded for its turn.")
    for absent in (r for r in device.results if not r.samples):
        lines += textwrap.wrap(f"{NAMES[absent.contestant]}: {absent.why_not}", WIDTH)
    return lines


def _rounds(count: int) -> str:
    return "one round" if count == 1 else f"medians of {count} rounds"


def _tuned_lines(report: Report, tuned: Tuned) -> list[str]:
    """How Cellar's settings were found."""
    turn = f"{report.turn.reading:,} tokens read and {report.turn.writing:,} written"
    widest = max(len(setting_text(one.properties)) for one in tuned.tried)
    return [
        f"Settings that were compared; “turn” is {turn}:",
        *(
            f"{'*' if one.properties == tuned.best.properties else ' '}"
            f" {setting_text(one.properties):<{widest}}  reading {one.reading:>7,.0f}"
            f"  writing {one.writing:>6.1f}  turn {one.turn_s:>5.2f} s"
            f"{'' if one.accurate else '  less accurate'}"
            for one in tuned.tried
        ),
    ]


def _row(cells: tuple[str, ...]) -> str:
    first, *others = zip(cells, WIDTHS, strict=True)
    text = f"{first[0]:<{first[1]}}" + "".join(f"{cell:>{width}}" for cell, width in others)
    return text.rstrip()


def _cells(result: Result, cellar: Result) -> tuple[str, ...]:
    same = f"{same_texts(cellar, result)}/{len(result.samples)}"
    return (
        NAMES[result.contestant],
        f"{result.median('prefill'):,.0f}",
        f"{result.median('decode'):,.1f}",
        f"{result.median('cold_ms'):,.0f}",
        f"{result.median('warm_ms'):,.0f}",
        f"{result.median('tenth_ms'):,.0f}" if result.median("tenth_ms") else "–",
        megabytes(result.peak_memory) if result.peak_memory else "–",
        "–" if result is cellar else same,
    )


def _ratio_lines(device: DeviceReport, cellar: Result) -> list[str]:
    """Cellar to each of the others, round by round."""
    return [
        f"Cellar to {NAMES[other.contestant]}: writing ×{ratio(cellar, other, 'decode'):.2f},"
        f" time to the first token ×{ratio(cellar, other, 'cold_ms'):.2f}"
        for other in device.others
    ]


def document(report: Report) -> dict[str, object]:
    """The report for programs."""
    return {
        "model": report.model,
        "weights": report.weights,
        "work": asdict(report.work),
        "turn": asdict(report.turn),
        "memory_bytes_per_s": round(report.bandwidth),
        "recommendation": report.recommendation,
        "devices": [_device_document(report, device) for device in report.devices],
    }


def _device_document(report: Report, device: DeviceReport) -> dict[str, object]:
    return {
        "device": device.device,
        "why_not": device.why_not,
        "in_turn": device.in_turn,
        "tuned": asdict(device.tuned) if device.tuned else None,
        "contestants": [_result_document(report, device, result) for result in device.results],
    }


def _result_document(report: Report, device: DeviceReport, result: Result) -> dict[str, object]:
    cellar = device.of(Contestant.CELLAR)
    return {
        "contestant": result.contestant.value,
        "why_not": result.why_not,
        "properties": result.properties,
        "rounds": len(result.samples),
        "prompt_tokens": round(result.median("prompt_tokens")),
        "answer_tokens": round(result.median("answer_tokens")),
        "history_tokens": round(result.median("history_tokens")),
        "prefill_tokens_per_s": round(result.median("prefill"), 1),
        "decode_tokens_per_s": round(result.median("decode"), 2),
        "ttft_cold_ms": round(result.median("cold_ms"), 1),
        "ttft_warm_ms": round(result.median("warm_ms"), 1),
        "ttft_history_ms": round(result.median("history_ms"), 1),
        "ttft_turn_10_ms": round(result.median("tenth_ms"), 1),
        "peak_memory_bytes": result.peak_memory,
        "bandwidth_share": round(report.bandwidth_share(result), 3),
        "same_text_rounds": same_texts(cellar, result),
        "cellar_to_it": {figure: round(ratio(cellar, result, figure), 3) for figure in MEASURED},
    }
