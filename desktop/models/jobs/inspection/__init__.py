"""Telling what a repository or a folder holds, before anything large is fetched or read."""
