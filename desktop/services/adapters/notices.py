"""What is told of adapters."""

from dataclasses import dataclass

from desktop.domain.adapters import Adapter


@dataclass(frozen=True, slots=True)
class AdaptersListed:
    """The adapters of the model that is shown."""

    family: str
    adapters: tuple[Adapter, ...]


@dataclass(frozen=True, slots=True)
class AdapterAdded:
    """An adapter can be used from now on."""

    adapter: Adapter


@dataclass(frozen=True, slots=True)
class AdapterRemoved:
    """An adapter is gone; it can be brought back."""

    adapter: Adapter


@dataclass(frozen=True, slots=True)
class AdapterBack:
    """An adapter that was removed is there again."""

    adapter: Adapter


@dataclass(frozen=True, slots=True)
class AdapterTrouble:
    """Something could not be done."""

    what: str
    remedy: str = ""


AdapterNotice = AdaptersListed | AdapterAdded | AdapterRemoved | AdapterBack | AdapterTrouble
