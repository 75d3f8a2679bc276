"""Which GGUF files GenAI reads rightly. Some others would come out wrong, so they are refused."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from desktop.domain.errors import Problem
from desktop.domain.wording import megabytes
from desktop.domain.words import listed, mark, tr
from desktop.models.jobs.gguf_header import Header

ARCHITECTURES = ("llama", "qwen2", "qwen3")
WEIGHTS = ("F16", "Q8_0", "Q4_0", "Q4_1", "Q4_K", "Q6_K")
OF_VECTORS = ("F32", *WEIGHTS)  # norms and biases
ALL_F32 = 0  # of general.file_type
OTHER_TYPES = {
    "adapter": mark("an adapter"),
    "mmproj": mark("the image part of a model"),
    "imatrix": mark("statistics"),
}

OTHER_MODEL = mark("Choose another model, or an OpenVINO repository of this one.")
OTHER_FILE = mark("Get this model as Q4_K_M, Q4_0, Q4_1, Q6_K, Q8_0 or F16.")


def refuse_unsupported(path: Path, header: Header) -> None:
    """Raise Problem, with what the file is, unless its model can be made here."""
    facts = header.facts
    _refuse_parts(path.name, facts)
    _refuse_architecture(path.name, facts)
    _refuse_tokenizer(path.name, facts)
    _refuse_weights(path.name, header)
    if (missing := header.size - path.stat().st_size) > 0:
        raise Problem(
            tr(
                "{name} is incomplete: {missing} are missing at its end.",
                name=path.name,
                missing=megabytes(missing),
            ),
            tr("Get the file again."),
        )


def _refuse_parts(name: str, facts: Mapping[str, Any]) -> None:
    if facts.get("split.count", 1) > 1:
        raise Problem(
            tr("{name} is one of {count} parts of a model.", name=name, count=facts["split.count"]),
            tr("Get the model as one file."),
        )
    if what := OTHER_TYPES.get(str(facts.get("general.type"))):
        raise Problem(
            tr("{name} is {what}, not a whole model.", name=name, what=tr(what)), tr(OTHER_MODEL)
        )


def _refuse_architecture(name: str, facts: Mapping[str, Any]) -> None:
    architecture = str(facts["general.architecture"])
    if architecture not in ARCHITECTURES:
        raise Problem(
            tr(
                "{name} holds a model of the kind “{architecture}”. From GGUF files, Cellar"
                " makes {architectures} and {last}.",
                name=name,
                architecture=architecture[:40],
                architectures=listed(ARCHITECTURES[:-1]),
                last=ARCHITECTURES[-1],
            ),
            tr(OTHER_MODEL),
        )
    if facts.get(f"{architecture}.expert_count", 0) > 1:
        raise Problem(
            tr("{name} holds a mixture of experts, which cannot be made here.", name=name),
            tr(OTHER_MODEL),
        )
    if facts.get(f"{architecture}.rope.scaling.type", "none") != "none":
        raise Problem(
            tr("{name} stretches its context in a way that would be lost here.", name=name),
            tr(OTHER_MODEL),
        )


def _refuse_tokenizer(name: str, facts: Mapping[str, Any]) -> None:
    kind = str(facts.get("tokenizer.ggml.model", "none"))
    if kind != "gpt2" or "tokenizer.ggml.pre" not in facts:
        raise Problem(
            tr(
                "{name} has a tokenizer of the kind “{kind}”, which cannot be made here from a"
                " GGUF file.",
                name=name,
                kind=kind[:40],
            ),
            tr(OTHER_MODEL),
        )


def _refuse_weights(name: str, header: Header) -> None:
    found = {table.kind for table in header.tables if table.dimensions > 1}
    others = {table.kind for table in header.tables if table.dimensions < 2}
    if bad := sorted((found - {*WEIGHTS}) | (others - {*OF_VECTORS})):
        raise Problem(
            tr(
                "{name} has weights as {bad}, which cannot be read here.",
                name=name,
                bad=listed(bad[:5]),
            ),
            tr(OTHER_FILE),
        )
    if not found:
        raise Problem(tr("{name} holds no weights.", name=name), tr(OTHER_FILE))
    if header.facts.get("general.file_type", ALL_F32) == ALL_F32:
        raise Problem(tr("{name} does not say what its weights are.", name=name), tr(OTHER_FILE))
