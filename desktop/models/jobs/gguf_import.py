"""From a GGUF file to OpenVINO IR with everything that the engine needs beside it."""

import json
import os
import shutil
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import openvino_genai

from desktop.domain.errors import Problem
from desktop.domain.events import JobDone, Stage
from desktop.domain.model import ModelFile
from desktop.engine.pipeline import PagedPipeline
from desktop.engine.protocol import ImportGguf
from desktop.files import sha256_of
from desktop.models.jobs.gguf_facts import GgufFacts, read_facts

Report = Callable[[Stage], None]

STAGES = ("checking the file", "converting", "trying it out", "noting checksums")
PROOF_TOKENS = 8


def import_gguf(job: ImportGguf, report: Report) -> JobDone:
    """Fill `job.folder`. Raises Problem."""
    source, folder = Path(job.source), Path(job.folder)
    _report(report, 0)
    if job.sha256 and sha256_of(source) != job.sha256:
        raise Problem(
            f"{source.name} is not the file it should be: its checksum differs.",
            "Get it again; if Cellar came with it, install Cellar again.",
        )
    _report(report, 1)
    with ThreadPoolExecutor() as both:
        facts_read = both.submit(read_facts, source)
        both.submit(_convert, source, folder).result()
        facts = facts_read.result()
    _write_settings(folder, facts)
    _report(report, 2)
    _prove(folder, facts)
    _report(report, 3)
    return JobDone(facts.context_length, _files(folder))


def _report(report: Report, number: int) -> None:
    report(Stage(STAGES[number], number, len(STAGES)))


def _convert(source: Path, folder: Path) -> None:
    """GenAI writes the IR beside the file it reads, so the file is lent to the folder."""
    lent = folder / source.name
    try:
        os.link(source, lent)
    except OSError:
        shutil.copyfile(source, lent)
    try:
        openvino_genai.LLMPipeline(str(lent), "CPU", enable_save_ov_model=True)
    finally:
        lent.unlink()


def _write_settings(folder: Path, facts: GgufFacts) -> None:
    for name, body in (
        ("config.json", facts.config),
        ("generation_config.json", facts.generation_config),
        ("tokenizer_config.json", facts.tokenizer_config),
    ):
        (folder / name).write_text(json.dumps(body, indent=2, ensure_ascii=False), "utf-8")


def _prove(folder: Path, facts: GgufFacts) -> None:
    pipeline = PagedPipeline(folder, "CPU", facts.context_length)
    if not pipeline.writes(PROOF_TOKENS):
        raise Problem("The converted model does not answer.", "Try another file of this model.")


def _files(folder: Path) -> tuple[ModelFile, ...]:
    return tuple(
        ModelFile(path.name, path.stat().st_size, sha256_of(path))
        for path in sorted(folder.iterdir())
    )
