"""The job that makes FP16 IR of a PyTorch checkpoint in safetensors."""

import gc
import shutil
from pathlib import Path

from desktop.domain.catalogue import COMPRESSED
from desktop.domain.events import JobDone
from desktop.domain.sizes import BYTES, conversion_memory
from desktop.domain.words import mark, tr
from desktop.engine.protocol import ExportCheckpoint
from desktop.models.conversion import refuse_without_packages
from desktop.models.jobs import bundle
from desktop.models.jobs.export.checkpoint import Checkpoint, examined
from desktop.models.jobs.export.seclusion import seclude
from desktop.models.jobs.export.watch import grown_file, grown_memory
from desktop.models.jobs.needs import refuse_without_disk, refuse_without_memory
from desktop.models.jobs.steps import Report, Steps

# The steps, with the share of the time that each takes.
SHARES = {
    "checking the folder": 2,
    "starting the converter": 25,
    "reading": 8,
    "converting": 30,
    "checking the conversion": 10,
    "checking the tokenizer": 5,
    "trying it out": 15,
    "noting checksums": 5,
}
DOING = mark("Converting this model")
SCRATCH = ".scratch"


def export_checkpoint(job: ExportCheckpoint, report: Report) -> JobDone:
    """Fill `job.folder`. Raises Problem, OSError."""
    folder = Path(job.folder)
    steps = Steps(report, SHARES)
    steps.begin("checking the folder")
    refuse_without_packages()
    checkpoint = examined(Path(job.source))
    context_length = bundle.context_length_of(checkpoint.settings)
    refuse_without_memory(conversion_memory(checkpoint.loaded), tr(DOING))
    refuse_without_disk(folder, _room(checkpoint, job.weights), tr(DOING))
    scratch = folder / SCRATCH
    scratch.mkdir()
    seclude(scratch)
    steps.begin("starting the converter")
    note = _made(checkpoint, folder, steps)
    shutil.rmtree(scratch)
    if job.weights in COMPRESSED:  # the next job proves what it makes, and hashes it
        from desktop.models.jobs.export.recipes import recipe_for

        return JobDone(context_length, (), note=note, recipe=recipe_for(job.repository))
    return _proved(folder, context_length, note, steps)


def _room(checkpoint: Checkpoint, weights: str) -> int:
    """Bytes on disk of what is made here, and of what is made of that afterwards."""
    whole = checkpoint.parameters * BYTES["fp16"]
    return int(whole + (checkpoint.parameters * BYTES[weights] if weights in COMPRESSED else 0))


def _made(checkpoint: Checkpoint, folder: Path, steps: Steps) -> str:
    """IR and tokenizer; a note on the tokenizer."""
    from desktop.models.jobs.export import faithfulness, model, tokenizer

    original = tokenizer.load(checkpoint.folder)
    ids = faithfulness.fixed_ids(original)
    steps.begin("reading")
    with grown_memory(steps, checkpoint.loaded):
        loaded = model.load(checkpoint)
        scores = faithfulness.scores_of(loaded, ids)
    steps.begin("converting")
    expected = int(checkpoint.parameters * BYTES["fp16"])
    with grown_file(steps, folder / bundle.IR[1], expected):
        model.export(loaded, original, folder, wide=checkpoint.wide)
    del loaded
    gc.collect()  # a model refers to itself
    steps.begin("checking the conversion")
    faithfulness.refuse_unfaithful(folder, ids, scores)
    steps.begin("checking the tokenizer")
    note = tokenizer.convert(original, folder)
    _keep_own_settings(checkpoint, folder)
    return note


def _keep_own_settings(checkpoint: Checkpoint, folder: Path) -> None:
    """Settings, template and tokenizer as their makers wrote them, not as libraries do."""
    for path in folder.iterdir():
        if path.is_file() and path.name not in (*bundle.IR, *bundle.TOKENIZER):
            path.unlink()
    for name in checkpoint.kept:
        bundle.copied(checkpoint.folder / name, folder / name)


def _proved(folder: Path, context_length: int, note: str, steps: Steps) -> JobDone:
    from desktop.models.jobs.ir import read_model, refuse_unusable, weights_of
    from desktop.models.jobs.proof import prove

    model = read_model(folder)
    refuse_unusable(model)
    label = weights_of(model)
    del model  # Windows deletes no file that is open
    steps.begin("trying it out")
    paged = prove(folder, context_length)
    steps.begin("noting checksums")
    files = bundle.all_hashed(folder, steps.part)
    return JobDone(context_length, files, label, note=note, paged=paged)
