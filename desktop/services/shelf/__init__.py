"""Getting models, looking after them, letting them go: commands in, notices out, one thread."""
