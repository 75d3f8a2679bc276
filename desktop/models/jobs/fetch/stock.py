"""What an earlier try has finished already."""

from collections.abc import Callable

from desktop.domain.model import ModelFile
from desktop.models.jobs.fetch.listing import RemoteFile
from desktop.models.jobs.fetch.notes import Notes
from desktop.models.jobs.fetch.part import Checksums
from desktop.models.jobs.fetch.place import Place

_CHUNK = 2**20  # bytes


def finished(
    place: Place, notes: Notes, files: tuple[RemoteFile, ...], on_stage: Callable[[int, int], None]
) -> dict[str, ModelFile]:
    """The files that are there, whole and right. Others of their names are removed.

    `on_stage` is told how many files were looked at of how many. Raises Problem, OSError.
    """
    found = {}
    for number, file in enumerate(files):
        size = place.size(file.path)
        if size is None:
            continue
        on_stage(number, len(files))
        sha256 = (notes.sha256(file) or _sha256(place, file)) if size == file.size else ""
        if sha256:
            found[file.path] = ModelFile(file.path, size, sha256)
        else:
            place.remove(file.path)
    return found


def _sha256(place: Place, file: RemoteFile) -> str:
    """Of the file on disk; empty when it is not what the hub has."""
    checksums = Checksums(file)
    with place.open(file.path) as content:
        while data := content.read(_CHUNK):
            checksums.add(data)
    return checksums.sha256 if checksums.right else ""
