"""Payments: terms, allocation, collecting."""
