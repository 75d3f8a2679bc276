"""Reading files that are to go with a message."""
