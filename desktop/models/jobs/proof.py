"""A model proves itself: it loads and writes, or it is not installed."""

from collections.abc import Callable
from pathlib import Path
from types import MappingProxyType

from desktop.domain.errors import Problem
from desktop.domain.events import Done
from desktop.domain.sampling import defaults
from desktop.domain.words import mark, tr
from desktop.engine.pipeline import PagedPipeline
from desktop.engine.runtime import Runtime
from desktop.engine.stateful import StatefulPipeline

PROOF_TOKENS = 12
PROOF_CONTEXT = 256  # tokens; the cache of a long context would be memory for nothing
PROOF_TEXT = (
    "The cellar is cool and quiet. The walls are of red stone, and the wine is older than the"
    " house. One evening in August the door stood open, and"
)
# With these, what the two back-ends compute differs by 0.00001 where both are right.
EXACT = MappingProxyType(
    {
        "INFERENCE_PRECISION_HINT": "f32",
        "KV_CACHE_PRECISION": "f32",
        "DYNAMIC_QUANTIZATION_GROUP_SIZE": "0",
    }
)
REMEDY = mark("Try another file or repository of this model.")


def prove(folder: Path, context_length: int) -> bool:
    """Have the model write on both back-ends; True when they agree, so that the paged one is right.

    Raises Problem with the reason when it does not load, or writes nothing.
    """
    context = min(context_length, PROOF_CONTEXT)
    places = (folder, "CPU", context, "", EXACT)
    try:
        expected = _written(lambda: StatefulPipeline(*places))
        if not expected:
            raise Problem(tr("The model loads, but it writes nothing."), tr(REMEDY))
    except RuntimeError as error:
        raise Problem(
            tr("The model does not load: {error}", error=reason_of(error)), tr(REMEDY)
        ) from error
    try:
        return _written(lambda: PagedPipeline(*places)) == expected
    except RuntimeError:  # a model of a kind that it was not made for
        return False


def _written(load: Callable[[], Runtime]) -> str:
    """What the model says to the fixed text, each token the likeliest; "" when nothing."""
    runtime = load()
    exact = {"temperature": 0.0, "repetition_penalty": 1.0, "seed": 0}
    values = defaults() | exact | {"max_new_tokens": PROOF_TOKENS}
    prompt = PROOF_TEXT[: max(runtime.prompt_limit - PROOF_TOKENS, 1)]
    *_, last = runtime.generate("", prompt, values, lambda: False)
    if not isinstance(last, Done) or not last.statistics.generated_tokens:
        return ""
    return f"{last.statistics.generated_tokens} tokens: {last.text}"


def reason_of(error: Exception) -> str:
    """What a native library has to say, without the lines that tell where in its source."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    telling = [line for line in lines if not line.startswith(("Exception from", "Check '"))]
    reason = " ".join(telling or lines)[:300]
    return reason if reason.endswith((".", "!")) else f"{reason or type(error).__name__}."
