"""Cellar: a desktop chat application that runs language models on this computer, offline."""

__version__ = "0.1.0"
