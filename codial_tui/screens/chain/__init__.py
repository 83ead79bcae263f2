"""Transfer, merge, gathering."""
