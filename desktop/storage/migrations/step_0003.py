"""Schema 3: files and pasted texts that go with a message, or wait beside a draft."""

# `attachments` is a JSON list: name and length of each quotation at the beginning of the text.
# `draft_attachments` is one of names and texts.
SQL = """
ALTER TABLE messages ADD COLUMN attachments TEXT NOT NULL DEFAULT '[]';
ALTER TABLE conversations ADD COLUMN draft_attachments TEXT NOT NULL DEFAULT '[]';
"""
