"""NNCF chooses its backends by name when it runs; only OpenVINO's is wanted here."""

import os

from PyInstaller.utils.hooks import collect_data_files, collect_submodules, copy_metadata

CONVERTER = os.environ.get("CELLAR_BUNDLE") == "converter"
_OTHERS = ("tensorflow", "onnx") if CONVERTER else ("torch", "tensorflow", "onnx")


def _is_wanted(module):
    parts = module.split(".")
    return not any(
        part == other or part.startswith(f"{other}_") for part in parts[1:] for other in _OTHERS
    )


hiddenimports = collect_submodules("nncf", filter=_is_wanted, on_error="ignore")
datas = collect_data_files("nncf", excludes=[f"**/{name}/**" for name in _OTHERS]) + copy_metadata(
    "nncf"
)
excludedimports = [
    *(f"nncf.{name}" for name in _OTHERS),
    *(f"nncf.experimental.{name}" for name in _OTHERS),
    *_OTHERS,
    "sklearn",
    "pydot",
    "matplotlib",
    "pandas",
    "openvino_telemetry",
]
module_collection_mode = "pyz+py"  # it reads the source of its own functions
