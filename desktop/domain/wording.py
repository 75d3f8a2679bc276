"""Facts in words, as the window and the commands show them."""

from desktop.domain.events import Stage
from desktop.domain.model import Model
from desktop.domain.repository import RepositoryFacts
from desktop.domain.words import listed, mark, number, tr, trn


def weights_label(model: Model) -> str:
    """Name and weight format, such as “SmolLM2 135M Instruct · INT4”."""
    return f"{model.name} · {model.weights.upper()}"


def format_text(model: Model, share: float | None) -> str:
    """Weight format and size, with the share of FP16, such as “INT4 92.4 MB, 36 % of FP16”."""
    size = f" {megabytes(model.size)}" if model.size else ""
    parts = [f"{model.weights.upper()}{size}", *([share_text(share)] if share else [])]
    return listed(parts)


def share_text(share: float) -> str:
    """A size held against that of FP16, such as “36 % of FP16”."""
    return tr("{percent} % of FP16", percent=number(100 * share, 0))


def stage_text(stage: Stage) -> str:
    """A stage with how far it is, such as “Checking the model (40 %)”."""
    text = tr(STAGES.get(stage.name, stage.name.capitalize()))
    if stage.total > 0:
        return tr("{text} ({percent} %)", text=text, percent=100 * stage.done // stage.total)
    return tr("{text} …", text=text)


STAGES = {
    "starting": mark("Preparing the model"),
    "waiting for another Cellar": mark("Another Cellar is preparing the model"),
    "checking the file": mark("Preparing the model: checking the file"),
    "starting the converter": mark("Starting the converter"),
    "checking the conversion": mark("Comparing with the original model"),
    "checking the tokenizer": mark("Checking the converted tokenizer"),
    "converting": mark("Preparing the model: converting it for this computer"),
    "trying it out": mark("Preparing the model: trying it out"),
    "noting checksums": mark("Preparing the model: noting checksums"),
    "asking the hub": mark("Asking the hub"),
    "downloading": mark("Downloading"),
    "verifying": mark("Checking what was downloaded"),
    "reading": mark("Reading the model"),
    "preparing": mark("Preparing to compress"),
    "compressing": mark("Compressing"),
    "writing": mark("Writing the model"),
    "comparing": mark("Comparing with the uncompressed model"),
    "checking the folder": mark("Checking the folder"),
    "copying": mark("Copying"),
    "checking": mark("Checking the model"),
    "loading": mark("Loading the model"),
    "warming up": mark("Warming up"),
}


def facts_text(facts: RepositoryFacts) -> str:
    """What a repository holds, such as “owner/name: llama, 0.13 B parameters, 270.0 MB, MIT”."""
    parts = [
        facts.architecture,
        tr("{parameters} B parameters", parameters=number(facts.parameters / 1e9, 2))
        if facts.parameters
        else "",
        trn("{count} token of context", "{count} tokens of context", facts.context_length)
        if facts.context_length
        else "",
        tr("{size} to download", size=megabytes(facts.size)) if facts.size else "",
        tr("licence {licence}", licence=facts.licence) if facts.licence else tr("no licence named"),
        tr("gated") if facts.gated else "",
    ]
    return f"{facts.repository}: {listed(filter(None, parts))}"


def transfer_text(done: int, total: int, bytes_per_s: float) -> str:
    """How far a download is, such as “3.1 of 4.6 GB · 12 MB/s · 2 min left”."""
    parts = [tr("Downloading {part}", part=part_text(done, total))]
    if bytes_per_s > 0:
        parts.append(tr("{size}/s", size=megabytes(bytes_per_s)))
        parts.append(tr("{time} left", time=duration((total - done) / bytes_per_s)))
    return " · ".join(parts)


def part_text(done: int, total: int) -> str:
    """A part of some bytes, such as “3.1 of 4.6 GB”."""
    if total >= 1e9:
        text = tr("{done} of {total} GB", done=number(done / 1e9, 1), total=number(total / 1e9, 1))
    else:
        text = tr("{done} of {total} MB", done=number(done / 1e6, 1), total=number(total / 1e6, 1))
    return text


def duration(seconds: float) -> str:
    """A time as people read it, such as “12 s”, “2 min” or “1.5 h”."""
    if seconds < 90:
        return tr("{seconds} s", seconds=max(1, round(seconds)))
    if seconds < 5400:
        return tr("{minutes} min", minutes=round(seconds / 60))
    return tr("{hours} h", hours=number(seconds / 3600, 1))


def megabytes(size: float) -> str:
    """A size in bytes as people read it, such as “95.6 MB” or “4.1 GB”."""
    if size >= 1e9:
        return tr("{number} GB", number=number(size / 1e9, 1))
    return tr("{number} MB", number=number(size / 1e6, 1))
