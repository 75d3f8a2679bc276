"""Adding adapters to models, and taking them away again."""
