"""What Cellar is about, in plain data: standard library only, no input or output."""
