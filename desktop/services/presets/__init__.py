"""Presets as files: those that come with the program, and the user's own."""
