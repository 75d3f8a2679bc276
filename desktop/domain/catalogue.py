"""What the catalogue says of a model: what it is, where it comes from, what it needs."""

from dataclasses import dataclass, field
from enum import StrEnum

from desktop.domain.sampling import Values

WEIGHTS: tuple[str, ...] = ("int4", "int8", "fp16")  # the weight formats, smallest first
COMPRESSED: tuple[str, ...] = ("int4", "int8")  # those that are made here from FP16


class SourceKind(StrEnum):
    """What a repository holds, in the order of preference."""

    OPENVINO = "openvino"  # IR in a weight format to be used as it is
    OPENVINO_FP16 = "openvino-fp16"  # IR to be used as it is or to be compressed here
    GGUF = "gguf"
    PYTORCH = "pytorch"  # safetensors, to be converted here


UNCOMPRESSED = (SourceKind.OPENVINO_FP16, SourceKind.PYTORCH)


@dataclass(frozen=True, slots=True)
class Source:
    """A repository of the hub that has the model."""

    kind: SourceKind
    repository: str  # owner/name
    weights: str  # the format it is in: "fp16", "int8", "int4"; of a GGUF the nearest of these
    file: str = ""  # of a GGUF repository, the one file that is wanted
    checked: bool = False  # the name was seen in public documentation or in a list of the hub's
    gated: bool = False  # the hub wants an account, an accepted licence and a token
    devices: tuple[str, ...] = ("CPU", "GPU")  # that these weights are made for


@dataclass(frozen=True, slots=True)
class Licence:
    """What may be done with a model, and what must be shown with it."""

    name: str  # as SPDX writes it, where SPDX knows it
    url: str
    notice: str = ""  # such as "Built with Llama"
    gated: bool = False  # the makers' own repository wants an account, consent and a token

    @property
    def permissive(self) -> bool:
        """True when any use is allowed, a commercial one too."""
        return self.name in ("Apache-2.0", "MIT")


@dataclass(frozen=True, slots=True)
class Architecture:
    """The numbers of a model's configuration that its size follows from."""

    layers: int
    hidden: int  # width of the residual stream
    kv_heads: int
    head_size: int
    vocabulary: int  # tokens
    tied: bool = False  # the output head is the embedding table itself
    lookup: int = 0  # parameters of further tables that are only looked up in

    @property
    def table(self) -> int:
        """Parameters of the embedding table; as many again are in a head of its own."""
        return self.vocabulary * self.hidden

    @property
    def cached_numbers(self) -> int:
        """Numbers in the KV cache for one token: a key and a value in each layer."""
        return 2 * self.layers * self.kv_heads * self.head_size


@dataclass(frozen=True, slots=True)
class Starter:
    """The model file that comes with the program."""

    file: str
    size: int  # bytes
    sha256: str
    weights: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One model of the catalogue."""

    id: str
    name: str
    family: str
    parameters: int
    context_length: int  # tokens
    languages: tuple[str, ...]  # ISO 639-1; ("mul",) for dozens
    licence: Licence
    homepage: str
    summary: str  # one sentence: what it is good for
    architecture: Architecture
    speciality: str = ""  # what it is made for, such as "code"; empty: conversation
    thinking: bool = False  # it thinks in writing before it answers
    devices: tuple[str, ...] = ("CPU", "GPU")  # those that it is known to run on
    sampling: Values = field(default_factory=dict)  # what its makers recommend
    sources: tuple[Source, ...] = ()  # best first
    starter: Starter | None = None
    unsupported: str = ""  # a sentence: why this Cellar cannot run it yet
    layout: str = ""  # the id of the prompt layout it was trained with; empty: its own template

    @property
    def offered(self) -> tuple[str, ...]:
        """The weight formats that can be had everywhere, smallest first."""
        return self.formats(convertible=False)

    def formats(self, *, convertible: bool) -> tuple[str, ...]:
        """The same where checkpoints can be converted too."""
        found = (w for w in WEIGHTS if best_source(self, w, convertible=convertible))
        return tuple(found)


def best_source(
    entry: Entry, weights: str, device: str = "CPU", *, convertible: bool = False
) -> Source | None:
    """Where a weight format comes from: as it is, else compressed here, else None.

    `convertible`: PyTorch checkpoints can be converted here.
    """
    if entry.unsupported:
        return None
    usable = [
        source
        for source in entry.sources
        if device in source.devices and (convertible or source.kind is not SourceKind.PYTORCH)
    ]
    for source in usable:
        if source.weights == weights:
            return source
    if weights not in COMPRESSED:
        return None
    fp16 = (source for source in usable if source.kind in UNCOMPRESSED)
    return next(fp16, None)


def preference(entry: Entry) -> tuple[bool, bool, int, str]:
    """The order of the catalogue: free to get and permissive first, then by size."""
    licence = entry.licence
    return licence.gated, not licence.permissive, entry.parameters, entry.id
