"""The models page: what is installed, what is on its way, what the catalogue has to offer."""
