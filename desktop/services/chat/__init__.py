"""Holding a conversation with a model: commands in, notices out, one thread."""
