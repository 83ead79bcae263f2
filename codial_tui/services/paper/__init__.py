"""Paper: printing, its effects, originals, mail."""
