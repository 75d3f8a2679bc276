"""Conversations from files: one module a kind of file, and what tells them apart."""
