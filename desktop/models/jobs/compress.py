"""The job that makes INT8 or INT4 weights out of FP16 ones, without torch."""

from collections.abc import Sequence
from pathlib import Path

import openvino

from desktop.domain.errors import Problem
from desktop.domain.events import JobDone
from desktop.domain.model import Quality
from desktop.domain.wording import megabytes
from desktop.domain.words import mark, tr
from desktop.engine.protocol import Compress
from desktop.models.jobs import bundle
from desktop.models.jobs.compression import Scheme, compressed, scheme_for
from desktop.models.jobs.examine import examined
from desktop.models.jobs.ir import (
    UNCOMPRESSED,
    layers,
    read_model,
    refuse_unusable,
    weights_of,
    write_model,
)
from desktop.models.jobs.needs import available_memory, refuse_without_disk, refuse_without_memory
from desktop.models.jobs.proof import prove
from desktop.models.jobs.quality import fixed_text, measured
from desktop.models.jobs.scores import Incomparable
from desktop.models.jobs.steps import Report, Steps

# The steps, with the share of the time that each takes.
SHARES = {
    "reading": 2,
    "preparing": 10,
    "compressing": 40,
    "writing": 4,
    "trying it out": 8,
    "comparing": 33,
    "noting checksums": 3,
}
MAIN_PART = "Applying Weight Compression"  # what NNCF calls the last and longest of its parts
COMPARING_MEMORY = 600_000_000  # bytes, beside what grows with the model
COMPARING_LAYER = 8  # bytes for each weight of the largest layer
DOING = mark("Compressing this model")


def compress(job: Compress, report: Report) -> JobDone:
    """Fill `job.folder`. Raises Problem, OSError."""
    source, folder = Path(job.source), Path(job.folder)
    steps = Steps(report, SHARES)
    steps.begin("reading")
    names = examined(source)
    context_length = job.context_length or bundle.context_length_of(bundle.settings_of(source))
    model = read_model(source)
    refuse_unusable(model)
    _refuse_compressed(model)
    sizes = layers(model)
    scheme = scheme_for(job.weights, job.symmetric, sizes, job.recipe)
    refuse_without_memory(scheme.memory(sizes), tr(DOING))
    refuse_without_disk(folder, scheme.output(sizes), tr(DOING))
    model = _compressed(model, scheme, steps)
    label = weights_of(model)
    steps.begin("writing")
    write_model(model, folder)
    del model  # its memory is wanted for trying it out
    for name in names:
        if name not in bundle.IR:
            bundle.copied(source / name, folder / name)
    steps.begin("trying it out")
    paged = prove(folder, context_length)
    steps.begin("comparing")
    quality, note = _quality(source, folder, context_length, sizes, steps)
    steps.begin("noting checksums")
    return JobDone(
        context_length=context_length,
        files=bundle.all_hashed(folder, steps.part),
        weights=label,
        uncompressed_size=(source / bundle.IR[1]).stat().st_size,
        quality=quality,
        note=note,
        paged=paged,
    )


def _refuse_compressed(model: openvino.Model) -> None:
    if (label := weights_of(model)) not in UNCOMPRESSED:
        raise Problem(
            tr(
                "The weights of this model are {label} already: compressing them once more"
                " would only make it worse.",
                label=label.upper(),
            ),
            tr("Use it as it is, or start from its FP16 weights."),
        )


def _compressed(model: openvino.Model, scheme: Scheme, steps: Steps) -> openvino.Model:
    current = "preparing"
    steps.begin(current)

    def on_part(what: str, done: float, total: float) -> None:
        nonlocal current
        if what.startswith(MAIN_PART) and current != "compressing":
            current = "compressing"
            steps.begin(current)
        steps.part(done, total)

    return compressed(model, scheme, on_part)


def _quality(
    source: Path, folder: Path, context_length: int, sizes: Sequence[int], steps: Steps
) -> tuple[Quality | None, str]:
    """The quality, or why it was not measured. A model that computes nonsense is a Problem."""
    weights = (folder / bundle.IR[1]).stat().st_size
    needed = COMPARING_MEMORY + COMPARING_LAYER * max(sizes, default=0) + 2 * weights
    if (available := available_memory()) < needed:
        return None, (
            tr(
                "The quality was not measured: it takes {needed} of memory, and {available}"
                " were free.",
                needed=megabytes(needed),
                available=megabytes(available),
            )
        )
    try:
        return measured(source, folder, fixed_text(), context_length, steps.part), ""
    except Incomparable as problem:
        return None, problem.what
