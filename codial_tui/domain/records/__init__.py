"""Declarations of the records that are no documents."""
