"""A document on screen: its frame, header and tabs."""
