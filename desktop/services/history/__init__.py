"""What concerns many conversations at once: search, export, import, backups."""
