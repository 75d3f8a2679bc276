"""What `bench` prints of a report."""

import json

from desktop.cli.bench import document, step_text, table
from desktop.domain.bench import Contestant, DeviceReport, Report, Result, Sample, Step, Work
from desktop.domain.events import Tried, Tuned
from desktop.domain.tuning import TypicalTurn

F32 = {"INFERENCE_PRECISION_HINT": "f32"}
TRIED = (
    Tried({}, 1000.0, 50.0, 4.2),
    Tried(F32, 900.0, 90.0, 2.44),
    Tried({"KV_CACHE_PRECISION": "u8"}, 9000.0, 95.0, 2.1, accurate=False, deviation=0.2),
)


def made_report() -> Report:
    rounds = tuple(
        Sample(512, 128, 400.0 + n, 90.0, 40.0, 1024, 900.0, 45.0, f"text {n}") for n in range(3)
    )
    results = (
        Result(Contestant.CELLAR, rounds, F32, 438_000_000),
        Result(Contestant.LIBRARY, rounds[:2] + rounds[:1], {}, 1_238_000_000),
        Result(Contestant.OPTIMUM, why_not="It is not installed."),
    )
    tuned = Tuned(TRIED[1], TRIED)
    devices = (
        DeviceReport("CPU", results, tuned),
        DeviceReport("NPU", why_not="No driver." + 12 * " And words."),
    )
    return Report("m", "A model", "int4", 92_000_000, 20e9, Work(), TypicalTurn(200, 200), devices)


def test_the_table_is_aligned_and_narrow() -> None:
    text = table(made_report())
    lines = text.splitlines()
    assert max(map(len, lines)) <= 100
    head = next(line for line in lines if "reading" in line and "turn 10" in line)
    cellar = next(line for line in lines if line.startswith("Cellar  "))
    library = next(line for line in lines if line.startswith("OpenVINO GenAI alone "))
    end = head.index("writing") + len("writing")
    assert cellar[:end].endswith(" 90.0")
    assert library[:end].endswith(" 90.0")
    assert library.endswith("1.2 GB   2/3")
    assert len(head) == len(cellar) == len(library)


def test_the_table_tells_everything() -> None:
    text = table(made_report())
    assert "optimum-intel: It is not installed." in text
    assert "NPU: No driver." in text
    assert "* 32-bit floats" in text
    assert "8-bit cache" in text
    assert "less accurate" in text
    assert "41 % of the 20 GB/s" in text
    assert "Use CPU with 32-bit floats" in text


def test_the_document() -> None:
    body = json.loads(json.dumps(document(made_report())))
    cpu, npu = body["devices"]
    assert npu["why_not"].startswith("No driver.")
    assert [each["contestant"] for each in cpu["contestants"]] == [
        "cellar",
        "library",
        "optimum-intel",
    ]
    cellar, library, optimum = cpu["contestants"]
    assert cellar["prefill_tokens_per_s"] == 1276.8
    assert cellar["properties"] == F32
    assert library["cellar_to_it"]["decode"] == 1
    assert optimum["why_not"] == "It is not installed."
    assert cpu["tuned"]["best"]["properties"] == F32


def test_steps() -> None:
    step = Step("CPU", "round 2 of 5", Contestant.LLAMA_CPP, 4, 10)
    assert step_text(step) == "CPU: round 2 of 5, llama.cpp (40 %)"
    assert step_text(Step("GPU", "comparing settings")) == "GPU: comparing settings"
