"""Schema 1: conversations, each a tree of messages of which the head's branch is in view."""

# Never edit a step that was released: databases out there were made by it.
SQL = """
CREATE TABLE conversations (
    id TEXT PRIMARY KEY NOT NULL,
    title TEXT NOT NULL DEFAULT '',
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    settings TEXT NOT NULL DEFAULT '{}',
    head_id TEXT NOT NULL DEFAULT ''
);
CREATE INDEX conversations_by_update ON conversations (updated_at);

CREATE TABLE messages (
    id TEXT PRIMARY KEY NOT NULL,
    conversation_id TEXT NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
    parent_id TEXT NOT NULL DEFAULT '',
    role TEXT NOT NULL,
    text TEXT NOT NULL,
    state TEXT NOT NULL,
    problem TEXT NOT NULL DEFAULT '',
    statistics TEXT,
    created_at TEXT NOT NULL,
    position INTEGER NOT NULL
);
CREATE INDEX messages_by_position ON messages (conversation_id, position);
CREATE INDEX messages_being_written ON messages (id) WHERE state = 'writing';
"""
