"""Spell-checking with the dictionaries of this computer, where there are any."""
