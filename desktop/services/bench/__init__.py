"""Comparing Cellar's engine with the bare libraries, on this computer."""
