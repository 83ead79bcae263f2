"""Accounting entries and what is summed over them."""
