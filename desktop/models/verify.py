"""Whether an installed model is still what was installed."""

from desktop.domain.errors import Problem
from desktop.domain.model import Model
from desktop.domain.words import tr
from desktop.files import sha256_of, world_problem
from desktop.models.library import Library


def check_files(library: Library, model: Model) -> Problem | None:
    """Hash every file of a model; what is wrong, or None. Takes about a second a gigabyte."""
    try:
        library.unverified(model)
        for file in model.files:
            if sha256_of(model.folder / file.path) != file.sha256:
                return Problem(
                    tr("The file {path} of “{name}” is damaged.", path=file.path, name=model.name),
                    tr("Remove the model and install it again."),
                )
    except Problem as problem:
        return problem
    except OSError as error:
        return world_problem(error, tr("read the model"))
    library.mark_verified(model)
    return None
