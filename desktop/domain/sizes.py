"""How much disk and memory a model of the catalogue takes, from the numbers of its architecture.

Against public repositories, the sizes on disk are right within 8 %; INT4 made with a share of
INT8 layers, as some of them are, is up to 15 % larger than said here.
"""

from dataclasses import dataclass

from desktop.domain.catalogue import Entry, Source, SourceKind

# Bytes a parameter. INT4 with a half-precision scale and a 4-bit zero point for each 64 weights;
# INT8 with one scale for each row of a matrix.
BYTES: dict[str, float] = {"int4": 0.5 + 2.5 / 64, "int8": 1.003, "fp16": 2.0}
CACHE_BYTES = 2  # of a number in the KV cache, as measured on CPU
FILES = 15_000_000  # the graph, the tokenizer and its settings: 5 to 25 MB
RUNTIME = 200_000_000  # a loaded engine without weights and cache: 160 to 205 MB were measured

# What converting a checkpoint takes: torch and its like (0.5 GB), a large table in float32, and the
# weights, which are a copy unless they come as FP16. 1.0 GB were measured for 0.63 billion of FP16.
CONVERSION_BASE = 900_000_000  # bytes
CONVERSION_FACTOR = 1.2  # of the bytes that the weights have while they are converted


@dataclass(frozen=True, slots=True)
class Need:
    """What a model in one weight format takes, both in bytes."""

    disk: int
    memory: int  # the weights, the cache of a conversation, and what the runtime adds


def needs(entry: Entry, weights: str, context: int = 4096) -> Need:
    """What a model takes with a conversation of `context` tokens, or of as many as it reads."""
    size = weights_size(entry, weights)
    cache = cache_size(entry, min(context, entry.context_length))
    return Need(size + FILES, size + cache + RUNTIME)


def weights_size(entry: Entry, weights: str) -> int:
    """Bytes of the weights in a format."""
    tables = min(_tables(entry), entry.parameters)
    return int((entry.parameters - tables) * BYTES[weights] + tables * _table_bytes(weights))


def cache_size(entry: Entry, tokens: int) -> int:
    """Bytes of the KV cache of so many tokens."""
    return tokens * entry.architecture.cached_numbers * CACHE_BYTES


def read_for_a_token(entry: Entry, weights: str, context: int) -> int:
    """Bytes that are read from memory to make one more token after `context` tokens.

    Of a table that is only looked up in, that is one row: nothing.
    """
    shape = entry.architecture
    looked_up = shape.lookup + (0 if shape.tied else shape.table)
    used = weights_size(entry, weights) - looked_up * _table_bytes(weights)
    return max(int(used), 0) + cache_size(entry, context)


def download_size(entry: Entry, source: Source) -> int:
    """Bytes to fetch from a source, about; the hub knows it to the byte."""
    return needs(entry, source.weights).disk


def room_needed(entry: Entry, weights: str, source: Source | None) -> int:
    """Bytes of disk while a model is installed: what comes, and beside it what is made of it."""
    made = needs(entry, weights).disk
    if source is None:
        return made
    if source.kind is SourceKind.PYTORCH:
        exported = download_size(entry, source)  # FP16 IR, of which the format is made
        return exported + made + (exported if weights != source.weights else 0)
    ready = source.kind is not SourceKind.GGUF and source.weights == weights
    return made if ready else made + download_size(entry, source)


def conversion_memory(weights: int) -> int:
    """Bytes of memory that converting a checkpoint takes, of its bytes of weights."""
    return int(CONVERSION_BASE + CONVERSION_FACTOR * weights)


def _tables(entry: Entry) -> int:
    shape = entry.architecture
    return shape.lookup + (shape.table if shape.tied else 2 * shape.table)


def _table_bytes(weights: str) -> float:
    """Embedding and output head stay at INT8 in an INT4 model, as NNCF makes it."""
    return max(BYTES[weights], BYTES["int8"])
