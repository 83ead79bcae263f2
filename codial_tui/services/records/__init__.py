"""Records that are no documents: parties, items, users, settings."""
