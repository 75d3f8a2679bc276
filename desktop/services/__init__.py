"""What the program does for its user, without Qt: the window and the commands both call this."""
