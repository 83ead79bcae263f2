"""Imports: choice, columns, preview."""
