"""The conversations on disk: one SQLite file that survives crashes, upgrades and damage."""
