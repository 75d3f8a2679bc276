"""OpenVINO opens its plugins and frontends by name, so no analysis of imports or links finds them.

They stay in `openvino/libs`, beside each other, where OpenVINO looks for them. A library that is
expected and missing ends the build: names change between releases.
"""

import os
import platform
import re
import sys
from pathlib import Path

from PyInstaller.utils.hooks import get_package_paths

CONVERTER = os.environ.get("CELLAR_BUNDLE") == "converter"

PROCESSOR = "arm_cpu" if platform.machine() == "arm64" else "intel_cpu"

WANTED = ["openvino", "openvino_ir_frontend", f"openvino_{PROCESSOR}_plugin", "tbb", "tbbmalloc"]
if CONVERTER:
    WANTED += ["openvino_pytorch_frontend"]
else:
    WANTED += ["openvino_auto_plugin", "openvino_hetero_plugin", "openvino_auto_batch_plugin"]
    if sys.platform != "darwin":
        WANTED += ["openvino_intel_gpu_plugin", "openvino_intel_npu_plugin"]
OPTIONAL = ["tbbbind_2_5", "hwloc"]  # not on every system
DATA = [] if CONVERTER else ["cache.json"]  # the GPU plugin's tuned kernels


def _is(name, file_name):
    """Whether a file is this library: libx.so.26, libx.2641.dylib, x.dll."""
    form = rf"(lib)?{re.escape(name)}(\.\d+)*\.(so(\.\d+)*|dylib|dll)|{re.escape(name)}12\.dll"
    return re.fullmatch(form, file_name) is not None


_folder = Path(get_package_paths("openvino")[1], "libs")
_files = sorted(path for path in _folder.iterdir() if path.is_file())
for _name in WANTED:
    if not any(_is(_name, path.name) for path in _files):
        raise SystemExit(f"hook-openvino: {_folder} has no library {_name}")

binaries = [
    (str(path), "openvino/libs")
    for path in _files
    if any(_is(name, path.name) for name in WANTED + OPTIONAL)
]
datas = [(str(_folder / name), "openvino/libs") for name in DATA if (_folder / name).is_file()]
hiddenimports = ["openvino._pyopenvino"]
_FRONTENDS = ("jax", "onnx", "paddle", "tensorflow")
excludedimports = ["openvino_telemetry", *(f"openvino.frontend.{name}" for name in _FRONTENDS)]
if CONVERTER:
    hiddenimports += ["openvino.frontend.pytorch", "openvino.tools.ovc"]
    module_collection_mode = "pyz+py"  # its decorators read their own source
else:
    excludedimports += ["openvino.tools", "openvino.frontend.pytorch", "openvino.torch"]
bindepend_symlink_suppression = ["**/openvino/libs/*"]
