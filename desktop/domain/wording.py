"""Facts in words, as the window and the commands show them."""

from desktop.domain.events import Stage
from desktop.domain.model import Model


def weights_label(model: Model) -> str:
    """Name and weight format, such as “SmolLM2 135M Instruct · INT4”."""
    return f"{model.name} · {model.weights.upper()}"


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
