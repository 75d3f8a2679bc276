"""Optimum finds exporters and itself by name and by metadata, and reads its own source."""

from PyInstaller import isolated
from PyInstaller.utils.hooks import collect_data_files, collect_submodules, copy_metadata


@isolated.decorate
def _kinds():
    """The kinds of models that can be exported, as transformers names their packages."""
    import sys

    sys.modules["openvino_telemetry"] = None  # or else this would report itself
    import optimum.exporters.openvino  # noqa: F401  # tells the manager what it can export
    from optimum.exporters.tasks import TasksManager

    task = "text-generation-with-past"
    kinds = TasksManager.get_supported_model_type_for_task(task, exporter="openvino")
    return sorted({kind.replace("-", "_").removesuffix("_text") for kind in kinds})


def _is_of_transformers(module):
    parts = module.split(".")
    if parts[1:2] == ["models"] and len(parts) > 2:
        return parts[2] == "auto" or parts[2] in KINDS
    return parts[1:2] not in (["cli"], ["commands"], ["testing_utils"])


KINDS = set(_kinds())
_OTHERS = ("diffusers", "sentence_transformers", "open_clip", "timm", "ipex", "neural_compressor")


def _is_wanted(module):
    return not any(part.startswith(_OTHERS) for part in module.split("."))


hiddenimports = [
    name
    for package in ("optimum.exporters", "optimum.intel", "optimum.utils")
    for name in collect_submodules(package, filter=_is_wanted, on_error="ignore")
]
hiddenimports += collect_submodules("transformers", filter=_is_of_transformers, on_error="ignore")
datas = collect_data_files("optimum", include_py_files=False)
datas += copy_metadata("optimum") + copy_metadata("optimum-intel")
module_collection_mode = "pyz+py"
