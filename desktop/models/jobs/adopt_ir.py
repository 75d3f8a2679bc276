"""The job that takes over a folder of OpenVINO IR which somebody else has made."""

from pathlib import Path

from desktop.domain.events import JobDone
from desktop.domain.words import tr
from desktop.engine.protocol import AdoptIr
from desktop.models.jobs import bundle
from desktop.models.jobs.examine import examined
from desktop.models.jobs.ir import read_model, refuse_unusable, weights_of
from desktop.models.jobs.needs import refuse_without_disk, refuse_without_memory
from desktop.models.jobs.proof import prove
from desktop.models.jobs.steps import Report, Steps

RUNNING = {"fp16": 2}  # bytes in memory for a byte on disk, at the least: it runs as float32
SHARES = {"checking the folder": 5, "copying": 60, "trying it out": 35}


def adopt_ir(job: AdoptIr, report: Report) -> JobDone:
    """Fill `job.folder`. Raises Problem, OSError."""
    source, folder = Path(job.source), Path(job.folder)
    steps = Steps(report, SHARES)
    steps.begin("checking the folder")
    names = examined(source)
    total = sum((source / name).stat().st_size for name in names)
    context_length = bundle.context_length_of(bundle.settings_of(source))
    model = read_model(source)
    refuse_unusable(model)
    label = weights_of(model)
    del model  # Windows deletes no file that is open
    refuse_without_memory(RUNNING.get(label, 1) * total, tr("Running this model"))
    if not job.owned:
        refuse_without_disk(folder, total, tr("Copying this model"))
    steps.begin("copying")
    bring = bundle.linked if job.owned else bundle.copied
    done = 0

    def on_bytes(size: int) -> None:
        nonlocal done
        done += size
        steps.part(done, total)

    files = tuple(bring(source / name, folder / name, on_bytes) for name in names)
    steps.begin("trying it out")
    paged = prove(folder, context_length)
    return JobDone(context_length, files, weights=label, paged=paged)
