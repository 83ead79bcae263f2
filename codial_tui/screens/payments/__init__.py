"""Règlements, bank, collecting."""
