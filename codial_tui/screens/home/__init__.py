"""Home: what to do, what to open, what was touched last."""
