"""Models on disk: what is installed, what is known of it, and whether it is sound."""
