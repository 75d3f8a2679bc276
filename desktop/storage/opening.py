"""Opening the conversations: at the window's start, and for a command beside it."""

from desktop.domain.errors import Problem
from desktop.domain.words import mark, tr
from desktop.files import FolderLock, world_problem
from desktop.paths import Paths
from desktop.storage.conversations import ConversationStore
from desktop.storage.database import (
    Database,
    in_memory,
    open_again,
    open_database,
    open_to_read,
)

NOT_KEPT = mark("This window works, but what you write here is not kept.")


def open_store(paths: Paths) -> tuple[ConversationStore, list[Problem]]:
    """The conversations in the data folder, and what the user has to know about them.

    When the folder or the file cannot be used, the conversations are kept in memory only.
    """
    try:
        database, problems = _open(paths)
    except Problem as problem:
        remedy = f"{problem.remedy} {tr(NOT_KEPT)}".strip()
        return temporary_store(), [Problem(problem.what, remedy)]
    return ConversationStore(database), problems


def temporary_store() -> ConversationStore:
    """Conversations that are never written to disk, and gone when the store is closed."""
    return ConversationStore(in_memory())


def open_to_change(paths: Paths) -> tuple[ConversationStore, list[Problem]]:
    """The conversations for a command that writes. Raises Problem while a window has them."""
    try:
        database, problems = _open(paths)
    except WindowIsOpen as problem:
        raise Problem(
            tr("Cellar's window is open with this data folder, so nothing was changed."),
            tr("Close it and try again, or do this in the window."),
        ) from problem
    return ConversationStore(database), problems


def open_beside(paths: Paths, *, to_change: bool = False) -> ConversationStore:
    """The conversations for another thread of the window that has them. Raises Problem."""
    if to_change:
        return ConversationStore(open_again(paths.database, paths.backups))
    return ConversationStore(open_to_read(paths.database))


def open_for_reading(paths: Paths) -> tuple[ConversationStore, list[Problem]]:
    """The conversations for a command that only reads, also while a window has them.

    Raises Problem.
    """
    if not paths.database.exists():
        return temporary_store(), []
    try:
        database, problems = _open(paths)
    except WindowIsOpen:
        return ConversationStore(open_to_read(paths.database)), []
    return ConversationStore(database), problems


class WindowIsOpen(Problem):
    """Another process has the data folder."""


def _open(paths: Paths) -> tuple[Database, list[Problem]]:
    if problem := paths.prepare():
        raise problem
    lock = FolderLock(paths.data_dir)
    try:
        if not lock.acquire():
            raise WindowIsOpen(tr("Cellar is already open with this data folder."))
    except OSError as error:
        raise world_problem(error, tr("use this folder for its data")) from error
    try:
        return open_database(paths.database, paths.backups, lock)
    except BaseException:
        lock.release()
        raise
