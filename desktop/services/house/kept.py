"""What Cellar keeps on this computer, and how large it is."""

import os
from pathlib import Path

from desktop.paths import Paths
from desktop.services.house.notices import Kept, Measured, Thing

_BESIDE = ("-wal", "-shm")  # what SQLite puts beside a database


def measure(paths: Paths) -> Measured:
    """Look at every file below the data folder. What cannot be read counts nothing."""
    database = paths.database
    known = {
        Thing.CHATS: (database, *(database.with_name(database.name + end) for end in _BESIDE)),
        Thing.BACKUPS: (paths.backups,),
        Thing.MODELS: (paths.models,),
        Thing.ADAPTERS: (paths.adapters,),
        Thing.SETTINGS: (paths.settings,),
        Thing.LOGS: (paths.logs,),
        Thing.CACHE: (paths.cache,),
    }
    things = [Kept(thing, places[0], sum(map(_size, places))) for thing, places in known.items()]
    rest = _size(paths.data_dir) - sum(each.size for each in things)
    things.append(Kept(Thing.REST, paths.data_dir, max(0, rest)))
    return Measured(paths.data_dir, tuple(each for each in things if each.size))


def _size(path: Path) -> int:
    """The bytes of a file, or of all that is in a folder; links are not followed."""
    if not path.is_dir():
        return _own_size(path)
    return sum(
        _own_size(Path(folder, name)) for folder, _, names in os.walk(path) for name in names
    )


def _own_size(path: Path) -> int:
    try:
        return path.lstat().st_size
    except OSError:
        return 0
