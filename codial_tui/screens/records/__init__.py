"""Records, settings, preferences."""
