"""Long work on models, done in a process of its own."""
