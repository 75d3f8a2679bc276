"""What a chat is held with: the sampling parameters and the system prompt."""
