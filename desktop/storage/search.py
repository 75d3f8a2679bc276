"""Finding titles and messages by their words, the best first."""

import re
import sqlite3
from collections.abc import Iterator, Sequence

from desktop.domain.chats import Hit
from desktop.domain.conversation import Role
from desktop.domain.folding import excerpt, is_sought, is_unspaced, spaced

_LONGEST_QUERY = 1000  # characters; of a pasted text, the beginning is sought
_MOST_WORDS = 32
_SHORTEST_BEGINNING = 2  # characters of a word that is still being typed
# Of words that are everywhere only the newest messages are ranked, for the answer to come at once.
_MOST_RANKED = 2000
_EXCERPT = 160  # characters

_TITLES = """
SELECT c.id, c.title, search_titles.rank FROM search_titles
JOIN conversations AS c ON c.rowid = search_titles.rowid
WHERE search_titles MATCH ? AND c.deleted_at = '' ORDER BY search_titles.rank LIMIT ?
"""
_OLDEST_RANKED = """
SELECT rowid FROM search_messages WHERE search_messages MATCH ?
ORDER BY rowid DESC LIMIT 1 OFFSET ?
"""
_MESSAGES = """
SELECT c.id, c.title, m.id, m.role, m.created_at, m.text, search_messages.rank
FROM search_messages
CROSS JOIN messages AS m ON m.rowid = search_messages.rowid
CROSS JOIN conversations AS c ON c.id = m.conversation_id
WHERE search_messages MATCH ? AND search_messages.rowid >= ? AND c.deleted_at = ''
ORDER BY search_messages.rank LIMIT ?
"""


def find(connection: sqlite3.Connection, text: str, limit: int) -> tuple[Hit, ...]:
    """Titles, then messages, that hold every word of the text; the last may be unfinished."""
    words = _words(text)
    if not words or limit < 1:
        return ()
    query = _query(words, unfinished=not text[-1:].isspace())
    titles = tuple(_titles(connection, words, query, (limit + 1) // 2))
    return titles + tuple(_messages(connection, words, query, limit - len(titles)))


def _words(text: str) -> list[str]:
    parts = text[:_LONGEST_QUERY].replace("\0", " ").split()
    return [part for part in parts if is_sought(part)][:_MOST_WORDS]


def _query(words: Sequence[str], unfinished: bool) -> str:
    """Each word as a phrase in FTS5's language: what stands together is to be found together."""
    phrases = ['"' + spaced(word).replace('"', " ") + '"' for word in words]
    if unfinished and _can_be_finished(words[-1]):
        phrases[-1] += " *"
    return " ".join(phrases)


def _can_be_finished(word: str) -> bool:
    ends = re.split(r"[\W_]+", word)[-1]
    return len(ends) >= _SHORTEST_BEGINNING and not is_unspaced(ord(ends[-1]))


def _titles(
    connection: sqlite3.Connection, words: Sequence[str], query: str, limit: int
) -> Iterator[Hit]:
    for id_, title, rank in connection.execute(_TITLES, (query, limit)):
        shown, ranges = excerpt(title, words, _EXCERPT)
        yield Hit(id_, title, excerpt=shown, ranges=ranges, rank=rank)


def _messages(
    connection: sqlite3.Connection, words: Sequence[str], query: str, limit: int
) -> Iterator[Hit]:
    oldest = connection.execute(_OLDEST_RANKED, (query, _MOST_RANKED - 1)).fetchone()
    rows = connection.execute(_MESSAGES, (query, oldest[0] if oldest else 0, limit))
    for conversation_id, title, id_, role, created_at, text, rank in rows:
        shown, ranges = excerpt(text, words, _EXCERPT)
        yield Hit(
            conversation_id=conversation_id,
            title=title,
            message_id=id_,
            role=Role(role) if role in list(Role) else Role.ASSISTANT,
            created_at=created_at,
            excerpt=shown,
            ranges=ranges,
            rank=rank,
        )
