"""The window and everything in it: the only package that imports PySide6."""
