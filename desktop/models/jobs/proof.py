"""A model proves itself: it loads and writes, or it is not installed."""

from pathlib import Path

from desktop.domain.errors import Problem
from desktop.engine.pipeline import PagedPipeline

PROOF_TOKENS = 8
PROOF_CONTEXT = 256  # tokens; the cache of a long context would be memory for nothing

REMEDY = "Try another file or repository of this model."


def prove(folder: Path, context_length: int) -> None:
    """Load the model and have it write eight tokens. Raises Problem with the reason."""
    try:
        pipeline = PagedPipeline(folder, "CPU", min(context_length, PROOF_CONTEXT))
    except RuntimeError as error:
        raise Problem(f"The model does not load: {reason_of(error)}", REMEDY) from error
    try:
        written = pipeline.writes(PROOF_TOKENS)
    except RuntimeError as error:
        raise Problem(f"The model loads, but it fails: {reason_of(error)}", REMEDY) from error
    if not written:
        raise Problem("The model loads, but it writes nothing.", REMEDY)


def reason_of(error: Exception) -> str:
    """What a native library has to say, without the lines that tell where in its source."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    telling = [line for line in lines if not line.startswith(("Exception from", "Check '"))]
    reason = " ".join(telling or lines)[:300]
    return reason if reason.endswith((".", "!")) else f"{reason or type(error).__name__}."
