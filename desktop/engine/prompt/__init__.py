"""From the turns of a conversation to the exact text that a model reads."""
