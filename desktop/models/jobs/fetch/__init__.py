"""Bringing the files of a repository here, whole and checked, however bad the network is."""
