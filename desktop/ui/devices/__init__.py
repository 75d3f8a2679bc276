"""The device page: what can run a model here, and how fast."""
