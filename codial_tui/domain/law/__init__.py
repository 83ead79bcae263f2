"""Texts that are chained and sealed; closings."""
