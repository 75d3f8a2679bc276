"""A small model of OpenVINO IR with random weights, in FP16: 3 MB, made in a second."""

from pathlib import Path

from desktop.engine.protocol import ImportGguf
from desktop.models.jobs.gguf_import import import_gguf
from tests.models.tiny_gguf import write_gguf


def tiny_ir(folder: Path) -> Path:
    """Fill a folder as a repository of OpenVINO IR does."""
    source = write_gguf(folder.with_suffix(".gguf"))
    folder.mkdir()
    import_gguf(ImportGguf(str(source), str(folder)), lambda _: None)
    return folder


def snapshot(folder: Path) -> dict[str, tuple[int, int]]:
    """Size and time of every file below a folder: equal when nothing was touched."""
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {str(p.relative_to(folder)): (p.stat().st_size, p.stat().st_mtime_ns) for p in files}
