"""Imports: compared in staging, applied in short transactions, undone."""
