"""Opening the conversations at start, in a way that the window always lives."""

from desktop.domain.errors import Problem
from desktop.files import FolderLock, world_problem
from desktop.paths import Paths
from desktop.storage.conversations import ConversationStore
from desktop.storage.database import Database, in_memory, open_database

NOT_KEPT = "This window works, but what you write here is not kept."


def open_store(paths: Paths) -> tuple[ConversationStore, list[Problem]]:
    """The conversations in the data folder, and what the user has to know about them.

    When the folder or the file cannot be used, the conversations are kept in memory only.
    """
    try:
        database, problems = _open(paths)
    except Problem as problem:
        remedy = f"{problem.remedy} {NOT_KEPT}".strip()
        return ConversationStore(in_memory()), [Problem(problem.what, remedy)]
    return ConversationStore(database), problems


def _open(paths: Paths) -> tuple[Database, list[Problem]]:
    if problem := paths.prepare():
        raise problem
    lock = FolderLock(paths.data_dir)
    try:
        if not lock.acquire():
            raise Problem("Cellar is already open with this data folder.")
    except OSError as error:
        raise world_problem(error, "use this folder for its data") from error
    try:
        return open_database(paths.database, paths.backups, lock)
    except BaseException:
        lock.release()
        raise
