"""Schema 2: many conversations: pinned, archived, deleted for now, drafts, and choices at forks."""

# `choices` is a JSON object: a message's id, or "" before the first, and the answer to it that is
# in view. A fork that is not in it shows its newest branch.
SQL = """
ALTER TABLE conversations ADD COLUMN pinned INTEGER NOT NULL DEFAULT 0;
ALTER TABLE conversations ADD COLUMN archived INTEGER NOT NULL DEFAULT 0;
ALTER TABLE conversations ADD COLUMN deleted_at TEXT NOT NULL DEFAULT '';
ALTER TABLE conversations ADD COLUMN title_origin TEXT NOT NULL DEFAULT 'rule';
ALTER TABLE conversations ADD COLUMN draft TEXT NOT NULL DEFAULT '';
ALTER TABLE conversations ADD COLUMN choices TEXT NOT NULL DEFAULT '{}';

-- With parents in the index, a long conversation is opened without a look at its texts.
DROP INDEX messages_by_position;
CREATE INDEX messages_by_position ON messages (conversation_id, position, id, parent_id);
CREATE INDEX conversations_in_list ON conversations (archived, pinned, updated_at)
    WHERE deleted_at = '';
CREATE INDEX conversations_deleted ON conversations (deleted_at) WHERE deleted_at <> '';
"""
