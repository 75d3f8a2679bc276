"""What can run a model on this computer, and why something cannot."""

import sys
from collections.abc import Iterable
from pathlib import Path

import openvino

from desktop.domain.hardware import Device, resolve_auto
from desktop.domain.words import tr

INTEL = "0x8086"
PCI_DISPLAY = "0x03"
PCI_ACCELERATOR = "0x12"


def list_devices() -> tuple[Device, ...]:
    """CPU, GPU, NPU and AUTO, each with its name or the reason why it is missing."""
    core = openvino.Core()
    available = core.available_devices
    found = tuple(
        Device(name, str(core.get_property(name, "FULL_DEVICE_NAME"))) for name in available
    )
    missing = tuple(
        Device(name, "", why_not=why_not)
        for name in ("CPU", "GPU", "NPU")
        if (why_not := why_missing(name, available))
    )
    auto = Device(
        "AUTO", tr("Chooses for you: {available} here", available=resolve_auto(available))
    )
    return (*found, *missing, auto)


def resolve(device: str) -> str:
    """The device that a choice comes to."""
    return resolve_auto(openvino.Core().available_devices) if device == "AUTO" else device


def why_missing(device: str, available: Iterable[str] | None = None) -> str:
    """A sentence where nothing of a device's kind is there; empty where something is."""
    kind = device.partition(".")[0]
    names = openvino.Core().available_devices if available is None else available
    return "" if any(name.split(".")[0] == kind for name in names) else _why_not(kind)


def _why_not(name: str) -> str:
    if name == "GPU":
        if _pci_has(PCI_DISPLAY):
            return tr("The Intel graphics has no compute driver yet: install Intel's GPU driver.")
        return tr("There is no Intel graphics in this computer, or its driver is not installed.")
    if name == "NPU":
        if _pci_has(PCI_ACCELERATOR):
            return tr("The Intel NPU has no driver yet: install Intel's NPU driver.")
        return tr(
            "There is no Intel NPU in this computer (Core Ultra has one), or no driver for it."
        )
    return tr("OpenVINO's CPU library is missing: install Cellar again.")


def _pci_has(class_prefix: str, root: Path = Path("/sys/bus/pci/devices")) -> bool:
    """True when Linux sees such an Intel device; elsewhere it is not known."""
    if sys.platform != "linux" or not root.is_dir():
        return False
    return any(
        _first_line(device / "vendor") == INTEL
        and _first_line(device / "class").startswith(class_prefix)
        for device in root.iterdir()
    )


def _first_line(path: Path) -> str:
    try:
        return path.read_text().strip()
    except OSError:
        return ""
