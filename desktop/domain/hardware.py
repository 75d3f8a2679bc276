"""The devices a model can run on, and why one of them cannot."""

from collections.abc import Iterable
from dataclasses import dataclass

DEVICE_NAMES: tuple[str, ...] = ("CPU", "GPU", "NPU", "AUTO")


@dataclass(frozen=True, slots=True)
class Device:
    """One choice of the device picker. `why_not` is a sentence, empty when it is available."""

    name: str  # one of DEVICE_NAMES, or OpenVINO's own name for a further one, such as GPU.1
    full_name: str  # what the maker calls it
    why_not: str = ""

    @property
    def available(self) -> bool:
        """True when a model can be loaded on it."""
        return not self.why_not


def resolve_auto(available: Iterable[str]) -> str:
    """The first GPU, else the CPU. Never the NPU: its limits are the user's to accept."""
    return next((name for name in available if name.split(".")[0] == "GPU"), "CPU")
