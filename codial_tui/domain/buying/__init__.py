"""Buying: what is needed, from whom, what it cost; pure."""
