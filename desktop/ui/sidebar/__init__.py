"""The left column: all conversations, finding one, and what can be done with them."""
