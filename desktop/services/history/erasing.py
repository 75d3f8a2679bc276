"""Taking many conversations out of the file without standing in the way of the chat."""

import time
from collections.abc import Callable, Sequence

from desktop.storage.conversations import ConversationStore

AT_ONCE = 200  # conversations
# SQLite looks every 0.1 s whether it may write: so long the file is free between two pieces.
GAP_S = 0.12


def erase(store: ConversationStore, ids: Sequence[str], given_up: Callable[[], bool]) -> None:
    """Erase them from every file, piece by piece. Raises Problem.

    Given up, it leaves the rest as it is, for `ConversationStore.left_over` to find.
    """
    for start in range(0, len(ids), AT_ONCE):
        if given_up():
            return
        if len(ids) > AT_ONCE:
            store.erase_some(ids[start : start + AT_ONCE])
            time.sleep(GAP_S)
    if ids and not given_up():
        store.purge(ids)
