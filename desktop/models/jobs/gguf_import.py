"""From a GGUF file to OpenVINO IR with everything that the engine needs beside it."""

import json
import os
import shutil
from pathlib import Path

import openvino_genai

from desktop.domain.errors import Problem
from desktop.domain.events import JobDone
from desktop.domain.words import mark, tr
from desktop.engine.protocol import ImportGguf
from desktop.files import sha256_of
from desktop.models.jobs import bundle
from desktop.models.jobs.gguf_facts import GgufFacts, read_facts
from desktop.models.jobs.gguf_tokenizer import mend
from desktop.models.jobs.ir import read_model, weights_of
from desktop.models.jobs.layer_names import name_layers
from desktop.models.jobs.needs import refuse_without_disk, refuse_without_memory
from desktop.models.jobs.proof import prove, reason_of
from desktop.models.jobs.steps import Report, Steps

# The steps, with the share of the time that each takes.
SHARES = {"checking the file": 10, "converting": 60, "trying it out": 25, "noting checksums": 5}

# GenAI holds the weights while it makes a model of them, and that model while it writes it.
MEMORY_FACTOR, MEMORY_BASE = 3.0, 300_000_000  # of the file's size; bytes
DISK_FACTOR = 2.25  # the file may have to be copied, and scales take more room in IR
DOING = mark("Making this model")


def import_gguf(job: ImportGguf, report: Report) -> JobDone:
    """Fill `job.folder`. Raises Problem, OSError."""
    source, folder = Path(job.source), Path(job.folder)
    steps = Steps(report, SHARES)
    steps.begin("checking the file")
    size = source.stat().st_size
    if job.sha256 and sha256_of(source, lambda done: steps.part(done, size)) != job.sha256:
        raise Problem(
            tr("{name} is not the file it should be: its checksum differs.", name=source.name),
            tr("Get it again; if Cellar came with it, install Cellar again."),
        )
    facts = read_facts(source)
    refuse_without_memory(int(MEMORY_BASE + MEMORY_FACTOR * size), tr(DOING))
    refuse_without_disk(folder, int(DISK_FACTOR * size), tr(DOING))
    steps.begin("converting")
    _convert(source, folder)
    name_layers(folder)
    exact = mend(folder, facts.splitting)
    _write_settings(folder, facts)
    label = weights_of(read_model(folder))
    steps.begin("trying it out")
    paged = prove(folder, facts.context_length)
    steps.begin("noting checksums")
    return JobDone(
        facts.context_length,
        bundle.all_hashed(folder, steps.part),
        weights=label,
        note="" if exact else _inexact(facts.splitting),
        paged=paged,
    )


def _inexact(splitting: str) -> str:
    return tr(
        "This file cuts text into words by the rule “{splitting}”, which is only"
        " approximated: answers may be worse than they should be.",
        splitting=splitting[:40],
    )


def _convert(source: Path, folder: Path) -> None:
    """GenAI writes the IR beside the file it reads, so the file is lent to the folder."""
    lent = folder / "lent.gguf"
    try:
        os.link(source, lent)
    except OSError:
        shutil.copyfile(source, lent)
    try:
        openvino_genai.LLMPipeline(str(lent), "CPU", enable_save_ov_model=True)
    except (RuntimeError, IndexError, ValueError) as error:
        raise Problem(
            tr("{name} cannot be converted: {error}", name=source.name, error=reason_of(error)),
            tr("Get the file again, or choose another file of this model."),
        ) from error
    finally:
        lent.unlink()


def _write_settings(folder: Path, facts: GgufFacts) -> None:
    for name, body in (
        ("config.json", facts.config),
        ("generation_config.json", facts.generation_config),
        ("tokenizer_config.json", facts.tokenizer_config),
    ):
        (folder / name).write_text(json.dumps(body, indent=2, ensure_ascii=False), "utf-8")
