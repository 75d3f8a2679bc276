"""Facts in words, as the window and the commands show them."""

from desktop.domain.events import Stage
from desktop.domain.model import Model
from desktop.domain.repository import RepositoryFacts


def weights_label(model: Model) -> str:
    """Name and weight format, such as “SmolLM2 135M Instruct · INT4”."""
    return f"{model.name} · {model.weights.upper()}"


def format_text(model: Model, share: float | None) -> str:
    """Weight format and size, with the share of FP16, such as “INT4 92.4 MB, 36 % of FP16”."""
    size = f" {megabytes(model.size)}" if model.size else ""
    return f"{model.weights.upper()}{size}" + (f", {share_text(share)}" if share else "")


def share_text(share: float) -> str:
    """A size held against that of FP16, such as “36 % of FP16”."""
    return f"{100 * share:.0f} % of FP16"


def stage_text(stage: Stage) -> str:
    """A stage with how far it is, such as “Checking the model (40 %)”."""
    text = STAGES.get(stage.name, stage.name.capitalize())
    if stage.total > 0:
        return f"{text} ({100 * stage.done // stage.total} %)"
    return f"{text} …"


STAGES = {
    "starting": "Preparing the model",
    "waiting for another Cellar": "Another Cellar is preparing the model",
    "checking the file": "Preparing the model: checking the file",
    "starting the converter": "Starting the converter",
    "checking the conversion": "Comparing with the original model",
    "checking the tokenizer": "Checking the converted tokenizer",
    "converting": "Preparing the model: converting it for this computer",
    "trying it out": "Preparing the model: trying it out",
    "noting checksums": "Preparing the model: noting checksums",
    "asking the hub": "Asking the hub",
    "downloading": "Downloading",
    "verifying": "Checking what was downloaded",
    "reading": "Reading the model",
    "preparing": "Preparing to compress",
    "compressing": "Compressing",
    "writing": "Writing the model",
    "comparing": "Comparing with the uncompressed model",
    "checking the folder": "Checking the folder",
    "copying": "Copying",
    "checking": "Checking the model",
    "loading": "Loading the model",
    "warming up": "Warming up",
}


def facts_text(facts: RepositoryFacts) -> str:
    """What a repository holds, such as “owner/name: llama, 0.13 B parameters, 270.0 MB, MIT”."""
    parts = [
        facts.architecture,
        f"{facts.parameters / 1e9:.2f} B parameters" if facts.parameters else "",
        f"{facts.context_length:,} tokens of context" if facts.context_length else "",
        f"{megabytes(facts.size)} to download" if facts.size else "",
        f"licence {facts.licence}" if facts.licence else "no licence named",
        "gated" if facts.gated else "",
    ]
    return f"{facts.repository}: {', '.join(filter(None, parts))}"


def transfer_text(done: int, total: int, bytes_per_s: float) -> str:
    """How far a download is, such as “3.1 of 4.6 GB · 12 MB/s · 2 min left”."""
    unit, name = (1e9, "GB") if total >= 1e9 else (1e6, "MB")
    parts = [f"Downloading {done / unit:.1f} of {total / unit:.1f} {name}"]
    if bytes_per_s > 0:
        parts.append(f"{bytes_per_s / 1e6:.1f} MB/s")
        parts.append(f"{_duration((total - done) / bytes_per_s)} left")
    return " · ".join(parts)


def _duration(seconds: float) -> str:
    if seconds < 90:
        return f"{max(1, round(seconds))} s"
    return f"{round(seconds / 60)} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"


def megabytes(size: int) -> str:
    """A size in bytes as people read it, such as “95.6 MB” or “4.1 GB”."""
    return f"{size / 1e9:.1f} GB" if size >= 1e9 else f"{size / 1e6:.1f} MB"
