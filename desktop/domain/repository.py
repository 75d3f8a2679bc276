"""What a repository of a hub, or a folder, holds: told before anything large of it is fetched."""

from dataclasses import dataclass

from desktop.domain.catalogue import SourceKind
from desktop.domain.errors import Problem

# Weights of GGUF files that can be read here, by the nearest format, best first.
GGUF_WEIGHTS: dict[str, tuple[str, ...]] = {
    "int4": ("Q4_K_M", "Q4_1", "Q4_0", "Q4_K_S"),
    "int8": ("Q8_0", "Q6_K"),
    "fp16": ("F16", "FP16"),
}


@dataclass(frozen=True, slots=True)
class RepositoryFile:
    """A file that would be fetched."""

    path: str
    size: int  # bytes

    def is_gguf_of(self, weights: str) -> bool:
        """True when the name says that it is a GGUF file with weights such as “Q4_K_M”."""
        return self.path.upper().endswith(tuple(f"{mark}{weights}.GGUF" for mark in "-._"))


@dataclass(frozen=True, slots=True)
class RepositoryFacts:
    """One repository at one commit, or one folder. What is not known is empty or 0."""

    repository: str  # owner/name; of a folder its path
    commit: str = ""
    kind: SourceKind | None = None  # None: nothing here that Cellar can use
    weights: str = ""  # the format that they come in
    formats: tuple[str, ...] = ()  # those that can be had of it here, smallest first
    architecture: str = ""  # as config.json names it, such as "llama"
    parameters: int = 0
    context_length: int = 0  # tokens
    licence: str = ""
    gated: bool = False  # the hub wants a token of an account that has accepted the licence
    files: tuple[RepositoryFile, ...] = ()  # to be fetched; of GGUF those to choose from
    what: str = ""  # why it cannot be had here
    remedy: str = ""  # what to do about that

    def fetched(self, weights: str = "") -> tuple[RepositoryFile, ...]:
        """The files that are fetched for a weight format, or for the smallest there is."""
        if self.kind is not SourceKind.GGUF:
            return self.files
        if len(self.files) == 1 and not weights:
            return self.files
        wanted = [weights] if weights else list(GGUF_WEIGHTS)
        names = [name for label in wanted for name in GGUF_WEIGHTS.get(label, ())]
        fitting = (file for name in names for file in self.files if file.is_gguf_of(name))
        return tuple(fitting)[:1]

    @property
    def size(self) -> int:
        """Bytes to fetch, of the smallest format where there are several."""
        return self.size_of("")

    def size_of(self, weights: str) -> int:
        """Bytes to fetch for a weight format."""
        return sum(file.size for file in self.fetched(weights))

    @property
    def problem(self) -> Problem | None:
        """Why it cannot be had here, if so."""
        return Problem(self.what, self.remedy) if self.what else None


@dataclass(frozen=True, slots=True)
class RepositoryFound:
    """One result of a search."""

    repository: str  # owner/name
    kind: SourceKind | None = None  # as its tags tell; None: not known before it is inspected
    architecture: str = ""
    licence: str = ""
    gated: bool = False
    downloads: int = 0  # in the last month
    likes: int = 0
